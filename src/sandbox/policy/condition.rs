//! A statement's `Condition`: whether it holds for what is known about a request.

use serde_json::Value;

use super::{like, texts};

/// Whether every operator and key of `condition` holds; no condition always does.
pub fn holds(condition: Option<&Value>, context: &[(&str, &str)]) -> bool {
    let Some(condition) = condition else { return true };
    let Some(operators) = condition.as_object() else { return false };
    operators.iter().all(|(operator, keys)| {
        keys.as_object().is_some_and(|keys| {
            keys.iter().all(|(key, wanted)| key_holds(operator, key, &texts_or_bools(wanted), context))
        })
    })
}

fn key_holds(operator: &str, key: &str, wanted: &[String], context: &[(&str, &str)]) -> bool {
    // With one value in the request, any of the values is that one.
    let operator = operator.strip_prefix("ForAnyValue:").unwrap_or(operator);
    let (operator, if_exists) = match operator.strip_suffix("IfExists") {
        Some(plain) => (plain, true),
        None => (operator, false),
    };
    let actual = context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| *value);
    if operator == "Null" {
        return wanted.iter().any(|w| (w == "true") == actual.is_none());
    }
    let (positive, negated) = match operator {
        "StringNotEquals" => ("StringEquals", true),
        "StringNotLike" => ("StringLike", true),
        "ArnNotEquals" | "ArnNotLike" => ("ArnLike", true),
        other => (other, false),
    };
    match actual {
        // A key that the request lacks: only a negated or an IfExists condition is met.
        None => if_exists || negated,
        Some(actual) => wanted.iter().any(|w| matches(positive, w, actual)) != negated,
    }
}

fn matches(operator: &str, wanted: &str, actual: &str) -> bool {
    match operator {
        "StringEquals" => wanted == actual,
        "StringEqualsIgnoreCase" | "Bool" => wanted.eq_ignore_ascii_case(actual),
        "StringLike" | "ArnLike" | "ArnEquals" => like(wanted, actual),
        _ => false,
    }
}

fn texts_or_bools(value: &Value) -> Vec<String> {
    match value {
        Value::Bool(flag) => vec![flag.to_string()],
        other => texts(Some(other)).into_iter().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn operators() {
        let context = [("sts:ExternalId", "12345"), ("aws:SecureTransport", "true")];
        for (condition, expected) in [
            (json!({"StringEquals": {"sts:ExternalId": "12345"}}), true),
            (json!({"StringEquals": {"STS:externalid": ["1", "12345"]}}), true),
            (json!({"StringEquals": {"sts:ExternalId": "1234*"}}), false),
            (json!({"StringLike": {"sts:ExternalId": "1234*"}}), true),
            (json!({"StringEquals": {"aws:SourceAccount": "1"}}), false),
            (json!({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}), true),
            (json!({"StringNotEquals": {"aws:SourceAccount": "1"}}), true),
            (json!({"ForAnyValue:StringEquals": {"sts:ExternalId": ["1", "12345"]}}), true),
            (json!({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}}), false),
            (json!({"Bool": {"aws:SecureTransport": "false"}}), false),
            (json!({"Bool": {"aws:SecureTransport": true}}), true),
            (json!({"NumericLessThan": {"sts:ExternalId": "99999"}}), false),
        ] {
            assert_eq!(holds(Some(&condition), &context), expected, "{condition}");
        }
    }
}
