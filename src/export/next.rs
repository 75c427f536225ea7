//! What finishes the job after an export was run: the bill connect, which no engine of AWS can make.

use crate::export::hole::Hole;
use crate::export::subject::Subject;
use crate::spec::answers::Answers;
use crate::spec::command;
use crate::spec::names::{Api, Partition};

/// The last step, for a person.
#[derive(Clone, Debug)]
pub struct Next {
    /// What it does, in lines.
    pub what: &'static [&'static str],
    /// What to type, each a line with holes; for a POSIX shell.
    pub commands: Vec<String>,
}

/// What is left to do once the account holds what the export makes.
pub fn next(subject: &Subject) -> Next {
    match (subject.by_role(), subject.onboarding.api) {
        (true, _) => Next {
            what: &["Register it with Flexera, which takes a Flexera token and no AWS credentials:"],
            commands: vec![register(subject)],
        },
        (false, Api::FlexeraOne) => Next {
            what: &[
                "Make the user's access key and register it with Flexera, in one step, with AWS credentials and a Flexera",
                "token; what is here is adopted as it is:",
            ],
            commands: vec![apply(subject)],
        },
        (false, Api::Optima) => Next {
            what: &[
                "Make the user's access key, and enter it in Flexera One under Administration > Billing Configuration;",
                "the optima API takes no key:",
            ],
            commands: vec![format!("aws iam create-access-key --user-name={}", Hole::AccessName)],
        },
    }
}

/// The bill connect alone, with nothing left to look up in AWS.
fn register(subject: &Subject) -> String {
    let given = &subject.answers;
    let answers = Answers {
        api: given.api,
        zone: given.zone,
        api_url: given.api_url.clone(),
        login_url: given.login_url.clone(),
        effective_from: given.effective_from.clone(),
        session_name: given.session_name.clone(),
        external_id: given.external_id.clone(),
        prefix: Some(subject.onboarding.prefix.clone()),
        ..Answers::default()
    };
    let account = given.bill_account_id.as_ref().map_or_else(|| Hole::Account.to_string(), ToString::to_string);
    format!(
        "{} --org-id {} --bill-account-id {account} --bucket {} --role-name={}",
        command::equivalent("bill-connect create", &[], &answers),
        Hole::Org,
        Hole::Bucket,
        Hole::AccessName,
    )
}

/// The same onboarding with this program, to finish it.
fn apply(subject: &Subject) -> String {
    command::equivalent("apply", &[], &complete(subject))
}

/// The answers with the region that was taken, which another machine would take otherwise.
pub fn complete(subject: &Subject) -> Answers {
    let mut answers = subject.answers.clone();
    if subject.onboarding.partition != Partition::Aws {
        // Elsewhere the region that most have set is of a partition in which these credentials are none.
        answers.region = answers.region.or_else(|| Some(subject.onboarding.bucket_region.clone()));
    }
    if subject.makes_report() {
        answers.bucket_region = Some(subject.onboarding.bucket_region.clone());
    } else {
        // The report's own place is looked up where AWS can be asked.
        (answers.bucket, answers.bucket_region, answers.prefix) = (None, None, None);
    }
    answers
}
