//! A profile that stands in none of the AWS CLI's files: told in our words, before anybody is asked.

use optima_onboard::sandbox::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};

use crate::support::{Onboard, World};

/// A run without keys of its own, where one profile is configured.
fn where_payer_is(world: &World, words: &[&str]) -> Onboard {
    let run = world.onboard(words).without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    std::fs::create_dir(run.folder().join(".aws")).expect("made");
    let keys = format!("aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n");
    std::fs::write(run.folder().join(".aws/credentials"), format!("[payer]\n{keys}")).expect("written");
    run
}

#[test]
fn a_slip_is_told_with_the_files_the_profiles_and_the_next_command() {
    let world = World::new();
    let slips = [
        where_payer_is(&world, &["plan", "--profile", "pyer"]),
        where_payer_is(&world, &["plan"]).env("AWS_PROFILE", "pyer"),
    ];
    for (run, given_as) in slips.into_iter().zip(["--profile", "AWS_PROFILE"]) {
        let ran = run.run().ends(2);
        let files = ["config", "credentials"].map(|name| ran.home.path().join(".aws").join(name).display().to_string());
        let told = format!("{given_as}: there is no profile pyer in {}", files.join(" or "));
        for part in [&told, "there are payer", "the same command with --profile payer"] {
            assert!(ran.stderr.contains(part), "{part} missing in: {}", ran.stderr);
        }
    }
    where_payer_is(&world, &["plan", "--profile", "payer"]).run().ends(0);
    assert!(world.requests().iter().all(|request| !request.write));
}

#[test]
fn it_is_an_error_in_json_too_and_nobody_is_asked() {
    let world = World::new();
    let ran = where_payer_is(&world, &["verify", "-o", "json", "--profile", "nobody"]).run().ends(2);
    let error = &ran.json()["error"];
    assert_eq!((&error["kind"], &error["exit_code"]), (&"usage".into(), &2.into()));
    assert!(error["remedy"].as_str().is_some_and(|next| next.contains("aws configure sso --profile nobody")));
    assert_eq!(world.seen(), [""; 0]);
}

#[test]
fn what_needs_no_profile_does_not_mind() {
    let world = World::new();
    // Keys come before AWS_PROFILE, and the onboarding API asks for no AWS at all.
    world.onboard(&["plan"]).env("AWS_PROFILE", "gone").run().ends(0);
    where_payer_is(&world, &["bill-connect", "list"]).env("AWS_PROFILE", "gone").run().ends(0);
}

#[test]
fn whoever_has_no_credentials_at_all_reads_our_words_and_not_the_sdks() {
    let world = World::new();
    let run = world.onboard(&["plan"]).without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    let stderr = run.run().ends(4).stderr;
    assert!(stderr.contains("no AWS credentials were found") && stderr.contains("neither the environment"), "{stderr}");
    assert!(!stderr.contains("provider"), "{stderr}");
}
