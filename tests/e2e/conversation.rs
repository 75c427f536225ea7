//! The wizard as a person meets it: in a real terminal, key by key, from the first question to the last line.

use std::time::Duration;

use optima_onboard::sandbox::{Options, REFRESH_TOKEN};
use serde_json::json;

use crate::support::terminal::{Key, Terminal};
use crate::support::{Onboard, World};

/// The wizard's questions in the sandbox, in their order.
pub const QUESTIONS: [&str; 5] =
    ["Flexera organization id", "Onboarding API", "Access for Flexera", "Billing bucket", "Region of the bucket"];

pub const CONFIRM: &str = "Apply this to AWS account 111122223333?";

/// Takes every default up to the plan.
#[track_caller]
pub fn take_defaults(terminal: &mut Terminal, questions: &[&str]) {
    for question in questions {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for(CONFIRM);
}

/// Goes on so at the review's question, whose mark begins at the way that does nothing.
#[track_caller]
pub fn decide(terminal: &mut Terminal, word: &str) {
    for way in ["yes", "look", "change", "save", "export", "no"] {
        terminal.wait_for(CONFIRM);
        terminal.key(Key::Down);
        terminal.wait_for(&format!("❯ {way}"));
        if way == word {
            break;
        }
    }
    terminal.key(Key::Enter);
}

pub fn rehearsal() -> Terminal {
    Terminal::open(Onboard::new(&["wizard", "--sandbox"]), 80, 160)
}

/// The wizard in a world; the organization and the token are in its environment.
pub fn wizard(world: &World) -> Terminal {
    Terminal::open(world.onboard(&["wizard"]), 80, 160)
}

#[test]
fn defaults_and_a_yes_connect_the_bill_and_the_printed_command_repeats_it() {
    let mut terminal = rehearsal();
    take_defaults(&mut terminal, &QUESTIONS);
    decide(&mut terminal, "yes");
    terminal.ends(0);
    let text = terminal.text();
    for part in ["Done.", "bill connect  aws-111122223333", "The same without questions:", "For real"] {
        assert!(text.contains(part), "{part} missing in:\n{text}");
    }
    assert!(!text.contains("FAIL"), "{text}");
    let apply = printed(&text, "apply");
    assert!(apply.contains(&"--sandbox".to_owned()) && apply.contains(&"--yes".to_owned()), "{apply:?}");
    let again = Onboard::new(&apply.iter().map(String::as_str).collect::<Vec<_>>()).run().ends(0);
    assert!(again.stdout.contains("aws-111122223333"), "{}", again.stdout);
}

/// The words after the program's name of the command that the wizard printed.
fn printed(text: &str, verb: &str) -> Vec<String> {
    // A shell takes lines that end with a backslash as one.
    let text = text.replace(" \\\n", " ");
    let line = text.lines().map(str::trim).find(|line| line.starts_with(&format!("optima-onboard {verb} ")));
    let line = line.unwrap_or_else(|| panic!("no {verb} command in:\n{text}"));
    line.split_whitespace().skip(1).map(str::to_owned).collect()
}

#[test]
fn the_printed_commands_find_nothing_left_to_do_and_take_it_back() {
    let world = World::new();
    let mut terminal = wizard(&world);
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    decide(&mut terminal, "yes");
    terminal.ends(0);
    let text = terminal.text();
    world.requests();
    let run = |words: Vec<String>| world.onboard(&words.iter().map(String::as_str).collect::<Vec<_>>()).run().ends(0);
    assert!(
        run(printed(&text, "apply")).stdout.contains("Everything is in place"),
        "the printed command finds nothing to do"
    );
    assert!(run(printed(&text, "verify")).stdout.contains("Nothing is in the way"));
    assert_eq!(world.writes(), [""; 0]);
    let destroy = [printed(&text, "destroy"), vec!["--yes".to_owned()]].concat();
    assert!(run(destroy).stdout.contains("Removed."), "the printed command removes it");
}

#[test]
fn a_no_writes_nothing() {
    let world = World::new();
    let mut terminal = wizard(&world);
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    terminal.key(Key::Enter);
    terminal.ends(130);
    assert!(terminal.text().contains("nothing was changed"), "{}", terminal.screen());
    assert!(terminal.text().contains("optima-onboard wizard --"), "the way back:\n{}", terminal.screen());
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn ctrl_c_at_a_text_a_menu_and_the_yes_leaves_and_writes_nothing() {
    let world = World::new();
    let leave = |questions: &[&str], at: &str| {
        let mut terminal = Terminal::open(world.onboard(&["wizard"]).without("OPTIMA_ORG_ID"), 80, 160);
        for (index, question) in questions.iter().enumerate() {
            terminal.wait_for(question);
            if index == 0 {
                terminal.type_text("12345");
            }
            terminal.key(Key::Enter);
        }
        terminal.wait_for(at);
        terminal.key(Key::CtrlC);
        terminal.ends(130);
        assert!(terminal.text().contains("nothing was changed"), "at {at}:\n{}", terminal.screen());
    };
    leave(&[], QUESTIONS[0]);
    leave(&QUESTIONS[..1], QUESTIONS[1]);
    leave(&QUESTIONS, CONFIRM);
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn an_interrupt_from_outside_leaves_at_every_kind_of_question_and_the_terminal_is_as_before() {
    let world = World::new();
    let leave = |at: &str, api: &[&str]| {
        let run = world.onboard(&["wizard"]).args(api).without("OPTIMA_REFRESH_TOKEN").without("OPTIMA_ORG_ID");
        let mut terminal = Terminal::open(run.args(&["--org-id", "12345"]), 80, 160);
        terminal.wait_for(at);
        terminal.wait_hidden();
        terminal.interrupt();
        terminal.ends(130);
        assert!(terminal.echoes() && !terminal.reads_keys(), "at {at}");
        assert!(terminal.text().contains("left at a question"), "at {at}:\n{}", terminal.screen());
    };
    leave("? Onboarding API", &[]);
    leave("? Flexera refresh token", &["--api", "optima"]);
    let mut terminal = rehearsal();
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_text("123");
    terminal.interrupt();
    terminal.ends(130);
    assert!(terminal.echoes() && !terminal.reads_keys(), "in the middle of a text");
}

#[test]
fn ctrl_c_while_applying_says_what_exists_and_the_next_run_goes_on() {
    let world = World::new();
    world.make(&json!([{ "of": "s3 CreateBucket", "kind": "hold" }]));
    let mut terminal = Terminal::open(world.onboard(&["apply", "--yes"]), 80, 160);
    world.wait_held();
    terminal.send(Key::CtrlC.bytes());
    terminal.wait_for("stopping after");
    world.let_go();
    terminal.ends(130);
    let text = terminal.text();
    for part in ["interrupted", "in place now: ", "running the same command again goes on from there"] {
        assert!(text.contains(part), "{part} missing in:\n{text}");
    }
    assert!(!world.requests().iter().any(|request| request.action.starts_with("POST /api/onboarding")));
    world.apply(&[]).run().ends(0);
}

/// What was asked for last may have happened: nobody is told that it failed.
#[test]
fn what_is_stopped_while_it_waits_is_called_interrupted_and_not_failed() {
    let world = World::with(|options| Options { propagation: Duration::from_secs(3600), ..options });
    let mut terminal = Terminal::open(world.onboard(&["apply", "--yes", "--receipt", "receipt.json"]), 80, 160);
    world.wait_for("onboarding POST /api/onboarding/orgs/12345/bill_connects/aws/iam_role", 2);
    terminal.send(Key::CtrlC.bytes());
    terminal.ends(130);
    let text = terminal.text().split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["bill connect interrupted", "; interrupted, done or not as the next run sees: bill-connect; running"] {
        assert!(text.contains(part), "{part} missing in:\n{text}");
    }
    assert!(!text.contains("failed"), "{text}");
    let receipt = std::fs::read_to_string(terminal.home.path().join("receipt.json")).expect("a receipt");
    let receipt: serde_json::Value = serde_json::from_str(&receipt).expect("JSON");
    let last = &receipt["steps"][5];
    assert_eq!((&last["outcome"], &last["interrupted"]), (&json!("failed"), &json!(true)), "{last}");
    assert_eq!(receipt["steps"][0]["interrupted"], json!(null));
}

#[test]
fn ctrl_d_leaves_at_an_empty_line_and_at_an_empty_token() {
    let mut terminal = rehearsal();
    terminal.wait_for("? Flexera organization id");
    terminal.key(Key::CtrlD);
    terminal.ends(130);
    assert!(terminal.text().contains("left at a question"), "{}", terminal.screen());
    let world = World::new();
    let run = world.onboard(&["wizard", "--api", "optima"]).without("OPTIMA_REFRESH_TOKEN");
    let mut terminal = Terminal::open(run, 80, 160);
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.wait_hidden();
    terminal.key(Key::Enter);
    terminal.wait_for("nothing was typed");
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.send(Key::CtrlD.bytes());
    terminal.ends(130);
    assert!(terminal.echoes(), "what is typed next must be seen");
}

#[test]
fn ctrl_d_leaves_where_lines_are_read() {
    let mut terminal = Terminal::open(Onboard::new(&["wizard", "--sandbox", "--accessible"]), 80, 160);
    terminal.wait_for("Answer, or Enter for 12345: ");
    terminal.send(Key::CtrlD.bytes());
    terminal.ends(130);
    assert!(terminal.text().contains("left at a question"), "{}", terminal.screen());
}

#[test]
fn a_hidden_token_is_tried_at_once_and_never_shown() {
    let world = World::new();
    let mut terminal =
        Terminal::open(world.onboard(&["wizard", "-vv", "--api", "optima"]).without("OPTIMA_REFRESH_TOKEN"), 80, 160);
    terminal.wait_for("Flexera refresh token (hidden)");
    terminal.type_hidden("canary-of-a-wrong-token");
    terminal.wait_for("the refresh token was refused");
    terminal.wait_for_times("Flexera refresh token (hidden)", 2);
    terminal.type_hidden(REFRESH_TOKEN);
    take_defaults(&mut terminal, &QUESTIONS[2..]);
    decide(&mut terminal, "yes");
    terminal.ends(0);
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(!raw.contains("canary") && !raw.contains(REFRESH_TOKEN), "{raw}");
}

#[test]
fn ctrl_c_at_the_hidden_token_leaves_and_the_terminal_echoes_again() {
    let world = World::new();
    for plain in [&["wizard", "--api", "optima"][..], &["wizard", "--api", "optima", "--accessible"]] {
        let mut terminal = Terminal::open(world.onboard(plain).without("OPTIMA_REFRESH_TOKEN"), 80, 160);
        terminal.wait_for("hidden");
        terminal.wait_hidden();
        terminal.send(b"half\x03");
        terminal.ends(130);
        assert!(terminal.echoes(), "what is typed next must be seen");
        assert!(terminal.text().contains("nothing was changed"), "{}", terminal.screen());
    }
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn a_user_s_access_key_is_asked_a_file_for() {
    let world = World::new();
    let mut terminal = wizard(&world);
    terminal.wait_for(QUESTIONS[1]);
    terminal.key(Key::Enter);
    terminal.wait_for(QUESTIONS[2]);
    terminal.key(Key::Down);
    terminal.wait_for("❯ user");
    terminal.key(Key::Enter);
    take_defaults(&mut terminal, &["File for the access key", QUESTIONS[3], QUESTIONS[4]]);
    decide(&mut terminal, "yes");
    terminal.ends(8);
    let text = std::fs::read_to_string(terminal.home.path().join("flexera-access-key")).expect("the key's file");
    assert!(text.contains("aws_access_key_id = AKIA"), "{text}");
    assert!(terminal.text().contains("--access-key-file flexera-access-key"), "{}", terminal.screen());
}

#[test]
fn apply_on_a_terminal_shows_the_plan_and_asks() {
    let world = World::new();
    let mut terminal = Terminal::open(world.onboard(&["apply"]), 80, 160);
    terminal.wait_for(CONFIRM);
    terminal.type_key('n');
    terminal.key(Key::Enter);
    terminal.ends(130);
    assert!(terminal.text().contains("6 to create"), "{}", terminal.screen());
    assert_eq!(world.writes(), [""; 0]);
    let mut terminal = Terminal::open(world.onboard(&["apply"]), 80, 160);
    terminal.wait_for(CONFIRM);
    terminal.type_key('y');
    terminal.key(Key::Enter);
    terminal.ends(0);
    assert!(terminal.text().contains("bill connect  aws-111122223333"), "{}", terminal.screen());
}

#[test]
fn no_single_key_applies() {
    let world = World::new();
    let mut terminal = Terminal::open(world.onboard(&["apply"]), 80, 160);
    terminal.wait_for(CONFIRM);
    terminal.type_key('y');
    terminal.wait_for("› yes");
    terminal.type_key('n');
    terminal.wait_for("› no");
    terminal.key(Key::Enter);
    terminal.ends(130);
    assert_eq!(world.writes(), [""; 0]);
}
