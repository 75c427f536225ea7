//! A billing bucket that encrypts with SSE-KMS: what the plan says, what Flexera gets, and what a single step makes of it.

use aws_sdk_s3::types::{
    ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};
use serde_json::Value;

use crate::support::World;
use crate::support::world::block_on;

const BUCKET: &str = "acme-billing";
const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const POLICY: &str = "arn:aws:iam::111122223333:policy/FlexeraOptimaAccessPolicy";

fn encrypt(world: &World, key: Option<&str>) {
    let algorithm = if key.is_some() { ServerSideEncryption::AwsKms } else { ServerSideEncryption::Aes256 };
    let default = ServerSideEncryptionByDefault::builder().sse_algorithm(algorithm);
    let default = default.set_kms_master_key_id(key.map(str::to_owned)).build().expect("complete");
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(default).build();
    let all = ServerSideEncryptionConfiguration::builder().rules(rule).build().expect("complete");
    let s3 = world.s3(&world.aws());
    let put = s3.put_bucket_encryption().bucket(BUCKET).server_side_encryption_configuration(all);
    block_on(put.send()).expect("encrypted");
}

/// A world with a bucket of the account's own that encrypts with this key.
fn world(key: &str) -> World {
    let world = World::new();
    block_on(world.s3(&world.aws()).create_bucket().bucket(BUCKET).send()).expect("a bucket");
    encrypt(&world, Some(key));
    world
}

fn statements(world: &World) -> Vec<Value> {
    let policy = world.state()["policies"][POLICY].clone();
    let versions = policy["versions"].as_array().expect("versions");
    let default = versions.iter().find(|version| version["id"] == policy["default"]).expect("a default");
    let document: Value = serde_json::from_str(default["document"].as_str().expect("text")).expect("JSON");
    document["Statement"].as_array().expect("statements").clone()
}

#[test]
fn the_plan_says_what_it_means_and_flexera_gets_the_key_and_no_other() {
    let world = world(KEY);
    let words = ["--bucket", BUCKET, "--api", "flexera-one"];
    let ran = world.apply(&words).run().ends(0);
    assert_eq!(ran.json()["bill_connect"]["validated"], true);
    let said: Vec<Value> = ran.json()["steps"][0]["warnings"].as_array().expect("warnings").clone();
    let said = said.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n");
    for part in [
        "kms:Decrypt to arn:aws:iam::111122223333:role/FlexeraOptimaAccessRole",
        "kms:GenerateDataKey and kms:Decrypt to the service billingreports.amazonaws.com",
        "aws:SourceAccount 111122223333",
        "aws:SourceArn arn:aws:cur:us-east-1:111122223333:definition/*",
    ] {
        assert!(said.contains(part), "{part} missing in:\n{said}");
    }
    let decrypts: Vec<Value> = statements(&world).into_iter().filter(|s| s.to_string().contains("kms:")).collect();
    assert_eq!(decrypts.len(), 1);
    assert_eq!((&decrypts[0]["Action"][0], &decrypts[0]["Resource"][0]), (&"kms:Decrypt".into(), &KEY.into()));
    let verified = world.onboard(&["verify", "--output", "json"]).args(&words).run().ends(0).json();
    let check =
        |name: &str| verified["checks"].as_array().expect("checks").iter().find(|c| c["check"] == name).cloned();
    assert_eq!(check("policy").expect("a check")["status"], "pass");
    assert_eq!(check("bucket-encryption").expect("a check")["status"], "warn");
    assert!(
        check("simulation").expect("a check")["message"].as_str().is_some_and(|text| text.contains("all 7 actions"))
    );
}

#[test]
fn the_policy_follows_the_buckets_key() {
    let world = world(KEY);
    let words = ["--bucket", BUCKET, "--api", "flexera-one"];
    world.apply(&words).run().ends(0);
    let other = KEY.replace("1234abcd", "9999abcd");
    encrypt(&world, Some(&other));
    let changed = world.apply(&words).run().ends(0);
    assert!(changed.steps().contains(&"policy update done".to_owned()), "{:?}", changed.steps());
    assert!(statements(&world).iter().any(|s| s["Resource"][0] == other.as_str()));
    encrypt(&world, None);
    world.apply(&words).run().ends(0);
    assert!(statements(&world).iter().all(|s| !s.to_string().contains("kms:")), "{:?}", statements(&world));
}

#[test]
fn the_policys_own_step_knows_the_key_as_well() {
    let world = world("alias/billing");
    let step =
        |words: &[&str]| world.onboard(words).args(&["--bucket", BUCKET, "--yes", "--output", "json"]).run().ends(0);
    assert_eq!(step(&["policy"]).steps(), ["policy create done"]);
    let decrypt = statements(&world).pop().expect("the last one");
    assert_eq!(decrypt["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"], "alias/billing");
    assert_eq!(step(&["policy"]).steps(), ["policy keep unchanged"]);
    assert_eq!(step(&["role"]).steps(), ["policy keep unchanged", "role create done"]);
}

#[test]
fn a_name_that_would_open_every_key_opens_none() {
    let world = world("*");
    // Flexera cannot read then, which the run waits for no longer than it is told to.
    world.apply(&["--bucket", BUCKET, "--timeout", "1"]).run().ends(8);
    assert!(statements(&world).iter().all(|s| !s.to_string().contains("kms:")), "{:?}", statements(&world));
}
