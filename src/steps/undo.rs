//! Taking an onboarding back: for each step whether what is there goes, from what carries our tag and nothing else, and
//! the writes. What needs an order gets it in `apply`.

mod inspect;

use std::time::Duration;

use serde::Serialize;

use crate::aws::fault::Answer;
use crate::aws::policies::Holder;
use crate::aws::reports::Report;
use crate::error::{Error, Result};
use crate::onboarding::{BillConnect, Entry};
use crate::plan::{Change, Planned};
use crate::spec::Onboarding;
use crate::spec::names::{Access, Api};
use crate::steps::{self, Scope, Step, World, bill_connect, bucket, bucket_policy, policy, report, role, user};
use crate::wait::{self, Progress};

pub use inspect::{Found, inspect};

/// Whether the bill connect goes, if it is the one described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectWish {
    /// It goes.
    Goes,
    /// It stays.
    Stays,
}

/// Whether the bucket goes, if it is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketWish {
    /// It stays.
    Stays,
    /// It goes, but not with anything in it.
    GoesIfEmpty,
    /// It goes with all that is in it.
    GoesWithData,
}

/// What a person wants removed besides what always is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The bill connect.
    pub bill_connect: ConnectWish,
    /// The bucket.
    pub bucket: BucketWish,
}

/// One write of any step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Write {
    /// To the onboarding API.
    BillConnect(bill_connect::undo::Write),
    /// To the report service.
    Report(report::undo::Write),
    /// To the role.
    Role(role::undo::Write),
    /// To the user.
    User(user::undo::Write),
    /// To the managed policy.
    Policy(policy::undo::Write),
    /// To the bucket's policy.
    BucketPolicy(bucket_policy::undo::Write),
    /// To the bucket.
    Bucket(bucket::undo::Write),
}

impl From<Write> for steps::Write {
    fn from(write: Write) -> Self {
        Self::Undo(write)
    }
}

/// Everything that an onboarding can have made. Role and user both: a person may have gone from one to the other.
pub fn scope(access: Access, api: Api, wish: Wish) -> Scope {
    let mut acts = vec![Step::Bucket, Step::BucketPolicy, Step::Report, Step::Policy, Step::Role, Step::User];
    if wish.bill_connect == ConnectWish::Goes && !access.is_registered_by_hand(api) {
        acts.push(Step::BillConnect);
    }
    Scope { acts, needs: Vec::new() }
}

/// Every step held against what was found, in the order of removal. Pure.
pub fn diff(onboarding: &Onboarding, found: &Found, wish: Wish) -> Vec<Planned> {
    let steps::Found { bucket, report, policy, role, bill_connect, .. } = &found.steps;
    let connect = bill_connect::undo::diff(onboarding, bill_connect.connect.as_ref(), wish.bill_connect);
    let report_goes = report::undo::diff(onboarding, report);
    let role = role::undo::diff(onboarding, role.as_ref());
    let user = user::undo::diff(onboarding, bill_connect.user.as_ref());
    let policy = policy::undo::diff(onboarding, policy.as_ref(), &found.policy_usage, &going(onboarding, &role, &user));
    let staying = staying(onboarding, &report.reports, &report_goes);
    let mut planned = vec![connect, report_goes];
    planned.extend(
        [(role, Access::Role), (user, Access::User)]
            .into_iter()
            .filter_map(|(step, access)| (onboarding.access == access || step.change != Change::Keep).then_some(step)),
    );
    planned.extend([
        policy,
        bucket_policy::undo::diff(onboarding, bucket, &staying),
        bucket::undo::diff(onboarding, bucket, found.contents, &staying, wish.bucket),
    ]);
    let cut = bill_connect.connect.as_ref().and_then(|connect| cut_off(onboarding, connect, &planned));
    planned[0].warnings.extend(cut);
    planned
}

/// What a bill connect that stays loses, if it is another one than the answers describe.
fn cut_off(onboarding: &Onboarding, connect: &BillConnect, planned: &[Planned]) -> Option<String> {
    let goes = |step: Step| planned.iter().any(|planned| planned.step == step && planned.change == Change::Delete);
    let by_role = matches!(&connect.entry, Entry::Role { role_arn, .. } if *role_arn == onboarding.role_arn());
    let in_bucket = connect.bucket.as_deref() == Some(onboarding.bucket.as_str());
    let lost = [
        (Step::Role, by_role),
        (Step::User, connect.entry == Entry::User),
        (Step::Report, in_bucket),
        (Step::BucketPolicy, in_bucket),
        (Step::Bucket, in_bucket),
    ];
    let lost: Vec<&str> =
        lost.iter().filter(|(step, uses)| *uses && goes(*step)).map(|(step, _)| step.word()).collect();
    if goes(Step::BillConnect) || lost.is_empty() {
        return None;
    }
    Some(format!(
        "it stays, and what it reads by or from goes ({}): Flexera imports no more bills with it",
        lost.join(", ")
    ))
}

/// What a person should know of a bill connect that this program did not make.
pub fn by_hand(onboarding: &Onboarding) -> Option<String> {
    onboarding.is_registered_by_hand().then(|| {
        format!(
            "if a bill connect was registered by hand with an access key of {}, remove it by hand too, in Flexera One, Administration > Billing Configuration",
            onboarding.user_name
        )
    })
}

/// Carries out one write.
///
/// # Errors
/// What the step says.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    match write {
        Write::BillConnect(write) => bill_connect::undo::apply(world, onboarding, write).await,
        Write::Report(write) => report::undo::apply(world, onboarding, write).await,
        Write::Role(write) => role::undo::apply(world, onboarding, write).await,
        Write::User(write) => user::undo::apply(world, onboarding, write).await,
        Write::Policy(write) => policy::undo::apply(world, onboarding, write).await,
        Write::BucketPolicy(write) => bucket_policy::undo::apply(world, onboarding, write).await,
        Write::Bucket(write) => bucket::undo::apply(world, onboarding, write).await,
    }
}

/// Nothing is there.
pub(super) fn absent(step: Step, resource: impl Into<String>) -> Planned {
    Planned::keep(step, resource).because("there is none")
}

/// The policies that a role or user of ours carries.
pub(super) struct Carried<'a> {
    /// The role's or the user's.
    pub step: Step,
    /// Its name.
    pub name: &'a str,
    /// Its ARN.
    pub arn: &'a str,
    /// The ARNs of its managed policies.
    pub attached: &'a [String],
    /// The names of its inline policies.
    pub inline: &'a [String],
}

impl Carried<'_> {
    /// A refusal if it carries any policy but ours: IAM deletes nothing that carries one, and those are not ours to
    /// take off.
    pub fn by_others(&self, onboarding: &Onboarding) -> Option<Planned> {
        let (kind, name) = (self.step.word(), self.name);
        let ours = onboarding.policy_arn();
        let managed: Vec<&String> = self.attached.iter().filter(|arn| **arn != ours).collect();
        let detach = |arn: &&String| format!("aws iam detach-{kind}-policy --{kind}-name {name} --policy-arn {arn}");
        let delete =
            |inline: &String| format!("aws iam delete-{kind}-policy --{kind}-name {name} --policy-name {inline}");
        let commands: Vec<String> = managed.iter().map(detach).chain(self.inline.iter().map(delete)).collect();
        if commands.is_empty() {
            return None;
        }
        let names: Vec<&str> = managed.into_iter().chain(self.inline).map(String::as_str).collect();
        Some(Planned::refuse(
            self.step,
            self.arn,
            format!("the {kind} also carries {}, which optima-onboard did not give it", names.join(", ")),
            format!("if nobody needs that any more: {}; then run the same command again", commands.join("; ")),
        ))
    }
}

/// How long IAM may go on seeing what was taken off a moment ago.
const UNTIL_CONSISTENT: Duration = Duration::from_secs(30);

/// Deletes what IAM may still believe in use: it answers DeleteConflict until all of it knows what was taken off.
pub(super) async fn once_free(world: &World, what: &str, delete: impl AsyncFn() -> Answer<()>) -> Result<()> {
    let answer = wait::until(&world.stop, world.patience.min(UNTIL_CONSISTENT), || async {
        match delete().await {
            Err(fault) if fault.is("DeleteConflict") => Progress::NotYet(fault),
            other => Progress::Done(other),
        }
    })
    .await?;
    match answer {
        Ok(done) => Ok(done?),
        Err(fault) => Err(Error::refused(format!("IAM does not delete {what}: something hangs on it"))
            .because(fault.message)
            .remedy("take that off if nobody needs it any more, then run the same command again")),
    }
}

/// Who has the policy now and is removed before it.
fn going(onboarding: &Onboarding, role: &Planned, user: &Planned) -> Vec<Holder> {
    let holders = [
        (role, Holder::Role(onboarding.role_name.as_str().to_owned())),
        (user, Holder::User(onboarding.user_name.as_str().to_owned())),
    ];
    holders.into_iter().filter(|(step, _)| step.change == Change::Delete).map(|(_, holder)| holder).collect()
}

/// The reports that go on being delivered to the bucket.
fn staying<'a>(onboarding: &Onboarding, reports: &'a [Report], ours: &Planned) -> Vec<&'a str> {
    let goes = |report: &Report| ours.change == Change::Delete && report.name == onboarding.report_name.as_str();
    reports
        .iter()
        .filter(|report| report.bucket == onboarding.bucket.as_str() && !goes(report))
        .map(|report| report.name.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::samples;

    #[test]
    fn a_bill_connect_that_stays_is_told_what_it_loses() {
        let one = samples::onboarding(&[]);
        let elsewhere = |role_arn: &str, bucket: &str| BillConnect {
            bucket: Some(bucket.to_owned()),
            entry: Entry::Role { role_arn: role_arn.to_owned(), external_id: None, session_name: None },
            ..samples::bill_connect()
        };
        let planned = |connect: Planned| {
            let going = [Step::Report, Step::Role].map(|step| Planned::delete(step, "it", vec![], vec![]));
            [vec![connect], going.to_vec()].concat()
        };
        let stays = planned(Planned::keep(Step::BillConnect, "aws-1"));
        let lost = |connect: &BillConnect| cut_off(&one, connect, &stays);
        assert!(lost(&elsewhere(&one.role_arn(), "other")).is_some_and(|said| said.contains("(role)")));
        assert!(lost(&elsewhere("arn:other", one.bucket.as_str())).is_some_and(|said| said.contains("(report)")));
        assert_eq!(lost(&elsewhere("arn:other", "other")), None, "it uses none of what goes");
        let goes = planned(Planned::delete(Step::BillConnect, "aws-1", vec![], vec![]));
        assert_eq!(cut_off(&one, &elsewhere(&one.role_arn(), one.bucket.as_str()), &goes), None);
    }
}
