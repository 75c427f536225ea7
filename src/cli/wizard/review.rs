//! The review before the yes, and what a person can do from there. Nothing is changed here but a file that is asked for.

use std::io::Write;
use std::path::Path;

use crate::cli::run_flags::ApplyFlags;
use crate::cli::wizard::instead;
use crate::error::{Error, Kind, Result};
use crate::output::review_text::{self, Shape};
use crate::plan::Plan;
use crate::prompt::{Prompter, Question, Reply, Way};
use crate::session::Session;
use crate::spec::Facts;
use crate::spec::questions::Ask;
use crate::steps::World;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Carry the plan out.
    Apply,
    /// Ask this again.
    Change(Ask),
    /// It was written out as something else.
    Instead,
    /// Leave.
    Leave,
}

const YES: Way = Way { key: 'y', word: "yes", about: "apply it now" };
const LOOK: Way = Way { key: 'l', word: "look", about: "every setting, the policy and the trust in full" };
const CHANGE: Way = Way { key: 'c', word: "change", about: "one answer" };
const SAVE: Way = Way { key: 's', word: "save", about: "the answers as an onboarding file, for apply --file" };
const EXPORT: Way = Way { key: 'e', word: "export", about: "CloudFormation, Terraform or a script instead" };
const NO: Way = Way { key: 'n', word: "no", about: "leave; nothing was changed" };

/// Shows the review and asks until it is decided. Without anything to change there is nothing to decide.
///
/// # Errors
/// When the person leaves at a question, and when a file cannot be written.
pub fn decide(
    session: &Session,
    flags: &ApplyFlags,
    prompter: &mut dyn Prompter,
    world: &World,
    (plan, facts): (&Plan, &Facts),
) -> Result<Next> {
    let printer = &session.printer;
    let width = usize::from(console::Term::stderr().size().1);
    let shape = if printer.plain { Shape::Told } else { Shape::Drawn(width) };
    printer.say(&format!("\n{}\n", review_text::review(plan, facts, shape, printer.paint_err())));
    let refused = plan.refusals().next().is_some();
    if !refused && (flags.yes || !plan.has_changes()) {
        return Ok(Next::Apply);
    }
    let ways = ways(refused);
    let text = match refused {
        true => "This cannot be applied as it is. How to go on?".to_owned(),
        false => session.question(world, &format!("Apply this to AWS account {}?", plan.onboarding.account_id)),
    };
    loop {
        match ways[prompter.decide(&text, &ways)?].key {
            'y' => {
                printer.say("");
                return Ok(Next::Apply);
            }
            'l' => printer.say(&format!("\n{}\n", review_text::in_full(plan, printer.paint_err()))),
            'c' => {
                if let Some(ask) = which(session, prompter)? {
                    return Ok(Next::Change(ask));
                }
            }
            's' => {
                told(session, save(session, prompter))?;
            }
            'e' => {
                if told(session, instead::write(session, prompter, plan))? == Some(true) {
                    return Ok(Next::Instead);
                }
            }
            _ => return Ok(Next::Leave),
        }
    }
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
    let offered = |way: &Way| !(refused && matches!(way.key, 'y' | 'e'));
    [YES, LOOK, CHANGE, SAVE, EXPORT, NO].into_iter().filter(offered).collect()
}

/// Which answer is to be changed; `None` goes back to the review's question.
fn which(session: &Session, prompter: &mut dyn Prompter) -> Result<Option<Ask>> {
    let answered: Vec<(Ask, String)> = Ask::ALL
        .into_iter()
        .filter_map(|ask| ask.answered(&session.answers).map(|(name, value)| (ask, format!("{name:<12}  {value}"))))
        .collect();
    let question = Question {
        text: "Which answer",
        why: "What hangs on it is asked again too; the others stay.",
        flag: "each is a flag as well",
    };
    let options: Vec<String> = answered.iter().map(|(_, row)| row.clone()).collect();
    match prompter.choice(&question, &options, 0)? {
        Reply::Given(index) => Ok(Some(answered[index].0)),
        Reply::Back => Ok(None),
    }
}

fn save(session: &Session, prompter: &mut dyn Prompter) -> Result<()> {
    let question = Question {
        text: "Onboarding file",
        why: "TOML, without any secret; it can be read, changed and kept with your code.",
        flag: "--file",
    };
    if let Some(path) = write_new(prompter, &question, "onboarding.toml", &session.as_file())? {
        let sandbox = if session.is_rehearsal() { " --sandbox" } else { "" };
        session.printer.say(&format!("  Written. To apply it:\n  optima-onboard apply{sandbox} --file {path}\n"));
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
    let is_free = |name: &str| match Path::new(name).exists() {
        true => Err(format!("{name} is there already, and is not written over")),
        false => Ok(()),
    };
    let Reply::Given(name) = prompter.text(question, Some(default), &is_free)? else { return Ok(None) };
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&name);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        Error::failed(format!("{name} could not be written")).because(error.to_string()).remedy("name another place")
    })?;
    Ok(Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_plan_has_no_yes_and_leaving_is_always_last() {
        for (refused, words) in [(false, "yes look change save export no"), (true, "look change save no")] {
            let found: Vec<&str> = ways(refused).iter().map(|way| way.word).collect();
            assert_eq!(found.join(" "), words);
        }
    }

    #[test]
    fn each_way_is_picked_by_its_first_letter() {
        assert!([YES, LOOK, CHANGE, SAVE, EXPORT, NO].iter().all(|way| way.word.starts_with(way.key)));
    }
}
