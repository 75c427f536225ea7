//! `bill-connect`: the onboarding API alone.

use std::time::Instant;

use clap::Subcommand;
use serde_json::json;

use crate::apply::Event;
use crate::aws::identity::Caller;
use crate::cli::Job;
use crate::cli::later::Later;
use crate::cli::next;
use crate::error::{Error, Kind, Result};
use crate::harmless;
use crate::onboarding::BillConnect;
use crate::output::json::SCHEMA_VERSION;
use crate::output::progress::Progress;
use crate::output::{Format, Printer};
use crate::plan::{Change, Planned, Remedy};
use crate::prompt::declined;
use crate::session::Session;
use crate::spec::names::{Access, Region};
use crate::spec::{self, Onboarding, from_stack};
use crate::steps::bill_connect::{self, Found, Standing};
use crate::steps::{self, Step, World};

/// What to do with the bill connect.
#[derive(Clone, Debug, Subcommand)]
pub enum Action {
    /// Register the role; bucket and role must exist
    Create(Later<CreateJob>),
    /// Every bill connect of the organization
    List(Later<Job>),
    /// The account's bill connect
    Show(Later<Job>),
    /// Change the account's bill connect (flexera-one)
    Update(Later<Job>),
    /// Delete the account's bill connect; asks for a yes unless --yes
    Delete(Later<DeleteJob>),
    /// Ask whether Flexera can read the bill, waiting up to --timeout
    Validate(Later<Job>),
}

/// What is registered, and where its values may come from.
#[derive(Clone, Debug, clap::Args)]
pub struct CreateJob {
    #[command(flatten)]
    job: Job,
    /// Take account, role, bucket and prefix from the outputs of this CloudFormation stack, made from
    /// `export cloudformation` [needs cloudformation:DescribeStacks in the stack's region, --region]
    #[arg(long, value_name = "NAME", help_heading = "Run", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    from_stack: Option<String>,
}

/// What is deleted, and the yes to it.
#[derive(Clone, Debug, clap::Args)]
pub struct DeleteJob {
    #[command(flatten)]
    job: Job,
    /// Say yes to deleting it
    #[arg(long, short, help_heading = "Run")]
    yes: bool,
}

/// Does it.
///
/// # Errors
/// What is missing, and what the API answers.
pub(super) async fn run(action: Action, start: impl Fn(Job) -> Result<Session>) -> Result<u8> {
    match action {
        Action::List(Later(job)) => list(&start(job)?).await,
        Action::Show(Later(job)) => show(&start(job)?).await,
        Action::Create(Later(args)) => create(start(args.job)?, args.from_stack).await,
        Action::Update(Later(job)) => register(&start(job)?, Change::Update).await,
        Action::Delete(Later(args)) => delete(&start(args.job)?, args.yes).await,
        Action::Validate(Later(job)) => validate(&start(job)?).await,
    }
}

async fn list(session: &Session) -> Result<u8> {
    let world = connected(session, &session.whole()).await?;
    let found = session.reading(world.onboarding_api()?.list()).await?;
    match session.printer.format {
        Format::Json => session.printer.document(&json!({ "schema_version": SCHEMA_VERSION, "bill_connects": found })),
        Format::Text if found.is_empty() => {
            let makes = next::typed(&session.command("apply"));
            session.printer.say(&format!("The organization has no bill connect.\n\n{makes}"));
        }
        Format::Text => session.printer.result(&found.iter().map(line).collect::<Vec<_>>().join("\n")),
    }
    Ok(0)
}

async fn show(session: &Session) -> Result<u8> {
    let (world, onboarding) = prepared(session, &session.whole()).await?;
    let found = session.reading(world.onboarding_api()?.find(&onboarding.bill_account_id)).await?;
    let Some(connect) = found else { return Err(absent(session, &onboarding)) };
    show_one(&session.printer, &connect);
    Ok(0)
}

async fn create(mut session: Session, from_stack: Option<String>) -> Result<u8> {
    if let Some(name) = from_stack {
        if session.is_rehearsal() {
            return Err(Error::usage("--from-stack has no place beside --sandbox, whose AWS has no CloudFormation")
                .remedy("leave --from-stack out: bucket, prefix and role are taken for granted, or given as flags"));
        }
        session.require_api()?;
        let world = session.connect().await?;
        session.tell_of_aws(&world);
        let stack = session.reading(async { Ok(world.aws.stack(&name).await?) }).await?.ok_or_else(|| {
            Error::failed(format!("there is no stack {name} in {}", world.aws.region()))
                .remedy("aws cloudformation list-stacks shows those there are; --region names another region")
        })?;
        from_stack::fill(&mut session.answers, &stack)?;
    }
    register(&session, Change::Create).await
}

/// Creates or updates by the same plan and writes as `apply`, with the AWS side taken for granted.
async fn register(session: &Session, wanted: Change) -> Result<u8> {
    if session.answers.reuse_report.is_some() {
        return Err(Error::usage("--reuse-report: the onboarding API alone knows no report")
            .remedy("give the report's --bucket and --prefix instead"));
    }
    let needed = |step: &Step| wanted == Change::Update || *step != Step::BillConnect;
    let needed: Vec<Step> = session.whole().into_iter().filter(needed).collect();
    let (world, onboarding) = prepared(session, &needed).await?;
    if onboarding.access == Access::User {
        return Err(Error::refused(
            "a bill connect by user carries a new access key, which is made, registered or deleted again in one step",
        )
        .remedy("optima-onboard apply --access user --api flexera-one does that"));
    }
    let connect = session.reading(world.onboarding_api()?.find(&onboarding.bill_account_id)).await?;
    if wanted == Change::Update && connect.is_none() {
        return Err(absent(session, &onboarding));
    }
    let planned = bill_connect::diff(&onboarding, &Found { connect, user: None });
    if planned.change == Change::Refuse || (wanted == Change::Create && planned.change == Change::Update) {
        let differs = planned.reason.clone().unwrap_or_else(|| "it exists and differs".to_owned());
        let done = if wanted == Change::Create { "created" } else { "updated" };
        let changes = format!("this changes it:\n{}", session.command("bill-connect update"));
        let error = Error::refused(format!("the bill connect {} is not {done}", planned.resource))
            .because(differs)
            .remedy(planned.remedy_or(&changes))
            .typing(planned.remedy.as_ref().and_then(Remedy::command).cloned());
        return Err(next::spelled(session, error));
    }
    written(session, &world, &onboarding, &planned).await?;
    let verb = match planned.change {
        Change::Create => "created",
        Change::Update => "updated",
        Change::Keep | Change::Refuse | Change::Delete => "unchanged",
    };
    finish(session, &world, &onboarding, verb).await
}

/// Carries the writes out. Flexera may not accept a new role for minutes: whoever waits sees that.
async fn written(session: &Session, world: &World, onboarding: &Onboarding, planned: &Planned) -> Result<()> {
    if planned.writes.is_empty() {
        return Ok(());
    }
    let (progress, start) = (Progress::new(&session.printer, &[planned.step]), Instant::now());
    progress.tell(Event::Started(planned.step));
    let mut done = Ok(());
    for write in &planned.writes {
        done = steps::apply(world, onboarding, write).await;
        if done.is_err() {
            break;
        }
    }
    let end = match &done {
        Ok(()) => Event::Finished,
        Err(error) if error.kind == Kind::Interrupted => Event::Interrupted,
        Err(_) => Event::Failed,
    };
    progress.tell(end(planned.step, start.elapsed()));
    progress.finish();
    done.map_err(|error| match error.kind {
        Kind::Interrupted => error
            .because("whether the API took it is open")
            .remedy("run the same command again: it asks what exists before it writes"),
        _ => next::spelled(session, error),
    })
}

async fn delete(session: &Session, yes: bool) -> Result<u8> {
    let (world, onboarding) = prepared(session, &session.whole()).await?;
    let id = onboarding.bill_connect_id();
    if !yes {
        if !session.may_ask() {
            return Err(Error::usage("deleting needs a yes").because("nothing was changed").remedy("add --yes"));
        }
        let question = format!("Delete the bill connect {id} of organization {}?", onboarding.org_id);
        if !session.prompter().confirm(&session.removal_question(&world, &question))? {
            return Err(declined("not deleted"));
        }
    }
    let deleted = world.onboarding_api()?.delete(&id).await?;
    match session.printer.format {
        Format::Json => {
            session.printer.document(&json!({ "schema_version": SCHEMA_VERSION, "id": id, "deleted": deleted }))
        }
        Format::Text => session.printer.result(&if deleted {
            format!("Deleted {id}.")
        } else {
            format!("There is no {id}: nothing to delete.")
        }),
    }
    Ok(0)
}

async fn validate(session: &Session) -> Result<u8> {
    let (world, onboarding) = prepared(session, &session.whole()).await?;
    // The older API has no validation to ask, but whether there is a bill connect at all it does say.
    if session.reading(world.onboarding_api()?.find(&onboarding.bill_account_id)).await?.is_none() {
        return Err(absent(session, &onboarding));
    }
    finish(session, &world, &onboarding, "exists").await
}

async fn finish(session: &Session, world: &World, onboarding: &Onboarding, verb: &str) -> Result<u8> {
    let progress = Progress::new(&session.printer, &[]);
    progress.tell(Event::Validating);
    let standing = bill_connect::validate(world, onboarding).await;
    progress.finish();
    let asks_again = || format!("this asks again:\n{}", session.command("bill-connect validate"));
    let Standing { id, validated, message } = standing.map_err(|error| match error.kind {
        Kind::Interrupted => error.because("only whether Flexera can read the bill was left").remedy(asks_again()),
        _ => error,
    })?;
    let id = id.unwrap_or_else(|| onboarding.bill_connect_id());
    match session.printer.format {
        Format::Json => session.printer.document(&json!({ "schema_version": SCHEMA_VERSION, "bill_connect": { "id": id, "state": verb, "validated": validated, "message": message } })),
        Format::Text => {
            session.printer.result(&format!("{id} {verb}; {}", told(validated, message.as_deref())));
            if !session.is_rehearsal() {
                session.printer.say(&format!("\n{}", next::verify(session)));
            }
        }
    }
    Ok(if validated == Some(false) { Kind::NotValidated.exit_code() } else { 0 })
}

fn told(validated: Option<bool>, message: Option<&str>) -> String {
    let said = message.map(|message| format!(": {}", harmless::shown(message))).unwrap_or_default();
    match validated {
        Some(true) => "Flexera can read the bill".to_owned(),
        Some(false) => format!("Flexera cannot read the bill yet{said}"),
        None => format!("not validated{said}"),
    }
}

/// The clients; a rehearsal begins with these steps taken, or there would be nothing to register or to look at.
async fn connected(session: &Session, rehearsed: &[Step]) -> Result<World> {
    let world = session.connect_api().await?;
    session.furnish_aloud(&world, rehearsed).await?;
    Ok(world)
}

/// The onboarding as the answers describe it; of AWS nothing is asked but whose account it is, where none was given.
async fn prepared(session: &Session, rehearsed: &[Step]) -> Result<(World, Onboarding)> {
    let (world, facts) = match session.answers.bill_account_id.clone().or_else(|| session.sandbox_account()) {
        Some(account) => {
            let world = connected(session, rehearsed).await?;
            // Only the region that was given says in which partition the account is.
            let given = session.answers.bucket_region.clone().or_else(|| session.answers.region.clone());
            let region = given.unwrap_or_else(Region::fallback);
            let caller = Caller { partition: region.partition(), ..Caller::of_account(account) };
            (world, spec::Facts::assumed(Some(caller), region))
        }
        None => {
            session.require_api()?;
            let world = session.connect().await?;
            session.tell_of_all(&world);
            let caller = session.reading(world.aws.caller()).await.map_err(without_account)?;
            let region = world.aws.region().clone();
            (world, spec::Facts::assumed(Some(caller), region))
        }
    };
    let mut answers = session.answers.clone();
    answers.reuse_report = None;
    let onboarding = spec::resolve(&answers, &facts)?;
    Ok((world, onboarding))
}

/// Who has no AWS credentials, and needs none here, has to say which account.
fn without_account(error: Error) -> Error {
    match error.kind {
        Kind::Permission => spec::missing(&["--bill-account-id"])
            .because(format!("its default is the account of the AWS credentials in use, and {}", error.message)),
        Kind::Interrupted | Kind::Usage => error,
        _ => error.remedy("run the same command again; with --bill-account-id AWS is not asked"),
    }
}

fn absent(session: &Session, onboarding: &Onboarding) -> Error {
    Error::failed(format!("organization {} has no bill connect {}", onboarding.org_id, onboarding.bill_connect_id()))
        .remedy(makes(session, onboarding))
        .remedy_too(&format!("this shows those it has:\n{}", session.command("bill-connect list")))
}

/// What makes the bill connect: with a user's key only the whole does.
fn makes(session: &Session, onboarding: &Onboarding) -> String {
    match onboarding.access {
        Access::Role => format!(
            "this registers the role that is there; apply in its place makes that too:\n{}",
            session.command("bill-connect create")
        ),
        Access::User => format!("this makes it:\n{}", session.command("apply")),
    }
}

fn show_one(printer: &Printer, connect: &BillConnect) {
    match printer.format {
        Format::Json => printer.document(&json!({ "schema_version": SCHEMA_VERSION, "bill_connect": connect })),
        Format::Text => printer.result(&details(connect)),
    }
}

/// Member by member, as the JSON has them; what the API did not show is left out.
fn details(connect: &BillConnect) -> String {
    let shown = serde_json::to_value(connect).unwrap_or_default();
    let members = shown.as_object().cloned().unwrap_or_default();
    let lines = members.iter().filter_map(|(name, value)| value.as_str().map(|value| format!("{name:<14} {value}")));
    lines.collect::<Vec<_>>().join("\n")
}

fn line(connect: &BillConnect) -> String {
    let place = match (&connect.bucket, &connect.path) {
        (Some(bucket), Some(path)) => format!("{bucket}/{}", path.trim_start_matches('/')),
        (Some(bucket), None) => bucket.clone(),
        _ => String::new(),
    };
    format!("{:<24} {place}", connect.id).trim_end().to_owned()
}
