//! What a person gives wrongly: the message names the flag, the variable or the file's line, and nothing was asked of
//! AWS or Flexera before.

use optima_onboard::spec::fields::FIELDS;

use crate::support::{Onboard, Ran, World};

/// Fails unless the run ended with 2, said all of this on stderr, nothing on stdout, and asked nobody.
#[track_caller]
fn refused_before_any_request(world: &World, ran: Ran, parts: &[&str]) {
    let ran = ran.ends(2);
    for part in parts {
        assert!(ran.stderr.contains(part), "{part:?} missing in:\n{}", ran.stderr);
    }
    assert_eq!(ran.stdout, "");
    let asked: Vec<String> = world.requests().iter().map(|request| request.name()).collect();
    assert!(asked.is_empty(), "{asked:?}");
}

/// A value that breaks the rule of its type, and words of the rule.
const WRONG: [(&str, &str, &str); 26] = [
    ("org_id", "12x", "digits only"),
    ("api", "flexera", "one of optima, flexera-one"),
    ("zone", "emea", "one of nam, eu, apac"),
    ("api_url", "ftp://flexera", "an address begins with https://"),
    ("login_url", "http://login.flexera.com", "http is taken for this machine only"),
    ("access_token_file", "nowhere/token", "cannot be read"),
    ("refresh_token_file", "nowhere/token", "cannot be read"),
    ("bill_account_id", "12345", "exactly 12 digits"),
    ("effective_from", "2026-13", "written YYYY-MM"),
    ("bucket", "My_Bucket", "lowercase letters, digits, dots and hyphens only"),
    ("bucket_region", "virginia", "an AWS region is written like"),
    ("prefix", "/billing", "no slash at its start or end"),
    ("report_name", "a report", "a report name has letters, digits"),
    ("reuse_report", "a/report", "a report name has letters, digits"),
    ("access", "key", "one of role, user"),
    ("policy_set", "all", "one of optima, cloud-cost"),
    ("policy_name", "a policy", "a policy name has letters, digits"),
    ("role_name", "a/role", "a role name has letters, digits"),
    ("user_name", "a user", "a user name has letters, digits"),
    ("external_id", "x", "at least 2 characters"),
    ("trusted_principal", "flexera", "a trusted principal is an ARN"),
    ("session_name", "a session", "a role session name has letters, digits"),
    ("region", "us", "an AWS region is written like"),
    ("profile", "a\tb", "no control characters"),
    ("endpoint_url", "127.0.0.1:4566", "an address is written like https://host/path"),
    ("assume_role", "arn:aws:iam::123456789012:user/anna", "a role to assume is an ARN"),
];

/// One field that takes any text: only an empty one is wrong.
const ANY: [&str; 1] = ["access_key_file"];

#[test]
fn an_empty_flag_is_named() {
    let world = World::new();
    for field in FIELDS {
        let ran = world.onboard(&["plan", field.flag, ""]).run();
        refused_before_any_request(&world, ran, &[&format!("{} \"\"", field.flag), "the value is empty"]);
    }
}

#[test]
fn an_empty_variable_is_named() {
    let world = World::new();
    for variable in FIELDS.iter().filter_map(|field| field.env) {
        let ran = world.onboard(&["plan"]).env(variable, "").run();
        refused_before_any_request(&world, ran, &[&format!("{variable} \"\""), "the value is empty"]);
    }
}

#[test]
fn an_empty_key_in_a_file_is_named_with_its_line() {
    let world = World::new();
    for field in FIELDS {
        let run = without_answers(world.onboard(&["plan", "--file", "one.toml"]));
        std::fs::write(run.folder().join("one.toml"), format!("# one\n{} = \"\"\n", field.key)).expect("written");
        refused_before_any_request(&world, run.run(), &[&format!("one.toml:2: {}", field.key), "the value is empty"]);
    }
}

#[test]
fn a_wrong_value_is_named_with_its_flag_and_its_rule() {
    let world = World::new();
    for field in FIELDS.iter().filter(|field| !ANY.contains(&field.key)) {
        let (_, value, rule) = WRONG
            .iter()
            .find(|(key, _, _)| *key == field.key)
            .unwrap_or_else(|| panic!("{} has no wrong value here", field.key));
        // Flags of the onboarding API's address are in the world's environment, and a flag wins over it.
        let ran = world.onboard(&["plan", field.flag, value]).run();
        let shown = format!("{value:?}");
        refused_before_any_request(&world, ran, &[field.flag, shown.trim_matches('"'), rule]);
    }
}

#[test]
fn several_problems_are_told_at_once() {
    let world = World::new();
    let ran = world
        .onboard(&["apply", "--yes", "--org-id", "abc", "--bucket", "UP", "--tag", "aws:x=1", "--prefix", "a//b"])
        .env("OPTIMA_ROLE_NAME", "a role")
        .run();
    let parts = [
        "5 answers",
        "--org-id \"abc\"",
        "--bucket \"UP\"",
        "--tag \"aws:x=1\"",
        "--prefix \"a//b\"",
        "OPTIMA_ROLE_NAME \"a role\"",
    ];
    refused_before_any_request(&world, ran, &parts);
}

#[test]
fn answers_that_do_not_go_together_are_told_with_the_way_out() {
    let world = World::new();
    for (words, parts) in [
        (&["--zone", "eu"][..], &["--zone eu", "add --api flexera-one"][..]),
        (&["--effective-from", "2026-01"], &["--effective-from", "add --api flexera-one"]),
        (&["--reuse-report", "r", "--prefix", "p"], &["--prefix: leave it out with --reuse-report"]),
        (&["--bucket-region", "il-central-1"], &["--bucket-region il-central-1", "no Cost and Usage Report"]),
        (&["--access-key-file", "k"], &["--access-key-file", "--access user"]),
        (&["--api-url", "https://api.flexera.com"], &["AWS is on this machine", "https://api.flexera.com"]),
        (
            &["--login-url", "https://login.flexera.com/oidc/token"],
            &["https://login.flexera.com", "all on this machine"],
        ),
        (&["--endpoint-url", "https://vpce.example.com"], &["AWS is the live one", "http://127.0.0.1"]),
        (&["--endpoint-url", "http://vpce.example.com"], &["--endpoint-url", "http is taken for this machine only"]),
        (&["--sandbox", "--endpoint-url", "http://127.0.0.1:1"], &["--endpoint-url has no place beside --sandbox"]),
        (&["--sandbox"], &["OPTIMA_API_URL has no place beside --sandbox", "unset OPTIMA_API_URL"]),
    ] {
        let run = world.onboard(&["apply", "--yes"]).args(words);
        let run = if words.len() == 3 { run.without("OPTIMA_API_URL").without("OPTIMA_LOGIN_URL") } else { run };
        refused_before_any_request(&world, run.run(), parts);
    }
}

#[test]
fn a_variable_that_has_no_place_in_a_rehearsal_is_named_as_one() {
    let world = World::new();
    let run = world.onboard(&["plan", "--sandbox"]).run();
    refused_before_any_request(&world, run, &["OPTIMA_API_URL has no place beside --sandbox", "unset OPTIMA_API_URL"]);
}

#[test]
fn a_file_s_mistakes_are_named_with_their_line() {
    let world = World::new();
    for (text, parts) in [
        ("org_id = 1\nbuckte = \"b\"\n", &["one.toml:2: no answer is called buckte", "bucket"][..]),
        ("\n\nrefresh_token = \"canary\"\n", &["one.toml:3: a secret does not stand in a file", "refresh_token_file"]),
        ("client_secret = \"canary\"\n", &["one.toml:1: a secret", "OPTIMA_CLIENT_SECRET"]),
        ("org_id = [1]\n", &["one.toml:1: org_id takes a text"]),
        ("org_id = \"1\"\norg_id = \"2\"\n", &["one.toml:2:"]),
        ("org_id = \"1\n", &["one.toml:1:"]),
        ("[tags]\n\"aws:x\" = \"1\"\n", &["one.toml:2: tags", "aws:"]),
    ] {
        let run = without_answers(world.onboard(&["apply", "--yes", "--file", "one.toml"]));
        std::fs::write(run.folder().join("one.toml"), text).expect("written");
        let ran = run.run();
        assert!(!ran.stderr.contains("canary"), "a secret is not repeated: {}", ran.stderr);
        refused_before_any_request(&world, ran, parts);
    }
    let ran = world.onboard(&["plan", "--file", "nowhere.toml"]).run();
    refused_before_any_request(&world, ran, &["--file nowhere.toml: cannot be read", "next: name an onboarding file"]);
    let ran = world.onboard(&["apply", "--plan", "nowhere.json"]).run();
    refused_before_any_request(
        &world,
        ran,
        &["--plan nowhere.json: cannot be read", "next: optima-onboard plan --output"],
    );
}

#[test]
fn what_is_missing_is_one_error_that_names_every_flag() {
    let world = World::new();
    for command in
        [&["apply", "--yes"][..], &["plan"], &["bill-connect", "list"], &["wizard"], &["apply", "--no-input"]]
    {
        let run = without_answers(world.onboard(command)).without("OPTIMA_REFRESH_TOKEN");
        refused_before_any_request(&world, run.run(), &["--org-id", "--refresh-token-file", "OPTIMA_REFRESH_TOKEN"]);
    }
    let ran = without_answers(world.onboard(&["verify"])).run();
    refused_before_any_request(&world, ran, &["--org-id"]);
    let ran = world.onboard(&["token"]).without("OPTIMA_REFRESH_TOKEN").run();
    refused_before_any_request(&world, ran, &["--refresh-token-file", "OPTIMA_CLIENT_SECRET"]);
}

#[test]
fn half_a_client_and_broken_tokens_are_named() {
    let world = World::new();
    for (name, value, parts) in [
        ("OPTIMA_CLIENT_ID", "id", &["OPTIMA_CLIENT_SECRET is not"][..]),
        ("OPTIMA_CLIENT_SECRET", "canary", &["OPTIMA_CLIENT_ID is not"]),
        ("OPTIMA_REFRESH_TOKEN", "", &["OPTIMA_REFRESH_TOKEN is empty"]),
        ("OPTIMA_ACCESS_TOKEN", " ", &["OPTIMA_ACCESS_TOKEN is empty"]),
        ("OPTIMA_ACCESS_TOKEN", "canary canary", &["OPTIMA_ACCESS_TOKEN holds spaces"]),
    ] {
        let ran = world.onboard(&["plan"]).without("OPTIMA_REFRESH_TOKEN").env(name, value).run();
        assert!(!ran.stderr.contains("canary"), "{}", ran.stderr);
        refused_before_any_request(&world, ran, parts);
    }
}

/// The organization comes from what the test gives alone.
fn without_answers(run: Onboard) -> Onboard {
    ["OPTIMA_ORG_ID", "OPTIMA_API_URL", "OPTIMA_LOGIN_URL"].into_iter().fold(run, Onboard::without)
}

#[test]
fn a_stack_is_looked_for_in_no_sandbox() {
    let ran = Onboard::new(&["bill-connect", "create", "--sandbox", "--from-stack", "flexera"]).run().ends(2);
    assert!(ran.stderr.contains("next: leave --from-stack out"), "{}", ran.stderr);
}

#[test]
fn the_wizard_is_named_only_where_it_asks_for_what_is_missing() {
    let world = World::new();
    for words in [
        &["plan"][..],
        &["apply", "--yes"],
        &["bucket", "--yes"],
        &["verify"],
        &["destroy", "--yes"],
        &["token"],
        &["review"],
        &["bill-connect", "list"],
    ] {
        let run = without_answers(world.onboard(words)).without("OPTIMA_REFRESH_TOKEN");
        let stderr = run.run().ends(2).stderr;
        let asks = ["plan", "apply"].contains(&words[0]);
        assert_eq!(stderr.contains("optima-onboard wizard"), asks, "{words:?}: {stderr}");
        let command = words.iter().take_while(|word| !word.starts_with('-')).copied().collect::<Vec<_>>().join(" ");
        let helps = format!("optima-onboard {command} --help says how each is given");
        assert_eq!(stderr.contains(&helps), !asks, "{words:?}: {stderr}");
    }
}
