//! Completions: the script in a real bash, and what every shell is told when its script asks.

use crate::support::{Onboard, Ran, World};

/// What bash offers for a line whose last word is being typed, sorted.
#[track_caller]
fn offered(run: Onboard, line: &str) -> Vec<String> {
    let words = line.split(' ').collect::<Vec<_>>();
    let script = format!(
        "PATH=\"$(dirname \"$0\"):$PATH\"\nsource <(optima-onboard completions bash) || exit 9\n\
         COMP_WORDS=({}); COMP_CWORD={}; COMP_TYPE=9\n\
         _clap_complete_optima_onboard optima-onboard \"${{COMP_WORDS[COMP_CWORD]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len() - 1,
    );
    let ran = run.through(&["bash", "-c", &script]).run().ends(0);
    assert_eq!(ran.stderr, "", "a Tab is no place for words");
    let mut offered: Vec<String> =
        ran.stdout.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    offered.sort();
    offered
}

fn alone() -> Onboard {
    Onboard::new(&[])
}

#[test]
fn bash_is_offered_commands_flags_and_words() {
    for (line, expected) in [
        ("optima-onboard ver", &["verify"][..]),
        ("optima-onboard apply --zone ", &["apac", "eu", "nam"]),
        ("optima-onboard apply --api f", &["flexera-one"]),
        ("optima-onboard plan --policy-set ", &["cloud-cost", "optima"]),
        ("optima-onboard wizard --access ", &["role", "user"]),
        ("optima-onboard apply --bucket-region us-w", &["us-west-1", "us-west-2"]),
        ("optima-onboard apply --region me-", &["me-central-1", "me-south-1"]),
        ("optima-onboard plan --detailed", &["--detailed-exitcode"]),
        ("optima-onboard bill-connect v", &["validate"]),
        ("optima-onboard export ", &["aws-cli", "cloudformation", "stackset", "terraform"]),
        ("optima-onboard help exi", &["exit-codes"]),
        ("optima-onboard help bu", &["bucket"]),
        ("optima-onboard man desty", &[]),
        ("optima-onboard explain s3:GetOb", &["s3:GetObject"]),
        ("optima-onboard completions ", &["bash", "fish", "powershell", "zsh"]),
        ("optima-onboard schema bill", &["bill-connect"]),
        ("optima-onboard apply --org-id ", &[]),
    ] {
        let offered = offered(alone(), line);
        let values: Vec<&str> = offered
            .iter()
            .map(String::as_str)
            .filter(|word| !word.starts_with("--") || expected.contains(word))
            .collect();
        assert_eq!(values, expected, "{line}");
    }
}

#[test]
fn profiles_come_from_the_aws_clis_files_and_only_names_that_a_shell_leaves_alone() {
    let run = alone();
    let folder = run.folder().join(".aws");
    std::fs::create_dir(&folder).expect("made");
    let config = "[default]\n[profile payer]\n[profile $(touch gone)]\n[profile two words]\n[sso-session corp]\n";
    std::fs::write(folder.join("config"), config).expect("written");
    std::fs::write(folder.join("credentials"), "[legacy]\n[-x]\n[a;b]\n").expect("written");
    assert_eq!(offered(run, "optima-onboard apply --profile "), ["default", "legacy", "payer"]);
}

#[test]
fn files_are_offered_where_a_file_is_meant() {
    let run = alone();
    for name in ["payers.toml", "pay$(touch gone).toml", "pay;gone"] {
        std::fs::write(run.folder().join(name), "").expect("written");
    }
    assert_eq!(offered(run, "optima-onboard apply --file pay"), ["payers.toml"]);
    let run = alone();
    std::fs::write(run.folder().join("token.txt"), "").expect("written");
    assert_eq!(offered(run, "optima-onboard token --refresh-token-file tok"), ["token.txt"]);
}

#[test]
fn reports_are_those_of_the_account_that_the_line_and_the_environment_name() {
    let world = World::new();
    world.apply(&["--report-name", "flexera-bill"]).run().ends(0);
    // However slow the machine is.
    let patient = || world.onboard(&[]).env("OPTIMA_REQUEST_TIMEOUT", "60");
    assert_eq!(offered(patient(), "optima-onboard apply --reuse-report "), ["flexera-bill"]);
    assert_eq!(offered(patient(), "optima-onboard apply --reuse-report flexera-x"), [""; 0]);
    let without = patient().without("AWS_ENDPOINT_URL");
    let (_, url) = world.environment().into_iter().find(|(name, _)| *name == "AWS_ENDPOINT_URL").expect("an address");
    let line = format!("optima-onboard plan --endpoint-url {} --reuse-report ", url);
    assert_eq!(offered(without, &line), ["flexera-bill"]);
}

#[test]
fn where_aws_does_not_answer_nothing_is_offered_and_nothing_said() {
    let nowhere = |address: &str| {
        let run = alone().env("AWS_ENDPOINT_URL", address).env("AWS_REGION", "us-east-1");
        run.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "canary-completion")
    };
    for address in ["http://127.0.0.1:9", "http://example.com", "nonsense"] {
        assert_eq!(offered(nowhere(address), "optima-onboard apply --reuse-report "), [""; 0], "{address}");
    }
}

#[test]
fn a_file_that_is_a_pipe_which_nobody_writes_to_does_not_hold_up_a_tab() {
    for words in [
        &["apply", "--file", "pipe", "--reuse-report"][..],
        &["apply", "--file", "pipe", "--zone"],
        &["apply", "--refresh-token-file", "-", "--reuse-report"],
    ] {
        let line = ["optima-onboard"].iter().chain(words).chain(&[""]).copied().collect::<Vec<_>>();
        let at = (line.len() - 1).to_string();
        let run = Onboard::new(&["--"]).args(&line).env("_OPTIMA_ONBOARD_COMPLETE", "bash");
        let run = run.env("_CLAP_COMPLETE_INDEX", &at).env("_CLAP_IFS", "\n").env("OPTIMA_REQUEST_TIMEOUT", "1");
        // Its own input is such a pipe too: somebody holds the other end, and writes nothing.
        let script = "mkfifo pipe input && exec 3<>input && exec timeout 40 \"$0\" \"$@\" <&3";
        let ran = run.through(&["bash", "-c", script]).run();
        assert_eq!(ran.code, 0, "{words:?} takes forever or fails: {}{}", ran.stdout, ran.stderr);
    }
}

/// One shell's question, as its script asks it.
fn asks(shell: &str, words: &[&str]) -> Ran {
    let at = (words.len() - 1).to_string();
    let run = Onboard::new(&["--"]).args(words).env("_OPTIMA_ONBOARD_COMPLETE", shell);
    run.env("_CLAP_COMPLETE_INDEX", &at).env("_CLAP_IFS", "\n").run()
}

#[test]
fn every_shell_is_answered_in_its_own_way() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = Onboard::new(&["completions", shell]).run().ends(0).stdout;
        assert!(script.contains("optima-onboard") && script.contains("_OPTIMA_ONBOARD_COMPLETE"), "{script}");
        let document = Onboard::new(&["completions", shell, "-o", "json"]).run().ends(0).json();
        assert_eq!(document["content"], script.trim_end());
        let answer = asks(shell, &["optima-onboard", "apply", "--zone", ""]).ends(0).stdout;
        let first = |line: &str| line.split(['\t', ':']).next().unwrap_or_default().to_owned();
        let mut values: Vec<String> = answer.lines().map(first).filter(|line| !line.starts_with('-')).collect();
        values.sort();
        assert_eq!(values, ["apac", "eu", "nam"], "{shell}");
    }
}

#[test]
fn a_shell_that_does_not_exist_is_named_with_those_that_do() {
    let ran = Onboard::new(&["completions", "tcsh"]).run().ends(2);
    assert!(ran.stderr.contains("tcsh") && ran.stderr.contains("powershell"), "{}", ran.stderr);
    // Whatever else stands in the variable is no reason not to run.
    Onboard::new(&["help"]).env("_OPTIMA_ONBOARD_COMPLETE", "tcsh").run().ends(0);
}
