//! What each resource and each permission is for: one table, which `explain` shows and which whoever has to approve reads.
//! A test in [`permissions`] holds it against every document that this program makes.

pub mod permissions;
pub mod resources;

use crate::documents::{Purpose, wildcard};

pub use permissions::PERMISSIONS;
pub use resources::RESOURCES;

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

/// What a word can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A resource.
    Resource(&'static Resource),
    /// A permission.
    Permission(&'static Permission),
}

/// Everything that the word names: a resource, or a permission of whoever has it, in any case, with or without its
/// service, and one that a wildcard stands for too.
pub fn find(word: &str) -> Vec<Entry> {
    let word = word.to_lowercase();
    let named = |resource: &&Resource| resource.name == word;
    let permitted = |permission: &&Permission| {
        let action = permission.action.to_lowercase();
        let (_, bare) = action.split_once(':').unwrap_or(("", &action));
        word == bare || wildcard::matches(&action, &word)
    };
    let resources = RESOURCES.iter().filter(named).map(Entry::Resource);
    resources.chain(PERMISSIONS.iter().copied().flatten().filter(permitted).map(Entry::Permission)).collect()
}

/// Every word that [`find`] knows, each once.
pub fn words() -> Vec<&'static str> {
    let mut words: Vec<&str> = RESOURCES.iter().map(|resource| resource.name).collect();
    let mut actions: Vec<&str> = PERMISSIONS.iter().copied().flatten().map(|permission| permission.action).collect();
    actions.sort_unstable();
    actions.dedup();
    words.extend(actions);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(word: &str) -> Vec<String> {
        let name = |entry: Entry| match entry {
            Entry::Resource(resource) => resource.name.to_owned(),
            Entry::Permission(permission) => format!("{} {}", permission.holder.word(), permission.action),
        };
        find(word).into_iter().map(name).collect()
    }

    #[test]
    fn a_word_is_found_however_it_is_written() {
        assert_eq!(found("Bucket"), ["bucket"]);
        assert_eq!(found("s3:getobject"), ["flexera s3:GetObject"]);
        assert_eq!(found("GetObject"), ["flexera s3:GetObject"]);
        assert_eq!(found("s3:GetBucketPolicy"), ["aws-billing s3:GetBucketPolicy", "operator s3:GetBucketPolicy"]);
        assert_eq!(found("organizations:ListAccounts"), ["flexera organizations:List*"]);
        assert!(found("s3:DeleteEverything").is_empty() && found("").is_empty());
    }

    #[test]
    fn every_word_finds_something() {
        assert!(words().into_iter().all(|word| !find(word).is_empty()));
    }
}
