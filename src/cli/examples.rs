//! What people type: examples for each command, shown first in its long help and on its manual page.

/// One command line, and what it is for.
pub struct Example {
    /// Without a full stop.
    pub does: &'static str,
    /// As it is typed.
    pub line: &'static str,
}

const fn example(does: &'static str, line: &'static str) -> Example {
    Example { does, line }
}

/// A command, by its words after `optima-onboard`, with its examples.
type Row = (&'static str, &'static [Example]);

/// The examples of the command with these words; none where it has none of its own.
pub fn of(words: &str) -> &'static [Example] {
    EXAMPLES.iter().find(|(command, _)| *command == words).map_or(&[], |(_, examples)| examples)
}

const EXAMPLES: &[Row] = &[
    (
        "",
        &[
            #[cfg(feature = "sandbox")]
            example("Rehearse the whole job; nothing leaves this machine", "optima-onboard wizard --sandbox"),
            example("Do it, asked step by step", "optima-onboard wizard"),
            example("Look first, in a script", "optima-onboard plan --org-id 12345"),
            example("Then do exactly that", "optima-onboard apply --org-id 12345 --yes"),
        ],
    ),
    (
        "wizard",
        &[
            #[cfg(feature = "sandbox")]
            example("Rehearse it: no account, no token", "optima-onboard wizard --sandbox"),
            example("For real, in the account of a profile", "optima-onboard wizard --profile payer"),
            example(
                "With some answers given already",
                "optima-onboard wizard --org-id 12345 --bucket-region eu-central-1",
            ),
        ],
    ),
    (
        "plan",
        &[
            example("What apply would change", "optima-onboard plan --org-id 12345"),
            example("Exit with 3 if anything would change", "optima-onboard plan --org-id 12345 --detailed-exitcode"),
            example("Every document in full", "optima-onboard plan --org-id 12345 -v"),
            example("Of a file of many, one line each as it comes", "optima-onboard plan --file payers.toml -o jsonl"),
        ],
    ),
    (
        "apply",
        &[
            example("Show the plan, ask once, do it", "optima-onboard apply --org-id 12345"),
            example("In a script: no question, one JSON document", "optima-onboard apply --org-id 12345 --yes -o json"),
            example("Exactly the plan that was approved", "optima-onboard apply --plan plan.json --yes"),
            example("In Flexera's zone for Europe", "optima-onboard apply --org-id 12345 --api flexera-one --zone eu"),
            example(
                "With a report that exists already",
                "optima-onboard apply --org-id 12345 --reuse-report my-report",
            ),
            example(
                "Many payer accounts, four at once",
                "optima-onboard apply --file payers.toml --concurrency 4 --yes",
            ),
        ],
    ),
    (
        "verify",
        &[
            example("Whether the bill will flow", "optima-onboard verify --org-id 12345"),
            example("For a monitor: exit code 0 or 1", "optima-onboard verify --org-id 12345 --quiet -o json"),
        ],
    ),
    (
        "destroy",
        &[
            #[cfg(feature = "sandbox")]
            example("Rehearse it on an onboarding made for that", "optima-onboard destroy --sandbox"),
            example("What would go, and a question", "optima-onboard destroy --org-id 12345"),
            example("All but the bill connect", "optima-onboard destroy --org-id 12345 --keep-bill-connect"),
            example(
                "The empty bucket too, without a question",
                "optima-onboard destroy --org-id 12345 --yes --delete-bucket --confirm flexera-optima-111122223333-12345",
            ),
        ],
    ),
    (
        "bucket",
        &[example(
            "The bucket and its policy, nothing else",
            "optima-onboard bucket --org-id 12345 --bucket acme-billing",
        )],
    ),
    (
        "report",
        &[example(
            "The report, into the bucket that is there",
            "optima-onboard report --org-id 12345 --bucket acme-billing",
        )],
    ),
    (
        "policy",
        &[example(
            "The policy, with the newer list of reads",
            "optima-onboard policy --org-id 12345 --policy-set cloud-cost",
        )],
    ),
    ("role", &[example("The role, with the policy that is there", "optima-onboard role --org-id 12345")]),
    (
        "user",
        &[
            example("The user, with the policy that is there", "optima-onboard user --org-id 12345"),
            example(
                "With an access key in a file, to register by hand",
                "optima-onboard user --org-id 12345 --access-key-file flexera-access-key",
            ),
        ],
    ),
    (
        "token",
        &[
            example("From a file", "optima-onboard token --refresh-token-file token.txt"),
            example("From a password store, by stdin", "optima-onboard token --refresh-token-file -"),
        ],
    ),
    ("bill-connect", &[example("Those of the organization", "optima-onboard bill-connect list --org-id 12345")]),
    (
        "bill-connect create",
        &[
            example(
                "The role and bucket that somebody else made",
                "optima-onboard bill-connect create --org-id 12345 --bill-account-id 111122223333 --bucket acme-billing",
            ),
            example(
                "The same from a CloudFormation stack's outputs",
                "optima-onboard bill-connect create --org-id 12345 --from-stack flexera-optima",
            ),
        ],
    ),
    ("bill-connect list", &[example("As JSON", "optima-onboard bill-connect list --org-id 12345 -o json")]),
    (
        "bill-connect show",
        &[example("One account's", "optima-onboard bill-connect show --org-id 12345 --bill-account-id 111122223333")],
    ),
    (
        "bill-connect update",
        &[example(
            "Put another bucket into it",
            "optima-onboard bill-connect update --org-id 12345 --api flexera-one --bill-account-id 111122223333 --bucket acme-billing-2",
        )],
    ),
    (
        "bill-connect delete",
        &[example(
            "Delete it; the AWS side stays",
            "optima-onboard bill-connect delete --org-id 12345 --bill-account-id 111122223333",
        )],
    ),
    (
        "bill-connect validate",
        &[example(
            "Whether Flexera can read the bill, for at most a minute",
            "optima-onboard bill-connect validate --org-id 12345 --api flexera-one --bill-account-id 111122223333 --timeout 60",
        )],
    ),
    ("export", &[example("A template to review", "optima-onboard export cloudformation --org-id 12345")]),
    (
        "export cloudformation",
        &[
            example("As YAML with comments", "optima-onboard export cloudformation --org-id 12345"),
            example(
                "The report's own stack, for a bucket elsewhere",
                "optima-onboard export cloudformation --org-id 12345 --bucket-region eu-central-1 --report-only",
            ),
        ],
    ),
    ("export stackset", &[example("For many accounts", "optima-onboard export stackset --org-id 12345")]),
    ("export terraform", &[example("One file", "optima-onboard export terraform --org-id 12345")]),
    ("export aws-cli", &[example("A script for bash", "optima-onboard export aws-cli --org-id 12345")]),
    (
        "review",
        &[
            example("The page for whoever must approve", "optima-onboard review --org-id 12345"),
            example("From a plan in a file, as Markdown", "optima-onboard review --plan plan.json --format markdown"),
        ],
    ),
    (
        "permissions",
        &[
            example("For apply", "optima-onboard permissions --org-id 12345"),
            example("For plan and verify, which only read", "optima-onboard permissions --org-id 12345 --for verify"),
            example("For destroy", "optima-onboard permissions --org-id 12345 --for destroy"),
        ],
    ),
    #[cfg(feature = "sandbox")]
    ("sandbox", &[example("On the same ports every time", "optima-onboard sandbox --aws-port 4566 --api-port 4567")]),
    (
        "explain",
        &[
            example("All of them, a line each", "optima-onboard explain"),
            example("One permission, or one resource", "optima-onboard explain s3:GetObject"),
            example("What a reviewer's script reads", "optima-onboard explain bucket role -o json"),
        ],
    ),
    (
        "schema",
        &[
            example("Which there are", "optima-onboard schema"),
            example("For the editor, beside an onboarding file", "optima-onboard schema file"),
            example("For a script that reads plans", "optima-onboard schema plan"),
        ],
    ),
    (
        "completions",
        &[
            example("bash, in ~/.bashrc", "source <(optima-onboard completions bash)"),
            example("zsh, in ~/.zshrc after compinit", "source <(optima-onboard completions zsh)"),
            example("fish, in ~/.config/fish/config.fish", "optima-onboard completions fish | source"),
            example(
                "PowerShell, in $PROFILE",
                "optima-onboard completions powershell | Out-String | Invoke-Expression",
            ),
        ],
    ),
    (
        "man",
        &[
            example("Read the page of a command", "optima-onboard man apply | man -l -"),
            example("All pages, where man finds them", "optima-onboard man --directory ~/.local/share/man/man1"),
        ],
    ),
    (
        "help",
        &[
            example("A command in full", "optima-onboard help apply"),
            example("What an exit code means", "optima-onboard help exit-codes"),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Command, CommandFactory};

    use super::*;
    use crate::cli::Cli;

    fn commands(command: &Command, words: &str, found: &mut BTreeSet<String>) {
        found.insert(words.to_owned());
        for sub in command.get_subcommands() {
            commands(sub, format!("{words} {}", sub.get_name()).trim(), found);
        }
    }

    #[test]
    fn every_command_has_examples_and_no_example_is_without_its_command() {
        let mut tree = Cli::command();
        tree.build();
        let mut expected = BTreeSet::new();
        commands(&tree, "", &mut expected);
        let found: BTreeSet<String> = EXAMPLES.iter().map(|(command, _)| (*command).to_owned()).collect();
        assert_eq!(found, expected);
        assert!(EXAMPLES.iter().all(|(_, examples)| !examples.is_empty()));
    }

    #[test]
    fn every_example_is_a_command_line_that_is_taken() {
        for (command, examples) in EXAMPLES {
            for Example { line, .. } in *examples {
                let ours = line.trim_start_matches("source <(").split([')', '|']).next().expect("a first part");
                let words: Vec<&str> = ours.split_whitespace().collect();
                assert!(ours.starts_with(format!("optima-onboard {command}").trim()) || command.is_empty(), "{line}");
                assert!(<Cli as clap::Parser>::try_parse_from(words).is_ok(), "{line}");
            }
        }
    }
}
