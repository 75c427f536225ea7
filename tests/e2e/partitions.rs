//! AWS's other partitions: where there is no way, every command says so in the same words, before anybody is asked.

use serde_json::Value;

use crate::support::{Onboard, World};

const COMMANDS: [&[&str]; 12] = [
    &["plan"],
    &["apply", "--yes"],
    &["verify"],
    &["permissions"],
    &["review"],
    &["destroy", "--yes"],
    &["bucket", "--yes"],
    &["role", "--yes"],
    &["export", "cloudformation"],
    &["export", "stackset"],
    &["export", "terraform"],
    &["export", "aws-cli"],
];

#[test]
fn a_partition_without_a_way_is_refused_in_one_way_by_every_command() {
    let world = World::new();
    world.requests();
    let refusals = [
        ("us-gov-west-1", "AWS GovCloud (US) cannot be connected", "linked commercial payer account"),
        ("cn-north-1", "AWS China can be connected only with an IAM user", "--access user --api flexera-one"),
    ];
    for (region, said, next) in refusals {
        let error = |words: &[&str]| -> Value {
            let ran = world.onboard(words).env("AWS_REGION", region).args(&["--output", "json"]).run().ends(5);
            ran.json()["error"].clone()
        };
        let first = error(COMMANDS[0]);
        let has = |member: &str, part: &str| first[member].as_str().is_some_and(|text| text.contains(part));
        assert!(has("message", said) && has("remedy", next) && first["cause"].is_string(), "{first}");
        for words in COMMANDS {
            assert_eq!(error(words), first, "{words:?}");
        }
    }
    assert!(world.requests().is_empty(), "nobody was asked");
}

#[test]
fn what_needs_no_account_says_it_of_a_region_too() {
    let ran = Onboard::new(&["permissions", "--region", "us-gov-east-1"]).without("AWS_ENDPOINT_URL").run().ends(5);
    assert!(ran.stderr.contains("AWS GovCloud (US) cannot be connected"), "{}", ran.stderr);
    let create = ["bill-connect", "create", "--sandbox", "--region", "us-gov-west-1"];
    let ran = Onboard::new(&create).run().ends(5);
    assert!(ran.stderr.contains("AWS GovCloud (US) cannot be connected"), "{}", ran.stderr);
}

#[test]
fn the_way_through_china_can_be_rehearsed() {
    let words = ["apply", "--sandbox", "--yes", "--access", "user", "--api", "flexera-one", "--region", "cn-north-1"];
    let ran = Onboard::new(&words).args(&["--output", "json"]).run().ends(0).json();
    assert_eq!((&ran["onboarding"]["partition"], &ran["bill_connect"]["validated"]), (&"aws-cn".into(), &true.into()));
}
