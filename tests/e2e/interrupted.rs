//! Ctrl-C in a terminal at every request: the run ends at the next safe place, says what exists and how to go on, leaves
//! the terminal as it was, and the next run finishes. A second Ctrl-C does not wait.

use std::time::{Duration, Instant};

use optima_onboard::sandbox::Options;

use crate::support::accounts;
use crate::support::matrix::{self, Cell};
use crate::support::scenario::{Operation, Scenario, Stage};
use crate::support::terminal::{Key, Terminal};

/// Half of what a request may take before it is given up, so that nobody takes the one for the other.
const AT_ONCE: Duration = Duration::from_secs(10);

const INTERRUPTED: u32 = 130;

#[test]
fn interrupted_at_any_request_the_next_run_finishes() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter() {
        for operation in &scenario.operations {
            let name = format!("{}: Ctrl-C at {}", scenario.name, operation.label());
            cells.push(Cell::new(name, move || once(scenario, operation)));
        }
    }
    matrix::run("interrupted", "interrupted_at_any_request", cells);
}

#[test]
fn a_second_interrupt_leaves_at_once() {
    let mut cells = Vec::new();
    for scenario in accounts::ALL.iter() {
        for operation in scenario.operations.iter().filter(|operation| operation.write) {
            let name = format!("{}: Ctrl-C twice at {}", scenario.name, operation.label());
            cells.push(Cell::new(name, move || twice(scenario, operation)));
        }
    }
    matrix::run("interrupted twice", "a_second_interrupt", cells);
}

#[test]
fn interrupted_while_it_waits_for_flexera_the_next_run_finishes() {
    let mut cells = Vec::new();
    let by_role = accounts::ALL.iter().filter(|scenario| scenario.name.starts_with("fresh role"));
    for scenario in by_role {
        let name = format!("{}: Ctrl-C while waiting", scenario.name);
        cells.push(Cell::new(name, move || waiting(scenario)));
    }
    matrix::run("interrupted waiting", "interrupted_while_it_waits", cells);
}

fn once(scenario: &Scenario, operation: &Operation) -> Result<(), String> {
    let stage = scenario.stage();
    stage.world.make(&operation.fault("hold"));
    let mut terminal = open(&stage);
    stage.wait_held(|| terminal.is_over())?;
    terminal.send(Key::CtrlC.bytes());
    // While it only reads it leaves at once; a write is finished first.
    heard(&mut terminal)?;
    stage.world.let_go();
    ended(&mut terminal, scenario)?;
    stage.converges()
}

fn twice(scenario: &Scenario, operation: &Operation) -> Result<(), String> {
    let stage = scenario.stage();
    stage.world.make(&operation.fault("hold"));
    let mut terminal = open(&stage);
    stage.wait_held(|| terminal.is_over())?;
    terminal.send(Key::CtrlC.bytes());
    heard(&mut terminal)?;
    let start = Instant::now();
    terminal.send(Key::CtrlC.bytes());
    let code = terminal.finish();
    if code != INTERRUPTED || start.elapsed() > AT_ONCE {
        return Err(format!("exit {code} after {:?}\n{}", start.elapsed(), terminal.screen()));
    }
    is_restored(&terminal)?;
    stage.converges()
}

fn waiting(scenario: &Scenario) -> Result<(), String> {
    let stage = scenario.stage_with(|options| Options { propagation: Duration::from_secs(3600), ..options });
    let mut terminal = open(&stage);
    let asked = |stage: &Stage| {
        let flexera = |name: &str| name.contains("iam_role") || name.contains("/validation");
        stage.world.seen().iter().filter(|name| flexera(name)).count()
    };
    let start = Instant::now();
    while asked(&stage) < 2 {
        if terminal.is_over() || start.elapsed() > Duration::from_secs(60) {
            return Err(format!("it does not wait\n{}", terminal.screen()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    terminal.send(Key::CtrlC.bytes());
    ended(&mut terminal, scenario)
}

fn open(stage: &Stage) -> Terminal {
    Terminal::open(stage.command(&[]), 100, 60)
}

/// The run has taken the interrupt: it says so, or is over.
fn heard(terminal: &mut Terminal) -> Result<(), String> {
    let start = Instant::now();
    while !terminal.text().contains("stopping after") && !terminal.is_over() {
        if start.elapsed() > Duration::from_secs(60) {
            return Err(format!("it did not hear\n{}", terminal.screen()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Interrupted with what exists and how to go on; or done, where nothing was left to begin.
fn ended(terminal: &mut Terminal, scenario: &Scenario) -> Result<(), String> {
    let code = terminal.finish();
    is_restored(terminal)?;
    if i32::try_from(code) == Ok(scenario.code) {
        return Ok(());
    }
    let text = terminal.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let says = text.contains("nothing was changed") || text.contains("in place now:");
    if code == INTERRUPTED && says && text.contains("same command again") {
        return Ok(());
    }
    Err(format!("exit {code}\n{}", terminal.screen()))
}

fn is_restored(terminal: &Terminal) -> Result<(), String> {
    if terminal.has_cursor() && terminal.echoes() && !terminal.reads_keys() {
        return Ok(());
    }
    Err(format!("the terminal is not as it was\n{}", terminal.screen()))
}
