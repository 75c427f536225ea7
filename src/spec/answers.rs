//! What a person has answered so far, holes allowed: texts with where they came from, then the same parsed,
//! with every problem at once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use url::Url;

use crate::addresses;
use crate::error::Error;
use crate::spec::fields::{self, FIELDS};
use crate::spec::names::{
    Access, AccountId, Api, BillMonth, BucketName, ExternalId, OrgId, Parse, PolicyName, PolicySet, Prefix,
    PrincipalArn, REPORT_REGIONS, Region, ReportName, RoleArn, RoleName, Rule, SessionName, UserName, Zone,
};
use crate::spec::near;
use crate::spec::tags::Tags;

/// Where a text came from; a later one of flag, environment, file, question never hides an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Typed on the command line.
    Flag,
    /// From the variable of that name.
    Environment(&'static str),
    /// From an onboarding file, at that line (counted from 1).
    File(PathBuf, usize),
    /// From a plan that was made before, in that file.
    Plan(PathBuf),
}

/// One text as it was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// The text, not yet parsed.
    pub text: String,
    /// Where from.
    pub source: Source,
}

/// Every text given, by the field's key; the first source to give one wins.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    given: BTreeMap<&'static str, Given>,
    /// `KEY=VALUE` each.
    pub tags: Vec<Given>,
}

impl Raw {
    /// Takes a text unless an earlier source gave one.
    pub fn offer(&mut self, key: &'static str, given: Given) {
        self.given.entry(key).or_insert(given);
    }

    /// Takes what `other` has and this lacks, tag keys too.
    pub fn fill_from(&mut self, other: Self) {
        for (key, given) in other.given {
            self.offer(key, given);
        }
        let key =
            |given: &Given| given.text.split_once('=').map_or_else(|| given.text.clone(), |(key, _)| key.to_owned());
        let known: Vec<String> = self.tags.iter().map(key).collect();
        self.tags.extend(other.tags.into_iter().filter(|given| !known.contains(&key(given))));
    }

    /// The keys of all that was given, tags aside.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.given.keys().copied()
    }

    /// Drops the text for `key`.
    pub fn forget(&mut self, key: &str) {
        self.given.remove(key);
    }

    /// Drops the text for `key` if it stands in an onboarding file; an empty one stays, to be refused.
    pub fn forget_from_file(&mut self, key: &str) {
        if self.is_from_file(key) && self.get(key).is_some_and(|given| !given.text.is_empty()) {
            self.given.remove(key);
        }
    }

    /// Whether the text for `key` stands in an onboarding file, which then gives way to the environment.
    pub fn is_from_file(&self, key: &str) -> bool {
        self.get(key).is_some_and(|given| matches!(given.source, Source::File(..)))
    }

    /// The text given for `key`.
    pub fn get(&self, key: &str) -> Option<&Given> {
        self.given.get(key)
    }
}

/// Everything a person can answer, parsed; a hole is a `None`.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub org_id: Option<OrgId>,
    pub api: Option<Api>,
    pub zone: Option<Zone>,
    pub api_url: Option<Url>,
    pub login_url: Option<Url>,
    pub access_token_file: Option<PathBuf>,
    pub refresh_token_file: Option<PathBuf>,
    pub bill_account_id: Option<AccountId>,
    pub effective_from: Option<BillMonth>,
    pub bucket: Option<BucketName>,
    pub bucket_region: Option<Region>,
    pub prefix: Option<Prefix>,
    pub report_name: Option<ReportName>,
    pub reuse_report: Option<ReportName>,
    pub access: Option<Access>,
    pub policy_set: Option<PolicySet>,
    pub policy_name: Option<PolicyName>,
    pub role_name: Option<RoleName>,
    pub user_name: Option<UserName>,
    pub external_id: Option<ExternalId>,
    pub trusted_principal: Option<PrincipalArn>,
    pub session_name: Option<SessionName>,
    pub access_key_file: Option<PathBuf>,
    pub profile: Option<String>,
    pub region: Option<Region>,
    pub endpoint_url: Option<Url>,
    pub assume_role: Option<RoleArn>,
    pub tags: Tags,
}

impl Answers {
    /// Parses every text, then holds the answers against each other.
    ///
    /// # Errors
    /// One usage error that lists every problem: flag, value, rule.
    pub fn parse(raw: &Raw) -> Result<Self, Error> {
        Self::read(raw).map_err(|problems| all_problems(&problems).see_help(WHAT_EACH_TAKES))
    }

    /// As [`Self::parse`], the problems still apart: a file of many tells those of all its onboardings at once.
    ///
    /// # Errors
    /// Each problem as one sentence.
    pub fn read(raw: &Raw) -> Result<Self, Vec<String>> {
        Self::held(raw, |answers| answers.contradictions().into_iter().chain(answers.said_twice()).collect())
    }

    /// The same where AWS is not asked, so that the place of a reused report has to be said.
    ///
    /// # Errors
    /// As [`Answers::parse`].
    pub fn parse_for_export(raw: &Raw) -> Result<Self, Error> {
        Self::held(raw, Self::contradictions).map_err(|problems| all_problems(&problems).see_help(WHAT_EACH_TAKES))
    }

    fn held(raw: &Raw, against_each_other: impl Fn(&Self) -> Vec<String>) -> Result<Self, Vec<String>> {
        let mut reader = Reader { raw, problems: Vec::new() };
        let answers = reader.read();
        let mut problems = reader.problems;
        problems.extend(against_each_other(&answers));
        if problems.is_empty() { Ok(answers) } else { Err(problems) }
    }

    /// The sentences for answers that are right alone and wrong together.
    fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let api = self.api.unwrap_or_default();
        if let Some(zone @ (Zone::Eu | Zone::Apac)) = self.zone
            && api == Api::Optima
        {
            found.push(format!("--zone {zone}: the optima API has no such zone; add --api flexera-one"));
        }
        if self.effective_from.is_some() && api == Api::Optima {
            found.push(
                "--effective-from: the optima API cannot set the earliest month; add --api flexera-one".to_owned(),
            );
        }
        if self.access_key_file.is_some() && !self.access.is_some_and(|access| access.is_registered_by_hand(api)) {
            found.push(
                "--access-key-file: an access key is written to a file only with --access user and --api optima"
                    .to_owned(),
            );
        }
        if let Some(region) = &self.bucket_region
            && !region.takes_reports()
        {
            let meant = near::did_you_mean(region.as_str(), REPORT_REGIONS);
            let example = "take for example us-east-1 or eu-west-1";
            found.push(match region.is_known() {
                true => format!(
                    "--bucket-region {region}: AWS delivers no Cost and Usage Report to a bucket there; {example}"
                ),
                false => format!("--bucket-region {region}: no AWS region is known by that name{meant}"),
            });
        }
        found
    }

    /// What a reused report says itself.
    fn said_twice(&self) -> Vec<String> {
        if self.reuse_report.is_none() {
            return Vec::new();
        }
        let given = [
            ("--report-name", self.report_name.is_some()),
            ("--bucket", self.bucket.is_some()),
            ("--bucket-region", self.bucket_region.is_some()),
            ("--prefix", self.prefix.is_some()),
        ];
        let twice = given.iter().filter(|(_, given)| *given);
        twice
            .map(|(flag, _)| format!("{flag}: leave it out with --reuse-report, which takes the report's own"))
            .collect()
    }
}

/// What the help of a command tells of the answers that it takes.
pub const WHAT_EACH_TAKES: &str = "says what each takes";

/// One usage error for many problems.
pub fn all_problems(problems: &[String]) -> Error {
    match problems {
        [one] => Error::usage(one.clone()),
        many => Error::usage(format!("{} answers cannot be used:\n  - {}", many.len(), many.join("\n  - "))),
    }
}

/// Names a given text the way the person gave it.
pub fn name_of(key: &str, source: &Source) -> String {
    match source {
        Source::Flag => fields::field(key).map_or_else(|| "--tag".to_owned(), |field| field.flag.to_owned()),
        Source::Environment(name) => (*name).to_owned(),
        Source::File(path, line) => format!("{}:{line}: {key}", path.display()),
        Source::Plan(path) => format!("{}: {key}", path.display()),
    }
}

struct Reader<'a> {
    raw: &'a Raw,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self) -> Answers {
        Answers {
            org_id: self.take("org_id"),
            api: self.take("api"),
            zone: self.take("zone"),
            api_url: self.take_with("api_url", addresses::parse_url),
            login_url: self.take_with("login_url", addresses::parse_url),
            access_token_file: self.take_with("access_token_file", path),
            refresh_token_file: self.take_with("refresh_token_file", path),
            bill_account_id: self.take("bill_account_id"),
            effective_from: self.take("effective_from"),
            bucket: self.take("bucket"),
            bucket_region: self.take("bucket_region"),
            prefix: self.take("prefix"),
            report_name: self.take("report_name"),
            reuse_report: self.take("reuse_report"),
            access: self.take("access"),
            policy_set: self.take("policy_set"),
            policy_name: self.take("policy_name"),
            role_name: self.take("role_name"),
            user_name: self.take("user_name"),
            external_id: self.take("external_id"),
            trusted_principal: self.take("trusted_principal"),
            session_name: self.take("session_name"),
            access_key_file: self.take_with("access_key_file", path),
            profile: self.take_with("profile", profile),
            region: self.take("region"),
            endpoint_url: self.take_with("endpoint_url", addresses::parse_url),
            assume_role: self.take("assume_role"),
            tags: self.tags(),
        }
    }

    fn take<T: Parse>(&mut self, key: &'static str) -> Option<T> {
        self.take_with(key, T::parse)
    }

    fn take_with<T>(&mut self, key: &'static str, parse: impl Fn(&str) -> Result<T, Rule>) -> Option<T> {
        debug_assert!(FIELDS.iter().any(|field| field.key == key), "{key} stands in the table of fields");
        let given = self.raw.get(key)?;
        let parsed = if given.text.is_empty() {
            Err("the value is empty; leave it out or give one".to_owned())
        } else {
            parse(&given.text)
        };
        let told = if key.ends_with("_url") { addresses::told(&given.text) } else { given.text.clone() };
        parsed.map_err(|rule| self.problems.push(problem(&name_of(key, &given.source), &told, &rule))).ok()
    }

    fn tags(&mut self) -> Tags {
        let mut tags = Tags::default();
        for given in &self.raw.tags {
            if let Err(rule) = tags.add(&given.text) {
                self.problems.push(problem(&name_of(fields::TAGS, &given.source), &given.text, &rule));
            }
        }
        tags
    }
}

/// `--bucket "My_Bucket": a bucket name has …`, with what a terminal could misread made visible.
fn problem(name: &str, text: &str, rule: &str) -> String {
    format!("{name} {text:?}: {rule}")
}

fn path(text: &str) -> Result<PathBuf, Rule> {
    Ok(PathBuf::from(text))
}

fn profile(text: &str) -> Result<String, Rule> {
    let fits = !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err("a profile name has no control characters".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(pairs: &[(&'static str, &str)]) -> Raw {
        let mut raw = Raw::default();
        for (key, text) in pairs {
            raw.offer(key, Given { text: (*text).to_owned(), source: Source::Flag });
        }
        raw
    }

    fn message(pairs: &[(&'static str, &str)]) -> String {
        Answers::parse(&raw(pairs)).expect_err("these answers are wrong").message
    }

    #[test]
    fn every_field_can_be_given() {
        for field in FIELDS {
            let refused = Answers::parse(&raw(&[(field.key, "")])).expect_err("an empty value is an error");
            assert!(refused.message.contains(field.flag), "{} names its flag: {}", field.key, refused.message);
        }
    }

    #[test]
    fn all_problems_come_at_once() {
        let text = message(&[("org_id", "abc"), ("bucket", "UPPER"), ("bill_account_id", "1")]);
        for part in ["3 answers", "--org-id \"abc\"", "--bucket \"UPPER\"", "--bill-account-id \"1\"", "12 digits"] {
            assert!(text.contains(part), "{part} missing in: {text}");
        }
    }

    #[test]
    fn contradictions_name_the_way_out() {
        assert!(message(&[("zone", "eu")]).contains("add --api flexera-one"));
        assert!(message(&[("reuse_report", "r"), ("prefix", "p")]).contains("--prefix: leave it out"));
        assert!(message(&[("bucket_region", "il-central-1")]).contains("no Cost and Usage Report"));
        let unknown = message(&[("bucket_region", "us-esat-1")]);
        assert!(unknown.ends_with("no AWS region is known by that name; did you mean us-east-1?"), "{unknown}");
        assert!(message(&[("access_key_file", "k"), ("access", "role")]).contains("--access-key-file"));
    }

    #[test]
    fn the_first_source_wins() {
        let mut first = raw(&[("bucket", "from-flag")]);
        let mut file = Raw::default();
        file.offer("bucket", Given { text: "from-file".into(), source: Source::File("a.toml".into(), 3) });
        file.offer("prefix", Given { text: "/x".into(), source: Source::File("a.toml".into(), 4) });
        first.fill_from(file);
        assert_eq!(first.get("bucket").map(|given| given.text.as_str()), Some("from-flag"));
        let error = Answers::parse(&first).expect_err("the prefix is wrong");
        assert!(error.message.contains("a.toml:4: prefix"), "{}", error.message);
    }
}
