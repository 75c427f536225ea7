//! IAM's customer managed policies as the policy step needs them.

use std::fmt;

use aws_sdk_iam::types::Tag;
use aws_smithy_types::DateTime;
use time::OffsetDateTime;

use crate::aws::fault::{Answer, Fault, gone};
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

/// What has a managed policy, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A role.
    Role(String),
    /// A user.
    User(String),
    /// A group of users.
    Group(String),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(name) => write!(f, "role {name}"),
            Self::User(name) => write!(f, "user {name}"),
            Self::Group(name) => write!(f, "group {name}"),
        }
    }
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

    /// The versions that are not the default, the oldest first; none of a policy that is not there.
    pub async fn spare_versions(&self, arn: &str) -> Answer<Vec<String>> {
        let answer = self.iam.list_policy_versions().policy_arn(arn).send().await;
        let versions = match answer.map_err(|e| Fault::of("iam:ListPolicyVersions", arn, &e)) {
            Ok(answer) => answer.versions.unwrap_or_default(),
            Err(fault) if fault.is("NoSuchEntity") => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        };
        let mut spare: Vec<String> = versions
            .into_iter()
            .filter(|version| !version.is_default_version)
            .filter_map(|version| version.version_id)
            .collect();
        spare.sort_by_key(|id| version_number(id));
        Ok(spare)
    }

    /// Who has the policy, as permissions or as a boundary; nobody has one that is not there.
    pub async fn policy_holders(&self, arn: &str) -> Answer<Vec<Holder>> {
        let mut pages = self.iam.list_entities_for_policy().policy_arn(arn).into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = match page.map_err(|e| Fault::of("iam:ListEntitiesForPolicy", arn, &e)) {
                Ok(page) => page,
                Err(fault) if fault.is("NoSuchEntity") => return Ok(Vec::new()),
                Err(fault) => return Err(fault),
            };
            let roles = page.policy_roles.unwrap_or_default().into_iter().filter_map(|role| role.role_name);
            let users = page.policy_users.unwrap_or_default().into_iter().filter_map(|user| user.user_name);
            let groups = page.policy_groups.unwrap_or_default().into_iter().filter_map(|group| group.group_name);
            found.extend(roles.map(Holder::Role));
            found.extend(users.map(Holder::User));
            found.extend(groups.map(Holder::Group));
        }
        Ok(found)
    }

    /// Deletes the policy with its default version; one that is gone already is no error.
    pub async fn delete_policy(&self, arn: &str) -> Answer<()> {
        let answer = self.iam.delete_policy().policy_arn(arn).send().await;
        gone(answer.map(drop).map_err(|e| Fault::of("iam:DeletePolicy", arn, &e)))
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

/// `v3` is the third; what is not written so counts as the newest.
fn version_number(id: &str) -> u64 {
    id.trim_start_matches('v').parse().unwrap_or(u64::MAX)
}

/// IAM's tags as ours.
pub(super) fn from_wire(tags: Vec<Tag>) -> Tags {
    Tags::found(tags.into_iter().map(|tag| (tag.key, tag.value)))
}

/// IAM's time as ours; `None` for one beyond the calendar.
pub(super) fn time_of(at: &DateTime) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(at.secs()).ok()
}

/// Our tags as IAM's.
pub(super) fn to_wire(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| complete(Tag::builder().key(key).value(value).build())).collect()
}
