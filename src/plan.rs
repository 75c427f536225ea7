//! A plan: for each step what is there, what is wanted, and the writes between the two. Plain data, no client.

use serde::{Deserialize, Serialize};

use crate::error::Command;
use crate::spec::Onboarding;
use crate::spec::another_name::AnotherName;
use crate::steps::{Step, Write};

/// The warning of every plan that was made in the embedded sandbox, by which its document is known for one.
pub const REHEARSAL: &str =
    "this is a rehearsal in the embedded sandbox: AWS and Flexera are not asked, and nothing of it stays";

/// What a step would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is not there and is made.
    Create,
    /// It is there, ours, and differs.
    Update,
    /// It is there, ours, and goes.
    Delete,
    /// It is there and right; or, where things are removed, it stays.
    Keep,
    /// It needs a person.
    Refuse,
}

impl Change {
    /// The word on the screen and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Keep => "keep",
            Self::Refuse => "refuse",
        }
    }
}

/// One setting that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The setting, in AWS's or Flexera's word.
    pub field: String,
    /// What it is; `None` when it is not there.
    pub from: Option<String>,
    /// What it becomes; `None` when it goes.
    pub to: Option<String>,
}

impl Detail {
    /// A setting that is new.
    pub fn new(field: &str, to: impl Into<String>) -> Self {
        Self { field: field.to_owned(), from: None, to: Some(to.into()) }
    }

    /// Something that goes.
    pub fn gone(field: &str, from: impl Into<String>) -> Self {
        Self { field: field.to_owned(), from: Some(from.into()), to: None }
    }

    /// A setting that changes.
    pub fn drift(field: &str, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { field: field.to_owned(), from: Some(from.into()), to: Some(to.into()) }
    }
}

/// What to do about a refusal: words, and the name in them that may be another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    words: String,
    another_name: Option<AnotherName>,
    command: Option<Command>,
}

impl Remedy {
    /// Another name is the way out.
    pub fn another(name: AnotherName) -> Self {
        Self::naming(name, |flag| format!("choose another name with {flag}"))
    }

    /// Another name is a way out, among others; `words` are written around its flag.
    pub fn naming(name: AnotherName, words: impl FnOnce(&str) -> String) -> Self {
        Self { words: words(name.flag()), another_name: Some(name), command: None }
    }

    /// What can be typed for it.
    #[must_use]
    pub fn typing(self, command: Command) -> Self {
        Self { command: Some(command), ..self }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// What can be typed for it, where that is more than its words.
    pub fn command(&self) -> Option<&Command> {
        self.command.as_ref()
    }

    /// The name that may be another one, where that is a way out.
    pub fn another_name(&self) -> Option<AnotherName> {
        self.another_name
    }
}

impl<T: Into<String>> From<T> for Remedy {
    fn from(words: T) -> Self {
        Self { words: words.into(), another_name: None, command: None }
    }
}

/// What was found about a step by which others decide; its words are for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The role or user carries other policies too: Flexera gets more than this program's policy says.
    OtherPolicies,
    /// A person will want an access key, and none is made.
    NoKey,
    /// It is not right and only needed here: its own command comes first.
    OnlyNeeded,
}

/// One step's part of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Which step.
    pub step: Step,
    /// What it is about: a name or an ARN.
    pub resource: String,
    /// What it would do.
    pub change: Change,
    /// Setting by setting.
    pub details: Vec<Detail>,
    /// Why it is refused, or what is worth knowing about a keep.
    pub reason: Option<String>,
    /// What to do about a refusal.
    pub remedy: Option<Remedy>,
    /// What is not wrong, but should be read before the yes.
    pub warnings: Vec<String>,
    /// What others decide by; no part of a document.
    pub findings: Vec<Finding>,
    /// The writes, in order.
    pub writes: Vec<Write>,
    /// What was found, word for word, where that it is kept leaves open which of many it is; no part of a document.
    pub stands: Option<String>,
}

impl Planned {
    fn bare(step: Step, resource: impl Into<String>, change: Change) -> Self {
        Self {
            step,
            resource: resource.into(),
            change,
            details: Vec::new(),
            reason: None,
            remedy: None,
            warnings: Vec::new(),
            findings: Vec::new(),
            writes: Vec::new(),
            stands: None,
        }
    }

    /// Nothing to do.
    pub fn keep(step: Step, resource: impl Into<String>) -> Self {
        Self::bare(step, resource, Change::Keep)
    }

    /// Something to make.
    pub fn create(step: Step, resource: impl Into<String>, details: Vec<Detail>, writes: Vec<Write>) -> Self {
        Self { details, writes, ..Self::bare(step, resource, Change::Create) }
    }

    /// Something to change; without writes there is nothing to change.
    pub fn update(step: Step, resource: impl Into<String>, details: Vec<Detail>, writes: Vec<Write>) -> Self {
        let change = if writes.is_empty() { Change::Keep } else { Change::Update };
        Self { details, writes, ..Self::bare(step, resource, change) }
    }

    /// Something to remove.
    pub fn delete(step: Step, resource: impl Into<String>, details: Vec<Detail>, writes: Vec<Write>) -> Self {
        Self { details, writes, ..Self::bare(step, resource, Change::Delete) }
    }

    /// Something that needs a person.
    pub fn refuse(
        step: Step,
        resource: impl Into<String>,
        reason: impl Into<String>,
        remedy: impl Into<Remedy>,
    ) -> Self {
        Self { reason: Some(reason.into()), remedy: Some(remedy.into()), ..Self::bare(step, resource, Change::Refuse) }
    }

    /// What to do about it, or `otherwise` where nothing of its own is said.
    pub fn remedy_or(&self, otherwise: &str) -> String {
        self.remedy.as_ref().map_or(otherwise, Remedy::as_str).to_owned()
    }

    /// Adds what should be read before the yes.
    #[must_use]
    pub fn warn(mut self, warnings: impl IntoIterator<Item = String>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// Adds what others decide by.
    #[must_use]
    pub fn finding(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Shows the settings that make it a refusal.
    #[must_use]
    pub fn showing(mut self, details: Vec<Detail>) -> Self {
        self.details = details;
        self
    }
}

/// Which way a plan goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aim {
    /// Everything is made, or put right.
    #[default]
    Onboard,
    /// What was made is removed.
    Destroy,
}

/// Everything one run would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Which way it goes.
    pub aim: Aim,
    /// What it is for.
    pub onboarding: Onboarding,
    /// Step by step, in the order of [`Step`]; what is removed, in the reverse.
    pub steps: Vec<Planned>,
    /// What concerns the whole run: the account's kind, missing permissions, a foreign endpoint.
    pub warnings: Vec<String>,
    /// What is left for a person to do by hand after all of it, because no API takes it.
    pub by_hand: Option<String>,
}

/// How many steps of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// To be made.
    pub create: usize,
    /// To be changed.
    pub update: usize,
    /// To be removed.
    pub delete: usize,
    /// Right as they are, or left.
    pub keep: usize,
    /// For a person.
    pub refuse: usize,
}

impl Plan {
    /// How many steps of each kind.
    pub fn summary(&self) -> Summary {
        let count = |change: Change| self.steps.iter().filter(|planned| planned.change == change).count();
        Summary {
            create: count(Change::Create),
            update: count(Change::Update),
            delete: count(Change::Delete),
            keep: count(Change::Keep),
            refuse: count(Change::Refuse),
        }
    }

    /// Whether something would be written.
    pub fn has_changes(&self) -> bool {
        let summary = self.summary();
        summary.create + summary.update + summary.delete > 0
    }

    /// The steps that would write.
    pub fn writing_steps(&self) -> Vec<Step> {
        self.steps.iter().filter(|planned| !planned.writes.is_empty()).map(|planned| planned.step).collect()
    }

    /// The steps that need a person.
    pub fn refusals(&self) -> impl Iterator<Item = &Planned> {
        self.steps.iter().filter(|planned| planned.change == Change::Refuse)
    }

    /// One step's part, if the run has that step.
    pub fn step(&self, step: Step) -> Option<&Planned> {
        self.steps.iter().find(|planned| planned.step == step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_names_the_flag_of_the_name_that_it_carries() {
        for name in AnotherName::ALL {
            let remedies = [Remedy::another(name), Remedy::naming(name, |flag| format!("delete it, or give {flag}"))];
            for remedy in remedies {
                assert!(remedy.as_str().ends_with(name.flag()), "{remedy:?}");
                assert_eq!(remedy.another_name(), Some(name));
            }
        }
        assert_eq!(Remedy::from("add --bucket-region eu-west-1").another_name(), None);
    }
}
