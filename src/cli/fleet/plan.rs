//! `plan` for a file of many.

use super::{FleetFlags, chosen, plan_all};
use crate::error::Result;
use crate::fleet::ending::CHANGES_PENDING;
use crate::fleet::{Ending, Tally};
use crate::output::fleet::{Brief, Stream, documents, text};
use crate::output::{Format, Loudness, json, plan_text};
use crate::session::Fleet;

/// Reads, decides, shows; writes nothing.
///
/// # Errors
/// What is missing, and the interruption.
pub(in crate::cli) async fn run(fleet: &Fleet, flags: &FleetFlags, detailed_exitcode: bool) -> Result<u8> {
    let chosen = chosen(fleet, flags)?;
    fleet.require(|session| session.scope(None))?;
    let prospects = plan_all(fleet, flags, &chosen.places).await?;
    let printer = &fleet.printer;
    let (mut tally, mut briefs) = (Tally::default(), Vec::new());
    let mut stream = (printer.format == Format::Json).then(|| Stream::begin(*printer, chosen.places));
    for prospect in prospects {
        let (name, plan, error) = (fleet.name(prospect.place), prospect.plan.as_ref(), prospect.error.as_ref());
        let pending = detailed_exitcode && plan.is_some_and(crate::plan::Plan::has_changes);
        let ending = prospect.ending().unwrap_or_else(|| Ending::of(if pending { CHANGES_PENDING } else { 0 }));
        tally.add(ending);
        match &mut stream {
            Some(stream) => {
                let alone = plan.map(json::plan).unwrap_or_default();
                stream.add(prospect.place, &documents::one(name, alone, ending, error));
            }
            None => briefs.push(Brief::of(name, plan, error)),
        }
        if let (None, Some(plan), Loudness::Verbose) = (&stream, plan, printer.loudness) {
            let shown = plan_text::plan(plan, printer.loudness, printer.paint_out());
            printer.page(&format!("{}\n{shown}\n", printer.paint_out().strong(name)));
        }
    }
    match stream {
        Some(stream) => stream.end(&tally, None),
        None => printer.page(&text::plan(&briefs, &fleet.file, printer.loudness, printer.paint_out())),
    }
    Ok(tally.exit_code())
}
