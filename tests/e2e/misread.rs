//! What could be taken for something else: a stranger for Flexera, a rehearsal for the real thing, a refusal for a
//! promise, a mistake for another one.

use optima_onboard::sandbox::{Accounts, Options};

use crate::support::world::block_on;
use crate::support::{Onboard, World};

const STRANGER: &str = "arn:aws:iam::999999999999:root";
const TRUSTED: (&str, &str) = ("OPTIMA_TRUSTED_PRINCIPAL", STRANGER);

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} missing in:\n{text}");
    }
}

#[test]
fn a_stranger_who_is_trusted_is_not_taken_for_flexera() {
    let world = World::new();
    let run = |words: &[&str]| world.onboard(words).env(TRUSTED.0, TRUSTED.1);
    let plan = run(&["plan"]).run().ends(0).stdout;
    has(&plan, &["warning:", STRANGER, "in place of Flexera's", "(from OPTIMA_TRUSTED_PRINCIPAL)"]);
    let page = run(&["review", "--format", "markdown"]).run().ends(0).stdout;
    has(&page, &["# Somebody in place of Flexera reads", "which is not Flexera's own principal"]);
    assert!(!page.contains("Flexera's principal `arn:aws:iam::999"), "{page}");
    let drawn = run(&["review"]).run().ends(0).stdout;
    has(&drawn, &[&format!(">{STRANGER}</text>")]);
    for step in ["policy", "role"] {
        run(&[step, "--yes"]).run().ends(0);
    }
    let checks = run(&["verify", "--output", "json"]).run().ends(1).json();
    let trust = checks["checks"].as_array().into_iter().flatten().find(|check| check["check"] == "trust");
    let trust = trust.expect("a check of the trust");
    assert!(trust["status"] == "warn" && trust["message"].to_string().contains(STRANGER), "{trust}");
}

#[test]
fn no_export_takes_a_stranger_for_flexera() {
    for format in ["cloudformation", "stackset", "terraform", "aws-cli"] {
        let run = Onboard::new(&["export", format, "--org-id", "12345"]);
        let ran = run.env(TRUSTED.0, TRUSTED.1).run().ends(0);
        has(
            &ran.stdout,
            &[&format!("Caution: {STRANGER} is trusted in place of Flexera's"), &format!("Not Flexera: {STRANGER}")],
        );
        assert!(!ran.stdout.contains("Flexera's principal may"), "{format}: {}", ran.stdout);
        assert!(!ran.stdout.contains("Flexera assumes"), "{format}: {}", ran.stdout);
        has(&ran.stderr, &["warning:", STRANGER, "in place of Flexera's"]);
        let own = Onboard::new(&["export", format, "--org-id", "12345"]).run().ends(0);
        assert!(!own.stdout.contains("Caution") && !own.stderr.contains("warning"), "{format}: {}", own.stderr);
    }
}

#[test]
fn flexera_s_own_principal_needs_no_warning() {
    let world = World::new();
    let own = "arn:aws:iam::451234325714:role/production_customer_access";
    let plan = world.onboard(&["plan", "--trusted-principal", own]).run().ends(0).stdout;
    assert!(!plan.contains("in place of"), "{plan}");
}

#[test]
fn a_rehearsal_says_that_it_is_one() {
    let run = |words: &[&str]| Onboard::new(words).args(&["--sandbox"]);
    let plan = run(&["plan"]).run().ends(0);
    has(&plan.stdout, &["warning: this is a rehearsal"]);
    let documents = [&["plan", "--output", "json"][..], &["apply", "--yes", "--output", "json"]];
    for words in documents {
        let warnings = run(words).run().ends(0).json()["warnings"].to_string();
        has(&warnings, &["this is a rehearsal"]);
    }
    has(&run(&["apply", "--yes"]).run().ends(0).stderr, &["warning: this is a rehearsal"]);
    let verified = run(&["verify"]).run().ends(0);
    has(&verified.stderr, &["this is a rehearsal", "began empty", "made in it first"]);
    let printed = run(&["permissions"]).run().ends(0);
    has(&printed.stderr, &["this is a rehearsal", "ACCOUNT_ID stands", "ORG_ID stands"]);
    assert!(!printed.stdout.contains("111122223333"), "the sandbox's account is nobody's: {}", printed.stdout);
    let page = run(&["review", "--format", "markdown"]).run().ends(0).stdout;
    has(&page, &["this is a rehearsal", "optima-onboard apply --sandbox --org-id", "apply --sandbox --plan plan.json"]);
    let real = World::new().onboard(&["plan"]).run().ends(0).stdout;
    assert!(!real.contains("rehearsal"), "{real}");
}

#[test]
fn a_page_of_a_rehearsed_plan_knows_that_it_is_one() {
    let run = Onboard::new(&["review", "--plan", "plan.json"]);
    let plan = Onboard::new(&["plan", "--sandbox", "--output", "json"]).run().ends(0).stdout;
    std::fs::write(run.folder().join("plan.json"), plan).expect("a file");
    let page = run.run().ends(0).stdout;
    has(&page, &["Rehearsal", "this is a rehearsal", "optima-onboard apply --sandbox --org-id"]);
}

#[test]
fn one_bucket_for_several_accounts_is_refused_in_the_plan() {
    let world = World::with(|options| Options { accounts: Accounts::All, ..options });
    let run = world.onboard(&["plan", "--file", "fleet.toml"]).without("OPTIMA_ORG_ID");
    let member = |name: &str, account: &str| {
        format!("[[onboarding]]\nname = \"{name}\"\nassume_role = \"arn:aws:iam::{account}:role/Onboarder\"\n")
    };
    let file = ["[defaults]\norg_id = 12345\nbucket = \"acme-billing\"\n".to_owned()]
        .into_iter()
        .chain([member("a", "111111111111"), member("b", "222222222222")]);
    std::fs::write(run.folder().join("fleet.toml"), file.collect::<String>()).expect("a file");
    let ran = run.run();
    has(&ran.stdout, &["left out b: the bucket acme-billing is also a's", "1 left out"]);
}

#[test]
fn what_a_printed_policy_leaves_open_can_be_taken_for_nothing_else() {
    let world = World::new();
    let printed = |words: &[&str], unknown: &[&str]| {
        let run = world.onboard(&["permissions"]).args(words);
        let ran = unknown.iter().fold(run, |run, name| run.without(name)).run().ends(0);
        (ran.json().to_string(), ran.stderr)
    };
    let (account, org) = ("AWS_ACCESS_KEY_ID", "OPTIMA_ORG_ID");
    let (policy, said) = printed(&[], &[account, org]);
    has(&policy, &["s3:::flexera-optima-ACCOUNT_ID-ORG_ID", "iam::ACCOUNT_ID:role/FlexeraOptimaAccessRole"]);
    has(&said, &["ACCOUNT_ID stands", "--profile", "ORG_ID stands", "--org-id"]);
    assert!(!policy.contains("111122223333") && !policy.contains("12345\""), "{policy}");
    refused_by_iam(&world, &policy);

    let (policy, said) = printed(&["--org-id", "777"], &[account]);
    has(&policy, &["s3:::flexera-optima-ACCOUNT_ID-777"]);
    assert!(said.contains("ACCOUNT_ID") && !said.contains("ORG_ID"), "{said}");
    refused_by_iam(&world, &policy);

    let (policy, said) = printed(&[], &[org]);
    has(&policy, &["s3:::flexera-optima-111122223333-ORG_ID"]);
    assert!(said.contains("ORG_ID") && !said.contains("ACCOUNT_ID"), "{said}");
    let (policy, said) = printed(&["--bucket", "acme-billing"], &[org]);
    assert!(!policy.contains("ORG_ID") && !said.contains("ORG_ID"), "nothing of it is open: {said}");
}

#[track_caller]
fn refused_by_iam(world: &World, policy: &str) {
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let create = iam.create_policy().policy_name("Pasted").policy_document(policy).send();
    let refused = block_on(create).expect_err("a policy on nobody's account");
    assert!(refused.into_service_error().is_malformed_policy_document_exception(), "{policy}");
}

#[test]
fn a_command_line_s_mistake_keeps_its_suggestion_in_json() {
    let error = |words: &[&str]| Onboard::new(words).args(&["-o", "json"]).run().ends(2).json()["error"].clone();
    has(&error(&["apply", "--yess"])["remedy"].to_string(), &["--yes"]);
    has(&error(&["aply"])["remedy"].to_string(), &["apply"]);
    has(&error(&["apply", "--nothing-like-it"])["remedy"].to_string(), &["optima-onboard help"]);
}

#[test]
fn a_wrong_value_sends_to_the_command_in_use() {
    let next = |words: &[&str]| World::new().onboard(words).args(&["--bucket", "UPPER"]).run().ends(2).stderr;
    has(&next(&["destroy"]), &["optima-onboard destroy --help says"]);
    has(&next(&["verify"]), &["optima-onboard verify --help says"]);
    has(&next(&["export", "terraform"]), &["optima-onboard export terraform --help says"]);
}

#[test]
fn nothing_to_do_is_said_once() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let again = world.onboard(&["apply", "--yes"]).run().ends(0);
    assert_eq!([&again.stdout, &again.stderr].map(|text| text.matches("Nothing to change").count()), [0, 1]);
    has(&again.stdout, &["Everything is in place."]);
    world.onboard(&["destroy", "--yes"]).run().ends(0);
    let gone = world.onboard(&["destroy", "--yes"]).run().ends(0);
    assert_eq!([&gone.stdout, &gone.stderr].map(|text| text.matches("Nothing to remove").count()), [0, 1]);
}

#[cfg(unix)]
#[test]
fn a_terminal_that_does_not_say_how_wide_it_is_has_eighty_columns() {
    let terminal = "import pty, sys; pty.spawn(sys.argv[1:])";
    for words in [&["explain"][..], &["help", "permissions"], &["help", "file"]] {
        let shown = Onboard::new(words).args(&["--color", "never"]).through(&["python3", "-c", terminal]).run().ends(0);
        let long: Vec<&str> = shown.stdout.lines().filter(|line| line.trim_end().chars().count() > 80).collect();
        assert!(shown.stdout.lines().count() > 10 && long.is_empty(), "{words:?}: {long:#?}");
    }
}
