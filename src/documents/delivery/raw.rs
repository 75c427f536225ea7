//! A bucket policy taken apart and put together again so that what nobody changes keeps its bytes: the spelling of
//! numbers, escapes and spaces too, which parsing and writing anew would lose.

use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::refusal::MergeRefusal;

/// One statement: what it says, and how it is written.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it says.
    pub value: Value,
    text: String,
}

impl Statement {
    /// A new one.
    pub fn new(value: Value) -> Self {
        Self { text: value.to_string(), value }
    }

    fn written(raw: &RawValue) -> serde_json::Result<Self> {
        Ok(Self { value: serde_json::from_str(raw.get())?, text: raw.get().to_owned() })
    }
}

/// A policy's members in their order, each as it is written.
#[derive(Debug)]
pub struct Policy(Vec<(String, Box<RawValue>)>);

impl Policy {
    /// Reads a policy and its statements; nothing there is an empty one.
    pub fn read(existing: Option<&str>) -> Result<(Self, Vec<Statement>), MergeRefusal> {
        let text = existing.unwrap_or(r#"{"Version":"2012-10-17","Statement":[]}"#);
        let value: Value = serde_json::from_str(text).map_err(|e| MergeRefusal::NotJson(e.to_string()))?;
        check(&value)?;
        Self::take_apart(text).map_err(|e| MergeRefusal::NotJson(e.to_string()))
    }

    /// The policy with these statements in the place of its own.
    pub fn with(&self, statements: &[Statement]) -> String {
        let texts: Vec<&str> = statements.iter().map(|statement| statement.text.as_str()).collect();
        let list = format!("[{}]", texts.join(","));
        let member = |(name, raw): &(String, Box<RawValue>)| {
            let value = if name == "Statement" { &list } else { raw.get() };
            format!("{}:{value}", Value::from(name.as_str()))
        };
        format!("{{{}}}", self.0.iter().map(member).collect::<Vec<_>>().join(","))
    }

    fn take_apart(text: &str) -> serde_json::Result<(Self, Vec<Statement>)> {
        let policy: Self = serde_json::from_str(text)?;
        let raw = policy.0.iter().find(|(name, _)| name == "Statement").map_or("[]", |(_, raw)| raw.get());
        let list: Vec<Box<RawValue>> =
            if raw.starts_with('[') { serde_json::from_str(raw)? } else { vec![serde_json::from_str(raw)?] };
        let statements = list.iter().map(|raw| Statement::written(raw)).collect::<serde_json::Result<_>>()?;
        Ok((policy, statements))
    }
}

fn check(policy: &Value) -> Result<(), MergeRefusal> {
    let Value::Object(members) = policy else { return Err(MergeRefusal::NotAPolicy("it is not an object")) };
    match members.get("Statement") {
        Some(Value::Array(list)) if list.iter().all(Value::is_object) => Ok(()),
        Some(Value::Object(_)) => Ok(()),
        Some(_) => Err(MergeRefusal::NotAPolicy("its Statement is neither an object nor a list of objects")),
        None => Err(MergeRefusal::NotAPolicy("it has no Statement")),
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Policy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a policy document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Policy, A::Error> {
        let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
        while let Some((name, raw)) = map.next_entry::<String, Box<RawValue>>()? {
            // JSON takes a name twice, AWS does not; the last one counts, as everywhere.
            members.retain(|(before, _)| *before != name);
            members.push((name, raw));
        }
        Ok(Policy(members))
    }
}
