//! Removing the Cost and Usage Report: its definition goes, what was delivered stays in the bucket.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::plan::{Detail, Planned};
use crate::spec::{Onboarding, ReportOrigin};
use crate::steps::report::Found;
use crate::steps::undo;
use crate::steps::{Step, World, not_ours};

/// The one write: delete the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// It goes.
    Delete,
}

/// Whether the report goes.
pub fn diff(onboarding: &Onboarding, found: &Found) -> Planned {
    let name = onboarding.report_name.as_str();
    let Some(report) = found.reports.iter().find(|report| report.name == name) else {
        return undo::absent(Step::Report, name);
    };
    if onboarding.report_origin == ReportOrigin::Reused {
        return Planned::keep(Step::Report, name).because("it was there before, and was only reused");
    }
    if let Some(left) = not_ours::stays(Step::Report, name, &found.tags.owner(&onboarding.org_id)) {
        return left;
    }
    let details = vec![Detail::gone("delivery", format!("to {}/{}", report.bucket, report.prefix))];
    Planned::delete(Step::Report, name, details, vec![undo::Write::Report(Write::Delete).into()])
        .because("AWS delivers no more; what was delivered stays in the bucket")
}

/// Deletes the definition.
///
/// # Errors
/// What the service answers, unless the report is gone.
pub async fn apply(world: &World, onboarding: &Onboarding, _: &Write) -> Result<()> {
    let name = onboarding.report_name.as_str();
    let Err(fault) = world.aws.delete_report(name).await else { return Ok(()) };
    // The service has no code for a report that is not there: ValidationException is its answer to nearly everything.
    let may_be_gone = fault.is_any(&["ValidationException", "ResourceNotFoundException"]);
    if may_be_gone && world.aws.reports().await?.iter().all(|report| report.name != name) {
        return Ok(());
    }
    Err(Error::from(fault))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::reports::Report;
    use crate::plan::Change;
    use crate::spec::tags::Tags;
    use crate::steps::{report, samples};

    #[test]
    fn only_our_own_report_goes() {
        let one = samples::onboarding(&[]);
        let right = report::wanted(&one);
        let moved = Report { bucket: "other-bucket".into(), ..right.clone() };
        let other_name = Report { name: "theirs".into(), ..right.clone() };
        let elsewhere = samples::onboarding(&[("org_id", "999")]).all_tags();
        let cases = [
            ("absent", vec![other_name], one.all_tags(), Change::Keep),
            ("ours", vec![right.clone()], one.all_tags(), Change::Delete),
            ("ours, moved by hand", vec![moved], one.all_tags(), Change::Delete),
            ("foreign, the same", vec![right.clone()], Tags::default(), Change::Keep),
            ("another organization's", vec![right.clone()], elsewhere, Change::Keep),
        ];
        for (name, reports, tags, change) in cases {
            let planned = diff(&one, &Found { reports, tags });
            assert_eq!(
                (planned.change, planned.writes.len()),
                (change, usize::from(change == Change::Delete)),
                "{name}"
            );
        }
        let mut reused = samples::onboarding(&[]);
        reused.report_origin = ReportOrigin::Reused;
        let kept = diff(&reused, &Found { reports: vec![right], tags: one.all_tags() });
        assert_eq!(kept.change, Change::Keep, "what was reused stays, whoever made it");
    }
}
