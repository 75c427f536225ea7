//! What is there: the reads of all steps, in one wave. Each is boxed: a request of the SDK is a future of many kilobytes,
//! and a wave of them in one stack frame is more than a thread's stack holds where nothing is optimized.

use std::path::Path;

use crate::aws::buckets::Bucket;
use crate::aws::policies::ManagedPolicy;
use crate::aws::reports::Report;
use crate::aws::roles::Role;
use crate::aws::users::User;
use crate::error::Result;
use crate::onboarding::BillConnect;
use crate::spec::Onboarding;
use crate::spec::tags::Tags;
use crate::steps::{Scope, Step, World, bill_connect, key, report};

/// Everything found, for the steps in scope; the rest is as if nothing were there.
#[derive(Clone, Debug)]
pub struct Found {
    /// The bucket with its settings and policy.
    pub bucket: Bucket,
    /// The key that the bucket encrypts with, as the bucket names it.
    pub bucket_key: Option<String>,
    /// The reports.
    pub report: report::Found,
    /// The managed policy.
    pub policy: Option<ManagedPolicy>,
    /// The role.
    pub role: Option<Role>,
    /// The bill connect and the user.
    pub bill_connect: bill_connect::Found,
    /// The file for a new access key.
    pub key_file: KeyFile,
}

/// What stands where a new access key would be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeyFile {
    /// Nothing, or no file was named.
    #[default]
    Free,
    /// The access key of this id, as this program writes it.
    Key(String),
    /// Something else, which is nobody's to write over.
    Taken,
    /// Not even the folder that it would be in.
    NoFolder,
}

impl KeyFile {
    /// A link is there wherever it points; of what is no file nothing is read.
    fn at(path: &Path) -> Self {
        let Ok(found) = path.symlink_metadata() else {
            return if is_in_a_folder(path) { Self::Free } else { Self::NoFolder };
        };
        if !found.is_file() || found.len() > key::MOST_BYTES {
            return Self::Taken;
        }
        std::fs::read_to_string(path).ok().and_then(|text| key::id_in(&text)).map_or(Self::Taken, Self::Key)
    }
}

fn is_in_a_folder(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).is_dir()
}

/// Reads everything in scope at once; `reports` were read before, with the facts.
///
/// # Errors
/// The first read that AWS or the onboarding API did not answer.
pub async fn inspect(world: &World, onboarding: &Onboarding, scope: &Scope, reports: Vec<Report>) -> Result<Found> {
    let (bucket, key_alone, tags, policy, role, user, connect) = tokio::try_join!(
        bucket(world, onboarding, scope),
        key_alone(world, onboarding, scope),
        report_tags(world, onboarding, scope, &reports),
        policy(world, onboarding, scope),
        role(world, onboarding, scope),
        user(world, onboarding, scope),
        connect(world, onboarding, scope),
    )?;
    let key_file = onboarding.access_key_file.as_deref().map(KeyFile::at).unwrap_or_default();
    let bucket_key = match &bucket {
        Bucket::Here(settings) => settings.kms_key.clone(),
        _ => key_alone,
    };
    Ok(Found {
        bucket,
        bucket_key,
        report: report::Found { reports, tags },
        policy,
        role,
        bill_connect: bill_connect::Found { connect, user },
        key_file,
    })
}

async fn bucket(world: &World, onboarding: &Onboarding, scope: &Scope) -> Result<Bucket> {
    if !scope.reads(Step::Bucket) {
        return Ok(Bucket::Absent);
    }
    Ok(Box::pin(world.aws.bucket(&onboarding.bucket, &onboarding.bucket_region, &onboarding.account_id)).await?)
}

/// What Flexera may do depends on the bucket's key, so that a run for the policy alone asks for that much of the bucket.
async fn key_alone(world: &World, onboarding: &Onboarding, scope: &Scope) -> Result<Option<String>> {
    if scope.reads(Step::Bucket) || !scope.reads(Step::Policy) {
        return Ok(None);
    }
    Ok(world.aws.bucket_key(&onboarding.bucket, &onboarding.bucket_region, &onboarding.account_id).await?)
}

async fn report_tags(world: &World, onboarding: &Onboarding, scope: &Scope, reports: &[Report]) -> Result<Tags> {
    let name = onboarding.report_name.as_str();
    let Some(found) = reports.iter().find(|report| scope.reads(Step::Report) && report.name == name) else {
        return Ok(Tags::default());
    };
    match Box::pin(world.aws.report_tags(name)).await {
        // Whose tags may not be read may be adopted where it is right already; whether to mend it only the tags say.
        Err(fault) if fault.is_denied() && report::fits(onboarding, found) => Ok(Tags::default()),
        answer => Ok(answer?),
    }
}

async fn policy(world: &World, onboarding: &Onboarding, scope: &Scope) -> Result<Option<ManagedPolicy>> {
    if !scope.reads(Step::Policy) {
        return Ok(None);
    }
    Ok(Box::pin(world.aws.policy(&onboarding.policy_arn())).await?)
}

async fn role(world: &World, onboarding: &Onboarding, scope: &Scope) -> Result<Option<Role>> {
    if !scope.reads(Step::Role) {
        return Ok(None);
    }
    Ok(Box::pin(world.aws.role(onboarding.role_name.as_str())).await?)
}

async fn user(world: &World, onboarding: &Onboarding, scope: &Scope) -> Result<Option<User>> {
    if !scope.reads(Step::User) {
        return Ok(None);
    }
    Ok(Box::pin(world.aws.user(onboarding.user_name.as_str())).await?)
}

async fn connect(world: &World, onboarding: &Onboarding, scope: &Scope) -> Result<Option<BillConnect>> {
    if !scope.reads(Step::BillConnect) {
        return Ok(None);
    }
    Box::pin(world.onboarding_api()?.find(&onboarding.bill_account_id)).await
}
