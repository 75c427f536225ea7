//! `verify`: check by check, whether the bill will flow.

use crate::error::{Kind, Result};
use crate::output::{Format, json, verify_text};
use crate::session::Session;
use crate::spec::{self, Facts};
use crate::steps::{Scope, Step, World};
use crate::verify::{self, Report};

/// Reads, judges, shows; 0 when nothing is in the bill's way, else 1.
///
/// # Errors
/// What is missing or cannot be read.
pub async fn run(session: &Session) -> Result<u8> {
    // Without a credential Flexera's side is skipped, and the report says so.
    session.require(&Scope::single(Step::Bucket))?;
    let world = session.connect().await?;
    let report = session
        .reading(async {
            let facts = session.facts(&world, None).await?;
            judged(session, &world, &facts).await
        })
        .await?;
    let printer = &session.printer;
    match printer.format {
        Format::Json => printer.document(&json::verify(&report)),
        Format::Text => printer.page(&verify_text::report(&report, printer.paint_out())),
    }
    Ok(if report.ok() { 0 } else { Kind::Failed.exit_code() })
}

/// The report on this session's onboarding.
///
/// # Errors
/// What cannot be resolved or read.
pub async fn judged(session: &Session, world: &World, facts: &Facts) -> Result<Report> {
    let onboarding = spec::resolve(&session.answers, facts)?;
    let mut scope = Scope::whole(onboarding.access, onboarding.api);
    if world.onboarding.is_none() {
        // Without a credential Flexera's side is skipped, and the report says so.
        scope.acts.retain(|step| *step != Step::BillConnect);
    }
    let evidence = verify::gather(world, &onboarding, &scope, facts).await?;
    let onboarding = onboarding.encrypted_with(evidence.found.bucket_key.as_deref());
    Ok(verify::judge(&onboarding, facts, &evidence, &scope))
}
