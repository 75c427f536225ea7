//! `destroy` on AWS servers that we did not write.

use serde_json::Value;

use crate::support::Emulated;
use crate::support::world::block_on;

const FOREIGN_STATEMENT: &str = r#"{"Sid":"Auditors","Resource":["arn:aws:s3:::acme-billing/*"],"Principal":{"AWS":["arn:aws:iam::111122223333:root"]},"Effect":"Allow","Action":"s3:GetObject","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#;

/// Onboards, destroys with the bucket and a bill in it, and looks for what is left.
fn there_and_back(world: &Emulated, words: &[&str]) {
    world.apply(words).run().ends(0);
    let bucket = format!("flexera-optima-{}-12345", world.account);
    tag_report(world);
    let s3 = world.s3(&world.root(), None);
    let put = s3.put_object().bucket(&bucket).key("billing/bill");
    block_on(put.body(aws_sdk_s3::primitives::ByteStream::from_static(b"bill")).send()).expect("a bill");
    let destroy =
        ["destroy", "--yes", "--output", "json", "--delete-bucket", "--delete-bucket-data", "--confirm", &bucket];
    let ran = world.onboard(&destroy).args(words).run().ends(0);
    assert!(
        ran.steps().iter().all(|step| step.ends_with("delete done")),
        "{}: everything goes: {:?}",
        world.name,
        ran.steps()
    );
    let iam = world.iam(&world.root());
    let arn = format!("arn:aws:iam::{}:policy/FlexeraOptimaAccessPolicy", world.account);
    assert!(block_on(iam.get_policy().policy_arn(arn).send()).is_err(), "{}: the policy is gone", world.name);
    assert!(block_on(iam.get_role().role_name("FlexeraOptimaAccessRole").send()).is_err(), "{}", world.name);
    assert!(block_on(iam.get_user().user_name("FlexeraOptimaAccessUser").send()).is_err(), "{}", world.name);
    assert!(block_on(s3.head_bucket().bucket(&bucket).send()).is_err(), "{}: the bucket is gone", world.name);
    let reports = aws_sdk_costandusagereport::Client::new(&world.aws(&world.root(), None));
    let left = block_on(reports.describe_report_definitions().send()).expect("a list").report_definitions;
    assert_eq!(left.unwrap_or_default().len(), 0, "{}", world.name);
    world.writes();
    let again = world.onboard(&destroy).args(words).run().ends(0);
    assert!(again.steps().iter().all(|step| step.ends_with("keep unchanged")), "{}: {:?}", world.name, again.steps());
    assert_eq!(world.writes(), Vec::<String>::new(), "{}: a second run writes nothing", world.name);
}

/// MiniStack forgets the tags that a report is made with, but takes them afterwards; AWS does both.
fn tag_report(world: &Emulated) {
    let reports = aws_sdk_costandusagereport::Client::new(&world.aws(&world.root(), None));
    let ours = [("managed-by", "optima-onboard"), ("flexera-org-id", "12345")];
    let tags = ours.map(|(key, value)| {
        aws_sdk_costandusagereport::types::Tag::builder().key(key).value(value).build().expect("complete")
    });
    block_on(reports.tag_resource().report_name("flexera-optima").set_tags(Some(tags.to_vec())).send())
        .expect("tagged");
}

#[test]
fn a_role_comes_and_goes() {
    there_and_back(&Emulated::ministack(), &[]);
    there_and_back(&Emulated::moto(), &[]);
}

#[test]
fn a_user_comes_and_goes() {
    let words = ["--api", "flexera-one", "--access", "user"];
    there_and_back(&Emulated::ministack(), &words);
    there_and_back(&Emulated::moto(), &words);
}

#[test]
fn an_own_buckets_statements_are_what_they_were() {
    for world in [Emulated::ministack(), Emulated::moto()] {
        let s3 = world.s3(&world.root(), None);
        block_on(s3.create_bucket().bucket("acme-billing").send()).expect("a bucket");
        let before = format!(r#"{{"Version":"2012-10-17","Statement":[{FOREIGN_STATEMENT}]}}"#);
        block_on(s3.put_bucket_policy().bucket("acme-billing").policy(&before).send()).expect("a policy");
        world.apply(&["--bucket", "acme-billing"]).run().ends(0);
        tag_report(&world);
        world.onboard(&["destroy", "--yes", "--bucket", "acme-billing"]).run().ends(0);
        let after =
            block_on(s3.get_bucket_policy().bucket("acme-billing").send()).expect("a policy").policy.expect("text");
        let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(json(&after), json(&before), "{}", world.name);
    }
}
