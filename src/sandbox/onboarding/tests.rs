//! Both generations with a validator that says yes or no to all; the embedded one is driven through the servers.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::sandbox::ACCESS_TOKEN;

const LEGACY: &str = "/api/onboarding/orgs/12345/bill_connects";
const CURRENT: &str = "/finops-onboarding/v1/orgs/12345";

fn api() -> Onboarding {
    Onboarding::new(Validator::AlwaysValid, Duration::from_secs(60))
}

fn request(method: &str, path: &str, body: &Value) -> Request {
    let mut request = Request {
        method: method.into(),
        path: path.into(),
        query: String::new(),
        headers: Default::default(),
        body: body.to_string().into(),
    };
    for (name, value) in [
        ("authorization", format!("Bearer {ACCESS_TOKEN}")),
        ("api-version", "1.0".into()),
        ("content-type", "application/json".into()),
    ] {
        request.headers.insert(name, value.parse().unwrap());
    }
    request
}

async fn ask(api: &Onboarding, method: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = api.answer(&request(method, path, &body)).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

fn legacy_body() -> Value {
    json!({"aws_bill_account_id": "111122223333", "aws_bucket_name": "b", "aws_bucket_path": "billing/",
           "aws_sts_role_arn": "arn:aws:iam::111122223333:role/r"})
}

fn current_body() -> Value {
    json!({"billAccountId": "111122223333", "bucketName": "b", "bucketPath": "billing/",
           "stsRoleArn": "arn:aws:iam::111122223333:role/r", "stsRoleSessionName": "flexera-finops"})
}

#[tokio::test]
async fn legacy_life() {
    let api = api();
    let post = format!("{LEGACY}/aws/iam_role");
    assert_eq!(ask(&api, "GET", LEGACY, Value::Null).await, (200, json!([])));
    let (status, missing) = ask(&api, "GET", &format!("{LEGACY}/aws/aws-111122223333"), Value::Null).await;
    assert_eq!((status, &missing["name"]), (404, &json!("not_found")));
    let (status, made) = ask(&api, "POST", &post, legacy_body()).await;
    assert_eq!((status, &made["id"], &made["cloud_vendor_id"]), (201, &json!("aws-111122223333"), &json!("aws")));
    assert_eq!(ask(&api, "POST", &post, legacy_body()).await.0, 409);
    assert_eq!(ask(&api, "GET", LEGACY, Value::Null).await.1[0]["id"], "aws-111122223333");
    assert_eq!(ask(&api, "GET", &format!("{LEGACY}/aws/aws-111122223333/validation"), Value::Null).await.0, 404);
    assert_eq!(ask(&api, "DELETE", &format!("{LEGACY}/aws/aws-111122223333"), Value::Null).await.0, 204);
    assert_eq!(ask(&api, "DELETE", &format!("{LEGACY}/aws/aws-111122223333"), Value::Null).await.0, 404);
}

#[tokio::test]
async fn legacy_wants_its_header_and_all_fields() {
    let api = api();
    let post = format!("{LEGACY}/aws/iam_role");
    let mut bare = request("POST", &post, &legacy_body());
    bare.headers.remove("api-version");
    assert_eq!(api.answer(&bare).await.status, 400);
    for field in ["aws_bill_account_id", "aws_bucket_name", "aws_bucket_path", "aws_sts_role_arn"] {
        let mut body = legacy_body();
        body[field] = json!("");
        assert_eq!(ask(&api, "POST", &post, body).await.0, 400, "{field}");
    }
}

#[tokio::test]
async fn current_life() {
    let api = api();
    let post = format!("{CURRENT}/bill-connects/aws/iam-role");
    let one = format!("{CURRENT}/bill-connects/aws/aws-111122223333");
    let months = format!("{CURRENT}/processing/bill-months");
    assert_eq!(ask(&api, "GET", &months, Value::Null).await.1["values"], json!([]));
    let (status, made) = ask(&api, "POST", &post, current_body()).await;
    assert_eq!((status, &made["aws"]["bucketPath"]), (201, &json!("/billing")));
    assert_eq!(made["aws"]["iamRole"]["stsExternalId"], "12345");
    assert_eq!(ask(&api, "POST", &post, current_body()).await.0, 409);
    let change = json!({"bucketPath": "/other/", "effectiveFrom": "2025-01"});
    assert_eq!(ask(&api, "PATCH", &format!("{post}/aws-111122223333"), change).await.0, 204);
    let shown = ask(&api, "GET", &one, Value::Null).await.1;
    assert_eq!((&shown["aws"]["bucketPath"], &shown["aws"]["effectiveFrom"]), (&json!("/other"), &json!("2025-01")));
    assert_eq!(
        ask(&api, "PATCH", &format!("{CURRENT}/bill-connects/aws/iam-user/aws-111122223333"), json!({})).await.0,
        404
    );
    assert_eq!(ask(&api, "GET", &format!("{one}/validation"), Value::Null).await.1["valid"], true);
    assert_eq!(ask(&api, "GET", &months, Value::Null).await.1["values"][0]["status"], "processing");
    assert_eq!(
        ask(&api, "GET", &format!("{CURRENT}/bill-connects/validations"), Value::Null).await.1["values"][0]["valid"],
        true
    );
    assert_eq!(ask(&api, "DELETE", &one, Value::Null).await.0, 204);
    assert_eq!(ask(&api, "GET", &one, Value::Null).await.0, 404);
}

#[tokio::test]
async fn current_checks_bodies() {
    let api = api();
    let post = format!("{CURRENT}/bill-connects/aws/iam-role");
    for (field, value) in [
        ("billAccountId", json!("")),
        ("bucketName", json!(7)),
        ("bucketPath", json!("")),
        ("stsRoleArn", Value::Null),
        ("stsRoleSessionName", Value::Null),
        ("stsExternalId", json!("1")),
        ("effectiveFrom", json!("2025-13")),
    ] {
        let mut body = current_body();
        body[field] = value;
        assert_eq!(ask(&api, "POST", &post, body).await.0, 400, "{field}");
    }
    let user = json!({"billAccountId": "1", "bucketName": "b", "bucketPath": "p", "accessKey": "k", "secretAccessKey": "s", "partition": "aws-us-gov"});
    assert_eq!(ask(&api, "POST", &format!("{CURRENT}/bill-connects/aws/iam-user"), user).await.0, 400);
}

#[tokio::test]
async fn tells_who_may_not() {
    let api = api();
    let mut unknown = request("GET", LEGACY, &Value::Null);
    unknown.headers.insert("authorization", "Bearer no".parse().unwrap());
    assert_eq!(api.answer(&unknown).await.status, 401);
    let (status, error) = ask(&api, "GET", "/finops-onboarding/v1/orgs/40300/bill-connects", Value::Null).await;
    assert_eq!((status, &error["name"]), (403, &json!("forbidden")));
    assert_eq!(ask(&api, "GET", "/finops-onboarding/v1/orgs/abc/bill-connects", Value::Null).await.0, 400);
}

#[tokio::test]
async fn refuses_with_the_reason_given() {
    let api = Onboarding::new(Validator::Refusing("No such role".into()), Duration::from_secs(60));
    let (status, error) = ask(&api, "POST", &format!("{LEGACY}/aws/iam_role"), legacy_body()).await;
    assert_eq!((status, &error["message"]), (422, &json!("No such role")));
    assert_eq!(ask(&api, "POST", &format!("{CURRENT}/bill-connects/aws/iam-role"), current_body()).await.0, 201);
    let validation =
        ask(&api, "GET", &format!("{CURRENT}/bill-connects/aws/aws-111122223333/validation"), Value::Null).await.1;
    assert_eq!((&validation["valid"], &validation["error"]), (&json!(false), &json!("No such role")));
}
