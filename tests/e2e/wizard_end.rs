//! How the wizard ends: what was made, what was checked, what is left to the person, and what to type from then on.

use serde_json::json;

use crate::conversation::{CONFIRM, QUESTIONS, decide, take_defaults};
use crate::support::terminal::{Key, Terminal};
use crate::support::{Onboard, World};

const KEY_FILE: &str = "File for the access key";

/// The wizard at its review, where a part is left to the person.
fn at_the_review(world: &World) -> Terminal {
    let words = ["wizard", "--access", "user", "--api", "optima"];
    let mut terminal = Terminal::open(world.onboard(&words), 80, 160);
    take_defaults(&mut terminal, &[KEY_FILE, QUESTIONS[3], QUESTIONS[4]]);
    terminal.wait_for(CONFIRM);
    terminal
}

#[track_caller]
fn in_this_order(text: &str, parts: &[&str]) {
    let places: Vec<usize> =
        parts.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part} missing in:\n{text}"))).collect();
    assert!(places.is_sorted(), "{parts:?} in another order in:\n{text}");
}

#[test]
fn what_is_left_to_the_person_comes_after_what_was_made_and_checked_and_nothing_is_called_verified() {
    let world = World::new();
    let mut terminal = at_the_review(&world);
    decide(&mut terminal, "yes");
    terminal.ends(8);
    let screen = terminal.text();
    let end = &screen[screen.find("· yes").expect("the yes")..];
    in_this_order(
        end,
        &[
            "In place now:",
            "access key    in flexera-access-key",
            "Checked: In AWS nothing is in the way",
            "Left to you:",
            "register",
            "next:",
            "The same without questions:",
        ],
    );
    for word in ["Verified", "Done.", "error:", "costs are in Flexera"] {
        assert!(!end.contains(word), "{word} in:\n{end}");
    }
}

#[test]
fn a_last_look_that_is_interrupted_says_that_all_is_written_and_keeps_no_answers() {
    let world = World::new();
    let mut terminal = at_the_review(&world);
    // Asked before the questions too, and then only for the last look.
    world.make(&json!([{ "of": "organizations DescribeOrganization", "kind": "hold" }]));
    decide(&mut terminal, "yes");
    world.wait_held();
    terminal.send(Key::CtrlC.bytes());
    terminal.ends(130);
    world.let_go();
    let screen = terminal.text();
    in_this_order(
        &screen,
        &[
            "In place now:",
            "Left to you:",
            "The same without questions:",
            "everything was written",
            "this looks again:",
        ],
    );
    assert!(!screen.contains("your answers are kept"), "{screen}");
    assert!(!terminal.home.path().join(".local/state/optima-onboard/wizard.toml").exists());
    world.clear_faults();
    let text = world.onboard(&["verify", "--access", "user"]).run().ends(0).stdout;
    assert!(text.contains("nothing is in the way"), "{text}");
}

#[test]
fn a_rehearsals_key_is_told_as_one_and_not_in_the_way_of_the_real_one() {
    let words = ["wizard", "--sandbox", "--org-id", "12345", "--access", "user", "--api", "optima"];
    let mut terminal = Terminal::open(Onboard::new(&words), 80, 160);
    take_defaults(&mut terminal, &[KEY_FILE, QUESTIONS[3], QUESTIONS[4]]);
    decide(&mut terminal, "yes");
    terminal.ends(8);
    let text = terminal.text();
    in_this_order(&text, &["access key    in rehearsal-access-key", "Left to you:", "opens nothing"]);
    assert!(!text.contains("do that with the key"), "{text}");
}
