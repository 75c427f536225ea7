//! The JSON Schema of the onboarding file and of every JSON document that comes out: the contract in a form that editors
//! and scripts can check. Draft 2020-12: <https://json-schema.org/draft/2020-12>
//!
//! Each stands in a file beside this one, but that of the onboarding file, which is made from the table of answers. What
//! several have in common stands once, in `definitions.json`, and goes along with each that refers to it.

mod file;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Where a schema's own definitions are referred to.
const DEFINITIONS: &str = "#/$defs/";

/// One schema.
#[derive(Debug)]
pub struct Schema {
    /// What it is asked for by: mostly the command whose output it is.
    pub name: &'static str,
    /// Which document it describes, in a line.
    pub of: &'static str,
    kept: Kept,
}

/// Where a schema comes from.
#[derive(Debug)]
enum Kept {
    /// A file beside this one.
    Text(&'static str),
    /// The table of answers.
    Answers,
}

macro_rules! kept {
    ($name:literal, $of:literal) => {
        Schema { name: $name, of: $of, kept: Kept::Text(include_str!(concat!($name, ".json"))) }
    };
}

/// Every schema, in the order of the help.
pub const SCHEMAS: &[Schema] = &[
    Schema { name: "file", of: "The onboarding file (TOML), one onboarding or many", kept: Kept::Answers },
    kept!("plan", "plan -o json"),
    kept!("apply", "apply -o json; and of bucket, report, policy, role, user"),
    kept!("verify", "verify -o json"),
    kept!("destroy", "destroy -o json"),
    kept!("many", "plan, apply, verify -o json of a file of many"),
    kept!("many-line", "A line of plan, apply, verify -o jsonl of a file of many"),
    kept!("receipt", "The receipt of apply, of a single step, of destroy"),
    kept!("many-receipt", "The receipt of apply of a file of many"),
    kept!("error", "What any command prints with -o json when it has no other result"),
    kept!("bill-connect", "bill-connect create, list, show, update, delete, validate -o json"),
    kept!("token", "token -o json"),
    kept!("permissions", "permissions: an IAM policy"),
    kept!("review", "review -o json"),
    kept!("explain", "explain -o json"),
    kept!("export", "export -o json: a template, or a text"),
    kept!("sandbox", "sandbox -o json"),
    kept!("schema", "schema -o json"),
    kept!("completions", "completions -o json"),
    kept!("man", "man -o json"),
    kept!("help", "help -o json, and of the bare name"),
];

/// The schema with this name.
pub fn find(name: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|schema| schema.name == name)
}

impl Schema {
    /// The whole of it, with the definitions that it refers to, and nothing to fetch.
    pub fn document(&self) -> Value {
        let mut whole = Map::from_iter([("$schema".to_owned(), Value::from(DRAFT))]);
        whole.extend(match self.kept {
            Kept::Text(text) => members(text),
            Kept::Answers => file::schema(),
        });
        let definitions = with_definitions(&whole);
        if !definitions.is_empty() {
            whole.insert("$defs".to_owned(), definitions.into());
        }
        Value::Object(whole)
    }
}

/// The schema's own definitions, and the common ones that any of it refers to, directly or through another.
fn with_definitions(schema: &Map<String, Value>) -> Map<String, Value> {
    let mut found = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let common = members(include_str!("definitions.json"));
    let mut open = Vec::new();
    schema.values().for_each(|value| references(value, &mut open));
    while let Some(name) = open.pop() {
        if let (false, Some(definition)) = (found.contains_key(&name), common.get(&name)) {
            references(definition, &mut open);
            found.insert(name, definition.clone());
        }
    }
    found.sort_keys();
    found
}

/// The names of the definitions that a schema refers to.
fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(DEFINITIONS));
            found.extend(reference.map(str::to_owned));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

fn members(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).expect("every file beside this one is one JSON object, as a test reads them all")
}
