//! IAM's users as the user step needs them.

use time::OffsetDateTime;

use crate::aws::Aws;
use crate::aws::fault::{Answer, Fault, gone};
use crate::aws::keys::AccessKey;
use crate::aws::policies::{from_wire, time_of, to_wire};
use crate::spec::key_state::{KEY_STATE, KeyState};
use crate::spec::names::OrgId;
use crate::spec::tags::{HANDED_OVER, Owner, Tags};

/// A user that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Its ARN, which holds its path.
    pub arn: String,
    /// Its tags.
    pub tags: Tags,
    /// When it was made.
    pub created: Option<OffsetDateTime>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// The ARNs of its managed policies.
    pub attached: Vec<String>,
    /// The names of its inline policies.
    pub inline: Vec<String>,
    /// Its access keys.
    pub keys: Vec<AccessKey>,
}

impl User {
    /// Where the making of its access key stands.
    pub fn key_state(&self) -> KeyState {
        self.tags.value(KEY_STATE).map(KeyState::read).unwrap_or_default()
    }

    /// Whether this user is ours and a run was cut short while it made a key for it, or could not hand one over.
    pub fn is_cut_short(&self, org: &OrgId) -> bool {
        let state = self.key_state();
        self.tags.owner(org) == Owner::Ours && (state.is_pending() || matches!(state, KeyState::Failed { .. }))
    }

    /// The ids of its keys that runs made and nobody has any more, once what the last one was handed over for is gone or
    /// replaced. A key that a person made or was handed in a file is none of them.
    pub fn keys_left_over(&self) -> Vec<String> {
        let (state, handed_over) = (self.key_state(), self.tags.value(HANDED_OVER));
        let ids = self.keys.iter().map(|key| key.id.as_str());
        ids.filter(|id| Some(*id) != handed_over && state.made(id)).map(str::to_owned).collect()
    }

    /// Whether a run of ours has written its key of this id to a file.
    pub fn has_in_file(&self, id: &str) -> bool {
        self.has_key(id) && self.tags.value(HANDED_OVER) == Some(id)
    }

    /// Whether it has a key of this id.
    pub fn has_key(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }
}

impl Aws {
    /// Reads a user with its policies and keys, all at once.
    pub async fn user(&self, name: &str) -> Answer<Option<User>> {
        let (user, attached, inline, keys) = tokio::join!(
            self.iam.get_user().user_name(name).send(),
            self.iam.list_attached_user_policies().user_name(name).send(),
            self.iam.list_user_policies().user_name(name).send(),
            self.access_keys(name),
        );
        let user = match user.map_err(|e| Fault::of("iam:GetUser", name, &e)) {
            Ok(answer) => answer.user,
            Err(fault) if fault.is("NoSuchEntity") => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let attached = attached.map_err(|e| Fault::of("iam:ListAttachedUserPolicies", name, &e))?;
        let inline = inline.map_err(|e| Fault::of("iam:ListUserPolicies", name, &e))?;
        let keys = keys?;
        Ok(user.map(|user| User {
            arn: user.arn,
            tags: from_wire(user.tags.unwrap_or_default()),
            created: time_of(&user.create_date),
            boundary: user.permissions_boundary.and_then(|boundary| boundary.permissions_boundary_arn),
            attached: attached
                .attached_policies
                .unwrap_or_default()
                .into_iter()
                .filter_map(|policy| policy.policy_arn)
                .collect(),
            inline: inline.policy_names,
            keys,
        }))
    }

    /// The user's keys, and after them its tags: of every key that is there, they say already that a run is making it.
    pub async fn keys_and_tags(&self, name: &str) -> Answer<Option<User>> {
        let keys = match self.access_keys(name).await {
            Err(fault) if fault.is("NoSuchEntity") => return Ok(None),
            keys => keys?,
        };
        let answer = self.iam.get_user().user_name(name).send().await;
        let user = match answer.map_err(|e| Fault::of("iam:GetUser", name, &e)) {
            Err(fault) if fault.is("NoSuchEntity") => return Ok(None),
            answer => answer?.user,
        };
        Ok(user.map(|user| User { tags: from_wire(user.tags.unwrap_or_default()), keys, ..User::default() }))
    }

    /// Creates the user.
    pub async fn create_user(&self, name: &str, tags: &Tags) -> Answer<()> {
        let answer = self.iam.create_user().user_name(name).set_tags(Some(to_wire(tags))).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:CreateUser", name, &e))
    }

    /// Attaches a managed policy.
    pub async fn attach_to_user(&self, name: &str, policy_arn: &str) -> Answer<()> {
        let answer = self.iam.attach_user_policy().user_name(name).policy_arn(policy_arn).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:AttachUserPolicy", name, &e))
    }

    /// Detaches a managed policy; one that is not attached is no error.
    pub async fn detach_from_user(&self, name: &str, policy_arn: &str) -> Answer<()> {
        let answer = self.iam.detach_user_policy().user_name(name).policy_arn(policy_arn).send().await;
        gone(answer.map(drop).map_err(|e| Fault::of("iam:DetachUserPolicy", name, &e)))
    }

    /// Deletes the user; one that is gone already is no error.
    pub async fn delete_user(&self, name: &str) -> Answer<()> {
        let answer = self.iam.delete_user().user_name(name).send().await;
        gone(answer.map(drop).map_err(|e| Fault::of("iam:DeleteUser", name, &e)))
    }

    /// Adds tags to the user.
    pub async fn tag_user(&self, name: &str, tags: &Tags) -> Answer<()> {
        let answer = self.iam.tag_user().user_name(name).set_tags(Some(to_wire(tags))).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:TagUser", name, &e))
    }
}
