//! What a wait for the first bill month is at. Pure.

use crate::verify::{Check, Report, Status};

/// Whether waiting makes sense, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outlook<'a> {
    /// The first bill month is processed; where the API publishes none, the report is delivered.
    Flows,
    /// Time alone will do it: this is what has not come yet.
    Coming(&'a Check),
    /// Something has to be mended before anything comes.
    Blocked,
}

/// Judges a report. A validation that fails while nothing else does is IAM's change on its way to Flexera.
pub fn outlook(report: &Report) -> Outlook<'_> {
    let check = |name: &str| report.checks().find(|check| check.check == name);
    if report.checks().any(|check| check.status == Status::Fail && check.check != "validation") {
        return Outlook::Blocked;
    }
    let has_come = |check: &&Check| check.status == Status::Pass;
    let (months, delivery) = (check("bill-months"), check("report-delivery"));
    let published = months.filter(|months| months.status != Status::Skip);
    // Where no months are published, a delivery alone does not say that Flexera can read it: its validation does.
    let silent = check("validation").filter(|validation| published.is_none() && validation.is_unanswered);
    let last = published.or(silent).or(delivery);
    match last {
        None => Outlook::Blocked,
        Some(last) if has_come(&last) => Outlook::Flows,
        Some(last) => {
            let ways = [check("validation"), delivery].into_iter().flatten();
            let open = |check: &&Check| matches!(check.status, Status::Fail | Status::Pending | Status::Warn);
            Outlook::Coming(ways.into_iter().find(open).unwrap_or(last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Area;

    fn report(checks: &[(&'static str, Status)]) -> Report {
        let checks = checks.iter().map(|(name, status)| Check::new(name, *status, "")).collect();
        Report { areas: vec![Area { name: String::new(), checks }] }
    }

    #[test]
    fn a_wait_ends_with_the_first_month_or_at_what_time_does_not_mend() {
        use Status::{Fail, Pass, Pending, Skip, Warn};

        let of = |checks: &[(&'static str, Status)]| match outlook(&report(checks)) {
            Outlook::Flows => "flows",
            Outlook::Blocked => "blocked",
            Outlook::Coming(check) => check.check,
        };
        let all = |role, delivery, validation, months| {
            of(&[("role", role), ("report-delivery", delivery), ("validation", validation), ("bill-months", months)])
        };
        assert_eq!(all(Pass, Pass, Pass, Pass), "flows");
        assert_eq!(all(Fail, Pass, Pass, Pass), "blocked", "one month came, the next will not");
        assert_eq!(all(Pass, Pending, Pass, Pending), "report-delivery");
        assert_eq!(all(Pass, Pending, Fail, Pending), "validation", "a new role is on its way");
        assert_eq!(all(Pass, Pass, Pass, Pending), "bill-months");
        assert_eq!(all(Pass, Warn, Pass, Pending), "report-delivery", "late, and still to come");
        assert_eq!(all(Warn, Pass, Pass, Pass), "flows", "a warning is no obstacle");
        assert_eq!(all(Pass, Pass, Skip, Skip), "flows", "this API says no more");
        assert_eq!(all(Pass, Pending, Skip, Skip), "report-delivery");
        assert_eq!(of(&[("report", Fail)]), "blocked");
        assert!(!report(&[]).ok(), "who saw nothing cannot say that it is well");
    }

    #[test]
    fn a_validation_that_was_not_answered_does_not_end_a_wait_by_the_delivery() {
        let seen = |months| {
            let mut seen = report(&[("report-delivery", Status::Pass), ("bill-months", months)]);
            seen.areas[0].checks.push(Check::unanswered("validation", "502"));
            seen
        };
        let unpublished = seen(Status::Skip);
        let Outlook::Coming(check) = outlook(&unpublished) else { panic!("the wait goes on") };
        assert_eq!(check.check, "validation");
        assert_eq!(outlook(&seen(Status::Pass)), Outlook::Flows, "a month that came says enough");
    }
}
