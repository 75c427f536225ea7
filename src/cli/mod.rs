//! The command line: what is typed, and which command it is. Thin; what a command does stands in its own file.

mod apply;
mod approved;
mod bill_connect;
mod completions;
mod destroy;
mod details;
mod examples;
mod explain;
mod export;
mod flags;
mod fleet;
mod groups;
mod help;
mod later;
mod man;
mod next;
mod one_or_many;
mod permissions;
mod plan;
mod review;
mod run_flags;
#[cfg(feature = "sandbox")]
mod sandbox;
mod schema;
mod token;
mod topics;
mod unparsed;
mod verify;
mod wizard;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::approval::Approval;
use crate::error::Result;
use crate::output::{self, Printer};
use crate::session;
use crate::steps::Step;
use crate::wait::Stop;
use destroy::DestroyJob;
use flags::{ApiFlags, OnboardingFlags};
use fleet::FleetFlags;
use later::Later;
use run_flags::{ApplyFlags, OutputFlags, RunFlags};
use verify::VerifyFlags;

/// Connects an AWS payer account's billing data to Flexera Optima (Flexera One Cloud Cost Optimization).
#[derive(Debug, Parser)]
#[command(
    name = "optima-onboard",
    version,
    about,
    max_term_width = 100,
    subcommand_required = false,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    output: OutputFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask what is open, show the plan, ask once, apply, verify
    Wizard(Later<ApplyJob>),
    /// Show what apply would change; change nothing
    Plan(Later<PlanJob>),
    /// Plan, carry it out, validate
    Apply(Later<approved::ApprovedJob>),
    /// Say, check by check, whether the bill will flow
    Verify(Later<VerifyJob>),
    /// Remove what optima-onboard made, and nothing else
    Destroy(Later<DestroyJob>),
    /// The billing bucket and its policy alone
    Bucket(Later<ApplyJob>),
    /// The Cost and Usage Report alone
    Report(Later<ApplyJob>),
    /// The IAM policy alone
    Policy(Later<ApplyJob>),
    /// The role alone
    Role(Later<ApplyJob>),
    /// The IAM user alone
    User(Later<ApplyJob>),
    /// Print a bearer token, for a refresh token or a client
    Token(Later<ApiJob>),
    /// The onboarding API alone
    BillConnect {
        #[command(subcommand)]
        action: bill_connect::Action,
    },
    /// Write the onboarding out, to review or run elsewhere
    Export {
        #[command(subcommand)]
        target: export::Target,
    },
    /// Write a page for whoever must approve
    Review(Later<review::ReviewJob>),
    /// Print the least IAM policy an operator needs
    Permissions(Later<permissions::PermissionsJob>),
    /// Serve the embedded AWS and onboarding API until Ctrl-C
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Ports),
    /// Say what each permission and each resource is for
    Explain(explain::ExplainJob),
    /// Print the JSON Schema of the onboarding file or a JSON output
    Schema(schema::SchemaJob),
    /// Print completions for bash, zsh, fish or PowerShell
    Completions(completions::CompletionsJob),
    /// Print a manual page, or write all of them to a directory
    Man(man::ManJob),
    /// Say all about a command, or about a topic
    Help(help::Topic),
}

/// One onboarding and how to run it.
#[derive(Clone, Debug, clap::Args)]
struct Job {
    #[command(flatten)]
    flags: OnboardingFlags,
    #[command(flatten)]
    run: RunFlags,
}

#[derive(Clone, Debug, clap::Args)]
struct ApplyJob {
    #[command(flatten)]
    job: Job,
    #[command(flatten)]
    apply: ApplyFlags,
}

/// One onboarding, or many.
#[derive(Clone, Debug, clap::Args)]
struct ManyJob {
    #[command(flatten)]
    job: Job,
    #[command(flatten)]
    many: FleetFlags,
}

#[derive(Clone, Debug, clap::Args)]
struct VerifyJob {
    #[command(flatten)]
    job: ManyJob,
    #[command(flatten)]
    verify: VerifyFlags,
}

#[derive(Clone, Debug, clap::Args)]
struct ManyApplyJob {
    #[command(flatten)]
    job: ManyJob,
    #[command(flatten)]
    apply: ApplyFlags,
}

#[derive(Clone, Debug, clap::Args)]
struct PlanJob {
    #[command(flatten)]
    job: ManyJob,
    /// Exit with 3 when changes are pending, with 0 only when there are none
    #[arg(long, help_heading = "Run")]
    detailed_exitcode: bool,
}

#[derive(Clone, Debug, clap::Args)]
struct ApiJob {
    #[command(flatten)]
    flags: ApiFlags,
    #[command(flatten)]
    run: RunFlags,
}

/// Parses, runs, and says how it ended.
pub fn main() -> ExitCode {
    if let Some(code) = completions::answer(tree) {
        return code;
    }
    let (cli, words) = match parse() {
        Ok(parsed) => parsed,
        Err(error) => return unparsed::tell(&error),
    };
    let facts = crate::context::Facts::detect();
    let printer = cli.output.printer(&facts);
    crate::defect::report_panics(printer);
    let outcome = crate::log::start(cli.output.verbosity()).and_then(|()| run_to_end(cli, printer, &facts));
    let code = outcome.unwrap_or_else(|error| {
        let error = error.in_command(&words);
        printer.error(&error);
        error.kind.exit_code()
    });
    ExitCode::from(output::lost().map_or(code, |error| {
        printer.insist(&output::error_text(&error, printer.paint_err()));
        error.kind.exit_code()
    }))
}

/// Every command, as help and parsing see them.
fn tree() -> clap::Command {
    groups::grouped(Cli::command())
}

/// What is typed, and the words of the command that it is.
fn parse() -> std::result::Result<(Cli, String), clap::Error> {
    let mut tree = tree();
    let matches = tree.try_get_matches_from_mut(std::env::args_os())?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut tree))?;
    let commands = std::iter::successors(matches.subcommand(), |(_, inner)| inner.subcommand());
    let words: Vec<&str> = commands.map(|(word, _)| word).collect();
    Ok((cli, words.join(" ")))
}

fn run_to_end(cli: Cli, printer: Printer, facts: &crate::context::Facts) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| crate::signals::not_started(&error))?;
    let stop = crate::signals::listen()?;
    runtime.block_on(run(cli.command, printer, facts, stop))
}

/// Which command it is: a line for each, and nothing decided here.
async fn run(command: Option<Command>, printer: Printer, facts: &crate::context::Facts, stop: Stop) -> Result<u8> {
    let start = |job: Job| session::Session::open(job.flags.raw, &job.run.into(), printer, facts.clone(), stop.clone());
    let open = |job: Job| session::open(job.flags.raw, &job.run.into(), printer, facts.clone(), stop.clone());
    let single = async |ApplyJob { job, apply }: ApplyJob, step: Step| {
        let (raw, options) = (job.flags.raw, job.run.into());
        let session = session::Session::open_step(raw, step, &options, printer, facts.clone(), stop.clone())?;
        apply::run(&session, &apply, Some(step), &Approval::default()).await
    };
    match command {
        None => Ok(help::greet(&printer)),
        Some(Command::Explain(job)) => explain::run(&job, &printer),
        Some(Command::Schema(job)) => Ok(schema::run(&job, &printer)),
        Some(Command::Completions(job)) => Ok(completions::run(&job, &printer)),
        Some(Command::Man(job)) => man::run(&job, &printer, tree()),
        Some(Command::Help(topic)) => help::show(&topic, &printer, tree()),
        Some(Command::Wizard(Later(wizard))) => wizard::run(start(wizard.job)?, &wizard.apply).await,
        Some(Command::Destroy(Later(DestroyJob { job: ApplyJob { job, apply }, removal }))) => {
            destroy::run(&start(job)?, &apply, &removal).await
        }
        Some(Command::Plan(Later(PlanJob { job: ManyJob { job, many }, detailed_exitcode }))) => {
            one_or_many::plan(open(job)?, &many, detailed_exitcode).await
        }
        Some(Command::Apply(Later(approved))) => {
            let (ManyApplyJob { job: ManyJob { job, many }, apply }, approval) = approved.read()?;
            one_or_many::apply(open(job)?, &apply, &many, &approval).await
        }
        Some(Command::Verify(Later(VerifyJob { job: ManyJob { job, many }, verify }))) => {
            one_or_many::verify(open(job)?, &verify, &many).await
        }
        Some(Command::Bucket(Later(job))) => single(job, Step::Bucket).await,
        Some(Command::Report(Later(job))) => single(job, Step::Report).await,
        Some(Command::Policy(Later(job))) => single(job, Step::Policy).await,
        Some(Command::Role(Later(job))) => single(job, Step::Role).await,
        Some(Command::User(Later(job))) => single(job, Step::User).await,
        Some(Command::Token(Later(job))) => token::run(&start(job.into())?).await,
        Some(Command::BillConnect { action }) => bill_connect::run(action, start).await,
        Some(Command::Export { target }) => export::run(target, &printer),
        Some(Command::Review(Later(job))) => review::run(job, start, &printer).await,
        Some(Command::Permissions(Later(args))) => permissions::run(&start(args.job)?, args.purpose.into()).await,
        #[cfg(feature = "sandbox")]
        Some(Command::Sandbox(ports)) => sandbox::run(&ports, &printer, &stop).await,
    }
}

impl From<ApiJob> for Job {
    fn from(job: ApiJob) -> Self {
        Self { flags: OnboardingFlags { raw: job.flags.raw }, run: job.run }
    }
}
