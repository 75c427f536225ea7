//! The binary against two AWS servers that we did not write: what one author got wrong in program and sandbox alike
//! shows here.

use aws_sdk_costandusagereport::types::{
    AwsRegion, CompressionFormat, ReportDefinition, ReportFormat, SchemaElement, TimeUnit,
};

use crate::support::Emulated;
use crate::support::run::Ran;
use crate::support::world::block_on;

const ROLE: &str = "FlexeraOptimaAccessRole";
const FOREIGN_STATEMENT: &str = r#"{"Sid":"Auditors","Resource":["arn:aws:s3:::acme-billing/*"],"Principal":{"AWS":["arn:aws:iam::111122223333:root"]},"Effect":"Allow","Action":"s3:GetObject","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#;

/// The ways to onboard, and which step makes the access.
const WAYS: [(&[&str], &str); 3] = [
    (&[], "role"),
    (
        &["--api", "flexera-one", "--region", "eu-central-1", "--bucket-region", "eu-west-1", "--tag", "team=fin ops"],
        "role",
    ),
    (&["--api", "flexera-one", "--access", "user"], "user"),
];

fn on_both(test: impl Fn(&Emulated)) {
    test(&Emulated::ministack());
    test(&Emulated::moto());
}

#[track_caller]
fn all_kept(ran: &Ran) {
    assert!(ran.steps().iter().all(|step| step.ends_with(" keep unchanged")), "{:?}", ran.steps());
}

/// The names of the checks with this status.
fn checks(verified: &Ran, status: &str) -> Vec<String> {
    let document = verified.json();
    let checks = document["checks"].as_array().expect("checks").iter();
    let of_status = checks.filter(|check| check["status"] == status);
    of_status.map(|check| check["check"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Onboards an empty account, again, and verifies: `unknown` are the checks that the server or the API cannot answer.
fn onboards(world: &Emulated, (words, access): (&[&str], &str), unknown: &[&str]) {
    let first = world.apply(words).run().ends(0);
    let made = ["bucket", "bucket-policy", "report", "policy", access, "bill-connect"];
    assert_eq!(first.steps(), made.map(|step| format!("{step} create done")), "{}", world.name);
    assert!(!world.writes().is_empty(), "the front sees what is written");

    let second = world.apply(words).run().ends(0);
    all_kept(&second);
    assert_eq!(world.writes(), Vec::<String>::new(), "{}: a second run writes nothing", world.name);

    let verified = world.onboard(&["verify", "--output", "json"]).args(words).run().ends(0);
    assert_eq!(verified.json()["ok"], true);
    for bad in ["fail", "warn"] {
        assert_eq!(checks(&verified, bad), Vec::<String>::new(), "{}: {}", world.name, verified.stdout);
    }
    assert_eq!(checks(&verified, "skip"), unknown, "{}: {}", world.name, verified.stdout);
}

#[test]
fn a_role_for_the_older_api() {
    onboards(&Emulated::ministack(), WAYS[0], &["validation", "bill-months"]);
    // Moto has no simulation of policies: that says nothing about the account.
    onboards(&Emulated::moto(), WAYS[0], &["simulation", "validation", "bill-months"]);
}

#[test]
fn a_role_for_the_newer_api_and_a_bucket_in_ireland() {
    onboards(&Emulated::ministack(), WAYS[1], &[]);
    onboards(&Emulated::moto(), WAYS[1], &["simulation"]);
}

#[test]
fn a_user_for_the_newer_api() {
    onboards(&Emulated::ministack(), WAYS[2], &[]);
    onboards(&Emulated::moto(), WAYS[2], &["simulation"]);
}

#[test]
fn a_new_bucket_is_where_it_was_asked_for_and_private() {
    on_both(|world| {
        world.apply(WAYS[1].0).run().ends(0);
        let s3 = world.s3(&world.root(), None);
        let ireland = || aws_sdk_s3::config::Config::builder().region(aws_sdk_s3::config::Region::new("eu-west-1"));
        let bucket = format!("flexera-optima-{}-12345", world.account);
        let place = block_on(s3.get_bucket_location().bucket(&bucket).customize().config_override(ireland()).send());
        let place = place.expect("a place").location_constraint.expect("not the default");
        assert_eq!(place.as_str(), "eu-west-1", "{}", world.name);
        let block =
            block_on(s3.get_public_access_block().bucket(&bucket).customize().config_override(ireland()).send())
                .expect("a block")
                .public_access_block_configuration
                .expect("its settings");
        let all = [
            block.block_public_acls,
            block.block_public_policy,
            block.ignore_public_acls,
            block.restrict_public_buckets,
        ];
        assert_eq!(all, [Some(true); 4], "{}", world.name);
        let tags = block_on(s3.get_bucket_tagging().bucket(&bucket).customize().config_override(ireland()).send())
            .expect("tags")
            .tag_set;
        assert!(tags.iter().any(|tag| tag.key == "team" && tag.value == "fin ops"), "{}: {tags:?}", world.name);
    });
}

#[test]
fn an_own_bucket_is_adopted_and_its_foreign_statement_stays_as_it_was() {
    on_both(|world| {
        let s3 = world.s3(&world.root(), None);
        block_on(s3.create_bucket().bucket("acme-billing").send()).expect("a bucket");
        let before = format!(r#"{{"Version":"2012-10-17","Statement":[{FOREIGN_STATEMENT}]}}"#);
        block_on(s3.put_bucket_policy().bucket("acme-billing").policy(before).send()).expect("a policy");
        let ran = world.apply(&["--bucket", "acme-billing"]).run().ends(0);
        assert_eq!(ran.steps()[1], "bucket-policy update done", "{}", world.name);
        let policy = block_on(s3.get_bucket_policy().bucket("acme-billing").send()).expect("a policy");
        let after = policy.policy.expect("its text");
        assert!(after.contains(FOREIGN_STATEMENT), "{}, byte for byte: {after}", world.name);
        all_kept(&world.apply(&["--bucket", "acme-billing"]).run().ends(0));
    });
}

#[test]
fn a_role_that_is_not_ours_and_differs_is_refused_and_nothing_is_written() {
    on_both(|world| {
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
        let iam = world.iam(&world.root());
        block_on(iam.create_role().role_name(ROLE).assume_role_policy_document(trust).send()).expect("a role");
        world.front.requests();
        let ran = world.apply(&[]).run().ends(5);
        assert!(ran.steps().contains(&"role refuse unchanged".to_owned()), "{}: {:?}", world.name, ran.steps());
        assert_eq!(world.writes(), Vec::<String>::new(), "{}", world.name);
    });
}

#[test]
fn what_was_changed_by_hand_is_mended() {
    on_both(|world| {
        world.apply(&[]).run().ends(0);
        let iam = world.iam(&world.root());
        let policy = format!("arn:aws:iam::{}:policy/FlexeraOptimaAccessPolicy", world.account);
        let wide = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
        // Until the policy is full: a new version then needs room.
        for _ in 0..4 {
            let version = iam.create_policy_version().policy_arn(&policy).policy_document(wide).set_as_default(true);
            block_on(version.send()).expect("a version");
        }
        block_on(iam.detach_role_policy().role_name(ROLE).policy_arn(&policy).send()).expect("detached");
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::451234325714:root"},"Action":"sts:AssumeRole"}]}"#;
        block_on(iam.update_assume_role_policy().role_name(ROLE).policy_document(trust).send()).expect("a trust");
        let broken = world.onboard(&["verify", "--output", "json"]).run().ends(1);
        let failed = checks(&broken, "fail");
        for name in ["policy", "trust", "attachment"] {
            assert!(failed.iter().any(|check| check == name), "{}: {name} in {failed:?}", world.name);
        }
        let mended = world.apply(&[]).run().ends(0);
        assert_eq!(mended.steps()[3..5], ["policy update done", "role update done"], "{}", world.name);
        world.onboard(&["verify"]).run().ends(0);
        all_kept(&world.apply(&[]).run().ends(0));
    });
}

#[test]
fn a_report_on_the_second_page_is_found() {
    let world = Emulated::moto();
    world.apply(&[]).run().ends(0);
    let reports = aws_sdk_costandusagereport::Client::new(&world.aws(&world.root(), None));
    for number in 1..=5 {
        let report = ReportDefinition::builder()
            .report_name(format!("a-{number}"))
            .time_unit(TimeUnit::Daily)
            .format(ReportFormat::Csv)
            .compression(CompressionFormat::Gzip)
            .additional_schema_elements(SchemaElement::Resources)
            .s3_bucket("flexera-optima-123456789012-12345")
            .s3_prefix("other")
            .s3_region(AwsRegion::from("us-east-1"))
            .build()
            .expect("complete");
        block_on(reports.put_report_definition().report_definition(report).send()).expect("one more report");
    }
    all_kept(&world.apply(&[]).run().ends(0));
}
