//! The benchmark: `cargo run --example bench`, with a number behind `--` for other than five runs,
//! and `alone` for a look without the scripts.
//!
//! It is an example and no bench target, because what a bench target stands on is compiled a second time in a profile
//! where panics abort.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what a benchmark is for")]

#[cfg(unix)]
mod bench;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    bench::main()
}

#[cfg(not(unix))]
fn main() {
    eprintln!("What a process costs is asked of Unix: the benchmark runs only there.");
}
