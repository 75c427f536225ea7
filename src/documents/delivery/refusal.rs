//! Why a bucket's policy is left alone, in a person's words.

use std::fmt;

/// The longest bucket policy that S3 takes, 20 KB
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>).
pub(super) const LONGEST: usize = 20 * 1024;

/// Why a bucket's policy is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeRefusal {
    /// The policy that is there is not JSON; with the parser's words.
    NotJson(String),
    /// It is JSON but no policy; with what is wrong.
    NotAPolicy(&'static str),
    /// The merged policy would have this many bytes, more than S3 takes.
    TooLarge(usize),
    /// A statement denies AWS billing what it needs.
    Denied {
        /// The statement's Sid in quotes, or its place.
        statement: String,
        /// The action that it denies.
        action: String,
    },
}

impl MergeRefusal {
    /// What was found.
    pub fn reason(&self) -> String {
        match self {
            Self::NotJson(why) => format!("the bucket's policy is not JSON: {why}"),
            Self::NotAPolicy(why) => format!("the bucket's policy cannot be merged into: {why}"),
            Self::TooLarge(bytes) => format!("the merged bucket policy would have {bytes} bytes, S3 takes {LONGEST}"),
            Self::Denied { statement, action } => {
                format!(
                    "statement {statement} of the bucket's policy denies AWS billing {action}, so no report could be delivered"
                )
            }
        }
    }

    /// What a person can do about it; `flag` is the one that gives the bucket.
    pub fn remedy(&self, flag: &str) -> String {
        let first = match self {
            Self::NotJson(_) | Self::NotAPolicy(_) => "correct the bucket's policy".to_owned(),
            Self::TooLarge(_) => "shorten the bucket's policy".to_owned(),
            Self::Denied { statement, .. } => format!("add the condition {EXEMPTION} to statement {statement}"),
        };
        format!("{first}, or choose another bucket with {flag}")
    }
}

/// Exempts AWS services from a Deny
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>).
pub(super) const EXEMPTION: &str = r#""Bool": {"aws:PrincipalIsAWSService": "false"}"#;

impl fmt::Display for MergeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason())
    }
}

impl std::error::Error for MergeRefusal {}
