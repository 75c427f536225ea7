//! Manual pages, help, and explanations: what can be read without an account.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::Onboard;

fn said(words: &[&str]) -> String {
    Onboard::new(words).run().ends(0).stdout
}

#[test]
fn every_command_has_a_page_and_a_page_is_what_man_takes() {
    let run = Onboard::new(&["man", "--directory", "share/man1"]);
    let folder = run.folder().join("share/man1");
    let ran = run.run().ends(0);
    assert_eq!(ran.stdout, "");
    let names: BTreeSet<String> = std::fs::read_dir(&folder)
        .expect("the folder was made")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
        .collect();
    for name in [
        "optima-onboard.1",
        "optima-onboard-apply.1",
        "optima-onboard-bill-connect-create.1",
        "optima-onboard-export-aws-cli.1",
    ] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
    for name in &names {
        let page = std::fs::read_to_string(folder.join(name)).expect("a page");
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
        assert_eq!(headings[..4], ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"], "{name}");
        assert!(page.contains("\n.TH ") && headings.contains(&"\"EXIT STATUS\""), "{name}: {headings:?}");
    }
    let alone = said(&["man", "bill-connect", "create"]);
    let file = std::fs::read_to_string(folder.join("optima-onboard-bill-connect-create.1")).expect("a page");
    assert_eq!(alone.trim_end(), file.trim_end());
}

#[test]
fn a_page_of_what_does_not_exist_or_where_nobody_may_write_is_an_error() {
    let ran = Onboard::new(&["man", "aply"]).run().ends(2);
    assert!(ran.stderr.contains("did you mean apply?"), "{}", ran.stderr);
    let run = Onboard::new(&["man", "--directory", "taken/man1"]);
    std::fs::write(run.folder().join("taken"), "a file").expect("written");
    let ran = run.run().ends(1);
    assert!(ran.stderr.contains("taken/man1"), "{}", ran.stderr);
}

#[test]
fn help_for_a_script_is_one_document_with_the_text_that_a_person_reads() {
    for words in [&["help"][..], &["help", "exit-codes"], &["help", "bill-connect", "create"], &[]] {
        let document = Onboard::new(words).args(&["--output", "json"]).run().ends(0).json();
        assert_eq!(document["topic"], words.get(1..).unwrap_or_default().join(" "), "{words:?}");
        let content = document["content"].as_str().expect("a text");
        assert_eq!(content.trim_end(), said(words).trim_end(), "{words:?}");
    }
    let flag = Onboard::new(&["plan", "--help", "--output", "json"]).run().ends(0).stdout;
    assert!(flag.contains("Usage: optima-onboard plan"), "a flag for people stays one: {flag}");
    let wrong = Onboard::new(&["help", "aply", "-o", "json"]).run().ends(2).json();
    assert!(wrong["error"]["message"].as_str().is_some_and(|said| said.contains("did you mean apply?")), "{wrong}");
}

#[test]
fn one_permission_is_explained_with_who_has_it_and_what_breaks() {
    let text = said(&["explain", "s3:GetBucketPolicy"]);
    for part in ["AWS billing", "you", "plan, verify, apply, destroy", "without"] {
        assert!(text.contains(part), "{part} missing in {text}");
    }
    let document = Onboard::new(&["explain", "bucket", "GetObject", "-o", "json"]).run().ends(0).json();
    assert_eq!(document["resources"][0]["resource"], "bucket");
    assert_eq!(document["permissions"][0]["action"], "s3:GetObject");
    assert_eq!(document["permissions"][0]["holder"], "flexera");
    let ran = Onboard::new(&["explain", "s3:GetObjekt"]).run().ends(2);
    assert!(ran.stderr.contains("did you mean s3:GetObject?"), "{}", ran.stderr);
}

#[test]
fn the_overview_names_all_that_permissions_prints() {
    let overview = said(&["explain"]);
    for purpose in ["apply", "verify", "destroy", "destroy-with-bucket"] {
        let policy = Onboard::new(&["permissions", "--for", purpose, "--sandbox", "-o", "json"]).run().ends(0).json();
        for statement in policy["Statement"].as_array().expect("statements") {
            for action in statement["Action"].as_array().expect("actions") {
                let action = action.as_str().expect("a text");
                assert!(overview.contains(action), "{action}");
            }
        }
    }
}

#[test]
fn long_help_begins_with_examples_and_short_help_has_none() {
    for words in [&["apply"][..], &["bill-connect", "create"], &["export", "terraform"], &[]] {
        let long = said(&[&["help"], words].concat());
        let (examples, usage) = (long.find("Examples:"), long.find("Usage:"));
        assert!(examples.is_some() && examples < usage, "{long}");
        assert!(!said(&[words, &["--help"]].concat()).contains("Examples:\n"));
    }
}

/// At 80 columns, so that a change is seen.
#[test]
fn the_screens_that_people_come_back_to_are_kept() {
    let at_80 = |words: &[&str]| Onboard::new(words).env("COLUMNS", "80").run().ends(0).stdout;
    for (name, words) in [
        ("help", &["--help"][..]),
        ("help_of_apply", &["apply", "--help"]),
        ("help_in_full", &["help", "destroy"]),
        ("topic_exit_codes", &["help", "exit-codes"]),
        ("topic_environment", &["help", "environment"]),
        ("topic_permissions", &["help", "permissions"]),
        ("explain", &["explain"]),
    ] {
        keep(name, &at_80(words));
    }
}

fn keep(name: &str, screen: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, screen));
}

/// The words of every command, from the pages that there are.
fn commands() -> Vec<Vec<String>> {
    let document = Onboard::new(&["man", "--directory", "man1", "-o", "json"]).run().ends(0).json();
    let names =
        document["pages"].as_array().expect("pages").iter().map(|name| name.as_str().expect("a name").to_owned());
    names.map(|name| words_of(name.trim_end_matches(".1"))).collect()
}

/// `optima-onboard-bill-connect-create` is two words after the first.
fn words_of(page: &str) -> Vec<String> {
    let rest = page.trim_start_matches("optima-onboard").trim_start_matches('-');
    let two = ["bill-connect", "export"]
        .into_iter()
        .find_map(|first| Some((first, rest.strip_prefix(first)?.strip_prefix('-')?)));
    match two {
        Some((first, second)) => vec![first.to_owned(), second.to_owned()],
        None if rest.is_empty() => Vec::new(),
        None => vec![rest.to_owned()],
    }
}

#[test]
fn no_short_help_is_wider_than_the_terminal_and_each_says_first_what_it_does() {
    let commands = commands();
    assert!(commands.len() > 20, "{commands:?}");
    for words in commands {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let help = Onboard::new(&words).args(&["--help"]).env("COLUMNS", "80").run().ends(0).stdout;
        assert!(help.lines().all(|line| line.chars().count() <= 80 || line.starts_with("  ")), "{words:?}:\n{help}");
        let first = help.lines().next().unwrap_or_default();
        assert!(!first.is_empty() && !first.starts_with("The flags"), "{words:?}: {first}");
        let (own, shared) = (help.find("Run:"), help.find("Output:"));
        assert!(own.is_none() || own < shared, "what every command has comes last: {words:?}\n{help}");
    }
}
