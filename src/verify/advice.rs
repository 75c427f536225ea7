//! What to do about a check: words, or a command that can be typed as it stands.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::plan::Planned;

/// What to do about a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// In words.
    Words(String),
    /// This command of ours, by its verb; its flags are the run's, which a judgement does not know.
    Again(&'static str),
    /// A command, whole.
    Command(String),
}

impl Advice {
    /// What a step says of its own refusal, or `otherwise` where it says nothing.
    pub(super) fn of(planned: &Planned, otherwise: Self) -> Self {
        planned.remedy.as_ref().map_or(otherwise, |remedy| remedy.as_str().into())
    }

    /// The same with the command whole, `command` being what repeats the run for a verb.
    pub(super) fn spelled_out(self, command: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Again(verb) => Self::Command(command(verb)),
            whole => whole,
        }
    }

    /// What can be typed.
    pub fn command(&self) -> Option<&str> {
        match self {
            Self::Command(command) => Some(command),
            Self::Words(_) | Self::Again(_) => None,
        }
    }
}

impl From<&str> for Advice {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Advice {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(text) | Self::Command(text) => f.write_str(text),
            Self::Again(verb) => write!(f, "optima-onboard {verb} with the same answers"),
        }
    }
}

impl Serialize for Advice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever copies a command gets every flag, and words that only speak of one are left as they are.
    #[test]
    fn a_command_gets_every_flag_and_words_stay() {
        let typed = |verb: &str| format!("optima-onboard {verb} --api x");
        let words = Advice::from("optima-onboard apply with the same answers, but without --prefix");
        assert_eq!(words.clone().spelled_out(typed), words);
        assert_eq!(words.command(), None);
        let again = Advice::Again("bucket").spelled_out(typed);
        assert_eq!(again.command(), Some("optima-onboard bucket --api x"));
        assert_eq!(again.to_string(), "optima-onboard bucket --api x");
    }
}
