//! What somebody else does between the plan and the yes: the run stops, and what they did stays.

use serde_json::Value;

use crate::conversation::CONFIRM;
use crate::support::World;
use crate::support::terminal::{Key, Terminal};
use crate::support::world::block_on;

const BUCKET: &str = "flexera-optima-111122223333-12345";
const THEIRS: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::flexera-optima-111122223333-12345"}]}"#;

/// Runs up to the question, lets `change` happen, says yes; the screen afterwards.
fn with_a_change(world: &World, words: &[&str], change: impl FnOnce()) -> (String, Option<Value>) {
    let words = [&["apply", "--receipt", "receipt.json"], words].concat();
    let mut terminal = Terminal::open(world.onboard(&words), 120, 160);
    terminal.wait_for(CONFIRM);
    change();
    terminal.type_key('y');
    terminal.key(Key::Enter);
    terminal.ends(5);
    let receipt = std::fs::read_to_string(terminal.home.path().join("receipt.json")).expect("a receipt");
    (terminal.text(), serde_json::from_str(&receipt).ok())
}

fn policy_now(world: &World) -> Value {
    world.state()["buckets"][BUCKET]["policy"].clone()
}

#[test]
fn a_policy_that_changed_after_the_plan_stops_the_run_and_the_receipt_has_the_one_before() {
    let world = World::new();
    let s3 = world.s3(&world.aws());
    let before = THEIRS.replace("Theirs", "Before");
    block_on(s3.create_bucket().bucket(BUCKET).send()).expect("a bucket");
    block_on(s3.put_bucket_policy().bucket(BUCKET).policy(&before).send()).expect("a policy");
    let (screen, receipt) = with_a_change(&world, &[], || {
        block_on(s3.put_bucket_policy().bucket(BUCKET).policy(THEIRS).send()).expect("another policy");
    });
    assert!(screen.contains("changed after the plan was made"), "{screen}");
    assert_eq!(policy_now(&world), THEIRS);
    assert_eq!(receipt.expect("JSON")["bucket_policy_before"], before.as_str());
}

#[test]
fn a_bucket_with_a_policy_that_appeared_after_the_plan_is_left_alone_where_s3_says_it_is_new() {
    let world = World::new();
    let s3 = world.s3(&world.aws());
    let (screen, _) = with_a_change(&world, &[], || {
        block_on(s3.create_bucket().bucket(BUCKET).send()).expect("a bucket in us-east-1");
        block_on(s3.put_bucket_policy().bucket(BUCKET).policy(THEIRS).send()).expect("its policy");
    });
    assert!(screen.contains("has appeared since the plan was made"), "{screen}");
    assert_eq!(policy_now(&world), THEIRS);
}

#[test]
fn a_role_that_appeared_after_the_plan_is_left_alone() {
    let world = World::new();
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let (screen, _) = with_a_change(&world, &[], || {
        let create = iam.create_role().role_name("FlexeraOptimaAccessRole").assume_role_policy_document(trust);
        block_on(create.send()).expect("a role");
    });
    assert!(screen.contains("has appeared since the plan was made"), "{screen}");
    let role = world.state()["roles"]["FlexeraOptimaAccessRole"].clone();
    assert_eq!((&role["trust"], &role["attached"]), (&Value::from(trust), &serde_json::json!([])));
}
