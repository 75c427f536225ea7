//! The key of a bucket's default encryption. There is no KMS here: every customer key has the policy that a new key gets,
//! which leaves its use to IAM, and lets AWS billing write.

use super::S3;
use crate::sandbox::account::Account;
use crate::sandbox::message::text_of;

/// A customer managed key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KmsKey {
    /// Its ARN; behind an alias stands one of the sandbox's choice.
    pub arn: String,
    /// `alias/name`, if the bucket names it so.
    pub alias: Option<String>,
}

impl S3 {
    /// The customer managed key of a bucket; AWS's own is open to everybody in the account, so that it is none here.
    pub async fn kms_key(&self, bucket: &str) -> Option<KmsKey> {
        let answer = self.ask("GET", bucket, "encryption", "").await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        text_of(&text, "SSEAlgorithm").filter(|algorithm| algorithm.starts_with("aws:kms"))?;
        named(text_of(&text, "KMSMasterKeyID")?, &self.region_of(bucket)?, self.account())
    }
}

fn named(id: &str, region: &str, account: &Account) -> Option<KmsKey> {
    let home = format!("arn:aws:kms:{region}:{account}");
    let name = id.rsplit(':').next().unwrap_or(id);
    match name.strip_prefix("alias/") {
        Some("aws/s3") => None,
        Some(_) => Some(KmsKey { arn: format!("{home}:key/behind-an-alias"), alias: Some(name.to_owned()) }),
        None if id.starts_with("arn:") => Some(KmsKey { arn: id.to_owned(), alias: None }),
        None => Some(KmsKey { arn: format!("{home}:key/{id}"), alias: None }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_a_key() {
        let key = |id: &str| named(id, "us-east-1", &Account::default());
        assert_eq!(key("alias/aws/s3"), None);
        let full = "arn:aws:kms:us-east-1:111122223333:key/k";
        assert_eq!(key("k").map(|key| key.arn).as_deref(), Some(full));
        assert_eq!(key(full).map(|key| key.arn).as_deref(), Some(full));
        let alias = key("arn:aws:kms:us-east-1:111122223333:alias/a").and_then(|key| key.alias);
        assert_eq!(alias.as_deref(), Some("alias/a"));
    }
}
