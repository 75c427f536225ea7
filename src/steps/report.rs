//! The Cost and Usage Report that Flexera reads: made as Flexera asks for it, or an existing one judged against that.

pub mod undo;

use serde::Serialize;

use crate::aws::fault::Fault;
use crate::aws::reports::Report;
use crate::error::{Error, Result};
use crate::plan::{Detail, Planned, Remedy};
use crate::spec::another_name::AnotherName;
use crate::spec::tags::{Owner, Tags};
use crate::spec::{Onboarding, ReportOrigin};
use crate::steps::{Step, World};
use crate::wait::{self, Progress};

/// The account's reports, and the tags of the one with our name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// All of them.
    pub reports: Vec<Report>,
    /// The tags of the one that is wanted, if it exists and they may be read.
    pub tags: Tags,
}

/// One write to the report service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Make it.
    Put(Report),
    /// Change it.
    Modify(Report),
    /// Add these tags.
    Tag(Tags),
}

/// One setting of an existing report that is not as Flexera asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The setting, in the report service's word.
    pub field: &'static str,
    /// What it is.
    pub is: String,
    /// What Flexera asks for.
    pub wanted: String,
    /// Whether AWS lets it be changed after the report was made.
    pub changeable: bool,
}

/// The report as Flexera asks for it: hourly, with resource ids, refreshed, new versions kept, GZIP text, for no other
/// tool, with a prefix. Source: Flexera's AWS billing setup, "Configure AWS billing reports".
pub fn wanted(onboarding: &Onboarding) -> Report {
    Report {
        name: onboarding.report_name.as_str().to_owned(),
        time_unit: "HOURLY".into(),
        format: "textORcsv".into(),
        compression: "GZIP".into(),
        schema_elements: vec!["RESOURCES".into()],
        bucket: onboarding.bucket.as_str().to_owned(),
        prefix: onboarding.prefix.as_str().to_owned(),
        region: onboarding.bucket_region.as_str().to_owned(),
        artifacts: Vec::new(),
        refresh_closed: true,
        versioning: "CREATE_NEW_REPORT".into(),
        last_status: None,
        last_delivery: None,
    }
}

/// Every setting that is not as Flexera asks for it, wherever the report goes.
pub fn judge(report: &Report) -> Vec<Misfit> {
    let has_resources = report.schema_elements.iter().any(|element| element == "RESOURCES");
    let checks = [
        ("TimeUnit", report.time_unit.clone(), "HOURLY", report.time_unit == "HOURLY", false),
        ("Format", report.format.clone(), "textORcsv", report.format == "textORcsv", true),
        ("Compression", report.compression.clone(), "GZIP", report.compression == "GZIP", true),
        ("AdditionalSchemaElements", listed(&report.schema_elements), "RESOURCES", has_resources, false),
        ("AdditionalArtifacts", listed(&report.artifacts), "none", report.artifacts.is_empty(), true),
        ("RefreshClosedReports", report.refresh_closed.to_string(), "true", report.refresh_closed, true),
        (
            "ReportVersioning",
            report.versioning.clone(),
            "CREATE_NEW_REPORT",
            report.versioning == "CREATE_NEW_REPORT",
            false,
        ),
        ("S3Prefix", listed(std::slice::from_ref(&report.prefix)), "a prefix", !report.prefix.is_empty(), true),
    ];
    let misfit = |(field, is, wanted, fits, changeable): (&'static str, String, &str, bool, bool)| {
        (!fits).then(|| Misfit { field, is, wanted: wanted.to_owned(), changeable })
    };
    checks.into_iter().filter_map(misfit).collect()
}

/// Reports that could be reused, the ones that fit best first; names break ties.
pub fn best_first(reports: &[Report]) -> Vec<(&Report, Vec<Misfit>)> {
    let mut judged: Vec<_> = reports.iter().map(|report| (report, judge(report))).collect();
    judged.sort_by_key(|(report, misfits)| {
        (misfits.len(), report.last_status.as_deref() != Some("SUCCESS"), report.name.clone())
    });
    judged
}

/// What is between the account's reports and the one wanted.
pub fn diff(onboarding: &Onboarding, found: &Found) -> Planned {
    let name = onboarding.report_name.as_str();
    let existing = found.reports.iter().find(|report| report.name == name);
    let planned = match (existing, onboarding.report_origin) {
        (None, _) => create(onboarding, found.reports.len()),
        (Some(report), ReportOrigin::Reused) => reuse(report),
        (Some(report), ReportOrigin::Made) => same_name(onboarding, report, &found.tags),
    };
    planned.warn(existing.into_iter().flat_map(cautions))
}

/// Carries out one write, waiting until the bucket's policy has taken effect for the report service.
///
/// # Errors
/// What the service answers; a failed check of the bucket with its likely causes.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    match write {
        Write::Tag(tags) => Ok(world.aws.tag_report(onboarding.report_name.as_str(), tags).await?),
        Write::Put(report) | Write::Modify(report) => put(world, onboarding, write, report).await,
    }
}

fn create(onboarding: &Onboarding, others: usize) -> Planned {
    let report = wanted(onboarding);
    let details = vec![
        Detail::new("S3Bucket", &report.bucket),
        Detail::new("S3Prefix", &report.prefix),
        Detail::new("S3Region", &report.region),
        Detail::new("TimeUnit", &report.time_unit),
        Detail::new("Format", &report.format),
        Detail::new("Compression", &report.compression),
        Detail::new("AdditionalSchemaElements", listed(&report.schema_elements)),
        Detail::new("RefreshClosedReports", "true"),
        Detail::new("ReportVersioning", &report.versioning),
    ];
    let name = report.name.clone();
    let full = (others >= 5)
        .then(|| format!("the account has {others} reports, and AWS's default quota is five: AWS may refuse one more"));
    Planned::create(Step::Report, name, details, vec![Write::Put(report).into()]).warn(full)
}

fn reuse(report: &Report) -> Planned {
    let misfits = judge(report);
    if misfits.is_empty() {
        return Planned::keep(Step::Report, &report.name).because("an existing report that is as Flexera asks for it");
    }
    let fields: Vec<&str> = misfits.iter().map(|misfit| misfit.field).collect();
    Planned::refuse(
        Step::Report,
        &report.name,
        format!("the report is not as Flexera asks for it: {}", fields.join(", ")),
        Remedy::naming(AnotherName::Report, |flag| {
            format!("leave --reuse-report out and give another {flag}: a report that fits is made beside this one, which stays as it is")
        }),
    )
    .showing(shown(&misfits))
}

fn same_name(onboarding: &Onboarding, report: &Report, tags: &Tags) -> Planned {
    let misfits = all_misfits(onboarding, report);
    let fields: Vec<&str> = misfits.iter().map(|misfit| misfit.field).collect();
    let whose = match tags.owner(&onboarding.org_id) {
        Owner::Ours => return ours(onboarding, report, tags, &misfits),
        _ if misfits.is_empty() => {
            return Planned::keep(Step::Report, &report.name).because("an existing report that is the same; adopted");
        }
        Owner::Foreign => "is there, not made by optima-onboard, and".to_owned(),
        Owner::OtherOrganization(org) => format!("was made for the Flexera organization {org} and"),
    };
    let another = Remedy::naming(AnotherName::Report, |flag| match judge(report).is_empty() {
        true => format!("choose another name with {flag}, or take it as it is with --reuse-report"),
        false => format!("choose another name with {flag}"),
    });
    let reason = format!("a report of this name {whose} differs in {}", fields.join(", "));
    Planned::refuse(Step::Report, &report.name, reason, another).showing(shown(&misfits))
}

/// One that we made: what AWS lets be changed is put right.
fn ours(onboarding: &Onboarding, report: &Report, tags: &Tags, misfits: &[Misfit]) -> Planned {
    let Some(fixed) = misfits.iter().find(|misfit| !misfit.changeable) else {
        return repair(onboarding, report, tags, shown(misfits));
    };
    Planned::refuse(
        Step::Report,
        &report.name,
        format!("AWS does not let {} of an existing report be changed", fixed.field),
        Remedy::naming(AnotherName::Report, |flag| format!("choose another name with {flag}, or delete this report")),
    )
    .showing(shown(misfits))
}

fn shown(misfits: &[Misfit]) -> Vec<Detail> {
    misfits.iter().map(|misfit| Detail::drift(misfit.field, &misfit.is, &misfit.wanted)).collect()
}

fn repair(onboarding: &Onboarding, report: &Report, tags: &Tags, mut details: Vec<Detail>) -> Planned {
    let mut writes = Vec::new();
    if !details.is_empty() {
        // What Flexera has no wish about stays: the schema elements that were there.
        writes.push(
            Write::Modify(Report { schema_elements: report.schema_elements.clone(), ..wanted(onboarding) }).into(),
        );
    }
    let missing = onboarding.all_tags().missing_in(tags);
    if !missing.is_empty() {
        details.push(Detail::new("tags", missing.in_words()));
        writes.push(Write::Tag(missing).into());
    }
    Planned::update(Step::Report, &report.name, details, writes)
}

/// Whether the report is as this onboarding wants it, whoever made it.
pub(super) fn fits(onboarding: &Onboarding, report: &Report) -> bool {
    all_misfits(onboarding, report).is_empty()
}

/// What Flexera asks for, and where this onboarding wants it to go.
fn all_misfits(onboarding: &Onboarding, report: &Report) -> Vec<Misfit> {
    let mut misfits: Vec<Misfit> = judge(report).into_iter().filter(|misfit| misfit.field != "S3Prefix").collect();
    let places = [
        ("S3Bucket", &report.bucket, onboarding.bucket.as_str()),
        ("S3Prefix", &report.prefix, onboarding.prefix.as_str()),
        ("S3Region", &report.region, onboarding.bucket_region.as_str()),
    ];
    misfits.extend(places.into_iter().filter(|(_, is, wanted)| is != wanted).map(|(field, is, wanted)| Misfit {
        field,
        is: is.clone(),
        wanted: wanted.to_owned(),
        changeable: true,
    }));
    misfits
}

fn cautions(report: &Report) -> Vec<String> {
    let mut found = Vec::new();
    match report.last_status.as_deref() {
        Some("ERROR_PERMISSIONS") => {
            found.push("AWS could not deliver this report: it was not allowed to write to the bucket".to_owned())
        }
        Some("ERROR_NO_BUCKET") => found.push("AWS could not deliver this report: it found no bucket".to_owned()),
        _ => {}
    }
    if report.schema_elements.iter().any(|element| element == "SPLIT_COST_ALLOCATION_DATA") {
        found.push(
            "the report holds split cost allocation data; Flexera publishes nothing on whether it reads that"
                .to_owned(),
        );
    }
    found
}

async fn put(world: &World, onboarding: &Onboarding, write: &Write, report: &Report) -> Result<()> {
    // The report service checks the bucket's policy through a copy that lags behind the write by up to a minute.
    let answer = wait::until(&world.stop, world.patience, || async {
        let answer = match write {
            Write::Modify(_) => world.aws.modify_report(report).await,
            _ => world.aws.put_report(report, &onboarding.all_tags()).await,
        };
        match answer {
            Err(fault) if bucket_not_checked_yet(&fault) => Progress::NotYet(fault),
            other => Progress::Done(other),
        }
    })
    .await?;
    match answer {
        Ok(Ok(())) => Ok(()),
        Ok(Err(fault)) if fault.is("DuplicateReportNameException") => after_duplicate(world, onboarding, fault).await,
        Ok(Err(fault)) if fault.is("ReportLimitReachedException") => Err(Error::refused("the account has as many Cost and Usage Reports as AWS allows")
            .because(fault.message)
            .remedy("take an existing one with --reuse-report, delete one that is not needed, or ask AWS for a higher quota")),
        Ok(Err(fault)) => Err(fault.into()),
        Err(fault) => Err(Error::failed(format!("AWS billing cannot deliver to the bucket {}", onboarding.bucket))
            .because(fault.message)
            .remedy("look at the bucket's policy for a Deny, at the bucket's region, and whether this account may use billing; then run the same command again")
            .link("https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html")),
    }
}

/// A put whose answer was lost comes back as a duplicate of itself.
async fn after_duplicate(world: &World, onboarding: &Onboarding, fault: Fault) -> Result<()> {
    let reports = world.aws.reports().await?;
    match reports.iter().find(|report| report.name == onboarding.report_name.as_str()) {
        Some(report) if all_misfits(onboarding, report).is_empty() => Ok(()),
        _ => Err(Error::refused(format!(
            "the name {} is taken by another report or data export",
            onboarding.report_name
        ))
        .because(fault.message)
        .remedy("choose another name with --report-name")),
    }
}

/// The service says so in words only, and sometimes in none at all.
fn bucket_not_checked_yet(fault: &Fault) -> bool {
    let words = fault.message.to_lowercase();
    fault.is("ValidationException") && (words.contains("verify customer bucket") || words.is_empty())
}

fn listed(values: &[String]) -> String {
    let shown: Vec<&str> = values.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Change;
    use crate::steps::samples;

    fn found(report: Report, tags: Tags) -> Found {
        Found { reports: vec![report], tags }
    }

    #[test]
    fn every_setting_flexera_asks_for_is_judged() {
        let one = samples::onboarding(&[]);
        let right = wanted(&one);
        assert!(judge(&right).is_empty());
        let cases = [
            ("TimeUnit", Report { time_unit: "DAILY".into(), ..right.clone() }),
            ("Format", Report { format: "Parquet".into(), ..right.clone() }),
            ("Compression", Report { compression: "ZIP".into(), ..right.clone() }),
            ("AdditionalSchemaElements", Report { schema_elements: vec![], ..right.clone() }),
            ("AdditionalArtifacts", Report { artifacts: vec!["ATHENA".into()], ..right.clone() }),
            ("RefreshClosedReports", Report { refresh_closed: false, ..right.clone() }),
            ("ReportVersioning", Report { versioning: "OVERWRITE_REPORT".into(), ..right.clone() }),
            ("S3Prefix", Report { prefix: String::new(), ..right.clone() }),
        ];
        for (field, report) in cases {
            let misfits = judge(&report);
            assert_eq!(misfits.iter().map(|misfit| misfit.field).collect::<Vec<_>>(), [field]);
        }
    }

    #[test]
    fn a_report_of_the_same_name_is_kept_updated_or_refused() {
        let one = samples::onboarding(&[]);
        let right = wanted(&one);
        let (ours, foreign) = (one.all_tags(), Tags::default());
        let daily = Report { time_unit: "DAILY".into(), ..right.clone() };
        let moved = Report { bucket: "other-bucket".into(), ..right.clone() };
        let cases = [
            ("ours, right", right.clone(), ours.clone(), Change::Keep),
            ("ours, other bucket", moved.clone(), ours.clone(), Change::Update),
            ("ours, a setting AWS does not change", daily.clone(), ours, Change::Refuse),
            ("foreign, equal", right, foreign.clone(), Change::Keep),
            ("foreign, other bucket", moved, foreign.clone(), Change::Refuse),
            ("foreign, daily", daily, foreign, Change::Refuse),
        ];
        for (name, report, tags, change) in cases {
            let planned = diff(&one, &found(report, tags));
            assert_eq!(planned.change, change, "{name}");
            assert!(change != Change::Refuse || (planned.writes.is_empty() && planned.remedy.is_some()), "{name}");
        }
    }

    #[test]
    fn a_reused_report_is_taken_only_if_it_fits() {
        let mut one = samples::onboarding(&[]);
        one.report_origin = ReportOrigin::Reused;
        let right = wanted(&one);
        assert_eq!(diff(&one, &found(right.clone(), Tags::default())).change, Change::Keep);
        let wrong = diff(&one, &found(Report { refresh_closed: false, ..right }, Tags::default()));
        assert_eq!(wrong.details, [Detail::drift("RefreshClosedReports", "false", "true")]);
    }

    #[test]
    fn the_best_report_is_offered_first() {
        let right = wanted(&samples::onboarding(&[]));
        let reports = [
            Report { name: "a-daily".into(), time_unit: "DAILY".into(), ..right.clone() },
            Report { name: "b-new".into(), ..right.clone() },
            Report { name: "c-delivered".into(), last_status: Some("SUCCESS".into()), ..right },
        ];
        let names: Vec<&str> = best_first(&reports).iter().map(|(report, _)| report.name.as_str()).collect();
        assert_eq!(names, ["c-delivered", "b-new", "a-daily"]);
    }

    #[test]
    fn a_full_account_is_warned_not_refused() {
        let right = wanted(&samples::onboarding(&[]));
        let others = (0..5).map(|n| Report { name: format!("other-{n}"), ..right.clone() }).collect();
        let planned = diff(&samples::onboarding(&[]), &Found { reports: others, tags: Tags::default() });
        assert_eq!((planned.change, planned.warnings.len()), (Change::Create, 1));
    }
}
