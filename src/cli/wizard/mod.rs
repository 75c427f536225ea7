//! `wizard`: what was found, what is open, a review, one yes, the work, the verification, and what to type from then on.

mod asking;
mod findings;
mod flexera;
mod instead;
mod kept;
mod last_words;
mod profile;
mod questions;
mod review;

use crate::cli::apply::carried;
use crate::cli::run_flags::ApplyFlags;
use crate::cli::verify::judged;
use crate::credentials;
use crate::error::{Error, Kind, Result};
use crate::output::{Format, plan_text, verify_text};
use crate::plan::Plan;
use crate::prompt::{NARROWEST, Prompter, Reply};
use crate::session::Session;
use crate::spec::answers::Answers;
use crate::spec::{external_id, resolve};
use crate::steps::World;
use crate::verify::Report;
use asking::Conversation;
use kept::Kept;
use profile::Profiles;
use review::Next;

/// The whole conversation. Its answers are kept while it goes on, and dropped once they are carried out.
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
    let suggested = only_offered(&mut session);
    let mut kept = Kept::of(&session);
    match converse(&mut session, flags, &mut kept, suggested).await {
        Err(error) if error.kind != Kind::NotValidated => Err(kept.goes_on(&session, error)),
        over => {
            kept.forget();
            over
        }
    }
}

async fn converse(session: &mut Session, flags: &ApplyFlags, kept: &mut Kept, suggested: Answers) -> Result<u8> {
    let mut prompter = session.prompter();
    let prompter = prompter.as_mut();
    check_org(session)?;
    welcome(session);
    let before = kept.offer(session, prompter, suggested)?;
    usable(kept, check_org(session))?;
    let profiles = Profiles::of(session);
    let (facts, buckets) = profiles.introduce(session, prompter).await?;
    let mut conversation = Conversation::new(facts, buckets, before);
    loop {
        if conversation.fill(session, prompter, kept).await? == Reply::Back {
            conversation = before_the_first(conversation, &profiles, session, prompter).await?;
            continue;
        }
        let world = session.connect().await?;
        let facts = &conversation.facts;
        usable(kept, resolve(&session.answers, facts))?;
        let plan = async { Ok(session.prepare(&world, facts, None).await?.2) };
        let plan = session.looking("comparing with what is there", plan).await?;
        match review::decide(session, flags, prompter, &world, (&plan, &conversation))? {
            // On the heap: together with the conversation's own, its state is more than a debug build's stack holds.
            Next::Apply => return Box::pin(carry_out(session, flags, &world, &plan)).await,
            Next::Change(ask) => conversation.change(session, ask),
            Next::Rename(name) => {
                let offer = name.offer(&plan.onboarding, facts);
                // Whoever goes back from it sees the review again.
                name.ask(prompter, &mut session.answers, &offer)?;
            }
            Next::Back => {
                conversation.step_back(session);
            }
            Next::Instead => return Ok(0),
            Next::Leave => return Err(review::refused(session, &plan, facts).unwrap_or_else(|| not_applied(session))),
        }
    }
}

/// Whoever goes back from the first question comes to the profile, where that is one.
async fn before_the_first(
    conversation: Conversation,
    profiles: &Profiles,
    session: &mut Session,
    prompter: &mut dyn Prompter,
) -> Result<Conversation> {
    if !profiles.are_asked() {
        asking::first(prompter);
        return Ok(conversation);
    }
    let (facts, buckets) = profiles.introduce(session, prompter).await?;
    Ok(conversation.begin_again(session, facts, buckets))
}

/// An organization that was given and cannot be used is told before anything is asked.
fn check_org(session: &Session) -> Result<()> {
    match &session.answers.org_id {
        Some(org) => external_id(&session.answers, org).map(drop),
        None => Ok(()),
    }
}

/// Answers with which nothing can come of it are not offered again.
fn usable<T>(kept: &mut Kept, judged: Result<T>) -> Result<T> {
    judged.inspect_err(|_| kept.give_up())
}

fn welcome(session: &Session) {
    let printer = &session.printer;
    if session.is_rehearsal() {
        let words = "Sandbox: AWS and the onboarding API are embedded in this program; nothing leaves this machine.";
        printer.say(&printer.paint_err().look(words));
    }
    let keys = match session.asks_in_lines() {
        true => "Lists take a number or a word, < goes back to the question before, Ctrl-C leaves.",
        false => "Arrows or letters move, Enter chooses, Esc goes back, Ctrl-C leaves.",
    };
    if session.is_narrow() {
        printer.say(&format!("In a window of {NARROWEST} columns or more the lists are menus."));
    }
    printer.say(&format!(
        "Nothing is changed before you have seen all of it and said yes.\n{}\n",
        printer.paint_err().dim(keys)
    ));
}

async fn carry_out(session: &Session, flags: &ApplyFlags, world: &World, plan: &Plan) -> Result<u8> {
    let printer = &session.printer;
    let (applied, receipt) = carried(session, flags, world, plan).await?;
    // Not validated is no failure of the work: what exists and what to type next is shown before it is said.
    match &applied.error {
        Some(error) if error.kind != Kind::NotValidated => return Err(error.clone()),
        _ => printer.page(&plan_text::done(plan, &applied, printer.paint_out())),
    }
    let left = last_words::left_to_you(plan, applied.error.as_ref(), printer.paint_err());
    let farewell = last_words::farewell(session, receipt.as_deref(), printer.paint_err());
    // What was made, what was checked, what is left, and what to type from now on: in that order, whatever happens.
    let ending = left.iter().map(String::as_str).chain([farewell.as_str()]).collect::<Vec<_>>().join("\n");
    let report = match Box::pin(session.looking("verifying", verified(session, world))).await {
        Ok(report) => report,
        // The answers are carried out, and not kept any more.
        Err(error) => {
            printer.say(&ending);
            printer.error(&last_words::not_looked_at(session, error.clone()));
            return Ok(error.kind.exit_code());
        }
    };
    printer.say(&format!("\n{}", verify_text::in_short(&report, printer.paint_err())));
    printer.say(&ending);
    let code = if report.ok() { 0 } else { Kind::Failed.exit_code() };
    match applied.error {
        // Said above, and no failure.
        Some(error) if left.is_some() => Ok(error.kind.exit_code()),
        error => error.map_or(Ok(code), Err),
    }
}

/// The full verification.
async fn verified(session: &Session, world: &World) -> Result<Report> {
    let facts = session.facts(world, None).await?;
    Ok(judged(session, world, &facts).await?.spelled_out(|verb| session.command(verb)))
}

fn not_applied(session: &Session) -> Error {
    let again = session.command("wizard");
    Error::new(Kind::Interrupted, "not applied")
        .because("the answer was no; nothing was changed")
        .remedy(format!("the same answers again:\n{again}"))
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
    let plan = session.command("plan");
    let error = Error::usage("there is no terminal to ask questions on")
        .remedy(format!("{plan} shows the same without questions, and apply --yes in its place does it"));
    if missing.is_empty() { error } else { error.because(format!("still missing: {}", missing.join(", "))) }
}

/// Answers that are only offered, as long as nothing was kept of an earlier run.
fn only_offered(session: &mut Session) -> Answers {
    // The sandbox's own organization is an offer, not an answer, as long as a person can be asked.
    let suggested = session.suggested_org.take();
    if suggested.is_some() {
        session.answers.org_id = None;
    }
    let access_key_file = session.is_rehearsal().then(Session::rehearsal_key_file);
    Answers { org_id: suggested, access_key_file, ..Answers::default() }
}
