//! A plan as `plan --output json` writes it, read back.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Fingerprint, MAKES_A_NEW_ONE, MAKES_ONE};
use crate::error::{Error, Result};
use crate::output::json::{self, SCHEMA_VERSION};
use crate::plan::{Change, Detail, Plan, REHEARSAL};
use crate::spec::names::Parse;
use crate::steps::{self, Step};

/// The document of a plan.
#[derive(Clone, Debug)]
pub struct Document {
    /// Of the onboarding and the steps below.
    pub fingerprint: Fingerprint,
    /// What is described, by the names that scripts know.
    pub onboarding: Map<String, Value>,
    /// Step by step, in the order of [`Step`].
    pub steps: Vec<StepPart>,
    /// What concerns the whole run; no part of what the fingerprint stands for.
    pub warnings: Vec<String>,
    /// What is left for a person to do by hand.
    pub by_hand: Option<String>,
    /// The file it stands in, for messages.
    pub file: PathBuf,
}

/// One step's part of the document.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StepPart {
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
    pub remedy: Option<String>,
    /// What should be read before the yes.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The writes, in order, each as it is named in the document.
    #[serde(default)]
    pub writes: Vec<Value>,
}

/// The members that are read, besides those that the fingerprint stands for.
#[derive(Deserialize)]
struct Members {
    onboarding: Map<String, Value>,
    steps: Vec<StepPart>,
    #[serde(default)]
    warnings: Vec<String>,
    by_hand: Option<String>,
}

impl Document {
    /// Reads the file that `plan --output json` was written to.
    ///
    /// # Errors
    /// A usage error when it is no such plan; a refusal when it was changed after it was made.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Error::usage(format!("--plan {}: cannot be read", path.display()))
                .because(error.to_string())
                .remedy(MAKES_ONE)
        })?;
        Self::parse(path, &text)
    }

    /// The same from the file's text; `path` is only for messages.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let no_plan = |why: String| {
            Error::usage(format!("--plan {}: this is no plan of one onboarding", path.display()))
                .because(why)
                .remedy(MAKES_ONE)
        };
        let value: Value = serde_json::from_str(text).map_err(|error| no_plan(format!("it is not JSON: {error}")))?;
        if value.get("onboardings").is_some() {
            return Err(no_plan("it holds the plans of a file of many, and one plan is approved at a time".to_owned()));
        }
        if value.get("schema_version").and_then(Value::as_u64) != Some(u64::from(SCHEMA_VERSION)) {
            return Err(no_plan(format!("it has no schema_version {SCHEMA_VERSION}")));
        }
        let stated = value.get("fingerprint").and_then(Value::as_str).unwrap_or_default();
        let stated = Fingerprint::parse(stated).map_err(|rule| no_plan(format!("its fingerprint is none: {rule}")))?;
        let is = Fingerprint::of(&value["onboarding"], &value["steps"]);
        if stated != is {
            return Err(Error::refused(format!("{} is not as optima-onboard plan wrote it", path.display()))
                .because(format!("it states the fingerprint {stated}, and what stands in it has {is}"))
                .remedy(MAKES_A_NEW_ONE));
        }
        let members: Members = serde_json::from_value(value).map_err(|error| no_plan(error.to_string()))?;
        let mut document = Self::from_members(stated, members, path.to_owned());
        // The fingerprint stands for the onboarding, from which this follows, and not for what is written of it.
        document.by_hand = document.onboarding().ok().and_then(|onboarding| steps::by_hand(&onboarding));
        Ok(document)
    }

    /// The document of a plan that was just made.
    pub fn of(plan: &Plan) -> Self {
        let document = json::plan(plan);
        let fingerprint = Fingerprint::of(&document["onboarding"], &document["steps"]);
        let members =
            serde_json::from_value(document).expect("what this program writes it can read, which a test holds");
        Self::from_members(fingerprint, members, PathBuf::new())
    }

    fn from_members(fingerprint: Fingerprint, members: Members, file: PathBuf) -> Self {
        let Members { onboarding, steps, warnings, by_hand } = members;
        Self { fingerprint, onboarding, steps, warnings, by_hand, file }
    }

    /// Whether something in it needs a person, so that nothing of it can be applied.
    pub fn is_refused(&self) -> bool {
        self.steps.iter().any(|part| part.change == Change::Refuse)
    }

    /// Whether it was made in the embedded sandbox.
    pub fn is_rehearsal(&self) -> bool {
        self.warnings.iter().any(|warning| warning == REHEARSAL)
    }

    /// One step's part.
    pub fn step(&self, step: Step) -> Option<&StepPart> {
        self.steps.iter().find(|part| part.step == step)
    }
}
