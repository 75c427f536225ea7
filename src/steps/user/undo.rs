//! Removing the user: the policy comes off, its access keys end, then it goes. Whatever else it carries is somebody's,
//! and stops it.

use serde::Serialize;

use crate::aws::users::User;
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
    /// Delete the access key of this id.
    DeleteKey(String),
    /// Delete the user.
    Delete,
}

/// Whether the user goes.
pub fn diff(onboarding: &Onboarding, found: Option<&User>) -> Planned {
    let arn = onboarding.user_arn();
    let Some(user) = found else { return undo::absent(Step::User, arn) };
    if let Some(left) = not_ours::stays(Step::User, &user.arn, &user.tags.owner(&onboarding.org_id)) {
        return left;
    }
    let name = onboarding.user_name.as_str();
    let carried = Carried { step: Step::User, name, arn: &user.arn, attached: &user.attached, inline: &user.inline };
    if let Some(refused) = carried.by_others(onboarding) {
        return refused;
    }
    let mut details = vec![];
    let mut writes = vec![];
    if user.attached.contains(&onboarding.policy_arn()) {
        details.push(Detail::gone("attached_policy", onboarding.policy_arn()));
        writes.push(Write::Detach(onboarding.policy_arn()));
    }
    details.extend(user.keys.iter().map(|key| Detail::gone("access_key", &key.id)));
    writes.extend(user.keys.iter().map(|key| Write::DeleteKey(key.id.clone())));
    writes.push(Write::Delete);
    let writes = writes.into_iter().map(|write| undo::Write::User(write).into()).collect();
    Planned::delete(Step::User, &user.arn, details, writes)
}

/// Carries out one write.
///
/// # Errors
/// What IAM answers; a refusal when the user carries something by then.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let name = onboarding.user_name.as_str();
    match write {
        Write::Detach(arn) => Ok(world.aws.detach_from_user(name, arn).await?),
        Write::DeleteKey(id) => Ok(world.aws.delete_access_key(name, id).await?),
        Write::Delete => {
            undo::once_free(world, &format!("the user {name}"), async || world.aws.delete_user(name).await).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::keys::AccessKey;
    use crate::plan::Change;
    use crate::spec::tags::Tags;
    use crate::steps::samples;

    #[test]
    fn only_our_own_user_goes_with_every_key_and_only_if_it_carries_nothing_of_others() {
        let one = samples::onboarding(&[("access", "user"), ("api", "flexera-one")]);
        let key = |id: &str, active| AccessKey { id: id.into(), active };
        let ours = User {
            arn: one.user_arn(),
            tags: one.all_tags(),
            attached: vec![one.policy_arn()],
            keys: vec![key("AKIA1", true), key("AKIA2", false)],
            ..User::default()
        };
        let cases = [
            ("absent", None, Change::Keep, 0),
            ("ours", Some(ours.clone()), Change::Delete, 4),
            ("ours, bare", Some(User { attached: vec![], keys: vec![], ..ours.clone() }), Change::Delete, 1),
            ("foreign", Some(User { tags: Tags::default(), ..ours.clone() }), Change::Keep, 0),
            ("with an inline policy", Some(User { inline: vec!["Theirs".into()], ..ours.clone() }), Change::Refuse, 0),
            (
                "with another managed policy",
                Some(User { attached: vec!["arn:aws:iam::123456789012:policy/Theirs".into()], ..ours }),
                Change::Refuse,
                0,
            ),
        ];
        for (name, user, change, writes) in cases {
            let planned = diff(&one, user.as_ref());
            assert_eq!((planned.change, planned.writes.len()), (change, writes), "{name}");
        }
    }
}
