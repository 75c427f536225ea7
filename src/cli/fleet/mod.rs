//! A file of many: what `plan`, `apply` and `verify` do with each onboarding, and with all of them.

mod apply;
mod plan;
mod results;
mod verify;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::plan::refusal;
use crate::error::{Error, Result};
use crate::fleet::receipt::{self, Told};
use crate::fleet::{self, Claims, Ending, Queue, Whose};
use crate::output::fleet::Progress;
use crate::plan::Plan;
use crate::session::{Fleet, Inherited, Session};
use crate::wait;

pub(super) use apply::run as apply;
pub(super) use plan::run as plan;
pub(super) use verify::run as verify;

/// The flags that count for a file of many.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct FleetFlags {
    /// How many onboardings of a file run at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Run")]
    concurrency: u16,
    /// Of a file of many, only those that this receipt says are not done
    #[arg(long, value_name = "RECEIPT", help_heading = "Run")]
    only_failed: Option<PathBuf>,
}

impl FleetFlags {
    /// Refuses what has no meaning for one onboarding.
    ///
    /// # Errors
    /// A usage error.
    pub(super) fn fit_one(&self) -> Result<()> {
        match &self.only_failed {
            None => Ok(()),
            Some(_) => Err(Error::usage("--only-failed takes some of many, and here is one onboarding")
                .remedy("give a file with [[onboarding]] more than once with --file, or leave --only-failed out")),
        }
    }
}

/// Who takes part.
struct Chosen {
    places: Vec<usize>,
    /// Those that an earlier run has done, and whose they were.
    done_before: BTreeMap<String, Whose>,
}

fn chosen(fleet: &Fleet, flags: &FleetFlags) -> Result<Chosen> {
    let all = 0..fleet.len();
    let Some(path) = &flags.only_failed else {
        return Ok(Chosen { places: all.collect(), done_before: BTreeMap::new() });
    };
    let told = receipt::read(path)?;
    let known = |name: &str| told.done.contains_key(name) || told.open.contains(name);
    let strangers: Vec<&str> = all.clone().map(|place| fleet.name(place)).filter(|name| !known(name)).collect();
    if strangers.len() == fleet.len() {
        return Err(Error::usage(format!(
            "--only-failed {}: no onboarding of {} is in it",
            path.display(),
            fleet.file.display()
        ))
        .remedy("give the receipt of a run over that file"));
    }
    fits(fleet, path, &told)?;
    if !strangers.is_empty() {
        fleet.printer.say(&format!("Not in the receipt, and left out: {}", strangers.join(", ")));
    }
    let places = all.filter(|place| told.open.contains(fleet.name(*place))).collect();
    Ok(Chosen { places, done_before: told.done })
}

/// Refuses a receipt by which somebody else of the same name is done.
fn fits(fleet: &Fleet, receipt: &Path, told: &Told) -> Result<()> {
    let others: Vec<String> = (0..fleet.len())
        .filter_map(|place| {
            let name = fleet.name(place);
            let different = fleet.whose(place).differs_from(told.done.get(name)?)?;
            Some(format!("{name} ({different})"))
        })
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    let (receipt, file) = (receipt.display(), fleet.file.display());
    Err(Error::usage(format!(
        "--only-failed {receipt}: who is done there is somebody else in {file}: {}",
        others.join(", ")
    ))
    .because("a name says who is done only in the file that the receipt is of")
    .remedy("give the receipt of a run over this file; or leave --only-failed out: what is in place is left as it is"))
}

fn queue(fleet: &Fleet, places: impl IntoIterator<Item = usize>) -> Queue {
    Queue::new(places.into_iter().map(|place| (place, fleet.account_key(place))))
}

/// What came of planning one: a plan, or the error in its place, or both where the plan needs a person.
struct Prospect {
    place: usize,
    plan: Option<Plan>,
    error: Option<Error>,
    /// What the question has to name.
    inherited: Inherited,
}

impl Prospect {
    /// How it ended, if nothing is to be done with it.
    fn ending(&self) -> Option<Ending> {
        self.error.as_ref().map(|error| Ending::of(error.kind.exit_code()))
    }
}

/// Plans everyone, and hands each over as it comes.
///
/// # Errors
/// The interruption, once it was asked for.
async fn plan_each(fleet: &Fleet, flags: &FleetFlags, places: &[usize], mut each: impl FnMut(Prospect)) -> Result<()> {
    let progress = Progress::new(&fleet.printer, "planning", places.len());
    let job = async |place: usize| {
        progress.begin(fleet.name(place), "plan");
        match planned(&fleet.session(place)).await {
            Ok((plan, inherited)) => Prospect { place, error: refusal(&plan), plan: Some(plan), inherited },
            Err(error) => Prospect { place, plan: None, error: Some(error), inherited: Inherited::default() },
        }
    };
    fleet::run(queue(fleet, places.iter().copied()), usize::from(flags.concurrency), job, |place, prospect| {
        progress.counted(fleet.name(place));
        each(prospect);
    })
    .await;
    progress.finish();
    fleet
        .stop
        .check()
        .map_err(|_| wait::interrupted().because("nothing was changed").remedy("run the same command again"))
}

/// One onboarding's plan, as it would be alone.
async fn planned(session: &Session) -> Result<(Plan, Inherited)> {
    session.stop.check()?;
    let world = session.connect().await?;
    let plan = session.reading(session.plan(&world, None)).await?;
    Ok((plan, session.inherited(&world)))
}

/// Plans everyone, in the file's order, and refuses those that would write where another one does.
async fn plan_all(fleet: &Fleet, flags: &FleetFlags, places: &[usize]) -> Result<Vec<Prospect>> {
    let mut prospects = Vec::with_capacity(places.len());
    plan_each(fleet, flags, places, |prospect| prospects.push(prospect)).await?;
    prospects.sort_by_key(|prospect| prospect.place);
    let mut claims = Claims::default();
    for prospect in prospects.iter_mut().filter(|prospect| prospect.error.is_none()) {
        let clash = prospect.plan.as_ref().and_then(|plan| claims.take(prospect.place, plan).err());
        prospect.error = clash.map(|clash| clashing(&clash, fleet.name(clash.with)));
    }
    Ok(prospects)
}

fn clashing(clash: &fleet::Clash, other: &str) -> Error {
    let (step, resource) = (clash.step.word(), &clash.resource);
    Error::refused(format!("the {step} {resource} is also {other}'s"))
        .because("two onboardings of one file would write to the same resource")
        .remedy(format!(
            "give this one a {} of its own, or take it out of the file; nothing of it was written",
            key_of(clash.step)
        ))
}

/// The key of the onboarding file that names the step's resource.
fn key_of(step: crate::steps::Step) -> &'static str {
    use crate::steps::Step;
    match step {
        Step::Bucket | Step::BucketPolicy => "bucket",
        Step::Report => "report_name",
        Step::Policy => "policy_name",
        Step::Role => "role_name",
        Step::User => "user_name",
        Step::BillConnect => "bill_account_id",
    }
}
