//! What a person needs to see of one onboarding's plan among many: all that is kept of it for that.

use crate::error::Error;
use crate::plan::{Change, Detail, Plan, Planned};
use crate::steps::Step;

/// One onboarding's plan in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Its name in the file.
    pub name: String,
    /// Whose bill goes where; nothing where the plan could not be made.
    pub place: Option<Place>,
    /// What would be done; those with the same are shown together.
    pub sameness: Sameness,
    /// Why nothing will be done.
    pub error: Option<ErrorText>,
}

/// What onboardings that are shown together have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sameness {
    /// The steps with a change, and the settings that an update changes or that go.
    pub changes: Vec<(Change, Step, Vec<String>)>,
    /// What should be read before the yes.
    pub warnings: Vec<String>,
}

/// Whose bill goes where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The AWS account whose bill it is.
    pub account: String,
    /// The Flexera organization.
    pub org: String,
    /// The bucket.
    pub bucket: String,
    /// Its region.
    pub region: String,
}

/// An error's words, without the rest of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorText {
    /// What happened.
    pub message: String,
    /// Why.
    pub cause: Option<String>,
    /// What to do.
    pub remedy: Option<String>,
}

impl From<&Error> for ErrorText {
    fn from(error: &Error) -> Self {
        Self { message: error.message.clone(), cause: error.cause.clone(), remedy: error.remedy.clone() }
    }
}

impl Brief {
    /// Of a plan, or of the error that stands in its place or in its way.
    pub fn of(name: &str, plan: Option<&Plan>, error: Option<&Error>) -> Self {
        Self {
            name: name.to_owned(),
            place: plan.map(place),
            sameness: plan.map(sameness).unwrap_or_default(),
            error: error.map(ErrorText::from),
        }
    }
}

fn place(plan: &Plan) -> Place {
    let one = &plan.onboarding;
    Place {
        account: one.bill_account_id.to_string(),
        org: one.org_id.to_string(),
        bucket: one.bucket.to_string(),
        region: one.bucket_region.to_string(),
    }
}

fn sameness(plan: &Plan) -> Sameness {
    let changed = |planned: &&Planned| planned.change != Change::Keep;
    let change = |planned: &Planned| {
        let is_told = |detail: &&Detail| planned.change == Change::Update || detail.to.is_none();
        let settings = planned.details.iter().filter(is_told).map(|detail| detail.field.clone());
        (planned.change, planned.step, settings.collect())
    };
    let of_steps = plan.steps.iter().flat_map(|planned| planned.warnings.iter());
    Sameness {
        changes: plan.steps.iter().filter(changed).map(change).collect(),
        warnings: of_steps.chain(&plan.warnings).chain(&plan.by_hand).cloned().collect(),
    }
}
