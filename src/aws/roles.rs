//! IAM's roles as the role step needs them.

use time::OffsetDateTime;

use crate::aws::Aws;
use crate::aws::fault::{Answer, Fault, gone};
use crate::aws::policies::{from_wire, time_of, to_wire};
use crate::spec::tags::Tags;

/// A role that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Its ARN, which holds its path.
    pub arn: String,
    /// Who may assume it, as IAM returns it: URL-encoded.
    pub trust: String,
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
}

impl Aws {
    /// Reads a role with its policies, all at once.
    pub async fn role(&self, name: &str) -> Answer<Option<Role>> {
        let (role, attached, inline) = tokio::join!(
            self.iam.get_role().role_name(name).send(),
            self.iam.list_attached_role_policies().role_name(name).send(),
            self.iam.list_role_policies().role_name(name).send(),
        );
        let role = match role.map_err(|e| Fault::of("iam:GetRole", name, &e)) {
            Ok(answer) => answer.role,
            Err(fault) if fault.is("NoSuchEntity") => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let attached = attached.map_err(|e| Fault::of("iam:ListAttachedRolePolicies", name, &e))?;
        let inline = inline.map_err(|e| Fault::of("iam:ListRolePolicies", name, &e))?;
        Ok(role.map(|role| Role {
            arn: role.arn,
            trust: role.assume_role_policy_document.unwrap_or_default(),
            tags: from_wire(role.tags.unwrap_or_default()),
            created: time_of(&role.create_date),
            boundary: role.permissions_boundary.and_then(|boundary| boundary.permissions_boundary_arn),
            attached: attached
                .attached_policies
                .unwrap_or_default()
                .into_iter()
                .filter_map(|policy| policy.policy_arn)
                .collect(),
            inline: inline.policy_names,
        }))
    }

    /// The ARN of a role with the path that a session's ARN lacks.
    pub async fn role_arn(&self, name: &str) -> Answer<String> {
        let answer =
            self.iam_once.get_role().role_name(name).send().await.map_err(|e| Fault::of("iam:GetRole", name, &e))?;
        Ok(answer.role.map(|role| role.arn).unwrap_or_default())
    }

    /// Creates the role.
    pub async fn create_role(&self, name: &str, trust: &str, description: &str, tags: &Tags) -> Answer<()> {
        let request =
            self.iam.create_role().role_name(name).assume_role_policy_document(trust).description(description);
        let answer = request.set_tags(Some(to_wire(tags))).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:CreateRole", name, &e))
    }

    /// Replaces the role's trust.
    pub async fn set_trust(&self, name: &str, trust: &str) -> Answer<()> {
        let answer = self.iam.update_assume_role_policy().role_name(name).policy_document(trust).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:UpdateAssumeRolePolicy", name, &e))
    }

    /// Attaches a managed policy.
    pub async fn attach_to_role(&self, name: &str, policy_arn: &str) -> Answer<()> {
        let answer = self.iam.attach_role_policy().role_name(name).policy_arn(policy_arn).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:AttachRolePolicy", name, &e))
    }

    /// Detaches a managed policy; one that is not attached is no error.
    pub async fn detach_from_role(&self, name: &str, policy_arn: &str) -> Answer<()> {
        let answer = self.iam.detach_role_policy().role_name(name).policy_arn(policy_arn).send().await;
        gone(answer.map(drop).map_err(|e| Fault::of("iam:DetachRolePolicy", name, &e)))
    }

    /// Deletes the role; one that is gone already is no error.
    pub async fn delete_role(&self, name: &str) -> Answer<()> {
        let answer = self.iam.delete_role().role_name(name).send().await;
        gone(answer.map(drop).map_err(|e| Fault::of("iam:DeleteRole", name, &e)))
    }

    /// Adds tags to the role.
    pub async fn tag_role(&self, name: &str, tags: &Tags) -> Answer<()> {
        let answer = self.iam.tag_role().role_name(name).set_tags(Some(to_wire(tags))).send().await;
        answer.map(drop).map_err(|e| Fault::of("iam:TagRole", name, &e))
    }
}
