//! What it measures and prints.
//!
//! It builds the release binary, starts the sandbox with a latency for each run anew, and prints medians: of a fresh
//! apply, a run that changes nothing and a plan, and of the same job as an AWS CLI script with curl and as a boto3 script.

#[path = "../../tests/e2e/support/chain.rs"]
mod chain;
mod child;
mod jobs;
mod rivals;
mod start_up;
mod world;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use jobs::{Bench, Job};

/// One-way trips included: what the sandbox waits before it answers, in milliseconds.
const LATENCIES: [u32; 3] = [0, 50, 150];

pub fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == child::WORD) {
        return child::measure(&words[1..]);
    }
    let runs = words.iter().find_map(|word| word.parse().ok()).unwrap_or(5);
    let others = if words.iter().any(|word| word == "alone") { &[][..] } else { &[Job::Cli, Job::Boto3] };
    let target = target_folder();
    let bench = Bench { binary: release_binary(&target), rivals: rivals::programs(&target), runs };
    println!("\n{}; medians of {runs} runs each\n", machine());
    for latency in LATENCIES {
        println!("Every answer takes {latency} ms");
        println!("{}", jobs::HEADER);
        let fresh = bench.report(Job::Apply, latency, None);
        for job in [Job::ApplyNewerApi, Job::Again, Job::Plan] {
            bench.report(job, latency, None);
        }
        for job in others {
            bench.report(*job, latency, Some(fresh));
        }
        println!();
    }
    start_up::report(&bench);
    println!("\nA fresh apply, every answer after 50 ms; the first number is the place in the longest chain\n");
    print!("{}", chain::waterfall(&bench.once(Job::Apply, 50).1));
    ExitCode::SUCCESS
}

/// Above `debug/examples`, where this program lies.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    program.ancestors().nth(3).expect("cargo puts examples two folders below target/").to_owned()
}

fn release_binary(target: &Path) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--release", "--locked", "--bin", "optima-onboard", "--target-dir"]).arg(target);
    let status = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
    assert!(status.success(), "the release binary could not be built");
    target.join("release/optima-onboard")
}

fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("a processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = read("/proc/loadavg");
    let load = load.split_whitespace().next().unwrap_or("unknown");
    format!("{cores} × {}, load average {load} at the start", model.trim_start_matches([' ', '\t', ':']))
}
