//! `completions`: the script that a shell loads, and the answers to what that script asks at every Tab. The script knows
//! nothing by itself, so that a shell always offers what this binary takes.

#[cfg(test)]
mod fuzz;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Command, ValueEnum};
use clap_complete::env::{Bash, EnvCompleter, Fish, Powershell, Zsh};
use serde_json::json;

use crate::output::json::SCHEMA_VERSION;
use crate::output::{Format, Printer};

/// The variable by which a script asks; a name that nobody sets for another reason.
const ASKS: &str = "_OPTIMA_ONBOARD_COMPLETE";
/// What is completed, and who is asked: whatever the shell finds under this name.
const PROGRAM: &str = "optima-onboard";

/// For which shell.
#[derive(Clone, Debug, clap::Args)]
pub struct CompletionsJob {
    /// The shell that is to load it
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Shell {
    fn name(self) -> &'static str {
        self.side().name()
    }

    /// The shell's side: its script, and how it wants to be answered.
    fn side(self) -> &'static dyn EnvCompleter {
        match self {
            Self::Bash => &Bash,
            Self::Zsh => &Zsh,
            Self::Fish => &Fish,
            Self::Powershell => &Powershell,
        }
    }
}

/// Prints the script.
pub fn run(job: &CompletionsJob, printer: &Printer) -> u8 {
    let mut script = Vec::new();
    let written = job.shell.side().write_registration(ASKS, PROGRAM, PROGRAM, PROGRAM, &mut script);
    written.expect("a script fits into memory");
    let script = String::from_utf8_lossy(&script);
    match printer.format {
        Format::Text => printer.result(script.trim_end()),
        Format::Json => printer.document(
            &json!({ "schema_version": SCHEMA_VERSION, "shell": job.shell.name(), "content": script.trim_end() }),
        ),
    }
    0
}

/// Answers a script that asks; nothing when this is a run like any other.
pub fn answer(tree: impl FnOnce() -> Command) -> Option<ExitCode> {
    let asked = std::env::var_os(ASKS)?;
    let shell = Shell::value_variants().iter().find(|shell| asked == shell.name())?;
    let mut words = std::env::args_os().skip_while(|word| word != "--").skip(1).collect::<Vec<OsString>>();
    if words.is_empty() {
        words.push(PROGRAM.into());
    }
    let mut tree = values::known(tree(), &words);
    let mut answer = Vec::new();
    let here = std::env::current_dir().ok();
    let code = match shell.side().write_complete(&mut tree, words, here.as_deref(), &mut answer) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    };
    Printer::silent().candidates(&answer);
    Some(code)
}
