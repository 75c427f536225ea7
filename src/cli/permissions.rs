//! `permissions`: the least IAM policy an operator needs for the chosen options.

use clap::ValueEnum;

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
    let (caller, open) = match session.reading(world.aws.caller()).await {
        Ok(caller) if session.is_rehearsal() => (Some(caller), Some("leave --sandbox out".to_owned())),
        Ok(caller) => (Some(caller), None),
        Err(error) if error.kind == Kind::Interrupted => return Err(error),
        Err(error) => {
            (None, Some(format!("{}; give the account's credentials, for example with --profile", error.message)))
        }
    };
    let mut facts = spec::Facts::assumed(caller, world.aws.region().clone());
    let mut answers = session.answers.clone();
    if answers.reuse_report.is_some() {
        facts.reports = session.reading(async { Ok(world.aws.reports().await?) }).await?;
    }
    answers.org_id = answers.org_id.take().or_else(spec::placeholder_org);
    let onboarding = spec::resolve(&answers, &facts)?;
    let account = if open.is_none() { onboarding.account_id.as_str() } else { unknown::ACCOUNT };
    let bucket = bucket(session, &onboarding, account);
    for warning in session.rehearsal().into_iter().chain(left_open(open.as_deref(), &bucket)) {
        session.printer.warn(&warning);
    }
    let scope = OperatorScope { account, bucket: &bucket, ..operator_scope(&onboarding, purpose) };
    session.printer.document(&documents::operator_policy(&scope));
    Ok(0)
}

/// The bucket's name, which by default holds the account and the organization.
fn bucket(session: &Session, onboarding: &Onboarding, account: &str) -> String {
    let given = &session.answers;
    if given.bucket.is_some() || given.reuse_report.is_some() {
        return onboarding.bucket.to_string();
    }
    let org = session.own_answers().org_id;
    spec::default_bucket(&account, &org.as_ref().map_or(unknown::ORG, OrgId::as_str))
}

/// What stands in the policy in place of an answer, and how that gets there: the account, unless `way` to it is none, and
/// the organization, which only the bucket's name can hold.
fn left_open(way: Option<&str>, bucket: &str) -> Vec<String> {
    let account = way.map(|way| {
        format!("{} stands in the policy for the AWS account: {way}, or put its 12 digits there", unknown::ACCOUNT)
    });
    let org = bucket.contains(unknown::ORG).then(|| {
        format!(
            "{} stands in the policy for the Flexera organization: add --org-id, or put its digits there",
            unknown::ORG
        )
    });
    account.into_iter().chain(org).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_policy_is_said_and_nothing_else() {
        let said = |way, bucket: &str| left_open(way, bucket).concat();
        assert_eq!(said(None, "acme-billing"), "");
        assert!(said(None, "flexera-optima-111122223333-ORG_ID").starts_with("ORG_ID stands"));
        let account = said(Some("nobody said; ask"), "acme-billing");
        assert!(account.starts_with("ACCOUNT_ID stands") && account.contains("nobody said; ask, or put"), "{account}");
        assert!(!account.contains("--org-id"), "{account}");
    }
}
