//! Where the results of many go as they come: the document or the report, the receipt, the count.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::error::Error;
use crate::fleet::{Ending, Tally, receipt};
use crate::output::fleet::{Stream, documents, text};
use crate::output::{Format, Printer};
use crate::session::Fleet;
use crate::spec::command;

/// The results so far.
pub(super) struct Results<'a> {
    fleet: &'a Fleet,
    tally: Tally,
    stream: Option<Stream>,
    /// For a person: a line or two each, in the file's order.
    report: BTreeMap<usize, String>,
    receipt: Option<receipt::Writer>,
}

/// One result.
pub(super) struct Outcome {
    pub place: usize,
    pub ending: Ending,
    /// What it would have been alone.
    pub document: Value,
    /// In a few words, for a person.
    pub words: String,
    pub error: Option<Error>,
}

impl<'a> Results<'a> {
    /// Begins; `order` are the places of all who will come.
    pub fn begin(fleet: &'a Fleet, order: Vec<usize>, receipt: Option<receipt::Writer>) -> Self {
        let stream = (fleet.printer.format == Format::Json).then(|| Stream::begin(fleet.printer, order));
        Self { fleet, tally: Tally::default(), stream, report: BTreeMap::new(), receipt }
    }

    /// Takes one.
    pub fn add(&mut self, outcome: Outcome) {
        let Outcome { place, ending, document, words, error } = outcome;
        let name = self.fleet.name(place);
        self.tally.add(ending);
        if self.stream.is_some() || self.receipt.is_some() {
            let document = documents::one(name, document, ending, error.as_ref());
            if let Some(stream) = &mut self.stream {
                stream.add(place, &document);
            }
            self.record(&document);
        }
        if self.stream.is_none() {
            let paint = self.printer().paint_out();
            self.report.insert(place, text::ended(name, ending, &words, error.as_ref(), paint));
        }
    }

    fn record(&mut self, document: &Value) {
        let Some(receipt) = &mut self.receipt else { return };
        if let Err(error) = receipt.add(document) {
            // The work goes on: what was done is done, and the result says so too.
            self.fleet
                .printer
                .insist(&format!("the receipt {} cannot be written any more: {error}", receipt.path().display()));
            self.receipt = None;
        }
    }

    /// Ends: the rest of the document or the report, the receipt's end, and the exit code of it all.
    pub fn end(self, run_error: Option<&Error>) -> u8 {
        let printer = self.printer();
        match self.stream {
            Some(stream) => stream.end(&self.tally, run_error),
            None => {
                let mut lines: Vec<String> = self.report.into_values().collect();
                lines.extend([String::new(), text::tally(&self.tally)]);
                printer.page(&lines.join("\n"));
            }
        }
        let code = run_error.map_or_else(|| self.tally.exit_code(), |error| error.kind.exit_code());
        if let Some(receipt) = self.receipt {
            let path = receipt.path().to_owned();
            match receipt.end(&self.tally) {
                Ok(()) => printer.say(&format!("Receipt: {}", path.display())),
                Err(error) => printer.insist(&format!("the receipt {} is not whole: {error}", path.display())),
            }
            if code != 0 {
                let quoted = |path: &Path| command::quoted(&path.display().to_string());
                let (file, path) = (quoted(&self.fleet.file), quoted(&path));
                printer.say(&format!("Those not done, again: optima-onboard apply --file {file} --only-failed {path}"));
            }
        }
        code
    }

    fn printer(&self) -> Printer {
        self.fleet.printer
    }
}
