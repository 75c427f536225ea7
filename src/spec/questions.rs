//! The questions of the wizard: one for each hole that has no obvious answer, in the order a person thinks.
//! They fill holes in the answers from facts already found, and do nothing else.

use crate::error::Result;
use crate::prompt::{Prompter, Question};
use crate::spec::Facts;
use crate::spec::answers::Answers;
use crate::spec::default_bucket;
use crate::spec::names::{Access, Api, BucketName, OrgId, Parse, REPORT_REGIONS, Region, ReportName, Zone};
use crate::steps::report::{Misfit, best_first};

/// Which organization, through which API: what must be known before a token can be used.
///
/// # Errors
/// When the person leaves.
pub fn flexera(prompter: &mut dyn Prompter, answers: &mut Answers, suggested: Option<&OrgId>) -> Result<()> {
    if answers.org_id.is_none() {
        let question = Question {
            text: "Flexera organization id",
            why: "The number in https://app.flexera.com/orgs/<id>/.",
            flag: "--org-id",
        };
        answers.org_id = Some(text(prompter, &question, suggested.map(OrgId::as_str))?);
    }
    if answers.api.is_none() {
        let question = Question {
            text: "Onboarding API",
            why: "flexera-one can also validate, update and take an IAM user.",
            flag: "--api",
        };
        let options = [
            "optima       onboarding.rightscale.com, the documented role-based onboarding",
            "flexera-one  api.flexera.com, .eu, .au, the FinOps Onboarding API",
        ];
        answers.api = Some(Api::ALL[prompter.choice(&question, &options.map(str::to_owned), 0)?]);
    }
    if answers.zone.is_none() && answers.api == Some(Api::FlexeraOne) {
        let question = Question {
            text: "Zone",
            why: "Where you sign in to Flexera One; it decides whom your role trusts.",
            flag: "--zone",
        };
        let options = ["nam   app.flexera.com", "eu    app.flexera.eu", "apac  app.flexera.au"];
        answers.zone = Some(Zone::ALL[prompter.choice(&question, &options.map(str::to_owned), 0)?]);
    }
    Ok(())
}

/// How Flexera gets in, and where the bill lies.
///
/// # Errors
/// When the person leaves.
pub fn aws(prompter: &mut dyn Prompter, answers: &mut Answers, facts: &Facts) -> Result<()> {
    if answers.access.is_none() {
        let question = Question {
            text: "Access for Flexera",
            why: "A role needs no key that could leak; AWS China needs a user.",
            flag: "--access",
        };
        let options =
            ["role  Flexera's account assumes it (recommended)", "user  an IAM user with an access key, the older way"];
        answers.access = Some(Access::ALL[prompter.choice(&question, &options.map(str::to_owned), 0)?]);
    }
    let by_hand = answers.access == Some(Access::User) && answers.api != Some(Api::FlexeraOne);
    if by_hand && answers.access_key_file.is_none() {
        let question = Question {
            text: "File for the access key",
            why: "Only flexera-one registers it; with optima you do, from this file, which you alone can read.",
            flag: "--access-key-file",
        };
        let check = |text: &str| if text.is_empty() { Err("the file needs a name".to_owned()) } else { Ok(()) };
        answers.access_key_file = Some(prompter.text(&question, Some("flexera-access-key"), &check)?.into());
    }
    if names_a_place(answers) || !reuse(prompter, answers, facts)? {
        place(prompter, answers, facts)?;
    }
    Ok(())
}

fn names_a_place(answers: &Answers) -> bool {
    answers.reuse_report.is_some()
        || answers.report_name.is_some()
        || answers.bucket.is_some()
        || answers.prefix.is_some()
}

/// Offers the reports that exist, best first, each with its verdict; whether one was taken.
fn reuse(prompter: &mut dyn Prompter, answers: &mut Answers, facts: &Facts) -> Result<bool> {
    let judged = best_first(&facts.reports);
    if judged.is_empty() {
        return Ok(false);
    }
    let question = Question {
        text: "Cost and Usage Report",
        why: "Flexera prefers one that exists, if it is as Flexera asks for it.",
        flag: "--reuse-report",
    };
    let mut options: Vec<String> =
        judged.iter().map(|(report, misfits)| format!("{}  {}", report.name, verdict(misfits))).collect();
    options.push("make a new one".to_owned());
    let best = if judged[0].1.is_empty() { 0 } else { options.len() - 1 };
    let chosen = prompter.choice(&question, &options, best)?;
    let Some((report, _)) = judged.get(chosen) else { return Ok(false) };
    answers.reuse_report = ReportName::parse(&report.name).ok();
    Ok(answers.reuse_report.is_some())
}

fn verdict(misfits: &[Misfit]) -> String {
    if misfits.is_empty() {
        return "(fits)".to_owned();
    }
    let wrong: Vec<String> = misfits.iter().map(|misfit| format!("{} {}", misfit.field, misfit.is)).collect();
    format!("(does not fit: {})", wrong.join(", "))
}

fn place(prompter: &mut dyn Prompter, answers: &mut Answers, facts: &Facts) -> Result<()> {
    if answers.reuse_report.is_some() {
        return Ok(());
    }
    if answers.bucket.is_none()
        && let Some(org) = &answers.org_id
    {
        let question = Question {
            text: "Billing bucket",
            why: "Made if it is not there; one of yours is adopted, its policy kept.",
            flag: "--bucket",
        };
        let default = default_bucket(&facts.caller.account, org);
        answers.bucket = Some(text::<BucketName>(prompter, &question, Some(&default))?);
    }
    Ok(())
}

/// The region of a bucket that does not exist yet.
///
/// # Errors
/// When the person leaves.
pub fn region(prompter: &mut dyn Prompter, answers: &mut Answers, facts: &Facts) -> Result<()> {
    if answers.bucket_region.is_some() || answers.reuse_report.is_some() || facts.bucket_region.is_some() {
        return Ok(());
    }
    let question = Question {
        text: "Region of the bucket",
        why: "Any that AWS delivers reports to; the default is the region in use.",
        flag: "--bucket-region",
    };
    let options: Vec<String> = REPORT_REGIONS.iter().map(|region| (*region).to_owned()).collect();
    let default = options.iter().position(|region| region == facts.region.as_str()).unwrap_or(0);
    let chosen = prompter.choice(&question, &options, default)?;
    answers.bucket_region = Region::parse(&options[chosen]).ok();
    Ok(())
}

/// Asks for a text by the same rule as the flag.
fn text<T: Parse>(prompter: &mut dyn Prompter, question: &Question<'_>, default: Option<&str>) -> Result<T> {
    let typed = prompter.text(question, default, &|text| T::parse(text).map(drop))?;
    T::parse(&typed).map_err(crate::error::Error::usage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::reports::Report;
    use crate::prompt::scripted::Scripted;
    use crate::steps::{report, samples};

    fn ask(answers: &mut Answers, facts: &Facts, script: &[(&'static str, &'static str)]) {
        let mut person = Scripted::new(script);
        flexera(&mut person, answers, None).expect("answered");
        aws(&mut person, answers, facts).expect("answered");
        region(&mut person, answers, facts).expect("answered");
        person.finish();
    }

    #[test]
    fn only_holes_are_asked_for() {
        let mut answers = Answers {
            org_id: OrgId::parse("12345").ok(),
            api: Some(Api::Optima),
            access: Some(Access::Role),
            bucket: BucketName::parse("mine").ok(),
            bucket_region: Region::parse("eu-west-1").ok(),
            ..Answers::default()
        };
        ask(&mut answers, &samples::facts(), &[]);
    }

    #[test]
    fn an_empty_account_is_asked_for_a_place() {
        let mut answers = Answers::default();
        ask(
            &mut answers,
            &samples::facts(),
            &[
                ("--org-id", "12345"),
                ("--api", "flexera-one"),
                ("--zone", "eu"),
                ("--access", ""),
                ("--bucket", ""),
                ("--bucket-region", "eu-central-1"),
            ],
        );
        assert_eq!(answers.bucket.as_ref().map(BucketName::as_str), Some("flexera-optima-123456789012-12345"));
        assert_eq!(
            (answers.zone, answers.bucket_region.as_ref().map(Region::as_str)),
            (Some(Zone::Eu), Some("eu-central-1"))
        );
    }

    #[test]
    fn a_report_that_fits_is_the_default() {
        let right = report::wanted(&samples::onboarding(&[]));
        let daily = Report { name: "a-daily".into(), time_unit: "DAILY".into(), ..right.clone() };
        let facts = Facts { reports: vec![daily, Report { name: "b-fits".into(), ..right }], ..samples::facts() };
        let mut answers = Answers::default();
        ask(
            &mut answers,
            &facts,
            &[("--org-id", "12345"), ("--api", "optima"), ("--access", "role"), ("--reuse-report", "")],
        );
        assert_eq!(answers.reuse_report.as_ref().map(ReportName::as_str), Some("b-fits"));
    }

    #[test]
    fn a_report_that_does_not_fit_is_not_the_default() {
        let daily = Report { time_unit: "DAILY".into(), ..report::wanted(&samples::onboarding(&[])) };
        let facts = Facts { reports: vec![daily], ..samples::facts() };
        let mut answers = Answers::default();
        ask(
            &mut answers,
            &facts,
            &[
                ("--org-id", "12345"),
                ("--api", "optima"),
                ("--access", "role"),
                ("--reuse-report", ""),
                ("--bucket", ""),
                ("--bucket-region", ""),
            ],
        );
        assert_eq!(answers.reuse_report, None);
    }
}
