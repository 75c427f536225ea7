//! IAM's customer managed policies as the policy step needs them.

use aws_sdk_iam::types::Tag;

use crate::aws::fault::{Answer, Fault};
use crate::aws::{Aws, complete};
use crate::spec::tags::Tags;

/// A managed policy that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// The default version's id, `v3`.
    pub version: String,
    /// The default version's document, as IAM returns it: URL-encoded.
    pub document: String,
    /// Its tags.
    pub tags: Tags,
}

impl Aws {
    /// Reads a policy and its default version. The first version is asked for beside it on the guess that it is the
    /// default, which saves a round trip for every policy that was never changed.
    pub async fn policy(&self, arn: &str) -> Answer<Option<ManagedPolicy>> {
        let (policy, first) =
            tokio::join!(self.iam.get_policy().policy_arn(arn).send(), self.policy_document(arn, "v1"));
        let policy = match policy.map_err(|e| Fault::of("iam:GetPolicy", arn, &e)) {
            Ok(answer) => answer.policy,
            Err(fault) if fault.is("NoSuchEntity") => None,
            Err(fault) => return Err(fault),
        };
        let Some(policy) = policy else { return Ok(None) };
        let version = policy.default_version_id().unwrap_or("v1").to_owned();
        let document = if version == "v1" { first? } else { self.policy_document(arn, &version).await? };
        Ok(Some(ManagedPolicy { version, document, tags: from_wire(policy.tags.unwrap_or_default()) }))
    }

    /// Creates the policy.
    pub async fn create_policy(&self, name: &str, document: &str, description: &str, tags: &Tags) -> Answer<()> {
        let request = self.iam.create_policy().policy_name(name).policy_document(document).description(description);
        let answer = request.set_tags(Some(to_wire(tags))).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:CreatePolicy", name, &e))
    }

    /// Adds a version and makes it the default, trying once only: a second try after a lost answer would add another.
    pub async fn create_policy_version(&self, arn: &str, document: &str) -> Answer<()> {
        let request =
            self.iam_once.create_policy_version().policy_arn(arn).policy_document(document).set_as_default(true);
        request.send().await.map(drop).map_err(|e| Fault::of("iam:CreatePolicyVersion", arn, &e))
    }

    /// The oldest version that is not the default.
    pub async fn oldest_spare_version(&self, arn: &str) -> Answer<Option<String>> {
        let answer = self.iam.list_policy_versions().policy_arn(arn).send().await;
        let versions = answer.map_err(|e| Fault::of("iam:ListPolicyVersions", arn, &e))?.versions.unwrap_or_default();
        let number = |id: &str| id.trim_start_matches('v').parse::<u64>().unwrap_or(u64::MAX);
        let spare =
            versions.into_iter().filter(|version| !version.is_default_version).filter_map(|version| version.version_id);
        Ok(spare.min_by_key(|id| number(id)))
    }

    /// Deletes one version; one that is gone already is no error.
    pub async fn delete_policy_version(&self, arn: &str, version: &str) -> Answer<()> {
        let answer = self.iam.delete_policy_version().policy_arn(arn).version_id(version).send().await;
        match answer.map_err(|e| Fault::of("iam:DeletePolicyVersion", arn, &e)) {
            Err(fault) if !fault.is("NoSuchEntity") => Err(fault),
            _ => Ok(()),
        }
    }

    /// Adds tags to the policy.
    pub async fn tag_policy(&self, arn: &str, tags: &Tags) -> Answer<()> {
        let answer = self.iam.tag_policy().policy_arn(arn).set_tags(Some(to_wire(tags))).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:TagPolicy", arn, &e))
    }

    async fn policy_document(&self, arn: &str, version: &str) -> Answer<String> {
        let answer = self.iam.get_policy_version().policy_arn(arn).version_id(version).send().await;
        let answer = answer.map_err(|e| Fault::of("iam:GetPolicyVersion", arn, &e))?;
        Ok(answer.policy_version.and_then(|version| version.document).unwrap_or_default())
    }
}

/// IAM's tags as ours.
pub(super) fn from_wire(tags: Vec<Tag>) -> Tags {
    Tags::found(tags.into_iter().map(|tag| (tag.key, tag.value)))
}

/// Our tags as IAM's.
pub(super) fn to_wire(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| complete(Tag::builder().key(key).value(value).build())).collect()
}
