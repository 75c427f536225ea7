//! `help`: the commands' long help and the topics that belong to no single command; and what is said to who types
//! the bare name.

use clap::{Args, Command};
use serde_json::json;

use crate::cli::topics::TOPICS;
use crate::cli::{details, examples};
use crate::error::{Error, Result};
use crate::output::json::SCHEMA_VERSION;
use crate::output::{Format, Paint, Printer, layout};
use crate::spec::did_you_mean;

/// What to explain.
#[derive(Clone, Debug, Args)]
pub struct Topic {
    /// A command, or exit-codes, environment, permissions, file
    #[arg(value_name = "TOPIC", num_args = 0..)]
    words: Vec<String>,
}

/// In a few lines what this is and the two ways to start.
pub fn greet(printer: &Printer) -> u8 {
    match printer.format {
        Format::Text => printer.page(&greeting(printer.paint_out())),
        Format::Json => document(printer, "", &greeting(Paint(false))),
    }
    0
}

fn greeting(paint: Paint) -> String {
    let sandbox = if cfg!(feature = "sandbox") {
        "  wizard --sandbox   rehearse it: no account, no token, nothing leaves\n"
    } else {
        ""
    };
    format!(
        "{} connects an AWS payer account's bill to Flexera Optima.\n\
         It shows everything before it changes anything.\n\n\
         {}\n{}\
         \x20 wizard             do it: asks, shows a review, asks for one yes, verifies\n\n\
         {}\n\
         \x20 plan, apply        the same without questions; apply --help has the flags\n\
         \x20 help               everything else",
        paint.strong("optima-onboard"),
        paint.strong("Two ways to start, after optima-onboard"),
        sandbox,
        paint.strong("For scripts"),
    )
}

/// A text as a script takes it: whole, without a colour or a break that a terminal would need.
fn document(printer: &Printer, topic: &str, content: &str) {
    printer.document(&json!({ "schema_version": SCHEMA_VERSION, "topic": topic, "content": content }));
}

/// Shows a topic or a command's help; in JSON as one text. `--help` of a command is for people and text always.
///
/// # Errors
/// A usage error for a topic that does not exist.
pub fn show(topic: &Topic, printer: &Printer, mut root: Command) -> Result<u8> {
    root.build();
    if let [word] = topic.words.as_slice()
        && let Some((_, text)) = TOPICS.iter().find(|(name, _)| name == word)
    {
        match printer.format {
            Format::Text => printer.page(&text(&root)),
            Format::Json => document(printer, word, &text(&root)),
        }
        return Ok(0);
    }
    let topics = "\nTopics: optima-onboard help exit-codes | environment | permissions | file";
    let mut whole = in_full(find(&mut root, &topic.words)?, printer.columns().min(COLUMNS));
    if topic.words.is_empty() {
        whole = format!("{}\n{topics}", whole.trim_end_matches('\n'));
    }
    match printer.format {
        Format::Text => printer.result(&whole),
        Format::Json => document(printer, &topic.words.join(" "), &whole),
    }
    Ok(0)
}

/// Everything about a command, examples first. An example stays in one line, because it is there to be copied.
fn in_full(command: &Command, columns: usize) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let examples = examples::of(&words(command)).iter();
    let lines: String = examples.map(|example| format!("  # {}\n  {}\n", example.does, example.line)).collect();
    // Only the root has something before its help: its commands in groups.
    let template = match command.get_before_help() {
        Some(_) => "{usage-heading} {usage}\n\n{before-help}Options:\n{options}",
        None => "{usage-heading} {usage}\n\n{all-args}",
    };
    let details: String =
        details::of(&words(command)).iter().map(|paragraph| format!("\n{}\n", filled(paragraph, columns))).collect();
    let rest = command.clone().help_template(template).render_long_help();
    format!("{about}\n\nExamples:\n{lines}{details}\n{rest}")
}

/// Lines of words are no longer than this.
const COLUMNS: usize = 80;

/// A paragraph in lines.
fn filled(paragraph: &str, columns: usize) -> String {
    layout::wrapped(paragraph, columns).replace("\n  ", "\n")
}

/// The command that these words name.
///
/// # Errors
/// A usage error for one that does not exist.
pub fn find<'a>(root: &'a mut Command, words: &[String]) -> Result<&'a mut Command> {
    let commands: Vec<String> = root.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let mut command = root;
    for word in words {
        command = command.find_subcommand_mut(word).ok_or_else(|| {
            let names: Vec<&str> = TOPICS.iter().map(|(name, _)| *name).collect();
            let meant = did_you_mean(word, names.iter().copied().chain(commands.iter().map(String::as_str)));
            Error::usage(format!("there is no help on {word:?}{meant}"))
                .remedy(format!("optima-onboard help lists the commands; topics are {}", names.join(", ")))
        })?;
    }
    Ok(command)
}

/// A command's words after `optima-onboard`, once the tree is built.
pub fn words(command: &Command) -> String {
    let all = command.get_bin_name().unwrap_or_default();
    all.split_once(' ').map_or_else(String::new, |(_, words)| words.to_owned())
}
