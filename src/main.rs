//! The binary: everything is in the library, so that tests and documentation see the same.

use std::process::ExitCode;
use std::thread;

use optima_onboard::cli;

/// Windows gives a program's first thread 1 MiB, which an unoptimized build outgrows; a thread of our own has what Linux and
/// macOS give the first one, everywhere.
const STACK: usize = 8 * 1024 * 1024;

fn main() -> ExitCode {
    let run = thread::Builder::new().name("main".into()).stack_size(STACK).spawn(cli::main);
    // A panic has been told by its hook; without another thread the first one has to do.
    run.map_or_else(|_| cli::main(), |run| run.join().unwrap_or(ExitCode::FAILURE))
}
