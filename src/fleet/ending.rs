//! How one onboarding of many ended, and what all of them make of the run. Pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::Kind;

/// The exit code when some are done and some are not.
const SOME: u8 = 6;
/// The exit code of `plan --detailed-exitcode` when changes are pending.
pub const CHANGES_PENDING: u8 = 3;

/// In a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// Everything asked for is so.
    Done,
    /// Applied; the onboarding API cannot read the bill yet, or a part of it is left to a person.
    NotValidated,
    /// It went wrong on the way.
    Failed,
    /// It needs a person; nothing of it was written.
    Refused,
    /// It was not begun.
    Skipped,
}

/// How one ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// In a word.
    pub word: Word,
    /// What it would have exited with alone.
    pub code: u8,
}

impl Ending {
    /// By the exit code it would have had alone.
    pub fn of(code: u8) -> Self {
        let word = match code {
            0 | CHANGES_PENDING => Word::Done,
            code if code == Kind::NotValidated.exit_code() => Word::NotValidated,
            code if code == Kind::Refused.exit_code() => Word::Refused,
            _ => Word::Failed,
        };
        Self { word, code }
    }

    /// Applied, and the run was ended before the onboarding API was heard on it.
    pub fn not_validated(kind: Kind) -> Self {
        Self { word: Word::NotValidated, code: kind.exit_code() }
    }

    /// Not begun, because the run was ended before its turn.
    pub fn skipped(kind: Kind) -> Self {
        Self { word: Word::Skipped, code: kind.exit_code() }
    }
}

/// How many ended how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Everything asked for is so.
    pub done: usize,
    /// Applied, not validated.
    pub not_validated: usize,
    /// Went wrong.
    pub failed: usize,
    /// Left for a person.
    pub refused: usize,
    /// Not begun.
    pub skipped: usize,
    #[serde(skip)]
    codes: BTreeSet<u8>,
}

impl Tally {
    /// Counts one.
    pub fn add(&mut self, ending: Ending) {
        self.codes.insert(ending.code);
        *match ending.word {
            Word::Done => &mut self.done,
            Word::NotValidated => &mut self.not_validated,
            Word::Failed => &mut self.failed,
            Word::Refused => &mut self.refused,
            Word::Skipped => &mut self.skipped,
        } += 1;
    }

    /// The run's exit code: what all have in common; 6 when some are done and some are not; an interruption is the
    /// run's own, whoever it met.
    pub fn exit_code(&self) -> u8 {
        let has = |code: u8| self.codes.contains(&code);
        let only = |few: &[u8]| self.codes.iter().all(|code| few.contains(code));
        let (interrupted, not_validated) = (Kind::Interrupted.exit_code(), Kind::NotValidated.exit_code());
        if has(interrupted) {
            return interrupted;
        }
        if let (Some(code), 1) = (self.codes.first(), self.codes.len()) {
            return *code;
        }
        if only(&[0, not_validated]) {
            return if has(not_validated) { not_validated } else { 0 };
        }
        if only(&[0, CHANGES_PENDING]) {
            return CHANGES_PENDING;
        }
        let some_done = [0, CHANGES_PENDING, not_validated].iter().any(|code| has(*code));
        if some_done { SOME } else { Kind::Failed.exit_code() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_says_what_all_have_in_common() {
        for (codes, expected) in [
            (&[][..], 0),
            (&[0, 0], 0),
            (&[0, 1], 6),
            (&[0, 5], 6),
            (&[0, 4, 5, 8], 6),
            (&[8, 1], 6),
            (&[3, 5], 6),
            (&[0, 8], 8),
            (&[0, 3], 3),
            (&[4, 4], 4),
            (&[5], 5),
            (&[4, 5], 1),
            (&[0, 130, 1], 130),
        ] {
            let mut tally = Tally::default();
            codes.iter().for_each(|code| tally.add(Ending::of(*code)));
            assert_eq!(tally.exit_code(), expected, "{codes:?}");
        }
    }

    #[test]
    fn each_is_counted_once() {
        let mut tally = Tally::default();
        [0, 3, 8, 1, 2, 4, 5, 130].iter().for_each(|code| tally.add(Ending::of(*code)));
        tally.add(Ending::skipped(Kind::Interrupted));
        let counts = (tally.done, tally.not_validated, tally.failed, tally.refused, tally.skipped);
        assert_eq!(counts, (2, 1, 4, 1, 1));
    }
}
