//! What scripts rely on: one JSON document on stdout whatever happens, which source wins, tokens by stdin.

use std::io::Write;

use optima_onboard::sandbox::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};

use crate::support::{Onboard, Ran, World};

/// The error document, which is all there is on stdout, and whose exit code is the run's.
#[track_caller]
fn error_document(ran: &Ran) -> serde_json::Value {
    let document = ran.json();
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["error"]["exit_code"], ran.code, "{document:#}");
    for key in ["kind", "message", "cause", "remedy"] {
        assert!(document["error"].get(key).is_some(), "{key} missing in {document:#}");
    }
    document
}

#[test]
fn every_error_is_a_document_where_json_is_asked_for() {
    let world = World::new();
    for (words, code, part) in [
        (&["plan", "--org-id", "x"][..], 2, "--org-id"),
        (&["plan", "--nonsense"], 2, "--nonsense"),
        (&["plan", "--timeout", "soon"], 2, "--timeout"),
        (&["plan", "--timeout", "999999"], 2, "--timeout"),
        (&["plan", "--org-id"], 2, "--org-id"),
        (&["paln"], 2, "paln"),
        (&["plan", "--color", "blue"], 2, "blue"),
        (&["help", "nonsense"], 2, "nonsense"),
        (&["plan", "--org-id", "40300"], 4, "enterprise_manager"),
        (&["apply", "--no-input"], 2, "nobody to say yes"),
        (&["wizard"], 2, "no terminal"),
    ] {
        for json in [&["--output", "json"][..], &["-o", "json"], &["--output=json"], &["-ojson"]] {
            let ran = world.onboard(words).args(json).run().ends(code);
            let document = ran.json();
            assert_eq!(document["error"]["exit_code"], ran.code, "{document:#}");
            assert!(document["error"].to_string().contains(part), "{words:?}: {document:#}");
        }
    }
    let by_variable = world.onboard(&["plan", "--nonsense"]).env("OPTIMA_OUTPUT", "json").run().ends(2);
    error_document(&by_variable);
    error_document(&world.onboard(&["plan", "--org-id", "x", "-o", "json"]).run());
}

/// Words that cannot be parsed are told as every other error is: jsonl means one line, whatever the words are.
#[test]
fn what_cannot_be_parsed_is_one_line_where_lines_are_asked_for() {
    let ran = Onboard::new(&["plan", "--nonsense", "-o", "jsonl"]).run().ends(2);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    error_document(&ran);
}

#[cfg(unix)]
#[test]
fn words_that_are_no_text_are_a_usage_error() {
    use std::os::unix::ffi::OsStrExt;
    let (mut command, _home) = Onboard::new(&["plan", "-o", "json"]).into_parts();
    let output = command.arg(std::ffi::OsStr::from_bytes(b"--nonsense\xff")).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    assert_eq!(document["error"]["kind"], "usage");
}

#[test]
fn without_json_an_error_leaves_stdout_empty() {
    for words in [&["plan", "--nonsense"][..], &["paln"], &["plan", "--org-id", "x"], &["plan", "--output", "yaml"]] {
        let ran = Onboard::new(words).run().ends(2);
        assert_eq!(ran.stdout, "", "{words:?}");
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
}

#[test]
fn a_flag_wins_over_its_variable_and_a_variable_over_the_file() {
    let world = World::new();
    let bucket = |flag: bool, variable: bool| {
        let mut run = world.onboard(&["plan", "--file", "one.toml", "--output", "json"]);
        std::fs::write(run.folder().join("one.toml"), "bucket = \"from-file\"\nprefix = \"file/prefix\"\n")
            .expect("ok");
        if flag {
            run = run.args(&["--bucket", "from-flag"]);
        }
        if variable {
            run = run.env("OPTIMA_BUCKET", "from-variable");
        }
        let plan = run.run().ends(0).json();
        assert_eq!(plan["onboarding"]["prefix"], "file/prefix");
        plan["onboarding"]["bucket"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(bucket(true, true), "from-flag");
    assert_eq!(bucket(false, true), "from-variable");
    assert_eq!(bucket(false, false), "from-file");
}

#[test]
fn a_variable_names_the_file_and_its_mistakes() {
    let world = World::new();
    let run = world.onboard(&["plan"]).env("OPTIMA_FILE", "one.toml");
    std::fs::write(run.folder().join("one.toml"), "prefix = \"/x\"\n").expect("written");
    let ran = run.run().ends(2);
    assert!(ran.stderr.contains("one.toml:1: prefix"), "{}", ran.stderr);
}

#[test]
fn a_token_comes_from_stdin_and_is_printed_alone() {
    let world = World::new();
    for (flag, token) in [("--refresh-token-file", REFRESH_TOKEN), ("--access-token-file", ACCESS_TOKEN)] {
        let run = world.onboard(&["token", flag, "-"]).without("OPTIMA_REFRESH_TOKEN");
        let ran = run.run_with(&format!("{token}\n")).ends(0);
        let printed = ran.stdout.strip_suffix('\n').expect("one line");
        assert!(printed.starts_with(ACCESS_TOKEN) && !printed.contains(char::is_whitespace), "{}", ran.stdout);
        assert_eq!(
            ran.stderr.lines().count(),
            usize::from(token == REFRESH_TOKEN),
            "where it is exchanged: {}",
            ran.stderr
        );
    }
    let client = world.onboard(&["token"]).without("OPTIMA_REFRESH_TOKEN");
    let ran = client.env("OPTIMA_CLIENT_ID", CLIENT_ID).env("OPTIMA_CLIENT_SECRET", CLIENT_SECRET).run().ends(0);
    assert!(ran.stdout.starts_with(ACCESS_TOKEN), "{}", ran.stdout);
    let plan = world.onboard(&["plan", "--refresh-token-file", "-"]).without("OPTIMA_REFRESH_TOKEN");
    plan.run_with(&format!("  {REFRESH_TOKEN} \r\n")).ends(0);
}

#[test]
fn a_token_file_that_is_empty_or_missing_is_named() {
    let world = World::new();
    let ran = world.onboard(&["token", "--refresh-token-file", "-"]).run_with("").ends(2);
    assert!(ran.stderr.contains("--refresh-token-file is empty"), "{}", ran.stderr);
    let run = world.onboard(&["token", "--access-token-file", "token"]);
    let mut file = std::fs::File::create(run.folder().join("token")).expect("created");
    file.write_all(b"\xff\xfe").expect("written");
    let ran = run.run().ends(2);
    assert!(ran.stderr.contains("--access-token-file token: the file cannot be read"), "{}", ran.stderr);
}

#[test]
fn a_yes_is_never_guessed_without_a_terminal() {
    let world = World::new();
    for words in [
        &["apply"][..],
        &["apply", "--no-input"],
        &["policy"],
        &["bill-connect", "delete", "--bill-account-id", "111122223333"],
    ] {
        let ran = world.onboard(words).run_with("yes\ny\n").ends(2);
        assert!(ran.stderr.contains("--yes"), "{words:?}: {}", ran.stderr);
    }
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn a_bill_connect_that_is_not_there_is_not_said_to_exist() {
    let world = World::new();
    for api in ["optima", "flexera-one"] {
        for action in ["validate", "show", "update"] {
            let words = ["bill-connect", action, "--bill-account-id", "111122223333", "--api", api];
            let ran = world.onboard(&words).run().ends(1);
            assert!(ran.stderr.contains("has no bill connect aws-111122223333"), "{words:?}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_proxy_of_the_environment_is_never_asked_for_this_machine() {
    // Nothing listens there: a run that asked it would fail.
    let proxy = "http://127.0.0.1:9";
    let run = Onboard::new(&["apply", "--sandbox", "--yes"]).env("http_proxy", proxy).env("HTTP_PROXY", proxy);
    run.env("https_proxy", proxy).env("ALL_PROXY", proxy).run().ends(0);
}

#[test]
fn an_endpoint_of_a_single_service_is_held_to_the_same_rules() {
    let world = World::new();
    for address in ["http://s3.example.com", "https://s3.example.com"] {
        let ran = world.onboard(&["plan"]).env("AWS_ENDPOINT_URL_S3", address).run().ends(2);
        assert!(ran.stderr.contains("s3.example.com"), "{}", ran.stderr);
    }
    assert!(world.requests().is_empty());
}

#[test]
fn a_variable_comes_before_the_file_for_tokens_regions_and_tags_too() {
    let world = World::new();
    let file = "refresh_token_file = \"gone\"\nregion = \"eu-west-1\"\n[tags]\nteam = \"file\"\n";
    let run = world.apply(&["--file", "one.toml", "--tag", "team=flag"]).env("AWS_REGION", "us-west-2");
    std::fs::write(run.folder().join("one.toml"), file).expect("written");
    let document = run.run().ends(0).json();
    assert_eq!(document["onboarding"]["bucket_region"], "us-west-2");
    assert!(document["steps"][0].to_string().contains("team=flag"), "{}", document["steps"][0]);
}

#[test]
fn a_log_level_that_does_not_exist_is_an_error() {
    let ran = Onboard::new(&["plan"]).env("OPTIMA_LOG", "loud").run().ends(2);
    assert!(ran.stderr.contains("OPTIMA_LOG"), "{}", ran.stderr);
}

#[test]
fn without_a_terminal_a_rehearsal_is_told_how_to_go_on_as_one() {
    let ran = Onboard::new(&["wizard", "--sandbox", "--org-id", "777"]).run().ends(2);
    let next = ran.stderr.lines().find(|line| line.contains("optima-onboard")).unwrap_or_default();
    assert!(next.contains("--sandbox") && next.contains("--org-id 777"), "{}", ran.stderr);
}

#[test]
fn a_bill_connect_that_is_not_the_described_one_is_told_what_a_removal_takes_from_it() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let ran = world.onboard(&["destroy", "--yes", "--bucket", "another-bill-bucket", "--output", "json"]).run().ends(0);
    let connect = ran.json()["steps"].as_array().cloned().unwrap_or_default();
    let connect = connect.into_iter().find(|step| step["step"] == "bill-connect").expect("the bill connect's part");
    assert_eq!(connect["change"], "keep");
    assert!(connect["warnings"].to_string().contains("role"), "{connect:#}");
}

/// A script goes on with what it was given: an empty file must not look like a success.
#[cfg(target_os = "linux")]
#[test]
fn a_result_that_could_not_be_written_is_a_failure() {
    for words in [
        &["plan", "--sandbox", "--output", "json"][..],
        &["export", "cloudformation", "--org-id", "12345", "--bill-account-id", "111122223333"],
        &["permissions"],
        &["schema", "plan"],
        &["help"],
        &["explain"],
    ] {
        let ran = Onboard::new(words).through(&["sh", "-c", "exec \"$0\" \"$@\" >/dev/full"]).run().ends(1);
        assert!(ran.stderr.contains("could not be written"), "{words:?}: {}", ran.stderr);
        // Whoever read enough is nobody's failure.
        Onboard::new(words).through(&["sh", "-c", "\"$0\" \"$@\" | head -c 1 >/dev/null"]).run().ends(0);
    }
}

#[test]
fn a_receipt_that_cannot_be_written_stops_a_run_before_its_first_write_and_says_so() {
    let world = World::new();
    let ran = world.apply(&["--receipt", "/proc/no/receipt.json"]).run().ends(1);
    assert_eq!(ran.json()["error"]["remedy"], "name another place with --receipt; nothing was changed");
    assert_eq!(world.writes(), [""; 0]);
}
