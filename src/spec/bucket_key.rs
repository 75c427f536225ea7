//! The KMS key of a bucket's default encryption, as the bucket names it, and what that name says about the key.
//! How a bucket may name it: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html>

use std::fmt;

use crate::spec::Onboarding;

/// What the adapter hands over for SSE-KMS without a key: S3 then takes AWS's own.
pub const AWS_OWN: &str = "aws/s3";

/// A bucket's key. It is found, never answered: a reader of the bucket needs it, and only the bucket knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BucketKey {
    /// AWS's own key for S3 in this account. Its policy cannot be changed; it lets everybody in the account read
    /// through S3, and nobody else. Flexera reads as a role or user of this account, so that it needs nothing more.
    AwsManaged,
    /// One key.
    Key {
        /// Its ARN.
        arn: String,
        /// Whether the bucket names it by that ARN; a bare id is looked for in the account of whoever writes.
        qualified: bool,
    },
    /// Whichever key stands behind an alias.
    Alias {
        /// `alias/name`.
        alias: String,
        /// The ARN of every key of the account and region that the alias is in.
        keys: String,
    },
    /// Something that names no key, with its text; nothing is allowed because of it.
    Odd(String),
}

impl BucketKey {
    /// Reads the name of a key that a bucket of this onboarding has.
    pub fn read(text: &str, onboarding: &Onboarding) -> Self {
        let home = format!("arn:{}:kms:{}:{}", onboarding.partition, onboarding.bucket_region, onboarding.account_id);
        let (home, name, qualified) = match text.rsplit_once(':') {
            Some((home, name)) => (home.to_owned(), name, true),
            None => (home, text, false),
        };
        // S3 takes any text here without asking KMS: a star would open every key.
        let plain =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "/_-".contains(c));
        if !is_home(&home) || !plain(name) {
            return Self::Odd(text.to_owned());
        }
        match (name.strip_prefix("alias/"), name.strip_prefix("key/")) {
            (Some("aws/s3"), _) => Self::AwsManaged,
            _ if name == AWS_OWN => Self::AwsManaged,
            (Some(_), _) => Self::Alias { alias: name.to_owned(), keys: format!("{home}:key/*") },
            (None, Some(id)) if qualified && !id.contains('/') => Self::Key { arn: text.to_owned(), qualified },
            (None, None) if !qualified && !name.contains('/') => {
                Self::Key { arn: format!("{home}:key/{name}"), qualified }
            }
            _ => Self::Odd(text.to_owned()),
        }
    }
}

impl fmt::Display for BucketKey {
    /// As a bucket may name it; read again, it is the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AwsManaged => f.write_str(AWS_OWN),
            Self::Key { arn, qualified: true } | Self::Odd(arn) => f.write_str(arn),
            Self::Key { arn, qualified: false } => f.write_str(arn.rsplit('/').next().unwrap_or(arn)),
            Self::Alias { alias, keys } => f.write_str(&keys.replace("key/*", alias)),
        }
    }
}

/// `arn:PARTITION:kms:REGION:ACCOUNT`.
fn is_home(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    matches!(parts[..], ["arn", _, "kms", _, _]) && parts.iter().all(|part| plain(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::samples;

    #[test]
    fn every_spelling_of_a_key() {
        let one = samples::onboarding(&[]);
        let arn = |name: &str| format!("arn:aws:kms:us-east-1:123456789012:{name}");
        let key = |qualified| BucketKey::Key { arn: arn("key/1234abcd-12ab"), qualified };
        let alias = BucketKey::Alias { alias: "alias/billing".into(), keys: arn("key/*") };
        for (text, expected) in [
            ("aws/s3".to_owned(), BucketKey::AwsManaged),
            ("alias/aws/s3".into(), BucketKey::AwsManaged),
            (arn("alias/aws/s3"), BucketKey::AwsManaged),
            ("1234abcd-12ab".into(), key(false)),
            (arn("key/1234abcd-12ab"), key(true)),
            ("alias/billing".into(), alias.clone()),
            (arn("alias/billing"), alias),
        ] {
            assert_eq!(BucketKey::read(&text, &one), expected, "{text}");
            assert_eq!(BucketKey::read(&expected.to_string(), &one), expected, "{text}, written and read again");
        }
    }

    #[test]
    fn what_names_more_than_a_key_names_none() {
        let one = samples::onboarding(&[]);
        for text in [
            "*",
            "",
            "key/*",
            "alias/*",
            "a b",
            "arn:aws:kms:us-east-1:123456789012:key/*",
            "arn:aws:kms:*:*:key/x",
            "arn:aws:s3:::b",
            "x\u{1b}[2J",
            "key/a",
            "é",
        ] {
            assert_eq!(BucketKey::read(text, &one), BucketKey::Odd(text.to_owned()), "{text}");
        }
    }
}
