//! No JSON comes out that its schema does not describe, whatever is tested: everything that a run prints as JSON, and every
//! receipt that it leaves, is held against the schema of its command.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use boon::{Compiler, SchemaIndex, Schemas};
use optima_onboard::schema::SCHEMAS;
use serde_json::Value;

/// What a compiled schema is known under; nothing is fetched from there.
const PLACE: &str = "https://schemas.invalid/";

/// The parts of two schemas that belong to one command each.
const PARTS: [(&str, &str); 10] = [
    ("bill-connect list", "bill-connect#/$defs/bill_connect_list"),
    ("bill-connect show", "bill-connect#/$defs/bill_connect_show"),
    ("bill-connect create", "bill-connect#/$defs/bill_connect_create"),
    ("bill-connect update", "bill-connect#/$defs/bill_connect_create"),
    ("bill-connect validate", "bill-connect#/$defs/bill_connect_create"),
    ("bill-connect delete", "bill-connect#/$defs/bill_connect_delete"),
    ("export cloudformation", "export#/$defs/export_template"),
    ("export stackset", "export#/$defs/export_template"),
    ("export terraform", "export#/$defs/export_text"),
    ("export aws-cli", "export#/$defs/export_text"),
];

/// The commands whose whole output is as that of `apply`.
const SINGLE_STEPS: [&str; 5] = ["bucket", "report", "policy", "role", "user"];

static COMPILED: LazyLock<Compiled> = LazyLock::new(Compiled::new);

struct Compiled {
    schemas: Schemas,
    places: BTreeMap<&'static str, SchemaIndex>,
}

impl Compiled {
    /// Every schema, itself held against the schema of schemas.
    fn new() -> Self {
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        for schema in SCHEMAS {
            compiler.add_resource(&format!("{PLACE}{}", schema.name), schema.document()).expect("a place of its own");
        }
        let names = SCHEMAS.iter().map(|schema| schema.name).chain(PARTS.map(|(_, part)| part));
        let places = names.map(|name| {
            let compiled = compiler.compile(&format!("{PLACE}{name}"), &mut schemas);
            (name, compiled.unwrap_or_else(|error| panic!("the schema {name} is none: {error:#}")))
        });
        let places = places.collect();
        Self { schemas, places }
    }
}

/// Why the document is not what the schema describes.
pub fn difference(name: &str, document: &Value) -> Option<String> {
    let place = COMPILED.places.get(name).unwrap_or_else(|| panic!("there is no schema {name}"));
    COMPILED.schemas.validate(document, *place).err().map(|error| format!("{error:#}"))
}

#[track_caller]
fn hold(name: &str, document: &Value) {
    if let Some(difference) = difference(name, document) {
        panic!("this is not as `schema {name}` says: {difference}\n{document:#}");
    }
}

/// Holds what a run printed against the schema of its command, if it was to print JSON.
#[track_caller]
pub fn check(command: &Command, stdout: &str) {
    let words = words(command);
    let Some(shape) = shape(&words, command) else { return };
    let ours = command_words(&words);
    match shape {
        Shape::Document => check_one(&ours, stdout),
        Shape::Lines => stdout.lines().for_each(|line| check_one(&ours, line)),
    }
}

/// One document, or nothing: who closed the pipe has read none.
#[track_caller]
fn check_one(command: &str, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    let document: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{command}: {error}: {text}"));
    hold(&schema_of(command, &document), &document);
}

/// Which schema describes a document of this command.
fn schema_of(command: &str, document: &Value) -> String {
    let first = command.split(' ').next().unwrap_or_default();
    let has = |key: &str| document.get(key).is_some();
    let is_error = has("error") && document.as_object().is_some_and(|members| members.len() == 2);
    let part = PARTS.iter().find(|(words, _)| *words == command).map(|(_, part)| *part);
    match first {
        _ if is_error => "error",
        "plan" | "apply" | "verify" if has("onboardings") => "many",
        "plan" | "apply" | "verify" if has("name") => "many-line",
        "" => "help",
        step if SINGLE_STEPS.contains(&step) => "apply",
        other => part.unwrap_or(other),
    }
    .to_owned()
}

enum Shape {
    Document,
    Lines,
}

/// How the run was asked for JSON: by flag, by variable, or as it prints nothing else. Help is text all the same.
fn shape(words: &[String], command: &Command) -> Option<Shape> {
    let first = words.first().map(String::as_str).unwrap_or_default();
    let is_text = words.iter().any(|word| ["--help", "-h", "--version", "-V"].contains(&word.as_str()));
    let is_schema = first == "schema" && words.get(1).is_some_and(|word| !word.starts_with('-'));
    if is_text || is_schema {
        return None;
    }
    let flag = words.iter().enumerate().find_map(|(place, word)| match word.as_str() {
        "--output" | "-o" => words.get(place + 1).cloned(),
        word => ["--output=", "-o"].iter().find_map(|flag| word.strip_prefix(flag)).map(str::to_owned),
    });
    let variable = command.get_envs().find(|(name, _)| *name == "OPTIMA_OUTPUT");
    let variable = variable.and_then(|(_, value)| Some(value?.to_str()?.to_owned()));
    match flag.or(variable).as_deref() {
        Some("json") => Some(Shape::Document),
        Some("jsonl") => Some(Shape::Lines),
        _ => None,
    }
}

/// The words after the binary, whatever starts it.
fn words(command: &Command) -> Vec<String> {
    let words: Vec<String> = command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
    let binary = words.iter().position(|word| word == env!("CARGO_BIN_EXE_optima-onboard"));
    words[binary.map_or(0, |place| place + 1)..].to_vec()
}

/// `plan`, or `bill-connect list`.
fn command_words(words: &[String]) -> String {
    let known = |word: &&String| !word.starts_with('-') && !["json", "jsonl"].contains(&word.as_str());
    let mut words = words.iter().filter(known);
    let first = words.next().cloned().unwrap_or_default();
    match words.next() {
        Some(second) if ["bill-connect", "export"].contains(&first.as_str()) => format!("{first} {second}"),
        _ => first,
    }
}

/// Holds a receipt against its schema; that of many is whole only when its run came to its end.
#[track_caller]
pub fn check_receipt(path: &Path, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let document: Value = match serde_json::from_str(&text) {
        Err(_) if text.contains("\"done_before\"") => return,
        read => read.unwrap_or_else(|error| panic!("{}: {error}: {text}", path.display())),
    };
    hold(if document.get("planned").is_some() { "many-receipt" } else { "receipt" }, &document);
}
