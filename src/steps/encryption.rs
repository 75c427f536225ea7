//! What SSE-KMS on the billing bucket means: for Flexera, who reads, and for AWS billing, who writes. The key is
//! somebody's own and is never changed; what its policy must allow is said.

use crate::documents::{arn, delivery};
use crate::spec::Onboarding;
use crate::spec::bucket_key::BucketKey;

/// What a person should read before the yes; nothing for SSE-S3.
///
/// Warnings, not refusals: AWS publishes nothing on how billing encrypts what it writes, and it tries a write of its own
/// when the report is made, so that a key it cannot use stops the run there and nowhere else.
pub fn cautions(onboarding: &Onboarding, key: Option<&str>) -> Vec<String> {
    let Some(text) = key else { return Vec::new() };
    match BucketKey::read(text, onboarding) {
        BucketKey::AwsManaged => vec![format!(
            "the bucket encrypts with AWS's own key {text}: Flexera may read, because that key is open to everybody in this account through S3; but nobody can change its policy, and AWS billing writes from outside: if no report arrives, take SSE-S3 or a key of your own for the bucket"
        )],
        BucketKey::Odd(_) => vec![
            "the bucket's default encryption names no KMS key that could be understood, so Flexera's policy has no kms:Decrypt: set SSE-S3, or a key by its full ARN".to_owned(),
        ],
        BucketKey::Key { arn, qualified } => {
            let mut found = vec![reads(onboarding, &arn), writes(onboarding)];
            found.extend((!qualified).then(|| resolved_elsewhere(text)));
            found
        }
        BucketKey::Alias { .. } => vec![reads(onboarding, text), writes(onboarding), resolved_elsewhere(text)],
    }
}

fn reads(onboarding: &Onboarding, key: &str) -> String {
    let who = onboarding.access_arn();
    format!(
        "the bucket encrypts with the KMS key {key}: Flexera's policy gets kms:Decrypt on it; the key's own policy has to allow kms:Decrypt to {who}, or leave it to IAM as a new key's does, and is not changed"
    )
}

fn writes(onboarding: &Onboarding) -> String {
    format!(
        "the key's policy has to allow kms:GenerateDataKey and kms:Decrypt to the service {} with aws:SourceAccount {} and aws:SourceArn {}, or AWS billing cannot deliver",
        delivery::BILLING_SERVICE,
        onboarding.account_id,
        arn::reports(onboarding.partition, &onboarding.account_id)
    )
}

/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html>, cross-account operations.
fn resolved_elsewhere(text: &str) -> String {
    format!(
        "the bucket names its key as {text}, which is looked for in the account of whoever writes; for a service such as AWS billing, S3 asks for the key's full ARN in the bucket's default encryption"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::samples;

    #[test]
    fn each_kind_of_key_has_its_words() {
        let one = samples::onboarding(&[]);
        let full = "arn:aws:kms:us-east-1:123456789012:key/k";
        for (key, said) in [
            (None, &[][..]),
            (Some("aws/s3"), &["AWS's own key"]),
            (Some("*"), &["no KMS key that could be understood"]),
            (
                Some(full),
                &["kms:Decrypt to arn:aws:iam::123456789012:role/FlexeraOptimaAccessRole", "kms:GenerateDataKey"],
            ),
            (Some("k"), &["kms:Decrypt", "aws:SourceArn arn:aws:cur:us-east-1:123456789012:definition/*", "full ARN"]),
            (Some("alias/k"), &["alias/k", "kms:GenerateDataKey", "full ARN"]),
        ] {
            let found = cautions(&one, key);
            assert_eq!(found.len(), said.len(), "{key:?}: {found:?}");
            assert!(found.iter().zip(said).all(|(text, part)| text.contains(part)), "{key:?}: {found:?}");
        }
    }
}
