//! Removing the managed policy: its versions of old, then itself. One that somebody else uses stays.

use serde::Serialize;

use crate::aws::fault::gone;
use crate::aws::policies::{Holder, ManagedPolicy};
use crate::error::Result;
use crate::plan::{Detail, Planned};
use crate::spec::Onboarding;
use crate::steps::undo;
use crate::steps::{Step, World, not_ours};

/// Who has the policy, and what it holds besides its default version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Roles, users and groups.
    pub holders: Vec<Holder>,
    /// The ids of the other versions, the oldest first.
    pub spare_versions: Vec<String>,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Delete a version that is not the default.
    DeleteVersion(String),
    /// Delete the policy with its default version.
    Delete,
}

/// Whether the policy goes; `going` are those who have it and are removed before it.
pub fn diff(onboarding: &Onboarding, found: Option<&ManagedPolicy>, usage: &Usage, going: &[Holder]) -> Planned {
    let arn = onboarding.policy_arn();
    let Some(policy) = found else { return undo::absent(Step::Policy, arn) };
    if let Some(left) = not_ours::stays(Step::Policy, &arn, &policy.tags.owner(&onboarding.org_id)) {
        return left;
    }
    let others: Vec<String> =
        usage.holders.iter().filter(|holder| !going.contains(holder)).map(Holder::to_string).collect();
    if !others.is_empty() {
        return Planned::keep(Step::Policy, arn).because(format!(
            "also used by {}, which optima-onboard leaves alone; take it off there and run this again to remove it",
            others.join(", ")
        ));
    }
    let version = |id: &String| undo::Write::Policy(Write::DeleteVersion(id.clone())).into();
    let mut writes: Vec<_> = usage.spare_versions.iter().map(version).collect();
    writes.push(undo::Write::Policy(Write::Delete).into());
    let details = usage.spare_versions.iter().map(|id| Detail::gone("version", id)).collect();
    Planned::delete(Step::Policy, arn, details, writes)
}

/// Carries out one write.
///
/// # Errors
/// What IAM answers; a refusal when somebody uses the policy by then.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let arn = onboarding.policy_arn();
    match write {
        Write::DeleteVersion(id) => Ok(gone(world.aws.delete_policy_version(&arn, id).await)?),
        Write::Delete => {
            undo::once_free(world, &format!("the policy {arn}"), async || world.aws.delete_policy(&arn).await).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Change;
    use crate::spec::tags::Tags;
    use crate::steps::samples;

    #[test]
    fn only_our_own_policy_goes_with_its_versions_and_only_if_nobody_else_uses_it() {
        let one = samples::onboarding(&[]);
        let ours = ManagedPolicy { version: "v5".into(), tags: one.all_tags(), ..ManagedPolicy::default() };
        let foreign = ManagedPolicy { tags: Tags::default(), ..ours.clone() };
        let role = || Holder::Role("FlexeraOptimaAccessRole".into());
        let used = |holders: &[Holder]| Usage { holders: holders.to_vec(), ..Usage::default() };
        let full = Usage { holders: vec![role()], spare_versions: vec!["v1".into(), "v2".into()] };
        let cases = [
            ("absent", None, Usage::default(), Change::Keep, 0),
            ("ours, with our role", Some(&ours), used(&[role()]), Change::Delete, 1),
            ("ours, of nobody", Some(&ours), Usage::default(), Change::Delete, 1),
            ("ours, with versions of old", Some(&ours), full, Change::Delete, 3),
            ("ours, with another role", Some(&ours), used(&[role(), Holder::Role("Theirs".into())]), Change::Keep, 0),
            ("ours, with a group", Some(&ours), used(&[Holder::Group("Finance".into())]), Change::Keep, 0),
            (
                "ours, with a user of the role's name",
                Some(&ours),
                used(&[Holder::User("FlexeraOptimaAccessRole".into())]),
                Change::Keep,
                0,
            ),
            ("foreign", Some(&foreign), used(&[role()]), Change::Keep, 0),
        ];
        for (name, policy, usage, change, writes) in cases {
            let planned = diff(&one, policy, &usage, &[role()]);
            assert_eq!((planned.change, planned.writes.len()), (change, writes), "{name}");
        }
        let left = diff(&one, Some(&ours), &used(&[role()]), &[]);
        assert_eq!(left.change, Change::Keep, "a role that stays keeps its policy");
    }
}
