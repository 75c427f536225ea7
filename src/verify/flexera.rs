//! The checks on Flexera's side: the bill connect, its values, its validation, and the bill months processed.

use crate::onboarding::{BillMonthStatus, Validation};
use crate::plan::Change;
use crate::spec::Onboarding;
use crate::steps::{Scope, Step, World, bill_connect};
use crate::verify::{Check, Evidence};

/// Validation and bill months, asked beside everything else; what the API does not answer is left out, because
/// whether the bill connect exists is asked elsewhere and says it better.
pub async fn ask(world: &World, onboarding: &Onboarding) -> (Option<Validation>, Option<Vec<BillMonthStatus>>) {
    let Some(api) = &world.onboarding else { return (None, None) };
    let id = onboarding.bill_connect_id();
    let (validation, months) = tokio::join!(api.validation(&id), api.bill_months(&id));
    (validation.unwrap_or_default(), months.unwrap_or_default())
}

/// All of them.
pub fn checks(onboarding: &Onboarding, evidence: &Evidence, scope: &Scope) -> Vec<Check> {
    if !scope.reads(Step::BillConnect) {
        return vec![Check::skip(
            "bill-connect",
            "not asked: there is no credential for the onboarding API, or it has no public request for this access",
        )];
    }
    if evidence.found.bill_connect.connect.is_none() {
        return vec![Check::fail(
            "bill-connect",
            format!("organization {} has none for account {}", onboarding.org_id, onboarding.bill_account_id),
            "optima-onboard apply with the same answers makes it",
        )];
    }
    let planned = bill_connect::diff(onboarding, &evidence.found.bill_connect);
    let values = match planned.change {
        Change::Keep if planned.warnings.is_empty() => Check::pass("bill-connect-values", "the same as here"),
        Change::Keep => Check::skip("bill-connect-values", planned.warnings.join("; ")),
        _ => {
            let wrong: Vec<String> = planned
                .details
                .iter()
                .map(|detail| format!("{} is {}", detail.field, detail.from.as_deref().unwrap_or("unset")))
                .collect();
            Check::fail(
                "bill-connect-values",
                wrong.join(", "),
                planned.remedy.unwrap_or_else(|| "optima-onboard apply with the same answers mends it".to_owned()),
            )
        }
    };
    vec![
        Check::pass("bill-connect", planned.resource),
        values,
        validation(evidence.validation.as_ref()),
        months(evidence.bill_months.as_deref()),
    ]
}

fn validation(validation: Option<&Validation>) -> Check {
    match validation {
        None => Check::skip("validation", "this API publishes none"),
        Some(Validation { valid: true, .. }) => Check::pass("validation", "Flexera can read the bill"),
        Some(Validation { error, .. }) => {
            let said = error.as_deref().unwrap_or("it gives no reason");
            Check::fail(
                "validation",
                format!("Flexera cannot read the bill: {said}"),
                "mend what fails above; if nothing does, wait a few minutes for AWS and verify again",
            )
        }
    }
}

fn months(months: Option<&[BillMonthStatus]>) -> Check {
    let Some(months) = months else { return Check::skip("bill-months", "this API publishes none") };
    let processed: Vec<&str> =
        months.iter().filter(|month| month.status == "processed").map(|month| month.month.as_str()).collect();
    match (processed.iter().max(), months.is_empty()) {
        (Some(latest), _) => Check::pass("bill-months", format!("{} processed, the latest {latest}", processed.len())),
        (None, true) => Check::pending("bill-months", "none yet; Flexera starts within 24 hours of the first delivery"),
        (None, false) => Check::pending("bill-months", format!("{} in processing", months.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Status;

    #[test]
    fn months_are_pending_until_one_is_processed() {
        let month =
            |status: &str| BillMonthStatus { month: "202611".into(), status: status.into(), last_processed_at: None };
        assert_eq!(months(Some(&[])).status, Status::Pending);
        assert_eq!(months(Some(&[month("processing")])).status, Status::Pending);
        assert_eq!(months(Some(&[month("processing"), month("processed")])).status, Status::Pass);
        assert_eq!(months(None).status, Status::Skip);
    }

    #[test]
    fn what_the_api_says_of_a_failed_validation_is_shown() {
        let check = validation(Some(&Validation { valid: false, error: Some("AccessDenied".into()) }));
        assert_eq!(check.status, Status::Fail);
        assert!(check.message.contains("AccessDenied"));
    }
}
