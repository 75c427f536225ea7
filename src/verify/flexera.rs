//! The checks on Flexera's side: the bill connect, its values, its validation, and the bill months processed.

use time::OffsetDateTime;

use crate::error::{Error, Kind, Result};
use crate::onboarding::{BillMonthStatus, Validation};
use crate::plan::{Change, Detail, Planned};
use crate::spec::Onboarding;
use crate::steps::{self, Scope, Step, World, bill_connect};
use crate::verify::{Advice, Check, Evidence, times};

/// What the API says of the bill connect besides its values.
type Said = (Result<Option<Validation>>, Result<Option<Vec<BillMonthStatus>>>);

/// Validation and bill months, asked beside everything else.
pub async fn ask(world: &World, onboarding: &Onboarding) -> Said {
    let Some(api) = &world.onboarding else { return (Ok(None), Ok(None)) };
    let id = onboarding.bill_connect_id();
    tokio::join!(api.validation(&id), api.bill_months(&id))
}

/// All of them.
pub fn checks(onboarding: &Onboarding, evidence: &Evidence, scope: &Scope) -> Vec<Check> {
    if !scope.reads(Step::BillConnect) {
        return vec![not_asked(onboarding)];
    }
    if evidence.found.bill_connect.connect.is_none() {
        return vec![Check::fail(
            "bill-connect",
            format!("organization {} has none for account {}", onboarding.org_id, onboarding.bill_account_id),
            Advice::Apply(Step::BillConnect),
        )];
    }
    let planned = bill_connect::diff(onboarding, &evidence.found.bill_connect);
    let values = match planned.change {
        Change::Keep if planned.warnings.is_empty() => Check::pass("bill-connect-values", "the same as here"),
        Change::Keep => Check::skip("bill-connect-values", planned.warnings.join("; ")),
        _ => Check::fail("bill-connect-values", differing(&planned), Advice::of(&planned)),
    };
    vec![
        Check::pass("bill-connect", planned.resource),
        values,
        validation(&evidence.validation),
        months(&evidence.bill_months, evidence.asked),
    ]
}

/// What the bill connect has, and what these answers want. Where it cannot be changed, the answers may be what is wrong: that
/// is said before anybody deletes one.
fn differing(planned: &Planned) -> String {
    let unset = |value: &Option<String>| value.clone().unwrap_or_else(|| "unset".to_owned());
    let is = |detail: &Detail| format!("{} is {}, not {}", detail.field, unset(&detail.from), unset(&detail.to));
    let wrong: Vec<String> = planned.details.iter().map(is).collect();
    let kept = if planned.change == Change::Refuse { "; to keep it so, verify with what it has" } else { "" };
    format!("{}{kept}", wrong.join(", "))
}

/// Why Flexera's side was not looked at: nobody can, or this run lacks what it takes.
fn not_asked(onboarding: &Onboarding) -> Check {
    match steps::by_hand(onboarding) {
        Some(_) => Check::skip("bill-connect", "the optima API has no public request for an IAM user").advising(
            "look in Flexera One, Administration > Billing Configuration, whether the access key is registered there",
        ),
        None => Check::skip("bill-connect", "there is no credential for the onboarding API")
            .advising("set OPTIMA_REFRESH_TOKEN, or give --refresh-token-file, and verify again"),
    }
}

fn validation(answer: &Result<Option<Validation>>) -> Check {
    match answer {
        Err(error) => unanswered("validation", error),
        Ok(None) => Check::skip("validation", "this API publishes none"),
        Ok(Some(Validation { valid: true, .. })) => Check::pass("validation", "Flexera can read the bill"),
        Ok(Some(Validation { error, .. })) => {
            let said = error.as_deref().unwrap_or("it gives no reason");
            Check::fail(
                "validation",
                format!("Flexera cannot read the bill: {said}"),
                "mend what fails above; if nothing does, wait a few minutes for AWS and verify again",
            )
        }
    }
}

fn months(answer: &Result<Option<Vec<BillMonthStatus>>>, now: OffsetDateTime) -> Check {
    let months = match answer {
        Err(error) if error.kind == Kind::Permission => return unanswered("bill-months", error),
        // Another look may be answered: that is not an API without months.
        Err(error) => return Check::pending("bill-months", format!("the API did not answer: {error}")),
        Ok(None) => return Check::skip("bill-months", "this API publishes none"),
        Ok(Some(months)) => months,
    };
    let processed = months.iter().filter(|month| month.status == "processed");
    match (processed.clone().max_by_key(|month| &month.month), months.is_empty()) {
        (Some(latest), _) => {
            let at = latest.last_processed_at.as_deref().and_then(times::read);
            let when = at.map(|at| format!(", {}", times::ago(now, at))).unwrap_or_default();
            let count = processed.count();
            Check::pass("bill-months", format!("{count} processed, the latest {}{when}", latest.month))
        }
        (None, true) => Check::pending("bill-months", "none yet; Flexera starts within 24 hours of the first delivery"),
        (None, false) => Check::pending("bill-months", format!("{} in processing, none processed yet", months.len())),
    }
}

/// Who may not ask has something to mend; any other silence is no verdict.
fn unanswered(check: &'static str, error: &Error) -> Check {
    match error.kind {
        Kind::Permission => Check::fail(check, error.to_string(), error.remedy.clone().unwrap_or_default()),
        _ => Check::unanswered(check, format!("the API did not answer: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Status;
    use time::macros::datetime;

    #[test]
    fn months_are_pending_until_one_is_processed() {
        let month = |month: &str, status: &str| BillMonthStatus {
            month: month.into(),
            status: status.into(),
            last_processed_at: Some("2026-11-24T10:00:00Z".into()),
        };
        let judged = |list: Option<Vec<BillMonthStatus>>| months(&Ok(list), datetime!(2026-11-24 12:00 UTC));
        assert_eq!(judged(Some(vec![])).status, Status::Pending);
        assert_eq!(judged(Some(vec![month("202611", "processing")])).status, Status::Pending);
        let some = vec![month("202610", "processed"), month("202611", "processing"), month("202609", "processed")];
        let some = judged(Some(some));
        assert_eq!((some.status, some.message.as_str()), (Status::Pass, "2 processed, the latest 202610, 2 hours ago"));
        assert_eq!(judged(None).status, Status::Skip);
        let unanswered = |error| months(&Err(error), datetime!(2026-11-24 12:00 UTC)).status;
        assert_eq!(unanswered(Error::failed("502")), Status::Pending, "a wait goes on");
        assert_eq!(unanswered(Error::permission("403")), Status::Fail);
    }

    #[test]
    fn what_the_api_says_of_a_failed_validation_is_shown() {
        let check = validation(&Ok(Some(Validation { valid: false, error: Some("AccessDenied".into()) })));
        assert_eq!(check.status, Status::Fail);
        assert!(check.message.contains("AccessDenied"));
    }

    #[test]
    fn an_api_that_refuses_or_is_silent_is_no_api_without_validation() {
        assert_eq!(validation(&Err(Error::permission("403"))).status, Status::Fail);
        let silent = validation(&Err(Error::failed("502")));
        assert_eq!(silent.status, Status::Skip);
        assert!(silent.message.contains("502"), "{}", silent.message);
    }
}
