//! Back in the wizard, question by question, in a real terminal: what is asked again, and what stays on the screen.

use crate::conversation::{QUESTIONS, decide, rehearsal, take_defaults, wizard};
use crate::support::terminal::{Key, Terminal};
use crate::support::{Onboard, World};

#[test]
fn esc_goes_back_to_the_question_before_and_the_first_one_says_that_it_is_the_first() {
    let mut terminal = rehearsal();
    terminal.wait_for("? Flexera organization id (12345)");
    terminal.type_line("777");
    terminal.wait_for("? Onboarding API");
    terminal.key(Key::Down);
    terminal.wait_for("❯ flexera-one");
    terminal.key(Key::Enter);
    terminal.wait_for("? Zone");
    terminal.key(Key::Esc);
    terminal.wait_for("? Onboarding API");
    terminal.wait_for("❯ flexera-one");
    terminal.key(Key::Esc);
    terminal.wait_for("? Flexera organization id (777)");
    for times in 1..=3 {
        terminal.key(Key::Esc);
        terminal.wait_written("This is the first question", times);
    }
    assert_eq!(terminal.text().matches("This is the first question").count(), 1, "{}", terminal.screen());
    terminal.type_line("778");
    terminal.wait_for("✔ Flexera organization id · 778");
    assert!(!terminal.text().contains("This is the first question"), "{}", terminal.screen());
}

#[test]
fn an_answer_that_was_gone_back_from_leaves_the_screen_with_what_was_found_below_it() {
    let mut terminal = rehearsal();
    terminal.wait_for("? Flexera organization id");
    terminal.type_line("777");
    terminal.wait_for("? Onboarding API");
    let before = terminal.screen();
    terminal.key(Key::Down);
    terminal.wait_for("❯ flexera-one");
    terminal.key(Key::Enter);
    terminal.wait_for("? Zone");
    terminal.key(Key::Esc);
    terminal.wait_for("❯ flexera-one");
    assert!(!terminal.text().contains("✔ Onboarding API"), "{}", terminal.screen());
    terminal.key(Key::Up);
    terminal.wait_for("❯ optima");
    assert_eq!(terminal.screen(), before);
    terminal.key(Key::Esc);
    terminal.wait_for("? Flexera organization id (777)");
    assert!(!terminal.text().contains("✔"), "{}", terminal.screen());
    terminal.key(Key::Enter);
    terminal.wait_for("❯ flexera-one");
    terminal.key(Key::Up);
    terminal.wait_for("❯ optima");
    assert_eq!(terminal.screen(), before);
    terminal.key(Key::Enter);
    terminal.wait_for("? Access for Flexera");
    terminal.wait_for("bill connect none yet");
    terminal.key(Key::Esc);
    terminal.wait_for("❯ optima");
    assert_eq!(terminal.screen(), before, "what was found with that answer goes with it");
}

#[test]
fn esc_goes_back_from_the_hidden_token_and_the_error_of_the_last_one_leaves_with_it() {
    let world = World::new();
    let mut terminal = Terminal::open(world.onboard(&["wizard"]).without("OPTIMA_REFRESH_TOKEN"), 80, 160);
    terminal.wait_for(QUESTIONS[1]);
    let before = terminal.screen();
    terminal.key(Key::Enter);
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.send(b"half");
    terminal.wait_for("typed, not shown");
    terminal.key(Key::Esc);
    terminal.wait_for("❯ optima");
    assert_eq!(terminal.screen(), before);
    terminal.key(Key::Enter);
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.type_hidden("wrong");
    terminal.wait_for("was refused");
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.key(Key::Esc);
    terminal.wait_for("❯ optima");
    assert_eq!(terminal.screen(), before);
    terminal.key(Key::CtrlC);
    terminal.ends(130);
    assert!(terminal.echoes(), "what is typed next must be seen");
}

#[test]
fn esc_at_an_answer_that_is_changed_goes_back_to_the_review_with_nothing_changed() {
    let mut terminal = rehearsal();
    take_defaults(&mut terminal, &QUESTIONS);
    decide(&mut terminal, "change");
    terminal.wait_for("? Which answer");
    terminal.wait_until_keys();
    terminal.send(b"API\r");
    terminal.wait_for("? Onboarding API");
    terminal.key(Key::Down);
    terminal.wait_for("❯ flexera-one");
    terminal.key(Key::Enter);
    terminal.wait_for("? Zone");
    terminal.key(Key::Esc);
    terminal.wait_for("? Onboarding API");
    terminal.key(Key::Esc);
    terminal.wait_for_times("Review:", 2);
    terminal.wait_for("❯ no");
    assert!(!terminal.text().contains("first question"), "{}", terminal.screen());
    terminal.key(Key::Enter);
    terminal.ends(130);
    assert!(!terminal.text().contains("flexera-one --zone"), "{}", terminal.screen());
}

#[test]
fn esc_at_the_review_goes_back_to_the_question_before_it() {
    let world = World::new();
    let mut terminal = wizard(&world);
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    terminal.wait_for("❯ no");
    terminal.key(Key::Esc);
    terminal.wait_for("? Region of the bucket");
    terminal.wait_for("❯ us-east-1");
    terminal.key(Key::Enter);
    terminal.wait_for_times("Review:", 2);
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn esc_at_a_review_without_any_question_before_it_offers_what_can_be_changed() {
    let world = World::new();
    let words = ["wizard", "--api", "optima", "--access", "role", "--bucket", "acme-billing"];
    let mut terminal = Terminal::open(world.onboard(&words).args(&["--bucket-region", "us-east-1"]), 80, 160);
    terminal.wait_for("❯ no");
    terminal.key(Key::Esc);
    terminal.wait_for("? Which answer");
    terminal.key(Key::Esc);
    terminal.wait_for("❯ no");
    terminal.key(Key::Enter);
    terminal.ends(130);
}

#[test]
fn a_less_than_sign_at_the_hidden_token_goes_back() {
    let world = World::new();
    let mut terminal = Terminal::open(world.onboard(&["wizard"]).without("OPTIMA_REFRESH_TOKEN"), 80, 160);
    terminal.wait_for(QUESTIONS[1]);
    terminal.key(Key::Enter);
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.type_hidden("<");
    terminal.wait_for("? Onboarding API");
    terminal.key(Key::CtrlC);
    terminal.ends(130);
    assert!(terminal.echoes(), "what is typed next must be seen");
}

#[test]
fn a_less_than_sign_goes_back_where_lines_are_read() {
    let mut terminal = Terminal::open(Onboard::new(&["wizard", "--sandbox", "--accessible"]), 80, 160);
    terminal.wait_for("Answer, or Enter for 12345: ");
    terminal.send(b"777\n");
    terminal.wait_for("Number or word, or Enter for optima: ");
    terminal.send(b"<\n");
    terminal.wait_for("Answer, or Enter for 777: ");
    terminal.send(b"<\n");
    terminal.wait_for("This is the first question");
    terminal.wait_for_times("Answer, or Enter for 777: ", 2);
}

#[test]
fn a_less_than_sign_goes_back_where_a_text_is_typed() {
    let mut terminal = rehearsal();
    for question in &QUESTIONS[..3] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("? Billing bucket");
    terminal.type_line("<");
    terminal.wait_for("? Access for Flexera");
}

#[test]
fn a_narrow_window_says_why_it_has_no_menus_and_esc_goes_back_there_too() {
    let mut terminal = Terminal::open(Onboard::new(&["wizard", "--sandbox"]), 60, 160);
    terminal.wait_for("Answer, or Enter for 12345: ");
    assert!(
        terminal.text().contains("In a window of 72 columns or more the lists are menus."),
        "{}",
        terminal.screen()
    );
    terminal.send(b"777\n");
    terminal.wait_for("Number or word, or Enter for optima: ");
    terminal.send(b"\x1b\n");
    terminal.wait_for("Answer, or Enter for 777: ");
    terminal.send(b"\n");
    terminal.wait_for_times("Number or word, or Enter for optima: ", 2);
    terminal.send(b"optima\n");
    terminal.wait_for("Taken: optima");
    let mut asked_for = Terminal::open(Onboard::new(&["wizard", "--sandbox", "--accessible"]), 60, 160);
    asked_for.wait_for("Answer, or Enter for 12345: ");
    assert!(!asked_for.text().contains("In a window of"), "whoever asked for lines is not talked out of them");
    asked_for.send(Key::CtrlC.bytes());
    asked_for.ends(130);
}

/// Nobody knows how many rows a log took: it stays, and so does the answer above it.
#[test]
fn esc_takes_nothing_of_a_log_away() {
    let mut terminal = Terminal::open(Onboard::new(&["wizard", "--sandbox", "-vv"]), 80, 160);
    for question in &QUESTIONS[..2] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("? Access for Flexera");
    let text = terminal.text();
    let (logged, _) = text.split_once("  bill connect none yet").unwrap_or_else(|| panic!("nothing found in:\n{text}"));
    assert!(logged.contains("DEBUG"), "{text}");
    terminal.key(Key::Esc);
    terminal.wait_for("? Onboarding API");
    terminal.wait_for("❯ optima");
    assert!(terminal.text().starts_with(logged), "{}", terminal.screen());
}
