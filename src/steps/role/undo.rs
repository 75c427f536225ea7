//! Removing the role: the policy comes off, then it goes. Whatever else it carries is somebody's, and stops it.

use serde::Serialize;

use crate::aws::roles::Role;
use crate::error::Result;
use crate::plan::{Detail, Planned};
use crate::spec::Onboarding;
use crate::steps::undo::{self, Carried};
use crate::steps::{Step, World, not_ours};

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Take the policy of this ARN off.
    Detach(String),
    /// Delete the role.
    Delete,
}

/// Whether the role goes.
pub fn diff(onboarding: &Onboarding, found: Option<&Role>) -> Planned {
    let arn = onboarding.role_arn();
    let Some(role) = found else { return undo::absent(Step::Role, arn) };
    if let Some(left) = not_ours::stays(Step::Role, &role.arn, &role.tags.owner(&onboarding.org_id)) {
        return left;
    }
    let name = onboarding.role_name.as_str();
    let carried = Carried { step: Step::Role, name, arn: &role.arn, attached: &role.attached, inline: &role.inline };
    if let Some(refused) = carried.by_others(onboarding) {
        return refused;
    }
    let mut details = vec![];
    let mut writes = vec![];
    if role.attached.contains(&onboarding.policy_arn()) {
        details.push(Detail::gone("attached_policy", onboarding.policy_arn()));
        writes.push(undo::Write::Role(Write::Detach(onboarding.policy_arn())).into());
    }
    writes.push(undo::Write::Role(Write::Delete).into());
    Planned::delete(Step::Role, &role.arn, details, writes)
}

/// Carries out one write.
///
/// # Errors
/// What IAM answers; a refusal when the role carries something by then.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let name = onboarding.role_name.as_str();
    match write {
        Write::Detach(arn) => Ok(world.aws.detach_from_role(name, arn).await?),
        Write::Delete => {
            undo::once_free(world, &format!("the role {name}"), async || world.aws.delete_role(name).await).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Change;
    use crate::spec::tags::Tags;
    use crate::steps::{Write as Any, samples};

    #[test]
    fn only_our_own_role_goes_and_only_if_it_carries_nothing_of_others() {
        let one = samples::onboarding(&[]);
        let ours =
            Role { arn: one.role_arn(), tags: one.all_tags(), attached: vec![one.policy_arn()], ..Role::default() };
        let elsewhere = samples::onboarding(&[("org_id", "999")]).all_tags();
        let cases = [
            ("absent", None, Change::Keep, 0),
            ("ours", Some(ours.clone()), Change::Delete, 2),
            (
                "ours, detached by a run that was killed",
                Some(Role { attached: vec![], ..ours.clone() }),
                Change::Delete,
                1,
            ),
            ("foreign", Some(Role { tags: Tags::default(), ..ours.clone() }), Change::Keep, 0),
            ("another organization's", Some(Role { tags: elsewhere, ..ours.clone() }), Change::Keep, 0),
            ("with an inline policy", Some(Role { inline: vec!["Theirs".into()], ..ours.clone() }), Change::Refuse, 0),
            (
                "with another managed policy",
                Some(Role {
                    attached: vec![one.policy_arn(), "arn:aws:iam::aws:policy/ReadOnlyAccess".into()],
                    ..ours
                }),
                Change::Refuse,
                0,
            ),
        ];
        for (name, role, change, writes) in cases {
            let planned = diff(&one, role.as_ref());
            assert_eq!((planned.change, planned.writes.len()), (change, writes), "{name}");
            assert_eq!(planned.reason.is_some(), change != Change::Delete, "{name}: says why");
        }
    }

    #[test]
    fn the_policy_comes_off_first_and_the_remedy_names_what_is_in_the_way() {
        let one = samples::onboarding(&[]);
        let ours = Role { tags: one.all_tags(), attached: vec![one.policy_arn()], ..Role::default() };
        let last = Any::from(undo::Write::Role(Write::Delete));
        assert_eq!(diff(&one, Some(&ours)).writes.last(), Some(&last));
        let remedy = diff(&one, Some(&Role { inline: vec!["Theirs".into()], ..ours })).remedy.expect("a remedy");
        assert!(
            remedy
                .as_str()
                .contains("aws iam delete-role-policy --role-name FlexeraOptimaAccessRole --policy-name Theirs")
        );
    }
}
