//! The list of everything this program can do to an AWS account and to the onboarding API: one file a step, each with
//! what it finds, its pure `diff`, and its writes.

mod attach;
pub mod bill_connect;
pub mod bucket;
pub mod bucket_policy;
pub mod encryption;
pub mod inspect;
pub mod key;
mod not_ours;
mod other_permissions;
pub mod policy;
pub mod report;
pub mod role;
#[cfg(test)]
pub mod samples;
pub mod undo;
pub mod user;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::aws::Aws;
use crate::error::{Error, Result};
use crate::onboarding::OnboardingApi;
use crate::plan::{Change, Finding, Planned};
use crate::spec::Onboarding;
use crate::spec::names::{Access, Api};
use crate::wait::Stop;

pub use inspect::{Found, KeyFile, inspect};

/// The remedy where something was written to meanwhile.
const PLANS_ANEW: &str = "run the same command again: it plans from what is there now";

/// One step, in the order in which a person would do them by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The billing bucket.
    Bucket,
    /// Its policy.
    BucketPolicy,
    /// The Cost and Usage Report.
    Report,
    /// The managed policy.
    Policy,
    /// The role.
    Role,
    /// The user.
    User,
    /// The bill connect.
    BillConnect,
}

impl Step {
    /// The word on the screen and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::BucketPolicy => "bucket-policy",
            Self::Report => "report",
            Self::Policy => "policy",
            Self::Role => "role",
            Self::User => "user",
            Self::BillConnect => "bill-connect",
        }
    }
}

/// One write of any step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "a plan holds a dozen of them at most")]
pub enum Write {
    /// To the bucket.
    Bucket(bucket::Write),
    /// To its policy.
    BucketPolicy(bucket_policy::Write),
    /// To the report service.
    Report(report::Write),
    /// To the managed policy.
    Policy(policy::Write),
    /// To the role.
    Role(role::Write),
    /// To the user.
    User(user::Write),
    /// To the onboarding API.
    BillConnect(bill_connect::Write),
    /// Of any of them, to remove something.
    Undo(undo::Write),
}

macro_rules! from_step_write {
    ($($step:ident = $module:ident),+) => { $(impl From<$module::Write> for Write {
        fn from(write: $module::Write) -> Self {
            Self::$step(write)
        }
    })+ };
}
from_step_write!(
    Bucket = bucket,
    BucketPolicy = bucket_policy,
    Report = report,
    Policy = policy,
    Role = role,
    User = user,
    BillConnect = bill_connect
);

/// The two outside worlds, and how long to wait for them.
#[derive(Clone, Debug)]
pub struct World {
    /// AWS.
    pub aws: Aws,
    /// The onboarding API, where the run has a credential for it.
    pub onboarding: Option<OnboardingApi>,
    /// The bound for waiting on propagation and validation.
    pub patience: Duration,
    /// The person's wish to stop.
    pub stop: Stop,
}

impl World {
    /// The onboarding API.
    ///
    /// # Errors
    /// A usage error when the run has no credential for it.
    pub fn onboarding_api(&self) -> Result<&OnboardingApi> {
        self.onboarding.as_ref().ok_or_else(|| {
            Error::usage("this needs a credential for the onboarding API")
                .remedy("set OPTIMA_REFRESH_TOKEN, or give --refresh-token-file")
        })
    }
}

/// Which steps a run carries out, and which it only reads because the others need them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Carried out.
    pub acts: Vec<Step>,
    /// Only read: if one is not right, the run is refused.
    pub needs: Vec<Step>,
}

impl Scope {
    /// The whole onboarding; where the bill connect is registered by hand, it ends with the user.
    pub fn whole(access: Access, api: Api) -> Self {
        let mut acts = vec![Step::Bucket, Step::BucketPolicy, Step::Report, Step::Policy];
        acts.push(if access == Access::Role { Step::Role } else { Step::User });
        if !access.is_registered_by_hand(api) {
            acts.push(Step::BillConnect);
        }
        Self { acts, needs: Vec::new() }
    }

    /// One command's part of it, or the whole where no step is named.
    pub fn of(step: Option<Step>, access: Access, api: Api) -> Self {
        step.map_or_else(|| Self::whole(access, api), Self::single)
    }

    /// One command's part of it.
    pub fn single(step: Step) -> Self {
        let (acts, needs): (&[Step], &[Step]) = match step {
            Step::Bucket | Step::BucketPolicy => (&[Step::Bucket, Step::BucketPolicy], &[]),
            Step::Report => (&[Step::Report], &[Step::Bucket, Step::BucketPolicy]),
            Step::Policy => (&[Step::Policy], &[]),
            Step::Role => (&[Step::Role], &[Step::Policy]),
            Step::User => (&[Step::User], &[Step::Policy]),
            Step::BillConnect => (&[Step::BillConnect], &[]),
        };
        Self { acts: acts.to_vec(), needs: needs.to_vec() }
    }

    /// Whether the run looks at this step at all.
    pub fn reads(&self, step: Step) -> bool {
        self.acts.contains(&step) || self.needs.contains(&step)
    }
}

/// What the whole onboarding leaves for a person to do, if anything.
pub fn by_hand(onboarding: &Onboarding) -> Option<String> {
    onboarding.is_registered_by_hand().then(|| {
        format!(
            "the optima API's request for an IAM user is not public: register the access key of {} by hand in Flexera One, Administration > Billing Configuration",
            onboarding.user_name
        )
    })
}

/// Every step of the scope held against what was found, in order. Pure.
pub fn diff(onboarding: &Onboarding, found: &Found, scope: &Scope) -> Vec<Planned> {
    let mut steps: Vec<Step> = scope.acts.iter().chain(&scope.needs).copied().collect();
    steps.sort_unstable();
    steps.into_iter().map(|step| in_scope(diff_step(onboarding, found, step), scope)).collect()
}

/// Carries out one write.
///
/// # Errors
/// What the step says.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    match write {
        Write::Bucket(write) => bucket::apply(world, onboarding, write).await,
        Write::BucketPolicy(write) => bucket_policy::apply(world, onboarding, write).await,
        Write::Report(write) => report::apply(world, onboarding, write).await,
        Write::Policy(write) => policy::apply(world, onboarding, write).await,
        Write::Role(write) => role::apply(world, onboarding, write).await,
        Write::User(write) => user::apply(world, onboarding, write).await,
        Write::BillConnect(write) => bill_connect::apply(world, onboarding, write).await,
        Write::Undo(write) => undo::apply(world, onboarding, write).await,
    }
}

fn diff_step(onboarding: &Onboarding, found: &Found, step: Step) -> Planned {
    match step {
        Step::Bucket => bucket::diff(onboarding, &found.bucket),
        Step::BucketPolicy => bucket_policy::diff(onboarding, &found.bucket),
        Step::Report => report::diff(onboarding, &found.report),
        Step::Policy => policy::diff(onboarding, found.policy.as_ref()),
        Step::Role => role::diff(onboarding, found.role.as_ref()),
        Step::User => user::diff(onboarding, found.bill_connect.user.as_ref(), &found.key_file),
        Step::BillConnect => bill_connect::diff(onboarding, &found.bill_connect),
    }
}

/// The command that puts a step right which another one needs; `None` where it is refused for itself.
pub fn comes_first(refused: &Planned) -> Option<&'static str> {
    refused.findings.contains(&Finding::OnlyNeeded).then(|| command_of_step(refused.step))
}

/// The command that carries a plan out, by its last step; with what it leaves to do `by_hand`, as only the whole does.
pub fn command_of(last: Step, by_hand: Option<&str>) -> &'static str {
    if last == Step::BillConnect || by_hand.is_some() { "apply" } else { command_of_step(last) }
}

fn command_of_step(step: Step) -> &'static str {
    if step == Step::BucketPolicy { "bucket" } else { step.word() }
}

/// A step that is only needed is not written to: if it is not right, a person runs its own command first.
fn in_scope(planned: Planned, scope: &Scope) -> Planned {
    if scope.acts.contains(&planned.step) || matches!(planned.change, Change::Keep | Change::Refuse) {
        return planned;
    }
    let command = command_of_step(planned.step);
    let state = if planned.change == Change::Create { "is not there yet" } else { "is not as it should be" };
    let details = planned.details;
    Planned::refuse(
        planned.step,
        planned.resource,
        format!("this step needs it, and it {state}"),
        format!("run optima-onboard {command} with the same answers first, or optima-onboard apply for all"),
    )
    .showing(details)
    .finding(Finding::OnlyNeeded)
}
