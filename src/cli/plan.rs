//! `plan`: shows what apply would change, and changes nothing.

use crate::cli::apply::or_be_asked;
use crate::cli::next;
use crate::documents::Purpose;
use crate::error::{Error, Kind, Result};
use crate::fleet::ending::CHANGES_PENDING;
use crate::output::{Format, Printer, json, plan_text};
use crate::plan::{Plan, Remedy};
use crate::session::Session;

/// Reads, decides, shows.
///
/// # Errors
/// What is missing or cannot be read.
pub async fn run(session: &Session, detailed_exitcode: bool) -> Result<u8> {
    session.require(&session.scope(None)).map_err(or_be_asked)?;
    let plan = planned(session).await?;
    let printer = &session.printer;
    match printer.format {
        Format::Json => printer.document(&json::plan(&plan)),
        Format::Text => {
            printer.page(&text(&plan, printer));
            next::after_plan(session, &plan).iter().for_each(|next| printer.say(&format!("\n{next}")));
        }
    }
    Ok(if plan.refusals().next().is_some() {
        Kind::Refused.exit_code()
    } else if detailed_exitcode && plan.has_changes() {
        CHANGES_PENDING
    } else {
        0
    })
}

/// The plan of the whole onboarding.
///
/// # Errors
/// What is missing or cannot be read.
pub(super) async fn planned(session: &Session) -> Result<Plan> {
    session.require(&session.scope(None))?;
    let world = session.connect().await?;
    next::heard(session, &world, Purpose::Verify, session.reading(session.plan(&world, None)).await)
}

/// The plan, and what stands for it where it can be applied.
fn text(plan: &Plan, printer: &Printer) -> String {
    let text = plan_text::plan(plan, printer.loudness, printer.paint_out());
    if plan.refusals().next().is_some() {
        return text;
    }
    let fingerprint = printer.paint_out().dim(&format!("Fingerprint {}", json::fingerprint(plan)));
    format!("{text}\n{fingerprint}")
}

/// The error of a plan that needs a person: the first refusal in its words.
pub fn refusal(plan: &Plan) -> Option<Error> {
    let first = plan.refusals().next()?;
    let mut error = Error::refused(format!("the {} {} needs a person", first.step.word(), first.resource));
    error.cause.clone_from(&first.reason);
    error.remedy = Some(format!("{}; nothing was written", first.remedy_or("see the plan")));
    error.command = first.remedy.as_ref().and_then(Remedy::command).cloned();
    Some(error)
}
