//! What a role or a user that is there already may do beside what this program gives it, or may not do in spite of it.

use crate::plan::{Finding, Planned};
use crate::spec::Onboarding;

/// What else stands on a role or a user.
pub struct Beside<'a> {
    /// `role` or `user`.
    pub what: &'static str,
    /// The ARN of its permissions boundary.
    pub boundary: Option<&'a str>,
    /// The ARNs of the managed policies attached to it.
    pub attached: &'a [String],
    /// The names of its inline policies.
    pub inline: &'a [String],
}

/// The step with what a person should read of them before the yes.
pub fn tell(planned: Planned, onboarding: &Onboarding, beside: &Beside<'_>) -> Planned {
    let Beside { what, boundary, attached, inline } = beside;
    let planned = planned.warn(boundary.map(|boundary| {
        format!("the {what} has the permissions boundary {boundary}, which may keep Flexera from reading")
    }));
    let own = onboarding.policy_arn();
    let mut others: Vec<&str> = attached.iter().filter(|arn| **arn != own).chain(*inline).map(String::as_str).collect();
    // In one order, so that a plan made again says the same.
    others.sort_unstable();
    if others.is_empty() {
        return planned;
    }
    let too = format!("the {what} also carries {}: Flexera gets those permissions too", others.join(", "));
    planned.warn([too]).finding(Finding::OtherPolicies)
}
