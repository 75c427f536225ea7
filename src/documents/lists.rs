//! AWS lets a list of one be written bare, in every place of a policy; these read both spellings alike.

use serde_json::Value;

/// A policy's statements, or nothing where there are none to be read.
pub(super) fn statements(policy: &Value) -> Option<Vec<&Value>> {
    match policy.get("Statement")? {
        Value::Array(list) => Some(list.iter().collect()),
        one @ Value::Object(_) => Some(vec![one]),
        _ => None,
    }
}

/// One scalar or a list of them, each as text: IAM compares `true` and `"true"` alike.
pub(super) fn scalars(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(list) => list.iter().map(scalar).collect(),
        one => scalar(one).map(|text| vec![text]),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A statement's conditions as (operator, key, values), operator and key in lower case because IAM ignores theirs;
/// nothing where the element is not one that IAM would accept. All of them must hold.
pub(super) fn conditions(statement: &Value) -> Option<Vec<(String, String, Vec<String>)>> {
    let Some(element) = statement.get("Condition") else { return Some(Vec::new()) };
    let mut found = Vec::new();
    for (operator, keys) in element.as_object()? {
        for (key, values) in keys.as_object()? {
            found.push((operator.to_lowercase(), key.to_lowercase(), scalars(values)?));
        }
    }
    Some(found)
}
