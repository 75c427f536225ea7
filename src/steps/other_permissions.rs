//! What a role or a user that is there already may do beside what this program gives it, or may not do in spite of it.

use crate::plan::Planned;
use crate::spec::Onboarding;

/// How a warning of other permissions ends.
const TOO: &str = "Flexera gets those permissions too";

/// Whether Flexera gets more through this role or user than its policy says.
pub fn are_beside(planned: &Planned) -> bool {
    planned.warnings.iter().any(|warning| warning.ends_with(TOO))
}

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

/// What a person should read before the yes.
pub fn cautions(onboarding: &Onboarding, beside: &Beside<'_>) -> Vec<String> {
    let Beside { what, boundary, attached, inline } = beside;
    let mut found = Vec::new();
    if let Some(boundary) = boundary {
        found.push(format!("the {what} has the permissions boundary {boundary}, which may keep Flexera from reading"));
    }
    let own = onboarding.policy_arn();
    let mut others: Vec<&str> = attached.iter().filter(|arn| **arn != own).chain(*inline).map(String::as_str).collect();
    // In one order, so that a plan made again says the same.
    others.sort_unstable();
    if !others.is_empty() {
        found.push(format!("the {what} also carries {}: {TOO}", others.join(", ")));
    }
    found
}
