//! The legacy API: `/api/onboarding/orgs/{org}/bill_connects…`, snake_case, `Api-Version: 1.0`. It checks a bill connect
//! when it is made, and has no way to ask again.

use serde_json::Value;

use super::Onboarding;
use super::connects::{Access, Connect, kept_path, now};
use super::fields::Body;
use super::goa::{self, Complaint};
use super::validator::Zones;
use crate::sandbox::message::{Answer, Request};

pub const PREFIX: &str = "/api/onboarding/orgs/";

/// Answers one request; `rest` is what follows the organization.
pub async fn answer(api: &Onboarding, request: &Request, org: &str, rest: &[&str]) -> Answer {
    if request.header("api-version") != Some("1.0") {
        return goa::bad_request("the header Api-Version must be 1.0").answer();
    }
    match (request.method.as_str(), rest) {
        ("GET", ["bill_connects"]) => {
            let list: Vec<Value> = api.connects.of(org).iter().map(|connect| connect.legacy_json(org, true)).collect();
            Answer::json(200, &Value::Array(list))
        }
        ("POST", ["bill_connects", "aws", "iam_role"]) => {
            create(api, request, org).await.unwrap_or_else(|complaint| complaint.answer())
        }
        ("GET", ["bill_connects", "aws", id]) => match api.connects.get(org, id) {
            Some(connect) => Answer::json(200, &connect.legacy_json(org, false)),
            None => missing(id).answer(),
        },
        ("DELETE", ["bill_connects", "aws", id]) if api.connects.remove(org, id) => Answer::empty(204),
        ("DELETE", ["bill_connects", "aws", id]) => missing(id).answer(),
        _ => goa::not_found("no such path").answer(),
    }
}

async fn create(api: &Onboarding, request: &Request, org: &str) -> Result<Answer, Complaint> {
    let body = Body::of(request)?;
    let bucket = body.required("aws_bucket_name")?;
    let connect = Connect {
        account: body.required("aws_bill_account_id")?,
        path: kept_path(&body.required("aws_bucket_path")?),
        region: api.validator.region_of(&bucket),
        bucket,
        partition: "aws".into(),
        effective_from: None,
        access: Access::Role {
            arn: body.required("aws_sts_role_arn")?,
            session: body.optional("aws_sts_role_session_name")?.unwrap_or_else(|| "flexera-optima".into()),
            // The legacy API knows no other external id than the organization's.
            external_id: org.to_owned(),
        },
        created: now(),
        updated: now(),
    };
    let conflict = || goa::error(409, "conflict", &format!("bill connect {} already exists", connect.id()));
    if api.connects.get(org, &connect.id()).is_some() {
        return Err(conflict());
    }
    if let Err(reason) = api.validator.check(&connect, Zones::NamOnly).await {
        return Err(goa::error(422, "unprocessable_entity", &reason));
    }
    let shown = connect.legacy_json(org, false);
    if api.connects.add(org, connect.clone()) { Ok(Answer::json(201, &shown)) } else { Err(conflict()) }
}

fn missing(id: &str) -> Complaint {
    goa::not_found(&format!("bill connect {id} not found"))
}
