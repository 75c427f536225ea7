//! The questions as plain lines: every list takes a number and a word, and what was taken is said.

use optima_onboard::sandbox::REFRESH_TOKEN;
use serde_json::json;

use crate::conversation::QUESTIONS;
use crate::support::terminal::{Key, Terminal};
use crate::support::{Onboard, World};

fn plain(words: &[&str]) -> Terminal {
    Terminal::open(Onboard::new(&["wizard", "--sandbox", "--accessible"]).args(words), 80, 240)
}

#[track_caller]
fn answer(terminal: &mut Terminal, question: &str, line: &str, taken: &str) {
    terminal.wait_for(question);
    terminal.wait_for("or Enter for");
    terminal.send(format!("{line}\n").as_bytes());
    terminal.wait_for(&format!("Taken: {taken}\n"));
}

#[test]
fn every_list_takes_the_number_and_the_word_and_says_what_enter_took() {
    let mut terminal = plain(&[]);
    answer(&mut terminal, QUESTIONS[0], "", "12345");
    answer(&mut terminal, QUESTIONS[1], "flex", "flexera-one");
    answer(&mut terminal, "Zone", "2", "eu");
    answer(&mut terminal, QUESTIONS[2], "", "role");
    answer(&mut terminal, QUESTIONS[3], "", "flexera-optima-111122223333-12345");
    terminal.wait_for(QUESTIONS[4]);
    terminal.send(b"eu-west\n");
    terminal.wait_for("Not taken: that may be eu-west-1 or eu-west-2");
    terminal.send(b"frankfurt\n");
    terminal.wait_for("Taken: eu-central-1\n");
    terminal.wait_for("or Enter for no: ");
    terminal.send(b"change\n");
    terminal.wait_for("Taken: change");
    terminal.wait_for("Which answer");
    terminal.send(b"<\n");
    terminal.wait_for_times("or Enter for no: ", 2);
    terminal.send(b"2\n");
    terminal.wait_for("Taken: look");
    terminal.wait_for_times("or Enter for no: ", 3);
    terminal.send(b"\n");
    terminal.wait_for("Taken: no");
    terminal.ends(130);
}

/// Whoever hears the screen hears that something is waited for.
#[test]
fn a_long_wait_is_said_once() {
    let world = World::new();
    world.make(&json!([{ "of": "sts GetCallerIdentity", "kind": "hold" }]));
    let terminal = Terminal::open(world.onboard(&["wizard", "--accessible"]), 80, 160);
    world.wait_held();
    terminal.wait_for("  asking AWS\n");
    world.let_go();
    terminal.wait_for(QUESTIONS[1]);
    assert_eq!(terminal.text().matches("asking AWS").count(), 1, "{}", terminal.screen());
}

#[test]
fn a_yes_or_no_says_what_enter_took() {
    let world = World::new();
    let mut terminal = Terminal::open(world.onboard(&["apply", "--accessible"]), 80, 160);
    terminal.wait_for("Type yes or no, or Enter for no: ");
    terminal.send(b"\n");
    terminal.wait_for("Taken: no");
    terminal.ends(130);
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn a_question_that_is_left_has_taken_nothing() {
    let mut terminal = plain(&[]);
    terminal.wait_for(QUESTIONS[0]);
    terminal.wait_for("or Enter for");
    terminal.send(Key::CtrlC.bytes());
    terminal.ends(130);
    assert!(!terminal.text().contains("Taken"), "{}", terminal.screen());
}

#[test]
fn an_address_of_flexera_is_taken_for_the_number_in_it_and_another_word_is_told_where_the_number_is() {
    let mut terminal = plain(&[]);
    terminal.wait_for("Answer, or Enter for 12345: ");
    terminal.send(b"Acme\n");
    terminal.wait_for("Not taken: a Flexera organization id is digits only");
    terminal.wait_for_times("Answer, or Enter for 12345: ", 2);
    terminal.send(b"https://app.flexera.com/orgs/777/optima\n");
    terminal.wait_for("Taken: 777\n");
    terminal.send(Key::CtrlC.bytes());
    terminal.ends(130);
    // A script's flag is no place to guess, but the number is named.
    let flag = ["plan", "--sandbox", "--org-id", "https://app.flexera.com/orgs/777/optima"];
    let stderr = Onboard::new(&flag).run().ends(2).stderr;
    assert!(stderr.contains("did you mean 777?"), "{stderr}");
}

#[test]
fn a_token_that_was_taken_is_said_to_be_and_not_shown() {
    let world = World::new();
    let words = ["wizard", "--accessible", "--api", "optima"];
    let mut terminal = Terminal::open(world.onboard(&words).without("OPTIMA_REFRESH_TOKEN"), 80, 160);
    terminal.wait_for("Answer, which is not shown: ");
    terminal.type_hidden(REFRESH_TOKEN);
    terminal.wait_for("Typed, not shown\n  bill connect none yet");
    assert!(!terminal.text().contains(REFRESH_TOKEN));
}
