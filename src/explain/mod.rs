//! What each resource and each permission is for: one table, which `explain` shows and which whoever has to approve reads.
//! A test in `permissions` holds it against every document that this program makes.

mod permissions;
mod resources;
mod terms;

use crate::documents::wildcard;

pub use permissions::PERMISSIONS;
pub use resources::RESOURCES;
pub use terms::{Holder, Permission, Resource};

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
