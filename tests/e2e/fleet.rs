//! Many onboardings of one file: mixed results, what they share, what is refused, what is told before anything begins.

use std::path::Path;
use std::time::Duration;

use optima_onboard::sandbox::{Accounts, REFRESH_TOKEN, RateLimit};
use serde_json::Value;

use crate::support::{Onboard, Ran, Request, World};

/// A world in which every account exists.
pub fn world() -> World {
    World::with(|options| optima_onboard::sandbox::Options { accounts: Accounts::All, ..options })
}

/// A run without an organization of its own: the file says it.
pub fn onboard(world: &World, words: &[&str], file: &str) -> Onboard {
    let run = world.onboard(words).args(&["--file", "fleet.toml"]).without("OPTIMA_ORG_ID");
    std::fs::write(run.folder().join("fleet.toml"), file).expect("the file is written");
    run
}

pub fn apply(world: &World, words: &[&str], file: &str) -> Onboard {
    onboard(world, &["apply", "--yes", "--output", "json"], file).args(words)
}

/// `name` in the account made of `digit`, with these lines more.
pub fn member(name: &str, digit: u8, lines: &str) -> String {
    format!("[[onboarding]]\nname = \"{name}\"\n{}{lines}", role(digit))
}

fn role(digit: u8) -> String {
    format!("assume_role = \"arn:aws:iam::{}:role/Onboarder\"\n", account(digit))
}

pub fn account(digit: u8) -> String {
    digit.to_string().repeat(12)
}

/// As many, each in an account of its own, all of organization 12345.
pub fn many(count: u8) -> String {
    let members: String = (1..=count).map(|digit| member(&format!("n{digit}"), digit, "")).collect();
    format!("[defaults]\norg_id = 12345\n{members}")
}

/// `name result`, in the document's order.
pub fn results(document: &Value) -> Vec<String> {
    let line = |one: &Value| format!("{} {}", text(&one["name"]), text(&one["result"]));
    document["onboardings"].as_array().expect("onboardings").iter().map(line).collect()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Everything an account holds but the role that lets the administrator in.
pub fn holds(world: &World, digit: u8) -> Vec<String> {
    let state = world.state();
    let own = &state["accounts"][account(digit)];
    let keys = |part: &str| own[part].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
    let parts: Vec<Vec<String>> = ["buckets", "reports", "policies", "roles"].map(keys).into();
    parts.concat().into_iter().filter(|name| name != "Onboarder").collect()
}

#[test]
fn one_that_fails_or_is_refused_stops_no_other() {
    let world = world();
    let file = [
        member("denied", 1, "org_id = 40300\n"),
        member("acme", 2, "org_id = 12345\n"),
        member("taken", 3, "org_id = 12345\nbucket = \"taken-by-others\"\n"),
        "[[onboarding]]\nname = \"closed\"\norg_id = 12345\nassume_role = \"arn:aws:iam::444444444444:role/closed-1\"\n".into(),
        member("globex", 5, "org_id = 777\n"),
    ]
    .concat();
    let document = apply(&world, &[], &file).run().ends(6).json();
    let expected = ["denied failed", "acme done", "taken refused", "closed failed", "globex done"];
    assert_eq!(results(&document), expected);
    let summary = &document["summary"];
    let counts = ["done", "failed", "refused", "skipped"].map(|key| summary[key].as_u64().expect("a count"));
    assert_eq!(counts, [2, 2, 1, 0]);
    let (failed, done, refused) =
        (&document["onboardings"][0], &document["onboardings"][1], &document["onboardings"][2]);
    assert_eq!(failed["error"]["exit_code"], 4);
    assert_eq!(done["onboarding"]["account_id"], account(2));
    assert_eq!(done["bill_connect"]["id"], format!("aws-{}", account(2)));
    assert_eq!(refused["steps"][0]["change"], "refuse");
    assert_eq!(refused["steps"][2]["outcome"], "skipped");
    let closed = &document["onboardings"][3]["error"];
    assert!(text(&closed["message"]).contains("sts:AssumeRole"));
    assert!(text(&closed["cause"]).starts_with("User: arn:aws:"), "in AWS's words and no others: {closed}");
    let state = world.state();
    let connects: Vec<&String> = state["bill_connects"].as_object().expect("an object").keys().collect();
    assert_eq!(connects, ["12345/aws-222222222222", "777/aws-555555555555"]);
    for untouched in [1, 3] {
        assert_eq!(holds(&world, untouched), [""; 0], "nothing is written of one that is refused or cannot be planned");
    }
}

#[test]
fn in_text_each_has_its_block_and_its_result() {
    let world = world();
    let file = many(3) + &member("taken", 4, "bucket = \"taken-by-others\"\n");
    let ran = onboard(&world, &["apply", "--yes"], &file).run().ends(6);
    for part in ["3 alike: create bucket, bucket-policy, report, policy, role, bill-connect", "left out taken", "next:"]
    {
        assert!(ran.stderr.contains(part), "{part} missing in:\n{}", ran.stderr);
    }
    for part in ["n1", "n3", "refused       taken", "3 done, 1 refused."] {
        assert!(ran.stdout.contains(part), "{part} missing in:\n{}", ran.stdout);
    }
    assert!(ran.stderr.contains("--only-failed"), "the way on is named:\n{}", ran.stderr);
    let again = onboard(&world, &["apply"], &many(3)).run().ends(0);
    assert!(again.stdout.contains("3 done."), "a second run needs no yes:\n{}", again.stdout);
    assert!(again.stderr.contains("3 alike: nothing to change"), "{}", again.stderr);
}

#[test]
fn the_codes_of_all_are_the_code_of_the_run() {
    let world = world();
    let denied = [member("a", 1, "org_id = 40300\n"), member("b", 2, "org_id = 40300\n")].concat();
    apply(&world, &[], &denied).run().ends(4);
    onboard(&world, &["plan", "--detailed-exitcode"], &many(2)).run().ends(3);
    let plan = onboard(&world, &["plan", "--output", "json"], &many(2)).run().ends(0).json();
    assert_eq!(plan["onboardings"][1]["summary"]["create"], 6, "{plan:#}");
    apply(&world, &[], &many(2)).run().ends(0);
    onboard(&world, &["plan", "--detailed-exitcode"], &many(2)).run().ends(0);
    let verified = onboard(&world, &["verify", "--output", "json"], &many(3)).run().ends(6).json();
    assert_eq!(results(&verified), ["n1 done", "n2 done", "n3 failed"]);
    assert_eq!(verified["onboardings"][2]["ok"], false);
    let text = onboard(&world, &["verify"], &many(3)).run().ends(6).stdout;
    let next = text.lines().map(str::trim).skip_while(|line| !line.starts_with("Next: for ")).nth(1);
    assert!(next.is_some_and(|line| line.starts_with("optima-onboard apply --file ")), "{text}");
}

#[test]
fn without_a_yes_nothing_is_written_and_the_document_says_so() {
    let world = world();
    let document = onboard(&world, &["apply", "--output", "json"], &many(2)).run().ends(2).json();
    assert_eq!(results(&document), ["n1 skipped", "n2 skipped"]);
    assert!(document["error"].to_string().contains("--yes"), "{document:#}");
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn one_token_and_one_identity_for_all_who_share_them() {
    let world = world();
    let count = |name: &str, requests: &[Request]| {
        requests.iter().filter(|request| request.service == name || request.action == name).count()
    };
    apply(&world, &[], &many(4)).run().ends(0);
    let requests = world.requests();
    assert_eq!(count("login", &requests), 1, "one credential, one exchange");
    assert_eq!(count("GetCallerIdentity", &requests), 4, "four accounts");
    let file = format!(
        "[defaults]\nrefresh_token_env = \"ACME\"\n{}{}{}",
        member("a", 7, "org_id = 11\n"),
        member("b", 7, "org_id = 22\nrole_name = \"B\"\npolicy_name = \"B\"\nreport_name = \"b\"\n"),
        member("c", 8, "org_id = 33\nrefresh_token_env = \"GLOBEX\"\n"),
    );
    let run = apply(&world, &["--concurrency", "1"], &file).without("OPTIMA_REFRESH_TOKEN");
    let run = run.env("ACME", &format!("{REFRESH_TOKEN}-acme")).env("GLOBEX", &format!("{REFRESH_TOKEN}-globex"));
    run.run().ends(0);
    let requests = world.requests();
    assert_eq!(count("login", &requests), 2, "two credentials");
    assert_eq!(count("GetCallerIdentity", &requests), 2, "two accounts, three onboardings");
}

#[test]
fn two_that_would_write_the_same_are_not_both_carried_out() {
    let world = world();
    let file = [member("first", 1, "org_id = 11\n"), member("second", 1, "org_id = 22\n")].concat();
    let document = apply(&world, &[], &file).run().ends(6).json();
    assert_eq!(results(&document), ["first done", "second refused"]);
    assert!(text(&document["onboardings"][1]["error"]["message"]).contains("first"), "{document:#}");
}

#[test]
fn everyone_of_an_organization_waits_for_its_rate_limit() {
    let limit = RateLimit { requests: 3, window: Duration::from_secs(2) };
    let world = World::with(|options| optima_onboard::sandbox::Options {
        accounts: Accounts::All,
        rate_limit: Some(limit),
        ..options
    });
    apply(&world, &["--concurrency", "9"], &many(9)).run().ends(0);
    let requests = world.requests();
    let of_api = |request: &&Request| request.service == "onboarding";
    let turned_away = requests.iter().filter(of_api).filter(|request| request.raw["status"] == 429).count();
    let answered = requests.iter().filter(of_api).count() - turned_away;
    assert!(answered > limit.requests, "the limit was met");
    // All nine begin at once, for nobody knows of the limit before the first answer; after that one at a time finds out
    // whether the window has turned. Were each left to itself, all would be turned away together, again and again.
    let windows = answered.div_ceil(limit.requests);
    assert!(turned_away <= 6 + windows, "{turned_away} turned away of {answered} in {windows} windows");
}

#[test]
fn mistakes_are_told_before_the_first_request() {
    let world = world();
    let two = [member("a", 1, "org_id = 11\n"), member("b", 2, "org_id = 22\n")].concat();
    for (words, file, part) in [
        (&["plan", "--org-id", "33"][..], two.as_str(), "--org-id would stand for the org_id of all 2 onboardings"),
        (&["plan"], &two.replace("22\n", "\"x\"\n"), "b: fleet.toml:8: org_id \"x\""),
        (&["plan"], &two.replace("org_id = 22\n", ""), "b: 1 answer is missing: --org-id"),
        (&["plan"], &two.replace("org_id = 22", "refresh_token_env = \"NOT_SET\""), "NOT_SET is not set"),
        (&["wizard"], &two, "describes many onboardings"),
        (&["bucket"], &two, "describes many onboardings"),
        (&["plan", "--only-failed", "gone.json"], &two, "gone.json: the receipt cannot be read"),
        (&["plan", "--only-failed", "r.json"], "org_id = 12345\n", "here is one onboarding"),
        (&["plan", "--concurrency", "0"], &two, "--concurrency"),
    ] {
        let ran = onboard(&world, words, file).run().ends(2);
        assert!(ran.stderr.contains(part), "{part} missing in:\n{}", ran.stderr);
    }
    let by_variable = onboard(&world, &["plan"], &two).env("OPTIMA_ORG_ID", "33").run().ends(2);
    assert!(by_variable.stderr.contains("unset OPTIMA_ORG_ID"), "{}", by_variable.stderr);
    let by_profile = two.replace("assume_role", "profile").replace("arn:aws:iam::", "");
    let by_profile = onboard(&world, &["plan"], &by_profile).env("AWS_PROFILE", "x").run().ends(2);
    assert!(by_profile.stderr.contains("unset AWS_PROFILE"), "{}", by_profile.stderr);
    assert!(world.requests().is_empty());
}

#[test]
fn a_file_of_one_names_its_variables_too() {
    let world = world();
    let run =
        onboard(&world, &["plan"], "org_id = 12345\nrefresh_token_env = \"ACME\"\n").without("OPTIMA_REFRESH_TOKEN");
    run.env("ACME", REFRESH_TOKEN).run().ends(0);
    let run = onboard(&world, &["plan"], "org_id = 12345\nrefresh_token_env = \"ACME\"\n");
    let ran = run.run().ends(2);
    assert!(
        ran.stderr.contains("fleet.toml:2: refresh_token_env: the environment variable ACME is not set"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_file_is_rehearsed_as_it_is() {
    let file = format!(
        "[[onboarding]]\nname = \"a\"\nprofile = \"acme\"\nrefresh_token_env = \"NOT_SET\"\n{}",
        member("b", 2, "org_id = 777\n")
    );
    let run = Onboard::new(&["apply", "--sandbox", "--yes", "--output", "json", "--file", "fleet.toml"]);
    std::fs::write(run.folder().join("fleet.toml"), file).expect("written");
    let ran: Ran = run.run().ends(0);
    assert_eq!(results(&ran.json()), ["a done", "b done"]);
    assert!(!Path::new(ran.home.path()).join(".local").exists(), "a rehearsal leaves no receipt");
}

#[cfg(unix)]
#[test]
fn the_question_names_every_address_and_stranger_that_one_which_changes_something_inherits() {
    use crate::support::terminal::Terminal;
    let world = world();
    let api = world.environment().iter().find(|(name, _)| *name == "OPTIMA_API_URL").expect("an address").1.clone();
    let other = api.replace("127.0.0.1", "localhost");
    let stranger = |digit: u8| format!("trusted_principal = \"arn:aws:iam::{}:root\"\n", account(digit));
    let file = "[defaults]\norg_id = 12345\n".to_owned()
        + &member("a", 1, &format!("api_url = \"{api}\"\n"))
        + &member("b", 2, &format!("api_url = \"{other}\"\n{}", stranger(7)))
        + &member("c", 3, &format!("api_url = \"{api}\"\n{}", stranger(8)))
        + &member("taken", 4, &format!("bucket = \"taken-by-others\"\napi_url = \"{api}\"\n{}", stranger(9)));
    let run = onboard(&world, &["apply", "--accessible"], &file).without("OPTIMA_API_URL");
    let mut terminal = Terminal::open(run, 200, 60);
    terminal.wait_for("Apply these 3 onboardings to 3 AWS accounts?");
    let shown = terminal.text();
    let asked = shown.split("Trusted in place of Flexera:").nth(1).unwrap_or_else(|| panic!("no stranger in\n{shown}"));
    for part in [&account(7), &account(8), "AWS at ", &format!("onboarding API at {api}"), &other] {
        assert_eq!(asked.matches(part).count(), 1, "{part} in:\n{asked}");
    }
    assert!(!asked.contains(&account(9)), "of it nothing is written:\n{asked}");
    terminal.send(b"n\n");
    terminal.ends(130);
}
