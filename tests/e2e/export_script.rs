//! The exported script for the AWS CLI, run: what it makes is what `apply` makes.

use std::path::Path;

use optima_onboard::sandbox::Options;
use optima_onboard::spec::names::Partition;
use serde_json::Value;

use crate::export::ODD;
use crate::support::world::block_on;
use crate::support::{Emulated, Onboard, World, tools};

/// Writes the script and runs it; what it printed, and the folder for what comes after.
struct Script {
    folder: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Script {
    fn export(answers: &[&str], environment: Vec<(&'static str, String)>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let text = Onboard::new(&["export", "aws-cli"]).args(answers).run().ends(0).stdout;
        std::fs::write(folder.path().join("onboard.sh"), text).expect("a file");
        Self { folder, environment }
    }

    fn home(&self) -> &Path {
        self.folder.path()
    }

    fn output(&self) -> std::process::Output {
        tools::bash(self.home(), &self.environment).arg("onboard.sh").output().expect("bash runs")
    }

    /// The last command that it printed.
    #[track_caller]
    fn run(&self) -> String {
        tools::done(self.output()).lines().last().expect("it says what comes next").to_owned()
    }
}

/// Documents are compared by what they say, not by their white space.
fn parsed(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('{') => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        Value::Array(items) => items.iter().map(parsed).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), parsed(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_script_leaves_the_account_as_apply_does_and_its_last_line_finishes_the_job() {
    let answers = ["--org-id", "12345", "--bucket-region", "eu-west-1", "--tag", "team=fin ops"];
    let world = World::new();
    let script = Script::export(&answers, world.environment());
    let finish = script.run();
    let pending = world.onboard(&["plan", "-o", "json", "--detailed-exitcode"]).args(&answers).run().ends(3);
    let (last, rest) = pending.steps().split_last().map(|(last, rest)| (last.clone(), rest.to_vec())).expect("steps");
    assert_eq!(last, "bill-connect create");
    assert!(rest.iter().all(|step| step.ends_with(" keep")), "{rest:?}");

    let made = world.state();
    script.run();
    assert_eq!(world.state(), made, "a second run changes nothing");

    tools::done(tools::bash(script.home(), &world.environment()).args(["-c", &finish]).output().expect("bash runs"));
    world.onboard(&["plan", "--detailed-exitcode"]).args(&answers).run().ends(0);

    let applied = World::new();
    applied.apply(&answers).run().ends(0);
    assert_eq!(parsed(&world.state()), parsed(&applied.state()));
}

#[test]
fn what_is_kept_and_says_something_else_is_told() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let made = world.state();
    let told = |answers: &[&str]| {
        let output = Script::export(&[&["--org-id", "12345"], answers].concat(), world.environment()).output();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        assert_eq!(world.state(), made, "it stays as it is");
        said.matches("warning: ").count()
    };
    assert_eq!(told(&[]), 0, "what apply made says the same");
    assert_eq!(
        told(&["--policy-set", "cloud-cost", "--external-id", "another"]),
        2,
        "the policy, and whom the role trusts"
    );
}

#[test]
fn a_user_by_the_script_gets_its_key_from_apply() {
    let answers = ["--org-id", "12345", "--access", "user", "--api", "flexera-one"];
    let world = World::new();
    let script = Script::export(&answers, world.environment());
    let finish = format!("{} --yes", script.run());
    tools::done(tools::bash(script.home(), &world.environment()).args(["-c", &finish]).output().expect("bash runs"));
    world.onboard(&["plan", "--detailed-exitcode"]).args(&answers).run().ends(0);
}

#[test]
fn the_way_through_china_is_finished_by_the_command_that_the_script_prints() {
    let answers = ["--org-id", "12345", "--access", "user", "--api", "flexera-one", "--bucket-region", "cn-north-1"];
    let world = World::with(|options| Options { partition: Partition::AwsCn, ..options });
    let nowhere = |environment: Vec<(&'static str, String)>| -> Vec<(&'static str, String)> {
        environment.into_iter().filter(|(name, _)| *name != "AWS_REGION").collect()
    };
    let script = Script::export(&answers, nowhere(world.environment()));
    let finish = format!("{} --yes", script.run());
    let environment = nowhere(world.environment());
    tools::done(tools::bash(script.home(), &environment).args(["-c", &finish]).output().expect("bash runs"));
    let again = world.onboard(&["plan", "--detailed-exitcode"]).without("AWS_REGION").args(&answers);
    again.args(&["--region", "cn-north-1"]).run().ends(0);
}

#[test]
fn the_script_writes_over_nothing() {
    let world = World::new();
    let s3 = world.s3(&world.aws());
    block_on(s3.create_bucket().bucket("acme-billing").send()).expect("a bucket");
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-billing/*"}]}"#;
    block_on(s3.put_bucket_policy().bucket("acme-billing").policy(policy).send()).expect("a policy");
    let before = world.state();
    world.requests();
    let script = Script::export(&["--org-id", "12345", "--bucket", "acme-billing"], world.environment());
    let output = script.output();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("has another policy") && said.contains("OptimaOnboardBillingDelivery"), "{said}");
    assert_eq!(world.state(), before);

    // A read that is refused says nothing about what is there: least of all that nothing is.
    let asked: Vec<String> = world.requests().iter().map(|request| request.action.clone()).collect();
    for name in ["HeadBucket", "GetBucketPolicy"] {
        let number = asked.iter().position(|action| action == name).unwrap_or_else(|| panic!("{name} in {asked:?}"));
        world.fail_at(number + 1, "access-denied");
        let output = script.output();
        assert!(!output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(world.state(), before, "{name}");
        world.requests();
    }
}

#[test]
fn odd_names_get_through_the_script_on_a_server_of_other_people() {
    let world = Emulated::ministack();
    let (id, secret) = world.root();
    let environment = vec![
        ("AWS_ENDPOINT_URL", world.front.url()),
        ("AWS_ACCESS_KEY_ID", id),
        ("AWS_SECRET_ACCESS_KEY", secret),
        ("AWS_REGION", "us-east-1".to_owned()),
    ];
    Script::export(ODD, environment).run();
    let planned = world.onboard(&["plan", "--output", "json"]).args(ODD).run().ends(0);
    let kept = ["bucket", "bucket-policy", "report", "policy", "role"].map(|step| format!("{step} keep"));
    assert_eq!(planned.steps()[..5], kept);
}
