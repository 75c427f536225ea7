//! SimulatePrincipalPolicy: what a role or user may do, asked without doing it.

use serde_json::Value;

use super::store::{Store, no_such_entity};
use super::{Outcome, required};
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::message::{Fields, element, members};
use crate::sandbox::policy::{Question, Verdict, Who, verdict};
use crate::sandbox::{ACCOUNT_ID, ADMIN_ARN};

pub fn principal(store: &Store, fields: &Fields) -> Outcome {
    let arn = required(fields, "PolicySourceArn")?;
    let documents = documents(store, arn)?;
    let texts =
        |list: &str| -> Vec<String> { members(fields, list).into_iter().filter_map(|mut m| m.remove("")).collect() };
    let mut resources = texts("ResourceArns");
    if resources.is_empty() {
        resources.push("*".into());
    }
    let mut results = String::new();
    for action in texts("ActionNames") {
        for resource in &resources {
            results += &result(&documents, &action, resource);
        }
    }
    Ok(format!("<IsTruncated>false</IsTruncated><EvaluationResults>{results}</EvaluationResults>"))
}

/// `None` is the administrator, who may do all.
fn documents(store: &Store, arn: &str) -> Result<Option<Vec<Value>>, Refusal> {
    if arn == ADMIN_ARN || arn == format!("arn:aws:iam::{ACCOUNT_ID}:root") {
        return Ok(None);
    }
    if !arn.contains(":iam:") {
        // An assumed role's ARN belongs to STS; IAM wants the role's.
        return Err(Refusal::new(
            400,
            "InvalidInput",
            format!("Invalid Entity Arn: {arn} does not clearly define entity type and name."),
        ));
    }
    let entity =
        store.entity_by_arn(arn).ok_or_else(|| no_such_entity(format!("Entity with ARN {arn} cannot be found.")))?;
    Ok(Some(store.documents_of(entity)))
}

fn result(documents: &Option<Vec<Value>>, action: &str, resource: &str) -> String {
    let decision = match documents {
        None => "allowed",
        Some(documents) => match verdict(documents, Question { who: Who::Bearer, action, resource, context: &[] }) {
            Verdict::Allow => "allowed",
            Verdict::Deny => "explicitDeny",
            Verdict::Silent => "implicitDeny",
        },
    };
    let inside =
        [element("EvalActionName", action), element("EvalResourceName", resource), element("EvalDecision", decision)]
            .concat();
    format!("<member>{inside}<MatchedStatements/><MissingContextValues/></member>")
}
