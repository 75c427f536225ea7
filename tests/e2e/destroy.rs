//! `destroy`: the way back, from every way there, to the account as it was.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use optima_onboard::sandbox::REFRESH_TOKEN;
use serde_json::{Value, json};

use crate::support::world::block_on;
use crate::support::{Onboard, World};

pub const BUCKET: &str = "flexera-optima-111122223333-12345";
pub const WITH_BUCKET: [&str; 3] = ["--delete-bucket", "--confirm", BUCKET];

/// Every way in, with the exit code of its apply: the optima API takes no user.
const WAYS: [(&[&str], i32); 4] = [
    (&[], 0),
    (&["--api", "flexera-one"], 0),
    (&["--api", "flexera-one", "--access", "user"], 0),
    (&["--access", "user", "--access-key-file", "key"], 8),
];

/// `destroy --yes --output json` with these words more.
pub fn destroy(world: &World, words: &[&str]) -> Onboard {
    world.onboard(&["destroy", "--yes", "--output", "json"]).args(words)
}

#[test]
fn every_way_in_has_its_way_back_to_the_account_as_it_was() {
    for (words, code) in WAYS {
        let world = World::new();
        let before = world.state();
        world.apply(words).run().ends(code);
        let ran = destroy(&world, words).args(&WITH_BUCKET).run().ends(0);
        assert_eq!(world.state(), before, "{words:?}: {}", ran.stdout);
        assert!(ran.steps().iter().all(|step| !step.ends_with("failed")), "{:?}", ran.steps());
    }
}

#[test]
fn a_role_goes_in_the_reverse_order_and_the_bucket_stays() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let bucket = world.state()["buckets"][BUCKET].clone();
    world.requests();
    let ran = destroy(&world, &[]).run().ends(0);
    assert_eq!(
        ran.steps(),
        [
            "bill-connect delete done",
            "report delete done",
            "role delete done",
            "policy delete done",
            "bucket-policy delete done",
            "bucket keep unchanged"
        ]
    );
    assert_eq!(ran.json()["summary"], json!({ "delete": 5, "keep": 1, "refuse": 0 }));
    let writes = world.writes();
    let place = |name: &str| {
        writes.iter().position(|write| write.contains(name)).unwrap_or_else(|| panic!("{name}: {writes:?}"))
    };
    assert_eq!(place("DELETE /api/onboarding"), 0, "the bill connect first: {writes:?}");
    for (first, then) in [
        ("DeleteReportDefinition", "DeleteBucketPolicy"),
        ("DetachRolePolicy", "DeleteRole"),
        ("DeleteRole", "iam DeletePolicy"),
    ] {
        assert!(place(first) < place(then), "{first} before {then}: {writes:?}");
    }
    let mut expected = bucket;
    expected["policy"] = Value::Null;
    assert_eq!(world.state()["buckets"][BUCKET], expected, "only its policy is gone");
}

#[test]
fn a_second_run_does_nothing() {
    for (words, code) in WAYS {
        let world = World::new();
        world.apply(words).run().ends(code);
        destroy(&world, words).run().ends(0);
        let state = world.state();
        world.requests();
        let second = destroy(&world, words).run().ends(0);
        assert!(second.steps().iter().all(|step| step.ends_with(" keep unchanged")), "{:?}", second.steps());
        assert_eq!(world.writes(), [""; 0]);
        assert_eq!(world.state(), state);
    }
}

#[test]
fn in_a_fresh_account_there_is_nothing_to_remove() {
    let ran = World::new().onboard(&["destroy"]).run().ends(0);
    assert!(ran.stderr.contains("Nothing to remove"), "{}", ran.stderr);
}

#[test]
fn what_was_destroyed_can_be_made_again() {
    let world = World::new();
    let words = ["--api", "flexera-one"];
    world.apply(&words).run().ends(0);
    let made = world.state();
    destroy(&world, &words).run().ends(0);
    world.apply(&words).run().ends(0);
    assert_eq!(world.state(), made);
}

#[test]
fn without_a_yes_the_plan_is_shown_and_nothing_is_removed() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    world.requests();
    let ran = world.onboard(&["destroy"]).run().ends(2);
    assert!(ran.stderr.contains("- delete role") && ran.stderr.contains("add --yes"), "{}", ran.stderr);
    let named = world.onboard(&["destroy", "--yes", "--delete-bucket"]).run().ends(2);
    for part in ["the bucket's name is missing", &format!("add --confirm {BUCKET}")] {
        assert!(named.stderr.contains(part), "{part} missing in:\n{}", named.stderr);
    }
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn a_wrong_name_deletes_nothing() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    world.requests();
    let ran = destroy(&world, &["--delete-bucket", "--confirm", "another-bucket"]).run().ends(2);
    assert!(ran.json()["error"]["cause"].as_str().is_some_and(|cause| cause.contains(BUCKET)), "{}", ran.stdout);
    destroy(&world, &["--confirm", BUCKET]).run().ends(2);
    destroy(&world, &["--delete-bucket-data"]).run().ends(2);
    assert_eq!(world.writes(), [""; 0]);
}

/// More than a page of versions, delete markers, and an upload that was never ended.
fn fill(world: &World) {
    let s3 = world.s3(&world.aws());
    block_on(async {
        let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        s3.put_bucket_versioning().bucket(BUCKET).versioning_configuration(on).send().await.expect("versions are kept");
        for number in 0..1005 {
            let put = s3.put_object().bucket(BUCKET).key(format!("billing/{number}"));
            put.body(ByteStream::from_static(b"bill")).send().await.expect("an object");
        }
        for _ in 0..2 {
            let put = s3.put_object().bucket(BUCKET).key("billing/0");
            put.body(ByteStream::from_static(b"bill")).send().await.expect("another version");
        }
        s3.delete_object().bucket(BUCKET).key("billing/1").send().await.expect("a delete marker");
        s3.create_multipart_upload().bucket(BUCKET).key("billing/never").send().await.expect("an upload");
    });
}

#[test]
fn bills_go_only_when_that_is_said_too_and_then_all_of_them() {
    let world = World::new();
    let before = world.state();
    world.apply(&[]).run().ends(0);
    fill(&world);
    let full = world.state();
    world.requests();
    let refused = destroy(&world, &WITH_BUCKET).run().ends(5);
    let bucket = refused.json()["steps"].as_array().and_then(|steps| steps.last().cloned()).expect("the bucket");
    assert_eq!(bucket["change"], "refuse");
    assert!(
        bucket["reason"].as_str().is_some_and(
            |reason| reason.contains("1007 objects") && reason.contains("1 delete marker, 1 unfinished upload")
        ),
        "{bucket}"
    );
    assert!(bucket["remedy"].as_str().is_some_and(|remedy| remedy.contains("--delete-bucket-data")), "{bucket}");
    assert_eq!(world.writes(), [""; 0]);
    assert_eq!(world.state(), full);

    let shown = world.onboard(&["destroy", "--delete-bucket", "--delete-bucket-data"]).run().ends(2);
    assert!(shown.stderr.contains("1007 objects (3.93 KiB)"), "said before the yes: {}", shown.stderr);
    assert_eq!(world.writes(), [""; 0]);

    destroy(&world, &WITH_BUCKET).args(&["--delete-bucket-data"]).run().ends(0);
    assert_eq!(world.state(), before);
}

#[test]
fn a_policy_of_five_versions_goes_with_all_of_them() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let iam = aws_sdk_iam::Client::new(&world.aws());
    for _ in 0..4 {
        let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
        let version = iam
            .create_policy_version()
            .policy_arn("arn:aws:iam::111122223333:policy/FlexeraOptimaAccessPolicy")
            .policy_document(document)
            .set_as_default(true);
        block_on(version.send()).expect("a version");
    }
    destroy(&world, &[]).run().ends(0);
    assert_eq!(world.state()["policies"], json!({}));
}

#[test]
fn the_receipt_says_what_was_removed_and_holds_the_policy_that_was_there() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let policy = world.state()["buckets"][BUCKET]["policy"].clone();
    let ran = destroy(&world, &["--receipt", "receipt.json"]).run().ends(0);
    let text = std::fs::read_to_string(ran.home.path().join("receipt.json")).expect("a receipt");
    let receipt: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(receipt["bucket_policy_before"], policy);
    assert_eq!((&receipt["steps"][0]["change"], &receipt["steps"][0]["outcome"]), (&json!("delete"), &json!("done")));
    assert!(receipt["ended_at"].is_string());
    let kept = destroy(&world, &[]).run().ends(0);
    assert!(!kept.home.path().join(".local").exists(), "a run that removes nothing leaves no receipt");
}

#[test]
fn the_onboarding_api_is_left_out_with_the_bill_connect() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let connects = world.state()["bill_connects"].clone();
    let ran = destroy(&world, &["--keep-bill-connect"]).without("OPTIMA_REFRESH_TOKEN").run().ends(0);
    assert_eq!(ran.steps()[0], "bill-connect keep unchanged");
    let state = world.state();
    assert_eq!(state["bill_connects"], connects);
    assert_eq!((&state["roles"], &state["policies"], &state["reports"]), (&json!({}), &json!({}), &json!({})));
    let missing = destroy(&world, &[]).without("OPTIMA_REFRESH_TOKEN").run().ends(2);
    assert!(missing.stdout.contains("OPTIMA_REFRESH_TOKEN"), "{}", missing.stdout);
}

#[test]
fn a_denial_in_the_middle_says_what_is_gone_and_the_next_run_finishes() {
    let recorded = World::new();
    let before = recorded.state();
    recorded.apply(&[]).run().ends(0);
    recorded.requests();
    destroy(&recorded, &WITH_BUCKET).run().ends(0);
    let place =
        recorded.requests().iter().position(|request| request.action == "DeleteRole").expect("the role goes") + 1;

    let world = World::new();
    world.apply(&[]).run().ends(0);
    world.requests();
    world.fail_at(place, "access-denied");
    // What runs side by side may come in another order: the denial then hits another deletion.
    let ran = destroy(&world, &WITH_BUCKET).run().ends(4);
    let error = &ran.json()["error"];
    let remedy = error["remedy"].as_str().expect("a remedy");
    assert!(remedy.contains("removed now: bill-connect") && remedy.contains("still to be removed: "), "{remedy}");
    destroy(&world, &WITH_BUCKET).run().ends(0);
    assert_eq!(world.state(), before);
}

#[test]
fn the_least_policy_is_enough() {
    for (purpose, words) in [
        ("destroy", &[][..]),
        ("destroy-with-bucket", &["--delete-bucket", "--confirm", BUCKET, "--delete-bucket-data"]),
    ] {
        for way in [&["--api", "flexera-one"][..], &["--api", "flexera-one", "--access", "user"]] {
            let world = World::new();
            world.apply(way).run().ends(0);
            let s3 = world.s3(&world.aws());
            block_on(s3.put_object().bucket(BUCKET).key("billing/a").body(ByteStream::from_static(b"a")).send())
                .expect("an object");
            let document = world.onboard(&["permissions", "--for", purpose]).args(way).run().ends(0).stdout;
            let (id, secret) = operator(&world, &document);
            let ran = destroy(&world, way)
                .args(words)
                .env("AWS_ACCESS_KEY_ID", &id)
                .env("AWS_SECRET_ACCESS_KEY", &secret)
                .run()
                .ends(0);
            assert!(!ran.json()["warnings"].to_string().contains("you may lack"), "{}", ran.stdout);
            let state = world.state();
            assert_eq!((&state["roles"], &state["bill_connects"]), (&json!({}), &json!({})));
            assert_eq!(state["buckets"].get(BUCKET).is_none(), !words.is_empty());
        }
    }
}

/// A user with one managed policy, and its key.
fn operator(world: &World, document: &str) -> (String, String) {
    let iam = aws_sdk_iam::Client::new(&world.aws());
    block_on(async {
        iam.create_user().user_name("operator").send().await.expect("a user");
        let policy = iam.create_policy().policy_name("operator").policy_document(document).send().await;
        let arn = policy.expect("a policy that fits").policy.and_then(|policy| policy.arn).expect("its ARN");
        iam.attach_user_policy().user_name("operator").policy_arn(arn).send().await.expect("attached");
        let key = iam.create_access_key().user_name("operator").send().await.expect("a key").access_key.expect("a key");
        (key.access_key_id, key.secret_access_key)
    })
}

#[test]
fn secrets_stay_out_of_what_is_said() {
    let world = World::new();
    let way = ["--api", "flexera-one", "--access", "user"];
    world.apply(&way).run().ends(0);
    let ran = world.onboard(&["destroy", "--yes", "-vv"]).args(&way).run().ends(0);
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains(REFRESH_TOKEN) && !text.contains("sandbox/secret/"), "{text}");
    }
}
