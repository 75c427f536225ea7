//! What a test asks of the sandbox itself: its book of requests, faults on order, and an end.

use std::time::Duration;

use aws_sdk_iam as iam;
use optima_onboard::sandbox::Options;
use serde_json::{Value, json};

use crate::hand::{as_admin, get, sandbox, send};

#[tokio::test]
async fn writes_requests_down_and_makes_faults() {
    let sandbox = sandbox(Options::default());
    let iam = iam::Client::new(&as_admin(&sandbox, "us-east-1").await);
    let door = |path: &str| format!("{}/_sandbox/{path}", sandbox.onboarding_url());
    let kinds = [
        "lost-before",
        "lost-after",
        "reset",
        "status-500",
        "status-503",
        "throttled",
        "access-denied",
        "truncated",
        "garbage",
    ];
    let faults: Vec<Value> = kinds.iter().enumerate().map(|(at, kind)| json!({"at": at + 1, "kind": kind})).collect();
    assert_eq!(send(reqwest::Method::POST, door("faults"), &Value::Array(faults)).await.0, 204);
    assert_eq!(send(reqwest::Method::POST, door("faults-"), &Value::Null).await.0, 404);
    for kind in kinds {
        let failed = iam.create_user().user_name(kind).send().await;
        assert!(failed.is_err(), "{kind}");
    }
    send(reqwest::Method::POST, door("faults"), &json!([{"at": kinds.len() + 1, "kind": "hang"}])).await;
    let hanging = iam.list_users().send();
    assert!(tokio::time::timeout(Duration::from_millis(200), hanging).await.is_err());
    let seen = get(door("requests")).await;
    assert_eq!((&seen[0]["action"], &seen[0]["write"], &seen[0]["n"]), (&json!("CreateUser"), &json!(true), &json!(1)));
    send(reqwest::Method::DELETE, door("requests"), &Value::Null).await;
    assert_eq!(get(door("requests")).await, json!([]));
}

#[tokio::test]
async fn a_lost_answer_is_lost_after_the_deed() {
    let sandbox = sandbox(Options::default());
    let iam = iam::Client::new(&as_admin(&sandbox, "us-east-1").await);
    for (kind, done) in [
        ("lost-before", false),
        ("reset", false),
        ("status-500", false),
        ("lost-after", true),
        ("truncated", true),
        ("garbage", true),
    ] {
        let door = |path: &str| format!("{}/_sandbox/{path}", sandbox.aws_url());
        send(reqwest::Method::DELETE, door("requests"), &Value::Null).await;
        send(reqwest::Method::POST, door("faults"), &json!([{"at": 1, "kind": kind}])).await;
        assert!(iam.create_user().user_name(kind).send().await.is_err(), "{kind}");
        assert_eq!(iam.get_user().user_name(kind).send().await.is_ok(), done, "{kind}");
    }
}

#[tokio::test]
async fn stops_when_dropped() {
    let sandbox = sandbox(Options::default());
    let url = format!("{}/_sandbox/requests", sandbox.aws_url());
    assert!(reqwest::get(&url).await.is_ok());
    drop(sandbox);
    assert!(reqwest::get(&url).await.is_err());
}
