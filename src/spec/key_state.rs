//! How far the making of an access key is, as a tag on the user tells every later run. Pure.

/// The tag key on a user under which it stands.
pub const KEY_STATE: &str = "flexera-access-key-state";

const PENDING: &str = "pending";
const FAILED: &str = "failed";
const SETTLED: &str = "settled";
const BESIDE: &str = "beside";

/// Where the making of a user's access key stands. `beside` are the keys that were somebody's before: whatever else the user
/// has, runs have made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeyState {
    /// No run has made a key.
    #[default]
    Quiet,
    /// A run is making one. If it was killed, nobody may have what it made.
    Begun {
        /// The keys of others.
        beside: Vec<String>,
    },
    /// A run is handing over the key of this id.
    HandingOver {
        /// The key's id.
        id: String,
        /// The keys of others.
        beside: Vec<String>,
    },
    /// A run could not hand its key over and deleted it, and the API may hold it all the same.
    Failed {
        /// The key that was handed over before.
        last: Option<String>,
    },
    /// The key of this id was handed over last.
    Settled(String),
}

impl KeyState {
    /// From the tag's value. What none of our runs has written claims nothing.
    pub fn read(text: &str) -> Self {
        let mut words = text.split(' ').filter(|word| !word.is_empty());
        let (state, rest) = (words.next(), words.map(str::to_owned).collect::<Vec<_>>());
        let (own, beside) = match rest.iter().position(|word| word == BESIDE) {
            Some(at) => (&rest[..at], rest[at + 1..].to_vec()),
            None => (&rest[..], Vec::new()),
        };
        match (state, own) {
            (Some(PENDING), []) => Self::Begun { beside },
            (Some(PENDING), [id]) => Self::HandingOver { id: id.clone(), beside },
            (Some(FAILED), []) => Self::Failed { last: None },
            (Some(FAILED), [last]) => Self::Failed { last: Some(last.clone()) },
            (Some(SETTLED), [id]) => Self::Settled(id.clone()),
            _ => Self::Quiet,
        }
    }

    /// The tag's value. IAM allows 256 characters, and a user has at most two keys of some twenty.
    pub fn written(&self) -> String {
        let words: Vec<&str> = match self {
            Self::Quiet => vec![SETTLED],
            Self::Begun { beside } => [PENDING].into_iter().chain(others(beside)).collect(),
            Self::HandingOver { id, beside } => [PENDING, id].into_iter().chain(others(beside)).collect(),
            Self::Failed { last } => [FAILED].into_iter().chain(last.as_deref()).collect(),
            Self::Settled(id) => vec![SETTLED, id],
        };
        words.join(" ")
    }

    /// Whether a run is at it, or was killed while it was.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Begun { .. } | Self::HandingOver { .. })
    }

    /// Whether a run made the user's key of this id.
    pub fn made(&self, id: &str) -> bool {
        match self {
            Self::Begun { beside } | Self::HandingOver { beside, .. } => !beside.iter().any(|other| other == id),
            Self::Settled(last) | Self::Failed { last: Some(last) } => last == id,
            Self::Quiet | Self::Failed { last: None } => false,
        }
    }

    /// The key that a run has handed over, or is about to.
    pub fn claimed(&self) -> Option<&str> {
        match self {
            Self::HandingOver { id, .. } | Self::Settled(id) => Some(id),
            Self::Quiet | Self::Begun { .. } | Self::Failed { .. } => None,
        }
    }

    /// The state after a run that found this one could not hand its key over.
    pub fn failed(&self) -> Self {
        match self {
            Self::Settled(last) => Self::Failed { last: Some(last.clone()) },
            Self::Quiet => Self::Failed { last: None },
            // What an earlier run left open stays so.
            Self::Begun { .. } | Self::HandingOver { .. } | Self::Failed { .. } => self.clone(),
        }
    }
}

fn others(beside: &[String]) -> impl Iterator<Item = &str> {
    let word = (!beside.is_empty()).then_some(BESIDE);
    word.into_iter().chain(beside.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_anything_else_claims_nothing() {
        let beside = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let states = [
            ("settled", KeyState::Quiet),
            ("settled A", KeyState::Settled("A".into())),
            ("failed", KeyState::Failed { last: None }),
            ("failed A", KeyState::Failed { last: Some("A".into()) }),
            ("pending", KeyState::Begun { beside: vec![] }),
            ("pending beside A B", KeyState::Begun { beside: beside(&["A", "B"]) }),
            ("pending A", KeyState::HandingOver { id: "A".into(), beside: vec![] }),
            ("pending A beside B", KeyState::HandingOver { id: "A".into(), beside: beside(&["B"]) }),
        ];
        for (text, state) in states {
            assert_eq!((state.written().as_str(), KeyState::read(text)), (text, state));
        }
        for text in ["", "settled A B", "pending A B", "failed A B", "beside A", "PENDING"] {
            assert_eq!(KeyState::read(text), KeyState::Quiet, "{text}");
        }
    }
}
