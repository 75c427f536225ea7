//! `verify --wait`: looks again until the first bill month is processed.

use std::cell::Cell;

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
    let has_seen = Cell::new(false);
    let asked = wait::patiently(&session.stop, session.wait_at_most, async || match look(session, world).await {
        Ok(report) => {
            has_seen.set(true);
            match outlook(&report) {
                Outlook::Coming(check) => {
                    lines.tell(&check.message);
                    Progress::NotYet(report)
                }
                Outlook::Flows | Outlook::Blocked => Progress::Done(Ok(report)),
            }
        }
        // A night is long, and a network is not always there.
        Err(error) if has_seen.get() && error.kind == Kind::Failed => {
            lines.tell(&format!("no answer, asking again: {error}"));
            Progress::NotYet(Report { areas: Vec::new() })
        }
        Err(error) => Progress::Done(Err(error)),
    })
    .await;
    lines.finish();
    match asked.map_err(can_be_taken_up)? {
        Ok(report) => {
            let report = report.map_err(can_be_taken_up)?;
            show(session, &report, None);
            Ok(if report.ok() { 0 } else { Kind::Failed.exit_code() })
        }
        Err(report) => {
            let error = not_yet(&report);
            show(session, &report, Some(&error));
            Ok(error.kind.exit_code())
        }
    }
}

fn not_yet(report: &Report) -> Error {
    let error = Error::new(Kind::NotValidated, "the first bill month is not processed yet")
        .remedy("nothing has to be done meanwhile; verify --wait goes on waiting");
    match outlook(report) {
        Outlook::Coming(Check { message, .. }) => error.because(message.clone()),
        Outlook::Flows | Outlook::Blocked => error.because("there was no answer at the last look"),
    }
}

fn can_be_taken_up(error: Error) -> Error {
    if error.kind != Kind::Interrupted {
        return error;
    }
    error.because("nothing was changed").remedy("the same command takes the waiting up again, from what is there then")
}
