//! The schema of the onboarding file, made from the table of answers: a key that is added there is known here.
//!
//! It takes everything that the program takes, and refuses unknown keys, as the program does. Rules between answers, and
//! those of AWS on names, are the program's alone.

use serde_json::{Map, Value, json};

use crate::spec::fields::{FIELDS, Field, TAGS, VARIABLE_KEYS};
use crate::spec::names::{Access, Api, PolicySet, Zone};

/// One closed list of keys for both kinds of file, so that an editor offers all of them, and names the one that is wrong.
pub fn schema() -> Map<String, Value> {
    let mut keys = answers();
    keys.insert(
        "defaults".to_owned(),
        json!({ "description": "What all onboardings of this file share", "$ref": "#/$defs/answers" }),
    );
    keys.insert(
        "onboarding".to_owned(),
        json!({
            "description": "Many onboardings, each with a name of its own",
            "type": "array",
            "minItems": 1,
            "items": { "$ref": "#/$defs/one_of_the_file" },
        }),
    );
    let schema = json!({
        "title": "Onboarding file of optima-onboard (TOML)",
        "description": "One onboarding; or many as [[onboarding]], and [defaults] for what they share. No secret is in it.",
        "type": "object",
        "properties": keys,
        "additionalProperties": false,
        "if": { "anyOf": [{ "required": ["onboarding"] }, { "required": ["defaults"] }] },
        "then": { "required": ["onboarding"], "propertyNames": { "enum": ["onboarding", "defaults"] } },
        "$defs": {
            "answers": { "type": "object", "properties": answers(), "additionalProperties": false },
            "one_of_the_file": one_of_the_file(),
        },
    });
    schema.as_object().cloned().unwrap_or_default()
}

/// One of many: the same answers, and its name.
fn one_of_the_file() -> Value {
    let mut keys = Map::new();
    keys.insert("name".to_owned(), json!({
        "description": "Its name in results and in the receipt, on one line; no other onboarding of this file has it",
        "type": ["string", "integer"],
        "maxLength": 64,
        "pattern": "\\S",
    }));
    keys.extend(answers());
    json!({ "type": "object", "required": ["name"], "properties": keys, "additionalProperties": false })
}

/// Every key of one onboarding.
fn answers() -> Map<String, Value> {
    let mut keys: Map<String, Value> = FIELDS.iter().map(|field| (field.key.to_owned(), answer(field))).collect();
    for key in VARIABLE_KEYS {
        keys.insert(
            key.to_owned(),
            json!({
                "description": "Name of the environment variable that holds it",
                "type": "string",
                "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
            }),
        );
    }
    keys.insert(
        TAGS.to_owned(),
        json!({
            "description": "Extra tags on what is created",
            "type": "object",
            "additionalProperties": { "type": ["string", "integer"] },
        }),
    );
    keys
}

/// Ids may be written as numbers too, as the program takes a whole number for every text.
fn answer(field: &Field) -> Value {
    let words = match field.key {
        "api" => Api::WORDS,
        "zone" => Zone::WORDS,
        "access" => Access::WORDS,
        "policy_set" => PolicySet::WORDS,
        _ => return json!({ "description": field.help, "type": ["string", "integer"], "minLength": 1 }),
    };
    json!({ "description": field.help, "enum": words })
}
