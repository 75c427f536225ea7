//! The review before the yes, and what a person can do from there. Nothing is changed here but a file that is asked for.

use std::io::Write;
use std::path::Path;

use crate::cli::next;
use crate::cli::plan::refusal;
use crate::cli::run_flags::ApplyFlags;
use crate::cli::wizard::asking::Conversation;
use crate::cli::wizard::instead;
use crate::cli::wizard::questions::Ask;
use crate::error::{Error, Kind, Result};
use crate::output::review_text::{self, Shape};
use crate::plan::Plan;
use crate::prompt::{Prompter, Question, Reply, Way};
use crate::session::Session;
use crate::spec::Facts;
use crate::spec::another_name::AnotherName;
use crate::spec::command::quoted;
use crate::steps::World;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Carry the plan out.
    Apply,
    /// Ask this again.
    Change(Ask),
    /// Ask for another name.
    Rename(AnotherName),
    /// Back to the last question.
    Back,
    /// It was written out as something else.
    Instead,
    /// Leave.
    Leave,
}

const YES: Way = Way { word: "yes", about: "apply it now" };
const LOOK: Way = Way { word: "look", about: "every setting, the policy and the trust in full" };
const CHANGE: Way = Way { word: "change", about: "one answer" };
const SAVE: Way = Way { word: "save", about: "the answers as an onboarding file, for apply --file" };
const EXPORT: Way = Way { word: "export", about: "CloudFormation, Terraform or a script instead" };
const NO: Way = Way { word: "no", about: "leave; nothing was changed" };

/// Shows the review and asks until it is decided. Without anything to change there is nothing to decide.
///
/// # Errors
/// When the person leaves at a question, and when a file cannot be written.
pub fn decide(
    session: &Session,
    flags: &ApplyFlags,
    prompter: &mut dyn Prompter,
    world: &World,
    (plan, conversation): (&Plan, &Conversation),
) -> Result<Next> {
    let refused = plan.refusals().next().is_some();
    let decided = !refused && (flags.yes || !plan.has_changes());
    // What the question says right below is not said twice.
    let below = if refused || decided { Vec::new() } else { session.inherited(world).asked_about() };
    let mut shown = plan.clone();
    shown.warnings.retain(|warning| !below.contains(warning));
    show(session, &shown, &conversation.facts);
    if decided {
        return Ok(Next::Apply);
    }
    let ways = ways(refused);
    let text = match refused {
        true => "This cannot be applied as it is. How to go on?".to_owned(),
        false => session.question(world, &format!("Apply this to AWS account {}?", plan.onboarding.account_id)),
    };
    loop {
        let way = match prompter.decide(&text, &ways)? {
            Reply::Given(index) => ways[index],
            Reply::Back if conversation.has_asked() => return Ok(Next::Back),
            Reply::Back => CHANGE,
        };
        if let Some(next) = go(session, prompter, plan, way)? {
            return Ok(next);
        }
    }
}

/// Goes one of the ways; `None` where it comes back to the review's question.
fn go(session: &Session, prompter: &mut dyn Prompter, plan: &Plan, way: Way) -> Result<Option<Next>> {
    let printer = &session.printer;
    Ok(match way {
        YES => {
            printer.say("");
            Some(Next::Apply)
        }
        LOOK => {
            printer.say(&format!("\n{}\n", review_text::in_full(plan, printer.paint_err())));
            None
        }
        CHANGE => which(session, prompter, plan)?,
        SAVE => {
            told(session, save(session, prompter))?;
            None
        }
        EXPORT => {
            let written = told(session, instead::write(session, prompter, plan))? == Some(true);
            written.then_some(Next::Instead)
        }
        _ => Some(Next::Leave),
    })
}

fn show(session: &Session, plan: &Plan, facts: &Facts) {
    let printer = &session.printer;
    let width = usize::from(console::Term::stderr().size().1);
    let shape = if printer.plain { Shape::Told } else { Shape::Drawn(width) };
    printer.say(&format!("\n{}\n", review_text::review(plan, facts, shape, printer.paint_err())));
}

/// A file that could not be written is said, and the review goes on; a person who left has left.
fn told<T>(session: &Session, written: Result<T>) -> Result<Option<T>> {
    match written {
        Err(error) if error.kind == Kind::Failed => {
            session.printer.error(&error);
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// What cannot be applied cannot be written out either.
fn ways(refused: bool) -> Vec<Way> {
    let offered = |way: &Way| !(refused && matches!(*way, YES | EXPORT));
    [YES, LOOK, CHANGE, SAVE, EXPORT, NO].into_iter().filter(offered).collect()
}

/// Which answer is to be changed, the names that were refused first; `None` goes back to the review's question.
fn which(session: &Session, prompter: &mut dyn Prompter, plan: &Plan) -> Result<Option<Next>> {
    let row = |name: &str, value: &str| format!("{name:<12}  {value}");
    let asks = Ask::ALL.into_iter().filter_map(|ask| {
        let (name, value) = ask.answered(&session.answers)?;
        Some((Next::Change(ask), row(name, &value)))
    });
    // A bucket is a question of its own, with its region.
    let names = refused_names(plan).into_iter().filter(|name| *name != AnotherName::Bucket);
    let names = names.map(|name| (Next::Rename(name), row(name.word(), name.of(&plan.onboarding))));
    let (nexts, options): (Vec<Next>, Vec<String>) = names.chain(asks).unzip();
    let question =
        Question { text: "Which answer", why: "What hangs on it is asked again too; the others stay.", flag: "" };
    Ok(match prompter.choice(&question, &options, 0)? {
        Reply::Given(index) => Some(nexts[index]),
        Reply::Back => None,
    })
}

/// The names that another one in place of is a way out of the plan's refusals.
fn refused_names(plan: &Plan) -> Vec<AnotherName> {
    let told: Vec<AnotherName> =
        plan.refusals().filter_map(|planned| planned.remedy.as_ref()?.another_name()).collect();
    AnotherName::ALL.into_iter().filter(|name| told.contains(name)).collect()
}

/// The error of whoever leaves a plan that needs a person: with another name it is one that can be applied.
pub fn refused(session: &Session, plan: &Plan, facts: &Facts) -> Option<Error> {
    let error = refusal(plan)?;
    let names = refused_names(plan);
    let mut answers = session.answers.clone();
    let renamed = names.iter().all(|name| name.give(&mut answers, &name.offer(&plan.onboarding, facts)).is_ok());
    if names.is_empty() || !renamed {
        return Some(next::spelled_out(session, plan, error));
    }
    Some(error.remedy_too(&session.command_with("wizard", &answers)))
}

fn save(session: &Session, prompter: &mut dyn Prompter) -> Result<()> {
    let question = Question {
        text: "Onboarding file",
        why: "TOML, without any secret; it can be read, changed and kept with your code.",
        flag: "",
    };
    if let Some(path) = write_new(prompter, &question, "onboarding.toml", &session.as_file())? {
        let sandbox = if session.is_rehearsal() { " --sandbox" } else { "" };
        let command = format!("optima-onboard apply{sandbox} --file {}", quoted(&path));
        session.printer.say(&format!("  Written. To apply it:\n  {command}\n"));
    }
    Ok(())
}

/// Asks for a file's name and writes it; one that is there is never written over.
///
/// # Errors
/// When the person leaves, and when the file cannot be written.
pub fn write_new(
    prompter: &mut dyn Prompter,
    question: &Question<'_>,
    default: &str,
    text: &str,
) -> Result<Option<String>> {
    let Reply::Given(name) = prompter.text(question, Some(&free(default)), &writable)? else { return Ok(None) };
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&name);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        Error::failed(format!("{name} could not be written")).because(error.to_string()).remedy("name another place")
    })?;
    Ok(Some(name))
}

/// Whether a file of that name could be written here, and nothing be written over.
fn writable(name: &str) -> std::result::Result<Option<String>, String> {
    let path = Path::new(name);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        _ if path.exists() => Err(format!("{name} is there already, and is not written over")),
        Some(folder) if !folder.is_dir() => Err(format!("there is no folder {}", folder.display())),
        _ => Ok(None),
    }
}

/// That name, or the next one that is free: what Enter takes is taken.
fn free(name: &str) -> String {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = (2..100).map(|number| format!("{stem}-{number}.{end}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !Path::new(name).exists()).unwrap_or(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_where_there_is_a_folder_and_over_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(at("a.toml"), "").expect("written");
        assert_eq!(writable(&at("b.toml")), Ok(None));
        assert!(writable(&at("a.toml")).is_err_and(|rule| rule.contains("not written over")));
        assert!(writable(&at("x/a.toml")).is_err_and(|rule| rule.contains("no folder")));
        assert_eq!((free(&at("a.toml")), free(&at("b.toml"))), (at("a-2.toml"), at("b.toml")));
    }

    #[test]
    fn a_refused_plan_has_no_yes_and_leaving_is_always_last() {
        for (refused, words) in [(false, "yes look change save export no"), (true, "look change save no")] {
            let found: Vec<&str> = ways(refused).iter().map(|way| way.word).collect();
            assert_eq!(found.join(" "), words);
        }
    }

    #[test]
    fn one_letter_is_enough_to_pick_a_way() {
        let mut letters: Vec<_> = ways(false).iter().map(|way| way.word.chars().next()).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), ways(false).len());
    }
}
