//! `apply` and the single steps: plan, one yes, carry out, validate.

use std::path::PathBuf;

use time::OffsetDateTime;

use crate::apply::{self, Applied, Outcome, receipt};
use crate::approval::Approval;
use crate::cli::next;
use crate::cli::plan::refusal;
use crate::cli::run_flags::ApplyFlags;
use crate::documents::Purpose;
use crate::error::{Error, Kind, Result};
use crate::output::progress::Progress;
use crate::output::{Format, json, plan_text};
use crate::plan::{Aim, Plan};
use crate::prompt::{declined, nobody_says_yes};
use crate::session::Session;
use crate::steps::{self, Step, World};

/// The whole onboarding, or one step of it; of what was approved, nothing but that.
///
/// # Errors
/// What is missing or cannot be read; the plan and its outcome are shown before an error is returned.
pub async fn run(session: &Session, flags: &ApplyFlags, step: Option<Step>, approval: &Approval) -> Result<u8> {
    let required = session.require(&session.scope(step));
    if step.is_none() { required.map_err(or_be_asked) } else { required }?;
    let world = session.connect().await?;
    let read = session.reading(session.plan(&world, step)).await;
    let mut plan = next::heard(session, &world, Purpose::Apply, read)?;
    // Before what needs a person: in another account than the approved one, that is what has to be said.
    match approval.hold(&plan) {
        Ok(rest) => plan.warnings.extend(rest.map(|rest| rest.to_string())),
        Err(moved) => {
            show_before(session, &plan);
            return ended_before(session, &plan, moved);
        }
    }
    conclude(session, flags, &world, &plan, || agreed(session, flags, &world, &plan)).await
}

/// Who lacks answers for a whole onboarding can also be asked for them.
pub(super) fn or_be_asked(error: Error) -> Error {
    error.remedy("give them as flags or variables, or run optima-onboard wizard on a terminal, which asks")
}

/// Shows a plan, asks for the yes, carries it out, and shows what came of it.
///
/// # Errors
/// A refused plan, an answer that is no yes, and what `agree` fails with; in JSON the document holds them instead.
pub async fn conclude(
    session: &Session,
    flags: &ApplyFlags,
    world: &World,
    plan: &Plan,
    agree: impl FnOnce() -> Result<bool>,
) -> Result<u8> {
    show_before(session, plan);
    if let Some(error) = refused(session, plan) {
        return ended_before(session, plan, error);
    }
    match agree() {
        Ok(true) => {}
        Ok(false) => {
            let not_done = match plan.aim {
                Aim::Onboard => "not applied",
                Aim::Destroy => "not removed",
            };
            return ended_before(session, plan, declined(not_done));
        }
        Err(error) => return ended_before(session, plan, error),
    }
    let applied = carry_out(session, flags, world, plan).await?;
    show(session, plan, &applied);
    Ok(applied.error.map_or(0, |error| error.kind.exit_code()))
}

/// The refusal; of a step that another one has to come before, with that one's command.
fn refused(session: &Session, plan: &Plan) -> Option<Error> {
    let error = refusal(plan)?;
    let first = plan.refusals().next()?;
    let Some(verb) = steps::comes_first(first) else { return Some(next::spelled_out(session, plan, error)) };
    let reason = first.reason.as_deref().unwrap_or_default();
    let comes_first = Error::refused(format!("the {} {} comes first", first.step.word(), first.resource));
    Some(comes_first.because(format!("{reason}; nothing was written")).remedy(format!(
        "this makes it; then the same command again, or optima-onboard apply for all:\n{}",
        session.command(verb)
    )))
}

/// Applies a plan that was agreed to, with progress and a receipt, and says where that is.
///
/// # Errors
/// When the receipt cannot be written before the first write; nothing was changed then.
pub async fn carry_out(session: &Session, flags: &ApplyFlags, world: &World, plan: &Plan) -> Result<Applied> {
    let (applied, receipt) = carried(session, flags, world, plan).await?;
    if let Some(path) = receipt {
        session.printer.say(&format!("Receipt: {}", path.display()));
    }
    Ok(applied)
}

/// The same, for whoever says himself where the receipt is.
///
/// # Errors
/// When the receipt cannot be written before the first write; nothing was changed then.
pub async fn carried(
    session: &Session,
    flags: &ApplyFlags,
    world: &World,
    plan: &Plan,
) -> Result<(Applied, Option<PathBuf>)> {
    let started = OffsetDateTime::now_utc();
    let path = receipt_path(session, flags, plan);
    if let Some(path) = &path {
        receipt::write(path, &receipt::text(plan, None, started, None))?;
    }
    let progress = Progress::new(&session.printer, &plan.writing_steps());
    let applied = apply::run(world, plan, &|event| progress.tell(event)).await;
    progress.finish();
    let error = applied.error.map(|error| next::spelled_out(session, plan, error));
    let applied = Applied { error: error.map(|error| of_a_rehearsal(session, plan, error)), ..applied };
    if let Some(path) = &path {
        let text = receipt::text(plan, Some(&applied), started, Some(OffsetDateTime::now_utc()));
        // Everything is done or has an error of its own already: a receipt that fails now is only worth a word.
        if let Err(error) = receipt::write(path, &text) {
            session.printer.insist(&error.to_string());
            return Ok((applied, None));
        }
    }
    Ok((applied, path))
}

/// What a rehearsal leaves to a person is nothing: its key opens nothing.
fn of_a_rehearsal(session: &Session, plan: &Plan, error: Error) -> Error {
    if !session.is_rehearsal() || plan.by_hand.is_none() || error.kind != Kind::NotValidated {
        return error;
    }
    error.remedy(match plan.onboarding.access_key_file {
        Some(_) => "nothing now: this key is the sandbox's and opens nothing, so its file can go",
        None => "nothing now: this is a rehearsal, and --access-key-file FILE would make a key for it",
    })
}

fn receipt_path(session: &Session, flags: &ApplyFlags, plan: &Plan) -> Option<PathBuf> {
    match &flags.receipt {
        Some(path) => Some(path.clone()),
        None if session.is_rehearsal() || !plan.has_changes() => None,
        None => receipt::default_path(plan),
    }
}

/// A yes by flag or by a person. A plan without changes needs none: nothing will be written.
fn agreed(session: &Session, flags: &ApplyFlags, world: &World, plan: &Plan) -> Result<bool> {
    if flags.yes || !plan.has_changes() {
        return Ok(true);
    }
    if !session.may_ask() {
        return Err(nobody_says_yes());
    }
    let question = format!("Apply this to AWS account {}?", plan.onboarding.account_id);
    session.agreed(session.prompter().as_mut(), world, &question)
}

/// The plan, before anything else; in JSON it stands in the one document.
fn show_before(session: &Session, plan: &Plan) {
    let printer = &session.printer;
    if printer.format == Format::Text {
        let text = plan_text::plan(plan, printer.loudness, printer.paint_err());
        printer.say(&format!("{text}\n"));
    }
}

/// One JSON document holds the plan and why it was not applied; in text the plan was shown already.
fn ended_before(session: &Session, plan: &Plan, error: Error) -> Result<u8> {
    if session.printer.format == Format::Text {
        return Err(error);
    }
    let code = error.kind.exit_code();
    session.printer.document(&document(plan, &untouched(plan, error)));
    Ok(code)
}

/// What came of a plan of which nothing was carried out.
pub(super) fn untouched(plan: &Plan, error: Error) -> Applied {
    let skipped = plan
        .steps
        .iter()
        .map(|planned| (planned.step, if planned.writes.is_empty() { Outcome::Unchanged } else { Outcome::Skipped }));
    Applied { outcomes: skipped.collect(), standing: Default::default(), error: Some(error) }
}

fn show(session: &Session, plan: &Plan, applied: &Applied) {
    let printer = &session.printer;
    match (printer.format, &applied.error) {
        (Format::Json, _) => printer.document(&document(plan, applied)),
        (Format::Text, Some(error)) => {
            printer.error(error);
            // Everything is applied, and time may do the rest: what looks until then is typed like after any apply.
            let is_left_by_hand = plan.by_hand.is_some() && !session.is_rehearsal();
            if error.kind == Kind::NotValidated && !is_left_by_hand {
                say_next(session, plan);
            }
        }
        (Format::Text, None) => {
            printer.page(&plan_text::done(plan, applied, printer.paint_out()));
            say_next(session, plan);
        }
    }
}

fn say_next(session: &Session, plan: &Plan) {
    next::after(session, plan).iter().for_each(|next| session.printer.say(&format!("\n{next}")));
}

fn document(plan: &Plan, applied: &Applied) -> serde_json::Value {
    let mut document = json::apply(plan, applied);
    if let (Some(error), serde_json::Value::Object(members)) = (&applied.error, &mut document) {
        members.insert("error".to_owned(), json::error_members(error));
    }
    document
}
