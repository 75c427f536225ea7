//! `schema`: the JSON Schema of the onboarding file or of a JSON document that a command prints.

use clap::builder::PossibleValuesParser;
use serde_json::json;

use crate::output::json::SCHEMA_VERSION;
use crate::output::{Format, Printer};
use crate::schema::{self, SCHEMAS};

/// Which one.
#[derive(Clone, Debug, clap::Args)]
pub struct SchemaJob {
    /// Which document's [default: a list of them]
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(SCHEMAS.iter().map(|schema| schema.name)))]
    name: Option<String>,
}

/// Prints it, or which there are; asks nobody.
pub fn run(job: &SchemaJob, printer: &Printer) -> u8 {
    match job.name.as_deref().and_then(schema::find) {
        Some(schema) => printer.document(&schema.document()),
        None => list(printer),
    }
    0
}

fn list(printer: &Printer) {
    match printer.format {
        Format::Text => {
            let line = |schema: &schema::Schema| format!("{:<13} {}", schema.name, schema.of);
            printer.page(&SCHEMAS.iter().map(line).collect::<Vec<_>>().join("\n"));
        }
        Format::Json => {
            let schemas = SCHEMAS.iter().map(|schema| json!({ "name": schema.name, "of": schema.of }));
            let schemas = schemas.collect::<Vec<_>>();
            printer.document(&json!({ "schema_version": SCHEMA_VERSION, "schemas": schemas }));
        }
    }
}
