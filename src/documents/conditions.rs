//! Whether a statement's conditions hold, for as much of a request as is known beforehand.
//! Operators: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use serde_json::Value;

use super::lists;
use super::verdict::{Verdict, within};
use super::wildcard::matches;

/// What is known of a request: keys, each with its value; a `*` in a value means "any such value".
#[derive(Clone, Debug, Default)]
pub struct Context(Vec<(String, String)>);

impl Context {
    /// A context of these keys; case does not matter in a key.
    pub fn new(known: &[(&str, &str)]) -> Self {
        Self(known.iter().map(|(key, value)| (key.to_lowercase(), (*value).to_owned())).collect())
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

/// Whether all of the statement's conditions hold; a key or an operator not known here may or may not.
pub fn hold(statement: &Value, context: &Context) -> Verdict {
    let Some(conditions) = lists::conditions(statement) else { return Verdict::Maybe };
    Verdict::all(conditions.iter().map(|(operator, key, values)| one(operator, key, values, context)))
}

fn one(operator: &str, key: &str, values: &[String], context: &Context) -> Verdict {
    if (operator, key) == ("numericlessthan", "s3:tlsversion") {
        return old_tls(values);
    }
    let Some(known) = context.get(key) else { return Verdict::Maybe };
    // The key is there, so that "if exists" changes nothing.
    let operator = operator.strip_suffix("ifexists").unwrap_or(operator);
    let (operator, negated) = match operator.split_once("not") {
        Some((kind, rest)) => (format!("{kind}{rest}"), true),
        None => (operator.to_owned(), false),
    };
    let verdict = Verdict::any(values.iter().map(|value| compare(&operator, known, value)));
    if negated { verdict.opposite() } else { verdict }
}

fn compare(operator: &str, known: &str, value: &str) -> Verdict {
    if value.contains("${") {
        return Verdict::Maybe; // a policy variable, filled in per request
    }
    match operator {
        "stringequals" => equals(known, value),
        "stringequalsignorecase" => equals(&known.to_lowercase(), &value.to_lowercase()),
        "stringlike" => within(value, known),
        "arnequals" | "arnlike" => arn(known, value),
        "bool" => Verdict::of(known.eq_ignore_ascii_case(value)),
        "null" if value.eq_ignore_ascii_case("false") => Verdict::Yes,
        "null" if value.eq_ignore_ascii_case("true") => Verdict::No,
        _ => Verdict::Maybe,
    }
}

/// A value with a star in it counts where the star is known to stand: AWS's own bucket policy for reports compares
/// `…:definition/*` with StringEquals (<https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html>), and delivers.
fn equals(known: &str, value: &str) -> Verdict {
    if known == value {
        return Verdict::Yes;
    }
    if matches(known, value) { Verdict::Maybe } else { Verdict::No }
}

/// ARN operators compare the six parts one by one, so that a star never reaches over a colon of the first five.
fn arn(known: &str, value: &str) -> Verdict {
    let (known, value): (Vec<&str>, Vec<&str>) = (known.splitn(6, ':').collect(), value.splitn(6, ':').collect());
    if (known.len(), value.len()) != (6, 6) {
        return Verdict::Maybe;
    }
    Verdict::all(known.iter().zip(value).map(|(known, value)| within(value, known)))
}

/// "Deny what is older than TLS 1.2": AWS itself takes nothing older, so that no request is
/// (<https://aws.amazon.com/blogs/security/tls-1-2-required-for-aws-endpoints/>).
fn old_tls(values: &[String]) -> Verdict {
    let all_older = values.iter().all(|value| value.parse::<f64>().is_ok_and(|version| version <= 1.2));
    if all_older { Verdict::No } else { Verdict::Maybe }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ANY_REPORT: &str = "arn:aws:cur:us-east-1:123456789012:definition/*";

    fn judge(condition: &Value) -> Verdict {
        let context = Context::new(&[
            ("aws:SourceAccount", "123456789012"),
            ("aws:SourceArn", ANY_REPORT),
            ("aws:SecureTransport", "true"),
        ]);
        hold(&json!({ "Condition": condition }), &context)
    }

    #[test]
    fn what_holds_for_every_report() {
        for condition in [
            json!({}),
            json!({ "StringEquals": { "AWS:sourceaccount": "123456789012" } }),
            json!({ "stringlike": { "aws:SourceAccount": ["1", "1234*"] } }),
            json!({ "StringEquals": { "aws:SourceArn": ANY_REPORT } }),
            json!({ "StringLike": { "aws:SourceArn": "arn:aws:cur:*" } }),
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:cur:*:123456789012:definition/*" } }),
            json!({ "ArnEqualsIfExists": { "aws:SourceArn": ANY_REPORT } }),
            json!({ "StringNotEquals": { "aws:SourceAccount": "999999999999" } }),
            json!({ "ArnNotLike": { "aws:SourceArn": "arn:aws:iam::123456789012:role/*" } }),
            json!({ "Bool": { "aws:SecureTransport": true } }),
            json!({ "Null": { "aws:SourceArn": "false" } }),
            json!({ "StringEqualsIgnoreCase": { "aws:SourceArn": ANY_REPORT.to_uppercase() } }),
        ] {
            assert_eq!(judge(&condition), Verdict::Yes, "{condition}");
        }
    }

    #[test]
    fn what_holds_for_none() {
        for condition in [
            json!({ "StringEquals": { "aws:SourceAccount": "999999999999" } }),
            json!({ "StringEquals": { "aws:SourceAccount": "1*" } }),
            json!({ "StringLike": { "aws:SourceArn": "arn:aws:cur:eu-west-1:123456789012:definition/*" } }),
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:iam:*:*:*" } }),
            json!({ "Bool": { "aws:SecureTransport": "false" } }),
            json!({ "StringNotLike": { "aws:SourceArn": "arn:aws:cur:*" } }),
            json!({ "Null": { "aws:SourceAccount": "true" } }),
            json!({ "NumericLessThan": { "s3:TlsVersion": 1.2 } }),
            json!({ "StringEquals": { "aws:SourceAccount": [] } }),
        ] {
            assert_eq!(judge(&condition), Verdict::No, "{condition}");
        }
    }

    #[test]
    fn what_cannot_be_told() {
        for condition in [
            json!({ "StringEquals": { "aws:PrincipalOrgID": "o-1" } }),
            json!({ "StringNotEquals": { "s3:x-amz-server-side-encryption": "aws:kms" } }),
            json!({ "ForAllValues:StringEquals": { "aws:SourceAccount": "123456789012" } }),
            json!({ "StringEquals": { "aws:SourceArn": "arn:aws:cur:us-east-1:123456789012:definition/one" } }),
            json!({ "StringLike": { "aws:SourceAccount": "${aws:PrincipalAccount}" } }),
            json!({ "ArnLike": { "aws:SourceArn": "arn:*" } }),
            json!({ "Odd": { "aws:SourceAccount": "123456789012" } }),
            json!({ "NumericLessThan": { "s3:TlsVersion": "1.3" } }),
            json!("odd"),
            json!({ "StringEquals": { "aws:SourceAccount": { "odd": 1 } } }),
        ] {
            assert_eq!(judge(&condition), Verdict::Maybe, "{condition}");
        }
    }
}
