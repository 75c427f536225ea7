//! Hostile answers: of both generations of the API, of the token endpoint, and of whatever else may answer there.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::answer::Answer;
use super::bill_connect::{self, BillConnect};
use super::{addresses, http, token};
use crate::addresses::{is_loopback, parse_url};
use crate::fuzz::{bounded, bytes, damaged_json, hostile};
use crate::harmless;
use crate::secret::{Cleared, Secret};

const ACCOUNT: &str = "123456789012";
const CANARY: &str = "canary-of-the-request";

const NUMBERS: &[&str] = &["0", "60", " 30 ", "3600", "Wed, 21 Oct 2026 07:28:00 GMT", "1.5", "+7"];
const URLS: &[&str] = &[
    "https://api.flexera.com",
    "https://proxy.example:8443/flexera/",
    "http://127.0.0.1:4566",
    "http://[::1]:80/x",
    "HTTP://LOCALHOST:1",
    "https://user:canary@host/?q#f",
];
const IDS: &[&str] = &["aws-123456789012", "gcp-1.2:3_4", "..", "a/b"];

fn answers() -> Vec<Value> {
    let connect = json!({ "id": "aws-123456789012", "kind": "finops:bill-connect-aws", "createdAt": "2020-11-26T12:17:38.369Z",
        "aws": { "billAccountId": ACCOUNT, "bucketName": "bills", "bucketPath": "/bucket/path", "effectiveFrom": "2025-10",
            "iamRole": { "stsExternalId": "77", "stsRoleArn": "arn:aws:iam::123456789012:role/r" },
            "kind": "finops:bill-connect-aws-iam-role", "partition": "aws" } });
    let older =
        json!({ "id": "aws-123456789012", "cloud_vendor_id": "aws", "bill": { "aws": { "aws_bucket_name": "b" } } });
    vec![
        json!({ "values": [connect, older] }),
        json!([older, null]),
        json!({ "valid": false, "error": format!("no {CANARY}") }),
        json!({ "values": [{ "billConnectId": "aws-123456789012", "billMonth": "202506", "status": "processed", "lastProcessedAt": "t" }] }),
        json!({ "access_token": "token", "expires_in": "3600", "refresh_token": "next", "token_type": "Bearer" }),
        json!({ "name": "not_found", "message": format!("no {CANARY}"), "temporary": true, "error_description": "x", "id": "e" }),
        connect,
        older,
    ]
}

/// Reads an answer in every way there is; what can be shown of it is harmless, and never the request's own secret.
fn read(status: u16, body: &[u8]) -> Result<(), TestCaseError> {
    let secret = Secret::new(CANARY);
    let answer =
        Answer::new("GET https://host/x".into(), status, Cleared::new(body.to_vec()), None, [&secret].into_iter());
    bounded(&(status, body), || (answer.is_passing(), answer.is_absent(), answer.is_empty()));
    let mut shown: Vec<String> = vec![format!("{answer:?}")];
    let error = answer.refusal();
    if !answer.is_success() {
        shown.extend(error.cause);
    }
    match bounded(&(status, body), || token::read(&answer)) {
        Ok((exchanged, rotated)) => {
            prop_assert!(exchanged.access_token.is_graphic() && rotated.is_none_or(|token| token.is_graphic()))
        }
        Err(error) => shown.extend(error.cause),
    }
    match bounded(&(status, body), || answer.json()) {
        Ok(json) => shown.extend(everything_read(&json)),
        Err(error) => shown.extend(error.cause),
    }
    for text in shown {
        prop_assert!(!text.contains(harmless::acts), "{:?}", text);
        prop_assert!(text.chars().count() < 3000 && (answer.is_success() || !text.contains(CANARY)), "{:?}", text);
    }
    Ok(())
}

fn everything_read(json: &Value) -> Vec<String> {
    let connects = BillConnect::read(json).into_iter().chain(BillConnect::read_of(json, ACCOUNT));
    let connects = connects.chain(bill_connect::read_list(json).unwrap_or_default());
    let mut shown: Vec<String> =
        connects.flat_map(|connect| texts(&serde_json::to_value(connect).expect("plain"))).collect();
    shown.extend(bill_connect::read_validation(json).and_then(|validation| validation.error));
    for month in bill_connect::read_bill_months(json, "aws-123456789012").unwrap_or_default() {
        shown.extend([month.month, month.status].into_iter().chain(month.last_processed_at));
    }
    shown
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer(status in 100..600_u16, body in bytes()) {
        read(status, &body)?;
    }

    #[test]
    fn damaged_answers_are_read(status in prop::sample::select(vec![200, 201, 302, 400, 401, 404, 409, 422, 429, 503]), body in damaged_json(answers())) {
        read(status, body.to_string().as_bytes())?;
    }

    #[test]
    fn a_wait_is_a_number_of_seconds_or_nothing(text in hostile(NUMBERS)) {
        let wait = bounded(&text, || http::seconds(&text));
        prop_assert_eq!(wait.map(|wait| wait.as_secs()), text.trim().parse().ok());
        if let Some(life) = bounded(&text, || token::life(&json!(text))) {
            prop_assert!(life.as_secs() <= 24 * 60 * 60);
        }
    }

    #[test]
    fn an_address_is_tls_or_this_machine_and_keeps_what_is_below_it(text in hostile(URLS), id in hostile(IDS)) {
        match bounded(&text, || parse_url(&text)) {
            Ok(url) => {
                prop_assert!(url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)), "{}", url);
                prop_assert!(url.username().is_empty() && url.query().is_none());
                let below = bounded(&(&text, &id), || addresses::below(&url, ["orgs", &id, "end"]));
                prop_assert_eq!((below.origin(), below.query(), below.fragment()), (url.origin(), None, None));
                if bill_connect::check_id(&id).is_ok() {
                    prop_assert!(below.path().ends_with(&format!("/orgs/{id}/end")), "{} of {:?}", below, id);
                }
                prop_assert!(!addresses::shown(&below).contains(harmless::acts));
            }
            Err(rule) => prop_assert!(!rule.contains("canary"), "{}", rule),
        }
    }
}
