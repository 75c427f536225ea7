//! The answers that a plan holds: all that make the onboarding, so that only the credentials have to be given again.

use serde_json::Value;

use super::{Document, MAKES_A_NEW_ONE};
use crate::aws::identity::{AccountKind, Caller};
use crate::aws::reports::Report;
use crate::error::{Error, Result};
use crate::spec::answers::{Answers, Given, Raw, Source, all_problems, name_of};
use crate::spec::names::{AccountId, Parse, Partition, Region};
use crate::spec::{self, Facts, Onboarding};

/// The answers that a plan holds under their own names.
pub(super) const HELD: [&str; 18] = [
    "org_id",
    "api",
    "zone",
    "bill_account_id",
    "effective_from",
    "bucket",
    "bucket_region",
    "prefix",
    "report_name",
    "access",
    "policy_set",
    "policy_name",
    "role_name",
    "user_name",
    "external_id",
    "trusted_principal",
    "session_name",
    "access_key_file",
];
/// The one that a plan holds as where its report comes from.
pub(super) const REUSED: &str = "reuse_report";
/// What an existing report says itself.
const OF_THE_REPORT: [&str; 4] = ["report_name", "bucket", "bucket_region", "prefix"];

impl Document {
    /// The plan's answers, and from `given` what a plan leaves open: whose credentials, and where the services are.
    ///
    /// # Errors
    /// One usage error for all that was given otherwise than the plan has it.
    pub fn answers_over(&self, mut given: Raw) -> Result<Raw> {
        let problems = self.contradictions(&given);
        if !problems.is_empty() {
            return Err(all_problems(&problems)
                .remedy("leave out what the plan says itself, or make a new plan with these answers"));
        }
        HELD.iter().chain(&[REUSED]).for_each(|key| given.forget(key));
        given.tags.clear();
        let mut raw = self.answers();
        raw.fill_from(given);
        Ok(raw)
    }

    /// The onboarding, from the document alone.
    ///
    /// # Errors
    /// A usage error when the document holds what no plan of this program does.
    pub fn onboarding(&self) -> Result<Onboarding> {
        let (answers, facts) = (Answers::parse(&self.answers())?, self.facts()?);
        let onboarding = spec::resolve(&answers, &facts)?;
        Ok(onboarding.encrypted_with(self.text("bucket_key").as_deref()))
    }

    /// The answers, with the document as their source.
    pub fn answers(&self) -> Raw {
        let source = || Source::Plan(self.file.clone());
        let mut raw = Raw::default();
        for key in HELD.iter().filter(|key| !self.is_reused() || !OF_THE_REPORT.contains(key)).chain(&[REUSED]) {
            if let Some(text) = self.held(key) {
                raw.offer(key, Given { text, source: source() });
            }
        }
        raw.tags = self.tags().into_iter().map(|text| Given { text, source: source() }).collect();
        raw
    }

    /// What the document says about the world that the onboarding was made from.
    ///
    /// # Errors
    /// As [`Document::onboarding`].
    pub fn facts(&self) -> Result<Facts> {
        let account = AccountId::parse(&self.text("account_id").unwrap_or_default());
        let partition = Partition::parse(&self.text("partition").unwrap_or_default());
        let region = Region::parse(&self.text("bucket_region").unwrap_or_default());
        let (account, partition, region) = match (account, partition, region) {
            (Ok(account), Ok(partition), Ok(region)) => (account, partition, region),
            (account, partition, region) => {
                let rules = [account.err(), partition.err(), region.err()];
                return Err(Error::usage("the plan holds what no plan does")
                    .because(rules.into_iter().flatten().collect::<Vec<_>>().join("; "))
                    .remedy(MAKES_A_NEW_ONE));
            }
        };
        let text = |key| self.text(key).unwrap_or_default();
        let report = Report {
            name: text("report_name"),
            bucket: text("bucket"),
            prefix: text("prefix"),
            region: region.to_string(),
            ..Report::default()
        };
        Ok(Facts {
            caller: Caller { partition, ..Caller::of_account(account) },
            account_kind: self.payer().map_or(AccountKind::Payer, AccountKind::Member),
            region,
            bucket_region: None,
            reports: if self.is_reused() { vec![report] } else { Vec::new() },
        })
    }

    /// The account that pays for the plan's, where the plan is for a member account.
    pub fn payer(&self) -> Option<String> {
        self.text("payer_account_id")
    }

    fn contradictions(&self, given: &Raw) -> Vec<String> {
        let mut found: Vec<String> = HELD
            .iter()
            .chain(&[REUSED])
            .filter_map(|key| {
                let other = given.get(key)?;
                let held = self.held(key);
                (held.as_ref() != Some(&other.text)).then(|| {
                    let held = held.map_or("the plan has none".to_owned(), |held| format!("the plan has {held:?}"));
                    format!("{} {:?}: {held}", name_of(key, &other.source), other.text)
                })
            })
            .collect();
        let mut tags: Vec<&str> = given.tags.iter().map(|tag| tag.text.as_str()).collect();
        tags.sort_unstable();
        if !tags.is_empty() && tags != self.tags() {
            found.push(format!("--tag {:?}: the plan has {:?}", tags.join(" "), self.tags().join(" ")));
        }
        found
    }

    /// The text of an answer, if the plan has it.
    fn held(&self, key: &str) -> Option<String> {
        if key == REUSED {
            return if self.is_reused() { self.text("report_name") } else { None };
        }
        self.text(key)
    }

    fn is_reused(&self) -> bool {
        self.text("report_origin").as_deref() == Some("reused")
    }

    fn text(&self, key: &str) -> Option<String> {
        self.onboarding.get(key).and_then(Value::as_str).map(str::to_owned)
    }

    /// `KEY=VALUE` each, sorted.
    fn tags(&self) -> Vec<String> {
        let tags = self.onboarding.get("tags").and_then(Value::as_object);
        let text = |(key, value): (&String, &Value)| Some(format!("{key}={}", value.as_str()?));
        let mut tags: Vec<String> = tags.into_iter().flatten().filter_map(text).collect();
        tags.sort_unstable();
        tags
    }
}
