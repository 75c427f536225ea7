//! The binary: everything is in the library, so that tests and documentation see the same.

use std::process::ExitCode;

fn main() -> ExitCode {
    optima_onboard::cli::main()
}
