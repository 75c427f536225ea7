//! The questions of where the bill lies: the report, its bucket and the bucket's region, each chosen among what is there.

use crate::aws::reports::Report;
use crate::cli::wizard::questions::{Known, standing, text};
use crate::error::{Error, Result};
use crate::prompt::{Prompter, Question, Reply};
use crate::spec::another_name::free_report_name;
use crate::spec::answers::Answers;
use crate::spec::names::{BucketName, Parse, Prefix, Region, ReportName, regions_and_cities};
use crate::spec::{Facts, default_bucket};
use crate::steps::report::{Misfit, best_first};

/// A longer name is no measure for the column of names.
const WIDEST: usize = 36;

/// Offers the reports that exist, best first, each with its verdict, and a new one.
///
/// # Errors
/// When the person leaves.
pub fn report(prompter: &mut dyn Prompter, answers: &mut Answers, known: &Known<'_>) -> Result<Reply<()>> {
    let judged = best_first(&known.facts.reports);
    let question = Question {
        text: "Cost and Usage Report",
        why: "Flexera prefers one that exists, if it is as Flexera asks for it.",
        flag: "--reuse-report",
    };
    let read = |report: &Report| standing::reads(known.connect, report);
    let about = |(report, misfits): &(&Report, Vec<Misfit>)| {
        let read = if read(report) { "; the bill connect reads it" } else { "" };
        (report.name.clone(), format!("{}{read}", verdict(misfits)))
    };
    let new = ("make a new one".to_owned(), "beside those that exist, which stay as they are".to_owned());
    let options = columns(judged.iter().map(about).chain([new]).collect());
    let before = known.before.reuse_report.as_ref().map(ReportName::as_str);
    let fitting = |(_, misfits): &(&Report, Vec<Misfit>)| misfits.is_empty();
    let marked = judged
        .iter()
        .position(|(report, _)| Some(report.name.as_str()) == before)
        .or_else(|| judged.iter().position(|judged| fitting(judged) && read(judged.0)))
        .or_else(|| judged.iter().position(fitting))
        .unwrap_or(judged.len());
    let reply = prompter.choice(&question, &options, marked)?;
    Ok(reply.map(|index| match judged.get(index) {
        Some((report, _)) => take(report, answers, known.facts),
        None => answers.report_name = free_report_name(known.facts),
    }))
}

/// Takes a report that exists. One in the bucket that a run makes for this organization was made with it: it is named as
/// such, so that it can be taken back, and not as somebody's that is only reused.
fn take(report: &Report, answers: &mut Answers, facts: &Facts) {
    let own = answers.org_id.as_ref().map(|org| default_bucket(&facts.caller.account, org));
    let name = ReportName::parse(&report.name).ok();
    if own.as_deref() == Some(report.bucket.as_str()) {
        answers.report_name = name;
        answers.bucket = BucketName::parse(&report.bucket).ok();
        answers.bucket_region = Region::parse(&report.region).ok();
        answers.prefix = Prefix::parse(&report.prefix).ok();
    } else {
        answers.reuse_report = name;
    }
}

/// A report's verdict in a few words.
pub fn verdict(misfits: &[Misfit]) -> String {
    if misfits.is_empty() {
        return "fits".to_owned();
    }
    let wrong: Vec<String> = misfits.iter().map(|misfit| format!("{} {}", misfit.field, misfit.is)).collect();
    format!("does not fit: {}", wrong.join(", "))
}

/// Offers the bucket that would be made, then those that exist, then any name; where none can be listed, a name.
///
/// # Errors
/// When the person leaves.
pub fn bucket(prompter: &mut dyn Prompter, answers: &mut Answers, known: &Known<'_>) -> Result<Reply<()>> {
    let question = Question {
        text: "Billing bucket",
        why: "Made if it is not there; one of yours is adopted, its policy kept.",
        flag: "--bucket",
    };
    let own = answers.org_id.as_ref().map(|org| default_bucket(&known.facts.caller.account, org));
    let read = known.connect.and_then(|connect| connect.bucket.clone()).filter(|name| known.buckets.contains(name));
    let before = known.before.bucket.as_ref().map(|bucket| bucket.as_str().to_owned());
    let default = before.or_else(|| read.clone()).or(own);
    let mut names: Vec<String> = default.iter().cloned().collect();
    names.extend(known.buckets.iter().filter(|name| Some(*name) != default.as_ref()).cloned());
    if !known.buckets.is_empty() {
        let what = |name: &String| match (known.buckets.contains(name), Some(name) == read.as_ref()) {
            (true, true) => "yours, adopted; the bill connect reads it",
            (true, false) => "yours, adopted",
            (false, _) => "new",
        };
        let about = names.iter().map(|name| (name.clone(), what(name).to_owned()));
        let options = columns(about.chain([("another name".to_owned(), "typed in".to_owned())]).collect());
        let Reply::Given(index) = prompter.choice(&question, &options, 0)? else { return Ok(Reply::Back) };
        if let Some(name) = names.get(index) {
            answers.bucket = Some(BucketName::parse(name).map_err(Error::usage)?);
            return Ok(Reply::Given(()));
        }
    }
    let reply = text::<BucketName>(prompter, &question, default.as_deref())?;
    Ok(reply.map(|bucket| answers.bucket = Some(bucket)))
}

/// In which region a bucket is made.
///
/// # Errors
/// When the person leaves.
pub fn region(prompter: &mut dyn Prompter, answers: &mut Answers, known: &Known<'_>) -> Result<Reply<()>> {
    let question = Question {
        text: "Region of the bucket",
        why: "Any that takes reports; the default is the one in use.",
        flag: "--bucket-region",
    };
    let partition = known.facts.caller.partition;
    let is_within = |region: &str| Region::parse(region).is_ok_and(|region| region.partition() == partition);
    let (regions, options): (Vec<&str>, Vec<String>) = regions_and_cities()
        .filter(|(region, _)| is_within(region))
        .map(|(region, city)| (region, format!("{region:<15}  {city}")))
        .unzip();
    let likely = known.before.bucket_region.as_ref().unwrap_or(&known.facts.region);
    let default = regions.iter().position(|region| *region == likely.as_str()).unwrap_or(0);
    let reply = prompter.choice(&question, &options, default)?;
    Ok(reply.map(|index| answers.bucket_region = Region::parse(regions[index]).ok()))
}

/// Names and what they mean, as options with the meanings under each other; a name that is longer than others can wait for
/// pushes only its own.
fn columns(rows: Vec<(String, String)>) -> Vec<String> {
    let widths = rows.iter().map(|(name, _)| name.chars().count()).filter(|width| *width <= WIDEST);
    let widest = widths.max().unwrap_or_default();
    rows.into_iter().map(|(name, about)| format!("{name:<widest$}  {about}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_options_mean_stands_under_each_other_but_for_a_name_too_long_to_be_waited_for() {
        let long = "n".repeat(WIDEST + 1);
        let rows =
            [("a", "1"), ("three", "2"), (long.as_str(), "3")].map(|(name, about)| (name.to_owned(), about.to_owned()));
        assert_eq!(columns(rows.into()), ["a      1".to_owned(), "three  2".to_owned(), format!("{long}  3")]);
    }
}
