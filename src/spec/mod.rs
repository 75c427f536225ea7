//! What is to be done: the answers a person gives, and the one complete, valid description that is made from them.

pub mod another_name;
pub mod answers;
pub mod bucket_key;
pub mod command;
pub mod fields;
pub mod file;
pub mod from_stack;
#[cfg(test)]
mod fuzz;
pub mod key_state;
pub mod names;
mod near;
mod resolve;
pub mod tags;
pub mod unknown;
pub mod written;

use serde::Serialize;

use bucket_key::BucketKey;
use names::{
    Access, AccountId, Api, BillMonth, BucketName, ExternalId, OrgId, Partition, PolicyName, PolicySet, Prefix,
    PrincipalArn, Region, ReportName, RoleName, SessionName, UserName, Zone,
};
use std::path::PathBuf;
use tags::Tags;

pub use near::{did_you_mean, nearest};
pub use resolve::{
    Facts, check_partition, default_bucket, external_id, flexera_principal, missing, placeholder_org, resolve,
};

/// One onboarding, complete and valid: every name, hence every ARN, is known before anything exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onboarding {
    /// The Flexera organization.
    pub org_id: OrgId,
    /// The AWS account everything is made in.
    pub account_id: AccountId,
    /// The account that pays for it, where it is a member of an organization and is onboarded all the same.
    pub payer: Option<String>,
    /// That account's partition.
    pub partition: Partition,
    /// Which onboarding API.
    pub api: Api,
    /// Where the organization lives.
    pub zone: Zone,
    /// How Flexera gets in.
    pub access: Access,
    /// The billing bucket.
    pub bucket: BucketName,
    /// Its region.
    pub bucket_region: Region,
    /// The KMS key of the bucket's default encryption, once it was looked at; `None` is SSE-S3, and a bucket not made yet.
    pub bucket_key: Option<BucketKey>,
    /// Report path prefix, and the bill connect's bucket path.
    pub prefix: Prefix,
    /// The Cost and Usage Report.
    pub report_name: ReportName,
    /// Whether the report, its bucket and its prefix are somebody's that is taken over as it is.
    pub report_origin: ReportOrigin,
    /// The customer managed policy.
    pub policy_name: PolicyName,
    /// What is in it.
    pub policy_set: PolicySet,
    /// The role, with access by role.
    pub role_name: RoleName,
    /// The user, with access by user.
    pub user_name: UserName,
    /// The external id in the role's trust.
    pub external_id: ExternalId,
    /// Whom the role trusts.
    pub trusted_principal: PrincipalArn,
    /// The role session name that the bill connect carries.
    pub session_name: Option<SessionName>,
    /// The earliest bill month.
    pub effective_from: Option<BillMonth>,
    /// The account whose bill is connected.
    pub bill_account_id: AccountId,
    /// Where a new access key goes when the API takes none.
    pub access_key_file: Option<PathBuf>,
    /// Extra tags on what is created.
    pub tags: Tags,
}

/// Where the report comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportOrigin {
    /// Made by this program, under the name asked for.
    Made,
    /// An existing one, taken with `--reuse-report`.
    Reused,
}

impl Onboarding {
    /// Flexera's own principal, where the role trusts another one in its place.
    pub fn stranger_in_place_of(&self) -> Option<&'static str> {
        let own = flexera_principal(self.zone);
        (self.access == Access::Role && self.trusted_principal.as_str() != own).then_some(own)
    }

    /// The policy's ARN.
    pub fn policy_arn(&self) -> String {
        self.iam_arn("policy", self.policy_name.as_str())
    }

    /// The role's ARN.
    pub fn role_arn(&self) -> String {
        self.iam_arn("role", self.role_name.as_str())
    }

    /// The user's ARN.
    pub fn user_arn(&self) -> String {
        self.iam_arn("user", self.user_name.as_str())
    }

    /// The name of the role or the user that Flexera gets in as.
    pub fn access_name(&self) -> &str {
        match self.access {
            Access::Role => self.role_name.as_str(),
            Access::User => self.user_name.as_str(),
        }
    }

    /// The ARN of the role or the user that Flexera gets in as.
    pub fn access_arn(&self) -> String {
        self.iam_arn(self.access.as_str(), self.access_name())
    }

    /// Whether a person registers the bill connect by hand; see [`Access::is_registered_by_hand`].
    pub fn is_registered_by_hand(&self) -> bool {
        self.access.is_registered_by_hand(self.api)
    }

    /// The bill connect's id at Flexera: `aws-` and the account, in both generations.
    pub fn bill_connect_id(&self) -> String {
        format!("aws-{}", self.bill_account_id)
    }

    /// The same with the key that its bucket was found to have.
    #[must_use]
    pub fn encrypted_with(self, key: Option<&str>) -> Self {
        Self { bucket_key: key.map(|text| BucketKey::read(text, &self)), ..self }
    }

    /// The tags on everything that is created.
    pub fn all_tags(&self) -> Tags {
        self.tags.marked(&self.org_id)
    }

    fn iam_arn(&self, kind: &str, name: &str) -> String {
        format!("arn:{}:iam::{}:{kind}/{name}", self.partition, self.account_id)
    }
}
