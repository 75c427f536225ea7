//! `verify`: what is fine, what is not, what is still to come and until when; and the wait for the first bill month.

use std::time::Duration;

use optima_onboard::sandbox::Options;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::support::terminal::{Key, Terminal};
use crate::support::world::block_on;
use crate::support::{Onboard, World};

const CURRENT: &[&str] = &["--api", "flexera-one"];

/// An onboarded account, whose report comes when the test says so.
fn onboarded() -> World {
    let world = World::with(|options| Options { propagation: Duration::ZERO, delivery: None, ..options });
    world.apply(CURRENT).run().ends(0);
    world
}

fn check(document: &Value, name: &str) -> Value {
    let found = document["checks"].as_array().and_then(|checks| checks.iter().find(|check| check["check"] == name));
    found.cloned().unwrap_or_else(|| panic!("no check {name} in {document:#}"))
}

/// The report is delivered now.
fn deliver(world: &World) {
    let now = OffsetDateTime::now_utc().format(format_description!("[year][month][day]T[hour][minute][second]Z"));
    let status = json!({ "lastStatus": "SUCCESS", "lastDelivery": now.expect("a time of these days") });
    block_on(world.control("report-status", &json!({ "ReportName": "flexera-optima", "ReportStatus": status })));
}

fn detach(world: &World) {
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let detach = iam
        .detach_role_policy()
        .role_name("FlexeraOptimaAccessRole")
        .policy_arn("arn:aws:iam::111122223333:policy/FlexeraOptimaAccessPolicy");
    block_on(detach.send()).expect("detached");
}

#[test]
fn a_report_reads_from_the_account_to_flexera() {
    let world = onboarded();
    detach(&world);
    let text = world.onboard(&["verify"]).args(CURRENT).run().ends(1).stdout;
    let places: Vec<usize> = ["AWS account ", "Bucket ", "Report ", "Access by role ", "Flexera organization "]
        .iter()
        .map(|heading| {
            let begins = |line: &str| line.starts_with(heading);
            text.lines().position(begins).unwrap_or_else(|| panic!("no line begins with {heading}:\n{text}"))
        })
        .collect();
    assert!(places.is_sorted(), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().any(|line| line.contains("FAIL") && line.contains("attachment")), "{text}");
    let next = lines.iter().position(|line| line.starts_with("Next: for ") && line.contains("attachment"));
    let command = lines[next.unwrap_or_else(|| panic!("no next command for the attachment:\n{text}")) + 1].trim();
    assert_eq!(text.matches("optima-onboard apply").count(), 1, "once for all: {text}");
    assert!(command.starts_with("optima-onboard apply --org-id 12345 --api flexera-one"), "with every flag: {text}");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    world.onboard(&words).args(&["--yes"]).run().ends(0);
    world.onboard(&["verify"]).args(CURRENT).run().ends(0);
}

/// An apply alone would be refused because of the bill connect, which the optima API cannot change.
#[test]
fn what_is_said_first_can_be_done_first() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let verify = || world.onboard(&["verify", "--prefix", "elsewhere"]).run();
    let text = verify().ends(1).stdout;
    assert!(text.contains("bucketPath is billing, not elsewhere; to keep it so, verify with what it has"), "{text}");
    let mut lines = text.lines().skip_while(|line| *line != "Next: for report-settings, bill-connect-values").skip(1);
    for begin in ["optima-onboard bill-connect delete --org-id 12345", "optima-onboard apply --org-id 12345"] {
        let command = lines.next().unwrap_or_default().trim();
        assert!(command.starts_with(begin) && command.ends_with("--prefix elsewhere"), "{text}");
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        world.onboard(&words).args(&["--yes"]).run().ends(0);
    }
    verify().ends(0);
}

#[test]
fn what_is_pending_says_until_when() {
    let world = onboarded();
    let document = world.onboard(&["verify", "--output", "json"]).args(CURRENT).run().ends(0).json();
    let delivery = check(&document, "report-delivery");
    let message = delivery["message"].as_str().unwrap_or_default();
    assert!(delivery["status"] == "pending" && message.contains(", here by 20"), "{delivery}");
    let stderr = world.onboard(&["verify"]).args(CURRENT).run().ends(0).stderr;
    assert!(
        stderr.contains("Next:\n  optima-onboard verify --org-id 12345") && stderr.ends_with(" --wait\n"),
        "{stderr}"
    );
}

#[test]
fn deliveries_that_stopped_are_a_warning() {
    let world = onboarded();
    let status = json!({ "lastStatus": "SUCCESS", "lastDelivery": "20260101T000000Z" });
    block_on(world.control("report-status", &json!({ "ReportName": "flexera-optima", "ReportStatus": status })));
    let document = world.onboard(&["verify", "--output", "json"]).args(CURRENT).run().ends(0).json();
    let delivery = check(&document, "report-delivery");
    assert!(delivery["status"] == "warn" && delivery["remedy"].is_string(), "{delivery}");
}

#[test]
fn a_wait_ends_with_the_first_bill_month() {
    let world = onboarded();
    let ran = world.onboard(&["verify", "--wait"]).args(CURRENT).run_heard(|line| {
        if line.contains("nothing delivered yet") {
            deliver(&world);
        } else if line.contains("waiting:") {
            block_on(world.control("process-bills", &json!({})));
        }
    });
    let ran = ran.ends(0);
    let said: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("waiting:")).collect();
    assert!(said.len() >= 2 && said[0].contains("nothing delivered yet"), "each thing once: {said:?}");
    assert!(said.windows(2).all(|two| two[0] != two[1]), "{said:?}");
    assert!(ran.stdout.ends_with("The bill flows.\n"), "{}", ran.stdout);
    let document = world.onboard(&["verify", "--wait", "--output", "json"]).args(CURRENT).run().ends(0).json();
    assert_eq!(check(&document, "bill-months")["status"], "pass");
}

#[test]
fn the_older_api_has_no_months_and_the_delivery_ends_the_wait() {
    let world = World::with(|options| Options { delivery: Some(Duration::from_millis(500)), ..options });
    world.apply(&[]).run().ends(0);
    let document = world.onboard(&["verify", "--wait", "--output", "json"]).run().ends(0).json();
    assert_eq!(check(&document, "report-delivery")["status"], "pass");
    assert_eq!(check(&document, "bill-months")["status"], "skip");
}

#[test]
fn a_wait_that_is_bounded_says_what_did_not_come() {
    let world = onboarded();
    let words = ["verify", "--wait", "--timeout", "1"];
    let document = world.onboard(&words).args(&["--output", "json"]).args(CURRENT).run().ends(8).json();
    assert_eq!(document["error"]["exit_code"], 8);
    assert!(document["error"]["cause"].as_str().is_some_and(|why| why.contains("nothing delivered")), "{document:#}");
    assert_eq!(check(&document, "role")["status"], "pass", "and the report is there");
    let text = world.onboard(&words).args(CURRENT).run().ends(8);
    let goes_on = "optima-onboard verify --org-id 12345 --api flexera-one ";
    let command = text.stderr.lines().find(|line| line.trim_start().starts_with(goes_on));
    assert!(command.is_some_and(|line| line.ends_with(" --wait")), "how to go on: {}", text.stderr);
}

#[test]
fn a_wait_for_what_time_does_not_mend_ends_at_once() {
    let world = onboarded();
    detach(&world);
    let document = world.onboard(&["verify", "--wait", "--output", "json"]).args(CURRENT).run().ends(1).json();
    assert_eq!(check(&document, "attachment")["status"], "fail");
}

#[test]
fn a_later_look_that_fails_does_not_end_a_wait() {
    let world = onboarded();
    world.make(&json!([{ "of": "cur DescribeReportDefinitions", "nth": 2, "kind": "malformed" }]));
    let ran = world.onboard(&["verify", "--wait"]).args(CURRENT).run_heard(|line| {
        if line.contains("asking again") {
            deliver(&world);
            block_on(world.control("process-bills", &json!({})));
        }
    });
    let ran = ran.ends(0);
    assert!(ran.stderr.contains("asking again"), "{}", ran.stderr);
    world.make(&json!([{ "of": "cur DescribeReportDefinitions", "kind": "malformed" }]));
    world.onboard(&["verify", "--wait"]).args(CURRENT).run().ends(1);
}

#[test]
fn a_wait_that_ends_without_an_answer_shows_what_was_seen_before() {
    let world = onboarded();
    world.make(&json!([{ "of": "cur DescribeReportDefinitions", "nth": 2, "kind": "malformed" }]));
    let words = ["verify", "--wait", "--timeout", "1", "--output", "json"];
    let document = world.onboard(&words).args(CURRENT).run().ends(8).json();
    assert_eq!(check(&document, "role")["status"], "pass");
    assert_eq!(document["ok"], true, "no check failed, whatever else ended the wait: {document:#}");
}

#[test]
fn a_wait_in_a_terminal_turns_and_can_be_left() {
    let world = onboarded();
    let mut terminal = Terminal::open(world.onboard(&["verify", "--wait"]).args(CURRENT), 80, 24);
    terminal.wait_for("nothing delivered yet");
    terminal.resize(40, 24);
    terminal.send(Key::CtrlC.bytes());
    terminal.wait_for("the same command takes the");
    terminal.ends(130);
    assert!(terminal.has_cursor(), "{}", terminal.screen());
}

#[test]
fn a_wait_is_for_one_onboarding() {
    let world = World::new();
    let run = world.onboard(&["verify", "--wait", "--file", "many.toml"]).without("OPTIMA_ORG_ID");
    let file = "[[onboarding]]\nname = \"a\"\norg_id = 1\n\n[[onboarding]]\nname = \"b\"\norg_id = 2\n";
    std::fs::write(run.folder().join("many.toml"), file).expect("written");
    let ran = run.run().ends(2);
    assert!(ran.stderr.contains("--wait"), "{}", ran.stderr);
}

#[test]
fn what_was_not_asked_of_flexera_says_which_reason_it_has_and_is_no_bill_that_flows() {
    let world = onboarded();
    deliver(&world);
    let without = |words: &[&str]| {
        let run = world.onboard(&["verify"]).args(words).without("OPTIMA_REFRESH_TOKEN");
        run.without("OPTIMA_ACCESS_TOKEN")
    };
    let skipped = |run: Onboard| check(&run.args(&["--output", "json"]).run().json(), "bill-connect");
    let (no_token, no_request) = (skipped(without(CURRENT)), skipped(world.onboard(&["verify", "--access", "user"])));
    for (check, said, next) in [
        (no_token, "there is no credential for the onboarding API", "--refresh-token-file"),
        (no_request, "the optima API has no public request for an IAM user", "Billing Configuration"),
    ] {
        assert_eq!((&check["status"], &check["message"]), (&json!("skip"), &json!(said)));
        assert!(check["remedy"].as_str().is_some_and(|remedy| remedy.contains(next)), "{check}");
    }
    let text = without(CURRENT).run().ends(0).stdout;
    assert!(text.ends_with("Flexera's side was not looked at.\n"), "{text}");
}
