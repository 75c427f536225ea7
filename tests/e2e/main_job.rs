//! The main job, whole: from an empty account to a validated bill connect, and a second run that writes nothing.

use aws_sdk_s3::primitives::ByteStream;
use optima_onboard::sandbox::ACCOUNT_ID;
use serde_json::json;

use crate::support::world::block_on;
use crate::support::{Onboard, World};

const BUCKET: &str = "flexera-optima-111122223333-12345";

#[test]
fn one_command_in_the_sandbox_needs_nothing() {
    let ran = Onboard::new(&["apply", "--sandbox", "--yes"]).run().ends(0);
    assert!(ran.stdout.contains("aws-111122223333"), "{}", ran.stdout);
}

#[test]
fn an_empty_account_ends_with_an_accepted_bill_connect() {
    let world = World::new();
    let ran = world.apply(&[]).run().ends(0);
    assert_eq!(
        ran.steps(),
        [
            "bucket create done",
            "bucket-policy create done",
            "report create done",
            "policy create done",
            "role create done",
            "bill-connect create done"
        ]
    );
    assert_eq!(ran.json()["bill_connect"]["id"], format!("aws-{ACCOUNT_ID}"));
}

#[test]
fn two_runs_in_two_accounts_end_alike_with_one_of_each() {
    let end = |words: &[&str]| {
        let world = World::new();
        world.apply(words).run().ends(0);
        world.state()
    };
    for words in [&[][..], &["--api", "flexera-one", "--access", "user"]] {
        let state = end(words);
        assert_eq!(state, end(words), "{words:?}");
        for kind in ["buckets", "reports", "policies", "bill_connects"] {
            assert_eq!(state[kind].as_object().map(serde_json::Map::len), Some(1), "{kind}: {state:#}");
        }
    }
}

#[test]
fn the_newer_api_validates_what_was_made() {
    let world = World::new();
    let ran = world.apply(&["--api", "flexera-one"]).run().ends(0);
    assert_eq!(ran.json()["bill_connect"]["validated"], true);
}

#[test]
fn a_second_run_writes_nothing() {
    for words in [
        &[][..],
        &["--api", "flexera-one"],
        &["--api", "flexera-one", "--access", "user"],
        &["--bucket-region", "eu-west-1", "--policy-set", "cloud-cost", "--tag", "team=fin"],
    ] {
        let world = World::new();
        world.apply(words).run().ends(0);
        world.requests();
        let second = world.apply(words).run().ends(0);
        assert!(second.steps().iter().all(|step| step.ends_with(" keep unchanged")), "{words:?}: {:?}", second.steps());
        assert_eq!(world.writes(), [""; 0], "{words:?}");
        let plan = world.onboard(&["plan", "--detailed-exitcode"]).args(words).run().ends(0);
        assert!(plan.stdout.contains("Nothing to change."), "{}", plan.stdout);
    }
}

#[test]
fn a_plan_writes_nothing_and_says_that_changes_are_pending() {
    let world = World::new();
    let ran = world.onboard(&["plan", "--detailed-exitcode", "--output", "json"]).run().ends(3);
    assert_eq!(ran.json()["summary"], json!({ "create": 6, "update": 0, "keep": 0, "refuse": 0 }));
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn without_a_yes_nothing_is_written() {
    let world = World::new();
    let ran = world.onboard(&["apply"]).run().ends(2);
    assert!(ran.stderr.contains("add --yes"), "{}", ran.stderr);
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn the_older_request_goes_over_the_wire_as_documented() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let requests = world.requests();
    let post =
        requests.iter().rev().find(|request| request.action.starts_with("POST /api/onboarding")).expect("a creation");
    assert_eq!(post.action, "POST /api/onboarding/orgs/12345/bill_connects/aws/iam_role");
    let expected = json!({
        "aws_bill_account_id": ACCOUNT_ID,
        "aws_bucket_name": BUCKET,
        "aws_bucket_path": "billing",
        "aws_sts_role_arn": "arn:aws:iam::111122223333:role/FlexeraOptimaAccessRole",
    });
    assert_eq!(post.raw["body"], expected, "{}", post.raw);
}

#[test]
fn flexera_gets_in_with_the_external_id_and_cannot_write() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let flexera = aws_sdk_sts::Client::new(&world.flexera(0));
    let role = "arn:aws:iam::111122223333:role/FlexeraOptimaAccessRole";
    let assume = |external_id: Option<&str>| {
        let request = flexera
            .assume_role()
            .role_arn(role)
            .role_session_name("flexera")
            .set_external_id(external_id.map(str::to_owned));
        block_on(request.send()).ok()
    };
    assert!(assume(None).is_none(), "without an external id");
    assert!(assume(Some("54321")).is_none(), "with another organization's");
    let session = assume(Some("12345")).expect("with its own").credentials.expect("credentials");
    let s3 = world.s3(&world.aws_as(&session.access_key_id, &session.secret_access_key, Some(session.session_token)));
    block_on(s3.list_objects_v2().bucket(BUCKET).send()).expect("it can list the bucket");
    let put = s3.put_object().bucket(BUCKET).key("billing/x").body(ByteStream::from_static(b"x"));
    assert!(block_on(put.send()).is_err(), "it cannot write");
    let other_zone = aws_sdk_sts::Client::new(&world.flexera(1));
    let refused =
        block_on(other_zone.assume_role().role_arn(role).role_session_name("flexera").external_id("12345").send());
    assert!(refused.is_err(), "another zone's principal is not trusted");
}

#[test]
fn a_new_bucket_is_private_and_says_who_made_it() {
    let world = World::new();
    world.apply(&["--bucket-region", "eu-central-1", "--tag", "team=fin ops"]).run().ends(0);
    let s3 = world.s3(&world.aws());
    block_on(async {
        let head = s3
            .head_bucket()
            .bucket(BUCKET)
            .customize()
            .config_override(
                aws_sdk_s3::config::Config::builder().region(aws_sdk_s3::config::Region::new("eu-central-1")),
            )
            .send()
            .await
            .expect("it is there");
        assert_eq!(head.bucket_region(), Some("eu-central-1"));
    });
    let checks = world
        .onboard(&["verify", "--bucket-region", "eu-central-1", "--tag", "team=fin ops", "--output", "json"])
        .run()
        .ends(0)
        .json();
    let status = |name: &str| {
        checks["checks"]
            .as_array()
            .expect("checks")
            .iter()
            .find(|check| check["check"] == name)
            .unwrap_or_else(|| panic!("{name} missing"))["status"]
            .clone()
    };
    for name in [
        "bucket",
        "bucket-region",
        "bucket-public-access",
        "bucket-encryption",
        "bucket-policy",
        "report",
        "report-settings",
        "policy",
        "role",
        "trust",
        "attachment",
        "permissions-boundary",
        "simulation",
        "bill-connect",
        "bill-connect-values",
    ] {
        assert_eq!(status(name), "pass", "{name}: {checks:#}");
    }
    assert_eq!(status("report-delivery"), "pending");
}

#[test]
fn without_a_region_the_run_is_in_us_east_1() {
    let world = World::new();
    let ran = world.apply(&[]).without("AWS_REGION").run().ends(0);
    assert_eq!(ran.json()["onboarding"]["bucket_region"], "us-east-1");
}
