//! Every fault at every request: once each, and the run gets over it; for good, and the run says what to do, after which
//! the next one finishes.

use serde_json::Value;

use crate::support::Ran;
use crate::support::accounts;
use crate::support::matrix::{self, Cell};
use crate::support::scenario::{Operation, Scenario, Stage};

/// What may happen to any request once; besides, no answer may come.
const ONCE: [&str; 8] =
    ["lost-before", "lost-after", "status-500", "status-503", "throttled", "reset", "truncated", "garbage"];

/// What may happen to any request for good.
const LASTING: [&str; 4] = ["access-denied", "not-found", "malformed", "conflict"];

#[test]
fn one_fault_at_any_request_changes_nothing_in_the_end() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter() {
        for operation in &scenario.operations {
            for kind in ONCE.into_iter().chain([hang(operation)]).chain(passing(operation)) {
                let name = format!("{}: {kind} at {}", scenario.name, operation.label());
                cells.push(Cell::new(name, move || once(scenario, operation, kind)));
            }
        }
    }
    matrix::run("faults once", "one_fault_at_any_request", cells);
}

#[test]
fn a_fault_that_lasts_is_told_and_the_next_run_finishes() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter() {
        // A read that fails in an empty account fails as in a full one, where it can do more harm.
        let matters =
            |it: &&Operation| it.nth == 1 && (it.write || it.is_flexera() || !scenario.name.starts_with("fresh"));
        for operation in scenario.operations.iter().filter(matters) {
            for kind in LASTING.into_iter().chain(verdicts(operation)) {
                let name = format!("{}: {kind} for good at {}", scenario.name, operation.label());
                cells.push(Cell::new(name, move || for_good(scenario, operation, kind)));
            }
        }
    }
    matrix::run("faults for good", "a_fault_that_lasts", cells);
}

/// A write may hang before it is carried out like a read, which changes nothing, or, worse, after it.
fn hang(operation: &Operation) -> &'static str {
    if operation.write { "hang-after" } else { "hang" }
}

/// What one service alone says, and takes back a moment later.
fn passing(operation: &Operation) -> Vec<&'static str> {
    let service = operation.name.split(' ').next();
    match service {
        Some("iam" | "s3") if operation.write => vec!["busy"],
        Some("onboarding") if operation.name.contains("POST") => vec!["unauthorized", "unusable"],
        Some("onboarding") if operation.name.contains("PATCH") => vec!["unauthorized", "unusable"],
        Some("onboarding") => vec!["unauthorized"],
        _ => Vec::new(),
    }
}

/// What the onboarding API alone says for good.
fn verdicts(operation: &Operation) -> Vec<&'static str> {
    if operation.is_flexera() { vec!["unauthorized", "unusable", "busy"] } else { Vec::new() }
}

fn once(scenario: &Scenario, operation: &Operation, kind: &str) -> Result<(), String> {
    let stage = scenario.stage();
    stage.world.make(&operation.fault(kind));
    // Only where nothing answers is anything waited for.
    let words: &[&str] = if kind.starts_with("hang") { &["--request-timeout", "2"] } else { &[] };
    let ran = stage.run(words);
    if stage.world.faults_made() != 1 {
        return Err("the run never came to that request".to_owned());
    }
    stage.ended_well(&ran)
}

fn for_good(scenario: &Scenario, operation: &Operation, kind: &str) -> Result<(), String> {
    let stage = scenario.stage();
    stage.world.make(&operation.lasting(kind));
    let ran = stage.run(&["--timeout", "1"]);
    if stage.world.faults_made() == 0 {
        return Err("the run never came to that request".to_owned());
    }
    if ran.code == scenario.code && stage.is_as_undisturbed().is_ok() {
        return Ok(());
    }
    is_told(&stage, &ran, operation, kind)?;
    stage.has_no_orphan()?;
    stage.converges()
}

/// The code is one that this fault may have, the error says it in the contract's words, and the receipt has it too.
fn is_told(stage: &Stage, ran: &Ran, operation: &Operation, kind: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{what}: exit {}\n{}{}", ran.code, ran.stdout, ran.stderr));
    if !codes(operation, kind).contains(&ran.code) {
        return wrong("not a code of this fault");
    }
    let error = &ran.json()["error"];
    let word = |key: &str| error[key].as_str().unwrap_or_default();
    let kinds = [(1, "failed"), (4, "permission"), (5, "refused"), (8, "not-validated")];
    if !kinds.contains(&(ran.code, word("kind"))) || word("message").is_empty() || word("remedy").is_empty() {
        return wrong("the error does not say it");
    }
    if kind == "access-denied"
        && operation.name.starts_with("onboarding")
        && !word("remedy").contains("enterprise_manager")
    {
        return wrong("the role that is needed is not named");
    }
    if stage.world.writes().is_empty() {
        return Ok(());
    }
    let receipt = std::fs::read_to_string(stage.home.path().join("receipt.json")).unwrap_or_default();
    let receipt: Value = serde_json::from_str(&receipt).unwrap_or_default();
    if receipt["error"]["message"] == error["message"] { Ok(()) } else { wrong("the receipt does not say it") }
}

/// A denial is one of rights, unless S3 gives it for a bucket, which may be somebody else's; what is missing, wrong or in
/// the way is a failure or needs a person, and what Flexera cannot use is not validated.
fn codes(operation: &Operation, kind: &str) -> &'static [i32] {
    match kind {
        "access-denied" if operation.name == "s3 HeadBucket" => &[5],
        "access-denied" | "unauthorized" => &[4],
        "unusable" if operation.write && operation.name.starts_with("onboarding") => &[8],
        "malformed" if operation.name.starts_with("login") => &[4],
        "not-found" | "conflict" => &[1, 5, 8],
        _ => &[1],
    }
}
