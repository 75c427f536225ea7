//! What Flexera may do in the payer account: read the bill, and the names of the accounts in it.

use std::fmt::Display;

use serde_json::{Value, json};

use super::arn;
use crate::spec::Onboarding;
use crate::spec::bucket_key::BucketKey;
use crate::spec::names::{Partition, PolicySet};

/// The policy that Flexera asks for, of the generation that `set` names.
pub fn flexera_permissions(set: PolicySet, partition: Partition, bucket: &impl Display) -> Value {
    let (bucket, objects) = (arn::bucket(partition, bucket), arn::objects(partition, bucket));
    match set {
        PolicySet::Optima => optima(&bucket, &objects),
        PolicySet::CloudCost => cloud_cost(&bucket, &objects),
    }
}

/// The same with what reading through the bucket's key needs: `kms:Decrypt` on that key and no other. Flexera comes as
/// a role or user of the key's own account, where IAM decides as soon as the key's policy leaves it to IAM
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>).
pub fn with_decryption(mut policy: Value, key: Option<&BucketKey>) -> Value {
    if let (Some(statement), Some(Value::Array(statements))) = (key.and_then(decryption), policy.get_mut("Statement")) {
        statements.push(statement);
    }
    policy
}

/// An alias is no resource of a policy; the key that has it is named by a condition, and the grant follows the alias as
/// the bucket does (<https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html>).
fn decryption(key: &BucketKey) -> Option<Value> {
    match key {
        BucketKey::AwsManaged | BucketKey::Odd(_) => None,
        BucketKey::Key { arn, .. } => Some(json!({ "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": [arn] })),
        BucketKey::Alias { alias, keys } => Some(json!({
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": [keys],
            "Condition": { "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias } }
        })),
    }
}

/// Flexera's document "AWS Role-Based Onboarding", statement by statement
/// (<https://github.com/flexera-public/rightscale-docs>, `optima/getting_started/bill_connect/aws_rba.html`).
fn optima(bucket: &str, objects: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": [bucket] },
            { "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [objects] },
            { "Effect": "Allow", "Action": ["organizations:Describe*", "organizations:List*"], "Resource": "*" },
            { "Effect": "Allow", "Action": cost_explorer(PolicySet::Optima), "Resource": "*" }
        ]
    })
}

/// Flexera's newer template, three reads of Cost Explorer more
/// (<https://github.com/flexera-public/cmp-onboarding>, `FlexeraCloudCostAccessRole.template`).
fn cloud_cost(bucket: &str, objects: &str) -> Value {
    let account_wide =
        [&["organizations:Describe*", "organizations:List*"], cost_explorer(PolicySet::CloudCost)].concat();
    json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Action": account_wide, "Resource": "*" },
            { "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": bucket },
            { "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": objects }
        ]
    })
}

/// The reads of Cost Explorer that each generation asks for.
fn cost_explorer(set: PolicySet) -> &'static [&'static str] {
    const ALL: [&str; 4] = [
        "ce:GetReservationUtilization",
        "ce:GetSavingsPlansUtilizationDetails",
        "ce:GetReservationPurchaseRecommendation",
        "ce:GetSavingsPlansPurchaseRecommendation",
    ];
    match set {
        PolicySet::Optima => &ALL[..1],
        PolicySet::CloudCost => &ALL,
    }
}

/// What Flexera does with the permissions, grouped by the resource it does it to: nothing in it is a pattern, so that IAM
/// can be asked whether each of it is allowed.
pub fn what_flexera_does(onboarding: &Onboarding) -> [(Vec<String>, String); 3] {
    let bucket = arn::bucket(onboarding.partition, &onboarding.bucket);
    let object = format!("{bucket}/{}/{}/any", onboarding.prefix, onboarding.report_name);
    let named = |actions: &[&str]| actions.iter().map(|action| (*action).to_owned()).collect();
    let organization: &[&str] = &["organizations:DescribeOrganization", "organizations:ListAccounts"];
    [
        (named(&["s3:ListBucket", "s3:GetBucketLocation"]), bucket),
        (named(&["s3:GetObject"]), object),
        (named(&[organization, cost_explorer(onboarding.policy_set)].concat()), "*".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{lists, wildcard};
    use crate::spec::names::{BucketName, Parse};
    use crate::steps::samples;

    const OF_THE_DOCUMENT: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "s3:ListBucket",
                "s3:GetBucketLocation"
            ],
            "Resource": [
                "arn:aws:s3:::YOUR_BILLING_BUCKET_NAME_HERE"
            ]
        },
        {
            "Effect": "Allow",
            "Action": [
                "s3:GetObject"
            ],
            "Resource": [
                "arn:aws:s3:::YOUR_BILLING_BUCKET_NAME_HERE/*"
            ]
        },
        {
            "Effect": "Allow",
            "Action": [
                "organizations:Describe*",
                "organizations:List*"
            ],
            "Resource": "*"
        },
        {
            "Effect": "Allow",
            "Action": [
                "ce:GetReservationUtilization"
            ],
            "Resource": "*"
        }
    ]
}"#;

    fn permissions(set: PolicySet, partition: Partition) -> Value {
        flexera_permissions(set, partition, &BucketName::parse("billing-1").unwrap())
    }

    #[test]
    fn optima_is_the_document_letter_by_letter() {
        let expected: Value =
            serde_json::from_str(&OF_THE_DOCUMENT.replace("YOUR_BILLING_BUCKET_NAME_HERE", "billing-1")).unwrap();
        // Text, not value: the order of keys counts too.
        assert_eq!(permissions(PolicySet::Optima, Partition::Aws).to_string(), expected.to_string());
    }

    #[test]
    fn cloud_cost_is_optima_and_three_reads() {
        let policy = permissions(PolicySet::CloudCost, Partition::Aws);
        let actions = |policy: &Value| -> Vec<String> {
            let statements = policy["Statement"].as_array().unwrap().iter();
            statements.flat_map(|s| s["Action"].as_array().unwrap()).map(|a| a.as_str().unwrap().to_owned()).collect()
        };
        let optima = actions(&permissions(PolicySet::Optima, Partition::Aws));
        let more: Vec<String> = actions(&policy).into_iter().filter(|a| !optima.contains(a)).collect();
        assert_eq!(more.len(), 3, "{more:?}");
        assert!(optima.iter().all(|a| actions(&policy).contains(a)));
        assert!(more.iter().all(|a| a.starts_with("ce:Get")), "reads only: {more:?}");
    }

    #[test]
    fn all_that_flexera_does_is_allowed() {
        for set in PolicySet::WORDS {
            let one = samples::onboarding(&[("policy_set", set)]);
            let policy = flexera_permissions(one.policy_set, one.partition, &one.bucket);
            let statements = policy["Statement"].as_array().unwrap();
            let allows = |action: &str, resource: &str| {
                let has = |statement: &Value, key: &str, text: &str| {
                    let patterns = lists::scalars(&statement[key]).unwrap();
                    patterns.iter().any(|pattern| wildcard::matches(pattern, text))
                };
                statements.iter().any(|one| has(one, "Action", action) && has(one, "Resource", resource))
            };
            for (actions, resource) in what_flexera_does(&one) {
                actions.iter().for_each(|action| assert!(allows(action, &resource), "{set}: {action} on {resource}"));
            }
        }
    }

    #[test]
    fn decryption_is_on_one_key_and_nothing_else() {
        let plain = permissions(PolicySet::Optima, Partition::Aws);
        let arn = "arn:aws:kms:us-east-1:123456789012:key/k".to_owned();
        let alias =
            BucketKey::Alias { alias: "alias/a".into(), keys: "arn:aws:kms:us-east-1:123456789012:key/*".into() };
        let added = |key: &BucketKey| {
            let policy = with_decryption(plain.clone(), Some(key));
            let statements = policy["Statement"].as_array().unwrap().clone();
            assert_eq!(statements[..4], plain["Statement"].as_array().unwrap()[..4], "the rest stays");
            statements[4..].to_vec()
        };
        let [exact] = added(&BucketKey::Key { arn: arn.clone(), qualified: true }).try_into().unwrap();
        assert_eq!((&exact["Action"], &exact["Resource"]), (&json!(["kms:Decrypt"]), &json!([arn])));
        let [by_alias] = added(&alias).try_into().unwrap();
        assert_eq!(by_alias["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"], "alias/a");
        assert!(added(&BucketKey::AwsManaged).is_empty() && added(&BucketKey::Odd("*".into())).is_empty());
    }

    #[test]
    fn arns_have_the_partition() {
        for set in PolicySet::ALL {
            let text = permissions(*set, Partition::AwsCn).to_string();
            assert!(text.contains("arn:aws-cn:s3:::billing-1/*") && !text.contains("arn:aws:"), "{text}");
        }
    }
}
