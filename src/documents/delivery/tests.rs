//! Merges one by one, and what must hold for every policy that others may have written.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::spec::names::Parse;

const ACCOUNT: &str = "123456789012";
const REPORTS: &str = "arn:aws:cur:us-east-1:123456789012:definition/*";
const BUCKET: &str = "arn:aws:s3:::billing-1";

fn run(existing: Option<&str>) -> Result<MergeResult, MergeRefusal> {
    let (account, bucket) = (AccountId::parse(ACCOUNT).unwrap(), BucketName::parse("billing-1").unwrap());
    merge(existing, Partition::Aws, &account, &bucket)
}

fn run_on(statements: &Value) -> Result<MergeResult, MergeRefusal> {
    run(Some(&json!({ "Version": "2012-10-17", "Statement": statements }).to_string()))
}

fn ours() -> Vec<Value> {
    delivery_statements(Partition::Aws, &AccountId::parse(ACCOUNT).unwrap(), &BucketName::parse("billing-1").unwrap())
}

fn written(result: &MergeResult) -> (Value, Vec<Value>) {
    match &result.merged {
        Merged::Text { text, added } => {
            (serde_json::from_str(text).unwrap(), added.iter().map(|added| added.statement.clone()).collect())
        }
        Merged::AlreadyThere => panic!("nothing was added"),
    }
}

fn grant(actions: &Value, resources: &Value, condition: &Value) -> Value {
    json!({ "Effect": "Allow", "Principal": { "Service": BILLING_SERVICE }, "Action": actions, "Resource": resources, "Condition": condition })
}

/// AWS's document for reports, with StringEquals as it stands there.
fn of_the_aws_document() -> Value {
    let condition = json!({ "StringEquals": { "aws:SourceArn": REPORTS, "aws:SourceAccount": ACCOUNT } });
    json!([
        grant(&json!(["s3:GetBucketAcl", "s3:GetBucketPolicy"]), &json!(BUCKET), &condition),
        grant(&json!("s3:PutObject"), &json!("arn:aws:s3:::billing-1/*"), &condition),
    ])
}

/// What the billing console writes for reports and exports together.
fn of_the_console() -> Value {
    json!([{
        "Sid": "EnableAWSDataExportsToWriteToS3AndCheckPolicy",
        "Effect": "Allow",
        "Principal": { "Service": [BILLING_SERVICE, "bcm-data-exports.amazonaws.com"] },
        "Action": ["s3:PutObject", "s3:GetBucketPolicy"],
        "Resource": [BUCKET, "arn:aws:s3:::billing-1/*"],
        "Condition": { "StringLike": {
            "aws:SourceAccount": ACCOUNT,
            "aws:SourceArn": [REPORTS, "arn:aws:bcm-data-exports:us-east-1:123456789012:export/*"]
        } }
    }])
}

#[test]
fn a_bucket_without_a_policy_gets_this_one() {
    let condition = json!({ "StringLike": { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": REPORTS } });
    let expected = json!({ "Version": "2012-10-17", "Statement": [
        {
            "Sid": "OptimaOnboardBillingCheck",
            "Effect": "Allow",
            "Principal": { "Service": "billingreports.amazonaws.com" },
            "Action": ["s3:GetBucketAcl", "s3:GetBucketPolicy"],
            "Resource": "arn:aws:s3:::billing-1",
            "Condition": condition
        },
        {
            "Sid": "OptimaOnboardBillingDelivery",
            "Effect": "Allow",
            "Principal": { "Service": "billingreports.amazonaws.com" },
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::billing-1/*",
            "Condition": condition
        }
    ] });
    let result = run(None).unwrap();
    assert_eq!(written(&result), (expected.clone(), expected["Statement"].as_array().unwrap().clone()));
    assert!(result.warnings.is_empty());
}

#[test]
fn china_has_its_own_partition_and_region() {
    let (account, bucket) = (AccountId::parse(ACCOUNT).unwrap(), BucketName::parse("billing-1").unwrap());
    let text = Value::from(delivery_statements(Partition::AwsCn, &account, &bucket)).to_string();
    assert!(text.contains("arn:aws-cn:cur:cn-northwest-1:123456789012:definition/*") && !text.contains("arn:aws:"));
}

#[test]
fn what_grants_the_same_counts() {
    let both = json!([BUCKET, "arn:aws:s3:::billing-1/*"]);
    for there in [
        Value::from(ours()),
        of_the_aws_document(),
        of_the_console(),
        json!(grant(&json!("s3:*"), &both, &json!({}))),
        json!([grant(
            &json!(["S3:put*", "s3:getbucketpolic?"]),
            &json!("arn:aws:s3:::billing*"),
            &json!({ "ArnLike": { "AWS:SOURCEARN": "arn:aws:cur:*:123456789012:definition/*" } })
        )]),
        json!([{ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" }]),
    ] {
        assert_eq!(run_on(&there).unwrap(), MergeResult { merged: Merged::AlreadyThere, warnings: vec![] }, "{there}");
    }
}

#[test]
fn what_grants_less_does_not_count() {
    let both = json!([BUCKET, "arn:aws:s3:::billing-1/*"]);
    let if_equal = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    for less in [
        grant(&json!("s3:*"), &json!([BUCKET, "arn:aws:s3:::billing-1/cur/*"]), &json!({})),
        grant(&json!("s3:Get*"), &both, &json!({})),
        grant(&json!("s3:*"), &both, &if_equal("aws:SourceAccount", "999999999999")),
        grant(&json!("s3:*"), &both, &if_equal("aws:SourceArn", "arn:aws:cur:eu-west-1:123456789012:definition/*")),
        grant(&json!("s3:*"), &both, &if_equal("aws:SourceArn", "arn:aws:cur:us-east-1:123456789012:definition/other")),
        grant(&json!("s3:*"), &both, &if_equal("s3:x-amz-acl", "bucket-owner-full-control")),
        grant(&json!("s3:*"), &both, &json!({ "Unheard": { "aws:SourceAccount": ACCOUNT } })),
        json!({ "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "*", "Resource": "*" }),
        json!({ "Effect": "Allow", "Principal": { "Service": "bcm-data-exports.amazonaws.com" }, "Action": "*", "Resource": "*" }),
    ] {
        let result = run_on(&json!([less])).unwrap();
        let (policy, added) = written(&result);
        assert_eq!(policy["Statement"][0], less);
        assert!(added.iter().any(|s| s["Sid"] == DELIVERY_SID || s["Sid"] == CHECK_SID), "{less}");
    }
}

#[test]
fn only_what_is_missing_is_added() {
    let put = grant(&json!("s3:PutObject"), &json!("arn:aws:s3:::billing-1/*"), &json!({}));
    assert_eq!(written(&run_on(&json!([put])).unwrap()).1, &ours()[..1]);
    let check = grant(&json!("s3:GetBucket*"), &json!(BUCKET), &json!({}));
    assert_eq!(written(&run_on(&json!(check)).unwrap()).1, &ours()[1..]);
}

#[test]
fn ours_that_drifted_is_put_right_in_its_place() {
    let mut drifted = ours();
    drifted[1]["Condition"]["StringLike"]["aws:SourceArn"] = "arn:aws:cur:eu-west-1:123456789012:definition/*".into();
    let foreign =
        json!({ "Sid": "Mine", "Effect": "Allow", "Principal": { "AWS": "1" }, "Action": "s3:Get*", "Resource": "*" });
    let result = run_on(&json!([drifted[1], foreign, drifted[0], drifted[1]])).unwrap();
    let (policy, added) = written(&result);
    assert_eq!(policy["Statement"], json!([ours()[1], foreign, ours()[0]]));
    assert_eq!(added, &ours()[1..]);
    let Merged::Text { added, .. } = &result.merged else { panic!("one was put right") };
    assert_eq!(added[0].was.as_ref(), Some(&drifted[1]), "what was there is shown");
}

#[test]
fn the_rest_of_the_policy_stays_as_it_was() {
    let text = r#"{"Id":"P1","Version":"2008-10-17","Statement":{"Sid":"é","Effect":"Allow","Principal":{"AWS":"1"},"Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":10.50},"Bool":{"x":true}}},"Odd":null}"#;
    let result = run(Some(text)).unwrap();
    let Merged::Text { text: merged, .. } = &result.merged else { panic!("something was added") };
    let (before, after) =
        (text.split("\"Statement\":").next().unwrap(), merged.split("\"Statement\":[").next().unwrap());
    assert_eq!(before, after);
    assert!(
        merged.contains(r#"{"s3:max-keys":10.50},"Bool":{"x":true}"#) && merged.ends_with(r#"],"Odd":null}"#),
        "{merged}"
    );
}

#[test]
fn what_is_no_policy_is_left_alone() {
    for text in ["", "x", "[]", "null", "{}", r#"{"Statement":null}"#, r#"{"Statement":["x"]}"#, r#"{"Statement":"x"}"#]
    {
        let refusal = run(Some(text)).unwrap_err();
        assert!(matches!(refusal, MergeRefusal::NotJson(_) | MergeRefusal::NotAPolicy(_)), "{text}: {refusal}");
        assert!(!refusal.remedy("--bucket").is_empty());
    }
}

#[test]
fn a_policy_that_would_grow_too_large_is_left_alone() {
    let foreign = |n: usize| json!({ "Sid": "a".repeat(n), "Effect": "Allow", "Principal": { "AWS": "1" }, "Action": "s3:Get*", "Resource": "*" });
    let Err(MergeRefusal::TooLarge(bytes)) = run_on(&json!([foreign(20_000)])) else { panic!("too large") };
    let fits = 20_000 - (bytes - 20 * 1024);
    assert!(run_on(&json!([foreign(fits)])).is_ok());
    assert_eq!(run_on(&json!([foreign(fits + 1)])), Err(MergeRefusal::TooLarge(20 * 1024 + 1)));
}

fn deny(change: &Value) -> Value {
    let mut statement = json!({ "Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*" });
    for (key, value) in change.as_object().unwrap() {
        statement.as_object_mut().unwrap().shift_remove(key.strip_prefix("Not").unwrap_or("-"));
        statement[key] = value.clone();
    }
    statement
}

#[test]
fn a_deny_that_hits_the_delivery_is_refused() {
    for hit in [
        json!({}),
        json!({ "Principal": { "AWS": "*" } }),
        json!({ "Principal": { "Service": BILLING_SERVICE }, "Action": "s3:GetBucketAcl" }),
        json!({ "NotPrincipal": { "AWS": "arn:aws:iam::123456789012:root" } }),
        json!({ "NotAction": "s3:GetObject" }),
        json!({ "NotResource": "arn:aws:s3:::other/*" }),
        json!({ "Condition": { "StringNotEquals": { "aws:SourceAccount": "999999999999" } } }),
    ] {
        let refusal = run_on(&json!([ours()[0], ours()[1], deny(&hit)])).unwrap_err();
        assert!(
            matches!(&refusal, MergeRefusal::Denied { statement, .. } if statement == "\"No\""),
            "{hit}: {refusal}"
        );
        assert!(refusal.remedy("--bucket").contains("aws:PrincipalIsAWSService"));
    }
}

#[test]
fn a_deny_that_cannot_hit_is_nothing_to_speak_of() {
    for miss in [
        json!({ "Condition": { "Bool": { "aws:SecureTransport": "false" } } }),
        json!({ "Condition": { "NumericLessThan": { "s3:TlsVersion": "1.2" } } }),
        json!({ "Condition": { "StringNotEquals": { "aws:SourceVpc": "vpc-1" }, "Bool": { "aws:PrincipalIsAWSService": "false" } } }),
        json!({ "Condition": { "StringNotEquals": { "aws:SourceAccount": ACCOUNT } } }),
        json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:user/x" } }),
        json!({ "NotPrincipal": { "Service": BILLING_SERVICE } }),
        json!({ "Action": "s3:DeleteObject*" }),
        json!({ "Resource": "arn:aws:s3:::other/*" }),
    ] {
        assert_eq!(run_on(&json!([deny(&miss)])).unwrap().warnings, [""; 0], "{miss}");
    }
}

#[test]
fn a_deny_that_may_hit_is_a_warning() {
    for may in [
        json!({ "Condition": { "StringNotEquals": { "s3:x-amz-server-side-encryption": "AES256" } } }),
        json!({ "Condition": { "StringNotEquals": { "aws:PrincipalOrgID": "o-1" } } }),
        json!({ "Resource": "arn:aws:s3:::billing-1/private/*" }),
    ] {
        let result = run_on(&json!([deny(&may)])).unwrap();
        assert!(matches!(result.merged, Merged::Text { .. }));
        let [warning] = result.warnings.as_slice() else { panic!("{may}: {:?}", result.warnings) };
        assert!(warning.starts_with("statement \"No\" of the bucket's policy may deny"), "{warning}");
    }
}

/// A statement as others write them: near ours, and far from it.
fn foreign() -> impl Strategy<Value = Value> {
    let one_of = |values: &[Value]| prop::sample::select(values.to_vec());
    let condition = json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT } });
    (
        prop::option::of(prop::sample::select(vec!["Mine", "Yours", CHECK_SID, DELIVERY_SID])),
        one_of(&[json!("Allow"), json!("Allow"), json!("Deny")]),
        one_of(&[json!("*"), json!({ "Service": BILLING_SERVICE }), json!({ "AWS": ["1", "2"] }), json!({ "AWS": "*" })]),
        one_of(&[json!("s3:PutObject"), json!(["s3:Get*"]), json!("s3:GetBucketPolicy"), json!("s3:*"), json!("s3:List*")]),
        one_of(&[json!("*"), json!(BUCKET), json!("arn:aws:s3:::billing-1/*"), json!(["arn:aws:s3:::billing-1/a/*"])]),
        one_of(&[json!({}), condition, json!({ "Bool": { "aws:SecureTransport": false } }), json!({ "NumericEquals": { "k": 1.5 } })]),
    )
        .prop_map(|(sid, effect, principal, action, resource, condition)| {
            let mut it = json!({ "Effect": effect, "Principal": principal, "Action": action, "Resource": resource, "Condition": condition });
            if let Some(sid) = sid {
                it["Sid"] = sid.into();
            }
            it
        })
}

fn is_foreign(statement: &Value) -> bool {
    statement["Sid"] != CHECK_SID && statement["Sid"] != DELIVERY_SID
}

/// The texts of the statements that are not ours: text, so that the order of keys counts.
fn foreign_texts(policy: &Value) -> Vec<String> {
    policy["Statement"].as_array().unwrap().iter().filter(|s| is_foreign(s)).map(Value::to_string).collect()
}

/// A foreign statement as people and tools write it: any spacing, numbers and escapes that have another spelling too.
fn odd_text() -> impl Strategy<Value = String> {
    let space = || prop::sample::select(vec!["", " ", "\n    ", "\t"]);
    let number = prop::sample::select(vec!["1", "1.50", "1e3", "-0.0", "12345678901234567890123", "\"1\""]);
    let text = prop::sample::select(vec!["a", "\\u00e9", "é", "\\/", "\\ud83d\\ude00", "\\u0041"]);
    let effect = prop::sample::select(vec!["Allow", "Deny"]);
    (space(), space(), number, text, effect).prop_map(|(a, b, number, text, effect)| {
        format!(
            r#"{{{a}"Sid"{b}:{a}"S{text}",{b}"Effect":"{effect}","Principal":{{"AWS":"111111111111"}},{a}"Action":"s3:GetObject","Resource":"*",{b}"Condition":{{"NumericEquals":{{"s3:{text}":{a}{number}}}}}{b}}}"#
        )
    })
}

/// One of our statements written differently: `how` chooses the way of each of its places.
fn written_differently(mut statement: Value, how: [bool; 6], sid: Option<&str>) -> Value {
    let [action, resource, principal, values, equals, case] = how;
    match sid {
        Some(sid) => statement["Sid"] = sid.into(),
        None => drop(statement.as_object_mut().unwrap().shift_remove("Sid")),
    }
    let turn = |value: &mut Value, turn: bool| match value {
        _ if !turn => {}
        Value::Array(list) if list.len() == 1 => *value = list[0].clone(),
        Value::Array(list) => list.reverse(),
        one => *one = json!([one.clone()]),
    };
    turn(&mut statement["Action"], action);
    turn(&mut statement["Resource"], resource);
    turn(&mut statement["Principal"]["Service"], principal);
    let mut conditions = statement["Condition"]["StringLike"].clone();
    for value in conditions.as_object_mut().unwrap().values_mut() {
        turn(value, values);
    }
    if case {
        let entries = conditions.as_object().unwrap().iter().rev();
        conditions = entries.map(|(key, value)| (key.to_uppercase(), value.clone())).collect();
    }
    statement["Condition"] = json!({ if equals { "StringEquals" } else { "StringLike" }: conditions });
    statement
}

proptest! {
    #[test]
    fn foreign_statements_keep_every_byte(texts in prop::collection::vec(odd_text(), 1..5), space in "[ \n]{0,3}") {
        let existing = format!(r#"{{{space}"Version":"2012-10-17","Statement":[{space}{}{space}]}}"#, texts.join(","));
        let result = run(Some(&existing)).unwrap();
        let Merged::Text { text, .. } = &result.merged else { panic!("ours is missing there") };
        let expected = format!(r#"{{"Version":"2012-10-17","Statement":[{},"#, texts.join(","));
        prop_assert!(text.starts_with(&expected), "{}\n{}", text, expected);
    }

    #[test]
    fn the_same_written_differently_is_there(
        how in prop::array::uniform2(prop::array::uniform6(any::<bool>())),
        sids in prop::array::uniform2(prop::option::of("[A-Z][a-z]{0,5}")),
        others in prop::collection::vec(odd_text(), 0..3),
        last_first in any::<bool>(),
    ) {
        let [check, deliver] = <[Value; 2]>::try_from(ours()).unwrap();
        let mut list = vec![
            written_differently(check, how[0], sids[0].as_deref()).to_string(),
            written_differently(deliver, how[1], sids[1].as_deref()).to_string(),
        ];
        if last_first {
            list.reverse();
        }
        list.extend(others);
        let existing = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, list.join(","));
        prop_assert_eq!(run(Some(&existing)).unwrap().merged, Merged::AlreadyThere, "{}", existing);
    }

    #[test]
    fn foreign_statements_survive_and_merging_twice_is_merging_once(list in prop::collection::vec(foreign(), 0..6)) {
        let existing = json!({ "Version": "2012-10-17", "Id": "x", "Statement": list });
        let Ok(result) = run(Some(&existing.to_string())) else { return Ok(()) };
        let Merged::Text { text, added } = &result.merged else { return Ok(()) };
        let merged: Value = serde_json::from_str(text).unwrap();
        prop_assert_eq!(foreign_texts(&existing), foreign_texts(&merged));
        prop_assert_eq!(&merged["Id"], &existing["Id"]);
        prop_assert!(added.iter().all(|added| ours().contains(&added.statement)));
        for sid in [CHECK_SID, DELIVERY_SID] {
            let times = merged["Statement"].as_array().unwrap().iter().filter(|s| s["Sid"] == sid).count();
            prop_assert!(times <= 1, "{sid} stands there {times} times");
        }
        let again = run(Some(text)).unwrap();
        prop_assert_eq!(again.merged, Merged::AlreadyThere);
        prop_assert_eq!(again.warnings, result.warnings);
    }

    #[test]
    fn merging_never_panics(text in any::<String>()) {
        let _ = run(Some(&text));
    }
}
