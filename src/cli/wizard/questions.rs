//! The questions of the wizard: one for each hole that has no obvious answer, in the order a person thinks.
//! They fill holes in the answers from facts already found, and do nothing else.

mod another_name;
mod places;
pub mod standing;

use crate::error::{Error, Result};
use crate::onboarding::BillConnect;
use crate::prompt::{Prompter, Question, Reply};
use crate::spec::answers::Answers;
use crate::spec::names::{Access, Api, OrgId, Parse, Zone};
use crate::spec::{Facts, external_id};

pub use places::verdict;

/// One question, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Which organization.
    OrgId,
    /// Through which generation of the API.
    Api,
    /// Where the organization lives.
    Zone,
    /// How Flexera gets in.
    Access,
    /// Where a new access key goes.
    KeyFile,
    /// Whether a report that exists is taken.
    Report,
    /// Where the bill lies.
    Bucket,
    /// In which region, if the bucket is still to be made.
    BucketRegion,
}

/// What the questions know beside the answers.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What was found in the account.
    pub facts: &'a Facts,
    /// The account's buckets, as far as they may be listed.
    pub buckets: &'a [String],
    /// Answers of before, offered as defaults.
    pub before: &'a Answers,
    /// The bill connect that exists.
    pub connect: Option<&'a BillConnect>,
}

impl Ask {
    /// Every question.
    pub const ALL: [Self; 8] = [
        Self::OrgId,
        Self::Api,
        Self::Zone,
        Self::Access,
        Self::KeyFile,
        Self::Report,
        Self::Bucket,
        Self::BucketRegion,
    ];

    /// The first one that is open: a hole in the answers that the facts do not fill. Pure.
    pub fn first_open(answers: &Answers, facts: &Facts) -> Option<Self> {
        Self::ALL.into_iter().find(|ask| ask.is_open(answers, facts))
    }

    fn is_open(self, answers: &Answers, facts: &Facts) -> bool {
        match self {
            Self::OrgId => answers.org_id.is_none(),
            Self::Api => answers.api.is_none(),
            Self::Zone => answers.zone.is_none() && answers.api == Some(Api::FlexeraOne),
            Self::Access => answers.access.is_none(),
            Self::KeyFile => {
                let api = answers.api.unwrap_or_default();
                let by_hand = answers.access.is_some_and(|access| access.is_registered_by_hand(api));
                by_hand && answers.access_key_file.is_none()
            }
            Self::Report => !names_a_place(answers) && !facts.reports.is_empty(),
            Self::Bucket => answers.reuse_report.is_none() && answers.bucket.is_none(),
            Self::BucketRegion => {
                answers.bucket_region.is_none() && answers.reuse_report.is_none() && facts.bucket_region.is_none()
            }
        }
    }

    /// Whether it must be answered before a credential can be tried.
    pub fn comes_before_flexera(self) -> bool {
        matches!(self, Self::OrgId | Self::Api | Self::Zone)
    }

    /// Asks it and keeps the answer.
    ///
    /// # Errors
    /// When the person leaves.
    pub fn ask(self, prompter: &mut dyn Prompter, answers: &mut Answers, known: &Known<'_>) -> Result<Reply<()>> {
        match self {
            Self::OrgId => org_id(prompter, answers, known.before),
            Self::Api => api(prompter, answers, known.before),
            Self::Zone => zone(prompter, answers, known.before),
            Self::Access => access(prompter, answers, known),
            Self::KeyFile => key_file(prompter, answers, known.before),
            Self::Report => places::report(prompter, answers, known),
            Self::Bucket => places::bucket(prompter, answers, known),
            Self::BucketRegion => places::region(prompter, answers, known),
        }
    }

    /// Opens it again, with every answer that hangs on this one.
    pub fn forget(self, answers: &mut Answers) {
        match self {
            Self::OrgId => answers.org_id = None,
            Self::Api => (answers.api, answers.zone, answers.access_key_file) = (None, None, None),
            Self::Zone => answers.zone = None,
            Self::Access => (answers.access, answers.access_key_file) = (None, None),
            Self::KeyFile => answers.access_key_file = None,
            Self::Report => {
                (answers.reuse_report, answers.report_name) = (None, None);
                Self::Bucket.forget(answers);
            }
            Self::Bucket => (answers.bucket, answers.bucket_region) = (None, None),
            Self::BucketRegion => answers.bucket_region = None,
        }
    }

    /// Takes this question's answer over from others, where they have one.
    pub fn carry(self, from: &Answers, to: &mut Answers) {
        fn take<T: Clone>(from: &Option<T>, to: &mut Option<T>) {
            if from.is_some() {
                to.clone_from(from);
            }
        }
        match self {
            Self::OrgId => take(&from.org_id, &mut to.org_id),
            Self::Api => take(&from.api, &mut to.api),
            Self::Zone => take(&from.zone, &mut to.zone),
            Self::Access => take(&from.access, &mut to.access),
            Self::KeyFile => take(&from.access_key_file, &mut to.access_key_file),
            Self::Report => take(&from.reuse_report, &mut to.reuse_report),
            Self::Bucket => take(&from.bucket, &mut to.bucket),
            Self::BucketRegion => take(&from.bucket_region, &mut to.bucket_region),
        }
    }

    /// What was answered, under the question's name: for whoever wants to change it.
    pub fn answered(self, answers: &Answers) -> Option<(&'static str, String)> {
        fn shown<T: ToString>(value: &Option<T>) -> Option<String> {
            value.as_ref().map(ToString::to_string)
        }
        let (name, value) = match self {
            Self::OrgId => ("organization", shown(&answers.org_id)),
            Self::Api => ("API", shown(&answers.api)),
            Self::Zone => ("zone", shown(&answers.zone)),
            Self::Access => ("access", shown(&answers.access)),
            Self::KeyFile => ("key file", answers.access_key_file.as_ref().map(|path| path.display().to_string())),
            Self::Report => ("report", shown(&answers.reuse_report).or_else(|| shown(&answers.report_name))),
            Self::Bucket => ("bucket", shown(&answers.bucket)),
            Self::BucketRegion => ("region", shown(&answers.bucket_region)),
        };
        value.map(|value| (name, value))
    }
}

/// Which profile of the AWS CLI's files, where there is a choice; `default` is no profile's name to give.
///
/// # Errors
/// When the person leaves.
pub fn profile(
    prompter: &mut dyn Prompter,
    answers: &mut Answers,
    names: &[String],
    marked: usize,
) -> Result<Reply<()>> {
    let question = Question {
        text: "AWS profile",
        why: "The one of the payer account; these stand in your AWS configuration.",
        flag: "--profile",
    };
    let reply = prompter.choice(&question, names, marked)?;
    Ok(reply.map(|index| answers.profile = Some(names[index].clone())))
}

fn org_id(prompter: &mut dyn Prompter, answers: &mut Answers, before: &Answers) -> Result<Reply<()>> {
    let question = Question {
        text: "Flexera organization id",
        why: "The number in https://app.flexera.com/orgs/<id>/, or that address.",
        flag: "--org-id",
    };
    // One that cannot be used is known here, and not after all the other questions.
    let usable = |text: &str| {
        // An address copied from the browser holds it.
        let part = OrgId::in_address(text);
        let org = part.clone().map_or_else(|| OrgId::parse(text), Ok)?;
        let judged = external_id(answers, &org).map_err(|error| match error.remedy {
            Some(remedy) => format!("{}; {remedy}", error.message),
            None => error.message,
        });
        judged.map(|_| part.map(|org| org.to_string()))
    };
    match prompter.text(&question, before.org_id.as_ref().map(OrgId::as_str), &usable)? {
        Reply::Given(typed) => answers.org_id = Some(OrgId::parse(&typed).map_err(Error::usage)?),
        Reply::Back => return Ok(Reply::Back),
    }
    Ok(Reply::Given(()))
}

fn api(prompter: &mut dyn Prompter, answers: &mut Answers, before: &Answers) -> Result<Reply<()>> {
    let question = Question {
        text: "Onboarding API",
        why: "flexera-one can also validate, update and take an IAM user.",
        flag: "--api",
    };
    let options = [
        "optima       onboarding.rightscale.com, the documented role-based onboarding",
        "flexera-one  api.flexera.com, .eu, .au, the FinOps Onboarding API",
    ];
    let reply = pick(prompter, &question, &options, Api::ALL, before.api)?;
    Ok(reply.map(|api| answers.api = Some(api)))
}

fn zone(prompter: &mut dyn Prompter, answers: &mut Answers, before: &Answers) -> Result<Reply<()>> {
    let question = Question {
        text: "Zone",
        why: "Where you sign in to Flexera One; it decides whom your role trusts.",
        flag: "--zone",
    };
    let options = ["nam   app.flexera.com", "eu    app.flexera.eu", "apac  app.flexera.au"];
    let reply = pick(prompter, &question, &options, Zone::ALL, before.zone)?;
    Ok(reply.map(|zone| answers.zone = Some(zone)))
}

fn access(prompter: &mut dyn Prompter, answers: &mut Answers, known: &Known<'_>) -> Result<Reply<()>> {
    let question = Question {
        text: "Access for Flexera",
        why: "A role needs no key that could leak; AWS China needs a user.",
        flag: "--access",
    };
    let standing = standing::access(known.connect);
    let user = match standing {
        Some(Access::User) => "user  an IAM user with an access key, as the bill connect has it",
        _ => "user  an IAM user with an access key, the older way",
    };
    let options = ["role  Flexera's account assumes it (recommended)", user];
    let reply = pick(prompter, &question, &options, Access::ALL, known.before.access.or(standing))?;
    Ok(reply.map(|access| answers.access = Some(access)))
}

fn key_file(prompter: &mut dyn Prompter, answers: &mut Answers, before: &Answers) -> Result<Reply<()>> {
    let question = Question {
        text: "File for the access key",
        why: "Only flexera-one registers it; with optima you do, from this file, which you alone can read.",
        flag: "--access-key-file",
    };
    let check = |text: &str| if text.is_empty() { Err("the file needs a name".to_owned()) } else { Ok(None) };
    let default =
        before.access_key_file.as_ref().map_or("flexera-access-key".into(), |path| path.display().to_string());
    let reply = prompter.text(&question, Some(&default), &check)?;
    Ok(reply.map(|path| answers.access_key_file = Some(path.into())))
}

fn names_a_place(answers: &Answers) -> bool {
    answers.reuse_report.is_some()
        || answers.report_name.is_some()
        || answers.bucket.is_some()
        || answers.prefix.is_some()
}

/// One of a closed set, the one of before marked.
fn pick<T: Copy + PartialEq>(
    prompter: &mut dyn Prompter,
    question: &Question<'_>,
    options: &[&str],
    values: &[T],
    before: Option<T>,
) -> Result<Reply<T>> {
    let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
    let marked = values.iter().position(|value| Some(*value) == before).unwrap_or(0);
    Ok(prompter.choice(question, &options, marked)?.map(|index| values[index]))
}

/// Asks for a text by the same rule as the flag.
fn text<T: Parse>(prompter: &mut dyn Prompter, question: &Question<'_>, default: Option<&str>) -> Result<Reply<T>> {
    match prompter.text(question, default, &|text| T::parse(text).map(|_| None))? {
        Reply::Given(typed) => T::parse(&typed).map(Reply::Given).map_err(Error::usage),
        Reply::Back => Ok(Reply::Back),
    }
}

#[cfg(test)]
mod tests;
