//! Whether the bill will flow: check by check, on the AWS side and on Flexera's. Asking is here, judging is pure.

mod access;
mod advice;
mod billing;
mod flexera;
#[cfg(test)]
mod fuzz;
mod outlook;
mod times;

use serde::Serialize;
use time::OffsetDateTime;

use crate::aws::simulate::Verdict;
use crate::documents;
use crate::error::Result;
use crate::onboarding::{BillMonthStatus, Validation};
use crate::plan::{Change, Planned};
use crate::spec::bucket_key::BucketKey;
use crate::spec::{Facts, Onboarding};
use crate::steps::{self, Found, Scope, World, inspect};

pub use advice::Advice;
pub use outlook::{Outlook, outlook};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be.
    Pass,
    /// The bill will not flow until this is mended.
    Fail,
    /// It works, but a person should know.
    Warn,
    /// Not yet: time will do it.
    Pending,
    /// Could not be looked at; the message says why.
    Skip,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name, stable.
    pub check: &'static str,
    /// How it came out.
    pub status: Status,
    /// What was seen.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Advice>,
    /// Whether it was asked for and nobody answered, which another look may mend.
    #[serde(skip)]
    is_unanswered: bool,
}

impl Check {
    fn new(check: &'static str, status: Status, message: impl Into<String>) -> Self {
        Self { check, status, message: message.into(), remedy: None, is_unanswered: false }
    }

    fn pass(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Pass, message)
    }

    fn fail(check: &'static str, message: impl Into<String>, remedy: impl Into<Advice>) -> Self {
        Self { remedy: Some(remedy.into()), ..Self::new(check, Status::Fail, message) }
    }

    fn warn(check: &'static str, message: impl Into<String>, remedy: impl Into<Advice>) -> Self {
        Self { remedy: Some(remedy.into()), ..Self::new(check, Status::Warn, message) }
    }

    fn advising(self, remedy: impl Into<Advice>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    fn pending(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Pending, message)
    }

    fn unanswered(check: &'static str, message: impl Into<String>) -> Self {
        Self { is_unanswered: true, ..Self::skip(check, message) }
    }

    fn skip(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Skip, message)
    }
}

/// Checks of one part of the way that the bill takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// What they are about, as a heading.
    pub name: String,
    /// Each of them, in order.
    pub checks: Vec<Check>,
}

/// All checks, in the order in which the bill goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Part by part.
    pub areas: Vec<Area>,
}

impl Report {
    /// Each check, in order.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        self.areas.iter().flat_map(|area| &area.checks)
    }

    /// Whether nothing stands in the bill's way; who saw nothing cannot say so.
    pub fn ok(&self) -> bool {
        self.checks().next().is_some() && self.count(Status::Fail) == 0
    }

    /// The same with every flag in the commands of its remedies, `command` being what repeats this run for a verb.
    #[must_use]
    pub fn spelled_out(mut self, command: impl Fn(&str) -> String) -> Self {
        for check in self.areas.iter_mut().flat_map(|area| &mut area.checks) {
            check.remedy = check.remedy.take().map(|remedy| remedy.spelled_out(&command));
        }
        self
    }

    /// The same, each advice after what would have it refused.
    #[must_use]
    fn in_order(mut self, refused: &[Planned]) -> Self {
        let mut checks: Vec<&mut Check> = self.areas.iter_mut().flat_map(|area| &mut area.checks).collect();
        for check in &mut checks {
            check.remedy = check.remedy.take().map(|remedy| remedy.or_own_refusal(refused));
        }
        let said: Vec<Advice> = checks.iter().filter_map(|check| check.remedy.clone()).collect();
        for check in &mut checks {
            check.remedy = check.remedy.take().map(|remedy| remedy.in_order(refused, &said));
        }
        self
    }

    /// How many came out so.
    pub fn count(&self, status: Status) -> usize {
        self.checks().filter(|check| check.status == status).count()
    }
}

/// What is judged: what the steps found, and what only a verification asks for.
#[derive(Debug)]
pub struct Evidence {
    /// When it was asked.
    pub asked: OffsetDateTime,
    /// What the steps found.
    pub found: Found,
    /// What IAM says Flexera may do; the reason when it did not say.
    pub simulation: Result<Vec<Verdict>, String>,
    /// Whether Flexera can read; `None` when the API publishes no validation.
    pub validation: Result<Option<Validation>>,
    /// The bill months Flexera has processed or is processing; `None` when the API does not publish them.
    pub bill_months: Result<Option<Vec<BillMonthStatus>>>,
}

/// Asks everything at once, `asked` being now.
///
/// # Errors
/// The first read that AWS or the onboarding API did not answer.
pub async fn gather(
    world: &World,
    onboarding: &Onboarding,
    scope: &Scope,
    facts: &Facts,
    asked: OffsetDateTime,
) -> Result<Evidence> {
    let (found, simulation, (validation, bill_months)) = tokio::join!(
        inspect(world, onboarding, scope, facts.reports.clone()),
        Box::pin(simulate(world, onboarding)),
        Box::pin(flexera::ask(world, onboarding)),
    );
    let found = found?;
    let simulation = with_decryption(world, onboarding, &found, simulation).await;
    Ok(Evidence { asked, found, simulation, validation, bill_months })
}

/// Whether Flexera may read through the bucket's key is asked once the key is known; an alias is none that IAM simulates.
async fn with_decryption(
    world: &World,
    onboarding: &Onboarding,
    found: &Found,
    simulation: Result<Vec<Verdict>, String>,
) -> Result<Vec<Verdict>, String> {
    let key = found.bucket_key.as_deref().map(|text| BucketKey::read(text, onboarding));
    let (Some(BucketKey::Key { arn, .. }), Ok(mut verdicts)) = (key, simulation.clone()) else { return simulation };
    let answer = world.aws.simulate(&onboarding.access_arn(), &["kms:Decrypt".to_owned()], &arn).await;
    verdicts.extend(answer.map_err(|fault| fault.message)?);
    Ok(verdicts)
}

/// Judges it. Pure.
pub fn judge(onboarding: &Onboarding, facts: &Facts, evidence: &Evidence, scope: &Scope) -> Report {
    let area = |name: String, checks: Vec<Check>| Area { name, checks };
    let found = &evidence.found;
    let deliveries = billing::Deliveries { now: evidence.asked, onboarded: access::onboarded(onboarding, found) };
    let who = onboarding.access_name();
    let mut refused = steps::diff(onboarding, found, scope);
    refused.retain(|planned| planned.change == Change::Refuse);
    let report = Report {
        areas: vec![
            area(format!("AWS account {}", onboarding.account_id), vec![billing::account(&facts.account_kind)]),
            area(format!("Bucket {}", onboarding.bucket), billing::bucket(onboarding, &found.bucket)),
            area(format!("Report {}", onboarding.report_name), billing::report(onboarding, &found.report, &deliveries)),
            area(
                format!("Access by {} {who}", onboarding.access),
                access::checks(onboarding, found, &evidence.simulation),
            ),
            area(format!("Flexera organization {}", onboarding.org_id), flexera::checks(onboarding, evidence, scope)),
        ],
    };
    report.in_order(&refused)
}

async fn simulate(world: &World, onboarding: &Onboarding) -> Result<Vec<Verdict>, String> {
    let arn = onboarding.access_arn();
    let groups = documents::what_flexera_does(onboarding);
    let asked = |(actions, resource): &(Vec<String>, String)| {
        let (aws, arn, actions, resource) = (world.aws.clone(), arn.clone(), actions.clone(), resource.clone());
        async move { aws.simulate(&arn, &actions, &resource).await }
    };
    let [list, read, all] = &groups;
    let (list, read, all) = tokio::join!(asked(list), asked(read), asked(all));
    let mut verdicts = Vec::new();
    for answer in [list, read, all] {
        verdicts.extend(answer.map_err(|fault| fault.message)?);
    }
    Ok(verdicts)
}
