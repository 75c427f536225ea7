//! The checks from the account to the delivered report.

use time::{Duration, OffsetDateTime};

use crate::aws::buckets::{Bucket, Settings};
use crate::aws::identity::AccountKind;
use crate::plan::Change;
use crate::spec::Onboarding;
use crate::steps::{Step, bucket_policy, encryption, report};
use crate::verify::{Advice, Check, times};

/// What deliveries are judged by besides the report.
#[derive(Clone, Copy, Debug)]
pub struct Deliveries {
    /// The time of the judgement.
    pub now: OffsetDateTime,
    /// When what is ours was made, and so the earliest that our report can have been.
    pub onboarded: Option<OffsetDateTime>,
}

/// AWS delivers the first files within so long, and then at least once in it
/// (<https://docs.aws.amazon.com/cur/latest/userguide/what-is-cur.html>).
const A_DELIVERY: Duration = Duration::hours(24);
/// One delivery late may happen; after two something has stopped.
const STOPPED: Duration = Duration::hours(48);

const LOOK: &str = "look at the report in the Billing console under Data Exports";

/// Whether this account has the bill of all.
pub fn account(kind: &AccountKind) -> Check {
    match kind {
        AccountKind::Payer => Check::pass("account", "the payer of its organization"),
        AccountKind::Standalone => Check::pass("account", "standalone, so it pays for itself"),
        AccountKind::Member(payer) => Check::warn(
            "account",
            format!("a member account; the organization's bill is in {payer}"),
            "connect the payer to see all costs",
        ),
        AccountKind::Unknown(reason) => Check::skip("account", format!("AWS Organizations did not answer: {reason}")),
    }
}

/// Whether the bucket is there, ours to read, private, and open to AWS billing.
pub fn bucket(onboarding: &Onboarding, found: &Bucket) -> Vec<Check> {
    let name = &onboarding.bucket;
    match found {
        Bucket::Absent => vec![Check::fail("bucket", format!("{name} does not exist"), Advice::Apply(Step::Bucket))],
        Bucket::Denied => vec![Check::fail(
            "bucket",
            format!("{name} belongs to another account, or you may not list it"),
            "get s3:ListBucket on it, or name the right one with --bucket",
        )],
        Bucket::Elsewhere(region) => {
            vec![
                Check::pass("bucket", format!("{name} exists in this account")),
                Check::fail(
                    "bucket-region",
                    format!("{name} is in {region}, not in {}", onboarding.bucket_region),
                    format!("add --bucket-region {region}"),
                ),
            ]
        }
        Bucket::Here(settings) => vec![
            Check::pass("bucket", format!("{name} exists in account {}", onboarding.account_id)),
            Check::pass("bucket-region", onboarding.bucket_region.as_str()),
            privacy(settings),
            encrypted(onboarding, settings),
            policy(onboarding, found),
        ],
    }
}

/// Whether the report is there, as Flexera asks for it, and delivered.
pub fn report(onboarding: &Onboarding, found: &report::Found, deliveries: &Deliveries) -> Vec<Check> {
    let name = onboarding.report_name.as_str();
    let Some(report) = found.reports.iter().find(|report| report.name == name) else {
        return vec![Check::fail("report", format!("there is no report {name}"), Advice::Apply(Step::Report))];
    };
    let planned = report::diff(onboarding, found);
    let settings = if planned.details.iter().all(|detail| detail.field == "tags") {
        Check::pass("report-settings", "as Flexera asks for them")
    } else {
        let wrong: Vec<String> = planned
            .details
            .iter()
            .map(|detail| format!("{} is {}", detail.field, detail.from.as_deref().unwrap_or("unset")))
            .collect();
        Check::fail("report-settings", wrong.join(", "), Advice::of(&planned))
    };
    vec![
        Check::pass("report", format!("{name} goes to {}/{}", report.bucket, report.prefix)),
        settings,
        deliveries.judge(report.last_status.as_deref(), report.last_delivery.as_deref()),
    ]
}

fn privacy(settings: &Settings) -> Check {
    if settings.public_access_blocked {
        Check::pass("bucket-public-access", "blocked")
    } else {
        Check::warn(
            "bucket-public-access",
            "not all of Block Public Access is on",
            "turn it on: bills are confidential",
        )
    }
}

fn encrypted(onboarding: &Onboarding, settings: &Settings) -> Check {
    match encryption::cautions(onboarding, settings.kms_key.as_deref()).as_slice() {
        [] => Check::pass("bucket-encryption", "SSE-S3"),
        cautions => Check::warn(
            "bucket-encryption",
            cautions.join("; "),
            "read the key's policy with whoever keeps the key; SSE-S3 needs none of this",
        ),
    }
}

fn policy(onboarding: &Onboarding, found: &Bucket) -> Check {
    let planned = bucket_policy::diff(onboarding, found);
    match (planned.change, planned.warnings.first()) {
        (Change::Keep, None) => Check::pass("bucket-policy", "AWS billing may deliver"),
        (Change::Keep, Some(warning)) => {
            Check::warn("bucket-policy", warning.clone(), "read the bucket's policy with whoever wrote it")
        }
        (Change::Refuse, _) => {
            Check::fail("bucket-policy", planned.reason.clone().unwrap_or_default(), Advice::of(&planned))
        }
        _ => {
            Check::fail("bucket-policy", "AWS billing may not deliver to the bucket", Advice::Apply(Step::BucketPolicy))
        }
    }
}

impl Deliveries {
    pub(super) fn judge(&self, status: Option<&str>, at: Option<&str>) -> Check {
        let read = at.and_then(times::read);
        let when =
            read.map(times::shown).or(at.map(str::to_owned)).unwrap_or_else(|| "a time AWS does not say".to_owned());
        match status {
            None => self.never(),
            Some("SUCCESS") => self.delivered(&when, read),
            Some("ERROR_NO_BUCKET") => Check::fail(
                "report-delivery",
                format!("AWS found no bucket at {when}"),
                "check bucket and region of the report; AWS tries again by itself",
            ),
            Some("ERROR_PERMISSIONS") => Check::fail(
                "report-delivery",
                format!(
                    "AWS may not write to the bucket, seen at {when}; once its policy is mended, AWS tries again by itself"
                ),
                Advice::Again(vec!["bucket"]),
            ),
            Some(other) => Check::warn("report-delivery", format!("AWS says {other} at {when}"), LOOK),
        }
    }

    /// Within the first day that is as it should be.
    fn never(&self) -> Check {
        let within = "nothing delivered yet; AWS delivers the first files within 24 hours";
        let Some(onboarded) = self.onboarded else { return Check::pending("report-delivery", within) };
        // A tag may say any time, the end of the calendar too.
        let due = onboarded.saturating_add(A_DELIVERY);
        if self.now <= due {
            let until = times::shown(due);
            return Check::pending("report-delivery", format!("{within}, here by {until}"));
        }
        let since = times::ago(self.now, onboarded);
        Check::warn(
            "report-delivery",
            format!("nothing delivered yet, though this was set up {since} and AWS delivers within 24 hours"),
            format!("a report made since then needs its own 24 hours; else {LOOK}"),
        )
    }

    fn delivered(&self, when: &str, at: Option<OffsetDateTime>) -> Check {
        let Some(at) = at else { return Check::pass("report-delivery", format!("last delivered {when}")) };
        let last = format!("last delivered {} ({when})", times::ago(self.now, at));
        if self.now - at <= STOPPED {
            return Check::pass("report-delivery", last);
        }
        Check::warn(
            "report-delivery",
            format!("{last}, and AWS delivers at least once a day: deliveries have stopped"),
            format!("see that the bucket's policy and owner are what they were; {LOOK}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::reports::Report;
    use crate::steps::samples;
    use crate::verify::Status;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);

    fn deliveries(onboarded: Option<OffsetDateTime>) -> Deliveries {
        Deliveries { now: NOW, onboarded }
    }

    #[test]
    fn what_aws_says_of_the_last_delivery_is_judged_with_its_age() {
        for (status, at, expected, said) in [
            (Some("SUCCESS"), Some("20261124T090000Z"), Status::Pass, "3 hours ago (2026-11-24 09:00 UTC)"),
            (Some("SUCCESS"), Some("20261122T120000Z"), Status::Pass, "2 days ago"),
            (Some("SUCCESS"), Some("20261122T115900Z"), Status::Warn, "have stopped"),
            (Some("SUCCESS"), Some("soon"), Status::Pass, "soon"),
            (Some("SUCCESS"), None, Status::Pass, "does not say"),
            (Some("ERROR_PERMISSIONS"), Some("20261124T090000Z"), Status::Fail, "may not write"),
            (Some("ERROR_NO_BUCKET"), Some("20261124T090000Z"), Status::Fail, "2026-11-24 09:00 UTC"),
            (Some("NEW_WORD"), None, Status::Warn, "NEW_WORD"),
        ] {
            let check = deliveries(None).judge(status, at);
            assert_eq!(check.status, expected, "{status:?} {at:?}");
            assert!(check.message.contains(said), "{}", check.message);
        }
    }

    #[test]
    fn a_report_that_was_never_delivered_is_pending_for_a_day() {
        for (onboarded, expected, said) in [
            (None, Status::Pending, "within 24 hours"),
            (Some(datetime!(2026-11-24 10:15 UTC)), Status::Pending, "by 2026-11-25 10:15 UTC"),
            (Some(datetime!(2026-11-23 12:00 UTC)), Status::Pending, "by 2026-11-24 12:00 UTC"),
            (Some(datetime!(2026-11-23 11:59 UTC)), Status::Warn, "set up 24 hours ago"),
            (Some(datetime!(9999-12-31 23:59 UTC)), Status::Pending, "by 9999-12-31 23:59 UTC"),
        ] {
            let check = deliveries(onboarded).judge(None, None);
            assert_eq!(check.status, expected, "{onboarded:?}");
            assert!(check.message.contains(said), "{}", check.message);
        }
    }

    #[test]
    fn settings_are_judged_whoever_made_the_report() {
        let one = samples::onboarding(&[]);
        let wrong = Report { time_unit: "DAILY".into(), ..report::wanted(&one) };
        for tags in [one.all_tags(), Default::default()] {
            let checks = report(&one, &report::Found { reports: vec![wrong.clone()], tags }, &deliveries(None));
            let settings = checks.iter().find(|check| check.check == "report-settings").expect("the check is there");
            assert_eq!(settings.status, Status::Fail);
            assert!(settings.message.contains("TimeUnit is DAILY"));
        }
    }

    #[test]
    fn a_bucket_without_the_statements_fails() {
        let checks = bucket(
            &samples::onboarding(&[]),
            &Bucket::Here(Settings { public_access_blocked: true, ..Settings::default() }),
        );
        let policy = checks.iter().find(|check| check.check == "bucket-policy").expect("the check is there");
        assert_eq!(policy.status, Status::Fail);
    }
}
