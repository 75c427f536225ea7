//! What the onboarding API may answer: a bill connect that exists, a role it cannot use yet, a token that expires.

use std::time::Duration;

use optima_onboard::sandbox::{FORBIDDEN_ORG_ID, Options};
use serde_json::json;

use crate::support::World;

const NEWER: &[&str] = &["--api", "flexera-one"];

/// The newer API asked whether it can use what it was given.
const VALIDATION: &str =
    "onboarding GET /finops-onboarding/v1/orgs/12345/bill-connects/aws/aws-111122223333/validation";

#[test]
fn a_bill_connect_that_differs_is_updated_by_the_newer_api() {
    let world = World::new();
    world.apply(NEWER).run().ends(0);
    let moved =
        world.apply(&["--api", "flexera-one", "--report-name", "second", "--prefix", "elsewhere"]).run().ends(0);
    assert_eq!(moved.steps().last().map(String::as_str), Some("bill-connect update done"));
    let shown = world
        .onboard(&[
            "bill-connect",
            "show",
            "--api",
            "flexera-one",
            "--bill-account-id",
            "111122223333",
            "--output",
            "json",
        ])
        .run()
        .ends(0)
        .json();
    assert_eq!(shown["bill_connect"]["path"], "elsewhere");
}

#[test]
fn a_bill_connect_that_differs_is_refused_with_the_older_api() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let moved = ["--report-name", "second", "--prefix", "elsewhere"];
    let refused = world.apply(&moved).run().ends(5);
    assert!(refused.stdout.contains("bill-connect delete"), "the remedy is a command: {}", refused.stdout);
    let stderr = world.onboard(&["bill-connect", "create"]).args(&moved).run().ends(5).stderr;
    assert!(stderr.contains("\n       optima-onboard bill-connect delete --org-id 12345"), "a whole one: {stderr}");
    let delete = ["bill-connect", "delete", "--bill-account-id", "111122223333"];
    world.onboard(&delete).run().ends(2);
    world.onboard(&delete).args(&["--yes"]).run().ends(0);
    world.apply(&moved).run().ends(0);
}

#[test]
fn a_role_that_flexera_cannot_use_in_time_is_exit_code_8() {
    for (words, state) in [(&[][..], "bill-connect create failed"), (NEWER, "bill-connect create done")] {
        let world = World::with(|options| Options { propagation: Duration::from_secs(600), ..options });
        let ran = world.apply(words).args(&["--timeout", "1"]).run().ends(8);
        assert_eq!(ran.steps().last().map(String::as_str), Some(state), "{words:?}");
        assert_eq!(ran.json()["error"]["kind"], "not-validated");
    }
}

#[test]
fn a_token_that_expires_in_mid_run_is_exchanged_again() {
    let world = World::new();
    world.make(&json!([{ "of": VALIDATION, "kind": "unauthorized" }]));
    let ran = world.apply(NEWER).run().ends(0);
    assert_eq!(ran.json()["bill_connect"]["validated"], true);
    let exchanges = world.requests().iter().filter(|request| request.service == "login").count();
    assert_eq!((world.faults_made(), exchanges), (1, 2));
}

#[test]
fn a_given_bearer_token_is_used_as_it_is() {
    let world = World::new();
    let run = world
        .apply(&[])
        .without("OPTIMA_REFRESH_TOKEN")
        .env("OPTIMA_ACCESS_TOKEN", optima_onboard::sandbox::ACCESS_TOKEN);
    run.run().ends(0);
    assert!(world.requests().iter().all(|request| request.service != "login"));
}

#[test]
fn a_service_account_signs_in() {
    let world = World::new();
    let run = world.apply(&[]).without("OPTIMA_REFRESH_TOKEN");
    run.env("OPTIMA_CLIENT_ID", optima_onboard::sandbox::CLIENT_ID)
        .env("OPTIMA_CLIENT_SECRET", optima_onboard::sandbox::CLIENT_SECRET)
        .run()
        .ends(0);
}

#[test]
fn a_person_without_the_role_is_told_which() {
    let world = World::new();
    let ran = world.apply(&["--org-id", FORBIDDEN_ORG_ID]).run().ends(4);
    assert!(ran.stdout.contains("enterprise_manager"), "{}", ran.stdout);
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn the_api_alone_creates_validates_lists_and_deletes() {
    let world = World::new();
    world.apply(NEWER).run().ends(0);
    let api = |words: &[&str]| {
        world
            .onboard(&["bill-connect"])
            .args(words)
            .args(&["--api", "flexera-one", "--bill-account-id", "111122223333"])
            .run()
    };
    assert!(api(&["list"]).ends(0).stdout.contains("aws-111122223333"));
    assert!(api(&["validate"]).ends(0).stdout.contains("Flexera can read the bill"));
    api(&["delete", "--yes"]).ends(0);
    assert!(api(&["delete", "--yes"]).ends(0).stdout.contains("nothing to delete"));
    api(&["show"]).ends(1);
    api(&["update"]).ends(1);
    assert!(api(&["create"]).ends(0).stdout.contains("created"));
    assert!(api(&["create"]).ends(0).stdout.contains("unchanged"));
    assert!(api(&["update", "--prefix", "other"]).ends(0).stdout.contains("updated"));
    api(&["create"]).ends(5);
}

#[test]
fn the_token_command_prints_the_token_alone() {
    let world = World::new();
    let ran = world.onboard(&["token"]).run().ends(0);
    assert_eq!(ran.stdout.lines().count(), 1);
    assert!(ran.stdout.starts_with("sandbox-access-token"), "{}", ran.stdout);
    let told: Vec<&str> = ran.stderr.lines().collect();
    assert!(matches!(told[..], [one] if one.starts_with("warning: the token endpoint is asked at")), "{told:?}");
}

#[test]
fn a_creation_whose_answer_was_lost_is_not_made_twice() {
    for (words, path) in [(&[][..], "/bill_connects/aws/iam_role"), (NEWER, "/bill-connects/aws/iam-role")] {
        let rehearsal = World::with(|options| Options { propagation: Duration::ZERO, ..options });
        rehearsal.apply(words).run().ends(0);
        let creating =
            1 + rehearsal.requests().iter().position(|request| request.action.ends_with(path)).expect("a creation");
        let world = World::with(|options| Options { propagation: Duration::ZERO, ..options });
        world.fail_at(creating, "lost-after");
        world.apply(words).run().ends(0);
        let creations = world.requests().iter().filter(|request| request.action.ends_with(path)).count();
        assert_eq!(creations, 1, "{words:?}");
    }
}

#[test]
fn a_verification_that_the_api_does_not_answer_says_so() {
    let world = World::new();
    world.apply(NEWER).run().ends(0);
    world.make(&json!([{ "of": VALIDATION, "kind": "access-denied" }]));
    let verified = world.onboard(&["verify", "--api", "flexera-one", "--output", "json"]).run().ends(1).json();
    assert_eq!(world.faults_made(), 1);
    let checks = verified["checks"].as_array().expect("checks");
    let validation = checks.iter().find(|check| check["check"] == "validation");
    assert_eq!(validation.expect("the validation's check")["status"], "fail", "{verified:#}");
}

#[test]
fn whose_account_a_bill_connect_is_of_is_the_callers_by_default_and_asked_for_where_nobody_calls() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    for (words, said) in [
        (&["bill-connect", "show"][..], "aws-111122223333"),
        (&["bill-connect", "validate"], "aws-111122223333 exists"),
        (&["bill-connect", "create"], "aws-111122223333 unchanged"),
    ] {
        world.requests();
        assert!(world.onboard(words).run().ends(0).stdout.contains(said), "{words:?}");
        assert!(world.seen().contains(&"sts GetCallerIdentity".to_owned()), "{words:?}: {:?}", world.seen());
        world.requests();
        let nobody = || world.onboard(words).without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
        let ran = nobody().run().ends(2);
        for part in ["missing: --bill-account-id", "no AWS credentials were found", "--help says how each is given"] {
            assert!(ran.stderr.contains(part), "{part} missing in: {}", ran.stderr);
        }
        nobody().args(&["--bill-account-id", "111122223333"]).run().ends(0);
        assert!(!world.seen().iter().any(|name| name.starts_with("sts ")), "{words:?}: {:?}", world.seen());
    }
}

#[cfg(unix)]
#[test]
fn a_creation_that_takes_its_time_is_seen_and_can_be_left() {
    use crate::support::terminal::{Key, Terminal};

    let world = World::new();
    // Without its role the API does not take it, and it is asked again and again.
    world.onboard(&["bucket", "--yes"]).run().ends(0);
    let mut terminal = Terminal::open(world.onboard(&["bill-connect", "create"]), 80, 40);
    terminal.wait_for("bill-connect   bill connect");
    terminal.send(Key::CtrlC.bytes());
    terminal.ends(130);
    let text = terminal.text();
    assert!(text.contains("whether the API took it is open") && text.contains(" next: run the same"), "{text}");
    let ran = world.onboard(&["bill-connect", "show", "--api", "flexera-one"]).run().ends(1);
    for verb in ["create", "list"] {
        let command = format!("\n       optima-onboard bill-connect {verb} --org-id 12345 --api flexera-one");
        assert!(ran.stderr.contains(&command), "{}", ran.stderr);
    }
    let none = world.onboard(&["bill-connect", "list"]).run().ends(0).stderr;
    assert!(none.contains("no bill connect.\n\nNext:\n  optima-onboard apply --org-id 12345"), "{none}");
    let ran = world.onboard(&["bill-connect", "create", "--timeout", "1"]).run().ends(8);
    assert!(ran.stderr.contains("\n       optima-onboard verify --org-id 12345"), "{}", ran.stderr);
}
