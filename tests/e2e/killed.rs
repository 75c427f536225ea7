//! Killed at every request, before it was carried out and after it but before its answer: the next run finishes as if
//! nothing had been.

use crate::support::accounts;
use crate::support::matrix::{self, Cell};
use crate::support::scenario::{Operation, Scenario};

#[test]
fn killed_at_any_request_the_next_run_finishes() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter() {
        for operation in &scenario.operations {
            for (moment, kind) in [("before", "hold"), ("after", "hold-after")] {
                let name = format!("{}: killed {moment} {}", scenario.name, operation.label());
                cells.push(Cell::new(name, move || killed(scenario, operation, kind)));
            }
        }
    }
    matrix::run("killed", "killed_at_any_request", cells);
}

fn killed(scenario: &Scenario, operation: &Operation, kind: &str) -> Result<(), String> {
    let stage = scenario.stage();
    stage.world.make(&operation.fault(kind));
    let mut run = stage.start();
    let held = stage.wait_held(|| run.is_over());
    run.kill();
    run.end()?;
    held?;
    stage.converges()
}

/// What keeps containers and jobs asks before it kills: the request under way is finished, and what exists is said.
#[cfg(unix)]
#[test]
fn asked_to_end_at_any_write_it_says_what_exists_and_the_next_run_finishes() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter().filter(|scenario| scenario.name.starts_with("fresh")) {
        for operation in scenario.operations.iter().filter(|operation| operation.write) {
            let name = format!("{}: asked to end at {}", scenario.name, operation.label());
            cells.push(Cell::new(name, move || asked_to_end(scenario, operation)));
        }
    }
    matrix::run("asked to end", "asked_to_end_at_any_write", cells);
}

#[cfg(unix)]
fn asked_to_end(scenario: &Scenario, operation: &Operation) -> Result<(), String> {
    let stage = scenario.stage();
    stage.world.make(&operation.fault("hold"));
    let mut run = stage.start();
    stage.wait_held(|| run.is_over())?;
    run.terminate();
    // Long enough for who would not listen to be gone, and for who listens to have heard.
    std::thread::sleep(std::time::Duration::from_millis(200));
    if run.is_over() {
        return Err("it did not wait for the write that was under way".to_owned());
    }
    stage.world.let_go();
    let output = run.end()?;
    let said = String::from_utf8_lossy(&output.stdout);
    match output.status.code() {
        Some(130) if said.contains("in place now: ") => stage.converges(),
        // That write was the last thing to do.
        code if code == Some(scenario.code) => stage.is_as_undisturbed(),
        _ => Err(format!("{}\n{said}", output.status)),
    }
}
