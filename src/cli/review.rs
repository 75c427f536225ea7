//! `review`: one self-contained page for whoever must approve.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::Job;
use crate::approval::Document;
use crate::error::{Kind, Result};
use crate::output::json::SCHEMA_VERSION;
use crate::output::{Format as Output, Printer};
use crate::plan::Change;
use crate::review;
use crate::session::{self, Session};

/// What the page is about, and how it is written.
#[derive(Clone, Debug, Args)]
pub(super) struct ReviewJob {
    #[command(flatten)]
    job: Job,
    #[command(flatten)]
    page: PageFlags,
}

#[derive(Clone, Debug, Args)]
struct PageFlags {
    /// Make the page from this plan, as plan --output json wrote it; asks nobody
    #[arg(long, value_name = "FILE", help_heading = "Run")]
    plan: Option<PathBuf>,
    /// How the page is written
    #[arg(long, value_enum, default_value = "html", help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Html,
    Markdown,
}

impl Format {
    fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "markdown",
        }
    }
}

/// Makes the page from the plan in a file, or plans as `plan` does and makes it from that.
///
/// # Errors
/// What is missing or cannot be read; what [`Document::read`] says, and a usage error for answers that contradict the plan.
pub(super) async fn run(job: ReviewJob, start: impl Fn(Job) -> Result<Session>, printer: &Printer) -> Result<u8> {
    let ReviewJob { job, page } = job;
    let document = match &page.plan {
        Some(plan) => approved(job, plan)?,
        None => Document::of(&super::plan::planned(&start(job)?).await?),
    };
    show(&document, page.format, printer)
}

/// The plan in the file; what is answered beside it must not contradict it.
fn approved(job: Job, plan: &Path) -> Result<Document> {
    let document = Document::read(plan)?;
    document.answers_over(session::with_file(job.flags.raw, job.run.file.as_deref())?)?;
    Ok(document)
}

fn show(document: &Document, format: Format, printer: &Printer) -> Result<u8> {
    let kind = match format {
        Format::Html => review::Format::Html,
        Format::Markdown => review::Format::Markdown,
    };
    let text = review::write(document, kind)?;
    match printer.format {
        Output::Text => printer.result(&text),
        Output::Json => printer.document(&json!({
            "schema_version": SCHEMA_VERSION,
            "format": format.word(),
            "fingerprint": document.fingerprint,
            "content": text,
        })),
    }
    let refused = document.steps.iter().any(|part| part.change == Change::Refuse);
    Ok(if refused { Kind::Refused.exit_code() } else { 0 })
}
