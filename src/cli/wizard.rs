//! `wizard`: what was found, what is open, the plan, one yes, the work, the verification, and the command that repeats it.

use crate::aws::identity::AccountKind;
use crate::cli::apply::carry_out;
use crate::cli::plan::refusal;
use crate::cli::run_flags::ApplyFlags;
use crate::cli::verify::judged;
use crate::credentials;
use crate::documents::Purpose;
use crate::error::{Error, Kind, Result};
use crate::harmless;
use crate::onboarding::Credential;
use crate::output::{Format, plan_text, verify_text};
use crate::plan::Plan;
use crate::preflight::{self, Preflight};
use crate::prompt::{Prompter, Question};
use crate::session::Session;
use crate::spec::{self, Facts, questions};
use crate::steps::World;

/// The whole conversation.
///
/// # Errors
/// When there is nobody to ask, when the person leaves, and whatever `apply` can meet.
pub async fn run(mut session: Session, flags: &ApplyFlags) -> Result<u8> {
    if !session.may_ask() {
        return Err(nobody(&session));
    }
    if session.printer.format == Format::Json {
        return Err(Error::usage("the wizard talks to a person, and --output json to a script")
            .remedy("optima-onboard apply --yes --output json"));
    }
    let mut prompter = session.prompter();
    let mut facts = introduce(&session).await?;
    ask(&mut session, prompter.as_mut(), &mut facts).await?;
    let world = session.connect().await?;
    let plan = session.reading(async { Ok(session.prepare(&world, &facts, None).await?.2) }).await?;
    let printer = session.printer;
    printer.say(&format!("\n{}\n", plan_text::plan(&plan, printer.loudness, printer.paint_err())));
    if let Some(error) = refusal(&plan) {
        return Err(error);
    }
    if plan.has_changes() && !flags.yes && !session.agreed(prompter.as_mut(), &world, &question(&plan))? {
        let again = session.command("wizard");
        return Err(Error::new(Kind::Interrupted, "not applied")
            .because("the answer was no; nothing was changed")
            .remedy(format!("the same answers again:\n{again}")));
    }
    let applied = carry_out(&session, flags, &world, &plan).await?;
    // Not validated is no failure of the work: what exists and what to type next is shown before it is said.
    match &applied.error {
        Some(error) if error.kind != Kind::NotValidated => return Err(error.clone()),
        _ => printer.page(&plan_text::done(&plan, &applied, printer.paint_out())),
    }
    let code = verified(&session, &world, &plan).await?;
    applied.error.map_or(Ok(code), Err)
}

fn question(plan: &Plan) -> String {
    format!("Apply this to AWS account {}?", plan.onboarding.account_id)
}

/// Says who is calling and what was found, before any question.
async fn introduce(session: &Session) -> Result<Facts> {
    let printer = &session.printer;
    let paint = printer.paint_err();
    if session.is_rehearsal() {
        printer.say(
            &paint.look(
                "Sandbox: AWS and the onboarding API are embedded in this program; nothing leaves this machine.\n",
            ),
        );
    }
    let world = session.connect().await?;
    let facts = session.reading(session.facts(&world, None)).await?;
    let row = |name: &str, value: String| printer.say(&format!("  {name:<12} {}", harmless::shown(&value)));
    printer.say(&paint.strong("Found in AWS"));
    row("account", format!("{} ({})", facts.caller.account, in_words(&facts.account_kind)));
    row("you are", facts.caller.arn.clone());
    row("region", facts.region.to_string());
    row(
        "reports",
        if facts.reports.is_empty() {
            "none".to_owned()
        } else {
            facts.reports.iter().map(|report| report.name.as_str()).collect::<Vec<_>>().join(", ")
        },
    );
    row("permissions", permissions(session, &world, &facts).await);
    Ok(facts)
}

fn in_words(kind: &AccountKind) -> String {
    match kind {
        AccountKind::Payer => "the payer of its organization".to_owned(),
        AccountKind::Standalone => "standalone, it pays for itself".to_owned(),
        AccountKind::Member(payer) => format!("a member; the payer is {payer}"),
        AccountKind::Unknown(reason) => format!("AWS Organizations did not say what kind: {reason}"),
    }
}

/// Held against the defaults where answers are still open.
async fn permissions(session: &Session, world: &World, facts: &Facts) -> String {
    let mut answers = session.answers.clone();
    answers.org_id = answers.org_id.take().or_else(spec::placeholder_org);
    let Ok(onboarding) = spec::resolve(&answers, facts) else { return "not looked at".to_owned() };
    match preflight::ask(&world.aws, &facts.caller, &onboarding, Purpose::Apply).await {
        Preflight::Allowed => "all that is needed".to_owned(),
        Preflight::Missing(missing) => format!("you may lack {}", missing.join(", ")),
        Preflight::Unknown(reason) => format!("could not be looked at: {reason}"),
    }
}

async fn ask(session: &mut Session, prompter: &mut dyn Prompter, facts: &mut Facts) -> Result<()> {
    let suggested = session.suggested_org.take();
    if suggested.is_some() {
        session.answers.org_id = None;
    }
    questions::flexera(prompter, &mut session.answers, suggested.as_ref())?;
    while session.credential.is_none() {
        session.credential = token(session, prompter).await?;
    }
    questions::aws(prompter, &mut session.answers, facts)?;
    if session.answers.bucket_region.is_none()
        && let Some(bucket) = &session.answers.bucket
    {
        let world = session.connect().await?;
        let found = session.reading(async { Ok(world.aws.bucket_region(bucket).await?) }).await?;
        facts.bucket_region = found.and_then(|region| spec::names::Parse::parse(&region).ok());
    }
    questions::region(prompter, &mut session.answers, facts)
}

/// Asks for a token and tries it at once; one that is refused is said so, and asked for again.
async fn token(session: &mut Session, prompter: &mut dyn Prompter) -> Result<Option<Credential>> {
    let question = Question {
        text: "Flexera refresh token (hidden)",
        why: "Flexera One > User Settings > API Credentials. It is used for this run and kept nowhere.",
        flag: "--refresh-token-file",
    };
    let secret = prompter.secret(&question)?;
    session.credential = Some(Credential::RefreshToken(secret));
    let tried = async {
        let world = session.connect().await?;
        world.onboarding_api()?.sign_in().await
    };
    match session.reading(tried).await {
        Ok(()) => Ok(session.credential.take()),
        Err(error) if error.kind == Kind::Permission => {
            session.printer.error(&error);
            session.credential = None;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The full verification, then what a person may want to type next.
async fn verified(session: &Session, world: &World, plan: &Plan) -> Result<u8> {
    let printer = &session.printer;
    let report = session
        .reading(async {
            let facts = session.facts(world, None).await?;
            judged(session, world, &facts).await
        })
        .await?;
    printer.say(&format!("\n{}", verify_text::report(&report, printer.paint_err())));
    printer.say(&farewell(session));
    debug_assert!(plan.refusals().next().is_none(), "a refused plan is never verified");
    Ok(if report.ok() { 0 } else { Kind::Failed.exit_code() })
}

/// What a person may want to type next.
fn farewell(session: &Session) -> String {
    if session.is_rehearsal() {
        let again = session.command("apply");
        return format!(
            "\nThe same without questions:\n  {again} --yes\nFor real, with AWS credentials of the payer account:\n  optima-onboard wizard"
        );
    }
    let apply = session.command("apply");
    let verify = session.command("verify");
    format!(
        "\nThe same without questions:\n  {apply} --yes\nTo look again:\n  {verify}\nBoth read the token from OPTIMA_REFRESH_TOKEN or --refresh-token-file."
    )
}

/// Without a terminal the wizard names what a script has to give.
fn nobody(session: &Session) -> Error {
    let mut missing = Vec::new();
    if session.answers.org_id.is_none() {
        missing.push("--org-id");
    }
    if session.credential.is_none() {
        missing.push(credentials::MISSING);
    }
    let error = Error::usage("there is no terminal to ask questions on")
        .remedy("optima-onboard apply --yes does the same without questions");
    if missing.is_empty() { error } else { error.because(format!("still missing: {}", missing.join(", "))) }
}
