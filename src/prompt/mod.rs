//! How questions are asked. A question fills one hole in the answers and does nothing else.

mod line;
mod plain;
#[cfg(test)]
pub mod scripted;
mod terminal;

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

pub use plain::Plain;
pub use terminal::Terminal;

/// What is asked, and why.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The question, a few words.
    pub text: &'a str,
    /// One line of why.
    pub why: &'a str,
    /// The flag that would have answered it.
    pub flag: &'a str,
}

/// Checks an answer with the same rule as the flag; the sentence is shown and the question asked again.
pub type Check<'a> = &'a dyn Fn(&str) -> std::result::Result<(), String>;

/// Someone who can be asked.
pub trait Prompter {
    /// A text, with a default that Enter takes.
    ///
    /// # Errors
    /// An interruption.
    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<String>;

    /// One of several; the index of the choice.
    ///
    /// # Errors
    /// An interruption.
    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<usize>;

    /// A secret, which is never shown.
    ///
    /// # Errors
    /// An interruption.
    fn secret(&mut self, question: &Question<'_>) -> Result<Secret>;

    /// Yes or no; Enter alone is no.
    ///
    /// # Errors
    /// An interruption.
    fn confirm(&mut self, text: &str) -> Result<bool>;
}

/// What a question that was not answered means: the person left, and nothing was changed by asking.
fn unanswered(error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::Interrupted | std::io::ErrorKind::UnexpectedEof => {
            Error::new(Kind::Interrupted, "left at a question")
                .because("nothing was changed")
                .remedy("run the same command again")
        }
        _ => Error::usage("the terminal cannot be asked")
            .because(error.to_string())
            .remedy("give the answers as flags, with --yes"),
    }
}
