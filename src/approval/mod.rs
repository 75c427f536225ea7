//! What somebody approved, and whether it is still what would be done. A plan is a document; its fingerprint stands for
//! the onboarding and for every step of it, down to what is written. A run is held to the one that was signed by
//! `apply --plan` and `apply --plan-fingerprint`: they plan afresh, and carry out nothing but the same plan, or with the
//! plan's file what a run of it that was cut off has left. Pure, but for the file that is read.
//!
//! A fingerprint keeps nobody from writing a plan of their own; it says that two plans are one and the same.

mod answers;
mod document;
mod fingerprint;
#[cfg(test)]
mod fuzz;
mod moved;
mod remainder;
#[cfg(test)]
mod tests;

pub use document::{Document, StepPart};
pub use fingerprint::Fingerprint;
pub use remainder::Remainder;

use crate::error::{Error, Result};
use crate::plan::Plan;

/// The remedy where a plan's file is none.
const MAKES_ONE: &str = "optima-onboard plan --output json > plan.json makes one";
/// The remedy where a plan is not the one that was approved, or not the one that was made.
const MAKES_A_NEW_ONE: &str = "optima-onboard plan --output json makes a new plan, to be approved again";

/// What a run is held to.
#[derive(Clone, Debug, Default)]
pub struct Approval {
    plan: Option<Document>,
    fingerprint: Option<Fingerprint>,
}

impl Approval {
    /// From a plan, a fingerprint, or both.
    ///
    /// # Errors
    /// A usage error when the fingerprint is not the plan's.
    pub fn new(plan: Option<Document>, fingerprint: Option<Fingerprint>) -> Result<Self> {
        if let (Some(plan), Some(wanted)) = (&plan, &fingerprint)
            && plan.fingerprint != *wanted
        {
            return Err(Error::usage("--plan and --plan-fingerprint are not of the same plan")
                .because(format!("the file's fingerprint is {}", plan.fingerprint))
                .remedy("give the plan that was approved, or leave one of the two out"));
        }
        Ok(Self { plan, fingerprint })
    }

    /// Refuses what has no meaning for many onboardings: each of them has a plan of its own.
    ///
    /// # Errors
    /// A usage error.
    pub fn fit_many(&self) -> Result<()> {
        if self.plan.is_none() && self.fingerprint.is_none() {
            return Ok(());
        }
        Err(Error::usage("one plan is approved at a time, and the file describes many onboardings").remedy(
            "give the plan of one of them with --plan, without --file; it holds every answer but the credentials",
        ))
    }

    /// Lets only the approved plan pass, or the rest of it.
    ///
    /// # Errors
    /// A refusal that says what moved, as far as what was given tells.
    pub fn hold(&self, fresh: &Plan) -> Result<Option<Remainder>> {
        match (&self.plan, &self.fingerprint) {
            // Whoever gave both has given one plan.
            (Some(plan), _) => to_plan(plan, fresh),
            (None, Some(wanted)) => to_fingerprint(wanted, &Document::of(fresh).fingerprint).map(|()| None),
            (None, None) => Ok(None),
        }
    }
}

fn to_plan(approved: &Document, fresh: &Plan) -> Result<Option<Remainder>> {
    let now = Document::of(fresh);
    if approved.fingerprint == now.fingerprint {
        return Ok(None);
    }
    Remainder::of(approved, &now, fresh).map(Some).ok_or_else(|| {
        Error::refused("the plan is no longer the one that was approved")
            .because(format!("{}; nothing was written", moved::differences(approved, &now, fresh).join("; ")))
            .remedy(MAKES_A_NEW_ONE)
    })
}

/// A fingerprint tells nothing of what it stands for, so that a rest cannot be told from another plan.
fn to_fingerprint(wanted: &Fingerprint, now: &Fingerprint) -> Result<()> {
    if wanted == now {
        return Ok(());
    }
    Err(Error::refused("the plan is not the one with the fingerprint that was approved")
        .because(format!(
            "its fingerprint is {now}: these answers, the account or the onboarding API differ from what was \
             approved; nothing was written"
        ))
        .remedy(
            "give the answers that were approved, or have the new plan approved; optima-onboard review shows it. Where a \
             run of that plan was cut off, optima-onboard apply --plan FILE, with the file it was written to, finishes it",
        ))
}
