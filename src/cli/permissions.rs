//! `permissions`: the least IAM policy an operator needs for the chosen options.

use clap::ValueEnum;
use serde_json::Value;

use crate::cli::Job;
use crate::documents::{self, OperatorScope, Purpose};
use crate::error::{Kind, Result};
use crate::preflight::operator_scope;
use crate::session::Session;
use crate::spec::names::OrgId;
use crate::spec::{self, Onboarding, unknown};

/// For whom, and for what.
#[derive(Clone, Debug, clap::Args)]
pub struct PermissionsJob {
    #[command(flatten)]
    pub(super) job: Job,
    /// What the operator is going to do
    #[arg(long = "for", value_enum, default_value = "apply", value_name = "PURPOSE", help_heading = "Run")]
    pub(super) purpose: Goal,
}

/// What the operator is going to do.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Goal {
    /// plan, apply and verify
    Apply,
    /// plan and verify: reads alone
    Verify,
    /// destroy
    Destroy,
    /// destroy --delete-bucket, with or without data in it
    DestroyWithBucket,
}

impl From<Goal> for Purpose {
    fn from(goal: Goal) -> Self {
        match goal {
            Goal::Apply => Self::Apply,
            Goal::Verify => Self::Verify,
            Goal::Destroy => Self::Destroy,
            Goal::DestroyWithBucket => Self::DestroyWithBucket,
        }
    }
}

/// Prints the policy. The account is asked of AWS; where AWS cannot be asked, or only the sandbox is, a word stands in its
/// place, as in that of an organization that was not given, because this is what one reads before having credentials.
///
/// # Errors
/// What the answers contradict.
pub async fn run(session: &Session, purpose: Purpose) -> Result<u8> {
    let world = session.connect().await?;
    session.tell_of_aws(&world);
    let (caller, unknown_since) = match session.reading(world.aws.caller()).await {
        Ok(caller) if session.is_rehearsal() => (Some(caller), Some("the sandbox's is nobody's".to_owned())),
        Ok(caller) => (Some(caller), None),
        Err(error) if error.kind == Kind::Interrupted => return Err(error),
        Err(error) => (None, Some(error.message)),
    };
    let mut facts = spec::Facts::assumed(caller, world.aws.region().clone());
    let mut answers = session.answers.clone();
    if answers.reuse_report.is_some() {
        facts.reports = session.reading(async { Ok(world.aws.reports().await?) }).await?;
    }
    answers.org_id = answers.org_id.take().or_else(spec::placeholder_org);
    let onboarding = spec::resolve(&answers, &facts)?;
    let account = if unknown_since.is_none() { onboarding.account_id.as_str() } else { unknown::ACCOUNT };
    let policy = documents::operator_policy(&OperatorScope {
        account,
        bucket: &bucket(session, &onboarding, account),
        ..operator_scope(&onboarding, purpose)
    });
    session.rehearsal().iter().for_each(|warning| session.printer.warn(warning));
    left_open(&policy, &unknown_since.unwrap_or_default()).iter().for_each(|warning| session.printer.warn(warning));
    session.printer.document(&policy);
    Ok(0)
}

/// The bucket's name, which by default holds the account and the organization.
fn bucket(session: &Session, onboarding: &Onboarding, account: &str) -> String {
    let given = &session.answers;
    if given.bucket.is_some() || given.reuse_report.is_some() {
        return onboarding.bucket.to_string();
    }
    // The sandbox's own organization was not given either.
    let org = given.org_id.as_ref().filter(|_| session.suggested_org.is_none());
    spec::default_bucket(&account, &org.map_or(unknown::ORG, OrgId::as_str))
}

/// What stands in the policy in place of an answer, and how it gets there.
fn left_open(policy: &Value, unknown_since: &str) -> Vec<String> {
    let policy = policy.to_string();
    let account = format!(
        "{} stands in the policy for the AWS account, since {unknown_since}: give its credentials, for example with --profile, or put its 12 digits there",
        unknown::ACCOUNT
    );
    let org = format!(
        "{} stands in the policy for the Flexera organization: give it with --org-id, or put its digits there",
        unknown::ORG
    );
    let open = [(unknown::ACCOUNT, account), (unknown::ORG, org)];
    open.into_iter().filter_map(|(word, warning)| policy.contains(word).then_some(warning)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_policy_is_said_and_nothing_else() {
        let said = |resource: &str| left_open(&serde_json::json!([resource]), "nobody said").concat();
        assert_eq!(said("arn:aws:s3:::acme-billing"), "");
        assert!(said("arn:aws:s3:::flexera-optima-111122223333-ORG_ID").starts_with("ORG_ID stands"));
        let account = said("arn:aws:iam::ACCOUNT_ID:role/R");
        assert!(account.starts_with("ACCOUNT_ID stands") && account.contains("nobody said"), "{account}");
        assert!(!account.contains("--org-id"), "{account}");
    }
}
