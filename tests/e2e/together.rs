//! Two runs at once on one account: one of each in the end, and each run's exit code is true.

use std::time::Duration;

use optima_onboard::sandbox::Options;
use serde_json::Value;

use crate::support::accounts;
use crate::support::matrix::{self, Cell};
use crate::support::scenario::{Operation, Running, Scenario, Stage};

#[test]
fn a_run_overtaken_by_another_at_any_request_ends_truly() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter() {
        for operation in &scenario.operations {
            // What a read that stands still would see, it has seen or not: only writes have two moments.
            let after = operation.write.then_some(("after", "hold-after"));
            for (moment, kind) in [("before", "hold")].into_iter().chain(after) {
                let name = format!("{}: overtaken {moment} {}", scenario.name, operation.label());
                cells.push(Cell::new(name, move || overtaken(scenario, operation, kind)));
            }
        }
    }
    matrix::run("together, one overtaken", "a_run_overtaken", cells);
}

#[test]
fn two_runs_side_by_side_end_truly() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter() {
        for (latency, lead) in [(0, 0), (2, 0), (2, 5), (2, 20), (5, 0), (5, 40), (5, 90), (10, 60)] {
            let name = format!("{}: side by side, latency {latency} ms, lead {lead} ms", scenario.name);
            cells.push(Cell::new(name, move || side_by_side(scenario, latency, lead)));
        }
    }
    matrix::run("together, side by side", "two_runs_side_by_side", cells);
}

/// The first stands still at a request while the second does all of it.
fn overtaken(scenario: &Scenario, operation: &Operation, kind: &str) -> Result<(), String> {
    let stage = scenario.stage();
    stage.world.make(&operation.fault(kind));
    let mut first = stage.start();
    stage.wait_held(|| first.is_over())?;
    let second = End::of(stage.start())?;
    stage.world.let_go();
    both_true(scenario, &stage, &[End::of(first)?, second])
}

fn side_by_side(scenario: &Scenario, latency: u64, lead: u64) -> Result<(), String> {
    let propagation = Duration::ZERO;
    let stage =
        scenario.stage_with(|options| Options { latency: Duration::from_millis(latency), propagation, ..options });
    let first = stage.start();
    // Where the second one begins is the point of the cell; nothing depends on it being met exactly.
    std::thread::sleep(Duration::from_millis(lead));
    let second = stage.start();
    // Both are waited for, whatever became of the first.
    let (first, second) = (End::of(first), End::of(second));
    both_true(scenario, &stage, &[first?, second?])
}

/// How a run ended.
struct End {
    code: i32,
    document: Value,
}

impl End {
    fn of(run: Running) -> Result<Self, String> {
        let output = run.end()?;
        let document = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
        Ok(Self { code: output.status.code().ok_or("killed")?, document })
    }
}

/// An end as the undisturbed one, or one that says what to do; and one of each, at once or after another run.
fn both_true(scenario: &Scenario, stage: &Stage, ends: &[End]) -> Result<(), String> {
    for end in ends {
        let remedy = end.document["error"]["remedy"].as_str().unwrap_or_default();
        let says = matches!(end.code, 1 | 5 | 8) && !remedy.is_empty();
        if end.code != scenario.code && !says {
            return Err(format!("exit {}: {:#}", end.code, end.document));
        }
    }
    let codes: Vec<i32> = ends.iter().map(|end| end.code).collect();
    if !codes.contains(&scenario.code) {
        return Err(format!("neither of them did it: {codes:?}\n{:#}\n{:#}", ends[0].document, ends[1].document));
    }
    stage.has_no_orphan().map_err(|why| format!("{why}, after {codes:?}"))?;
    if codes == [scenario.code; 2] {
        return stage.is_as_undisturbed_by_one().map_err(|why| format!("both ended well, but {why}"));
    }
    stage.world.clear_faults();
    let third = stage.run(&[]);
    if third.code != scenario.code {
        return Err(format!("a third run ends with {}\n{}{}", third.code, third.stdout, third.stderr));
    }
    stage.is_as_undisturbed_by_one()
}
