//! The checks from the account to the delivered report.

use crate::aws::buckets::{Bucket, Settings};
use crate::aws::identity::AccountKind;
use crate::plan::Change;
use crate::spec::Onboarding;
use crate::steps::{bucket_policy, encryption, report};
use crate::verify::Check;

const APPLY: &str = "optima-onboard apply with the same answers mends it";

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
        Bucket::Absent => vec![Check::fail("bucket", format!("{name} does not exist"), APPLY)],
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
pub fn report(onboarding: &Onboarding, found: &report::Found) -> Vec<Check> {
    let name = onboarding.report_name.as_str();
    let Some(report) = found.reports.iter().find(|report| report.name == name) else {
        return vec![Check::fail("report", format!("there is no report {name}"), APPLY)];
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
        Check::fail("report-settings", wrong.join(", "), planned.remedy.unwrap_or_else(|| APPLY.to_owned()))
    };
    vec![
        Check::pass("report", format!("{name} goes to {}/{}", report.bucket, report.prefix)),
        settings,
        delivery(report.last_status.as_deref(), report.last_delivery.as_deref()),
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
            Check::fail("bucket-policy", planned.reason.unwrap_or_default(), planned.remedy.unwrap_or_default())
        }
        _ => Check::fail("bucket-policy", "AWS billing may not deliver to the bucket", APPLY),
    }
}

fn delivery(status: Option<&str>, at: Option<&str>) -> Check {
    let when = at.unwrap_or("a time AWS does not say");
    match status {
        None => {
            Check::pending("report-delivery", "nothing delivered yet; AWS delivers the first files within 24 hours")
        }
        Some("SUCCESS") => Check::pass("report-delivery", format!("last delivered {when}")),
        Some("ERROR_NO_BUCKET") => Check::fail(
            "report-delivery",
            format!("AWS found no bucket at {when}"),
            "check bucket and region of the report; AWS tries again by itself",
        ),
        Some("ERROR_PERMISSIONS") => Check::fail(
            "report-delivery",
            format!("AWS may not write to the bucket, seen at {when}"),
            "mend the bucket policy (optima-onboard bucket); AWS tries again by itself",
        ),
        Some(other) => Check::warn(
            "report-delivery",
            format!("AWS says {other} at {when}"),
            "look at the report in the Billing console",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::reports::Report;
    use crate::steps::samples;
    use crate::verify::Status;

    #[test]
    fn the_first_day_is_pending_and_errors_fail() {
        for (status, expected) in [
            (None, Status::Pending),
            (Some("SUCCESS"), Status::Pass),
            (Some("ERROR_PERMISSIONS"), Status::Fail),
            (Some("ERROR_NO_BUCKET"), Status::Fail),
            (Some("NEW_WORD"), Status::Warn),
        ] {
            assert_eq!(delivery(status, Some("20260101T000000Z")).status, expected, "{status:?}");
        }
    }

    #[test]
    fn settings_are_judged_whoever_made_the_report() {
        let one = samples::onboarding(&[]);
        let wrong = Report { time_unit: "DAILY".into(), ..report::wanted(&one) };
        for tags in [one.all_tags(), Default::default()] {
            let checks = report(&one, &report::Found { reports: vec![wrong.clone()], tags });
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
