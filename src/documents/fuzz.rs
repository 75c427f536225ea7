//! Hostile policy documents: read back from AWS, where anybody with the right to write one may have put them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::conditions::Context;
use super::evaluate::{self, Request};
use super::{Merged, decode, judge_trust, merge, same, same_policy, trust};
use crate::fuzz::{bounded, damaged_json, hostile};
use crate::output::statement;
use crate::spec::names::{AccountId, BucketName, ExternalId, Parse, Partition, PolicySet, PrincipalArn};

const TEXTS: &[&str] = &[
    r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#,
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D",
    r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":["*","1"]},"NotAction":["s3:Get*"],"NotResource":"*"}}"#,
];

fn account() -> AccountId {
    AccountId::parse("123456789012").expect("an account")
}

fn bucket() -> BucketName {
    BucketName::parse("billing-1").expect("a bucket")
}

fn trusted() -> (PrincipalArn, ExternalId) {
    let principal = PrincipalArn::parse("arn:aws:iam::451234325714:role/production_customer_access").expect("an ARN");
    (principal, ExternalId::parse("12345").expect("an id"))
}

/// Ours, Flexera's, and some that people write.
fn policies() -> Vec<Value> {
    let (principal, id) = trusted();
    let delivery = super::delivery_statements(Partition::Aws, &account(), &bucket());
    let tls = json!({ "Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::billing-1/*"],
        "Condition": { "Bool": { "aws:SecureTransport": "false" }, "NumericLessThan": { "s3:TlsVersion": 1.2 } } });
    let odd = json!({ "Effect": "Allow", "NotPrincipal": { "AWS": ["*"] }, "NotAction": "*", "NotResource": "a${b}?*",
        "Condition": { "ForAllValues:ArnNotLikeIfExists": { "aws:SourceArn": ["arn:aws:cur:*:*:*", "x"] } } });
    vec![
        trust(&principal, &id),
        super::flexera_permissions(PolicySet::CloudCost, Partition::Aws, &bucket()),
        json!({ "Version": "2012-10-17", "Statement": delivery }),
        json!({ "Version": "2012-10-17", "Id": "x", "Statement": [tls, odd, delivery[1]] }),
        json!({ "Statement": tls }),
        json!([]),
    ]
}

fn statements(policy: &Value) -> Vec<Value> {
    match policy.get("Statement") {
        Some(Value::Array(list)) => list.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

proptest! {
    #[test]
    fn any_text_is_a_policy_or_is_not(text in hostile(TEXTS)) {
        if let Ok(policy) = bounded(&text, || decode(&text)) {
            judge(&policy)?;
        }
        drop(bounded(&text, || merge(Some(&text), Partition::Aws, &account(), &bucket())));
        drop(bounded(&text, || statement::in_words(&text)));
    }

    #[test]
    fn damaged_policies_are_judged(policy in damaged_json(policies())) {
        judge(&policy)?;
    }

    #[test]
    fn a_merge_keeps_what_is_there_and_is_made_once(policy in damaged_json(policies())) {
        let text = policy.to_string();
        let merged = |text: &str| bounded(&policy, || merge(Some(text), Partition::Aws, &account(), &bucket()));
        let Ok(first) = merged(&text) else { return Ok(()) };
        let Merged::Text { text: after, .. } = first.merged else { return Ok(()) };
        let second = merged(&after).map_err(|refusal| TestCaseError::fail(refusal.reason()))?;
        prop_assert_eq!(second.merged, Merged::AlreadyThere);
        let after: Value = serde_json::from_str(&after).expect("a merge is JSON");
        let is_ours = |statement: &Value| statement["Sid"] == super::delivery::CHECK_SID || statement["Sid"] == super::delivery::DELIVERY_SID;
        let theirs = |policy: &Value| statements(policy).into_iter().filter(|one| !is_ours(one)).collect::<Vec<_>>();
        prop_assert_eq!(theirs(&policy), theirs(&after));
    }

    #[test]
    fn sameness_is_mutual_and_whatever_is_is_itself(a in damaged_json(policies()), b in damaged_json(policies())) {
        prop_assert!(bounded(&a, || same_policy(&a, &a)));
        prop_assert_eq!(bounded(&(&a, &b), || same_policy(&a, &b)), same_policy(&b, &a));
        prop_assert_eq!(same::same_statement(&a, &b), same::same_statement(&b, &a));
    }
}

fn judge(policy: &Value) -> Result<(), TestCaseError> {
    let (principal, id) = trusted();
    let faults = bounded(policy, || judge_trust(policy, &principal, &id));
    drop(bounded(policy, || faults.iter().map(ToString::to_string).collect::<Vec<_>>()));
    let context = Context::new(&[("aws:SourceAccount", "123456789012"), ("aws:SecureTransport", "true")]);
    let request = Request {
        service: "x.amazonaws.com",
        action: "s3:PutObject",
        resource: "arn:aws:s3:::billing-1/*",
        context: &context,
    };
    for statement in statements(policy) {
        bounded(policy, || evaluate::applies(&statement, &request));
    }
    drop(bounded(policy, || statement::in_words(&policy.to_string())));
    // What is the same as the right trust has nothing wrong with it, as far as its statements go.
    if same_policy(policy, &trust(&principal, &id)) {
        prop_assert!(faults.is_empty(), "{:?}", faults);
    }
    Ok(())
}
