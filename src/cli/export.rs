//! `export`: the same onboarding as something else to review or run; nothing is asked of anybody.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::flags::ExportFlags;
use crate::cli::later::Later;
use crate::error::{Error, Result};
use crate::export::cloudformation::{self, Part, Template};
use crate::export::{Subject, aws_cli, stackset, terraform};
use crate::output::json::SCHEMA_VERSION;
use crate::output::{Format, Printer};
use crate::session;
use crate::spec::answers::Answers;
use crate::spec::names::{Parse, Region};

/// The formats.
#[derive(Clone, Debug, Subcommand)]
pub enum Target {
    /// A CloudFormation template for one account: YAML, or JSON with -o json
    Cloudformation(Later<TemplateJob>),
    /// The template with the commands that bring it to many accounts
    Stackset(Later<TemplateJob>),
    /// A Terraform configuration, one file
    Terraform(Later<Job>),
    /// A bash script for the AWS CLI, which can be run again
    AwsCli(Later<Job>),
}

/// What is written out.
#[derive(Clone, Debug, Args)]
pub struct Job {
    #[command(flatten)]
    flags: ExportFlags,
    /// Onboarding file (TOML); keys are the flags' names with _ for -
    #[arg(long, short, value_name = "FILE", env = "OPTIMA_FILE", hide_env = true, help_heading = "Run")]
    file: Option<PathBuf>,
}

/// A template, or one part of it.
#[derive(Clone, Debug, Args)]
pub struct TemplateJob {
    #[command(flatten)]
    job: Job,
    /// Only the report, for its own stack where the bucket is not in the report service's region
    #[arg(long, help_heading = "Run")]
    report_only: bool,
}

/// Writes it to stdout.
///
/// # Errors
/// What is missing or cannot be used.
pub fn run(target: Target, printer: &Printer) -> Result<u8> {
    match target {
        Target::Cloudformation(Later(job)) => template(job, printer, cloudformation::export),
        Target::Stackset(Later(job)) => template(job, printer, stackset::export),
        Target::Terraform(Later(job)) => text(job, printer, "terraform", terraform::export),
        Target::AwsCli(Later(job)) => text(job, printer, "aws-cli", aws_cli::export),
    }
}

fn template(job: TemplateJob, printer: &Printer, export: fn(&Subject, Part) -> Template) -> Result<u8> {
    let subject = subject(job.job)?;
    let part = if job.report_only { Part::report(&subject)? } else { Part::first(&subject) };
    caution(&subject, printer);
    let template = export(&subject, part);
    match printer.format {
        Format::Text => printer.result(&template.yaml()),
        Format::Json => printer.document(&template.json()),
    }
    if part == Part::WithoutReport {
        printer.say(&format!(
            "The report has a stack of its own, in {}: the same command with --report-only writes it.",
            subject.report_region()
        ));
    }
    Ok(0)
}

fn text(job: Job, printer: &Printer, format: &str, export: fn(&Subject) -> String) -> Result<u8> {
    let subject = subject(job)?;
    caution(&subject, printer);
    let text = export(&subject);
    match printer.format {
        Format::Text => printer.result(&text),
        Format::Json => {
            printer.document(&json!({ "schema_version": SCHEMA_VERSION, "format": format, "content": text }));
        }
    }
    Ok(0)
}

/// Above what is written out, whose comments a form may not have.
fn caution(subject: &Subject, printer: &Printer) {
    subject.caution().iter().for_each(|caution| printer.warn(caution));
}

fn subject(job: Job) -> Result<Subject> {
    let raw = session::with_file(job.flags.raw, job.file.as_deref())?;
    let answers = Answers::parse_for_export(&raw)?;
    Subject::new(answers, region_in_use()?)
}

/// As the AWS CLI's environment has it; a profile is not read, since an export is not for this machine's account.
fn region_in_use() -> Result<Region> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let Some(text) = set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")) else { return Ok(Region::fallback()) };
    Region::parse(&text).map_err(|rule| {
        Error::usage(format!("the AWS region {text:?}: {rule}")).remedy("set --bucket-region or AWS_REGION")
    })
}
