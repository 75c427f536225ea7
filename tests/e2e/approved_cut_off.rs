//! A run of an approved plan that was killed: the same file finishes it, and a fingerprint alone says what does.

use std::path::Path;

use serde_json::Value;

use crate::support::matrix::{self, Cell};
use crate::support::scenario::{Operation, Scenario};
use crate::support::{World, accounts};

/// Writes the plan of a scenario's apply where the runs find it.
fn approve(world: &World, home: &Path, scenario: &Scenario) -> Value {
    // All but the receipt and the yes, which a plan has no use for.
    let words =
        scenario.words.iter().skip(1).filter(|word| !["--yes", "--receipt", "receipt.json"].contains(&word.as_str()));
    let words: Vec<&str> = words.map(String::as_str).collect();
    let ran = world.onboard(&["plan", "--output", "json"]).args(&words).at_home(home).run().ends(0);
    std::fs::write(home.join("plan.json"), &ran.stdout).expect("a file");
    ran.json()
}

#[test]
fn killed_at_any_write_the_approved_plan_finishes() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter() {
        for operation in scenario.operations.iter().filter(|operation| operation.write) {
            for (moment, kind) in [("before", "hold"), ("after", "hold-after")] {
                let name = format!("{}: approved, killed {moment} {}", scenario.name, operation.label());
                cells.push(Cell::new(name, move || finishes(scenario, operation, kind)));
            }
        }
    }
    matrix::run("approved", "killed_at_any_write_the_approved_plan", cells);
}

fn finishes(scenario: &Scenario, operation: &Operation, kind: &str) -> Result<(), String> {
    let stage = scenario.stage();
    approve(&stage.world, stage.home.path(), scenario);
    stage.world.make(&operation.fault(kind));
    let mut run = stage.start();
    let held = stage.wait_held(|| run.is_over());
    run.kill();
    run.end()?;
    held?;
    stage.world.clear_faults();
    stage.ended_well(&stage.run(&["--plan", "plan.json"]))
}

#[test]
fn what_is_done_already_is_said_and_the_fingerprint_names_the_file() {
    let world = World::new();
    let home = tempfile::tempdir().expect("a home");
    let plan = world.onboard(&["plan", "--output", "json"]).at_home(home.path()).run().ends(0);
    std::fs::write(home.path().join("plan.json"), &plan.stdout).expect("a file");
    let plan = plan.json();
    world.onboard(&["bucket", "--yes"]).run().ends(0);
    world.onboard(&["policy", "--yes"]).run().ends(0);
    let fingerprint = plan["fingerprint"].as_str().expect("a fingerprint");
    let refused = world.apply(&["--plan-fingerprint", fingerprint]).run().ends(5).json();
    let remedy = refused["error"]["remedy"].as_str().unwrap_or_default();
    assert!(remedy.contains("optima-onboard apply --plan FILE"), "{remedy}");

    let said = format!(
        "of the approved plan {fingerprint}, done already: bucket, bucket-policy, policy; this is the rest of it, and nothing else"
    );
    let shown = world.onboard(&["apply", "--plan", "plan.json"]).at_home(home.path()).run().ends(2);
    assert!(shown.stderr.contains(&said), "before the yes: {}", shown.stderr);
    let ran = world.apply(&["--plan", "plan.json"]).at_home(home.path()).run().ends(0).json();
    assert_eq!(ran["warnings"].as_array().and_then(|warnings| warnings.last()), Some(&Value::from(said)));
    let again = world.apply(&["--plan", "plan.json"]).at_home(home.path()).run().ends(0).json();
    assert!(again["warnings"].to_string().contains("nothing of it is left"), "{again}");
}
