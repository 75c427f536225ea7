//! The document's trust letter by letter, trusts that say the same, and trusts that do not, with what is wrong.

use super::TrustFault::*;
use super::*;
use crate::spec::names::Parse;

const ARN: &str = "arn:aws:iam::451234325714:role/production_customer_access";

fn judge(actual: &Value) -> Vec<TrustFault> {
    judge_trust(actual, &PrincipalArn::parse(ARN).unwrap(), &ExternalId::parse("12345").unwrap())
}

fn one(statement: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// The wanted statement with some elements changed; null takes one away.
fn with(change: &Value) -> Value {
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": { "AWS": ARN },
        "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "sts:ExternalId": "12345" } }
    });
    for (key, value) in change.as_object().unwrap() {
        match value {
            Value::Null => drop(statement.as_object_mut().unwrap().shift_remove(key)),
            value => statement[key] = value.clone(),
        }
    }
    one(&statement)
}

#[test]
fn the_document_letter_by_letter() {
    let document = r#"{
   "Version": "2012-10-17",
   "Statement": [
     {
       "Effect": "Allow",
       "Principal": {"AWS": "arn:aws:iam::451234325714:role/production_customer_access"},
       "Action": "sts:AssumeRole",
       "Condition": {
         "StringEquals": {"sts:ExternalId": "<org id>"}
       }
     }
   ]
 }"#;
    let expected: Value = serde_json::from_str(&document.replace("<org id>", "12345")).unwrap();
    let built = trust(&PrincipalArn::parse(ARN).unwrap(), &ExternalId::parse("12345").unwrap());
    assert_eq!(built.to_string(), expected.to_string());
    assert_eq!(judge(&built), []);
}

#[test]
fn the_same_in_other_words() {
    for same in [
        with(&json!({ "Sid": "Flexera", "Principal": { "AWS": [ARN] } })),
        with(&json!({ "Action": ["STS:assumerole", "sts:AssumeRole"] })),
        with(&json!({ "Condition": { "stringEquals": { "STS:externalID": ["12345"] } } })),
        with(&json!({ "Condition": { "StringEquals": { "sts:ExternalId": 12345 } } })),
        json!({ "Id": "x", "Statement": with(&json!({}))["Statement"][0] }),
        json!({ "Statement": [with(&json!({}))["Statement"][0], with(&json!({ "Sid": "again" }))["Statement"][0]] }),
    ] {
        assert_eq!(judge(&same), [], "{same}");
    }
}

#[test]
fn each_fault_by_its_name() {
    let id = |condition: Value| with(&json!({ "Condition": condition }));
    let aws = |who: Value| with(&json!({ "Principal": { "AWS": who } }));
    let other = |who: &str| OtherPrincipal(who.to_owned());
    for (actual, faults) in [
        (json!("text"), vec![NotJson]),
        (json!({}), vec![NotJson]),
        (json!({ "Statement": 1 }), vec![NotJson]),
        (json!({ "Statement": [] }), vec![Other]),
        (aws(json!("AROAEXAMPLEEXAMPLE123")), vec![BrokenPrincipal("AROAEXAMPLEEXAMPLE123".to_owned())]),
        (aws(json!("451234325714")), vec![WholeAccount]),
        (aws(json!(["arn:aws:iam::451234325714:root"])), vec![WholeAccount]),
        (aws(json!("*")), vec![other("*")]),
        (aws(json!([ARN, "111111111111"])), vec![other("111111111111")]),
        (aws(json!([])), vec![Other]),
        (with(&json!({ "Principal": "*" })), vec![other("*")]),
        (
            with(&json!({ "Principal": { "AWS": ARN, "Service": "ec2.amazonaws.com" } })),
            vec![other("ec2.amazonaws.com")],
        ),
        (with(&json!({ "Principal": null })), vec![Other]),
        (with(&json!({ "Condition": null })), vec![NoExternalId]),
        (id(json!({ "StringEqualsIfExists": { "sts:ExternalId": "12345" } })), vec![NoExternalId]),
        (id(json!({ "StringEquals": { "sts:ExternalId": "999" } })), vec![OtherExternalId("999".to_owned())]),
        (
            id(json!({ "StringEquals": { "sts:ExternalId": ["12345", "999"] } })),
            vec![OtherExternalId("999".to_owned())],
        ),
        (id(json!({ "StringLike": { "sts:ExternalId": "*" } })), vec![Other]),
        (
            id(
                json!({ "StringEquals": { "sts:ExternalId": "12345" }, "Bool": { "aws:MultiFactorAuthPresent": true } }),
            ),
            vec![Other],
        ),
        (with(&json!({ "Effect": "Deny" })), vec![Other]),
        (with(&json!({ "Action": "sts:*" })), vec![Other]),
        (with(&json!({ "Action": ["sts:AssumeRole", "sts:TagSession"] })), vec![Other]),
        (with(&json!({ "NotAction": "x" })), vec![Other]),
        (with(&json!({ "Action": "sts:*", "Unknown": 1, "Condition": 5 })), vec![Other]),
    ] {
        assert_eq!(judge(&actual), faults, "{actual}");
    }
}

#[test]
fn another_statement_is_a_fault_and_ours_is_still_judged() {
    let (ours, lambda) = (
        with(&json!({}))["Statement"][0].clone(),
        json!({
            "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole"
        }),
    );
    assert_eq!(judge(&json!({ "Statement": [lambda, ours] })), [MoreStatements]);
    let open = with(&json!({ "Condition": null }))["Statement"][0].clone();
    assert_eq!(judge(&json!({ "Statement": [open, lambda] })), [MoreStatements, NoExternalId]);
}

#[test]
fn a_wanted_root_is_the_bare_account_too() {
    let root = PrincipalArn::parse("arn:aws:iam::451234325714:root").unwrap();
    let id = ExternalId::parse("12345").unwrap();
    let bare = with(&json!({ "Principal": { "AWS": "451234325714" } }));
    assert_eq!(judge_trust(&bare, &root, &id), []);
    assert_eq!(judge_trust(&with(&json!({})), &root, &id), [OtherPrincipal(ARN.to_owned())]);
}

#[test]
fn every_fault_is_a_sentence_about_the_role() {
    let text = || "x".to_owned();
    for fault in [
        NotJson,
        BrokenPrincipal(text()),
        OtherPrincipal(text()),
        WholeAccount,
        NoExternalId,
        OtherExternalId(text()),
        MoreStatements,
        Other,
    ] {
        assert!(fault.to_string().starts_with("the role"), "{fault}");
    }
}

#[test]
fn a_principal_of_flexeras_is_told_as_one_of_another_zone() {
    let told = |who: &str| TrustFault::OtherPrincipal(who.to_owned()).to_string();
    assert!(
        told(flexera_principal(Zone::Eu))
            .ends_with("Flexera's principal of the zone eu, and not the one of these answers")
    );
    assert!(told("arn:aws:iam::999999999999:root").ends_with("which is not Flexera's principal"));
}
