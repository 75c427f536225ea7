//! The JSON documents of each command, as scripts rely on them: keys are added, never renamed.

use serde_json::{Map, Value, json};

use crate::apply::{Applied, Outcome};
use crate::approval::Fingerprint;
use crate::error::Error;
use crate::plan::{Aim, Plan, Planned, Summary};
use crate::spec::Onboarding;
use crate::spec::names::Access;
use crate::steps::Step;
use crate::verify::Report;

/// The version of every document's shape.
pub const SCHEMA_VERSION: u32 = 1;

/// The document of `plan`.
pub fn plan(plan: &Plan) -> Value {
    let (onboarding, steps) = approved(plan);
    json!({
        "schema_version": SCHEMA_VERSION,
        "fingerprint": Fingerprint::of(&onboarding, &steps),
        "onboarding": onboarding,
        "steps": steps,
        "summary": summary(plan),
        "warnings": plan.warnings,
        "by_hand": plan.by_hand,
    })
}

/// What a plan's fingerprint stands for: the onboarding, and each step with its writes.
fn approved(plan: &Plan) -> (Value, Value) {
    let with_writes = |planned: &Planned| {
        let mut step = step(planned, None);
        step["writes"] = json!(planned.writes);
        step
    };
    (onboarding(&plan.onboarding), plan.steps.iter().map(with_writes).collect())
}

/// A plan's fingerprint.
pub fn fingerprint(plan: &Plan) -> Fingerprint {
    let (onboarding, steps) = approved(plan);
    Fingerprint::of(&onboarding, &steps)
}

/// The document of `apply`, and of `destroy`, which leaves no bill connect to tell of.
pub fn apply(plan: &Plan, applied: &Applied) -> Value {
    let outcome = |wanted: Step| applied.outcomes.iter().find(|(step, _)| *step == wanted).map(|(_, outcome)| *outcome);
    let steps: Vec<Value> = plan.steps.iter().map(|planned| step(planned, outcome(planned.step))).collect();
    let mut document = json!({
        "schema_version": SCHEMA_VERSION,
        "onboarding": onboarding(&plan.onboarding),
        "steps": steps,
        "summary": summary(plan),
        "warnings": plan.warnings,
    });
    if plan.aim == Aim::Onboard {
        document["fingerprint"] = json!(fingerprint(plan));
        document["bill_connect"] = bill_connect(applied);
    }
    document
}

fn bill_connect(applied: &Applied) -> Value {
    let mut bill_connect = json!({ "id": applied.standing.id, "validated": applied.standing.validated });
    if let (Some(message), Value::Object(members)) = (&applied.standing.message, &mut bill_connect) {
        members.insert("message".to_owned(), json!(message));
    }
    bill_connect
}

/// How many steps of each kind that such a plan can have.
fn summary(plan: &Plan) -> Value {
    let Summary { create, update, delete, keep, refuse } = plan.summary();
    match plan.aim {
        Aim::Onboard => json!({ "create": create, "update": update, "keep": keep, "refuse": refuse }),
        Aim::Destroy => json!({ "delete": delete, "keep": keep, "refuse": refuse }),
    }
}

/// The document of `verify`, with why a wait ended before its time.
pub fn verify(report: &Report, error: Option<&Error>) -> Value {
    let checks: Vec<_> = report.checks().collect();
    let mut document = json!({ "schema_version": SCHEMA_VERSION, "checks": checks, "ok": report.ok() });
    if let Some(error) = error {
        document["error"] = error_members(error);
    }
    document
}

/// The document of an error.
pub fn error(error: &Error) -> Value {
    json!({ "schema_version": SCHEMA_VERSION, "error": error_members(error) })
}

/// What stands under `error`.
pub fn error_members(error: &Error) -> Value {
    json!({
        "kind": error.kind,
        "message": error.message,
        "cause": error.cause,
        "remedy": error.remedy,
        "link": error.link,
        "exit_code": error.kind.exit_code(),
    })
}

fn onboarding(one: &Onboarding) -> Value {
    let mut document = json!({
        "org_id": one.org_id,
        "account_id": one.account_id,
        "payer_account_id": one.payer,
        "partition": one.partition,
        "api": one.api,
        "zone": one.zone,
        "access": one.access,
        "bucket": one.bucket,
        "bucket_region": one.bucket_region,
        "prefix": one.prefix,
        "report_name": one.report_name,
        "report_origin": one.report_origin,
        "policy_arn": one.policy_arn(),
        "policy_name": one.policy_name,
        "policy_set": one.policy_set,
        "external_id": one.external_id,
        "trusted_principal": one.trusted_principal,
        "session_name": one.session_name,
        "effective_from": one.effective_from,
        "bill_account_id": one.bill_account_id,
        "bucket_key": one.bucket_key.as_ref().map(ToString::to_string),
        "access_key_file": one.access_key_file.as_ref().map(|path| path.display().to_string()),
        "tags": one.tags,
    });
    if let Value::Object(members) = &mut document {
        let (kind, arn, name) = match one.access {
            Access::Role => ("role", one.role_arn(), one.role_name.as_str()),
            Access::User => ("user", one.user_arn(), one.user_name.as_str()),
        };
        members.insert(format!("{kind}_arn"), json!(arn));
        members.insert(format!("{kind}_name"), json!(name));
    }
    document
}

fn step(planned: &Planned, outcome: Option<Outcome>) -> Value {
    let mut members = Map::new();
    members.insert("step".to_owned(), json!(planned.step));
    members.insert("resource".to_owned(), json!(planned.resource));
    members.insert("change".to_owned(), json!(planned.change));
    members.insert("details".to_owned(), json!(planned.details));
    if let Some(reason) = &planned.reason {
        members.insert("reason".to_owned(), json!(reason));
    }
    if let Some(remedy) = &planned.remedy {
        members.insert("remedy".to_owned(), json!(remedy.as_str()));
    }
    if !planned.warnings.is_empty() {
        members.insert("warnings".to_owned(), json!(planned.warnings));
    }
    if let Some(outcome) = outcome {
        members.insert("outcome".to_owned(), json!(outcome));
        if outcome == Outcome::Interrupted {
            members.insert("interrupted".to_owned(), json!(true));
        }
    }
    Value::Object(members)
}
