//! `apply` for a file of many: all planned, one plan shown, one yes, then each carried out.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::results::{Outcome, Results};
use super::{FleetFlags, Prospect, chosen, plan_all, queue};
use crate::apply::{self, Applied};
use crate::cli::apply::untouched;
use crate::cli::run_flags::ApplyFlags;
use crate::error::{Error, Kind, Result};
use crate::fleet::{self, Ending, Whose, receipt};
use crate::output::fleet::{Brief, Progress, text};
use crate::output::{Format, Loudness, json as documents, plan_text};
use crate::plan::Plan;
use crate::prompt::{declined, nobody_says_yes};
use crate::session::{Fleet, Inherited, Session};
use crate::steps::World;

/// The whole of it.
///
/// # Errors
/// What is missing, the interruption before the first write, and a receipt that cannot be written.
pub(in crate::cli) async fn run(fleet: &Fleet, flags: &ApplyFlags, many: &FleetFlags) -> Result<u8> {
    let chosen = chosen(fleet, many)?;
    fleet.require(|session| session.scope(None))?;
    let prospects = plan_all(fleet, many, &chosen.places).await?;
    show(fleet, &prospects);
    match agreed(fleet, flags, &prospects) {
        Ok(true) => carry_out(fleet, flags, many, prospects, &chosen.done_before).await,
        Ok(false) => ended_before(fleet, prospects, declined("not applied")),
        Err(error) => ended_before(fleet, prospects, error),
    }
}

fn show(fleet: &Fleet, prospects: &[Prospect]) {
    let printer = &fleet.printer;
    if printer.format != Format::Text || printer.loudness == Loudness::Quiet {
        return;
    }
    let paint = printer.paint_err();
    if printer.loudness == Loudness::Verbose {
        for (prospect, plan) in prospects.iter().filter_map(|prospect| Some((prospect, prospect.plan.as_ref()?))) {
            let name = paint.strong(fleet.name(prospect.place));
            printer.say(&format!("{name}\n{}\n", plan_text::plan(plan, printer.loudness, paint)));
        }
    }
    let brief = |one: &Prospect| Brief::of(fleet.name(one.place), one.plan.as_ref(), one.error.as_ref());
    let briefs: Vec<Brief> = prospects.iter().map(brief).collect();
    printer.say(&format!("{}\n", text::plan(&briefs, &fleet.file, printer.loudness, paint)));
}

/// Those that will be carried out and change something.
fn changing(prospects: &[Prospect]) -> Vec<(&Plan, &Inherited)> {
    let fine = prospects.iter().filter(|prospect| prospect.error.is_none());
    let planned = fine.filter_map(|prospect| Some((prospect.plan.as_ref()?, &prospect.inherited)));
    planned.filter(|(plan, _)| plan.has_changes()).collect()
}

/// One yes for all, by flag or by a person; none is needed where nothing would be written.
fn agreed(fleet: &Fleet, flags: &ApplyFlags, prospects: &[Prospect]) -> Result<bool> {
    let changing = changing(prospects);
    if flags.yes || changing.is_empty() {
        return Ok(true);
    }
    if !fleet.may_ask() {
        return Err(nobody_says_yes());
    }
    let accounts: BTreeSet<&str> = changing.iter().map(|(plan, _)| plan.onboarding.account_id.as_str()).collect();
    let these = match changing.len() {
        1 => "this onboarding".to_owned(),
        count => format!("these {count} onboardings"),
    };
    let accounts =
        if accounts.len() == 1 { "1 AWS account".to_owned() } else { format!("{} AWS accounts", accounts.len()) };
    let inherited = Inherited::of_all(changing.iter().map(|(_, inherited)| *inherited));
    // Whoever is asked is the same for all.
    fleet.session(0).prompter().confirm(&inherited.question(&format!("Apply {these} to {accounts}?")))
}

async fn carry_out(
    fleet: &Fleet,
    flags: &ApplyFlags,
    many: &FleetFlags,
    prospects: Vec<Prospect>,
    done_before: &BTreeMap<String, Whose>,
) -> Result<u8> {
    let receipt = begin_receipt(fleet, flags, &prospects, done_before)?;
    let order = prospects.iter().map(|prospect| prospect.place).collect();
    let results = RefCell::new(Results::begin(fleet, order, receipt));
    let mut plans = BTreeMap::new();
    for prospect in prospects {
        match (prospect.plan, prospect.error) {
            (Some(plan), None) => drop(plans.insert(prospect.place, plan)),
            (plan, error) => results.borrow_mut().add(left_out(prospect.place, plan, error)),
        }
    }
    let progress = Progress::new(&fleet.printer, "applying", plans.len());
    let turns = queue(fleet, plans.keys().copied().collect::<Vec<_>>());
    // Each plan goes with its job, so that what is held becomes less with every one that ends.
    let plans = RefCell::new(plans);
    let job = async |place: usize| {
        let plan = plans.borrow_mut().remove(&place)?;
        let tell = |event| progress.tell(fleet.name(place), event);
        progress.begin(fleet.name(place), "connecting");
        let (begun, applied) = carry_out_one(&fleet.session(place), &plan, &tell).await;
        Some(outcome(place, &plan, applied, begun))
    };
    fleet::run(turns, usize::from(many.concurrency), job, |place, outcome| {
        let Some(outcome) = outcome else { return };
        progress.ended(fleet.name(place), outcome.ending);
        results.borrow_mut().add(outcome);
    })
    .await;
    progress.finish();
    Ok(results.into_inner().end(None))
}

/// Whether a job has come to its first request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    No,
    Yes,
}

async fn carry_out_one(session: &Session, plan: &Plan, tell: &dyn Fn(apply::Event)) -> (Begun, Applied) {
    if let Err(error) = session.stop.check() {
        return (
            Begun::No,
            untouched(plan, error.because("the run was stopped before its turn; nothing of it was written")),
        );
    }
    match connected(session, plan).await {
        Ok(world) => (Begun::Yes, apply::run(&world, plan, tell).await),
        Err(error) => (Begun::Yes, untouched(plan, error)),
    }
}

/// The clients, known to be in the account that the plan was made for: of many not all are kept from the plan to the yes,
/// and what a profile stands for can change meanwhile. A role's account stands in its ARN.
async fn connected(session: &Session, plan: &Plan) -> Result<World> {
    let world = session.connect().await?;
    if session.answers.assume_role.is_none() && plan.has_changes() {
        let (planned, found) = (&plan.onboarding.account_id, world.aws.caller().await?.account);
        if found != *planned {
            return Err(Error::refused(format!("the plan is for account {planned}, and AWS now says {found}"))
                .because("the credentials became somebody else's after the plan was made; nothing of it was written")
                .remedy(format!("use credentials of {planned}, then run the same command again")));
        }
    }
    Ok(world)
}

fn outcome(place: usize, plan: &Plan, applied: Applied, begun: Begun) -> Outcome {
    let ending = match (&applied.error, begun) {
        (Some(error), Begun::No) => Ending::skipped(error.kind),
        (Some(error), Begun::Yes) if error.kind == Kind::Interrupted && is_in_place(&applied) => {
            Ending::not_validated(error.kind)
        }
        (Some(error), Begun::Yes) => Ending::of(error.kind.exit_code()),
        (None, _) => Ending::of(0),
    };
    let document = documents::apply(plan, &applied);
    Outcome { place, ending, document, words: words(plan, &applied), error: applied.error }
}

/// Whether every write is done, so that a stop met nothing but the validation.
fn is_in_place(applied: &Applied) -> bool {
    applied.outcomes.iter().all(|(_, outcome)| matches!(outcome, apply::Outcome::Done | apply::Outcome::Unchanged))
}

/// `account 1 -> organization 2: 6 created, bill connect aws-1 validated`.
fn words(plan: &Plan, applied: &Applied) -> String {
    let (one, count) = (&plan.onboarding, plan.summary());
    let mut said = vec![match (applied.error.is_none(), plan.has_changes()) {
        (true, true) => format!("{} created, {} updated, {} kept", count.create, count.update, count.keep),
        (true, false) => "nothing to change".to_owned(),
        (false, _) => String::new(),
    }];
    if let Some(id) = &applied.standing.id {
        let validated = if applied.standing.validated == Some(true) { " (validated)" } else { "" };
        said.push(format!("bill connect {id}{validated}"));
    }
    said.retain(|part| !part.is_empty());
    let place = format!("account {} -> organization {}", one.bill_account_id, one.org_id);
    if said.is_empty() { place } else { format!("{place}: {}", said.join(", ")) }
}

/// One of which nothing is carried out.
fn left_out(place: usize, plan: Option<Plan>, error: Option<Error>) -> Outcome {
    let ending = error.as_ref().map_or(Ending::of(0), |error| Ending::of(error.kind.exit_code()));
    let document = match (&plan, &error) {
        (Some(plan), Some(error)) => documents::apply(plan, &untouched(plan, error.clone())),
        _ => Value::Null,
    };
    Outcome { place, ending, document, words: String::new(), error }
}

/// In text the plan was shown already; a document says of each that nothing was done, and why.
fn ended_before(fleet: &Fleet, prospects: Vec<Prospect>, error: Error) -> Result<u8> {
    if fleet.printer.format == Format::Text {
        return Err(error);
    }
    let order = prospects.iter().map(|prospect| prospect.place).collect();
    let mut results = Results::begin(fleet, order, None);
    for prospect in prospects {
        results.add(match (prospect.plan, prospect.error) {
            (Some(plan), None) => {
                let document = documents::apply(&plan, &untouched(&plan, error.clone()));
                let ending = Ending::skipped(error.kind);
                Outcome { place: prospect.place, ending, document, words: String::new(), error: None }
            }
            (plan, error) => left_out(prospect.place, plan, error),
        });
    }
    Ok(results.end(Some(&error)))
}

/// Before the first write: who is written to, and the bucket policies that stand there now.
fn begin_receipt(
    fleet: &Fleet,
    flags: &ApplyFlags,
    prospects: &[Prospect],
    done_before: &BTreeMap<String, Whose>,
) -> Result<Option<receipt::Writer>> {
    let path = match &flags.receipt {
        Some(path) => Some(path.clone()),
        None if fleet.is_rehearsal() => None,
        None => receipt::default_path(&fleet.file),
    };
    let Some(path) = path else { return Ok(None) };
    let planned = prospects.iter().map(|prospect| {
        let plan = prospect.plan.as_ref();
        let said = plan.map(|plan| Whose::planned(&plan.onboarding)).unwrap_or_default();
        let mut one = receipt::of_one(fleet.name(prospect.place), &said.or(fleet.whose(prospect.place)));
        one["bucket_policy_before"] = json!(plan.and_then(apply::receipt::policy_before));
        one
    });
    receipt::Writer::begin(&path, &fleet.file, done_before, planned).map(Some)
}
