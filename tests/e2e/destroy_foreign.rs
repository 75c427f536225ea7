//! `destroy` among what is not ours: it stays as it was, to the byte.

use aws_sdk_costandusagereport::types::{
    AwsRegion, CompressionFormat, ReportDefinition, ReportFormat, SchemaElement, TimeUnit,
};
use serde_json::{Value, json};

use crate::destroy::{BUCKET, WITH_BUCKET, destroy};
use crate::support::World;
use crate::support::world::block_on;

const ROLE: &str = "FlexeraOptimaAccessRole";
const POLICY: &str = "arn:aws:iam::111122223333:policy/FlexeraOptimaAccessPolicy";
const ANY_TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
const ANY_POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"#;
const FOREIGN: &str = r#"{"Version":"2012-10-17","Id":"Ours since 2015","Statement":[{"Sid":"Auditors","Resource":["arn:aws:s3:::acme-billing/*"],"Principal":{"AWS":["arn:aws:iam::444455556666:root"]},"Effect":"Allow","Action":"s3:GetObject"},{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::acme-billing/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#;

fn iam(world: &World) -> aws_sdk_iam::Client {
    aws_sdk_iam::Client::new(&world.aws())
}

fn reason<'a>(document: &'a Value, step: &str) -> &'a str {
    let steps = document["steps"].as_array().expect("steps");
    steps.iter().find(|found| found["step"] == step).and_then(|found| found["reason"].as_str()).unwrap_or_default()
}

fn report(name: &str, bucket: &str) -> ReportDefinition {
    ReportDefinition::builder()
        .report_name(name)
        .time_unit(TimeUnit::Daily)
        .format(ReportFormat::Csv)
        .compression(CompressionFormat::Gzip)
        .additional_schema_elements(SchemaElement::Resources)
        .s3_bucket(bucket)
        .s3_prefix("theirs")
        .s3_region(AwsRegion::from("us-east-1"))
        .build()
        .expect("complete")
}

fn put_report(world: &World, name: &str, bucket: &str) {
    let reports = aws_sdk_costandusagereport::Client::new(&world.aws());
    block_on(reports.put_report_definition().report_definition(report(name, bucket)).send()).expect("a report");
}

/// An account with ten years of history: an own bucket with statements, roles, users, policies and keys.
fn lived_in() -> World {
    let world = World::new();
    let s3 = world.s3(&world.aws());
    let iam = iam(&world);
    block_on(async {
        s3.create_bucket().bucket("acme-billing").send().await.expect("a bucket");
        s3.put_bucket_policy().bucket("acme-billing").policy(FOREIGN).send().await.expect("a policy");
        let body = aws_sdk_s3::primitives::ByteStream::from_static(b"bill");
        s3.put_object().bucket("acme-billing").key("billing/2015").body(body).send().await.expect("a bill");
        iam.create_role().role_name("Deployer").assume_role_policy_document(ANY_TRUST).send().await.expect("a role");
        iam.put_role_policy()
            .role_name("Deployer")
            .policy_name("own")
            .policy_document(ANY_POLICY)
            .send()
            .await
            .expect("inline");
        let theirs =
            iam.create_policy().policy_name("Theirs").policy_document(ANY_POLICY).send().await.expect("a policy");
        let arn = theirs.policy.and_then(|policy| policy.arn).expect("its ARN");
        iam.create_user().user_name("anna").send().await.expect("a user");
        iam.attach_user_policy().user_name("anna").policy_arn(&arn).send().await.expect("attached");
        iam.create_access_key().user_name("anna").send().await.expect("a key");
    });
    world
}

#[test]
fn an_account_with_a_history_is_to_the_byte_what_it_was() {
    for way in [&[][..], &["--api", "flexera-one"], &["--api", "flexera-one", "--access", "user"]] {
        let world = lived_in();
        let before = world.state();
        let words = [&["--bucket", "acme-billing"], way].concat();
        world.apply(&words).run().ends(0);
        assert_ne!(world.state(), before);
        let asked = ["--delete-bucket", "--delete-bucket-data", "--confirm", "acme-billing"];
        let ran = destroy(&world, &words).args(&asked).run().ends(0);
        assert!(
            ran.steps().contains(&"bucket keep unchanged".to_owned()),
            "an adopted bucket stays: {:?}",
            ran.steps()
        );
        assert_eq!(world.state(), before, "{way:?}");
    }
}

#[test]
fn what_was_adopted_stays() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let iam = iam(&world);
    let reports = aws_sdk_costandusagereport::Client::new(&world.aws());
    let keys = || ["managed-by".to_owned(), "flexera-org-id".to_owned()].to_vec();
    let s3 = world.s3(&world.aws());
    block_on(async {
        iam.untag_role().role_name(ROLE).set_tag_keys(Some(keys())).send().await.expect("untagged");
        iam.untag_policy().policy_arn(POLICY).set_tag_keys(Some(keys())).send().await.expect("untagged");
        reports
            .untag_resource()
            .report_name("flexera-optima")
            .set_tag_keys(Some(keys()))
            .send()
            .await
            .expect("untagged");
        s3.delete_bucket_tagging().bucket(BUCKET).send().await.expect("untagged");
    });
    let before = world.state();
    let ran = destroy(&world, &["--keep-bill-connect"]).args(&WITH_BUCKET).run().ends(0);
    assert!(ran.steps().iter().all(|step| step.ends_with(" keep unchanged")), "{:?}", ran.steps());
    assert_eq!(world.state(), before, "a report that stays keeps the statements that let it be delivered");
}

#[test]
fn another_organizations_onboarding_stays() {
    let world = World::new();
    world.apply(&["--bucket", "acme-shared-billing"]).run().ends(0);
    let before = world.state();
    let words = ["--org-id", "999", "--bucket", "acme-shared-billing"];
    let ran = destroy(&world, &words).run().ends(0);
    assert!(reason(&ran.json(), "role").contains("made for the Flexera organization 12345"), "{}", ran.stdout);
    assert!(ran.steps().iter().all(|step| step.ends_with(" keep unchanged")), "{:?}", ran.steps());
    assert_eq!(world.state(), before);
}

#[test]
fn a_policy_that_somebody_else_uses_stays() {
    let world = lived_in();
    world.apply(&[]).run().ends(0);
    block_on(iam(&world).attach_role_policy().role_name("Deployer").policy_arn(POLICY).send()).expect("attached");
    let deployer = world.state()["roles"]["Deployer"].clone();
    let ran = destroy(&world, &[]).run().ends(0);
    assert!(reason(&ran.json(), "policy").contains("role Deployer"), "{}", ran.stdout);
    let state = world.state();
    assert_eq!(state["roles"]["Deployer"], deployer);
    assert!(state["policies"].get(POLICY).is_some() && state["roles"].get(ROLE).is_none(), "{state:#}");
    block_on(iam(&world).detach_role_policy().role_name("Deployer").policy_arn(POLICY).send()).expect("detached");
    destroy(&world, &[]).run().ends(0);
    assert!(world.state()["policies"].get(POLICY).is_none(), "the next run finishes");
}

#[test]
fn a_role_that_carries_what_others_gave_it_is_refused_before_anything_is_written() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let theirs = iam(&world).put_role_policy().role_name(ROLE).policy_name("Theirs").policy_document(ANY_POLICY);
    block_on(theirs.send()).expect("an inline policy");
    let before = world.state();
    world.requests();
    let ran = destroy(&world, &WITH_BUCKET).run().ends(5);
    assert!(
        ran.stdout.contains("aws iam delete-role-policy --role-name FlexeraOptimaAccessRole --policy-name Theirs"),
        "{}",
        ran.stdout
    );
    assert_eq!(world.writes(), [""; 0]);
    assert_eq!(world.state(), before);
    block_on(iam(&world).delete_role_policy().role_name(ROLE).policy_name("Theirs").send()).expect("taken off");
    destroy(&world, &WITH_BUCKET).run().ends(0);
}

#[test]
fn statements_that_another_report_needs_stay() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    put_report(&world, "theirs", BUCKET);
    let before = world.state();
    let ran = destroy(&world, &[]).run().ends(0);
    assert!(reason(&ran.json(), "bucket-policy").contains("theirs"), "{}", ran.stdout);
    let state = world.state();
    assert_eq!(state["buckets"], before["buckets"]);
    let refused = destroy(&world, &WITH_BUCKET).args(&["--delete-bucket-data"]).run().ends(5);
    assert!(reason(&refused.json(), "bucket").contains("theirs"), "nor is the bucket deleted: {}", refused.stdout);
    assert_eq!(state["reports"], json!({ "theirs": before["reports"]["theirs"] }));
}

#[test]
fn a_bill_connect_that_differs_stays() {
    let world = World::new();
    world.apply(&["--api", "flexera-one"]).run().ends(0);
    let moved = [
        "bill-connect",
        "update",
        "--api",
        "flexera-one",
        "--bill-account-id",
        "111122223333",
        "--prefix",
        "elsewhere",
    ];
    world.onboard(&moved).run();
    let before = world.state()["bill_connects"].clone();
    assert!(before.to_string().contains("elsewhere"), "{before}");
    let ran = destroy(&world, &["--api", "flexera-one"]).run().ends(0);
    assert!(reason(&ran.json(), "bill-connect").contains("bucketPath"), "{}", ran.stdout);
    assert_eq!(world.state()["bill_connects"], before);
    assert_eq!(world.state()["roles"], json!({}));
}

#[test]
fn who_went_from_a_user_to_a_role_leaves_neither_behind() {
    let world = World::new();
    let before = world.state();
    world.apply(&["--access", "user", "--access-key-file", "key"]).run().ends(8);
    world.apply(&[]).run().ends(0);
    let ran = destroy(&world, &WITH_BUCKET).run().ends(0);
    assert!(ran.steps().contains(&"user delete done".to_owned()), "{:?}", ran.steps());
    assert_eq!(world.state(), before);
}

#[test]
fn somebody_elses_bucket_is_left_and_never_deleted() {
    let world = World::new();
    let ran = destroy(&world, &["--bucket", "taken-by-others"]).run().ends(0);
    assert!(reason(&ran.json(), "bucket").contains("403"), "{}", ran.stdout);
    let asked = ["--bucket", "taken-by-others", "--delete-bucket", "--confirm", "taken-by-others"];
    destroy(&world, &asked).run().ends(5);
    assert_eq!(world.writes(), [""; 0]);
}
