//! `verify` for a file of many.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::Value;

use super::results::{Outcome, Results};
use super::{FleetFlags, chosen, queue};
use crate::cli::verify::judged;
use crate::error::{Error, Kind, Result};
use crate::fleet::{self, Ending};
use crate::output::fleet::Progress;
use crate::output::{json, verify_text};
use crate::session::{Fleet, Session};
use crate::spec::command;
use crate::steps::{Scope, Step};
use crate::verify::Report;
use crate::wait;

/// Reads, judges, shows; as long as one is in the bill's way, the code is not 0.
///
/// # Errors
/// What is missing, and the interruption.
pub(in crate::cli) async fn run(fleet: &Fleet, flags: &FleetFlags) -> Result<u8> {
    let chosen = chosen(fleet, flags)?;
    // Without a credential Flexera's side is skipped, and the report says so.
    fleet.require(|_| Scope::single(Step::Bucket))?;
    if fleet.is_rehearsal() {
        fleet.printer.warn(crate::plan::REHEARSAL);
    }
    let progress = Progress::new(&fleet.printer, "verifying", chosen.places.len());
    let elsewhere = RefCell::new(BTreeSet::new());
    let turns = queue(fleet, chosen.places.iter().copied());
    let results = RefCell::new(Results::begin(fleet, chosen.places, None));
    let job = async |place: usize| {
        progress.begin(fleet.name(place), "verify");
        reported(&fleet.session(place), &elsewhere).await
    };
    fleet::run(turns, usize::from(flags.concurrency), job, |place, report| {
        let outcome = outcome(fleet, place, report);
        progress.ended(fleet.name(place), outcome.ending);
        results.borrow_mut().add(outcome);
    })
    .await;
    progress.finish();
    for warning in elsewhere.into_inner() {
        fleet.printer.warn(&warning);
    }
    let interrupted = fleet.stop.check().is_err().then(|| wait::interrupted().because("nothing was changed"));
    Ok(results.into_inner().end(interrupted.as_ref()))
}

/// `elsewhere` gets a line for each address in place of its owner's own, of all of them once.
async fn reported(session: &Session, elsewhere: &RefCell<BTreeSet<String>>) -> Result<Report> {
    session.stop.check()?;
    let world = session.connect().await?;
    elsewhere.borrow_mut().extend(session.inherited(&world).warnings());
    let report = async {
        let facts = session.facts(&world, None).await?;
        judged(session, &world, &facts).await
    };
    session.reading(report).await
}

fn outcome(fleet: &Fleet, place: usize, report: Result<Report, Error>) -> Outcome {
    match report {
        Ok(report) => {
            let report = report.spelled_out(|_| apply(fleet));
            let code = if report.ok() { 0 } else { Kind::Failed.exit_code() };
            let shown = verify_text::report(&report, fleet.printer.paint_out());
            let words = if report.ok() { verify_text::verdict(&report) } else { format!("\n{}", nested(&shown)) };
            Outcome { place, ending: Ending::of(code), document: json::verify(&report, None), words, error: None }
        }
        Err(error) => {
            let ending = Ending::of(error.kind.exit_code());
            Outcome { place, ending, document: Value::Null, words: String::new(), error: Some(error) }
        }
    }
}

/// What mends any of them: a single step takes no file of many.
fn apply(fleet: &Fleet) -> String {
    let sandbox = if fleet.is_rehearsal() { format!(" {}", command::SANDBOX) } else { String::new() };
    format!("optima-onboard apply{sandbox} --file {}", command::quoted(&fleet.file.display().to_string()))
}

fn nested(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
