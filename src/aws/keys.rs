//! Access keys of the IAM user: the one thing here whose secret part is seen once.

use crate::aws::Aws;
use crate::aws::fault::{Answer, Fault, gone};
use crate::secret::Secret;

/// An access key as IAM lists it, without its secret part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Its id, which is no secret.
    pub id: String,
    /// Whether it can be used.
    pub active: bool,
}

/// A key just made, with its secret part.
#[derive(Debug)]
pub struct NewKey {
    /// Its id.
    pub id: String,
    /// Its secret part; AWS never shows it again.
    pub secret: Secret,
}

/// A success that cannot be read may hold a key all the same, and the parser's words a piece of it.
fn untold(fault: Fault) -> Fault {
    if fault.is_wrong_body() { Fault { message: "the answer could not be read".to_owned(), ..fault } } else { fault }
}

impl Aws {
    /// The user's keys.
    pub async fn access_keys(&self, user: &str) -> Answer<Vec<AccessKey>> {
        let answer = self.iam.list_access_keys().user_name(user).send().await;
        let keys = answer.map_err(|e| Fault::of("iam:ListAccessKeys", user, &e))?.access_key_metadata;
        let active =
            |status: Option<&aws_sdk_iam::types::StatusType>| status.is_some_and(|status| status.as_str() == "Active");
        Ok(keys
            .into_iter()
            .map(|key| AccessKey { active: active(key.status()), id: key.access_key_id.unwrap_or_default() })
            .collect())
    }

    /// Makes a key, trying once only: a second try after a lost answer would leave a key whose secret nobody has.
    pub async fn create_access_key(&self, user: &str) -> Answer<NewKey> {
        let answer = self.iam_once.create_access_key().user_name(user).send().await;
        let key = answer.map_err(|e| untold(Fault::of("iam:CreateAccessKey", user, &e)))?.access_key;
        let empty = || Fault {
            action: "iam:CreateAccessKey",
            resource: user.to_owned(),
            code: None,
            status: None,
            message: "the answer held no key".into(),
        };
        key.map(|key| NewKey { id: key.access_key_id, secret: Secret::from(key.secret_access_key) }).ok_or_else(empty)
    }

    /// Deletes a key; one that is gone already is no error.
    pub async fn delete_access_key(&self, user: &str, id: &str) -> Answer<()> {
        let answer = self.iam.delete_access_key().user_name(user).access_key_id(id).send().await;
        gone(answer.map(drop).map_err(|e| Fault::of("iam:DeleteAccessKey", user, &e)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_that_may_hold_a_key_nothing_is_told() {
        let fault = |code: Option<&str>, status| Fault {
            action: "iam:CreateAccessKey",
            resource: "u".to_owned(),
            code: code.map(str::to_owned),
            status: Some(status),
            message: "invalid XML escape: canary-half".to_owned(),
        };
        assert_eq!(untold(fault(None, 200)).message, "the answer could not be read");
        assert!(untold(fault(Some("LimitExceeded"), 409)).message.contains("escape"), "IAM's own words stay");
    }
}
