//! The page as Markdown. Words are escaped letter by letter, names stand in code spans that no name can end.

use super::page::{Block, Line, Page, Span};

/// The file's text.
pub fn write(page: &Page) -> String {
    let mut parts =
        vec![format!("# {}", escaped(&page.title)), format!("**{}**", escaped(page.kind)), line(&page.lead)];
    parts.push(list(page.facts.iter().map(|(name, value)| format!("**{}:** {}", escaped(name), line(value)))));
    parts.push("## Who trusts whom, and what can be read".to_owned());
    parts.push(
        (1..)
            .zip(page.picture.sentences())
            .map(|(number, text)| format!("{number}. {}", line(text)))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    for section in &page.sections {
        parts.push(format!("## {}", escaped(section.heading)));
        parts.extend(section.blocks.iter().map(block));
    }
    parts.push(format!("---\n\n{}", line(&page.foot)));
    parts.join("\n\n") + "\n"
}

fn block(block: &Block) -> String {
    match block {
        Block::Text(text) => line(text),
        Block::Caution(text) => format!("> **Note:** {}", line(text)),
        Block::List(points) => list(points.iter().map(line)),
        Block::Heading(text, None) => format!("### {}", line(text)),
        Block::Heading(text, Some(word)) => format!("### {} ({word})", line(text)),
        Block::Facts(pairs) => list(pairs.iter().map(|(name, value)| format!("{}: {}", escaped(name), line(value)))),
        Block::Json(purposes, text) => {
            let purposes = purposes.iter().map(line).collect::<Vec<_>>().join("\n\n");
            format!("{purposes}\n\n{}", fenced("json", text))
        }
        Block::Command(text) => fenced("sh", text),
        Block::Blanks(names) => list(names.iter().map(|name| format!("{}: \\_\\_\\_\\_\\_\\_\\_\\_", escaped(name)))),
    }
}

fn list(points: impl Iterator<Item = String>) -> String {
    points.map(|point| format!("- {point}")).collect::<Vec<_>>().join("\n")
}

fn line(line: &Line) -> String {
    let span = |span: &Span| match span {
        Span::Words(text) => escaped(text),
        Span::Code(text) => code(text),
    };
    line.spans().iter().map(span).collect()
}

/// Every character that Markdown or HTML could act on, with a backslash; CommonMark takes one before any ASCII punctuation.
/// A word that a reader could make a link or a mention of stands in a code span: those are made of what a backslash leaves.
fn escaped(text: &str) -> String {
    let acts = |c: char| "\\`*_{}[]<>#|~&!".contains(c);
    let with_backslashes =
        |text: &str| -> String { text.chars().flat_map(|c| acts(c).then_some('\\').into_iter().chain([c])).collect() };
    let pieces = text.split_inclusive(char::is_whitespace).map(|piece| {
        let word = piece.trim_end();
        if is_link(word) { code(word) + &piece[word.len()..] } else { with_backslashes(piece) }
    });
    pieces.collect()
}

/// What GitHub and others link: an address, with or without its scheme, a mail address, somebody's name.
/// (<https://github.github.com/gfm/#autolinks-extension->)
fn is_link(word: &str) -> bool {
    word.contains("://") || word.contains('@') || word.to_ascii_lowercase().contains("www.")
}

/// A code span between more backticks than stand in a row in it.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
