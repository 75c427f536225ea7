//! `verify`: check by check, whether the bill will flow.

mod waiting;

use time::OffsetDateTime;

use crate::cli::next;
use crate::documents::Purpose;
use crate::error::{Error, Kind, Result};
use crate::output::{Format, json, verify_text};
use crate::session::Session;
use crate::spec::{self, Facts};
use crate::steps::{Scope, Step, World};
use crate::verify::{self, Report};

/// What `verify` alone is told.
#[derive(Clone, Debug, clap::Args)]
pub struct VerifyFlags {
    /// Look again until the first bill month is processed, a day or so; Ctrl-C leaves, --timeout bounds it
    #[arg(long, help_heading = "Run")]
    wait: bool,
}

impl VerifyFlags {
    /// A wait is for one onboarding.
    ///
    /// # Errors
    /// The usage error of a wait for many.
    pub fn fit_many(&self) -> Result<()> {
        if !self.wait {
            return Ok(());
        }
        Err(Error::usage("verify --wait waits for one onboarding, and this file describes many")
            .remedy("leave --wait out, or give one onboarding"))
    }
}

/// Reads, judges, shows; 0 when nothing is in the bill's way, else 1.
///
/// # Errors
/// What is missing or cannot be read.
pub async fn run(session: &Session, flags: &VerifyFlags) -> Result<u8> {
    // Without a credential Flexera's side is skipped, and the report says so.
    session.require(&Scope::single(Step::Bucket))?;
    let world = session.connect().await?;
    session.tell_of_all(&world);
    session.furnish_aloud(&world, &session.whole()).await?;
    if flags.wait {
        return waiting::run(session, &world).await;
    }
    let report = look(session, &world).await?;
    show(session, &report, None);
    Ok(if report.ok() { 0 } else { Kind::Failed.exit_code() })
}

async fn look(session: &Session, world: &World) -> Result<Report> {
    let looking = async {
        let facts = session.facts(world, None).await?;
        judged(session, world, &facts).await
    };
    // Whom it asks is told already.
    let report = session.reading(looking).await;
    let report = report.map_err(|error| next::lacking(session, Purpose::Verify, error))?;
    Ok(report.spelled_out(|verb| session.command(verb)))
}

fn show(session: &Session, report: &Report, error: Option<&Error>) {
    let printer = &session.printer;
    match printer.format {
        Format::Json => printer.document(&json::verify(report, error)),
        Format::Text => {
            printer.page(&verify_text::report(report, printer.paint_out()));
            error.into_iter().for_each(|error| printer.error(error));
        }
    }
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
    let evidence = verify::gather(world, &onboarding, &scope, facts, OffsetDateTime::now_utc()).await?;
    let onboarding = onboarding.encrypted_with(evidence.found.bucket_key.as_deref());
    Ok(verify::judge(&onboarding, facts, &evidence, &scope))
}
