//! How questions are asked. A question fills one hole in the answers and does nothing else.

mod ask;
mod edit;
mod line;
mod menu;
mod modes;
mod plain;
#[cfg(test)]
pub mod scripted;
mod terminal;
mod theme;

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

pub use modes::{is_asking, put_back};
pub use plain::Plain;
pub use terminal::{NARROWEST, Terminal};

/// What is typed to go one question back, where Esc is not at hand.
pub const BACK: &str = "<";

/// A menu is no longer than this to be seen whole; a longer one is searched in.
const LONGEST_MENU: usize = 10;

/// What is asked, and why.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The question, a few words.
    pub text: &'a str,
    /// One line of why.
    pub why: &'a str,
    /// The flag that would have answered it; empty where there is none.
    pub flag: &'a str,
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// An answer.
    Given(T),
    /// The person wants to go back to the question before.
    Back,
}

impl<T> Reply<T> {
    /// The same with another answer.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        match self {
            Self::Given(answer) => Reply::Given(change(answer)),
            Self::Back => Reply::Back,
        }
    }
}

/// One way to go on, where a person decides: picked by moving to it, or by its word or the beginning of that, and Enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its word.
    pub word: &'static str,
    /// What happens then.
    pub about: &'static str,
}

/// Checks an answer with the same rule as the flag; the sentence is shown and the question asked again. Where only a part
/// of what was typed is the answer, that part is returned, and said.
pub type Check<'a> = &'a dyn Fn(&str) -> std::result::Result<Option<String>, String>;

/// Someone who can be asked.
pub trait Prompter {
    /// Says something that goes with the next question, and with it alone.
    fn tell(&mut self, text: &str);

    /// A text, with a default that Enter takes.
    ///
    /// # Errors
    /// An interruption.
    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<Reply<String>>;

    /// One of several, each `name  what it means`; the index of the choice.
    ///
    /// # Errors
    /// An interruption.
    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<Reply<usize>>;

    /// A secret, which is never shown.
    ///
    /// # Errors
    /// An interruption.
    fn secret(&mut self, question: &Question<'_>) -> Result<Reply<Secret>>;

    /// How to go on; the index of the way. Enter alone takes the last one, which is the one that does nothing.
    ///
    /// # Errors
    /// An interruption.
    fn decide(&mut self, text: &str, ways: &[Way]) -> Result<Reply<usize>>;

    /// Yes or no; Enter alone is no, and a yes takes Enter too.
    ///
    /// # Errors
    /// An interruption.
    fn confirm(&mut self, text: &str) -> Result<bool>;
}

/// Of an option `name  what it means` the name.
fn label(option: &str) -> &str {
    option.split("  ").next().unwrap_or_default()
}

/// The error of a person who left at a question; nothing was changed by asking.
pub fn left() -> Error {
    Error::new(Kind::Interrupted, "left at a question")
        .because("nothing was changed")
        .remedy("run the same command again")
}

/// The error of a person who answered no, which leaves something `not applied`.
pub fn declined(undone: &str) -> Error {
    Error::new(Kind::Interrupted, undone)
        .because("the answer was no; nothing was changed")
        .remedy("run the same command again: it asks once more")
}

/// The error of a plan with changes where nobody can be asked.
pub fn nobody_says_yes() -> Error {
    Error::usage("the plan has changes, and there is nobody to say yes")
        .because("nothing was changed")
        .remedy("read the plan, then add --yes")
}

/// What a question that was not answered means.
fn unanswered(error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::Interrupted | std::io::ErrorKind::UnexpectedEof => left(),
        _ => Error::usage("the terminal cannot be asked")
            .because(error.to_string())
            .remedy("give the answers as flags, with --yes"),
    }
}
