//! One run of one program, measured whole: wall time, processor time and peak memory of it and all it started.
//!
//! The system sums these up for all children of a process at once. So each run gets a process of its own between it and
//! the bench: this program again, called with [`WORD`].

use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::{Value, json};

/// The word that makes this program the process in between.
pub const WORD: &str = "--measure";

/// What one run cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub wall: Duration,
    pub cpu: Duration,
    /// In bytes.
    pub memory: u64,
}

/// Runs it in `folder`, with these variables and no others but PATH, and fails loudly if it fails.
pub fn run(words: &[String], folder: &Path, variables: &[(String, String)]) -> Cost {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.arg(WORD).args(words).current_dir(folder).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", folder);
    command.env("AWS_EC2_METADATA_DISABLED", "true").envs(variables.iter().cloned());
    let output = command.output().expect("this program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {}\n{said}\n{errors}", output.status);
    let cost: Value =
        serde_json::from_str(errors.lines().last().unwrap_or_default()).expect("the last line is the cost");
    let micros = |name: &str| Duration::from_micros(cost[name].as_u64().unwrap_or_default());
    Cost { wall: micros("wall_us"), cpu: micros("cpu_us"), memory: cost["memory"].as_u64().unwrap_or_default() }
}

/// The process in between: runs the words, and writes what that cost as the last line of standard error.
pub fn measure(words: &[String]) -> ExitCode {
    match measured(words) {
        Ok((true, cost)) => {
            eprintln!("\n{cost}");
            ExitCode::SUCCESS
        }
        Ok((false, _)) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{words:?}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measured(words: &[String]) -> io::Result<(bool, Value)> {
    let [program, arguments @ ..] = words else { return Err(io::ErrorKind::InvalidInput.into()) };
    let begun = Instant::now();
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).status()?;
    let wall = begun.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let cost = json!({ "wall_us": wall.as_micros() as u64, "cpu_us": cpu, "memory": usage.max_rss() * unit });
    Ok((status.success(), cost))
}
