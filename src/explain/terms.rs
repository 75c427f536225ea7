//! What is said of each: of a resource, of a permission, and of who has it.

use crate::documents::Purpose;

/// Something that is made or adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The word for it on the screen, in JSON and in `explain WORD`.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Why the onboarding needs it.
    pub why: &'static str,
    /// The command that makes it alone.
    pub command: &'static str,
    /// What does not work without it.
    pub without: &'static str,
}

/// Who may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// Flexera, by the role or as the user.
    Flexera,
    /// AWS billing, by the bucket's policy.
    Billing,
    /// Whoever runs this program.
    Operator,
}

impl Holder {
    /// Every holder, in the order of the screen.
    pub const ALL: [Self; 3] = [Self::Flexera, Self::Billing, Self::Operator];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flexera => "flexera",
            Self::Billing => "aws-billing",
            Self::Operator => "operator",
        }
    }

    /// Who that is, for a person.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Flexera => "Flexera",
            Self::Billing => "AWS billing",
            Self::Operator => "you",
        }
    }
}

/// One permission of one holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Who has it.
    pub holder: Holder,
    /// As IAM writes it, with its wildcard where the document has one.
    pub action: &'static str,
    /// Which step, statement or option uses it.
    pub step: &'static str,
    /// What an operator needs it for; empty for other holders, and where an option alone needs it.
    pub purposes: &'static [Purpose],
    /// Why it is needed.
    pub why: &'static str,
    /// What breaks without it.
    pub without: &'static str,
}
