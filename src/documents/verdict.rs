//! What can be said of a request without asking AWS: yes, no, or maybe, and how such answers add up.

use super::wildcard::{covers, meets};

/// What can be said. The order is that of "and": the least certain part decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It does not.
    No,
    /// It may, for some such requests or for reasons not known here.
    Maybe,
    /// It does, for every such request.
    Yes,
}

impl Verdict {
    /// What is known for certain.
    pub fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// The opposite; what is uncertain stays so.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }

    /// "Or" over all: the most certain decides.
    pub fn any(verdicts: impl Iterator<Item = Self>) -> Self {
        verdicts.max().unwrap_or(Self::No)
    }

    /// "And" over all: the least certain decides.
    pub fn all(verdicts: impl Iterator<Item = Self>) -> Self {
        verdicts.min().unwrap_or(Self::Yes)
    }
}

/// Whether `pattern` takes in all of `set`, part of it, or none.
pub(super) fn within(pattern: &str, set: &str) -> Verdict {
    if pattern.contains("${") {
        return Verdict::Maybe; // a policy variable, filled in per request
    }
    match (covers(pattern, set), meets(pattern, set)) {
        (true, _) => Verdict::Yes,
        (false, true) => Verdict::Maybe,
        (false, false) => Verdict::No,
    }
}
