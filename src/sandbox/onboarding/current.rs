//! The current API: `/finops-onboarding/v1/orgs/{org}/…`, camelCase, as its OpenAPI document has it. It takes a bill connect
//! unchecked and says afterwards whether it is valid.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::Onboarding;
use super::connects::{Access, Connect, bill_month, kept_path, now};
use super::fields::Body;
use super::goa::{self, Complaint};
use super::validator::Zones;
use crate::sandbox::message::{Answer, Request};

pub const PREFIX: &str = "/finops-onboarding/v1/orgs/";

type Reply = Result<Answer, Complaint>;

/// Answers one request; `rest` is what follows the organization.
pub async fn answer(api: &Onboarding, request: &Request, org: &str, rest: &[&str]) -> Answer {
    let reply = match (request.method.as_str(), rest) {
        ("GET", ["bill-connects"]) => {
            Ok(list("finops:generic-bill-list", api.connects.of(org).iter().map(Connect::json).collect()))
        }
        ("GET", ["bill-connects", "validations"]) => {
            let mut values = Vec::new();
            for connect in api.connects.of(org) {
                values.push(validation(api, &connect).await);
            }
            Ok(list("finops:generic-bill-validation-list", values))
        }
        ("POST", ["bill-connects", "aws", "iam-role"]) => create_role(api, request, org),
        ("POST", ["bill-connects", "aws", "iam-user"]) => create_user(api, request, org),
        ("PATCH", ["bill-connects", "aws", kind @ ("iam-role" | "iam-user"), id]) => {
            update(api, request, org, kind, id)
        }
        ("GET", ["bill-connects", "aws", id]) => find(api, org, id).map(|connect| Answer::json(200, &connect.json())),
        ("DELETE", ["bill-connects", "aws", id]) if api.connects.remove(org, id) => Ok(Answer::empty(204)),
        ("DELETE", ["bill-connects", "aws", id]) => Err(missing(id)),
        ("GET", ["bill-connects", "aws", id, "validation"]) => match find(api, org, id) {
            Ok(connect) => Ok(Answer::json(200, &validation(api, &connect).await)),
            Err(complaint) => Err(complaint),
        },
        ("GET", ["processing", "bill-months"]) => Ok(bill_months(api, org).await),
        _ => Err(goa::not_found("no such path")),
    };
    reply.unwrap_or_else(|complaint| complaint.answer())
}

fn create_role(api: &Onboarding, request: &Request, org: &str) -> Reply {
    let body = Body::of(request)?;
    let access = Access::Role {
        arn: body.required("stsRoleArn")?,
        session: body.present("stsRoleSessionName")?,
        external_id: body.external_id()?.unwrap_or_else(|| org.to_owned()),
    };
    create(api, &body, org, access, "aws".into())
}

fn create_user(api: &Onboarding, request: &Request, org: &str) -> Reply {
    let body = Body::of(request)?;
    body.required("secretAccessKey")?;
    let access = Access::User { key_id: body.required("accessKey")? };
    let partition = body.checked("partition", "aws or aws-cn", |name| ["aws", "aws-cn"].contains(&name))?;
    create(api, &body, org, access, partition.unwrap_or_else(|| "aws".into()))
}

fn create(api: &Onboarding, body: &Body, org: &str, access: Access, partition: String) -> Reply {
    let bucket = body.required("bucketName")?;
    let connect = Connect {
        account: body.required("billAccountId")?,
        path: kept_path(&body.required("bucketPath")?),
        region: api.validator.region_of(&bucket),
        bucket,
        partition,
        effective_from: body.effective_from()?,
        access,
        created: now(),
        updated: now(),
    };
    let shown = connect.json();
    let id = connect.id();
    if api.connects.add(org, connect) {
        return Ok(Answer::json(201, &shown));
    }
    Err(goa::error(409, "conflict", &format!("bill connect {id} already exists")))
}

fn update(api: &Onboarding, request: &Request, org: &str, kind: &str, id: &str) -> Reply {
    let mut connect = find(api, org, id)?;
    let body = Body::of(request)?;
    match (&mut connect.access, kind) {
        (Access::Role { arn, session, external_id }, "iam-role") => {
            replace(arn, body.optional("stsRoleArn")?);
            replace(session, body.optional("stsRoleSessionName")?);
            replace(external_id, body.external_id()?);
        }
        (Access::User { key_id }, "iam-user") => {
            body.optional("secretAccessKey")?;
            replace(key_id, body.optional("accessKey")?);
        }
        _ => return Err(missing(id)),
    }
    if let Some(bucket) = body.optional("bucketName")? {
        connect.region = api.validator.region_of(&bucket);
        connect.bucket = bucket;
    }
    replace(&mut connect.path, body.optional("bucketPath")?.map(|path| kept_path(&path)));
    connect.effective_from = body.effective_from()?.or(connect.effective_from);
    connect.updated = now();
    api.connects.put(org, connect);
    Ok(Answer::empty(204))
}

fn replace(field: &mut String, value: Option<String>) {
    if let Some(value) = value {
        *field = value;
    }
}

async fn validation(api: &Onboarding, connect: &Connect) -> Value {
    let mut validation = json!({"billId": connect.id(), "kind": "finops:bill-connect-aws-validation", "valid": true});
    if let Err(reason) = api.validator.check(connect, Zones::All).await {
        validation["valid"] = json!(false);
        validation["error"] = json!(reason);
    }
    validation
}

/// A month's bill is worked on from when the bill connect is valid, and processed once it has come.
async fn bill_months(api: &Onboarding, org: &str) -> Answer {
    let mut values = Vec::new();
    for connect in api.connects.of(org) {
        if api.validator.check(&connect, Zones::All).await.is_ok() {
            let is_processed = api.has_processed_bills.load(Ordering::Relaxed)
                || api.delivery.is_some_and(|delivery| connect.age() >= 2 * delivery);
            let mut month = json!({
                "billConnectId": connect.id(), "billMonth": bill_month(), "status": "processing", "lastProcessStartAt": now(),
            });
            if is_processed {
                month["status"] = json!("processed");
                month["lastProcessedAt"] = json!(now());
            }
            values.push(month);
        }
    }
    Answer::json(
        200,
        &json!({"kind": "finops:enterprise-bill-month-index", "count": values.len(), "updatedAt": now(), "values": values}),
    )
}

fn list(kind: &str, values: Vec<Value>) -> Answer {
    Answer::json(200, &json!({"kind": kind, "values": values}))
}

fn find(api: &Onboarding, org: &str, id: &str) -> Result<Connect, Complaint> {
    api.connects.get(org, id).ok_or_else(|| missing(id))
}

fn missing(id: &str) -> Complaint {
    goa::not_found(&format!("bill connect {id} not found"))
}
