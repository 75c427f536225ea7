//! What to do about a check: words, or commands that can be typed as they stand. Whatever else was found decides with which
//! of them one begins: an apply that would be refused comes after what stands in its way.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::error::Command;
use crate::plan::Planned;
use crate::steps::Step;

/// What to do about a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// In words.
    Words(String),
    /// An apply mends this step's part of it.
    Apply(Step),
    /// These commands of ours, by their verbs, one after another; their flags are the run's, which a judgement does not know.
    Again(Vec<&'static str>),
    /// The same, whole.
    Commands(Vec<String>),
}

/// What makes or mends all of an onboarding.
const APPLY: &str = "apply";

impl Advice {
    /// What a step says of its own refusal, else that an apply mends it.
    pub(super) fn of(planned: &Planned) -> Self {
        match (&planned.remedy, first_of(planned)) {
            (None, _) => Self::Apply(planned.step),
            (Some(_), Some(verb)) => Self::Again(vec![verb, APPLY]),
            (Some(remedy), None) => remedy.as_str().into(),
        }
    }

    /// What its own step is refused for, where only a person can put that right.
    pub(super) fn or_own_refusal(self, refused: &[Planned]) -> Self {
        let Self::Apply(step) = self else { return self };
        let own = refused.iter().find(|planned| planned.step == step && first_of(planned).is_none());
        own.map_or(self, Self::of)
    }

    /// The same after what it would be refused for. `refused` is what an apply would refuse, `said` what the checks advise.
    pub(super) fn in_order(self, refused: &[Planned], said: &[Self]) -> Self {
        let verb = match &self {
            Self::Apply(_) => APPLY,
            Self::Again(verbs) if verbs.len() == 1 => verbs[0],
            _ => return self,
        };
        let held: Vec<&Planned> = refused.iter().filter(|planned| holds_up(planned.step, verb)).collect();
        match held.iter().map(|planned| first_of(planned)).collect::<Option<Vec<_>>>() {
            Some(first) => Self::Again(first.into_iter().chain([verb]).collect()),
            None => Self::Words(format!("{}; then optima-onboard {verb}", told(&held, said))),
        }
    }

    /// The same with the commands whole, `command` being what repeats the run for a verb.
    pub(super) fn spelled_out(self, command: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Apply(_) => Self::Commands(vec![command(APPLY)]),
            Self::Again(verbs) => Self::Commands(verbs.into_iter().map(command).collect()),
            whole => whole,
        }
    }

    /// What can be typed, in this order.
    pub fn commands(&self) -> &[String] {
        match self {
            Self::Commands(commands) => commands,
            Self::Words(_) | Self::Apply(_) | Self::Again(_) => &[],
        }
    }
}

/// The command of ours that takes a refusal away; what else a refusal needs, only a person can do.
fn first_of(refused: &Planned) -> Option<&'static str> {
    match refused.remedy.as_ref()?.command()? {
        Command::Ours(verb) => Some(verb),
        Command::Permissions | Command::WithKeyFile(_) => None,
    }
}

/// Whether the command would be refused because of this step.
fn holds_up(step: Step, verb: &str) -> bool {
    verb != "bucket" || matches!(step, Step::Bucket | Step::BucketPolicy)
}

/// What comes first, step by step; what a check says is not said again.
fn told(refused: &[&Planned], said: &[Advice]) -> String {
    let one = |planned: &&Planned| {
        let name = format!("the {} {}", planned.step.word(), planned.resource);
        match said.contains(&Advice::of(planned)) {
            true => name,
            false => format!("{name} ({})", planned.remedy_or("see the plan")),
        }
    };
    format!("first put right {}", refused.iter().map(one).collect::<Vec<_>>().join(", "))
}

impl From<&str> for Advice {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Advice {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(text) => f.write_str(text),
            Self::Apply(_) => Self::Again(vec![APPLY]).fmt(f),
            Self::Again(verbs) => {
                let told = |verb: &&str| format!("optima-onboard {verb} with the same answers");
                f.write_str(&verbs.iter().map(told).collect::<Vec<_>>().join("; then "))
            }
            Self::Commands(commands) => f.write_str(&commands.join("; then ")),
        }
    }
}

impl Serialize for Advice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Remedy;

    /// Whoever copies a command gets every flag, and words that only speak of one are left as they are.
    #[test]
    fn a_command_gets_every_flag_and_words_stay() {
        let typed = |verb: &str| format!("optima-onboard {verb} --api x");
        let words = Advice::from("optima-onboard apply with the same answers, but without --prefix");
        assert_eq!(words.clone().spelled_out(typed), words);
        assert!(words.commands().is_empty());
        let again = Advice::Again(vec!["bucket"]).spelled_out(typed);
        assert_eq!(again.commands(), ["optima-onboard bucket --api x"]);
        assert_eq!(again.to_string(), "optima-onboard bucket --api x");
    }

    #[test]
    fn what_would_have_an_apply_refused_comes_first() {
        let delete = Remedy::from("delete it").typing(Command::Ours("bill-connect delete"));
        let connect = Planned::refuse(Step::BillConnect, "aws-1", "it differs", delete);
        let role = Planned::refuse(Step::Role, "arn", "somebody else's", "choose another name");
        let policy = Planned::refuse(Step::BucketPolicy, "b", "no JSON", "mend it");
        let of = |advice: Advice, refused: &[&Planned]| {
            let refused: Vec<Planned> = refused.iter().map(|planned| (*planned).clone()).collect();
            let advice = advice.or_own_refusal(&refused).in_order(&refused, &[Advice::of(&role)]);
            advice.spelled_out(|verb| format!("<{verb}>")).to_string()
        };
        let bucket = || Advice::Again(vec!["bucket"]);
        let cases = [
            (Advice::Apply(Step::Report), &[][..], "<apply>"),
            (Advice::Apply(Step::Report), &[&connect], "<bill-connect delete>; then <apply>"),
            (Advice::of(&connect), &[&connect], "<bill-connect delete>; then <apply>"),
            (Advice::Apply(Step::Role), &[&role, &connect], "choose another name"),
            (Advice::from("wait"), &[&role], "wait"),
            (bucket(), &[&role, &connect], "<bucket>"),
            (bucket(), &[&policy], "first put right the bucket-policy b (mend it); then optima-onboard bucket"),
            (
                Advice::Apply(Step::Report),
                &[&role, &policy],
                "first put right the role arn, the bucket-policy b (mend it); then optima-onboard apply",
            ),
        ];
        for (advice, refused, expected) in cases {
            let said = advice.clone();
            assert_eq!(of(advice, refused), expected, "{said:?} of {refused:?}");
        }
    }
}
