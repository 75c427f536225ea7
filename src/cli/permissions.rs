//! `permissions`: the least IAM policy an operator needs for the chosen options.

use clap::ValueEnum;

use crate::cli::Job;
use crate::documents::{self, Purpose};
use crate::error::{Kind, Result};
use crate::preflight::operator_scope;
use crate::session::Session;
use crate::spec;

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

/// Prints the policy. The account is asked of AWS; where AWS cannot be asked, a placeholder account and organization
/// stand in, because this is what one reads before having credentials.
///
/// # Errors
/// What the answers contradict.
pub async fn run(session: &Session, purpose: Purpose) -> Result<u8> {
    let world = session.connect().await?;
    session.tell_of_aws(&world);
    let caller = match session.reading(world.aws.caller()).await {
        Err(error) if error.kind == Kind::Interrupted => return Err(error),
        caller => caller.ok(),
    };
    let asked = caller.is_some();
    let mut facts = spec::Facts::assumed(caller, world.aws.region().clone());
    let mut answers = session.answers.clone();
    if answers.reuse_report.is_some() {
        facts.reports = session.reading(async { Ok(world.aws.reports().await?) }).await?;
    }
    let known = answers.org_id.is_some();
    answers.org_id = answers.org_id.take().or_else(spec::placeholder_org);
    let onboarding = spec::resolve(&answers, &facts)?;
    let stands_in = [
        (!asked, format!("account {} (give AWS credentials)", onboarding.account_id)),
        (!known, format!("organization {} (give --org-id)", onboarding.org_id)),
    ];
    let placeholders: Vec<String> = stands_in.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect();
    if !placeholders.is_empty() {
        session.printer.say(&format!("Stand-ins for what is not known yet: {}.", placeholders.join(", ")));
    }
    session.printer.document(&documents::operator_policy(&operator_scope(&onboarding, purpose)));
    Ok(0)
}
