//! Another name for what is there already and is somebody else's: the way out of a plan that was refused because of it.

use crate::error::{Error, Result};
use crate::spec::answers::Answers;
use crate::spec::names::{Parse, ReportName};
use crate::spec::{Facts, Onboarding};

/// S3's longest name for a bucket, in characters; IAM's and the report service's are longer.
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
const LONGEST: usize = 63;

/// A name that can be another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnotherName {
    /// The billing bucket's.
    Bucket,
    /// The report's.
    Report,
    /// The policy's.
    Policy,
    /// The role's.
    Role,
    /// The user's.
    User,
}

impl AnotherName {
    /// Every one, in the order of a plan.
    pub const ALL: [Self; 5] = [Self::Bucket, Self::Report, Self::Policy, Self::Role, Self::User];

    /// Its words in a menu.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::Report => "report name",
            Self::Policy => "policy name",
            Self::Role => "role name",
            Self::User => "user name",
        }
    }

    /// The flag that gives it.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Bucket => "--bucket",
            Self::Report => "--report-name",
            Self::Policy => "--policy-name",
            Self::Role => "--role-name",
            Self::User => "--user-name",
        }
    }

    /// The name in this onboarding.
    pub fn of(self, one: &Onboarding) -> &str {
        match self {
            Self::Bucket => one.bucket.as_str(),
            Self::Report => one.report_name.as_str(),
            Self::Policy => one.policy_name.as_str(),
            Self::Role => one.role_name.as_str(),
            Self::User => one.user_name.as_str(),
        }
    }

    /// A name to offer: with the organization's id behind it, which tells two onboardings of one account apart. A report's
    /// is one that no report of the account has.
    pub fn offer(self, one: &Onboarding, facts: &Facts) -> String {
        let free = if self == Self::Report { free_report_name(facts) } else { None };
        free.map_or_else(|| self.beside(one), |name| name.to_string())
    }

    /// The same without having looked which names are taken.
    pub fn beside(self, one: &Onboarding) -> String {
        numbered(self.of(one), one.org_id.as_str())
    }

    /// Answers with this name; a report of another name is no longer one that is taken over.
    ///
    /// # Errors
    /// A usage error when it breaks the name's rule.
    pub fn give(self, answers: &mut Answers, name: &str) -> Result<()> {
        match self {
            Self::Bucket => answers.bucket = Some(parsed(name)?),
            Self::Report => (answers.report_name, answers.reuse_report) = (Some(parsed(name)?), None),
            Self::Policy => answers.policy_name = Some(parsed(name)?),
            Self::Role => answers.role_name = Some(parsed(name)?),
            Self::User => answers.user_name = Some(parsed(name)?),
        }
        Ok(())
    }

    /// What was answered, for whoever is shown the answers of before.
    pub fn answered(self, answers: &Answers) -> Option<String> {
        match self {
            // Questions of their own.
            Self::Bucket | Self::Report => None,
            Self::Policy => answers.policy_name.as_ref().map(ToString::to_string),
            Self::Role => answers.role_name.as_ref().map(ToString::to_string),
            Self::User => answers.user_name.as_ref().map(ToString::to_string),
        }
    }
}

/// The first name for a new report that no report has.
pub fn free_report_name(facts: &Facts) -> Option<ReportName> {
    let taken = |name: &String| facts.reports.iter().any(|report| report.name == *name);
    let numbered = (2..).map(|number| format!("flexera-optima-{number}"));
    let mut names = std::iter::once("flexera-optima".to_owned()).chain(numbered);
    names.find(|name| !taken(name)).and_then(|name| ReportName::parse(&name).ok())
}

fn parsed<T: Parse>(name: &str) -> Result<T> {
    T::parse(name).map_err(Error::usage)
}

/// The name with the organization's id behind it, or with the next number where it has that already.
fn numbered(name: &str, org: &str) -> String {
    let stem = match name.split_once(&format!("-{org}")) {
        Some((stem, _)) => stem,
        None => name,
    };
    let with = |end: String| {
        let room = LONGEST.saturating_sub(end.len() + 1);
        format!("{}-{end}", stem.chars().take(room).collect::<String>())
    };
    let ends = std::iter::once(org.to_owned()).chain((2..).map(|number| format!("{org}-{number}")));
    ends.map(with).find(|other| other != name && !name.starts_with(&format!("{other}-"))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Reply;
    use crate::prompt::scripted::Scripted;
    use crate::steps::samples;

    #[test]
    fn the_name_that_is_offered_is_another_one_and_keeps_the_rules() {
        for (name, offered) in [
            ("Role", "Role-12345"),
            ("Role-12345", "Role-12345-2"),
            ("Role-12345-2", "Role-12345-3"),
            (&"r".repeat(64), &format!("{}-12345", "r".repeat(57))),
        ] {
            assert_eq!(numbered(name, "12345"), offered);
        }
        let (one, facts) = (samples::onboarding(&[]), samples::facts());
        for name in AnotherName::ALL {
            let mut answers = Answers { org_id: Some(one.org_id.clone()), ..Answers::default() };
            let offer = name.offer(&one, &facts);
            let mut person = Scripted::new(&[(name.flag(), "")]);
            assert_eq!(name.ask(&mut person, &mut answers, &offer).expect("answered"), Reply::Given(()));
            person.finish();
            let other = crate::spec::resolve(&answers, &facts).expect("complete");
            assert_eq!(name.of(&other), offer);
            assert!(offer != name.of(&one) || name == AnotherName::Report, "no report has it: {offer}");
        }
    }
}
