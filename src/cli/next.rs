//! What comes after a command that went well: the next one to type, with every flag that matters.

use crate::plan::{Aim, Plan};
use crate::session::Session;
use crate::spec::Onboarding;
use crate::spec::answers::Answers;
use crate::spec::names::{Access, Api};
use crate::steps::{self, Step};

/// What to type after this plan was carried out; nothing in a rehearsal, whose world ends with it, nor after a removal.
pub fn after(session: &Session, plan: &Plan) -> Option<String> {
    if session.is_rehearsal() || plan.aim == Aim::Destroy {
        return None;
    }
    let one = &plan.onboarding;
    let last = plan.steps.iter().map(|planned| planned.step).max()?;
    Some(match last {
        Step::Bucket | Step::BucketPolicy => command(session, "report"),
        Step::Report => command(session, "policy"),
        Step::Policy if one.access == Access::User => command(session, "user"),
        Step::Policy => command(session, "role"),
        Step::Role => register(session, one),
        Step::User if one.api == Api::FlexeraOne => command(session, "apply"),
        Step::User => format!("Next: {}", steps::by_hand(one)?),
        Step::BillConnect => verify(session),
    })
}

/// What looks whether the bill flows, until it does.
pub fn verify(session: &Session) -> String {
    format!("{} --wait", command(session, "verify"))
}

/// The bill connect alone, which looks nothing up in AWS: what a report says of its place is told.
fn register(session: &Session, one: &Onboarding) -> String {
    let answers = Answers {
        bill_account_id: Some(one.bill_account_id.clone()),
        bucket: Some(one.bucket.clone()),
        prefix: Some(one.prefix.clone()),
        reuse_report: None,
        ..session.answers.clone()
    };
    typed(&session.command_with("bill-connect create", &answers))
}

fn command(session: &Session, verb: &str) -> String {
    typed(&session.command(verb))
}

/// In a line of its own, to be copied.
fn typed(command: &str) -> String {
    format!("Next:\n  {command}")
}
