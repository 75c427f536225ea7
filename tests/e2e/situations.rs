//! What may already be in an account: adopted, mended or refused, and what is foreign stays as it was.

use aws_sdk_costandusagereport::types::{
    AwsRegion, CompressionFormat, ReportDefinition, ReportFormat, SchemaElement, TimeUnit,
};
use optima_onboard::sandbox::AccountKind;
use serde_json::Value;

use crate::support::World;
use crate::support::world::block_on;

const FOREIGN_STATEMENT: &str = r#"{"Sid":"Auditors","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::acme-billing/*"}"#;

fn bucket(world: &World, name: &str) -> aws_sdk_s3::Client {
    let s3 = world.s3(&world.aws());
    block_on(s3.create_bucket().bucket(name).send()).expect("a bucket of the account's own");
    s3
}

#[test]
fn somebody_elses_bucket_is_refused() {
    let world = World::new();
    let ran = world.apply(&["--bucket", "taken-by-others"]).run().ends(5);
    assert!(ran.steps().contains(&"bucket refuse unchanged".to_owned()), "{:?}", ran.steps());
    assert!(ran.json()["error"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("--bucket")));
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn names_that_are_somebody_elses_are_refused_with_a_whole_command_that_has_others() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let stderr = world.onboard(&["apply", "--yes", "--org-id", "777"]).run().ends(5).stderr;
    let mut said = stderr.lines().skip_while(|line| line.trim() != "for example:").skip(1);
    let command = said.next().unwrap_or_else(|| panic!("no command in:\n{stderr}")).trim();
    for part in ["--report-name flexera-optima-777", "--policy-name FlexeraOptimaAccessPolicy-777"] {
        assert!(command.contains(part), "{part} missing in {command}");
    }
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    world.onboard(&words).args(&["--yes"]).run().ends(0);
    // Another name is no way out of a bill connect that differs.
    let stderr = world.onboard(&["apply", "--yes", "--prefix", "elsewhere"]).run().ends(5).stderr;
    assert!(!stderr.contains("for example:"), "{stderr}");
}

#[test]
fn an_own_bucket_is_adopted_and_its_foreign_statements_stay() {
    let world = World::new();
    let s3 = bucket(&world, "acme-billing");
    let before = format!(r#"{{"Version":"2012-10-17","Statement":[{FOREIGN_STATEMENT}]}}"#);
    block_on(s3.put_bucket_policy().bucket("acme-billing").policy(&before).send()).expect("a policy");
    let ran = world.apply(&["--bucket", "acme-billing"]).run().ends(0);
    assert_eq!(ran.steps()[..2], ["bucket keep unchanged", "bucket-policy update done"]);
    let after = block_on(s3.get_bucket_policy().bucket("acme-billing").send()).expect("a policy").policy.expect("text");
    assert!(after.contains(FOREIGN_STATEMENT), "byte for byte: {after}");
    let tags = block_on(s3.get_bucket_tagging().bucket("acme-billing").send());
    assert!(tags.is_err(), "an adopted bucket is not marked as ours");
    let second = world.apply(&["--bucket", "acme-billing"]).run().ends(0);
    assert!(second.steps().iter().all(|step| step.ends_with("keep unchanged")), "{:?}", second.steps());
}

#[test]
fn a_bucket_is_used_where_it_is_or_the_region_is_named() {
    let world = World::new();
    let s3 = aws_sdk_s3::Client::from_conf(
        aws_sdk_s3::config::Builder::from(&world.aws())
            .region(aws_sdk_s3::config::Region::new("eu-west-1"))
            .force_path_style(true)
            .build(),
    );
    let place = aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint("eu-west-1".into()).build();
    block_on(s3.create_bucket().bucket("acme-in-ireland").create_bucket_configuration(place).send())
        .expect("a bucket in Ireland");
    world.requests();
    let wrong = world.apply(&["--bucket", "acme-in-ireland", "--bucket-region", "us-west-2"]).run().ends(5);
    assert!(wrong.stdout.contains("--bucket-region eu-west-1"), "{}", wrong.stdout);
    assert_eq!(world.writes(), [""; 0]);
    let found = world.apply(&["--bucket", "acme-in-ireland"]).run().ends(0);
    assert_eq!(found.json()["onboarding"]["bucket_region"], "eu-west-1");
}

#[test]
fn a_role_that_is_not_ours_and_differs_is_refused_before_any_write() {
    let world = World::new();
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    block_on(iam.create_role().role_name("FlexeraOptimaAccessRole").assume_role_policy_document(trust).send())
        .expect("a role");
    world.requests();
    let ran = world.apply(&[]).run().ends(5);
    assert!(ran.steps().contains(&"role refuse unchanged".to_owned()));
    assert!(ran.stdout.contains("--role-name"), "{}", ran.stdout);
    assert_eq!(world.writes(), [""; 0]);
    world.apply(&["--role-name", "AnotherName"]).run().ends(0);
}

#[test]
fn what_drifted_on_ours_is_mended() {
    let world = World::new();
    world.apply(&["--api", "flexera-one"]).run().ends(0);
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let wrong = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::451234325714:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"54321"}}}]}"#;
    block_on(iam.update_assume_role_policy().role_name("FlexeraOptimaAccessRole").policy_document(wrong).send())
        .expect("a wrong trust");
    block_on(
        iam.detach_role_policy()
            .role_name("FlexeraOptimaAccessRole")
            .policy_arn("arn:aws:iam::111122223333:policy/FlexeraOptimaAccessPolicy")
            .send(),
    )
    .expect("detached");
    let broken = world.onboard(&["verify", "--api", "flexera-one", "--output", "json"]).run().ends(1).json();
    let failed: Vec<&str> = broken["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter(|check| check["status"] == "fail")
        .filter_map(|check| check["check"].as_str())
        .collect();
    assert!(["trust", "attachment", "simulation", "validation"].iter().all(|name| failed.contains(name)), "{failed:?}");
    let ran = world.apply(&["--api", "flexera-one"]).run().ends(0);
    assert!(ran.steps().contains(&"role update done".to_owned()), "{:?}", ran.steps());
    assert_eq!(ran.json()["bill_connect"]["validated"], true);
}

#[test]
fn a_member_account_is_refused_unless_allowed() {
    let world =
        World::with(|options| optima_onboard::sandbox::Options { account_kind: AccountKind::Member, ..options });
    let ran = world.apply(&[]).run().ends(5);
    assert!(ran.json()["error"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("--allow-member-account")));
    assert_eq!(world.writes(), [""; 0]);
    let allowed = world.apply(&["--allow-member-account"]).run().ends(0);
    assert!(allowed.json()["warnings"][0].as_str().is_some_and(|warning| warning.contains("member account")));
}

#[test]
fn a_standalone_account_is_fine() {
    let world =
        World::with(|options| optima_onboard::sandbox::Options { account_kind: AccountKind::Standalone, ..options });
    world.apply(&[]).run().ends(0);
}

fn report(name: &str, bucket: &str, unit: TimeUnit) -> ReportDefinition {
    ReportDefinition::builder()
        .report_name(name)
        .time_unit(unit)
        .format(ReportFormat::Csv)
        .compression(CompressionFormat::Gzip)
        .additional_schema_elements(SchemaElement::Resources)
        .s3_bucket(bucket)
        .s3_prefix("cur")
        .s3_region(AwsRegion::from("us-east-1"))
        .refresh_closed_reports(true)
        .build()
        .expect("complete")
}

#[test]
fn an_existing_report_is_reused_only_if_it_fits() {
    let world = World::new();
    let s3 = bucket(&world, "acme-billing");
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Sid":"AwsConsole","Effect":"Allow","Principal":{"Service":["billingreports.amazonaws.com","bcm-data-exports.amazonaws.com"]},"Action":["s3:PutObject","s3:GetBucketPolicy"],"Resource":["arn:aws:s3:::acme-billing/*","arn:aws:s3:::acme-billing"],"Condition":{"StringLike":{"aws:SourceAccount":"111122223333","aws:SourceArn":["arn:aws:cur:us-east-1:111122223333:definition/*","arn:aws:bcm-data-exports:us-east-1:111122223333:export/*"]}}}]}"#;
    block_on(s3.put_bucket_policy().bucket("acme-billing").policy(policy).send()).expect("the console's policy");
    let reports = aws_sdk_costandusagereport::Client::new(&world.aws());
    for (name, unit) in [("good", TimeUnit::Hourly), ("daily", TimeUnit::Daily)] {
        block_on(reports.put_report_definition().report_definition(report(name, "acme-billing", unit)).send())
            .expect("a report");
    }
    world.requests();
    let refused = world.apply(&["--reuse-report", "daily"]).run().ends(5);
    assert!(refused.stdout.contains("TimeUnit"), "{}", refused.stdout);
    let unknown = world.apply(&["--reuse-report", "nowhere"]).run().ends(5);
    assert!(unknown.stdout.contains("good"), "it names those there are: {}", unknown.stdout);
    assert_eq!(world.writes(), [""; 0]);
    let ran = world.apply(&["--reuse-report", "good"]).run().ends(0);
    assert_eq!(ran.steps()[..3], ["bucket keep unchanged", "bucket-policy keep unchanged", "report keep unchanged"]);
    let document = ran.json();
    assert_eq!(
        (&document["onboarding"]["bucket"], &document["onboarding"]["prefix"]),
        (&Value::from("acme-billing"), &Value::from("cur"))
    );
}

#[test]
fn single_steps_do_their_part_and_name_what_they_need() {
    let world = World::new();
    let step = |words: &[&str]| world.onboard(words).args(&["--yes", "--output", "json"]).run();
    let early = step(&["report"]).ends(5);
    assert!(early.stdout.contains("optima-onboard bucket"), "{}", early.stdout);
    let early = step(&["role"]).ends(5);
    assert!(early.stdout.contains("optima-onboard policy"), "{}", early.stdout);
    assert_eq!(step(&["bucket"]).ends(0).steps(), ["bucket create done", "bucket-policy create done"]);
    assert_eq!(
        step(&["report"]).ends(0).steps(),
        ["bucket keep unchanged", "bucket-policy keep unchanged", "report create done"]
    );
    assert_eq!(step(&["policy"]).ends(0).steps(), ["policy create done"]);
    assert_eq!(step(&["role"]).ends(0).steps(), ["policy keep unchanged", "role create done"]);
    let rest = world.apply(&[]).run().ends(0);
    assert_eq!(rest.steps().last().map(String::as_str), Some("bill-connect create done"));
    assert_eq!(rest.json()["summary"]["keep"], 5);
}

#[test]
fn a_role_can_be_assumed_first() {
    let world = World::new();
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}"#;
    let everything = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    block_on(async {
        iam.create_role().role_name("Deployer").assume_role_policy_document(trust).send().await.expect("a role");
        iam.create_policy().policy_name("Everything").policy_document(everything).send().await.expect("a policy");
        iam.attach_role_policy()
            .role_name("Deployer")
            .policy_arn("arn:aws:iam::111122223333:policy/Everything")
            .send()
            .await
            .expect("attached");
    });
    world.requests();
    world.apply(&["--assume-role", "arn:aws:iam::111122223333:role/Deployer"]).run().ends(0);
    assert!(world.requests().iter().any(|request| request.name() == "sts AssumeRole"));
    let stranger = world.apply(&["--assume-role", "arn:aws:iam::111122223333:role/Nobody"]).run().ends(4);
    assert!(stranger.stdout.contains("Nobody"), "{}", stranger.stdout);
}

#[test]
fn the_receipt_holds_the_policy_that_was_there() {
    let world = World::new();
    let s3 = bucket(&world, "acme-billing");
    let before = format!(r#"{{"Version":"2012-10-17","Statement":[{FOREIGN_STATEMENT}]}}"#);
    block_on(s3.put_bucket_policy().bucket("acme-billing").policy(&before).send()).expect("a policy");
    let ran = world.apply(&["--bucket", "acme-billing", "--receipt", "receipt.json"]).run().ends(0);
    let receipt: Value =
        serde_json::from_str(&std::fs::read_to_string(ran.home.path().join("receipt.json")).expect("a receipt"))
            .expect("JSON");
    assert_eq!(receipt["bucket_policy_before"], before.as_str());
    assert_eq!(receipt["steps"][0]["outcome"], "unchanged");
    assert!(receipt["ended_at"].is_string());
}

#[test]
fn one_step_asks_for_nothing_that_it_does_not_need_and_claims_nothing_more() {
    let world = World::new();
    let bucket = world.onboard(&["bucket", "--yes"]).without("OPTIMA_REFRESH_TOKEN").run().ends(0);
    assert!(!bucket.stdout.contains("report") && !bucket.stdout.contains("role"), "{}", bucket.stdout);
    world.requests();
    world.onboard(&["policy", "--yes"]).run().ends(0);
    let asked = world.requests();
    assert!(asked.iter().all(|request| request.service != "cur" && request.service != "login"), "{asked:?}");
}

#[test]
fn a_policy_of_the_same_name_under_another_path_is_told_once() {
    let world = World::new();
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let document =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"#;
    let create =
        iam.create_policy().policy_name("FlexeraOptimaAccessPolicy").path("/billing/").policy_document(document);
    block_on(create.send()).expect("a policy under a path");
    let ran = world.apply(&[]).run();
    assert!([1, 5].contains(&ran.code), "{}", ran.stdout);
    assert!(ran.stdout.contains("--policy-name"), "{}", ran.stdout);
}
