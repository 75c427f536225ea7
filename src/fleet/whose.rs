//! Whose an onboarding of many is, as far as that is known before AWS is asked: names repeat from file to file, and who is
//! done in one is not done in another.

use serde::{Deserialize, Deserializer, Serialize};

use crate::spec::Onboarding;
use crate::spec::answers::Answers;

/// What a file, or a receipt, says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    /// The Flexera organization.
    pub org_id: Option<String>,
    /// The AWS account; of a file, where a role says it.
    pub account_id: Option<String>,
    /// The profile that was named, or that none was; absent where nothing is said of profiles.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub profile: Option<Option<String>>,
}

/// What is there is said, `null` too.
fn said<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl Whose {
    /// As an onboarding file and everything beside it say.
    pub fn of(answers: &Answers) -> Self {
        Self {
            org_id: answers.org_id.as_ref().map(ToString::to_string),
            account_id: answers.assume_role.as_ref().map(|role| role.account().to_owned()),
            profile: Some(answers.profile.clone()),
        }
    }

    /// As a plan says, which knows nothing of profiles.
    pub fn planned(onboarding: &Onboarding) -> Self {
        let (org, account) = (onboarding.org_id.to_string(), onboarding.account_id.to_string());
        Self { org_id: Some(org), account_id: Some(account), profile: None }
    }

    /// What this says, and where it is silent, what `earlier` said.
    #[must_use]
    pub fn or(self, earlier: Self) -> Self {
        Self {
            org_id: self.org_id.or(earlier.org_id),
            account_id: self.account_id.or(earlier.account_id),
            profile: self.profile.or(earlier.profile),
        }
    }

    /// What the file says, where a receipt says otherwise, as `organization 2, not 1`. A role says the account, and with
    /// one the profile is only the way to it.
    pub fn differs_from(&self, told: &Self) -> Option<String> {
        let unlike = |what: &str, here: &Option<String>, there: &Option<String>| match (here, there) {
            (Some(here), Some(there)) if here != there => Some(format!("{what} {here}, not {there}")),
            _ => None,
        };
        unlike("organization", &self.org_id, &told.org_id)
            .or_else(|| unlike("account", &self.account_id, &told.account_id))
            .or_else(|| match (&self.profile, &told.profile) {
                (Some(here), Some(there)) if self.account_id.is_none() && here != there => {
                    let named = |profile: &Option<String>| profile.clone().unwrap_or_else(|| "none".to_owned());
                    Some(format!("profile {}, not {}", named(here), named(there)))
                }
                _ => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(org: &str, account: Option<&str>, profile: Option<Option<&str>>) -> Whose {
        let owned = |text: &str| text.to_owned();
        Whose { org_id: Some(owned(org)), account_id: account.map(owned), profile: profile.map(|one| one.map(owned)) }
    }

    #[test]
    fn one_differs_by_organization_by_account_or_by_profile() {
        let told = whose("1", Some("111111111111"), Some(Some("acme")));
        for (here, expected) in [
            (whose("1", None, Some(Some("acme"))), None),
            (whose("2", None, Some(Some("acme"))), Some("organization 2, not 1")),
            (whose("1", None, Some(Some("globex"))), Some("profile globex, not acme")),
            (whose("1", None, Some(None)), Some("profile none, not acme")),
            (whose("1", Some("222222222222"), Some(None)), Some("account 222222222222, not 111111111111")),
            (whose("1", Some("111111111111"), Some(None)), None),
        ] {
            assert_eq!(here.differs_from(&told).as_deref(), expected, "{here:?}");
        }
        let of_output = whose("1", Some("111111111111"), None);
        assert_eq!(whose("1", None, Some(Some("acme"))).differs_from(&of_output), None, "profiles are not told there");
        assert_eq!(whose("1", None, Some(None)).differs_from(&Whose::default()), None, "nothing is told");
    }

    #[test]
    fn no_profile_is_another_word_than_none_told() {
        let read = |text: &str| serde_json::from_str::<Whose>(text).expect("JSON");
        assert_eq!(read("{}").profile, None);
        let none = read("{\"profile\":null}");
        assert_eq!(none.profile, Some(None));
        assert_eq!(none.or(read("{\"profile\":\"acme\"}")).profile, Some(None), "the later word counts");
    }
}
