//! What is there to be removed: the reads of an apply, and what only an undo needs to know.

use crate::aws::buckets::Bucket;
use crate::aws::contents::Contents;
use crate::aws::reports::Report;
use crate::error::Result;
use crate::spec::Onboarding;
use crate::spec::tags::{Owner, Tags};
use crate::steps::undo::BucketWish;
use crate::steps::{self, Scope, World, policy, report};

/// Everything found.
#[derive(Clone, Debug)]
pub struct Found {
    /// As for an apply.
    pub steps: steps::Found,
    /// Who uses the policy, and its versions.
    pub policy_usage: policy::undo::Usage,
    /// What is in the bucket, if it is to go.
    pub contents: Contents,
}

/// Reads everything in one wave, then counts the bucket's contents if it is ours and to go.
///
/// # Errors
/// What cannot be read. The report's tags too: one whose tags cannot be read might be ours.
pub async fn inspect(
    world: &World,
    onboarding: &Onboarding,
    scope: &Scope,
    reports: Vec<Report>,
    wish: BucketWish,
) -> Result<Found> {
    let (mut steps, tags, policy_usage) = tokio::try_join!(
        // Without the reports, whose tags it would not insist on.
        steps::inspect(world, onboarding, scope, Vec::new()),
        report_tags(world, onboarding, &reports),
        policy_usage(world, onboarding),
    )?;
    steps.report = report::Found { reports, tags };
    let contents = contents(world, onboarding, &steps.bucket, wish).await?;
    Ok(Found { steps, policy_usage, contents })
}

async fn report_tags(world: &World, onboarding: &Onboarding, reports: &[Report]) -> Result<Tags> {
    let name = onboarding.report_name.as_str();
    if !reports.iter().any(|report| report.name == name) {
        return Ok(Tags::default());
    }
    Ok(world.aws.report_tags(name).await?)
}

async fn policy_usage(world: &World, onboarding: &Onboarding) -> Result<policy::undo::Usage> {
    let arn = onboarding.policy_arn();
    let (holders, spare_versions) = tokio::try_join!(world.aws.policy_holders(&arn), world.aws.spare_versions(&arn))?;
    Ok(policy::undo::Usage { holders, spare_versions })
}

async fn contents(world: &World, onboarding: &Onboarding, bucket: &Bucket, wish: BucketWish) -> Result<Contents> {
    match bucket {
        Bucket::Here(settings)
            if wish != BucketWish::Stays && settings.tags.owner(&onboarding.org_id) == Owner::Ours =>
        {
            let (region, owner) = (&onboarding.bucket_region, &onboarding.account_id);
            Ok(world.aws.bucket_contents(&onboarding.bucket, region, owner).await?)
        }
        _ => Ok(Contents::default()),
    }
}
