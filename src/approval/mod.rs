//! What somebody approved, and whether it is still what would be done. A plan is a document; its fingerprint stands for
//! the onboarding and for every step of it, down to what is written. Whoever signs one of them is held to by
//! `apply --plan` and `apply --plan-fingerprint`: they plan afresh, and carry out nothing but the same plan. Pure, but
//! for the file that is read.
//!
//! A fingerprint keeps nobody from writing a plan of their own; it says that two plans are one and the same.

mod answers;
mod document;
mod fingerprint;
#[cfg(test)]
mod fuzz;
mod moved;
#[cfg(test)]
mod tests;

pub use document::{Document, StepPart};
pub use fingerprint::Fingerprint;

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

    /// Lets only the approved plan pass.
    ///
    /// # Errors
    /// A refusal that says what moved, as far as what was given tells.
    pub fn hold(&self, fresh: &Plan) -> Result<()> {
        if self.plan.is_none() && self.fingerprint.is_none() {
            return Ok(());
        }
        let now = Document::of(fresh);
        if let Some(plan) = &self.plan
            && plan.fingerprint != now.fingerprint
        {
            return Err(Error::refused("the plan is no longer the one that was approved")
                .because(format!("{}; nothing was written", moved::differences(plan, &now).join("; ")))
                .remedy(MAKES_A_NEW_ONE));
        }
        match &self.fingerprint {
            Some(wanted) if *wanted != now.fingerprint => Err(Error::refused(
                "the plan is not the one with the fingerprint that was approved",
            )
            .because(format!(
                "its fingerprint is {}: these answers, the account or the onboarding API differ from what was \
                         approved; nothing was written",
                now.fingerprint
            ))
            .remedy(
                "give the answers that were approved, or have the new plan approved; optima-onboard review shows it",
            )),
            _ => Ok(()),
        }
    }
}
