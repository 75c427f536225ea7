//! What a set of policy documents says about one action on one resource.

use serde_json::Value;

use super::condition::holds;
use super::{like, statements, texts};

/// Who asks, as far as a document's `Principal` cares.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// The document hangs on the caller itself (an identity policy): it has no `Principal`.
    Bearer,
    /// An AWS service such as `billingreports.amazonaws.com`.
    Service(&'a str),
    /// A role or user.
    Arn(&'a str),
}

/// One action on one resource.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub who: Who<'a>,
    pub action: &'a str,
    pub resource: &'a str,
    /// Condition keys and their values.
    pub context: &'a [(&'a str, &'a str)],
}

/// What the documents say; `Silent` is IAM's implicit deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allow,
    Deny,
    Silent,
}

/// An explicit `Deny` in any document wins, then an `Allow` in any.
pub fn verdict<'d>(documents: impl IntoIterator<Item = &'d Value>, question: Question<'_>) -> Verdict {
    let mut verdict = Verdict::Silent;
    for statement in documents.into_iter().flat_map(statements) {
        if !applies(statement, question) {
            continue;
        }
        match statement["Effect"].as_str() {
            Some("Deny") => return Verdict::Deny,
            Some("Allow") => verdict = Verdict::Allow,
            _ => {}
        }
    }
    verdict
}

fn applies(statement: &Value, question: Question<'_>) -> bool {
    principal_is(statement, question.who)
        && action_is(statement, question.action)
        && resource_is(statement, question.resource)
        && holds(statement.get("Condition"), question.context)
}

fn action_is(statement: &Value, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let named = |field| texts(statement.get(field)).iter().any(|p| like(&p.to_ascii_lowercase(), &action));
    if statement.get("NotAction").is_some() { !named("NotAction") } else { named("Action") }
}

/// A trust policy has no `Resource`: it is about the role that it hangs on.
fn resource_is(statement: &Value, resource: &str) -> bool {
    let named = |field| texts(statement.get(field)).iter().any(|p| like(p, resource));
    if statement.get("NotResource").is_some() {
        return !named("NotResource");
    }
    statement.get("Resource").is_none() || named("Resource")
}

fn principal_is(statement: &Value, who: Who<'_>) -> bool {
    let principal = statement.get("Principal");
    match who {
        Who::Bearer => true,
        _ if principal.and_then(Value::as_str) == Some("*") => true,
        Who::Service(name) => texts(principal.and_then(|p| p.get("Service"))).contains(&name),
        Who::Arn(arn) => texts(principal.and_then(|p| p.get("AWS")))
            .iter()
            .any(|p| *p == "*" || *p == arn || *p == account(arn) || is_root(p, arn)),
    }
}

fn account(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// `arn:aws:iam::ACCOUNT:root` stands for everybody in the account.
fn is_root(principal: &str, arn: &str) -> bool {
    principal.ends_with(":root") && account(principal) == account(arn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ROLE: &str = "arn:aws:iam::451234325714:role/production_customer_access";

    fn ask(document: &Value, who: Who<'_>, action: &str, resource: &str) -> Verdict {
        verdict([document], Question { who, action, resource, context: &[("sts:ExternalId", "12345")] })
    }

    #[test]
    fn deny_wins_and_silence_is_no() {
        let document = json!({"Statement": [
            {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"},
            {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}]});
        assert_eq!(ask(&document, Who::Bearer, "s3:GetObject", "arn:aws:s3:::b/k"), Verdict::Allow);
        assert_eq!(ask(&document, Who::Bearer, "S3:putobject", "arn:aws:s3:::b/k"), Verdict::Deny);
        assert_eq!(ask(&document, Who::Bearer, "s3:ListBucket", "arn:aws:s3:::b"), Verdict::Silent);
    }

    #[test]
    fn trust_looks_at_principal_and_external_id() {
        let trust = |principal: Value, id: &str| {
            json!({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal,
                   "Condition": {"StringEquals": {"sts:ExternalId": id}}}})
        };
        for (principal, id, expected) in [
            (json!({"AWS": ROLE}), "12345", Verdict::Allow),
            (json!({"AWS": "arn:aws:iam::451234325714:root"}), "12345", Verdict::Allow),
            (json!({"AWS": ["451234325714"]}), "12345", Verdict::Allow),
            (json!({"AWS": "arn:aws:iam::451234325714:role/other"}), "12345", Verdict::Silent),
            (json!({"Service": "ec2.amazonaws.com"}), "12345", Verdict::Silent),
            (json!({"AWS": ROLE}), "999", Verdict::Silent),
        ] {
            assert_eq!(
                ask(&trust(principal.clone(), id), Who::Arn(ROLE), "sts:AssumeRole", "r"),
                expected,
                "{principal} {id}"
            );
        }
    }
}
