//! What a person sees: screens worth keeping, terminals that cannot be redrawn, and reports that exist already.

use std::path::Path;
use std::time::Duration;

use aws_sdk_costandusagereport::types::{
    AwsRegion, CompressionFormat, ReportDefinition, ReportFormat, ReportVersioning, SchemaElement, TimeUnit,
};

use optima_onboard::sandbox::Options;
use serde_json::json;

use crate::conversation::{CONFIRM, QUESTIONS, decide, take_defaults};
use crate::support::moment;
use crate::support::terminal::{Key, Terminal};
use crate::support::world::block_on;
use crate::support::{Onboard, World};

/// The wizard in the sandbox.
pub fn rehearsal(words: &[&str]) -> Onboard {
    Onboard::new(&["wizard", "--sandbox"]).args(words)
}

fn keep(name: &str, screen: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, moment::steady(screen)));
}

#[test]
fn the_questions_the_plan_and_the_end_at_80_columns() {
    let mut terminal = Terminal::open(rehearsal(&[]), 80, 160);
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_line("12-45");
    terminal.wait_for("not taken:");
    terminal.wait_for("? Flexera organization id (12345)");
    keep("a_wrong_answer", &terminal.screen());
    terminal.key(Key::CtrlC);
    terminal.ends(130);
    let mut terminal = Terminal::open(rehearsal(&[]), 80, 160);
    for question in &QUESTIONS[..4] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for("(type to search)");
    terminal.wait_for("ap-south-1");
    keep("the_last_question", &terminal.screen());
    terminal.key(Key::Enter);
    terminal.wait_for(CONFIRM);
    terminal.wait_for("❯ no");
    let screen = terminal.screen();
    keep("the_review", &screen[screen.find("Review:").expect("a review")..]);
    decide(&mut terminal, "yes");
    terminal.ends(0);
    let screen = terminal.screen();
    keep("the_end", &screen[screen.find("Done.").expect("an end")..]);
}

#[test]
fn at_40_columns_questions_are_plain_and_lines_break_between_words() {
    let mut terminal = Terminal::open(rehearsal(&["--bucket-region", "us-east-1"]), 40, 240);
    for question in &QUESTIONS[..4] {
        terminal.wait_for(question);
        terminal.wait_for("Enter for");
        terminal.send(b"\n");
    }
    terminal.wait_for("Enter for no:");
    keep("forty_columns", &terminal.screen());
}

#[test]
fn at_40_columns_what_is_being_done_stands_in_one_row_a_step() {
    let world = World::with(|options| Options { latency: Duration::from_millis(100), ..options });
    let mut terminal = Terminal::open(world.onboard(&["apply", "--yes"]), 40, 240);
    terminal.wait_for("✔ bill-connect");
    terminal.ends(0);
    for row in terminal.screen().lines().filter(|row| row.starts_with("  ✔ ")) {
        assert!(row.ends_with(" s") && row.chars().count() < 40, "{row:?} in:\n{}", terminal.screen());
    }
    assert!(!terminal.text().contains("letting AWS"), "{}", terminal.screen());
}

/// Whoever watches sees why the report begins before the bucket is done.
#[test]
fn a_bucket_is_called_made_as_soon_as_others_build_on_it_and_its_last_look_is_called_that() {
    let world = World::new();
    let hold = |of: &str| world.make(&json!([{ "of": of, "kind": "hold" }]));
    hold("s3 PutBucketPolicy");
    let mut terminal = Terminal::open(world.onboard(&["apply", "--yes"]), 80, 160);
    world.wait_held();
    terminal.wait_for("· bucket         billing bucket               made; checked later");
    hold("s3 GetBucketOwnershipControls");
    world.let_go();
    terminal.wait_for("✔ bill-connect");
    terminal.wait_for("bucket         billing bucket               checking ");
    assert!(!terminal.text().contains("✔ bucket  "), "{}", terminal.screen());
    world.let_go();
    terminal.wait_for("✔ bucket  ");
    terminal.ends(0);
}

#[test]
fn a_window_of_24_rows_shows_every_question_whole() {
    let mut terminal = Terminal::open(rehearsal(&[]), 80, 24);
    for question in QUESTIONS {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for(CONFIRM);
    assert!(terminal.text().contains("6 to create"), "{}", terminal.screen());
}

#[test]
fn a_window_that_changes_its_size_breaks_nothing() {
    let mut terminal = Terminal::open(rehearsal(&[]), 80, 160);
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_text("12");
    terminal.resize(100, 120);
    terminal.type_key('3');
    terminal.key(Key::Enter);
    terminal.wait_for("Flexera organization id · 123");
    terminal.wait_for(QUESTIONS[1]);
    terminal.resize(78, 160);
    terminal.key(Key::Down);
    terminal.wait_for("❯ flexera-one");
    terminal.key(Key::Up);
    terminal.wait_for("❯ optima");
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    terminal.resize(120, 160);
    decide(&mut terminal, "yes");
    terminal.ends(0);
}

#[test]
fn a_window_that_becomes_half_as_wide_keeps_what_was_said_before() {
    let mut terminal = Terminal::open(rehearsal(&[]), 80, 160);
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_text("12");
    terminal.resize(40, 160);
    terminal.type_key('3');
    terminal.key(Key::Enter);
    terminal.wait_for("✔ Flexera organization id · 123");
    terminal.wait_for("❯ optima");
    terminal.resize(80, 160);
    terminal.key(Key::Down);
    terminal.wait_for("❯ flexera-one");
    terminal.resize(40, 160);
    terminal.key(Key::Up);
    terminal.wait_for("❯ optima");
    terminal.key(Key::Enter);
    terminal.wait_for("✔ Onboarding API · optima");
    for part in ["Found, and where", "✔ Flexera organization id · 123", "permissions"] {
        assert!(terminal.text().contains(part), "{part} is gone from:\n{}", terminal.screen());
    }
}

#[test]
fn plain_lines_carry_the_whole_wizard_without_one_escape_sequence() {
    for run in [
        rehearsal(&["--accessible"]),
        rehearsal(&[]).env("ACCESSIBLE", "1").env("NO_COLOR", "1"),
        rehearsal(&[]).env("TERM", "dumb"),
    ] {
        let run = run.env("NO_COLOR", "1");
        let mut terminal = Terminal::open(run, 80, 240);
        for (question, answer) in QUESTIONS.iter().zip(["", "7", "1", "", "22"]) {
            terminal.wait_for(question);
            terminal.send(format!("{answer}\n").as_bytes());
            if answer == "7" {
                terminal.wait_for("Not taken: type a number from 1 to 2, or a word of the list");
                terminal.send(b"\n");
            }
        }
        terminal.wait_for("or Enter for no: ");
        terminal.send(b"look\n");
        terminal.wait_for("region                   eu-west-2");
        terminal.wait_for_times("or Enter for no: ", 2);
        terminal.send(b"perhaps\n");
        terminal.wait_for("Not taken: type a number from 1 to 6, or a word of the list");
        terminal.send(b"yes\n");
        terminal.ends(0);
        assert!(!terminal.raw().contains(&0x1b), "{:?}", String::from_utf8_lossy(&terminal.raw()));
        assert!(terminal.text().contains("Nothing is in the way"), "{}", terminal.screen());
    }
}

#[test]
fn no_color_takes_the_colours_away_and_nothing_else() {
    let colours = |run: Onboard| {
        let mut terminal = Terminal::open(run, 80, 160);
        take_defaults(&mut terminal, &QUESTIONS);
        decide(&mut terminal, "yes");
        terminal.ends(0);
        let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
        raw.split("\x1b[")
            .skip(1)
            .filter(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m'))
            .count()
    };
    assert_eq!(colours(rehearsal(&[]).env("NO_COLOR", "1")), 0);
    assert_eq!(colours(rehearsal(&["--color", "never"])), 0);
    assert!(colours(rehearsal(&[])) > 10, "otherwise there are some");
}

/// Puts a report into the account, as Flexera asks for it but for its time unit.
pub fn make_report(world: &World, name: &str, time_unit: TimeUnit, bucket: &str) {
    let definition = ReportDefinition::builder()
        .report_name(name)
        .time_unit(time_unit)
        .format(ReportFormat::Csv)
        .compression(CompressionFormat::Gzip)
        .additional_schema_elements(SchemaElement::Resources)
        .s3_bucket(bucket)
        .s3_prefix("costs")
        .s3_region(AwsRegion::from("us-east-1"))
        .refresh_closed_reports(true)
        .report_versioning(ReportVersioning::CreateNewReport)
        .build()
        .expect("a whole report");
    let reports = aws_sdk_costandusagereport::Client::new(&world.aws());
    block_on(reports.put_report_definition().report_definition(definition).send()).expect("the report is made");
}

#[test]
fn reports_that_exist_are_offered_best_first_with_their_verdicts() {
    let world = World::new();
    // A bucket and its policy as AWS billing needs them; then two reports there, the worse one first.
    world.onboard(&["bucket", "--yes", "--bucket", "acme-billing"]).run().ends(0);
    make_report(&world, "a-monthly-one", TimeUnit::Monthly, "acme-billing");
    make_report(&world, "the-hourly-one", TimeUnit::Hourly, "acme-billing");
    let mut terminal = Terminal::open(world.onboard(&["wizard", "--api", "optima", "--access", "role"]), 80, 160);
    terminal.wait_for("make a new one");
    let text = terminal.text();
    let (best, other) = (text.find("❯ the-hourly-one  fits"), text.find("  a-monthly-one   does not fit: "));
    assert!(best.is_some() && other.is_some() && best < other, "{}", terminal.screen());
    terminal.key(Key::Enter);
    terminal.wait_for(CONFIRM);
    decide(&mut terminal, "yes");
    terminal.ends(0);
    let text = terminal.text();
    assert!(text.contains("--reuse-report the-hourly-one"), "{text}");
    assert!(text.contains("bucket        acme-billing (us-east-1)"), "{text}");
}
