//! The commands of the short help, in groups: what people come for first.

use clap::Command;

/// Every command, in the order of the help.
const GROUPS: [(&str, &[&str]); 4] = [
    ("The whole job", &["wizard", "plan", "apply", "verify", "destroy"]),
    ("One part of it", &["bucket", "report", "policy", "role", "user", "bill-connect", "token"]),
    ("For whoever approves", &["permissions", "explain", "export", "review"]),
    ("Besides", &["sandbox", "schema", "completions", "man", "help"]),
];

/// The root, with a help that shows its commands in groups.
pub fn grouped(root: Command) -> Command {
    let mut text = String::new();
    for (heading, names) in GROUPS {
        let rows = root.get_subcommands().filter(|command| names.contains(&command.get_name()));
        text.push_str(&format!("\n{heading}:\n"));
        let mut rows: Vec<&Command> = rows.collect();
        rows.sort_by_key(|command| names.iter().position(|name| *name == command.get_name()));
        for command in rows {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            text.push_str(&format!("  {:<12}  {about}\n", command.get_name()));
        }
    }
    root.before_help(text.trim_start().to_owned())
        .help_template("{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}Options:\n{options}{after-help}")
        .after_help(
            "Flags:  optima-onboard COMMAND --help; with examples, optima-onboard help COMMAND\n\
             Topics: optima-onboard help exit-codes, environment, permissions or file",
        )
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_command_stands_in_one_group() {
        let root = crate::cli::Cli::command();
        for command in root.get_subcommands().map(Command::get_name) {
            let times = GROUPS.iter().flat_map(|(_, names)| *names).filter(|name| **name == command).count();
            assert_eq!(times, 1, "{command}");
        }
    }

    #[test]
    fn every_command_says_in_one_line_of_80_columns_what_it_does() {
        for command in crate::cli::Cli::command().get_subcommands() {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && 16 + about.chars().count() <= 80, "{}: {about}", command.get_name());
        }
    }
}
