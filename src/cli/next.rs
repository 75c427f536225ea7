//! What comes after a command that went well: the next one to type, with every flag that matters.

use crate::documents::Purpose;
use crate::error::{self, Error, Result};
use crate::plan::{Aim, Change, Finding, Plan};
use crate::session::Session;
use crate::spec::Onboarding;
use crate::spec::answers::Answers;
use crate::spec::names::{Access, Api};
use crate::steps::{self, Step, World};

/// What a rehearsal lacks.
pub const FOR_REAL: &str = "For real, with AWS credentials of the payer account:";

/// What to type after this plan was carried out; nothing after a removal.
pub fn after(session: &Session, plan: &Plan) -> Option<String> {
    if plan.aim == Aim::Destroy {
        return None;
    }
    let one = &plan.onboarding;
    let last = plan.steps.iter().map(|planned| planned.step).max()?;
    if session.is_rehearsal() {
        return Some(for_real(session, steps::command_of(last, plan.by_hand.as_deref())));
    }
    Some(match last {
        Step::Bucket | Step::BucketPolicy => command(session, "report"),
        Step::Report => command(session, "policy"),
        Step::Policy if one.access == Access::User => command(session, "user"),
        Step::Policy => command(session, "role"),
        Step::Role => register(session, one),
        Step::User if one.api == Api::FlexeraOne => command(session, "apply"),
        Step::User => hand_over(session, plan)?,
        Step::BillConnect => verify(session),
    })
}

/// What to type after this plan was read, which says itself what a refusal needs.
pub fn after_plan(session: &Session, plan: &Plan) -> Option<String> {
    match (plan.refusals().next(), plan.has_changes()) {
        (Some(_), _) => None,
        (None, _) if session.is_rehearsal() => Some(for_real(session, "apply")),
        (None, true) => Some(command(session, "apply")),
        (None, false) => Some(verify(session)),
    }
}

/// The same for real: a rehearsal's world ends with it. Who gave no organization is asked for it, or has it to fill in.
fn for_real(session: &Session, verb: &str) -> String {
    let command = match (session.own_answers().org_id, verb) {
        (Some(_), _) => session.for_real(verb),
        (None, "apply") => session.for_real("wizard"),
        (None, _) => format!("{} --org-id ID", session.for_real(verb)),
    };
    format!("{FOR_REAL}\n  {command}")
}

/// The error of this plan's run, with the command that it speaks of whole.
pub fn spelled_out(session: &Session, plan: &Plan, error: Error) -> Error {
    let goes = |step: Step| plan.step(step).is_some_and(|planned| planned.change == Change::Delete);
    let purpose = match plan.aim {
        Aim::Onboard => Purpose::Apply,
        Aim::Destroy if goes(Step::Bucket) => Purpose::DestroyWithBucket,
        Aim::Destroy => Purpose::Destroy,
    };
    error.spelled_out(|command| typed_out(session, command, verb(plan), purpose))
}

/// The command that carries such a plan out.
fn verb(plan: &Plan) -> &'static str {
    let last = plan.steps.iter().map(|planned| planned.step).max().unwrap_or(Step::BillConnect);
    steps::command_of(last, plan.by_hand.as_deref())
}

/// The plan's command with other names, where that is a way out of all that it is refused for.
pub fn with_other_names(session: &Session, plan: &Plan) -> Option<String> {
    let mut answers = session.answers.clone();
    for refused in plan.refusals() {
        let name = refused.remedy.as_ref()?.another_name()?;
        name.give(&mut answers, &name.beside(&plan.onboarding)).ok()?;
    }
    (plan.aim == Aim::Onboard).then(|| session.command_with(verb(plan), &answers))
}

/// What came of reading before there is a plan: a failure with the command that it speaks of whole, and on stderr whose it is.
///
/// # Errors
/// The failure.
pub fn heard<T>(session: &Session, world: &World, purpose: Purpose, answer: Result<T>) -> Result<T> {
    session.heard(world, answer).map_err(|error| lacking(session, purpose, error))
}

/// The error of a command of the onboarding API alone, with the command that it speaks of whole.
pub fn spelled(session: &Session, error: Error) -> Error {
    lacking(session, Purpose::Apply, error)
}

/// The error of reading, with what prints the rights for the purpose whole.
pub fn lacking(session: &Session, purpose: Purpose, error: Error) -> Error {
    error.spelled_out(|command| typed_out(session, command, "apply", purpose))
}

fn typed_out(session: &Session, command: &error::Command, verb: &str, purpose: Purpose) -> String {
    match command {
        error::Command::Ours(verb) => session.command(verb),
        error::Command::Permissions => session.command(purpose.verb()),
        error::Command::WithKeyFile(path) => {
            let answers = Answers { access_key_file: Some(path.clone()), ..session.answers.clone() };
            session.command_with(verb, &answers)
        }
    }
}

/// What only a person can do with a user's key, or first the key for it.
fn hand_over(session: &Session, plan: &Plan) -> Option<String> {
    let one = &plan.onboarding;
    let by_hand = steps::by_hand(one)?;
    if let Some(path) = &one.access_key_file {
        return Some(format!("Next: {by_hand}; it is in {}", path.display()));
    }
    if !plan.steps.iter().any(|planned| planned.findings.contains(&Finding::NoKey)) {
        return Some(format!("Next: {by_hand}"));
    }
    let file = Some("flexera-access-key".into());
    let answers = Answers { access_key_file: file, ..session.answers.clone() };
    Some(typed(&session.command_with("user", &answers)))
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
pub fn typed(command: &str) -> String {
    format!("Next:\n  {command}")
}
