//! The statements that let AWS billing deliver the report: merged into whatever policy the bucket has, never over it.

pub mod undo;

use serde::Serialize;

use crate::aws::buckets::Bucket;
use crate::documents::{self, Addition, MergeResult, Merged};
use crate::error::{Error, Result};
use crate::plan::{Change, Detail, Planned, Remedy};
use crate::spec::Onboarding;
use crate::spec::another_name::AnotherName;
use crate::spec::names::BucketName;
use crate::steps::{Step, World};

/// The one write: the merged policy, on the condition that the policy is still what the plan saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Write {
    /// The policy when the plan was made.
    pub before: Option<String>,
    /// The policy to put.
    pub after: String,
    /// Whether this run makes the bucket, which then cannot have a policy yet.
    pub on_new_bucket: bool,
}

/// What is between the bucket's policy and one that lets AWS billing deliver.
pub fn diff(onboarding: &Onboarding, found: &Bucket) -> Planned {
    let refuse = |reason: &str, remedy: Remedy| Planned::refuse(Step::BucketPolicy, name(onboarding), reason, remedy);
    let before = match found {
        Bucket::Absent => None,
        Bucket::Here(settings) => settings.policy.as_deref(),
        Bucket::Denied | Bucket::Elsewhere(_) => {
            return refuse("the bucket cannot be used, so its policy was not read", "see the bucket".into());
        }
    };
    match documents::merge(before, onboarding.partition, &onboarding.account_id, &onboarding.bucket) {
        Ok(MergeResult { merged: Merged::AlreadyThere, warnings }) => keep(onboarding, before).warn(warnings),
        Ok(MergeResult { merged: Merged::Text { text, added }, warnings }) => {
            let on_new_bucket = *found == Bucket::Absent;
            let write = Write { before: before.map(str::to_owned), after: text, on_new_bucket };
            put(onboarding, write, added).warn(warnings)
        }
        Err(refusal) => refuse(&refusal.reason(), Remedy::naming(AnotherName::Bucket, |flag| refusal.remedy(flag))),
    }
}

fn keep(onboarding: &Onboarding, policy: Option<&str>) -> Planned {
    let planned = Planned::keep(Step::BucketPolicy, name(onboarding)).because("AWS billing may already deliver");
    Planned { stands: policy.map(str::to_owned), ..planned }
}

/// A policy of others is not made but updated.
fn put(onboarding: &Onboarding, write: Write, added: Vec<Addition>) -> Planned {
    let others = write.before.is_some();
    let details = added.into_iter().map(shown).collect();
    let planned = Planned::create(Step::BucketPolicy, name(onboarding), details, vec![write.into()]);
    if others {
        Planned { change: Change::Update, ..planned }.because("every statement that is there stays as it is")
    } else {
        planned
    }
}

fn name(onboarding: &Onboarding) -> &str {
    onboarding.bucket.as_str()
}

fn shown(added: Addition) -> Detail {
    Detail {
        field: "statement".to_owned(),
        from: added.was.map(|was| was.to_string()),
        to: Some(added.statement.to_string()),
    }
}

/// Puts the merged policy, unless the policy has changed since the plan.
///
/// # Errors
/// A refusal when it has; else what S3 answers.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let (bucket, region, owner) = (&onboarding.bucket, &onboarding.bucket_region, &onboarding.account_id);
    if !write.on_new_bucket {
        // S3 has no conditional write for a policy: reading it right before is as near as one gets.
        let now = world.aws.bucket_policy(bucket, region, owner).await?;
        if now.as_deref() == Some(write.after.as_str()) {
            return Ok(());
        }
        if now != write.before {
            return Err(changed_meanwhile(bucket));
        }
    }
    world.aws.put_bucket_policy(bucket, region, owner, &write.after).await?;
    Ok(())
}

/// The refusal to write over a policy that is no longer the one that the plan saw.
fn changed_meanwhile(bucket: &BucketName) -> Error {
    Error::refused(format!("the policy of the bucket {bucket} changed after the plan was made"))
        .because("somebody else wrote to it meanwhile; it was left as it is")
        .remedy("run the same command again: it plans from the policy as it is now")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::buckets::Settings;
    use crate::steps::samples;

    fn with_policy(policy: Option<&str>) -> Bucket {
        Bucket::Here(Settings { policy: policy.map(str::to_owned), ..Settings::default() })
    }

    #[test]
    fn a_second_look_after_the_write_keeps() {
        let one = samples::onboarding(&[]);
        let first = diff(&one, &Bucket::Absent);
        assert_eq!(first.change, Change::Create);
        let [crate::steps::Write::BucketPolicy(write)] = first.writes.as_slice() else {
            panic!("one write: {first:?}")
        };
        assert_eq!(diff(&one, &with_policy(Some(&write.after))).change, Change::Keep);
    }

    #[test]
    fn foreign_statements_stay_and_make_it_an_update() {
        let foreign = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Mine","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
        let planned = diff(&samples::onboarding(&[]), &with_policy(Some(foreign)));
        assert_eq!(planned.change, Change::Update);
        let [crate::steps::Write::BucketPolicy(write)] = planned.writes.as_slice() else {
            panic!("one write: {planned:?}")
        };
        assert!(write.after.contains("\"Mine\"") && write.before.as_deref() == Some(foreign));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        assert_eq!(diff(&samples::onboarding(&[]), &with_policy(Some("not json"))).change, Change::Refuse);
        assert_eq!(diff(&samples::onboarding(&[]), &Bucket::Denied).change, Change::Refuse);
    }
}
