//! Many onboardings against an AWS and an onboarding API in another process, each answer 50 ms late: how long they take
//! beside the ideal, what memory they need, and which of the two processes is the limit where it bends.
//!
//! `cargo run --example bench-fleet` for 1,000 of them, with a number behind `--` for another count. Linux: figures of
//! processes are read from /proc. It builds the release binary, and is an example for the reason that `benches/main.rs`
//! says.

#![expect(clippy::print_stdout, reason = "a table is what this program is for")]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const LATENCY: u64 = 50;
/// One after another the whole fleet would take an hour or so: a sample stands for it.
const SAMPLE: usize = 20;

/// The release binary, in the target folder that this program is in.
fn binary() -> PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    let target = program.ancestors().nth(3).expect("cargo puts examples two folders below target/");
    target.join("release/optima-onboard")
}

fn build() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let binary = binary();
    let target = binary.ancestors().nth(2).expect("it stands two folders below");
    let mut build = Command::new(cargo);
    build.args(["build", "--release", "--locked", "--bin", "optima-onboard", "--target-dir"]).arg(target);
    let status = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
    assert!(status.success(), "the release binary does not build");
}

fn main() {
    build();
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let count: usize = asked.unwrap_or(1000);
    let chain = chain();
    println!("{count} onboardings, each answer {LATENCY} ms late, longest chain of one: {chain:.1} round trips\n");
    println!(
        "| at once | onboardings | wall s | ideal s | wall / ideal | peak MB | client CPU s | server CPU s | client busy | server busy |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for concurrency in [1, 8, 64, 256] {
        let some = if concurrency == 1 { SAMPLE.min(count) } else { count };
        let run = Run::of(some, concurrency, LATENCY);
        let scale = count as f64 / some as f64;
        let wall = run.wall.as_secs_f64() * scale;
        let ideal = count as f64 * chain * LATENCY as f64 / 1e3 / concurrency as f64;
        let note = if some == count { String::new() } else { format!(" (from {some})") };
        println!(
            "| {concurrency} | {count}{note} | {wall:.1} | {ideal:.1} | {:.2} | {:.1} | {:.1} | {:.1} | {:.0} % | {:.0} % |",
            wall / ideal,
            run.peak_kb as f64 / 1e3,
            run.client.as_secs_f64() * scale,
            run.server.as_secs_f64() * scale,
            100.0 * run.client.as_secs_f64() / run.wall.as_secs_f64(),
            100.0 * run.server.as_secs_f64() / run.wall.as_secs_f64(),
        );
    }
    println!("\nMemory by the size of the fleet, 64 at once:");
    for some in [count / 10, count / 2, count] {
        let run = Run::of(some.max(1), 64, LATENCY);
        println!("  {some:>6} onboardings: peak {:.1} MB", run.peak_kb as f64 / 1e3);
    }
    println!("\nBoth work on one thread: a process that is busy all the time is the limit.");
}

/// How many answers one onboarding waits for, one after another: what 100 ms more for each of them cost.
fn chain() -> f64 {
    let median = |latency| {
        let mut walls: Vec<f64> = (0..5).map(|_| Run::of(1, 1, latency).wall.as_secs_f64()).collect();
        walls.sort_by(f64::total_cmp);
        walls[2]
    };
    ((median(LATENCY + 100) - median(LATENCY)) / 0.1).round()
}

/// What one run cost.
struct Run {
    wall: Duration,
    client: Duration,
    server: Duration,
    peak_kb: u64,
}

impl Run {
    fn of(count: usize, concurrency: usize, latency: u64) -> Self {
        let server = Server::start(latency);
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("fleet.toml"), file(count)).expect("written");
        let before = cpu(server.child.id());
        let begun = Instant::now();
        let concurrency = concurrency.to_string();
        let words =
            ["apply", "--file", "fleet.toml", "--yes", "--quiet", "--output", "jsonl", "--concurrency", &concurrency];
        let mut client = Command::new(binary())
            .args(words)
            .env_clear()
            .envs(server.environment.iter().map(|(name, value)| (name, value)))
            .env("HOME", folder.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let id = client.id();
        let out = BufReader::new(client.stdout.take().expect("its output"));
        let lines = std::thread::spawn(move || out.lines().map_while(Result::ok).filter(|line| done(line)).count());
        let (mut spent, mut peak_kb) = (Duration::ZERO, 0);
        let status = loop {
            if let Some(status) = client.try_wait().expect("the binary ends") {
                break status;
            }
            (spent, peak_kb) = (cpu(id).max(spent), peak(id).max(peak_kb));
            std::thread::sleep(Duration::from_millis(5));
        };
        let wall = begun.elapsed();
        let done = lines.join().expect("its lines");
        assert!(status.success() && done == count, "{done} of {count} done, {status}");
        Self { wall, client: spent, server: cpu(server.child.id()) - before, peak_kb }
    }
}

fn done(line: &str) -> bool {
    line.contains("\"result\":\"done\"")
}

/// Each in an account of its own, a tenth of them in one organization.
fn file(count: usize) -> String {
    let mut text = String::new();
    for n in 0..count {
        let (account, org) = (300_000_000_000_u64 + n as u64, 1000 + n / 10);
        write!(text, "[[onboarding]]\nname = \"payer-{n}\"\norg_id = {org}\nassume_role = \"arn:aws:iam::{account}:role/Onboarder\"\n")
            .expect("a string takes everything");
    }
    text
}

/// The sandbox in a process of its own.
struct Server {
    child: Child,
    environment: Vec<(String, String)>,
}

impl Server {
    fn start(latency: u64) -> Self {
        let latency = latency.to_string();
        let words =
            ["sandbox", "--all-accounts", "--propagation", "0", "--latency", &latency, "--quiet", "--output", "jsonl"];
        let mut child = Command::new(binary()).args(words).stdout(Stdio::piped()).spawn().expect("the sandbox starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let document: serde_json::Value = serde_json::from_str(&line).expect("a document");
        let variables = document["environment"].as_object().expect("an environment").iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        // The file says the organizations.
        let variables = variables.filter(|(name, _)| *name != "OPTIMA_ORG_ID");
        let environment = variables.map(|(name, value)| (name.clone(), text(value))).collect();
        Self { child, environment }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It holds nothing that is worth a farewell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// User and system time so far; of a process that is over, nothing.
fn cpu(id: u32) -> Duration {
    let Ok(text) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { return Duration::ZERO };
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    // Ticks of a hundredth of a second on every Linux.
    Duration::from_millis(ticks * 10)
}

/// The peak of the resident memory so far, in kB.
fn peak(id: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
