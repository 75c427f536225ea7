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
