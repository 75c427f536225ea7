//! The documents of many: `json` is one document in the file's order, `jsonl` one line for each as it comes. Either is
//! written out as early as its order allows, so that nothing piles up.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::fleet::{Ending, Tally};
use crate::harmless;
use crate::output::json::{SCHEMA_VERSION, error_members};
use crate::output::{JsonShape, Printer};

/// One onboarding's document among many: as it would be alone, with its name and how it ended.
pub fn one(name: &str, alone: Value, ending: Ending, error: Option<&Error>) -> Value {
    let mut members = Map::new();
    members.insert("schema_version".to_owned(), json!(SCHEMA_VERSION));
    members.insert("name".to_owned(), json!(name));
    members.insert("result".to_owned(), json!(ending.word));
    members.insert("exit_code".to_owned(), json!(ending.code));
    if let Value::Object(alone) = alone {
        members.extend(alone.into_iter().filter(|(key, _)| key != "schema_version"));
    }
    if let Some(error) = error {
        members.insert("error".to_owned(), error_members(error));
    }
    Value::Object(members)
}

/// The documents on their way out.
pub struct Stream {
    printer: Printer,
    /// The places still to come, in the document's order.
    order: Vec<usize>,
    next: usize,
    /// Those that came before their turn.
    early: BTreeMap<usize, String>,
}

impl Stream {
    /// Begins; `order` are the places of all who will come.
    pub fn begin(printer: Printer, order: Vec<usize>) -> Self {
        if printer.shape == JsonShape::Document {
            printer.part(&format!("{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"onboardings\": ["));
        }
        Self { printer, order, next: 0, early: BTreeMap::new() }
    }

    /// Writes one out, or keeps it until those before it have come.
    pub fn add(&mut self, place: usize, document: &Value) {
        if self.printer.shape == JsonShape::Lines {
            return self.printer.document(document);
        }
        self.early.insert(place, harmless::json(document));
        while let Some(text) = self.order.get(self.next).and_then(|place| self.early.remove(place)) {
            let lead = if self.next == 0 { "\n" } else { ",\n" };
            self.printer.part(&format!("{lead}    {}", text.replace('\n', "\n    ")));
            self.next += 1;
        }
    }

    /// Ends the document. A line each needs no end, but an error of the run as a whole is told.
    pub fn end(self, tally: &Tally, error: Option<&Error>) {
        if self.printer.shape == JsonShape::Lines {
            if let Some(error) = error {
                self.printer.error(error);
            }
            return;
        }
        let error = error.map(|error| format!(",\n  \"error\": {}", nested(&error_members(error)))).unwrap_or_default();
        self.printer.part(&format!("\n  ],\n  \"summary\": {}{error}\n}}\n", nested(&json!(tally))));
    }
}

fn nested(value: &Value) -> String {
    harmless::json(value).replace('\n', "\n  ")
}
