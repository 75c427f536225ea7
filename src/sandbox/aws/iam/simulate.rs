//! SimulatePrincipalPolicy: what a role or user may do, asked without doing it.

use super::store::{Entity, Store, no_such_entity};
use super::{Outcome, required};
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::message::{Fields, element, members};
use crate::sandbox::policy::{Question, Verdict, Who};

pub fn principal(store: &Store, fields: &Fields) -> Outcome {
    let arn = required(fields, "PolicySourceArn")?;
    let entity = entity(store, arn)?;
    let texts =
        |list: &str| -> Vec<String> { members(fields, list).into_iter().filter_map(|mut m| m.remove("")).collect() };
    let mut resources = texts("ResourceArns");
    if resources.is_empty() {
        resources.push("*".into());
    }
    let mut results = String::new();
    for action in texts("ActionNames") {
        for resource in &resources {
            let question = Question { who: Who::Bearer, action: &action, resource, context: &[] };
            let verdict = entity.map_or(Verdict::Allow, |entity| store.verdict_of(entity, question));
            results += &result(verdict, &action, resource);
        }
    }
    Ok(format!("<IsTruncated>false</IsTruncated><EvaluationResults>{results}</EvaluationResults>"))
}

/// `None` is the administrator, who may do all.
fn entity<'s>(store: &'s Store, arn: &str) -> Result<Option<&'s Entity>, Refusal> {
    if arn == store.account.admin_arn() || arn == format!("arn:aws:iam::{}:root", store.account) {
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
    store.entity_by_arn(arn).map(Some).ok_or_else(|| no_such_entity(format!("Entity with ARN {arn} cannot be found.")))
}

fn result(verdict: Verdict, action: &str, resource: &str) -> String {
    let decision = match verdict {
        Verdict::Allow => "allowed",
        Verdict::Deny => "explicitDeny",
        Verdict::Silent => "implicitDeny",
    };
    let inside =
        [element("EvalActionName", action), element("EvalResourceName", resource), element("EvalDecision", decision)]
            .concat();
    format!("<member>{inside}<MatchedStatements/><MissingContextValues/></member>")
}
