//! Many onboardings of one file: what a receipt says is done, and who of it runs again.

use serde_json::Value;

use crate::fleet::{account, apply, many, member, onboard, results, world};

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
