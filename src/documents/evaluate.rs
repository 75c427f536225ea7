//! Whether one statement of a bucket's policy speaks of one request: the part of IAM's evaluation that can be done
//! without asking AWS. Logic: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use serde_json::Value;

use super::conditions::{self, Context};
use super::lists;
use super::verdict::{Verdict, within};
use super::wildcard::matches;

/// A request by an AWS service.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The service, as a principal: `billingreports.amazonaws.com`.
    pub service: &'a str,
    /// The action: `s3:PutObject`.
    pub action: &'a str,
    /// The resource; a `*` in it means every such resource.
    pub resource: &'a str,
    /// What conditions can ask about.
    pub context: &'a Context,
}

/// Whether the statement, be it an Allow or a Deny, is about this request.
pub fn applies(statement: &Value, request: &Request) -> Verdict {
    let parts = [principal(statement, request.service), action(statement, request.action)];
    let parts = parts.into_iter().chain([resource(statement, request.resource)]);
    Verdict::all(parts.chain([conditions::hold(statement, request.context)]))
}

/// Whether the statement allows every such request, conditions included.
pub fn allows(statement: &Value, request: &Request) -> bool {
    is(statement, "Allow") && applies(statement, request) == Verdict::Yes
}

/// Whether the statement denies the request.
pub fn denies(statement: &Value, request: &Request) -> Verdict {
    if is(statement, "Deny") { applies(statement, request) } else { Verdict::No }
}

fn is(statement: &Value, effect: &str) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some(effect)
}

fn principal(statement: &Value, service: &str) -> Verdict {
    match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(who), None) => names_service(who, service, is(statement, "Deny")),
        // With Allow it would let in the whole world but a few; nobody means AWS billing by that.
        (None, Some(who)) if is(statement, "Deny") => names_service(who, service, true).opposite(),
        (None, Some(_)) => Verdict::No,
        _ => Verdict::Maybe,
    }
}

/// Everybody written as `{"AWS": "*"}` is taken at its word only where that is the cautious reading, in a Deny:
/// AWS calls it the same as `"*"`, but it reads as "every account", and a service is none.
fn names_service(who: &Value, service: &str, in_deny: bool) -> Verdict {
    let lists_it = |kind: &str, name: &str| {
        who.get(kind).and_then(lists::scalars).is_some_and(|names| names.iter().any(|n| n == name))
    };
    if who == "*" || lists_it("Service", service) || (in_deny && lists_it("AWS", "*")) {
        return Verdict::Yes;
    }
    let in_other_words = lists_it("Service", "*") || lists_it("*", "*") || !(who.is_object() || who.is_string());
    if in_other_words { Verdict::Maybe } else { Verdict::No }
}

fn action(statement: &Value, action: &str) -> Verdict {
    // IAM ignores the case of actions.
    let one = |pattern: &str| Verdict::of(matches(&pattern.to_lowercase(), &action.to_lowercase()));
    element(statement, "Action", "NotAction", one)
}

fn resource(statement: &Value, resource: &str) -> Verdict {
    element(statement, "Resource", "NotResource", |pattern| within(pattern, resource))
}

/// An element or its negation: a list of patterns, of which one must match, or none may.
fn element(statement: &Value, name: &str, negated: &str, one: impl Fn(&str) -> Verdict) -> Verdict {
    let any = |value: &Value| lists::scalars(value).map(|list| Verdict::any(list.iter().map(|p| one(p))));
    match (statement.get(name), statement.get(negated)) {
        (Some(value), None) => any(value).unwrap_or(Verdict::Maybe),
        (None, Some(value)) => any(value).map_or(Verdict::Maybe, Verdict::opposite),
        _ => Verdict::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judge(statement: &Value) -> Verdict {
        let context = Context::new(&[("aws:SourceAccount", "123456789012")]);
        let resource = "arn:aws:s3:::b/*";
        applies(statement, &Request { service: "x.amazonaws.com", action: "s3:PutObject", resource, context: &context })
    }

    fn with(change: &Value) -> Value {
        let mut statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" });
        for (key, value) in change.as_object().unwrap() {
            let it = statement.as_object_mut().unwrap();
            it.shift_remove(key.strip_prefix("Not").unwrap_or("-"));
            it.insert(key.clone(), value.clone());
        }
        statement
    }

    #[test]
    fn each_element_decides() {
        use Verdict::{Maybe, No, Yes};
        for (change, expected) in [
            (json!({}), Yes),
            (json!({ "Principal": { "Service": "x.amazonaws.com" } }), Yes),
            (json!({ "Principal": { "Service": ["y.amazonaws.com", "x.amazonaws.com"] } }), Yes),
            (json!({ "Principal": { "Service": "y.amazonaws.com" } }), No),
            (json!({ "Principal": { "AWS": "*" } }), No),
            (json!({ "Principal": { "AWS": "*" }, "Effect": "Deny" }), Yes),
            (json!({ "NotPrincipal": { "AWS": "arn:aws:iam::1:root" }, "Effect": "Deny" }), Yes),
            (json!({ "NotPrincipal": { "Service": "x.amazonaws.com" }, "Effect": "Deny" }), No),
            (json!({ "NotPrincipal": { "AWS": "arn:aws:iam::1:root" } }), No),
            (json!({ "Principal": 7 }), Maybe),
            (json!({ "Action": ["S3:put*"] }), Yes),
            (json!({ "Action": "s3:Get*" }), No),
            (json!({ "NotAction": "s3:Get*" }), Yes),
            (json!({ "NotAction": ["s3:Get*", "s3:*"] }), No),
            (json!({ "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"] }), Yes),
            (json!({ "Resource": "arn:aws:s3:::b" }), No),
            (json!({ "Resource": "arn:aws:s3:::b/part/*" }), Maybe),
            (json!({ "Resource": "arn:aws:s3:::b/${aws:username}/*" }), Maybe),
            (json!({ "NotResource": "arn:aws:s3:::b/part/*" }), Maybe),
            (json!({ "NotResource": "arn:aws:s3:::b/*" }), No),
            (json!({ "Resource": { "odd": 1 } }), Maybe),
            (json!({ "Condition": { "StringEquals": { "aws:SourceAccount": "1" } } }), No),
        ] {
            assert_eq!(judge(&with(&change)), expected, "{change}");
        }
    }
}
