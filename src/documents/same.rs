//! When two policies say the same thing, though AWS, a console or a person wrote one of them differently.
//! Grammar: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::lists;
use crate::spec::names::Rule;

/// The longest document looked at: IAM's own bound for a policy document (131,072), each character as `%XX`.
const LONGEST: usize = 3 * 131_072;

/// What IAM takes a policy without a version to be.
const VERSION_OF_OLD: &str = "2008-10-17";

/// Whether two policies mean the same. Order, repetition, `Sid`, `Id`, a list of one written bare, and the case of
/// actions, condition operators and condition keys do not matter; everything else does, what is unknown here too.
pub fn same_policy(a: &Value, b: &Value) -> bool {
    match (canonical_policy(a), canonical_policy(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a == b,
        _ => false,
    }
}

/// Whether two statements mean the same, as [`same_policy`] has it.
pub fn same_statement(a: &Value, b: &Value) -> bool {
    canonical_statement(a) == canonical_statement(b)
}

/// Reads a policy document as AWS returns it: S3 answers with JSON, IAM with JSON in percent-encoding (RFC 3986, as
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html> says).
pub fn decode(text: &str) -> Result<Value, Rule> {
    if text.len() > LONGEST {
        return Err(format!("a policy document has at most {LONGEST} bytes, this one has {}", text.len()));
    }
    // Plain JSON is not decoded: a `%2F` in one of its strings belongs there.
    let plain = text.trim_start().starts_with('{');
    let not_json =
        |why: &dyn std::fmt::Display| format!("a policy document is JSON, plain or in percent-encoding: {why}");
    let json = if plain { text.into() } else { percent_decode_str(text).decode_utf8().map_err(|e| not_json(&e))? };
    // Nesting needs no bound of ours: serde_json stops at 128 levels.
    let value: Value = serde_json::from_str(&json).map_err(|e| not_json(&e))?;
    if value.is_object() { Ok(value) } else { Err("a policy document is a JSON object".to_owned()) }
}

/// A policy without what does not matter: its statements as a set, each as text, and its other elements.
type Canonical = (BTreeSet<String>, BTreeMap<String, Value>);

fn canonical_policy(policy: &Value) -> Option<Canonical> {
    let statements = lists::statements(policy)?.into_iter().map(canonical_statement).collect();
    let mut rest: BTreeMap<String, Value> =
        policy.as_object()?.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    rest.retain(|key, _| key != "Statement" && key != "Id");
    rest.entry("Version".to_owned()).or_insert_with(|| VERSION_OF_OLD.into());
    Some((statements, rest))
}

/// A statement as text that is equal for equal meaning.
fn canonical_statement(statement: &Value) -> String {
    let Some(elements) = statement.as_object() else { return sorted(statement).to_string() };
    let mut canonical = Map::new();
    for (name, value) in elements {
        let value = match name.as_str() {
            "Sid" => continue,
            "Condition" if value.as_object().is_some_and(Map::is_empty) => continue,
            "Action" | "NotAction" => set(value, |action| action.to_lowercase()),
            "Resource" | "NotResource" => set(value, |resource| resource),
            "Principal" | "NotPrincipal" => canonical_principal(value),
            "Condition" => canonical_condition(statement).unwrap_or_else(|| sorted(value)),
            _ => sorted(value),
        };
        canonical.insert(name.clone(), value);
    }
    sorted(&Value::Object(canonical)).to_string()
}

fn canonical_principal(principal: &Value) -> Value {
    match principal {
        Value::Object(kinds) => kinds.iter().map(|(kind, who)| (kind.clone(), set(who, |name| name))).collect(),
        other => other.clone(),
    }
}

fn canonical_condition(statement: &Value) -> Option<Value> {
    let conditions = lists::conditions(statement)?.into_iter();
    let texts: BTreeSet<String> = conditions
        .map(|(operator, key, values)| {
            let values: BTreeSet<String> = values.into_iter().collect();
            Value::from(vec![operator.into(), key.into(), Value::from_iter(values)]).to_string()
        })
        .collect();
    Some(Value::from_iter(texts))
}

/// A list in which neither order nor repetition matters; what is no list of scalars stays as it is.
fn set(value: &Value, spelled: fn(String) -> String) -> Value {
    match lists::scalars(value) {
        Some(texts) => Value::from_iter(texts.into_iter().map(spelled).collect::<BTreeSet<_>>()),
        None => sorted(value),
    }
}

/// The same value with the keys of its objects in order, so that its text can be compared.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            map.iter().map(|(k, v)| (k.clone(), sorted(v))).collect::<BTreeMap<_, _>>().into_iter().collect()
        }
        Value::Array(list) => list.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
