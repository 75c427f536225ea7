//! What is said when the program itself is wrong: a panic ends the run like any other failure, with a way on.

use std::panic::PanicHookInfo;

use crate::error::{Error, Kind};
use crate::output::Printer;
use crate::prompt;

/// From now on a panic on any thread ends the program with an error in the run's own format.
pub fn report_panics(printer: Printer) {
    std::panic::set_hook(Box::new(move |panic| leave(&printer, panic)));
}

/// Nothing unwinds in a release build, so that what a menu or a bar did to the terminal is undone here.
#[expect(clippy::exit, reason = "after a panic nothing of the run can be relied on")]
fn leave(printer: &Printer, panic: &PanicHookInfo<'_>) {
    prompt::put_back();
    printer.error(&error(&panic.to_string()));
    std::process::exit(i32::from(Kind::Failed.exit_code()))
}

fn error(panic: &str) -> Error {
    Error::failed("optima-onboard has a defect, and this run met it")
        .because(panic.split_whitespace().collect::<Vec<_>>().join(" "))
        .remedy("run the same command again: it looks at what exists before it writes; if it ends so again, report it with this message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_several_lines_is_one_cause_with_a_way_on() {
        let error = error("panicked at src/a.rs:1:2:\nno such\n  thing");
        assert_eq!(error.cause.as_deref(), Some("panicked at src/a.rs:1:2: no such thing"));
        assert!(error.remedy.is_some_and(|remedy| remedy.starts_with("run the same command again")));
    }
}
