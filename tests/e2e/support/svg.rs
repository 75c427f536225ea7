//! A terminal's screen as a picture that a browser shows sharp at any size, in the colours of the reader's own theme.

use std::fmt::Write;

/// One character on the screen and how it looks: the classes of the style sheet below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub class: String,
}

const COLUMN: f64 = 8.4;
const ROW: f64 = 17.0;
const EDGE: f64 = 18.0;
const BAR: f64 = 30.0;

const STYLE: &str = "\
.w{fill:#11161d;stroke:#3b4450}.t{fill:#8b949e}.d0{fill:#ff5f57}.d1{fill:#febc2e}.d2{fill:#28c840}\
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:14px;fill:#e6edf3;white-space:pre}\
.red{fill:#ff7b72}.green{fill:#56d364}.yellow{fill:#e3b341}.dim{fill:#8b949e}.bold{font-weight:bold}\
@media (prefers-color-scheme:light){.w{fill:#ffffff;stroke:#c8d1da}text{fill:#1f2328}.t,.dim{fill:#59636e}\
.red{fill:#cf222e}.green{fill:#116329}.yellow{fill:#7d4e00}}";

/// The picture of these rows, in a window of so many columns.
pub fn picture(title: &str, rows: &[Vec<Cell>], columns: usize) -> String {
    let (width, height) = (columns as f64 * COLUMN + 2.0 * EDGE, rows.len() as f64 * ROW + BAR + 2.0 * EDGE);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         role=\"img\">\n<title>{0}</title>\n<style>{STYLE}</style>\n\
         <rect class=\"w\" x=\".5\" y=\".5\" width=\"{1:.0}\" height=\"{2:.0}\" rx=\"9\"/>\n",
        escaped(title),
        width - 1.0,
        height - 1.0
    );
    for dot in 0..3 {
        let _ = writeln!(svg, "<circle class=\"d{dot}\" cx=\"{}\" cy=\"17\" r=\"5.5\"/>", 22 + dot * 19);
    }
    let _ = writeln!(
        svg,
        "<text class=\"t\" x=\"{:.0}\" y=\"22\" text-anchor=\"middle\">{}</text>",
        width / 2.0,
        escaped(title)
    );
    for (index, row) in rows.iter().enumerate() {
        let y = BAR + EDGE + (index as f64 + 0.75) * ROW;
        for (column, cells) in runs(row) {
            let text: String = cells.iter().map(|cell| cell.text.as_str()).collect();
            let class = &cells[0].class;
            let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
            let _ = writeln!(
                svg,
                "<text{class} x=\"{:.1}\" y=\"{y:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                EDGE + column as f64 * COLUMN,
                cells.len() as f64 * COLUMN,
                escaped(&text)
            );
        }
    }
    svg + "</svg>\n"
}

/// Neighbours that look the same, with the column where they begin; blanks at both ends are left out. What is behind a
/// gap begins anew, in its own column whatever the font makes of what is before it.
fn runs(row: &[Cell]) -> Vec<(usize, &[Cell])> {
    let blank = |cell: &Cell| cell.text.trim().is_empty();
    let behind_a_gap = |at: usize| at > 1 && blank(&row[at - 1]) && blank(&row[at - 2]) && !blank(&row[at]);
    let mut found = Vec::new();
    let mut start = 0;
    for end in 1..=row.len() {
        if end < row.len() && row[end].class == row[start].class && !behind_a_gap(end) {
            continue;
        }
        let run = &row[start..end];
        let lead = run.iter().take_while(|cell| blank(cell)).count();
        let trail = run.iter().rev().take_while(|cell| blank(cell)).count();
        if lead < run.len() {
            found.push((start + lead, &run[lead..run.len() - trail]));
        }
        start = end;
    }
    found
}

/// Blanks that no viewer draws together.
fn escaped(text: &str) -> String {
    text.replace(' ', "\u{a0}").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
