//! `destroy` at a terminal: the whole word, or the bucket's name, and every other way to leave.

use crate::destroy::BUCKET;
use crate::support::World;
use crate::support::terminal::{Key, Terminal};

const YES: &str = "Type yes to remove this from AWS account 111122223333";
const NAME: &str = "Type the bucket's name to remove all of this";

fn onboarded() -> World {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    world
}

fn ask(world: &World, words: &[&str], question: &str) -> Terminal {
    let terminal = Terminal::open(world.onboard(&["destroy"]).args(words), 100, 160);
    terminal.wait_for(question);
    terminal
}

#[test]
fn the_word_yes_removes_and_says_what_is_gone() {
    let world = onboarded();
    let mut terminal = ask(&world, &[], YES);
    let plan = terminal.text();
    for part in ["- delete bill-connect", "- delete role", "= keep   bucket", "5 to delete, 1 left as they are."] {
        assert!(plan.contains(part), "{part} missing in:\n{plan}");
    }
    terminal.type_line("yes");
    terminal.ends(0);
    assert!(terminal.screen().lines().any(|line| line.ends_with(" · yes")), "no flag:\n{}", terminal.screen());
    assert!(terminal.text().contains("Removed."), "{}", terminal.screen());
    assert_eq!(world.state()["roles"], serde_json::json!({}));
}

#[test]
fn anything_else_leaves_everything_as_it_was() {
    let world = onboarded();
    let before = world.state();
    for typed in ["", "y", "no"] {
        let mut terminal = ask(&world, &[], YES);
        terminal.type_line(typed);
        terminal.ends(130);
        assert!(terminal.text().contains("nothing was changed"), "{typed:?}:\n{}", terminal.screen());
    }
    let mut terminal = ask(&world, &[], YES);
    terminal.key(Key::CtrlC);
    terminal.ends(130);
    assert_eq!(world.state(), before);
}

#[test]
fn the_buckets_name_is_the_yes_to_all_of_it_even_where_yes_was_given() {
    let world = onboarded();
    let mut terminal = ask(&world, &["--yes", "--delete-bucket"], NAME);
    terminal.type_line("flexera");
    terminal.wait_for(&format!("not taken: the bucket's name is {BUCKET}"));
    terminal.key(Key::CtrlC);
    terminal.ends(130);
    let mut terminal = ask(&world, &["--delete-bucket"], NAME);
    terminal.type_line(BUCKET);
    terminal.ends(0);
    assert_eq!(world.state(), World::new().state());
}
