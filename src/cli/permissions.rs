//! `permissions`: the least IAM policy an operator needs for the chosen options.

use crate::documents;
use crate::error::Result;
use crate::preflight::operator_scope;
use crate::session::Session;
use crate::spec;

/// Prints the policy. The account is asked of AWS; where AWS cannot be asked, a placeholder account and organization
/// stand in, because this is what one reads before having credentials.
///
/// # Errors
/// What the answers contradict.
pub async fn run(session: &Session) -> Result<u8> {
    let world = session.connect().await?;
    let caller = session.reading(world.aws.caller()).await.ok();
    let asked = caller.is_some();
    let facts = spec::Facts::assumed(caller, world.aws.region().clone());
    let mut answers = session.answers.clone();
    let mut facts = facts;
    if answers.reuse_report.is_some() {
        facts.reports = session.reading(async { Ok(world.aws.reports().await?) }).await?;
    }
    let known = answers.org_id.is_some();
    answers.org_id = answers.org_id.take().or_else(spec::placeholder_org);
    let onboarding = spec::resolve(&answers, &facts)?;
    if !known || !asked {
        session.printer.say("Placeholders stand for what is not known yet: account 111122223333, organization 12345. Give --org-id and AWS credentials for the real ones.");
    }
    session.printer.document(&documents::operator_policy(&operator_scope(&onboarding)));
    Ok(0)
}
