//! Operators who may not do all of it: what was denied, on what, by which kind of policy, and who can help.

use serde_json::{Value, json};

use crate::support::World;
use crate::support::world::block_on;

const ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

fn all_but(action: &str) -> String {
    let deny = json!({ "Effect": "Deny", "Action": action, "Resource": "*" });
    ALL.replace("}]", &format!("}},{deny}]"))
}

/// An operator with this policy and, if there is one, this boundary; a run as that operator.
fn run_as(world: &World, policy: &str, boundary: Option<&str>) -> Value {
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let key = block_on(async {
        iam.create_user().user_name("operator").send().await.expect("an operator");
        let put = iam.put_user_policy().user_name("operator").policy_name("Work").policy_document(policy);
        put.send().await.expect("permissions");
        if let Some(document) = boundary {
            let made = iam.create_policy().policy_name("Bounds").policy_document(document).send().await;
            let arn = made.expect("a boundary").policy.and_then(|policy| policy.arn).expect("its ARN");
            let put = iam.put_user_permissions_boundary().user_name("operator").permissions_boundary(arn);
            put.send().await.expect("bounded");
        }
        iam.create_access_key().user_name("operator").send().await.expect("a key").access_key.expect("a key")
    });
    let run = world.apply(&[]).env("AWS_ACCESS_KEY_ID", &key.access_key_id);
    run.env("AWS_SECRET_ACCESS_KEY", &key.secret_access_key).run().ends(4).json()["error"].clone()
}

#[test]
fn a_denial_names_action_resource_layer_and_who_can_help() {
    let nothing_of = |action: &str| ALL.replace(r#""Action":"*""#, &format!(r#""NotAction":"{action}""#));
    for (policy, boundary, layer) in [
        (all_but("iam:CreateRole"), None, "a policy on your own user or role denies it"),
        (nothing_of("iam:CreateRole"), None, "--for destroy) prints the policy"),
        (ALL.to_owned(), Some(all_but("iam:CreateRole")), "permissions boundary denies it"),
        (ALL.to_owned(), Some(nothing_of("iam:CreateRole")), "permissions boundary does not allow it"),
    ] {
        let error = run_as(&World::new(), &policy, boundary.as_deref());
        let role = "AWS denied iam:CreateRole on arn:aws:iam::111122223333:role/FlexeraOptimaAccessRole";
        assert_eq!(error["message"], role, "{error}");
        assert!(error["remedy"].as_str().is_some_and(|remedy| remedy.contains(layer)), "{layer}: {error}");
    }
}

#[test]
fn the_tags_right_that_a_creation_needs_is_named_as_itself() {
    let error = run_as(&World::new(), &all_but("iam:TagPolicy"), None);
    let policy = "AWS denied iam:TagPolicy on arn:aws:iam::111122223333:policy/FlexeraOptimaAccessPolicy";
    assert_eq!(error["message"], policy, "{error}");
}

/// With other names than the default ones the policy of the bare command would be the wrong one.
#[test]
fn what_prints_the_rights_that_are_lacking_is_a_whole_command() {
    let world = World::new();
    let said = |of: &str, words: &[&str]| {
        world.make(&json!([{ "of": of, "kind": "access-denied" }]));
        let ran = world.onboard(words).args(&["--role-name", "Reader", "--output", "json"]).run().ends(4);
        world.clear_faults();
        let remedy = ran.json()["error"]["remedy"].as_str().unwrap_or_default().to_owned();
        let command = remedy.lines().nth(1).unwrap_or_else(|| panic!("no command in: {remedy}")).to_owned();
        let typed: Vec<&str> = command.split(' ').skip(1).collect();
        let policy = world.onboard(&typed).run().ends(0).stdout;
        assert!(policy.contains(":role/Reader"), "{command}: {policy}");
        typed[..3].join(" ")
    };
    assert_eq!(said("iam CreateRole", &["apply", "--yes"]), "permissions --org-id 12345");
    world.apply(&["--role-name", "Reader"]).run().ends(0);
    assert_eq!(said("cur DescribeReportDefinitions", &["plan"]), "permissions --for verify");
    assert_eq!(said("cur DescribeReportDefinitions", &["verify"]), "permissions --for verify");
    assert_eq!(said("iam DeleteRole", &["destroy", "--yes"]), "permissions --for destroy");
}
