//! What stands in a document where an answer is not known yet: a word in capitals, which nobody takes for a value.
//!
//! AWS does not take it for one either. IAM refuses an ARN whose account is not twelve digits, so that the whole document
//! is refused, and no bucket's name has capitals, so that a statement on one grants nothing.
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>,
//! "Invalid ARN account".

/// In place of an AWS account.
pub const ACCOUNT: &str = "ACCOUNT_ID";

/// In place of a Flexera organization.
pub const ORG: &str = "ORG_ID";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::names::{AccountId, BucketName, OrgId, Parse};

    #[test]
    fn nothing_takes_it_for_an_answer() {
        assert!(AccountId::parse(ACCOUNT).is_err() && OrgId::parse(ORG).is_err());
        assert!(BucketName::parse(&crate::spec::default_bucket(&"111122223333", &ORG)).is_err());
    }
}
