//! `verify --wait`: looks again until the first bill month is processed.

use std::cell::RefCell;

use super::{look, show};
use crate::error::{Error, Kind, Result};
use crate::output::Waiting;
use crate::session::Session;
use crate::steps::World;
use crate::verify::{Check, Outlook, Report, outlook};
use crate::wait::{self, Progress};

/// Looks until the bill flows, something is in its way, the bound is over, or the person has enough. Nothing is kept in
/// between: another wait takes it up from what is there then.
///
/// # Errors
/// What is missing or cannot be read at the first look, what the credentials do not allow at any, and the interruption.
pub(super) async fn run(session: &Session, world: &World) -> Result<u8> {
    let lines = Waiting::new(&session.printer);
    let last = RefCell::new(None::<Report>);
    let asked = wait::patiently(&session.stop, session.wait_at_most, async || match look(session, world).await {
        Ok(report) => match outlook(&report) {
            Outlook::Coming(check) => {
                lines.tell(&check.message);
                last.replace(Some(report.clone()));
                Progress::NotYet((report, Answered::Yes))
            }
            Outlook::Flows | Outlook::Blocked => Progress::Done(Ok(report)),
        },
        Err(error) => match last.borrow().clone() {
            // A night is long, and a network is not always there.
            Some(report) if error.kind == Kind::Failed => {
                lines.tell(&format!("no answer, asking again: {error}"));
                Progress::NotYet((report, Answered::No))
            }
            _ => Progress::Done(Err(error)),
        },
    })
    .await;
    lines.finish();
    match asked.map_err(can_be_taken_up)? {
        Ok(report) => {
            let report = report.map_err(can_be_taken_up)?;
            show(session, &report, None);
            Ok(if report.ok() { 0 } else { Kind::Failed.exit_code() })
        }
        Err((report, answered)) => {
            let error = not_yet(&report, answered).remedy(format!(
                "nothing has to be done meanwhile; this goes on waiting:\n{} --wait",
                session.command("verify")
            ));
            show(session, &report, Some(&error));
            Ok(error.kind.exit_code())
        }
    }
}

/// Whether the last look was answered; if not, the report is of the last one that was.
enum Answered {
    Yes,
    No,
}

fn not_yet(report: &Report, answered: Answered) -> Error {
    let error = Error::new(Kind::NotValidated, "the first bill month is not processed yet");
    match (answered, outlook(report)) {
        (Answered::Yes, Outlook::Coming(Check { message, .. })) => error.because(message.clone()),
        _ => error.because("there was no answer at the last look"),
    }
}

fn can_be_taken_up(error: Error) -> Error {
    if error.kind != Kind::Interrupted {
        return error;
    }
    error.because("nothing was changed").remedy("the same command takes the waiting up again, from what is there then")
}
