//! A part of the job in a rehearsal: the sandbox begins with what that part needs.

use crate::support::Onboard;

fn rehearsed(words: &[&str]) -> Onboard {
    Onboard::new(words).args(&["--sandbox", "--output", "json"])
}

#[test]
fn each_step_alone_can_be_rehearsed() {
    let cases: [(&[&str], &str, &[&str]); 5] = [
        (&["bucket"], "", &["bucket create done", "bucket-policy create done"]),
        (
            &["report"],
            "made in it first, by the same answers: bucket, bucket-policy",
            &["bucket keep unchanged", "bucket-policy keep unchanged", "report create done"],
        ),
        (&["policy"], "", &["policy create done"]),
        (&["role"], "by the same answers: policy", &["policy keep unchanged", "role create done"]),
        (&["user", "--access", "user"], "by the same answers: policy", &["policy keep unchanged", "user create done"]),
    ];
    for (words, furnished, steps) in cases {
        let ran =
            rehearsed(words).args(&["--yes", "--bucket", "acme-billing", "--policy-name", "Reader"]).run().ends(0);
        assert_eq!(ran.steps(), steps, "{words:?}");
        let warnings = ran.json()["warnings"].to_string();
        assert!(warnings.contains("this is a rehearsal") && warnings.contains(furnished), "{words:?}: {warnings}");
        assert_eq!(furnished.is_empty(), !warnings.contains("made in it first"), "{words:?}: {warnings}");
    }
}

#[test]
fn a_removal_is_rehearsed_on_what_the_same_answers_made() {
    for words in
        [&[][..], &["--access", "user", "--api", "flexera-one"], &["--delete-bucket", "--confirm", "acme-billing"]]
    {
        let run = rehearsed(&["destroy", "--yes", "--bucket", "acme-billing"]).args(words);
        let folder = run.folder().to_owned();
        let ran = run.run().ends(0);
        let kept = ran.steps().iter().filter(|step| step.ends_with("keep unchanged")).count();
        assert_eq!(kept, usize::from(!words.contains(&"--delete-bucket")), "{words:?}: {:?}", ran.steps());
        assert!(ran.json()["warnings"].to_string().contains("made in it first"), "{words:?}");
        drop(folder);
    }
}

#[test]
fn a_removal_writes_no_key_to_a_file_to_have_something_to_remove() {
    let run = rehearsed(&["destroy", "--yes", "--access", "user", "--access-key-file", "key"]);
    let ran = run.run().ends(0);
    assert!(!ran.home.path().join("key").exists());
}

#[test]
fn the_onboarding_api_alone_can_be_rehearsed() {
    let create = rehearsed(&["bill-connect", "create", "--api", "flexera-one"]).run().ends(0);
    assert_eq!(create.json()["bill_connect"]["state"], "created");
    assert!(
        create.stderr.contains("made in it first, by the same answers: bucket, bucket-policy, report, policy, role\n")
    );
    let validate = rehearsed(&["bill-connect", "validate", "--api", "flexera-one"]).run().ends(0);
    assert_eq!(validate.json()["bill_connect"]["validated"], true);
    assert_eq!(rehearsed(&["bill-connect", "delete", "--yes"]).run().ends(0).json()["deleted"], true);
}

/// Whoever wants to see what a verification looks like sees one of something.
#[test]
fn a_verification_is_rehearsed_on_what_the_same_answers_made() {
    for api in ["optima", "flexera-one"] {
        let ran = rehearsed(&["verify", "--bucket", "acme-billing", "--api", api]).run().ends(0);
        let report = ran.json();
        let failed: Vec<&serde_json::Value> =
            report["checks"].as_array().expect("checks").iter().filter(|check| check["status"] == "fail").collect();
        assert!(report["ok"] == true && failed.is_empty(), "{report}");
        assert!(ran.stderr.contains("made in it first, by the same answers: bucket, "), "{}", ran.stderr);
    }
}
