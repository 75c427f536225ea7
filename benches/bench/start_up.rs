//! How long a program takes to say something about itself; and in instructions, where valgrind is installed, because
//! they do not depend on what else the machine does.

use std::process::Command;

use super::child::{self, Cost};
use super::jobs::{Bench, median, ms, path};

/// Short runs need more of them than long ones.
const RUNS: usize = 21;

pub fn report(bench: &Bench) {
    let own = path(&bench.binary);
    println!("Start-up, medians of {RUNS} runs");
    println!("                                     wall       CPU     peak   instructions");
    for (name, words) in [
        ("optima-onboard --help", vec![own.clone(), "--help".to_owned()]),
        ("optima-onboard --version", vec![own.clone(), "--version".to_owned()]),
        ("optima-onboard apply --help", vec![own, "apply".to_owned(), "--help".to_owned()]),
        ("aws --version", vec![path(&bench.rivals.join("aws")), "--version".to_owned()]),
        ("true", vec!["true".to_owned()]),
    ] {
        let home = std::env::temp_dir();
        let runs: Vec<Cost> = (0..RUNS).map(|_| child::run(&words, &home, &[])).collect();
        println!(
            "{name:<32} {:>6.1} ms {:>6.1} ms {:>5.1} MB {:>14}",
            ms(median(runs.iter().map(|cost| cost.wall))),
            ms(median(runs.iter().map(|cost| cost.cpu))),
            median(runs.iter().map(|cost| cost.memory)) as f64 / 1e6,
            instructions(&words).unwrap_or_else(|| "-".to_owned()),
        );
    }
}

/// As callgrind counts them, in millions; nothing without valgrind, or for a script, whose interpreter it cannot follow.
fn instructions(words: &[String]) -> Option<String> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).args(words);
    let output = valgrind.env_clear().env("PATH", std::env::var_os("PATH")?).output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let count = said.lines().find_map(|line| line.split_once("Collected : "))?.1.trim().parse::<f64>().ok()?;
    Some(format!("{:.1} million", count / 1e6))
}
