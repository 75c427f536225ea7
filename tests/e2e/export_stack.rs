//! The exported template, deployed on a server of other people: a role, a policy and a bucket policy that say what those
//! of `apply` say, which `apply` then adopts; and the commands of the StackSet.

use aws_sdk_cloudformation::types::Capability;
use aws_sdk_costandusagereport::types::{
    AwsRegion, CompressionFormat, ReportDefinition, ReportFormat, ReportVersioning, SchemaElement, TimeUnit,
};
use serde_json::Value;

use crate::support::run::Ran;
use crate::support::world::block_on;
use crate::support::{Emulated, Onboard, tools};

const BUCKET: &str = "flexera-optima-111122223333-12345";
const ROLE: &str = "FlexeraOptimaAccessRole";

#[track_caller]
fn export(words: &[&str], answers: &[&str]) -> Ran {
    Onboard::new(&["export"]).args(words).args(answers).run().ends(0)
}

fn stacks(world: &Emulated, region: &'static str) -> aws_sdk_cloudformation::Client {
    let config = world.aws(&world.root(), None);
    let region = aws_sdk_cloudformation::config::Region::new(region);
    aws_sdk_cloudformation::Client::from_conf(
        aws_sdk_cloudformation::config::Builder::from(&config).region(region).build(),
    )
}

/// Creates the stack and waits until it stands.
fn deploy(world: &Emulated, region: &'static str, template: &str) {
    let client = stacks(world, region);
    let create = client.create_stack().stack_name("flexera-optima").template_body(template);
    block_on(create.capabilities(Capability::CapabilityNamedIam).send()).expect("a stack");
    let start = std::time::Instant::now();
    loop {
        let answer = block_on(client.describe_stacks().stack_name("flexera-optima").send()).expect("a stack");
        let stack = &answer.stacks()[0];
        match stack.stack_status().map(|status| status.as_str()) {
            Some("CREATE_COMPLETE") => return,
            Some("CREATE_IN_PROGRESS") => {}
            other => panic!("{other:?}: {:?}", stack.stack_status_reason()),
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(120), "the stack does not stand");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// The server's CloudFormation does not know the report's type: its properties go to the report service itself.
fn put_report(world: &Emulated, template: &Value) {
    let properties = &template["Resources"]["BillingReport"]["Properties"];
    let text = |name: &str| properties[name].as_str().unwrap_or_else(|| panic!("{name} is a text")).to_owned();
    assert_eq!(properties["S3Bucket"]["Fn::Sub"], "flexera-optima-${AWS::AccountId}-${OrgId}");
    let report = ReportDefinition::builder()
        .report_name(text("ReportName"))
        .time_unit(TimeUnit::from(text("TimeUnit").as_str()))
        .format(ReportFormat::from(text("Format").as_str()))
        .compression(CompressionFormat::from(text("Compression").as_str()))
        .additional_schema_elements(SchemaElement::from(
            properties["AdditionalSchemaElements"][0].as_str().expect("a text"),
        ))
        .s3_bucket(BUCKET)
        .s3_prefix(text("S3Prefix"))
        .s3_region(AwsRegion::from(text("S3Region").as_str()))
        .refresh_closed_reports(properties["RefreshClosedReports"] == true)
        .report_versioning(ReportVersioning::from(text("ReportVersioning").as_str()))
        .build()
        .expect("complete");
    let reports = aws_sdk_costandusagereport::Client::new(&world.behind_the_front());
    block_on(reports.put_report_definition().report_definition(report).send()).expect("a report");
}

/// The documents that AWS's side holds: trust, permissions, bucket policy.
fn documents(world: &Emulated, region: &'static str) -> [Value; 3] {
    let (iam, s3) = (world.iam(&world.root()), world.s3(&world.root(), None));
    let plain = |text: &str| {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned();
        serde_json::from_str::<Value>(&decoded).expect("JSON")
    };
    let role = block_on(iam.get_role().role_name(ROLE).send()).expect("a role").role.expect("its settings");
    let arn = format!("arn:aws:iam::{}:policy/FlexeraOptimaAccessPolicy", world.account);
    let version = block_on(iam.get_policy_version().policy_arn(arn).version_id("v1").send()).expect("a policy");
    let place = aws_sdk_s3::config::Config::builder().region(aws_sdk_s3::config::Region::new(region));
    let policy = s3.get_bucket_policy().bucket(BUCKET).customize().config_override(place);
    let policy = block_on(policy.send()).expect("a bucket policy").policy.expect("its text");
    [
        plain(&role.assume_role_policy_document.expect("a trust")),
        plain(&version.policy_version.and_then(|version| version.document).expect("a document")),
        plain(&policy),
    ]
}

#[track_caller]
fn adopted(planned: &Ran) {
    let document = planned.json();
    for step in document["steps"].as_array().expect("steps").iter().filter(|step| step["step"] != "bill-connect") {
        assert_eq!(step["change"], "keep", "{step}");
        let reason = step["reason"].as_str().unwrap_or_default();
        assert!(reason.contains("adopted") || step["step"] == "bucket-policy", "{step}");
    }
}

#[test]
fn a_stack_is_adopted_finished_by_its_name_and_left_alone() {
    let answers = ["--org-id", "12345", "--bucket-region", "eu-west-1", "--tag", "team=fin ops"];
    let world = Emulated::ministack();
    deploy(&world, "eu-west-1", &export(&["cloudformation"], &answers).stdout);
    put_report(&world, &export(&["cloudformation", "--report-only", "-o", "json"], &answers).json());

    let planned = world.onboard(&["plan", "--output", "json"]).args(&answers).run().ends(0);
    adopted(&planned);
    assert_eq!(planned.json()["summary"], serde_json::json!({ "create": 1, "update": 0, "keep": 5, "refuse": 0 }));
    world.writes();
    let created = ["bill-connect", "create", "--from-stack", "flexera-optima", "--region", "eu-west-1"];
    world.onboard(&created).run().ends(0);
    world.onboard(&["plan", "--detailed-exitcode"]).args(&answers).run().ends(0);
    assert_eq!(world.apply(&answers).run().ends(0).json()["summary"]["keep"], 6);
    assert_eq!(world.writes(), Vec::<String>::new(), "what is the stack's is not written to");

    let by_apply = Emulated::ministack();
    by_apply.apply(&answers).run().ends(0);
    assert_eq!(documents(&world, "eu-west-1"), documents(&by_apply, "eu-west-1"));
}

#[test]
fn the_one_template_stands_in_one_stack_and_so_does_a_users() {
    for answers in [&["--org-id", "12345"][..], &["--org-id", "12345", "--access", "user", "--api", "flexera-one"]] {
        let world = Emulated::ministack();
        let mut template = export(&["cloudformation", "--output", "json"], answers).json();
        put_report_after(&world, &mut template);
        let planned = world.onboard(&["plan", "--output", "json"]).args(answers).run().ends(0);
        adopted(&planned);
        match finish_command(&world) {
            Some(command) => world.onboard(&command.split_whitespace().skip(1).collect::<Vec<_>>()).run().ends(0),
            None => world.apply(answers).run().ends(0),
        };
        world.onboard(&["plan", "--detailed-exitcode"]).args(answers).run().ends(0);
    }
}

/// What the stack says finishes the job; a user's stack has none, since the key is made then.
fn finish_command(world: &Emulated) -> Option<String> {
    let answer = block_on(stacks(world, "us-east-1").describe_stacks().stack_name("flexera-optima").send());
    let outputs = answer.expect("a stack").stacks()[0].outputs().to_vec();
    outputs.into_iter().find(|output| output.output_key() == Some("FinishCommand"))?.output_value
}

/// Deploys all but the report, then makes that.
fn put_report_after(world: &Emulated, template: &mut Value) {
    let whole = template.clone();
    template["Resources"].as_object_mut().expect("resources").remove("BillingReport").expect("a report");
    deploy(world, "us-east-1", &template.to_string());
    put_report(world, &whole);
}

#[test]
fn a_stack_that_is_not_there_or_not_ours_is_said_so() {
    let world = Emulated::ministack();
    let absent = world.onboard(&["bill-connect", "create", "--from-stack", "nothing"]).run().ends(1);
    assert!(absent.stderr.contains("there is no stack nothing in us-east-1"), "{}", absent.stderr);
    let other = r#"{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}"#;
    deploy(&world, "us-east-1", other);
    let refused = world.onboard(&["bill-connect", "create", "--from-stack", "flexera-optima"]).run().ends(5);
    assert!(refused.stderr.contains("it has no output RoleArn"), "{}", refused.stderr);
}

#[test]
fn the_commands_of_a_stack_set_are_run_as_written_with_the_accounts_filled_in() {
    let world = Emulated::moto();
    let text = export(&["stackset"], &["--org-id", "12345"]).stdout;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("template.yaml"), &text).expect("a file");
    let commented = text.lines().take_while(|line| line.starts_with('#')).filter_map(|line| line.strip_prefix("#   "));
    let commands: Vec<&str> = commented.filter(|line| !line.starts_with("optima-onboard")).collect();
    assert_eq!(commands.iter().filter(|line| line.starts_with("aws cloudformation ")).count(), 2, "{commands:?}");
    let (id, secret) = world.root();
    let environment =
        [("AWS_ENDPOINT_URL", world.front.url()), ("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret)];
    let filled =
        commands.join("\n").replacen("ACCOUNT_ID", "111122223333", 1).replacen("ACCOUNT_ID", "444455556666", 1);
    let script = format!("set -e\n{filled}\n");
    tools::done(tools::bash(folder.path(), &environment).args(["-c", &script]).output().expect("bash runs"));
    let client = stacks(&world, "us-east-1");
    let instances = block_on(client.list_stack_instances().stack_set_name("flexera-optima").send()).expect("instances");
    let accounts: Vec<_> = instances.summaries().iter().filter_map(|summary| summary.account()).collect();
    assert_eq!(accounts, ["111122223333", "444455556666"]);
}
