//! The onboardings that the matrices disturb: by role and by user, through both generations of the onboarding API, into
//! an empty account and over one in which something has drifted on every resource.

use std::path::Path;
use std::sync::LazyLock;

use aws_sdk_costandusagereport::types::ReportDefinition;

use crate::support::World;
use crate::support::scenario::Scenario;
use crate::support::world::block_on;

const BUCKET: &str = "flexera-optima-111122223333-12345";
const POLICY: &str = "arn:aws:iam::111122223333:policy/FlexeraOptimaAccessPolicy";
const ROLE: &str = "FlexeraOptimaAccessRole";
const USER: &str = "FlexeraOptimaAccessUser";

/// Each way in, by its name and its words.
const WAYS: [(&str, &[&str]); 4] = [
    ("role optima", &[]),
    ("role flexera-one", &["--api", "flexera-one"]),
    ("user optima", &["--access", "user", "--access-key-file", "key"]),
    ("user flexera-one", &["--access", "user", "--api", "flexera-one"]),
];

/// All of them, prepared once.
pub static ALL: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let fresh = WAYS.iter().map(|(name, words)| Scenario::new(&format!("fresh {name}"), &apply(words), |_, _| {}));
    let drifted = WAYS.iter().map(|(name, words)| {
        Scenario::new(&format!("update {name}"), &apply(words), |world, home| {
            // The newer API lets a bill connect be moved.
            let elsewhere: &[&str] = if words.contains(&"flexera-one") { &["--prefix", "elsewhere"] } else { &[] };
            onboarded(world, home, &[words, elsewhere].concat());
            drift(world, words);
        })
    });
    let words = WAYS[3].1;
    let lost = Scenario::new("key lost, user flexera-one", &apply(words), |world, home| {
        onboarded(world, home, words);
        lose_the_key(world);
    });
    fresh.chain(drifted).chain([lost]).collect()
});

fn apply(words: &[&'static str]) -> Vec<&'static str> {
    let common = ["apply", "--yes", "--receipt", "receipt.json"];
    common.iter().chain(words).copied().collect()
}

fn onboarded(world: &World, home: &Path, words: &[&str]) {
    let ran = world.apply(words).at_home(home).run();
    assert!(matches!(ran.code, 0 | 8), "{}", ran.stdout);
}

/// Something on every resource that a run may mend.
fn drift(world: &World, words: &[&str]) {
    let config = world.aws();
    block_on(async {
        let reports = aws_sdk_costandusagereport::Client::new(&config);
        let all = reports.describe_report_definitions().send().await.expect("reports").report_definitions;
        let mut report: ReportDefinition = all.and_then(|all| all.into_iter().next()).expect("one report");
        report.refresh_closed_reports = Some(false);
        let name = report.report_name.clone();
        reports.modify_report_definition().report_name(name).report_definition(report).send().await.expect("changed");
        // After the report: AWS billing checks the policy when one is changed.
        let s3 = world.s3(&config);
        s3.delete_public_access_block().bucket(BUCKET).send().await.expect("opened");
        s3.delete_bucket_policy().bucket(BUCKET).send().await.expect("emptied");
    });
    block_on(drift_in_iam(&aws_sdk_iam::Client::new(&config), words.contains(&"user")));
}

/// Five versions, the last of them not ours to give, and nothing attached; the role trusts nobody any more.
async fn drift_in_iam(iam: &aws_sdk_iam::Client, by_user: bool) {
    let nothing = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
    for _ in 0..4 {
        let version = iam.create_policy_version().policy_arn(POLICY).policy_document(nothing).set_as_default(true);
        version.send().await.expect("a version");
    }
    if by_user {
        iam.detach_user_policy().user_name(USER).policy_arn(POLICY).send().await.expect("detached");
        return;
    }
    iam.detach_role_policy().role_name(ROLE).policy_arn(POLICY).send().await.expect("detached");
    let nobody =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#;
    iam.update_assume_role_policy().role_name(ROLE).policy_document(nobody).send().await.expect("a trust");
}

/// The bill connect keeps a key that is no more.
fn lose_the_key(world: &World) {
    let iam = aws_sdk_iam::Client::new(&world.aws());
    block_on(async {
        for key in iam.list_access_keys().user_name(USER).send().await.expect("keys").access_key_metadata {
            let id = key.access_key_id.expect("an id");
            iam.delete_access_key().user_name(USER).access_key_id(id).send().await.expect("deleted");
        }
    });
}
