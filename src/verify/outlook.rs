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
    let last = months.filter(|months| months.status != Status::Skip).or(delivery);
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
    }
}
