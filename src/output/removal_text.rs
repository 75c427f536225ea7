//! The removal of an onboarding as a person reads it: where it differs from an apply.

use crate::apply::{Applied, Outcome};
use crate::output::Paint;
use crate::plan::{Plan, Summary};
use crate::spec::Onboarding;

/// What the plan is about.
pub fn head(one: &Onboarding) -> String {
    format!("remove what was made for Flexera organization {} in AWS account {}", one.org_id, one.account_id)
}

/// The last line of a plan.
pub fn summary(count: Summary) -> String {
    match count.delete {
        0 => "Nothing to remove.".to_owned(),
        delete => format!("{delete} to delete, {} left as they are.", count.keep),
    }
}

/// What is gone after a good run.
pub fn done(plan: &Plan, applied: &Applied, paint: Paint) -> String {
    let gone = |outcome: &Outcome| *outcome == Outcome::Done;
    let lines: Vec<String> = plan
        .steps
        .iter()
        .zip(&applied.outcomes)
        .filter(|(_, (_, outcome))| gone(outcome))
        .map(|(planned, _)| format!("  {:<13} {}", planned.step.word(), planned.resource))
        .collect();
    if lines.is_empty() {
        return paint.strong("Nothing was removed.");
    }
    format!("{}\n\n{}", paint.strong("Removed."), lines.join("\n"))
}
