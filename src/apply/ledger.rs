//! What has been done so far: written while chains run side by side, closed into one result.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Serialize;

use crate::error::{Error, Kind};
use crate::plan::{Aim, Plan};
use crate::steps::Step;
use crate::steps::bill_connect::Standing;

/// Something that a person may want to see while it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step begins to write.
    Started(Step),
    /// It is done, after this time.
    Finished(Step, Duration),
    /// A part of it is done; the rest waits for something else.
    Paused(Step),
    /// It failed, after this time.
    Failed(Step, Duration),
    /// The person said stop while it waited, after this time: whether what it last asked for happened is open.
    Interrupted(Step, Duration),
    /// The onboarding API is asked whether it can read.
    Validating,
    /// The person said stop before it was begun, or between two of its writes; in a word, which.
    Left(Step, &'static str),
    /// The person said stop: what is under way is finished, and nothing more is begun.
    Stopping,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Every write was carried out.
    Done,
    /// There was nothing to write.
    Unchanged,
    /// A write failed.
    Failed,
    /// The person said stop while a write waited: it may have happened or not. To scripts, which know four words, it failed.
    #[serde(rename = "failed")]
    Interrupted,
    /// It was not begun, or not finished, because something before it failed or the person said stop.
    Skipped,
}

/// What came of a plan.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Each step's outcome, in the plan's order.
    pub outcomes: Vec<(Step, Outcome)>,
    /// How the bill connect stands.
    pub standing: Standing,
    /// What ended the run, complete with what exists now and what to type next.
    pub error: Option<Error>,
}

/// The record behind chains that run side by side on one thread.
#[derive(Debug)]
pub struct Ledger {
    planned: BTreeMap<Step, usize>,
    written: RefCell<BTreeMap<Step, usize>>,
    spent: RefCell<BTreeMap<Step, Duration>>,
    errors: RefCell<BTreeMap<Step, Error>>,
    left: RefCell<BTreeSet<Step>>,
    validation: RefCell<Option<Error>>,
}

impl Ledger {
    /// A blank record of this plan.
    pub fn new(plan: &Plan) -> Self {
        Self {
            planned: plan.steps.iter().map(|planned| (planned.step, planned.writes.len())).collect(),
            written: RefCell::default(),
            spent: RefCell::default(),
            errors: RefCell::default(),
            left: RefCell::default(),
            validation: RefCell::default(),
        }
    }

    /// One write of the step is done.
    pub fn written(&self, step: Step) {
        *self.written.borrow_mut().entry(step).or_default() += 1;
    }

    /// So much more time went into the step; what that makes it.
    pub fn spent(&self, step: Step, time: Duration) -> Duration {
        let mut spent = self.spent.borrow_mut();
        let total = spent.entry(step).or_default();
        *total += time;
        *total
    }

    /// Whether every write of the step is done.
    pub fn is_done(&self, step: Step) -> bool {
        self.outcome(step) == Outcome::Done
    }

    /// The step failed.
    pub fn failed(&self, step: Step, error: Error) {
        self.errors.borrow_mut().entry(step).or_insert(error);
    }

    /// The person said stop before the step's next write; how far it is, in a word.
    pub fn left(&self, step: Step, stop: Error) -> &'static str {
        self.left.borrow_mut().insert(step);
        self.failed(step, stop);
        if self.written.borrow().contains_key(&step) { "not finished" } else { "not begun" }
    }

    /// The validation could not be asked for.
    pub fn fail_validation(&self, error: Error) {
        *self.validation.borrow_mut() = Some(error);
    }

    /// The result.
    pub fn close(self, plan: &Plan, standing: Option<Standing>) -> Applied {
        let outcomes: Vec<(Step, Outcome)> =
            plan.steps.iter().map(|planned| (planned.step, self.outcome(planned.step))).collect();
        let standing = standing.unwrap_or_else(|| Standing { message: plan.by_hand.clone(), ..Standing::default() });
        let error = self.first_error(plan.aim, &outcomes, &standing).or_else(|| left_by_hand(plan));
        Applied { outcomes, standing, error }
    }

    fn outcome(&self, step: Step) -> Outcome {
        let planned = self.planned.get(&step).copied().unwrap_or_default();
        let written = self.written.borrow().get(&step).copied().unwrap_or_default();
        let errors = self.errors.borrow();
        let failed = errors.get(&step).filter(|_| !self.left.borrow().contains(&step));
        match (failed, planned) {
            (Some(error), _) if error.kind == Kind::Interrupted => Outcome::Interrupted,
            (Some(_), _) => Outcome::Failed,
            (None, 0) => Outcome::Unchanged,
            (None, planned) if planned == written => Outcome::Done,
            _ => Outcome::Skipped,
        }
    }

    /// The first failure in the plan's order, with what exists now; a failure hides an interruption.
    fn first_error(&self, aim: Aim, outcomes: &[(Step, Outcome)], standing: &Standing) -> Option<Error> {
        let errors = self.errors.borrow();
        let first = errors.values().find(|error| error.kind != Kind::Interrupted).or_else(|| errors.values().next());
        if let Some(error) = first {
            return Some(with_state(error.clone(), aim, outcomes));
        }
        if let Some(error) = self.validation.borrow().clone() {
            let error = match error.kind {
                Kind::Interrupted => error.because("only whether Flexera can read the bill was left"),
                _ => error,
            };
            return Some(with_state(error, aim, outcomes));
        }
        (standing.validated == Some(false)).then(|| {
            let said = standing.message.clone().unwrap_or_else(|| "the API gave no reason".to_owned());
            Error::new(Kind::NotValidated, "everything is applied, but the onboarding API cannot read the bill yet")
                .because(said)
                .remedy("AWS may need a few minutes more: optima-onboard verify says what is missing; running the same command again validates again")
        })
    }
}

/// Everything that can be done is done, and still nothing is connected: a script must not take that for success.
fn left_by_hand(plan: &Plan) -> Option<Error> {
    let itself = "--api flexera-one and without --access-key-file, which registers a key itself";
    let (what, next) = match &plan.onboarding.access_key_file {
        Some(file) => (
            "everything in AWS is in place; the bill connect is left to you",
            format!("do that with the key in {}, or run again with {itself}", file.display()),
        ),
        None => (
            "everything in AWS but an access key is in place; the bill connect is left to you",
            format!("run again with --access-key-file FILE, which makes a key for that, or with {itself}"),
        ),
    };
    Some(Error::new(Kind::NotValidated, what).because(plan.by_hand.clone()?).remedy(next))
}

/// Says what exists now, so that a person knows that nothing is lost.
fn with_state(error: Error, aim: Aim, outcomes: &[(Step, Outcome)]) -> Error {
    let named = |wanted: &[Outcome]| {
        let words: Vec<&str> =
            outcomes.iter().filter(|(_, outcome)| wanted.contains(outcome)).map(|(step, _)| step.word()).collect();
        if words.is_empty() { NOTHING.to_owned() } else { words.join(", ") }
    };
    let (done, kept) = (named(&[Outcome::Done]), named(&[Outcome::Done, Outcome::Unchanged]));
    let (open, rest) = (named(&[Outcome::Interrupted]), named(&[Outcome::Failed, Outcome::Skipped]));
    let parts = match aim {
        Aim::Onboard => [("in place now", kept), (OPEN, open), ("not finished", rest)],
        Aim::Destroy => [("removed now", done), (OPEN, open), ("still to be removed", rest)],
    };
    // That nothing is there yet is worth a word, that nothing is open is not.
    let told = parts.iter().enumerate().filter(|(place, (_, steps))| *place == 0 || steps != NOTHING);
    let told: Vec<String> = told.map(|(_, (what, steps))| format!("{what}: {steps}")).collect();
    // What the error says to do stands above, and is done first.
    let again = if error.remedy.is_none() { "running the same command again" } else { "the same command" };
    error.remedy_too(&format!("{}; {again} goes on from there", told.join("; ")))
}

const NOTHING: &str = "nothing";
/// What may have happened or not.
const OPEN: &str = "interrupted, done or not as the next run sees";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Planned;
    use crate::steps::{bucket, policy, samples};

    fn plan() -> Plan {
        let bucket = Planned::create(
            Step::Bucket,
            "b",
            vec![],
            vec![bucket::Write::Create.into(), bucket::Write::Settle.into()],
        );
        let policy = Planned::create(Step::Policy, "p", vec![], vec![policy::Write::Create.into()]);
        Plan {
            aim: Aim::Onboard,
            onboarding: samples::onboarding(&[]),
            steps: vec![bucket, policy, Planned::keep(Step::Role, "r")],
            warnings: vec![],
            by_hand: None,
        }
    }

    #[test]
    fn a_step_is_done_only_when_all_its_writes_are() {
        let plan = plan();
        let ledger = Ledger::new(&plan);
        ledger.written(Step::Bucket);
        ledger.failed(Step::Policy, Error::permission("denied"));
        let applied = ledger.close(&plan, None);
        let outcomes: Vec<Outcome> = applied.outcomes.iter().map(|(_, outcome)| *outcome).collect();
        assert_eq!(outcomes, [Outcome::Skipped, Outcome::Failed, Outcome::Unchanged]);
        let remedy = applied.error.and_then(|error| error.remedy).expect("says how to go on");
        assert!(remedy.contains("in place now: role; not finished: bucket, policy"), "{remedy}");
    }

    #[test]
    fn what_was_stopped_before_it_began_did_not_fail() {
        let plan = plan();
        let ledger = Ledger::new(&plan);
        ledger.written(Step::Bucket);
        assert_eq!(ledger.left(Step::Bucket, crate::wait::interrupted()), "not finished");
        assert_eq!(ledger.left(Step::Policy, crate::wait::interrupted()), "not begun");
        let applied = ledger.close(&plan, None);
        let outcomes: Vec<Outcome> = applied.outcomes.iter().map(|(_, outcome)| *outcome).collect();
        assert_eq!(outcomes, [Outcome::Skipped, Outcome::Skipped, Outcome::Unchanged]);
        assert_eq!(applied.error.map(|error| error.kind), Some(Kind::Interrupted));
    }

    #[test]
    fn what_was_stopped_while_it_waited_is_open_and_not_called_failed() {
        let plan = plan();
        let ledger = Ledger::new(&plan);
        ledger.failed(Step::Policy, crate::wait::interrupted());
        ledger.left(Step::Bucket, crate::wait::interrupted());
        let applied = ledger.close(&plan, None);
        let outcomes: Vec<Outcome> = applied.outcomes.iter().map(|(_, outcome)| *outcome).collect();
        assert_eq!(outcomes, [Outcome::Skipped, Outcome::Interrupted, Outcome::Unchanged]);
        assert_eq!(serde_json::json!(outcomes), serde_json::json!(["skipped", "failed", "unchanged"]));
        let remedy = applied.error.and_then(|error| error.remedy).expect("says how to go on");
        assert!(
            remedy.contains("; interrupted, done or not as the next run sees: policy; not finished: bucket;"),
            "{remedy}"
        );
    }

    #[test]
    fn what_the_error_says_comes_before_the_same_command() {
        let state = |error| with_state(error, Aim::Onboard, &[]).remedy.unwrap_or_default();
        let said = state(Error::failed("it failed"));
        assert_eq!(said, "in place now: nothing; running the same command again goes on from there");
        let said = state(Error::failed("it failed").remedy("delete one"));
        assert_eq!(said, "delete one\nin place now: nothing; the same command goes on from there");
    }

    #[test]
    fn not_validated_is_an_end_of_its_own() {
        let plan = plan();
        let ledger = Ledger::new(&plan);
        for step in [Step::Bucket, Step::Bucket, Step::Policy] {
            ledger.written(step);
        }
        assert!(ledger.is_done(Step::Bucket));
        let standing = Standing { id: None, validated: Some(false), message: Some("access denied".into()) };
        let error = ledger.close(&plan, Some(standing)).error.expect("an error");
        assert_eq!((error.kind, error.cause.as_deref()), (Kind::NotValidated, Some("access denied")));
    }
}
