//! An account of the sandbox: its number, and who its own people are.

use std::fmt;
use std::sync::Arc;

use super::{ACCESS_KEY_ID, ACCOUNT_ID, ADMIN_NAME, FOREIGN_KEY_PREFIX};

/// An AWS account by its number; the sandbox's own where nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(Arc<str>);

impl Default for Account {
    fn default() -> Self {
        Self(ACCOUNT_ID.into())
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Account {
    /// From twelve digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self(text.into()))
    }

    /// The account in which an ARN's resource is.
    pub fn of_arn(arn: &str) -> Option<Self> {
        Self::parse(arn.split(':').nth(4)?)
    }

    /// The account in which this access key or session is, as far as the key itself says it.
    pub fn of_key(key_id: &str) -> Option<Self> {
        if key_id == ACCESS_KEY_ID {
            return Some(Self::default());
        }
        let rest = [FOREIGN_KEY_PREFIX, "ASIA", "AKIA"].iter().find_map(|prefix| key_id.strip_prefix(prefix))?;
        Self::parse(rest.get(..12)?)
    }

    /// Its number.
    pub fn id(&self) -> &str {
        &self.0
    }

    /// The administrator's access key.
    pub fn admin_key(&self) -> String {
        if self.is_own() { ACCESS_KEY_ID.to_owned() } else { format!("{FOREIGN_KEY_PREFIX}{self}") }
    }

    /// The administrator.
    pub fn admin_arn(&self) -> String {
        format!("arn:aws:iam::{self}:user/{ADMIN_NAME}")
    }

    /// Whether it is the sandbox's own, which is always there.
    pub fn is_own(&self) -> bool {
        &*self.0 == ACCOUNT_ID
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_whose_it_is() {
        let of = |key: &str| Account::of_key(key).map(|account| account.id().to_owned());
        assert_eq!(of(ACCESS_KEY_ID).as_deref(), Some(ACCOUNT_ID));
        let other = Account::parse("222233334444").expect("twelve digits");
        assert_eq!(of(&other.admin_key()).as_deref(), Some("222233334444"));
        assert_eq!(of("ASIA222233334444000000001").as_deref(), Some("222233334444"));
        assert_eq!(of("AKIAEXAMPLE000000001"), None);
        assert_eq!(Account::of_arn("arn:aws:iam::222233334444:role/x"), Some(other));
    }
}
