//! The screens in README and docs/screens.md: real ones, driven key by key, kept as pictures. A picture that no longer is
//! what a person sees fails here; `UPDATE_SCREENS=1 cargo test --test e2e pictures` makes all of them anew.

use std::path::{Path, PathBuf};

use optima_onboard::sandbox::REFRESH_TOKEN;

use crate::conversation::{CONFIRM, QUESTIONS, decide, take_defaults};
use crate::screens::{make_report, rehearsal};
use crate::support::moment;
use crate::support::svg::{Cell, picture};
use crate::support::terminal::{Key, Terminal};
use crate::support::{Onboard, World};
use aws_sdk_costandusagereport::types::TimeUnit;

const COLUMNS: u16 = 84;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens")
}

/// Holds the screen from this text on against the picture of that name.
#[track_caller]
fn keep(name: &str, command: &str, terminal: &Terminal, from: &str) {
    let mut rows = terminal.cells();
    rows.iter_mut().for_each(steady);
    let text = |row: &Vec<Cell>| row.iter().map(|cell| cell.text.as_str()).collect::<String>();
    let start = rows.iter().position(|row| text(row).contains(from));
    let start = start.unwrap_or_else(|| panic!("{from} is not on the screen:\n{}", terminal.screen()));
    let svg = picture(command, &rows[start..], usize::from(COLUMNS));
    let path = folder().join(format!("{name}.svg"));
    if std::env::var_os("UPDATE_SCREENS").is_some() {
        std::fs::create_dir_all(folder()).and_then(|()| std::fs::write(&path, &svg)).expect("the picture is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        kept == svg,
        "{} is not what a person sees now; UPDATE_SCREENS=1 cargo test --test e2e pictures makes it anew:\n{}",
        path.display(),
        terminal.screen()
    );
}

/// Times and ports are another's in every run.
fn steady(row: &mut Vec<Cell>) {
    let text: String = row.iter().map(|cell| cell.text.chars().next().unwrap_or(' ')).collect();
    let text: Vec<char> = moment::steady(&text).chars().collect();
    row.iter_mut().zip(&text).for_each(|(cell, c)| cell.text = c.to_string());
    let digits = |from: usize| text[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    for at in 1..text.len() {
        // `12.3 s`, which ends its row.
        let (before, after) =
            (text[..at].iter().rev().take_while(|c| c.is_ascii_digit()).count(), digits((at + 1).min(text.len())));
        let end = at + 1 + after;
        if text[at] == '.' && before > 0 && after == 1 && text.get(end..end + 2) == Some(&[' ', 's']) {
            row.truncate(end + 2);
            row.splice(at - before..end, "0.3".chars().map(|c| Cell { text: c.to_string(), class: String::new() }));
            return;
        }
    }
    let plain: String = text.iter().collect();
    if let Some(found) = plain.find("127.0.0.1:") {
        let start = plain[..found].chars().count() + "127.0.0.1:".len();
        for cell in &mut row[start..start + digits(start)] {
            cell.text = "0".to_owned();
        }
    }
}

fn open(run: Onboard) -> Terminal {
    Terminal::open(run, COLUMNS, 160)
}

/// An account with a bucket and two reports, one of which fits.
fn lived_in() -> World {
    let world = World::new();
    world.onboard(&["bucket", "--yes", "--bucket", "acme-billing"]).run().ends(0);
    make_report(&world, "acme-monthly", TimeUnit::Monthly, "acme-billing");
    make_report(&world, "acme-hourly", TimeUnit::Hourly, "acme-billing");
    world
}

#[test]
fn the_name_alone() {
    let mut terminal = open(Onboard::new(&[]));
    terminal.ends(0);
    keep("bare", "optima-onboard", &terminal, "");
}

#[test]
fn an_empty_account_from_the_first_question_to_the_end() {
    let command = "optima-onboard wizard --sandbox";
    let mut terminal = open(rehearsal(&[]));
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_line("12-45");
    terminal.wait_for("not taken:");
    terminal.wait_for("? Flexera organization id (12345)");
    keep("question", command, &terminal, "");
    terminal.key(Key::CtrlC);
    terminal.ends(130);

    let mut terminal = open(rehearsal(&[]));
    for question in &QUESTIONS[..4] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("(type to search)");
    for key in "eu-".chars() {
        terminal.type_key(key);
    }
    terminal.wait_for("› eu-");
    // The last row: the others stand above it.
    terminal.wait_for("❯ eu-central-1");
    terminal.wait_for("eu-west-3");
    keep("menu", command, &terminal, "Flexera organization id");
    terminal.key(Key::Enter);
    terminal.wait_for(CONFIRM);
    terminal.wait_for("❯ no");
    keep("review", command, &terminal, "Review:");
    decide(&mut terminal, "yes");
    terminal.ends(0);
    keep("end", command, &terminal, "✔ Apply this");
}

#[test]
fn written_out_for_another_engine() {
    let mut terminal = open(rehearsal(&[]));
    take_defaults(&mut terminal, &QUESTIONS);
    decide(&mut terminal, "export");
    terminal.wait_for("❯ CloudFormation");
    terminal.key(Key::Enter);
    terminal.wait_for("? File (template.yaml)");
    terminal.key(Key::Enter);
    terminal.ends(0);
    keep("instead", "optima-onboard wizard --sandbox", &terminal, "✔ Apply this");
}

#[test]
fn a_lived_in_account_and_what_is_adopted() {
    let world = lived_in();
    let command = "optima-onboard wizard";
    let mut terminal = open(world.onboard(&["wizard", "--api", "flexera-one", "--zone", "nam", "--access", "role"]));
    terminal.wait_for("❯ acme-hourly");
    terminal.wait_for("make a new one");
    keep("found", command, &terminal, "");
    terminal.key(Key::Enter);
    terminal.wait_for(CONFIRM);
    terminal.wait_for("❯ no");
    keep("adopted", command, &terminal, "Review:");
}

#[test]
fn a_token_that_is_refused_and_answers_that_survive() {
    let world = World::new();
    let run = |words: &[&str]| world.onboard(&[&["wizard"], words].concat()).without("OPTIMA_REFRESH_TOKEN");
    let mut terminal = open(run(&[]));
    terminal.wait_for(QUESTIONS[1]);
    terminal.key(Key::Down);
    terminal.key(Key::Enter);
    terminal.wait_for("Zone");
    terminal.key(Key::Enter);
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.type_hidden("a-token-of-last-year");
    terminal.wait_for("the refresh token was refused");
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.wait_hidden();
    keep("token", "optima-onboard wizard", &terminal, "✔ Onboarding API");
    terminal.type_hidden(REFRESH_TOKEN);
    terminal.wait_for(QUESTIONS[2]);
    terminal.key(Key::CtrlC);
    terminal.ends(130);

    let home = terminal.home.path().to_string_lossy().into_owned();
    let mut terminal = open(run(&[]).env("HOME", &home));
    terminal.wait_for("❯ keep");
    terminal.wait_for("start over");
    keep("kept", "optima-onboard wizard", &terminal, "Nothing is changed");
    terminal.key(Key::CtrlC);
    terminal.ends(130);
}

#[test]
fn plain_lines() {
    let mut terminal = Terminal::open(rehearsal(&["--accessible", "--bucket-region", "us-east-1"]), COLUMNS, 160);
    for question in &QUESTIONS[..4] {
        terminal.wait_for(question);
        terminal.wait_for("Enter for");
        terminal.send(b"\n");
    }
    terminal.wait_for("or Enter for no: ");
    keep("plain", "optima-onboard wizard --sandbox --accessible", &terminal, "Sandbox");
}

#[test]
fn a_state_that_needs_a_person() {
    let world = World::new();
    world.onboard(&["bucket", "--yes", "--bucket", "acme-billing"]).run().ends(0);
    make_report(&world, "flexera-optima", TimeUnit::Daily, "acme-billing");
    let words = ["wizard", "--api", "flexera-one", "--zone", "nam", "--access", "role", "--bucket", "acme-billing"];
    let terminal = open(world.onboard(&words));
    terminal.wait_for("How to go on?");
    terminal.wait_for("❯ no");
    keep("refused", "optima-onboard wizard --bucket acme-billing", &terminal, "  Needs you first");
}

#[test]
fn every_picture_is_shown_in_the_documentation_and_none_is_missing() {
    let page = |name: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("the page can be read")
    };
    let (screens, readme) = (page("docs/screens.md"), page("README.md"));
    let there = std::fs::read_dir(folder()).expect("pictures").map(|entry| entry.expect("a picture").file_name());
    let mut there: Vec<String> = there.map(|name| name.to_string_lossy().into_owned()).collect();
    there.sort();
    for name in &there {
        assert!(screens.contains(&format!("(screens/{name})")), "docs/screens.md does not show {name}");
    }
    for link in readme.split("docs/screens/").skip(1).filter_map(|rest| rest.split_once(".svg").map(|(name, _)| name)) {
        assert!(there.contains(&format!("{link}.svg")), "README shows {link}.svg, which is not there");
    }
    assert!(readme.contains("docs/screens/review.svg"), "README shows the review");
}

#[test]
fn what_differs_from_run_to_run_is_steady_in_a_picture() {
    let row = |text: &str| -> Vec<Cell> {
        text.chars().map(|c| Cell { text: c.to_string(), class: String::new() }).collect()
    };
    let steadied = |text: &str| {
        let mut cells = row(text);
        steady(&mut cells);
        cells.iter().map(|cell| cell.text.as_str()).collect::<String>().trim_end().to_owned()
    };
    assert_eq!(steadied("  ✔ bucket  12.7 s   "), "  ✔ bucket  0.3 s");
    assert_eq!(steadied("at http://127.0.0.1:41234, not"), "at http://127.0.0.1:00000, not");
    assert_eq!(steadied("version 1.2 of 3.4.5"), "version 1.2 of 3.4.5");
}

#[test]
fn defaults_lead_to_the_same_end_at_any_width() {
    for columns in [72, 200] {
        let mut terminal = Terminal::open(rehearsal(&[]), columns, 160);
        take_defaults(&mut terminal, &QUESTIONS);
        decide(&mut terminal, "yes");
        terminal.ends(0);
        assert!(terminal.text().contains("Nothing is in the way"), "{}", terminal.screen());
    }
}
