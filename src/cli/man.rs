//! `man`: one command's manual page, or all of them as files, made from the commands themselves.

use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use serde_json::json;

use crate::cli::{details, examples, help, topics};
use crate::error::{Error, Result};
use crate::output::json::SCHEMA_VERSION;
use crate::output::{Format, Printer};

/// Which pages, and where to.
#[derive(Clone, Debug, clap::Args)]
pub struct ManJob {
    /// The command whose page is printed [default: optima-onboard itself]
    #[arg(value_name = "COMMAND", num_args = 0.., conflicts_with = "directory")]
    command: Vec<String>,
    /// Write the pages of all commands to this directory, which is made if it is not there
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    directory: Option<PathBuf>,
}

/// Prints or writes.
///
/// # Errors
/// A usage error for a command that does not exist; a failure when a page cannot be written.
pub fn run(job: &ManJob, printer: &Printer, mut root: Command) -> Result<u8> {
    root.build();
    match &job.directory {
        Some(directory) => write_all(&root, directory, printer),
        None => print(help::find(&mut root, &job.command)?, printer),
    }
}

fn print(command: &Command, printer: &Printer) -> Result<u8> {
    let page = String::from_utf8_lossy(&page(command)).into_owned();
    match printer.format {
        Format::Text => printer.result(&page),
        Format::Json => printer.document(&json!({ "schema_version": SCHEMA_VERSION, "content": page })),
    }
    Ok(0)
}

fn write_all(root: &Command, directory: &Path, printer: &Printer) -> Result<u8> {
    let failed = |error: std::io::Error| {
        Error::failed(format!("the manual pages could not be written to {}", directory.display()))
            .because(error.to_string())
            .remedy("name a directory that you may write to")
    };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let mut names = Vec::new();
    for command in family(root) {
        let name = Man::new(command.clone()).get_filename();
        std::fs::write(directory.join(&name), page(command)).map_err(failed)?;
        names.push(name);
    }
    match printer.format {
        Format::Text => printer.say(&format!("{} pages in {}", names.len(), directory.display())),
        Format::Json => printer.document(&json!({ "schema_version": SCHEMA_VERSION, "pages": names })),
    }
    Ok(0)
}

/// The command and all below it.
fn family(command: &Command) -> Vec<&Command> {
    std::iter::once(command).chain(command.get_subcommands().flat_map(family)).collect()
}

/// The crate's sections, with examples before the options, which are many.
fn page(command: &Command) -> Vec<u8> {
    // Spelled out, the synopsis would be all options once more.
    let usage = command.clone().render_usage().to_string();
    let command = command.clone().override_usage(usage.trim_start_matches("Usage:").trim().to_owned());
    let man = Man::new(command.clone()).date(" ").source(version()).manual("optima-onboard");
    let written = |page: &mut Vec<u8>| {
        man.render_title(page)?;
        man.render_name_section(page)?;
        man.render_synopsis_section(page)?;
        description(&command).to_writer(page)?;
        examples_section(&command).to_writer(page)?;
        man.render_options_section(page)?;
        if command.has_subcommands() {
            man.render_subcommands_section(page)?;
        }
        exit_status().to_writer(page)?;
        see_also(&command).to_writer(page)
    };
    let mut page = Vec::new();
    written(&mut page).expect("a page fits into memory");
    page
}

fn version() -> String {
    format!("optima-onboard {}", env!("CARGO_PKG_VERSION"))
}

/// What the long help says too, after the one line.
fn description(command: &Command) -> Roff {
    let mut roff = Roff::new();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    roff.control("SH", ["DESCRIPTION"]).text([roman(format!("{about}."))]);
    for paragraph in details::of(&help::words(command)) {
        roff.control("PP", []).text([roman(*paragraph)]);
    }
    roff
}

fn examples_section(command: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    for example in examples::of(&help::words(command)) {
        roff.control("TP", []).text([roman(example.does)]).text([bold(example.line)]);
    }
    roff
}

fn exit_status() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in topics::EXIT_CODES {
        roff.control("TP", []).text([bold(code.to_string())]).text([roman(meaning)]);
    }
    roff
}

/// The page above, and the topics, which are no pages.
fn see_also(command: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]);
    let words = help::words(command);
    if !words.is_empty() {
        let above = words.rsplit_once(' ').map_or(String::new(), |(above, _)| format!("-{above}"));
        roff.text([bold(format!("optima-onboard{above}")), roman("(1);")]);
    }
    roff.text([roman("optima-onboard help exit-codes, environment, permissions or file")]);
    roff
}
