//! `explain`: what resources and permissions are for; all of them, or those that are named.

use crate::error::{Error, Result};
use crate::explain::{self, Entry, PERMISSIONS, RESOURCES};
use crate::output::{self, Format, Printer};
use crate::spec::did_you_mean;

/// What to explain.
#[derive(Clone, Debug, clap::Args)]
pub struct ExplainJob {
    /// A resource or a permission, such as bucket or s3:GetObject [default: all of them, briefly]
    #[arg(value_name = "WORD", num_args = 0..)]
    subjects: Vec<String>,
}

/// Explains; asks nobody.
///
/// # Errors
/// A usage error for a word that names nothing.
pub fn run(job: &ExplainJob, printer: &Printer) -> Result<u8> {
    let entries = if job.subjects.is_empty() { all() } else { named(&job.subjects)? };
    match printer.format {
        Format::Text if job.subjects.is_empty() => printer.page(&output::explain::overview(printer.paint_out())),
        Format::Text => printer.page(&output::explain::in_full(&entries, printer.paint_out())),
        Format::Json => printer.document(&output::explain::document(&entries)),
    }
    Ok(0)
}

fn all() -> Vec<Entry> {
    let permissions = PERMISSIONS.iter().copied().flatten().map(Entry::Permission);
    RESOURCES.iter().map(Entry::Resource).chain(permissions).collect()
}

fn named(words: &[String]) -> Result<Vec<Entry>> {
    let mut found: Vec<Entry> = Vec::new();
    for word in words {
        let entries = explain::find(word);
        if entries.is_empty() {
            let meant = did_you_mean(word, explain::words());
            return Err(Error::usage(format!("nothing is called {word:?}{meant}"))
                .because("no document of an onboarding has such a permission, and no step makes such a resource")
                .remedy("optima-onboard explain lists all of them"));
        }
        found.extend(entries.into_iter().filter(|entry| !found.contains(entry)).collect::<Vec<_>>());
    }
    Ok(found)
}
