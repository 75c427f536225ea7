//! The only printer: results go to stdout, everything said on the way to stderr, and all of it is harmless to a terminal.

pub mod explain;
pub mod fleet;
#[cfg(test)]
mod fuzz;
pub mod going;
pub mod json;
pub mod layout;
mod looking;
mod picture;
pub mod plan_text;
pub mod progress;
mod removal_text;
pub mod review_text;
pub mod statement;
pub mod verify_text;
mod waiting;

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use console::{Style, Term};
use serde_json::Value;

use crate::error::{Error, Kind};
use crate::harmless::{self, Styled};

pub use waiting::Waiting;

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JsonShape {
    /// One document, indented.
    #[default]
    Document,
    /// A document on each line.
    Lines,
}

/// How much is said on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// Only the result.
    Quiet,
    /// What a person wants to see.
    #[default]
    Normal,
    /// Every detail in full.
    Verbose,
}

/// How many times a result was written.
static RESULTS: AtomicUsize = AtomicUsize::new(0);
/// How many rows were said on the way.
static ROWS: AtomicUsize = AtomicUsize::new(0);

/// What any printer wrote so far: whoever takes back what is above must know what came in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    results: usize,
    rows: usize,
}

impl Written {
    /// So much was written by now.
    pub fn by_now() -> Self {
        Self { results: RESULTS.load(Ordering::Relaxed), rows: ROWS.load(Ordering::Relaxed) }
    }

    /// How many rows were said since an earlier moment; `None` if a result was written too, whose rows nobody knows.
    pub fn rows_since(self, before: Self) -> Option<usize> {
        (self.results == before.results).then(|| self.rows - before.rows)
    }
}

/// Why a result of this run could not be written.
static LOST: OnceLock<String> = OnceLock::new();

/// Whoever closed the pipe has read enough: that is no failure of the run. A full disk is one.
fn heeded(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = LOST.set(error.to_string());
    }
}

/// The error of a run of which a result could not be written: whoever goes on with an empty file must not be told that all
/// went well.
pub fn lost() -> Option<Error> {
    let why = LOST.get()?;
    Some(
        Error::failed("the result could not be written to its end")
            .because(why.clone())
            .remedy("make room where it goes, and run this again; what was done stays done"),
    )
}

/// The printer of one run.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    /// How results are written.
    pub format: Format,
    /// How JSON is laid out.
    pub shape: JsonShape,
    /// How much is said on the way.
    pub loudness: Loudness,
    /// Whether stdout takes colour.
    pub color_out: bool,
    /// Whether stderr takes colour.
    pub color_err: bool,
    /// Whether stderr can be redrawn.
    pub animate: bool,
    /// Whether plain lines were asked for.
    pub plain: bool,
}

impl Printer {
    /// Text, no colour, nothing redrawn: before the flags could be read.
    pub fn silent() -> Self {
        Self {
            format: Format::Text,
            shape: JsonShape::Document,
            loudness: Loudness::Normal,
            color_out: false,
            color_err: false,
            animate: false,
            plain: true,
        }
    }

    /// Writes a result.
    pub fn result(&self, text: &str) {
        self.write_out(&harmless::page(text, self.paint_out().styled()));
    }

    /// Writes a part of a document, without a line's end of its own.
    pub fn part(&self, text: &str) {
        RESULTS.fetch_add(1, Ordering::Relaxed);
        let mut out = std::io::stdout().lock();
        let text = harmless::page(text, Styled::No);
        heeded(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
    }

    /// Writes a result for a person, fitted to the terminal if it goes to one.
    pub fn page(&self, text: &str) {
        self.write_out(&fitted(&harmless::page(text, self.paint_out().styled()), &Term::stdout()));
    }

    /// How wide what a result goes to is; what is no terminal has room for any line.
    pub fn columns(&self) -> usize {
        let out = Term::stdout();
        if self.format == Format::Text && out.is_term() { usize::from(out.size().1) } else { usize::MAX }
    }

    fn write_out(&self, harmless: &str) {
        RESULTS.fetch_add(1, Ordering::Relaxed);
        let mut out = std::io::stdout().lock();
        heeded(out.write_all(ended(harmless).as_bytes()).and_then(|()| out.flush()));
    }

    /// Writes a JSON document as the result.
    pub fn document(&self, document: &Value) {
        self.result(&match self.shape {
            JsonShape::Document => harmless::json(document),
            JsonShape::Lines => harmless::json_line(document),
        });
    }

    /// Writes what a shell asked for, byte by byte as it wants it; nothing in it may mean anything else to a shell.
    pub fn candidates(&self, answer: &[u8]) {
        let _ = std::io::stdout().write_all(answer);
    }

    /// Says something on the way.
    pub fn say(&self, text: &str) {
        if self.loudness > Loudness::Quiet {
            self.insist(text);
        }
    }

    /// Says what is not wrong but should be read.
    pub fn warn(&self, text: &str) {
        self.say(&format!("{} {}", self.paint_err().look("warning:"), harmless::shown(text)));
    }

    /// Says what must be seen even when quiet.
    pub fn insist(&self, text: &str) {
        let text = harmless::page(text, self.paint_err().styled());
        let term = Term::stderr();
        let text = ended(&fitted(&text, &term));
        ROWS.fetch_add(
            layout::rows(text.strip_suffix('\n').unwrap_or(&text), usize::from(term.size().1)),
            Ordering::Relaxed,
        );
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Shows an error: as JSON on stdout when that is the format, else in words on stderr.
    pub fn error(&self, error: &Error) {
        match self.format {
            Format::Json => self.document(&json::error(error)),
            Format::Text => self.insist(&error_text(error, Paint(self.color_err))),
        }
    }

    /// Colours for stdout.
    pub fn paint_out(&self) -> Paint {
        Paint(self.color_out)
    }

    /// Colours for stderr.
    pub fn paint_err(&self) -> Paint {
        Paint(self.color_err)
    }
}

/// Colours, or none. Nothing is told by colour alone.
#[derive(Clone, Copy, Debug)]
pub struct Paint(pub bool);

impl Paint {
    /// Good: made, passed.
    pub fn good(self, text: &str) -> String {
        self.with(Style::new().green(), text)
    }

    /// Worth a look: changed, warned, pending.
    pub fn look(self, text: &str) -> String {
        self.with(Style::new().yellow(), text)
    }

    /// Bad: refused, failed.
    pub fn bad(self, text: &str) -> String {
        self.with(Style::new().red(), text)
    }

    /// Quiet: unchanged, beside the point.
    pub fn dim(self, text: &str) -> String {
        self.with(Style::new().dim(), text)
    }

    /// A heading.
    pub fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// Whether what was painted has styles of ours in it.
    fn styled(self) -> Styled {
        if self.0 { Styled::Ours } else { Styled::No }
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.0 { style.force_styling(true).apply_to(text).to_string() } else { text.to_owned() }
    }
}

/// What happened, why, and what to type, each under its word.
pub fn error_text(error: &Error, paint: Paint) -> String {
    // Whoever stopped a run knows that it ended: that is no error of theirs, nor of the run.
    let word = if error.kind == Kind::Interrupted { paint.look("ended:") } else { paint.bad("error:") };
    let mut text = format!("{word} {}", indented(&error.message, 7));
    if let Some(cause) = &error.cause {
        text.push_str(&format!("\n  {} {}", paint.dim("why:"), indented(cause, 7)));
    }
    if let Some(remedy) = &error.remedy {
        text.push_str(&format!("\n {} {}", paint.strong("next:"), indented(remedy, 7)));
    }
    if let Some(page) = error.link {
        text.push_str(&format!("\n {} {page}", paint.dim("read:")));
    }
    text
}

/// Every line stands under the first one: none of somebody else's passes for a line of ours, and none is endless.
fn indented(text: &str, by: usize) -> String {
    text.split('\n').map(harmless::shown).collect::<Vec<_>>().join(&format!("\n{}", " ".repeat(by)))
}

/// What goes to a file or a pipe stays as it is; a terminal that does not say how wide it is has 80 columns.
fn fitted(text: &str, term: &Term) -> String {
    match term.is_term() {
        true => layout::wrapped(text, usize::from(term.size().1)),
        false => text.to_owned(),
    }
}

fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
