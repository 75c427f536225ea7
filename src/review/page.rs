//! A page without markup: what its writers put into headings, lists and code.

use serde_json::Value;

use super::picture::Picture;
use crate::harmless;

/// The whole page.
#[derive(Clone, Debug)]
pub struct Page {
    /// What one has in one's hands, in a few words.
    pub kind: &'static str,
    /// Its title, and first heading.
    pub title: String,
    /// What it is about, in a few sentences.
    pub lead: Line,
    /// What one has to know at a glance.
    pub facts: Vec<(&'static str, Line)>,
    /// Who trusts whom.
    pub picture: Picture,
    /// The rest, in order; the picture stands before the section of its name.
    pub sections: Vec<Section>,
    /// The page's last line.
    pub foot: Line,
}

/// A heading and what stands under it.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its anchor.
    pub id: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// One thing under a heading.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph.
    Text(Line),
    /// A paragraph that must not be overlooked.
    Caution(Line),
    /// Points.
    List(Vec<Line>),
    /// A heading of the next level, with a word beside it where there is one.
    Heading(Line, Option<&'static str>),
    /// Names and values.
    Facts(Vec<(String, Line)>),
    /// A JSON text in full, below the points that say what it is for.
    Json(Vec<Line>, String),
    /// A command to copy.
    Command(String),
    /// Lines to write on by hand.
    Blanks(&'static [&'static str]),
}

/// Words and names.
#[derive(Clone, Debug, Default)]
pub struct Line(Vec<Span>);

/// A piece of a line.
#[derive(Clone, Debug)]
pub enum Span {
    /// Words.
    Words(String),
    /// A name, a value, a command: letter by letter.
    Code(String),
}

impl Line {
    /// Words. Those of others are shown, never acted on.
    pub fn words(text: &str) -> Self {
        Self::default().and(text)
    }

    /// A name.
    pub fn code(text: &str) -> Self {
        Self::default().name(text)
    }

    /// Words more.
    #[must_use]
    pub fn and(mut self, text: &str) -> Self {
        self.0.push(Span::Words(harmless::shown(text)));
        self
    }

    /// A name more.
    #[must_use]
    pub fn name(mut self, text: &str) -> Self {
        self.0.push(Span::Code(harmless::shown(text)));
        self
    }

    /// Names more, with commas between them.
    #[must_use]
    pub fn names<'a>(mut self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        for (place, text) in texts.into_iter().enumerate() {
            self = if place > 0 { self.and(", ").name(text) } else { self.name(text) };
        }
        self
    }

    /// Its pieces.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }
}

impl Block {
    /// A JSON value in full.
    pub fn json(purposes: Vec<Line>, value: &Value) -> Self {
        Self::Json(purposes, harmless::json(value))
    }
}
