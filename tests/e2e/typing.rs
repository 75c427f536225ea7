//! What keys and pastes come to in the wizard's questions, in a real terminal.

use crate::conversation::{CONFIRM, QUESTIONS, rehearsal, take_defaults};
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
fn letters_narrow_the_regions_down_by_code_or_city_and_what_matches_nothing_is_said() {
    let mut terminal = rehearsal();
    for question in &QUESTIONS[..4] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("❯ us-east-1");
    terminal.wait_until_keys();
    terminal.send(b"atlantis");
    terminal.wait_for("nothing matches; ");
    terminal.key(Key::Enter);
    terminal.wait_for("nothing matches atlantis");
    terminal.wait_for("❯ us-east-1");
    terminal.send(b"atlantis");
    terminal.wait_for("nothing matches; ");
    terminal.send(b"\x15");
    terminal.wait_for("❯ us-east-1");
    terminal.send(b"eu-");
    terminal.wait_for("❯ eu-central-1");
    terminal.key(Key::Down);
    terminal.wait_for("❯ eu-central-2");
    terminal.key(Key::Up);
    terminal.wait_for("❯ eu-central-1");
    for _ in "eu-".chars() {
        terminal.key(Key::Backspace);
    }
    terminal.send(b"frank");
    terminal.wait_for("❯ eu-central-1     Frankfurt");
    terminal.key(Key::Enter);
    terminal.wait_for("✔ Region of the bucket · eu-central-1");
    assert!(!terminal.text().contains("Zurich"), "{}", terminal.screen());
}

#[test]
fn at_the_review_a_word_picks_its_way_and_any_other_word_none() {
    let world = World::new();
    let mut terminal = Terminal::open(world.onboard(&["wizard"]), 80, 160);
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    terminal.wait_for("❯ no");
    terminal.type_key('j');
    terminal.key(Key::Enter);
    terminal.wait_for("nothing matches j");
    terminal.wait_until_keys();
    terminal.send(b"quit\r");
    terminal.wait_for("nothing matches quit");
    terminal.send(b"look\r");
    terminal.wait_for("\"Version\": \"2012-10-17\"");
    terminal.wait_for_times(CONFIRM, 2);
    terminal.wait_until_keys();
    terminal.send(b"change\r");
    terminal.wait_for("? Which answer");
    terminal.key(Key::Esc);
    terminal.wait_for("❯ no");
    assert_eq!(world.writes(), [""; 0], "no key alone and no word but one applies");
    terminal.send(b"yes");
    terminal.wait_for("❯ yes");
    terminal.key(Key::Enter);
    terminal.ends(0);
}

#[test]
fn what_is_not_taken_is_told_once_and_the_line_is_empty_again() {
    let mut terminal = rehearsal();
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_line("12-45");
    terminal.wait_for("a Flexera organization id is digits only");
    terminal.type_line("5");
    terminal.wait_for("the organization id 5 cannot be the external id");
    assert_eq!(terminal.text().matches("not taken:").count(), 1, "{}", terminal.screen());
    terminal.type_line("777");
    terminal.wait_for("Flexera organization id · 777");
    assert!(!terminal.text().contains("not taken:"), "{}", terminal.screen());
}

#[test]
fn esc_and_a_less_than_sign_go_back_after_a_refusal() {
    let mut terminal = rehearsal();
    for question in &QUESTIONS[..3] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("? Billing bucket");
    terminal.type_line("Not_A_Bucket");
    terminal.wait_for("not taken:");
    terminal.key(Key::Esc);
    terminal.wait_for("? Access for Flexera");
    assert!(!terminal.text().contains("not taken:"), "{}", terminal.screen());
    terminal.key(Key::Enter);
    terminal.wait_for("? Billing bucket");
    terminal.type_line("Not_A_Bucket");
    terminal.wait_for("not taken:");
    terminal.type_line("<");
    terminal.wait_for("? Access for Flexera");
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

#[test]
fn esc_goes_back_from_a_line_in_which_something_is_typed() {
    let mut terminal = rehearsal();
    for question in &QUESTIONS[..3] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("? Billing bucket");
    terminal.type_text("acme");
    terminal.key(Key::Esc);
    terminal.wait_for("❯ role");
    assert!(!terminal.text().contains("acme"), "{}", terminal.screen());
    terminal.key(Key::Enter);
    terminal.wait_for("? Billing bucket (flexera-optima-111122223333-12345)");
    terminal.type_text("a");
    terminal.key(Key::Backspace);
    terminal.wait_for("? Billing bucket (flexera-optima-111122223333-12345)");
}

#[test]
fn a_line_longer_than_its_row_stays_in_it_and_is_taken_whole() {
    let mut terminal = rehearsal();
    terminal.wait_for(QUESTIONS[0]);
    terminal.wait_until_keys();
    let address = format!("https://app.flexera.com/orgs/777/optima/{}/start", "billing-".repeat(9));
    terminal.send(address.as_bytes());
    terminal.wait_for("…");
    terminal.wait_for("billing-/start");
    assert!(terminal.screen().lines().all(|row| row.chars().count() <= 80), "{}", terminal.screen());
    terminal.key(Key::Enter);
    terminal.wait_for("✔ Flexera organization id · 777, taken from what was typed --org-id");
    assert_eq!(terminal.text().matches("billing-").count(), 0, "{}", terminal.screen());
    terminal.key(Key::Esc);
    terminal.wait_for("? Flexera organization id (777)");
}
