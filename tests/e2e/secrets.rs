//! No secret comes out: whatever is run, however it ends, however much is logged.

use std::path::Path;

use optima_onboard::sandbox::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};

use crate::support::{Onboard, Ran, World};

const REFRESH_CANARY: &str = "canary-refresh-5b1e";
const ACCESS_CANARY: &str = "canary-access-77c0";
const CLIENT_CANARY: &str = "canary-client-d94a";
const AWS_CANARY: &str = "canary-aws-secret-e3f8";
const SESSION_CANARY: &str = "canary-aws-session-10b6";

/// What must never be read anywhere: every canary by its beginning, the sandbox's own secrets, the bearer tokens it
/// hands out, and the secret part of the access keys it makes.
const SECRETS: [&str; 5] = ["canary-", REFRESH_TOKEN, ACCESS_TOKEN, CLIENT_SECRET, "sandbox/secret/"];

/// Every command that asks anybody anything, in an order in which each finds what it needs.
const COMMANDS: [&[&str]; 20] = [
    &["plan"],
    &["plan", "--output", "json"],
    &["review"],
    &["permissions"],
    &["bucket", "--yes", "--receipt", "bucket.json"],
    &["report", "--yes"],
    &["policy", "--yes"],
    &["role", "--yes"],
    &["apply", "--yes", "--receipt", "receipt.json"],
    &["apply", "--yes", "--output", "json"],
    &["verify"],
    &["verify", "--output", "json"],
    &["bill-connect", "list", "--output", "json"],
    &["bill-connect", "show", "--bill-account-id", "111122223333"],
    &["bill-connect", "create", "--bill-account-id", "111122223333"],
    &["bill-connect", "update", "--bill-account-id", "111122223333"],
    &["bill-connect", "validate", "--bill-account-id", "111122223333"],
    &["bill-connect", "delete", "--yes", "--bill-account-id", "111122223333"],
    &["user", "--yes", "--access", "user"],
    &["apply", "--yes", "--access", "user", "--receipt", "user.json"],
];

/// A run in a world with canaries for AWS's own secrets too, which the sandbox does not check, and every log on.
fn loud(world: &World, words: &[&str]) -> Onboard {
    world
        .onboard(words)
        .args(&["-vv", "--timeout", "5"])
        .env("OPTIMA_LOG", "debug")
        .env("AWS_SECRET_ACCESS_KEY", AWS_CANARY)
        .env("AWS_SESSION_TOKEN", SESSION_CANARY)
}

/// Fails if a secret stands in what was printed, or in any file below the run's home.
#[track_caller]
fn tells_no_secret(ran: &Ran) {
    let mut places = vec![("stdout".to_owned(), ran.stdout.clone()), ("stderr".to_owned(), ran.stderr.clone())];
    files(ran.home.path(), &mut places);
    for (place, text) in places {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} stands in {place}:\n{text}");
        }
    }
}

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("the home can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            let bytes = std::fs::read(&path).expect("the file can be read");
            found.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

#[test]
fn no_command_tells_a_secret_when_all_goes_well() {
    for api in ["optima", "flexera-one"] {
        let world = World::new();
        let mut receipts = 0;
        for words in COMMANDS {
            let ran = loud(&world, words).args(&["--api", api]).run();
            tells_no_secret(&ran);
            assert_ne!(ran.code, 4, "{words:?}: {}", ran.stderr);
            let mut written = Vec::new();
            files(ran.home.path(), &mut written);
            receipts += written.len();
        }
        assert!(receipts >= 3, "otherwise no receipt was looked at");
    }
}

#[test]
fn the_logs_that_are_looked_at_hold_the_requests() {
    let world = World::new();
    let ran = loud(&world, &["apply", "--yes"]).run().ends(0);
    assert!(ran.stderr.contains("DEBUG") && ran.stderr.contains("/api/onboarding/orgs/12345"), "{}", ran.stderr);
    tells_no_secret(&ran);
}

#[test]
fn a_client_s_secret_and_an_access_token_stay_in_too() {
    let world = World::new();
    let client = |run: Onboard| {
        run.without("OPTIMA_REFRESH_TOKEN")
            .env("OPTIMA_CLIENT_ID", CLIENT_ID)
            .env("OPTIMA_CLIENT_SECRET", CLIENT_SECRET)
    };
    let token = |run: Onboard| run.without("OPTIMA_REFRESH_TOKEN").env("OPTIMA_ACCESS_TOKEN", ACCESS_TOKEN);
    for words in [&["apply", "--yes", "--receipt", "receipt.json"][..], &["verify"], &["bill-connect", "list"]] {
        for ran in [client(loud(&world, words)).run(), token(loud(&world, words)).run()] {
            tells_no_secret(&ran.ends(0));
        }
    }
}

#[test]
fn a_refused_credential_is_not_repeated() {
    let world = World::new();
    // The others ask AWS alone, as does an apply for a user, for which the older API has no request.
    let asks_flexera =
        |words: &&&[&str]| ["plan", "apply", "verify", "bill-connect"].contains(&words[0]) && !words.contains(&"user");
    for words in COMMANDS.iter().filter(asks_flexera) {
        for credential in [
            &[("OPTIMA_REFRESH_TOKEN", REFRESH_CANARY)][..],
            &[("OPTIMA_ACCESS_TOKEN", ACCESS_CANARY)],
            &[("OPTIMA_CLIENT_ID", "someone"), ("OPTIMA_CLIENT_SECRET", CLIENT_CANARY)],
        ] {
            let run = loud(&world, words).without("OPTIMA_REFRESH_TOKEN");
            let ran = credential.iter().fold(run, |run, (name, value)| run.env(name, value)).run();
            tells_no_secret(&ran);
            assert_eq!(ran.code, 4, "{words:?} with {credential:?}:\n{}{}", ran.stdout, ran.stderr);
        }
    }
    let written = |request: &crate::support::world::Request| request.write && request.raw["status"] != 401;
    assert!(!world.requests().iter().any(written), "nothing is made by somebody who is refused");
}

#[test]
fn a_missing_role_at_flexera_is_named() {
    let world = World::new();
    for words in [&["plan"][..], &["apply", "--yes", "--receipt", "r.json"], &["bill-connect", "list"]] {
        for api in ["optima", "flexera-one"] {
            let ran = loud(&world, words).args(&["--org-id", "40300", "--api", api]).run().ends(4);
            assert!(ran.stderr.contains("Manage organization (enterprise_manager)"), "{}", ran.stderr);
            tells_no_secret(&ran);
        }
    }
    assert_eq!(world.writes(), [""; 0], "nothing is made for an organization that refuses");
}

#[test]
fn an_api_that_is_not_there_gets_no_secret_said() {
    let world = World::new();
    for words in [&["apply", "--yes", "--receipt", "r.json"][..], &["bill-connect", "list"]] {
        for gone in ["OPTIMA_API_URL", "OPTIMA_LOGIN_URL"] {
            // Nobody listens on port 1.
            let ran = loud(&world, words).env(gone, "http://127.0.0.1:1").run().ends(1);
            assert!(ran.stderr.contains("127.0.0.1:1"), "{}", ran.stderr);
            tells_no_secret(&ran);
        }
    }
}

#[test]
fn only_token_prints_a_token_and_only_on_stdout() {
    let world = World::new();
    let ran = loud(&world, &["token"]).run().ends(0);
    assert!(ran.stdout.starts_with(ACCESS_TOKEN), "{}", ran.stdout);
    tells_no_secret(&Ran { stdout: String::new(), ..ran });
    tells_no_secret(&loud(&world, &["token"]).env("OPTIMA_REFRESH_TOKEN", REFRESH_CANARY).run().ends(4));
}

#[test]
fn an_access_key_goes_to_its_file_alone() {
    let world = World::new();
    let words = ["apply", "--yes", "--access", "user", "--access-key-file", "key", "--receipt", "receipt.json"];
    let ran = loud(&world, &words).run().ends(8);
    let path = ran.home.path().join("key");
    let text = std::fs::read_to_string(&path).expect("the key's file");
    assert!(text.contains("aws_access_key_id = AKIA") && text.contains("sandbox/secret/"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("its mode").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::remove_file(&path).expect("put aside");
    tells_no_secret(&ran);
}

#[test]
fn a_file_that_exists_is_refused_before_a_key_is_made() {
    let world = World::new();
    let run = loud(&world, &["apply", "--yes", "--access", "user", "--access-key-file", "key"]);
    std::fs::write(run.folder().join("key"), "mine").expect("written");
    let ran = run.run().ends(5);
    assert_eq!(std::fs::read_to_string(ran.home.path().join("key")).expect("still there"), "mine");
    assert!(ran.stderr.contains("key"), "{}", ran.stderr);
    let made = world.requests().iter().any(|request| request.action == "CreateAccessKey");
    assert!(!made, "a key was made that nobody has");
}

#[test]
fn a_password_in_an_address_is_refused_and_not_repeated() {
    let world = World::new();
    let address = "http://user:canary-in-an-address@127.0.0.1:9/";
    for flag in ["--endpoint-url", "--api-url", "--login-url"] {
        let ran = world.onboard(&["plan", flag, address]).run().ends(2);
        assert!(ran.stderr.contains("http://***@127.0.0.1:9/"), "{}", ran.stderr);
        tells_no_secret(&ran);
    }
    let ran = world.onboard(&["permissions"]).env("AWS_ENDPOINT_URL", address).run().ends(2);
    assert!(ran.stderr.contains("http://***@127.0.0.1:9/"), "{}", ran.stderr);
    tells_no_secret(&ran);
}
