//! The same onboarding written out as something else, for whoever may not or would not apply it here. One row a form.

use crate::cli::wizard::review::write_new;
use crate::error::Result;
use crate::export::cloudformation::{self, Part};
use crate::export::{Subject, aws_cli, terraform};
use crate::plan::{Change, Plan};
use crate::prompt::{Prompter, Question, Reply};
use crate::session::Session;
use crate::spec::ReportOrigin;
use crate::spec::answers::Answers;
use crate::steps::Step;

/// One form.
#[derive(Clone, Copy)]
struct Form {
    /// Its name, and what it is in a few words.
    option: &'static str,
    /// What its first file is called unless the person says otherwise.
    file: &'static str,
    /// Its text.
    text: fn(&Subject) -> String,
}

const FORMS: [Form; 3] = [
    Form {
        option: "CloudFormation  a template, YAML with comments",
        file: "template.yaml",
        text: |subject| cloudformation::export(subject, Part::first(subject)).yaml(),
    },
    Form { option: "Terraform       a configuration, one file", file: "main.tf", text: terraform::export },
    Form { option: "AWS CLI script  bash, can be run again", file: "onboard.sh", text: aws_cli::export },
];

/// Asks for the form and the file, and writes it; whether it was written.
///
/// # Errors
/// When the person leaves, and when a file cannot be written.
pub fn write(session: &Session, prompter: &mut dyn Prompter, plan: &Plan) -> Result<bool> {
    let subject = Subject::new(answers(session, plan), plan.onboarding.bucket_region.clone())?;
    let question = Question {
        text: "Written out as",
        why: "Calls nothing; what is in it is what would have been applied.",
        flag: "",
    };
    let options = FORMS.map(|form| form.option.to_owned());
    let Reply::Given(index) = prompter.choice(&question, &options, 0)? else { return Ok(false) };
    let form = FORMS[index];
    let Some(first) = file(prompter, form.file, &(form.text)(&subject))? else { return Ok(false) };
    let mut written = vec![first];
    // The report is known in one region only: a bucket elsewhere takes a second stack.
    if index == 0 && Part::first(&subject) == Part::WithoutReport {
        let report = cloudformation::export(&subject, Part::Report).yaml();
        written.extend(file(prompter, "report.yaml", &report)?);
    }
    session.printer.say(&what_now(session, plan, &written));
    Ok(true)
}

/// What was answered, complete as an export wants it; of what is the sandbox's own, only the organization is to be seen in it.
fn answers(session: &Session, plan: &Plan) -> Answers {
    let one = &plan.onboarding;
    let mut answers = Answers { org_id: Some(one.org_id.clone()), ..session.own_answers() };
    if one.report_origin != ReportOrigin::Made {
        (answers.bucket, answers.prefix) = (Some(one.bucket.clone()), Some(one.prefix.clone()));
    }
    answers.bucket_region = Some(one.bucket_region.clone());
    answers
}

fn file(prompter: &mut dyn Prompter, name: &str, text: &str) -> Result<Option<String>> {
    let question = Question { text: "File", why: "One that is there is not written over.", flag: "" };
    write_new(prompter, &question, name, text)
}

fn what_now(session: &Session, plan: &Plan, files: &[String]) -> String {
    let one = &plan.onboarding;
    let mut lines = vec![
        format!("\nWritten: {}. Nothing was changed, in AWS or at Flexera.", files.join(" and ")),
        "  Its first lines say how to run it, and what finishes the job at Flexera.".to_owned(),
    ];
    let there = plan.step(Step::Bucket).is_some_and(|planned| planned.change != Change::Create);
    if there && one.report_origin == ReportOrigin::Made {
        lines.push(format!(
            "  It makes the bucket {}, which exists: have it import that one, or name another.",
            one.bucket
        ));
    }
    if !session.is_rehearsal() {
        lines.push(format!("To look at what came of it:\n  {}", session.command("verify")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::samples;

    #[test]
    fn every_form_has_a_text_and_a_file_of_its_own() {
        let subject = samples::subject(&[]);
        for (index, form) in FORMS.iter().enumerate() {
            assert!((form.text)(&subject).contains("Flexera Optima"), "{}", form.file);
            assert!(FORMS[index + 1..].iter().all(|other| other.file != form.file));
        }
    }
}
