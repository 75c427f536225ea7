//! What keys and pastes come to in the wizard's questions, in a real terminal.

use crate::conversation::{QUESTIONS, rehearsal};
use crate::support::World;
use crate::support::terminal::{Key, Terminal};

#[test]
fn what_is_pasted_arrives_whole_and_is_seen_once() {
    let mut terminal = rehearsal();
    for question in &QUESTIONS[..3] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("? Billing bucket");
    terminal.wait_until_keys();
    terminal.send(b"acme-billing-of-all-accounts-2026");
    terminal.wait_for("› acme-billing-of-all-accounts-2026");
    terminal.key(Key::Enter);
    terminal.wait_for("✔ Billing bucket · acme-billing-of-all-accounts-2026");
    terminal.wait_for("? Region of the bucket");
    assert_eq!(terminal.text().matches("acme-billing-of-all").count(), 1, "{}", terminal.screen());
}

#[test]
fn an_offer_without_room_in_its_row_is_said_above_it() {
    let world = World::new();
    let file = format!("keys/{}", "k".repeat(70));
    let words = ["wizard", "--api", "optima", "--access", "user", "--bucket", "acme-billing"];
    let mut terminal = Terminal::open(world.onboard(&words), 80, 160);
    terminal.wait_for("? File for the access key");
    terminal.type_text(&file[..40]);
    terminal.send(&file.as_bytes()[40..]);
    terminal.key(Key::Enter);
    terminal.wait_for(QUESTIONS[4]);
    terminal.key(Key::Esc);
    terminal.wait_for("  Enter takes\n");
    terminal.wait_for("? File for the access key ›");
    terminal.key(Key::Enter);
    terminal.wait_for(QUESTIONS[4]);
    assert!(!terminal.text().contains("Enter takes"), "{}", terminal.screen());
}

#[test]
fn a_paste_of_several_lines_answers_one_question() {
    let mut terminal = rehearsal();
    terminal.wait_for(QUESTIONS[0]);
    terminal.wait_until_keys();
    terminal.send(b"777\r\r\r\r\r");
    terminal.wait_for("✔ Flexera organization id · 777");
    terminal.wait_for("❯ optima");
    terminal.key(Key::Down);
    terminal.wait_for("❯ flexera-one");
}

#[test]
fn letters_narrow_a_menu_down() {
    let mut terminal = rehearsal();
    for question in &QUESTIONS[..4] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("❯ us-east-1");
    for letter in "west-3".chars() {
        terminal.type_key(letter);
    }
    terminal.wait_for("❯ eu-west-3");
    terminal.key(Key::Enter);
    terminal.wait_for("✔ Region of the bucket · eu-west-3");
}

#[test]
fn a_wrong_organization_is_told_the_rule_and_asked_for_again() {
    let mut terminal = rehearsal();
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_line("12-45");
    terminal.wait_for("a Flexera organization id is digits only");
    for _ in 0..3 {
        terminal.key(Key::Backspace);
    }
    terminal.type_line("777");
    terminal.wait_for("Flexera organization id · 12777");
}

#[test]
fn arrows_move_in_a_menu_and_in_a_text() {
    let mut terminal = rehearsal();
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_text("13");
    terminal.key(Key::Left);
    terminal.type_key('2');
    terminal.key(Key::Enter);
    terminal.wait_for("Flexera organization id · 123");
    terminal.wait_for(QUESTIONS[1]);
    terminal.key(Key::Up);
    terminal.wait_for("❯ flexera-one");
    terminal.key(Key::Down);
    terminal.wait_for("❯ optima");
    terminal.key(Key::Down);
    terminal.wait_for("❯ flexera-one");
    terminal.key(Key::Enter);
    terminal.wait_for("Onboarding API · flexera-one");
    terminal.wait_for("Zone");
}
