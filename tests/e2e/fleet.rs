//! Many onboardings of one file: mixed results, some of them again, streams, bounds, what is shared, and Ctrl-C.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use optima_onboard::sandbox::{
    ACCESS_KEY_ID, ACCOUNT_ID, Accounts, FOREIGN_KEY_PREFIX, REFRESH_TOKEN, RateLimit, SECRET_ACCESS_KEY,
};
use serde_json::Value;

use crate::support::{Onboard, Ran, Request, World, schemas};

/// A world in which every account exists.
fn world() -> World {
    World::with(|options| optima_onboard::sandbox::Options { accounts: Accounts::All, ..options })
}

fn slow(milliseconds: u64) -> World {
    World::with(|options| optima_onboard::sandbox::Options {
        accounts: Accounts::All,
        latency: Duration::from_millis(milliseconds),
        ..options
    })
}

/// A run without an organization of its own: the file says it.
fn onboard(world: &World, words: &[&str], file: &str) -> Onboard {
    let run = world.onboard(words).args(&["--file", "fleet.toml"]).without("OPTIMA_ORG_ID");
    std::fs::write(run.folder().join("fleet.toml"), file).expect("the file is written");
    run
}

fn apply(world: &World, words: &[&str], file: &str) -> Onboard {
    onboard(world, &["apply", "--yes", "--output", "json"], file).args(words)
}

/// `name` in the account made of `digit`, with these lines more.
fn member(name: &str, digit: u8, lines: &str) -> String {
    format!("[[onboarding]]\nname = \"{name}\"\n{}{lines}", role(digit))
}

fn role(digit: u8) -> String {
    format!("assume_role = \"arn:aws:iam::{}:role/Onboarder\"\n", account(digit))
}

fn account(digit: u8) -> String {
    digit.to_string().repeat(12)
}

/// As many, each in an account of its own, all of organization 12345.
fn many(count: u8) -> String {
    let members: String = (1..=count).map(|digit| member(&format!("n{digit}"), digit, "")).collect();
    format!("[defaults]\norg_id = 12345\n{members}")
}

/// `name result`, in the document's order.
fn results(document: &Value) -> Vec<String> {
    let line = |one: &Value| format!("{} {}", text(&one["name"]), text(&one["result"]));
    document["onboardings"].as_array().expect("onboardings").iter().map(line).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Everything an account holds but the role that lets the administrator in.
fn holds(world: &World, digit: u8) -> Vec<String> {
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
}

#[test]
fn without_a_yes_nothing_is_written_and_the_document_says_so() {
    let world = world();
    let document = onboard(&world, &["apply", "--output", "json"], &many(2)).run().ends(2).json();
    assert_eq!(results(&document), ["n1 skipped", "n2 skipped"]);
    assert!(document["error"].to_string().contains("--yes"), "{document:#}");
    assert!(world.requests().iter().all(|request| !request.write));
}

#[test]
fn only_those_that_are_not_done_run_again() {
    let world = world();
    let file = |bucket: &str| many(2) + &member("late", 3, &format!("bucket = \"{bucket}\"\n"));
    let receipt = tempfile::tempdir().expect("a folder");
    let receipt = receipt.path().join("r.json");
    let path = receipt.to_str().expect("plain");
    apply(&world, &["--receipt", path], &file("taken-1")).run().ends(6);
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&receipt).expect("a receipt")).expect("JSON");
    assert_eq!(written["summary"]["refused"], 1);
    assert!(written["planned"][0].get("bucket_policy_before").is_some());
    world.requests();
    let words = ["--only-failed", path, "--receipt", path];
    let document = apply(&world, &words, &file("free-1")).run().ends(0).json();
    assert_eq!(results(&document), ["late done"]);
    let writes = world.requests().into_iter().filter(|request| request.name() == "s3 CreateBucket").count();
    assert_eq!(writes, 1, "the others are left alone");
    let document = apply(&world, &words, &file("free-1")).run().ends(0).json();
    assert_eq!(results(&document), [""; 0]);
    assert!(world.requests().is_empty(), "nothing is left, and nobody is asked");
    let other = "[[onboarding]]\nname = \"stranger\"\norg_id = 12345\n";
    let ran = apply(&world, &["--only-failed", path], other).run().ends(2);
    assert!(ran.stdout.contains("no onboarding of fleet.toml is in it"), "{}", ran.stdout);
}

#[test]
fn a_line_is_there_as_soon_as_its_onboarding_is_done() {
    let world = slow(150);
    let run = onboard(&world, &["apply", "--yes", "--output", "jsonl", "--concurrency", "1"], &many(3));
    let (mut command, _home) = run.into_parts();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().expect("a line").expect("text")).expect("JSON");
    let first = next();
    let connects = world.state()["bill_connects"].as_object().map(serde_json::Map::len);
    assert!(connects < Some(3), "the others were not waited for");
    let rest = [next(), next()];
    assert_eq!([&first, &rest[0], &rest[1]].map(|one| text(&one["name"])), ["n1", "n2", "n3"]);
    assert_eq!(first["result"], "done");
    assert!(child.wait().expect("the binary ends").success());
}

#[test]
fn no_more_at_once_than_allowed() {
    for (words, most) in [(&["--concurrency", "2"][..], 2..=2), (&[], 3..=8)] {
        let world = slow(100);
        apply(&world, words, &many(5)).run().ends(0);
        let seen = world.load()["accounts_at_once"].as_u64().expect("a count");
        assert!(most.contains(&seen), "{words:?}: {seen} at once");
    }
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

#[cfg(unix)]
#[test]
fn an_interruption_says_of_each_what_is_done() {
    let world = slow(200);
    let receipt = tempfile::tempdir().expect("a folder");
    let receipt = receipt.path().join("r.json");
    let path = receipt.to_str().expect("plain");
    let words = ["apply", "--yes", "--output", "jsonl", "--concurrency", "1", "--receipt", path];
    let (mut command, _home) = onboard(&world, &words, &many(6)).into_parts();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next()?.expect("text")).ok();
    assert_eq!(next().expect("a line")["result"], "done");
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.expect("kill runs").success());
    let rest: Vec<Value> = std::iter::from_fn(next).collect();
    assert_eq!(child.wait().expect("the binary ends").code(), Some(130));
    assert_eq!(rest.iter().map(|one| text(&one["name"])).collect::<Vec<_>>(), ["n2", "n3", "n4", "n5", "n6"]);
    assert_eq!(rest[4]["result"], "skipped", "its turn had not come");
    assert!(rest.iter().all(|one| schemas::difference("many-line", one).is_none()), "{rest:#?}");
    for one in rest.iter().filter(|one| one["result"] != "done") {
        assert_eq!(one["error"]["kind"], "interrupted", "{one:#}");
    }
    let open = rest.iter().filter(|one| one["result"] != "done").map(|one| format!("{} done", text(&one["name"])));
    let again = apply(&world, &["--only-failed", path], &many(6)).run().ends(0).json();
    assert_eq!(results(&again), open.collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
fn what_is_in_place_when_the_validation_is_interrupted_did_not_fail() {
    let world = World::with(|options| optima_onboard::sandbox::Options {
        accounts: Accounts::All,
        propagation: Duration::from_secs(3600),
        ..options
    });
    let file = many(1).replace("12345\n", "12345\napi = \"flexera-one\"\n");
    let (mut command, _home) = onboard(&world, &["apply", "--yes", "--output", "json"], &file).into_parts();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let start = std::time::Instant::now();
    while !world.seen().iter().any(|name| name.contains("/validation")) {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not validate: {:?}", world.seen());
        std::thread::sleep(Duration::from_millis(20));
    }
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.expect("kill runs").success());
    let document: Value = serde_json::from_reader(child.stdout.take().expect("its output")).expect("JSON");
    assert_eq!(child.wait().expect("the binary ends").code(), Some(130));
    assert_eq!(results(&document), ["n1 not-validated"], "{document:#}");
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

/// What the AWS CLI keeps in its `credentials`: each profile's keys, of the administrator of its account.
fn keys(profiles: &[(&str, &str)]) -> String {
    let section = |(profile, account): &(&str, &str)| {
        let key = format!("{FOREIGN_KEY_PREFIX}{account}");
        format!("[{profile}]\naws_access_key_id = {key}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n")
    };
    profiles.iter().map(section).collect()
}

/// A run whose profiles are these.
fn with_profiles(run: Onboard, credentials: &str, config: &str) -> Onboard {
    let folder = run.folder().join(".aws");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join("credentials"), credentials).expect("written");
    std::fs::write(folder.join("config"), config).expect("written");
    run
}

#[test]
fn keys_in_the_environment_sign_for_nobody_who_names_a_profile() {
    let world = world();
    let keys = keys(&[("acme", &account(1)), ("globex", &account(2)), ("initech", &account(4))]);
    let made = format!(
        "{{\"Version\":1,\"AccessKeyId\":\"{FOREIGN_KEY_PREFIX}{}\",\"SecretAccessKey\":\"{SECRET_ACCESS_KEY}\"}}",
        account(5)
    );
    let config = format!(
        "[profile hooli]\nrole_arn = arn:aws:iam::{}:role/Onboarder\nsource_profile = hub\n\
         [profile hub]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n\
         [profile made]\ncredential_process = cat made.json\n",
        account(3)
    );
    let file = "[defaults]\norg_id = 12345\nprofile = \"initech\"\n".to_owned()
        + &["acme", "globex", "hooli", "made"]
            .map(|name| format!("[[onboarding]]\nname = \"{name}\"\nprofile = \"{name}\"\n"))
            .concat()
        + "[[onboarding]]\nname = \"initech\"\n";
    let run = with_profiles(apply(&world, &[], &file), &keys, &config);
    std::fs::write(run.folder().join("made.json"), made).expect("written");
    let document = run.run().ends(0).json();
    let accounts: Vec<String> = document["onboardings"]
        .as_array()
        .expect("onboardings")
        .iter()
        .map(|one| text(&one["onboarding"]["account_id"]))
        .collect();
    assert_eq!(accounts, [1, 2, 3, 5, 4].map(account));
    assert_eq!(holds(&world, 1).len(), 4, "{:?}", holds(&world, 1));
}

#[test]
fn of_one_onboarding_a_typed_profile_comes_before_the_environment_and_that_before_the_file() {
    let world = world();
    let planned = |words: &[&str], file: &str, without: &[&str], profile: Option<&str>| {
        let run = onboard(&world, &["plan", "--output", "json"], file).args(words);
        let mut run = with_profiles(run, &keys(&[("acme", &account(1)), ("globex", &account(2))]), "");
        for name in without {
            run = run.without(name);
        }
        run = profile.into_iter().fold(run, |run, name| run.env("AWS_PROFILE", name));
        text(&run.run().ends(0).json()["onboarding"]["account_id"])
    };
    let (plain, named) = ("org_id = 12345\n", "org_id = 12345\nprofile = \"acme\"\n");
    let no_keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let typed = ["--profile", "globex"];
    assert_eq!(planned(&typed, named, &[], Some("acme")), account(2), "typed");
    assert_eq!(planned(&[], named, &[], None), ACCOUNT_ID, "the environment's keys before the file");
    assert_eq!(planned(&[], named, &no_keys, Some("globex")), account(2), "the environment's profile before the file");
    assert_eq!(planned(&[], named, &no_keys, None), account(1), "the file's, where nothing else is said");
    assert_eq!(planned(&[], plain, &[], Some("acme")), ACCOUNT_ID, "as for the AWS CLI, keys before AWS_PROFILE");
}

#[test]
fn a_profile_without_credentials_is_not_signed_for_by_somebody_else() {
    let world = world();
    let run = onboard(&world, &["plan", "--profile", "bare"], "org_id = 12345\n");
    let ran = with_profiles(run, "", "[profile bare]\nregion = eu-west-1\n").run().ends(4);
    assert!(ran.stderr.contains("no AWS credentials were found"), "{}", ran.stderr);
    assert!(world.requests().iter().all(|request| request.service != "sts"), "nobody signed");
}

#[cfg(unix)]
#[test]
fn whose_profile_became_another_account_s_after_the_plan_is_not_written_to() {
    use crate::support::terminal::Terminal;
    let world = world();
    // More than there are clients kept, so that the first has to be connected to anew.
    let names: Vec<String> = (1..=18).map(|number| format!("n{number}")).collect();
    let accounts: Vec<String> = (1..=18).map(|number| format!("{number:012}")).collect();
    let mut profiles: Vec<(&str, &str)> =
        names.iter().zip(&accounts).map(|(name, account)| (name.as_str(), account.as_str())).collect();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let credentials = elsewhere.path().join("credentials");
    std::fs::write(&credentials, keys(&profiles)).expect("written");
    let members: String =
        names.iter().map(|name| format!("[[onboarding]]\nname = \"{name}\"\nprofile = \"{name}\"\n")).collect();
    let run = onboard(&world, &["apply", "--accessible"], &format!("[defaults]\norg_id = 12345\n{members}"));
    let run = run.args(&["--concurrency", "1"]).env("AWS_SHARED_CREDENTIALS_FILE", &credentials.to_string_lossy());
    let mut terminal = Terminal::open(run, 200, 60);
    terminal.wait_for("Apply these 18 onboardings to 18 AWS accounts?");
    let stranger = account(9);
    profiles[0].1 = &stranger;
    std::fs::write(&credentials, keys(&profiles)).expect("written");
    terminal.send(b"y\n");
    terminal.ends(6);
    let shown = terminal.text();
    assert!(
        shown.contains(&format!("the plan is for account {}, and AWS now says {stranger}", accounts[0])),
        "{shown}"
    );
    assert!(shown.contains("17 done, 1 refused"), "{shown}");
    assert_eq!(holds(&world, 9), [""; 0]);
    assert!(world.state()["bill_connects"].as_object().expect("an object").len() == 17);
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

#[test]
fn the_receipt_of_another_file_with_the_same_names_says_nobody_is_done() {
    let world = world();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.json");
    let path = path.to_str().expect("plain");
    let file = |org: u32, digit: u8| {
        let acme = member("acme", digit, &format!("org_id = {org}\n"));
        acme + &member("taken", 9, &format!("org_id = {org}\nbucket = \"taken-by-others\"\n"))
    };
    apply(&world, &["--receipt", path], &file(11, 1)).run().ends(6);
    for (other, part) in [
        (file(22, 1), "acme (organization 22, not 11)".to_owned()),
        (file(11, 2), format!("acme (account {}, not {})", account(2), account(1))),
    ] {
        let ran = onboard(&world, &["plan", "--only-failed", path], &other).run().ends(2);
        assert!(ran.stderr.contains(&part), "{part} missing in:\n{}", ran.stderr);
    }
    let words = ["--only-failed", path, "--receipt", path];
    let again = apply(&world, &words, &file(11, 1)).run().ends(5).json();
    assert_eq!(results(&again), ["taken refused"], "of its own file it says who is done");
    let ran = onboard(&world, &["plan", "--only-failed", path], &file(22, 1)).run().ends(2);
    assert!(ran.stderr.contains("acme (organization 22, not 11)"), "kept from receipt to receipt: {}", ran.stderr);
}
