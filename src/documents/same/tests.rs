//! Pairs of policies that say the same, pairs that do not, and rewritings that must not matter.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn policy(statement: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statement })
}

#[test]
fn the_same_in_other_words() {
    let condition = |c: Value| policy(&json!([{ "Effect": "Allow", "Action": "a:B", "Condition": c }]));
    for (a, b) in [
        (policy(&json!({ "Effect": "Allow" })), policy(&json!([{ "Effect": "Allow", "Sid": "x" }]))),
        (policy(&json!([{ "Action": "s3:GetObject" }])), policy(&json!([{ "Action": ["S3:getobject"] }]))),
        (policy(&json!([{ "Action": ["a:B", "c:D"] }])), policy(&json!([{ "Action": ["c:D", "a:B", "a:b"] }]))),
        (policy(&json!([{ "Resource": "*" }])), policy(&json!([{ "Resource": ["*", "*"] }]))),
        (
            policy(&json!([{ "Action": "a:B" }, { "Action": "c:D" }])),
            policy(&json!([{ "Action": "c:D" }, { "Action": "a:B" }])),
        ),
        (policy(&json!([{ "Principal": { "AWS": "x" } }])), policy(&json!([{ "Principal": { "AWS": ["x"] } }]))),
        (
            condition(json!({ "StringEquals": { "sts:ExternalId": "1" } })),
            condition(json!({ "stringequals": { "STS:externalid": ["1", "1"] } })),
        ),
        (condition(json!({ "Bool": { "k": true } })), condition(json!({ "Bool": { "k": ["true"] } }))),
        (condition(json!({ "NumericEquals": { "k": 7 } })), condition(json!({ "NumericEquals": { "k": "7" } }))),
        (condition(json!({})), policy(&json!([{ "Effect": "Allow", "Action": "a:B" }]))),
        (json!({ "Statement": [] }), json!({ "Version": "2008-10-17", "Id": "x", "Statement": [] })),
    ] {
        assert!(same_policy(&a, &b) && same_policy(&b, &a), "{a}\n{b}");
    }
}

#[test]
fn not_the_same() {
    let condition = |c: Value| policy(&json!([{ "Condition": c }]));
    for (a, b) in [
        (policy(&json!([{ "Effect": "Allow" }])), policy(&json!([{ "Effect": "Deny" }]))),
        (policy(&json!([{ "Resource": "arn:x" }])), policy(&json!([{ "Resource": "arn:X" }]))),
        (policy(&json!([{ "Action": "a" }])), policy(&json!([{ "NotAction": "a" }]))),
        (policy(&json!([{ "Principal": "*" }])), policy(&json!([{ "Principal": { "AWS": "*" } }]))),
        (policy(&json!([{ "Principal": { "AWS": "x" } }])), policy(&json!([{ "Principal": { "Service": "x" } }]))),
        (condition(json!({ "StringEquals": { "k": "v" } })), condition(json!({ "StringEquals": { "k": "V" } }))),
        (condition(json!({ "StringEquals": { "k": "v" } })), condition(json!({ "StringLike": { "k": "v" } }))),
        (condition(json!({ "StringEquals": { "k": [] } })), condition(json!({}))),
        (policy(&json!([{ "Unknown": "a" }])), policy(&json!([{ "Unknown": ["a"] }]))),
        (policy(&json!([])), json!({ "Version": "2008-10-17", "Statement": [] })),
        (policy(&json!([])), json!({ "Version": "2012-10-17", "Statement": [], "More": 1 })),
        (policy(&json!([])), json!("not a policy")),
        (
            policy(&json!([{ "Action": "a" }, { "Action": "b" }])),
            policy(&json!([{ "Action": ["a", "b"] }, { "Action": "b" }])),
        ),
    ] {
        assert!(!same_policy(&a, &b) && !same_policy(&b, &a), "{a}\n{b}");
    }
}

#[test]
fn documents_come_plain_or_encoded() {
    let plain = r#"{"Version":"2012-10-17","Statement":[{"Resource":"a%2Fb+c"}]}"#;
    let encoded = percent_encoding::utf8_percent_encode(plain, percent_encoding::NON_ALPHANUMERIC).to_string();
    assert_eq!(decode(plain).unwrap()["Statement"][0]["Resource"], "a%2Fb+c", "what is plain is not decoded");
    assert_eq!(decode(plain), decode(&encoded));
    assert_eq!(decode(plain), decode(&format!("\n {plain}")));
}

#[test]
fn what_is_no_document_is_said_to_be_none() {
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    for text in ["", "null", "[]", "%5B%5D", "{", "%7B%FF%7D", "\"{}\"", &deep, &" ".repeat(LONGEST + 1)] {
        assert!(decode(text).unwrap_err().starts_with("a policy document "), "{}", text.len());
    }
}

/// A statement with all that the comparison looks into.
fn statement() -> impl Strategy<Value = Value> {
    let words = || prop::collection::vec("[abAB]{1,2}", 1..4);
    let optional = (prop::option::of("[a-c]"), prop::option::of((words(), "[kK]")));
    (prop::sample::select(vec!["Allow", "Deny"]), words(), words(), optional).prop_map(
        |(effect, actions, resources, (sid, condition))| {
            let mut it = json!({ "Effect": effect, "Action": actions, "Resource": resources, "Principal": { "AWS": resources } });
            if let Some(sid) = sid {
                it["Sid"] = sid.into();
            }
            if let Some((values, key)) = condition {
                it["Condition"] = json!({ "StringEquals": { key: values } });
            }
            it
        },
    )
}

fn policies() -> impl Strategy<Value = Value> {
    prop::collection::vec(statement(), 0..4).prop_map(|list| policy(&Value::Array(list)))
}

/// Writes a statement differently without changing what it says; `seed` chooses how.
fn rewrite(statement: &mut Value, seed: usize) {
    let turn = |value: &mut Value| {
        if let Value::Array(list) = value {
            let by = seed % list.len();
            list.rotate_left(by);
            list.push(list[0].clone());
        }
    };
    let bare = |value: &mut Value| {
        if let Some([one]) = value.as_array().map(Vec::as_slice) {
            *value = one.clone();
        }
    };
    let how: &dyn Fn(&mut Value) = if seed.is_multiple_of(2) { &turn } else { &bare };
    for place in ["/Action", "/Resource", "/Principal/AWS", "/Condition/StringEquals/k", "/Condition/StringEquals/K"] {
        statement.pointer_mut(place).into_iter().for_each(how);
    }
    if let Some(Value::String(action)) = statement.pointer_mut("/Action") {
        *action = action.to_uppercase();
    }
    if let Some(keys) = statement.pointer("/Condition/StringEquals").cloned() {
        statement["Condition"] = json!({ "STRINGEQUALS": keys });
    }
    statement["Sid"] = format!("n{seed}").into();
    let mut entries: Vec<(String, Value)> = statement.as_object().unwrap().clone().into_iter().collect();
    entries.reverse();
    *statement = Value::Object(entries.into_iter().collect());
}

proptest! {
    #[test]
    fn reflexive_and_symmetric(a in policies(), b in policies()) {
        prop_assert!(same_policy(&a, &a));
        prop_assert_eq!(same_policy(&a, &b), same_policy(&b, &a));
    }

    #[test]
    fn rewriting_does_not_matter(
        (original, mut shuffled) in policies().prop_flat_map(|p| {
            let statements = p["Statement"].as_array().cloned().unwrap();
            (Just(p), Just(statements).prop_shuffle())
        }),
        seed in 0usize..1000,
    ) {
        shuffled.iter_mut().for_each(|statement| rewrite(statement, seed));
        let mut other = policy(&Value::Array(shuffled.clone()));
        if let [one] = shuffled.as_slice() {
            other["Statement"] = one.clone();
        }
        other["Id"] = "any".into();
        prop_assert!(same_policy(&original, &other), "{}\n{}", original, other);
    }

    #[test]
    fn one_more_action_matters(mut a in policies().prop_filter("a statement", |p| p["Statement"][0].is_object())) {
        let before = a.clone();
        a["Statement"][0]["Action"].as_array_mut().unwrap().push("new:Action".into());
        prop_assert!(!same_policy(&before, &a));
    }

    #[test]
    fn decoding_never_panics(text in any::<String>(), bytes in "[%{}\\[\\]\"0-9A-Fa-f:, ]{0,60}") {
        let _ = (decode(&text), decode(&bytes), decode(&format!("{{{bytes}")));
    }
}
