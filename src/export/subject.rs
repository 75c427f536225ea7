//! What is exported: an onboarding whose account is open.

use serde_json::{Value, json};

use crate::aws::reports::Report;
use crate::documents;
use crate::error::{Error, Result};
use crate::export::hole::Hole;
use crate::spec::answers::Answers;
use crate::spec::names::{Access, Region};
use crate::spec::tags::{ORGANIZATION, Tags};
use crate::spec::{self, Facts, Onboarding, ReportOrigin};
use crate::steps::{policy, report, role};

/// What a parameter of an export takes: an organization's id, a bucket's name, a name of IAM's.
pub const ORG_ID: &str = "^[1-9][0-9]{0,17}$";
pub const BUCKET_NAME: &str = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$";
pub const IAM_NAME: &str = "^[A-Za-z0-9_+=,.@-]+$";

/// An onboarding, and which of its values were never given.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What is described; its account is a placeholder.
    pub onboarding: Onboarding,
    /// What was answered, for the command that finishes the job.
    pub answers: Answers,
}

impl Subject {
    /// From answers alone. `region` is the AWS region in use, where no bucket region was answered.
    ///
    /// # Errors
    /// A usage error for what is missing; a refusal for a partition without a way.
    pub fn new(answers: Answers, region: Region) -> Result<Self> {
        let region = answers.bucket_region.clone().or_else(|| answers.region.clone()).unwrap_or(region);
        // Nothing tells the partition but the region: another report service, and no role that Flexera could assume.
        let mut facts = Facts::assumed(None, region.clone());
        if answers.reuse_report.is_some() {
            facts.reports = vec![reused(&answers, &region)?];
        }
        let onboarding = spec::resolve(&answers, &facts)?;
        Ok(Self { onboarding, answers })
    }

    /// Whether bucket and report are made, not only read.
    pub fn makes_report(&self) -> bool {
        self.onboarding.report_origin == ReportOrigin::Made
    }

    /// Whether access is by role.
    pub fn by_role(&self) -> bool {
        self.onboarding.access == Access::Role
    }

    /// The region of the report service.
    pub fn report_region(&self) -> &'static str {
        self.onboarding.partition.report_region()
    }

    /// The bucket's name as it was answered; by default account and organization make one.
    pub fn named_bucket(&self) -> Option<&str> {
        let named = self.answers.bucket.is_some() || !self.makes_report();
        named.then(|| self.onboarding.bucket.as_str())
    }

    /// The bucket's default name, with the account and the organization open.
    pub fn default_bucket(&self) -> String {
        spec::default_bucket(&Hole::Account, &Hole::Org)
    }

    /// The role's or the user's name.
    pub fn access_name(&self) -> &str {
        self.onboarding.access_name()
    }

    /// The bucket policy: a new bucket has no other.
    pub fn bucket_policy(&self) -> Value {
        let statements = documents::delivery_statements(self.onboarding.partition, &Hole::Account, &Hole::Bucket);
        json!({ "Version": "2012-10-17", "Statement": statements })
    }

    /// The managed policy.
    pub fn permissions(&self) -> Value {
        documents::flexera_permissions(self.onboarding.policy_set, self.onboarding.partition, &Hole::Bucket)
    }

    /// The role's trust. An external id that is the organization's stays bound to it.
    pub fn trust(&self) -> Value {
        let (principal, id) = (&self.onboarding.trusted_principal, &self.onboarding.external_id);
        if self.external_id_is_org() {
            documents::trust(principal, &Hole::Org)
        } else {
            documents::trust(principal, id)
        }
    }

    /// Whether the external id is the organization's id, as it is by default.
    pub fn external_id_is_org(&self) -> bool {
        self.onboarding.external_id.as_str() == self.onboarding.org_id.as_str()
    }

    /// Who is trusted in place of Flexera, where somebody is: what nobody should run without having read it.
    pub fn caution(&self) -> Option<String> {
        let (own, who) = (self.onboarding.stranger_in_place_of()?, &self.onboarding.trusted_principal);
        Some(format!("{who} is trusted in place of Flexera's {own}; whoever that is gets in"))
    }

    /// Whom the role lets in, for the lines above it.
    pub fn who_gets_in(&self) -> Vec<String> {
        let Some(own) = self.onboarding.stranger_in_place_of() else {
            return vec!["Flexera's principal may assume it, and only with the external id.".to_owned()];
        };
        let who = &self.onboarding.trusted_principal;
        vec![
            format!("Not Flexera: {who} may assume it, with the external id."),
            format!("Flexera's own principal is {own}."),
        ]
    }

    /// What the role or the user is for.
    pub fn access_is(&self) -> &'static str {
        match (self.by_role(), self.onboarding.stranger_in_place_of()) {
            (true, None) => "Role that Flexera assumes",
            (true, Some(_)) => "Role that the trusted principal assumes",
            (false, _) => "User that Flexera signs in as",
        }
    }

    /// What the organization's id is for, besides names and tags.
    pub fn org_is(&self) -> &'static str {
        if self.by_role() && self.external_id_is_org() {
            "Flexera organization, and the external id with which the role is assumed"
        } else {
            "Flexera organization"
        }
    }

    /// The report as the report step would make it.
    pub fn report(&self) -> Report {
        report::wanted(&self.onboarding)
    }

    /// The managed policy's ARN, in the account that is open.
    pub fn policy_arn(&self) -> String {
        format!("arn:{}:iam::{}:policy/{}", self.onboarding.partition, Hole::Account, Hole::PolicyName)
    }

    /// The tags of an engine that keeps its own record: whose bill it is, and what was asked for; not whose it is.
    pub fn tags_of_others(&self) -> Vec<(String, String)> {
        let own = std::iter::once((ORGANIZATION.to_owned(), Hole::Org.to_string()));
        own.chain(pairs(&self.onboarding.tags)).collect()
    }

    /// The tags of what this program makes.
    pub fn tags_of_ours(&self) -> Vec<(String, String)> {
        pairs(&self.onboarding.all_tags()).collect()
    }

    /// What the managed policy is for.
    pub fn policy_purpose(&self) -> &'static str {
        purpose(policy::DESCRIPTION)
    }

    /// What the role is for.
    pub fn role_purpose(&self) -> &'static str {
        purpose(role::DESCRIPTION)
    }
}

/// Without the sentence that says who made it.
fn purpose(description: &'static str) -> &'static str {
    description.trim_end_matches(" Made by optima-onboard.")
}

fn pairs(tags: &Tags) -> impl Iterator<Item = (String, String)> {
    tags.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect::<Vec<_>>().into_iter()
}

/// A report that exists cannot be looked up here: where it delivers to has to be said.
fn reused(answers: &Answers, region: &Region) -> Result<Report> {
    let (Some(name), Some(bucket), Some(prefix)) = (&answers.reuse_report, &answers.bucket, &answers.prefix) else {
        return Err(Error::usage(
            "--reuse-report: an export looks nothing up, so it needs the report's bucket and prefix",
        )
        .remedy("add --bucket and --prefix as the report has them, and --bucket-region unless it is us-east-1"));
    };
    Ok(Report {
        name: name.to_string(),
        bucket: bucket.to_string(),
        prefix: prefix.to_string(),
        region: region.to_string(),
        ..Report::default()
    })
}
