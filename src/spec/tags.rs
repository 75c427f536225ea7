//! Tags on what this program creates: its own two, which say what is ours, and those a person adds.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::spec::key_state::KEY_STATE;
use crate::spec::names::{OrgId, Rule};

/// The tag key that says who made a resource.
pub const MANAGED_BY: &str = "managed-by";
/// The value under [`MANAGED_BY`] on what is ours.
pub const OURS: &str = "optima-onboard";
/// The tag key that says for which Flexera organization it was made.
pub const ORGANIZATION: &str = "flexera-org-id";

/// The tag key on a user that names the access key a person was handed in a file: that one is in somebody's hands.
pub const HANDED_OVER: &str = "flexera-access-key";

/// Tags in a stable order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tags(BTreeMap<String, String>);

/// Whose a found resource is, by its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Made by this program for this organization.
    Ours,
    /// Made by this program for the organization of that id.
    OtherOrganization(String),
    /// Made by somebody else.
    Foreign,
}

impl Tags {
    /// From what AWS returned.
    pub fn found(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// Adds one `KEY=VALUE`.
    ///
    /// # Errors
    /// The rule it breaks; AWS's own for keys and values, and ours for the two keys above.
    pub fn add(&mut self, text: &str) -> Result<(), Rule> {
        let (key, value) = text.split_once('=').ok_or("a tag is written KEY=VALUE")?;
        let fits = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
        if key.is_empty() || key.chars().count() > 128 || !key.chars().all(fits) {
            return Err("a tag key has 1 to 128 letters, digits, spaces and _ . : / = + - @".to_owned());
        }
        if value.chars().count() > 256 || !value.chars().all(fits) {
            return Err("a tag value has at most 256 letters, digits, spaces and _ . : / = + - @".to_owned());
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err("AWS keeps tag keys that start with aws: to itself".to_owned());
        }
        if [MANAGED_BY, ORGANIZATION, HANDED_OVER, KEY_STATE].contains(&key) {
            return Err(format!("the tag {key} says what this program made; take another key"));
        }
        if self.0.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err("the same tag key is given twice".to_owned());
        }
        Ok(())
    }

    /// These and the two that mark what is ours.
    pub fn marked(&self, org: &OrgId) -> Self {
        let mut tags = self.clone();
        tags.0.insert(MANAGED_BY.to_owned(), OURS.to_owned());
        tags.0.insert(ORGANIZATION.to_owned(), org.as_str().to_owned());
        tags
    }

    /// Whose a resource with these tags is.
    pub fn owner(&self, org: &OrgId) -> Owner {
        if self.0.get(MANAGED_BY).map(String::as_str) != Some(OURS) {
            return Owner::Foreign;
        }
        match self.0.get(ORGANIZATION) {
            Some(other) if other != org.as_str() => Owner::OtherOrganization(other.clone()),
            _ => Owner::Ours,
        }
    }

    /// Which of these `found` lacks or has with another value.
    pub fn missing_in(&self, found: &Self) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(key, value)| found.0.get(*key) != Some(value))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        )
    }

    /// `found` with these put over it: what to write where tags are replaced as a whole.
    pub fn over(&self, found: &Self) -> Self {
        let mut tags = found.clone();
        tags.0.extend(self.0.clone());
        tags
    }

    /// The value under a key.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each key and value, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// `a=1, b=2`, for a person.
    pub fn in_words(&self) -> String {
        self.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::names::Parse;

    fn org(id: &str) -> OrgId {
        OrgId::parse(id).expect("a valid id")
    }

    #[test]
    fn our_keys_cannot_be_given() {
        let mut tags = Tags::default();
        for refused in ["managed-by=me", "flexera-org-id=1", "aws:x=1", "AWS:x=1", "novalue", "=x", "a=b\u{1b}"] {
            assert!(tags.add(refused).is_err(), "{refused}");
        }
        assert!(tags.add("team=fin ops").is_ok() && tags.add("team=b").is_err());
    }

    #[test]
    fn what_is_marked_is_ours_for_that_organization_only() {
        let marked = Tags::default().marked(&org("12"));
        assert_eq!(marked.owner(&org("12")), Owner::Ours);
        assert_eq!(marked.owner(&org("13")), Owner::OtherOrganization("12".into()));
        assert_eq!(Tags::default().owner(&org("12")), Owner::Foreign);
    }
}
