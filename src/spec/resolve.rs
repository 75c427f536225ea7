//! From answers and facts to the complete onboarding: defaults, and what the account's state rules out. Pure.

use std::fmt::Display;

use crate::aws::identity::{AccountKind, Caller};
use crate::aws::reports::Report;
use crate::error::{Error, Result};
use crate::spec::answers::Answers;
use crate::spec::names::{
    Access, AccountId, Api, BucketName, ExternalId, OrgId, Parse, Partition, PolicyName, Prefix, PrincipalArn, Region,
    ReportName, RoleName, SessionName, UserName, Zone,
};
use crate::spec::{Onboarding, ReportOrigin};

/// What was found out before any question: read-only, and only a source of defaults and refusals.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Who is calling.
    pub caller: Caller,
    /// Payer, member, standalone.
    pub account_kind: AccountKind,
    /// The AWS region in use.
    pub region: Region,
    /// Where the bucket that was asked for is, if it exists and may be seen.
    pub bucket_region: Option<Region>,
    /// The account's Cost and Usage Reports.
    pub reports: Vec<Report>,
}

/// An account and an organization to resolve with before anything is known. No document shows them: there stands what
/// [`crate::spec::unknown`] has, or what an export leaves open.
const PLACEHOLDER_ACCOUNT: &str = "111122223333";
const PLACEHOLDER_ORG: &str = "12345";

impl Facts {
    /// The facts as far as they go without asking more than who is calling; of nobody, only the region tells the partition.
    pub fn assumed(caller: Option<Caller>, region: Region) -> Self {
        let nobody = || Caller::of_account(or_default(None, PLACEHOLDER_ACCOUNT, AccountId::parse));
        let caller = caller.unwrap_or_else(|| Caller { partition: region.partition(), ..nobody() });
        Self { caller, account_kind: AccountKind::Payer, region, bucket_region: None, reports: Vec::new() }
    }
}

/// An organization to resolve with where none is known; see [`crate::spec::unknown`] for what is shown in its place.
pub fn placeholder_org() -> Option<OrgId> {
    OrgId::parse(PLACEHOLDER_ORG).ok()
}

/// Makes the complete onboarding.
///
/// # Errors
/// A usage error for what is missing; a refusal for a partition or a report that cannot be used.
pub fn resolve(answers: &Answers, facts: &Facts) -> Result<Onboarding> {
    let org_id = answers.org_id.clone().ok_or_else(|| missing(&["--org-id"]))?;
    check_partition(answers, facts.caller.partition)?;
    let place = place(answers, facts, &org_id)?;
    let api = answers.api.unwrap_or_default();
    let zone = answers.zone.unwrap_or_default();
    Ok(Onboarding {
        external_id: external_id(answers, &org_id)?,
        account_id: facts.caller.account.clone(),
        payer: match &facts.account_kind {
            AccountKind::Member(payer) => Some(payer.clone()),
            AccountKind::Payer | AccountKind::Standalone | AccountKind::Unknown(_) => None,
        },
        partition: facts.caller.partition,
        api,
        zone,
        access: answers.access.unwrap_or_default(),
        bucket: place.bucket,
        bucket_region: place.region,
        bucket_key: None,
        prefix: place.prefix,
        report_name: place.report_name,
        report_origin: place.origin,
        policy_name: or_default(answers.policy_name.clone(), "FlexeraOptimaAccessPolicy", PolicyName::parse),
        policy_set: answers.policy_set.unwrap_or_default(),
        role_name: or_default(answers.role_name.clone(), "FlexeraOptimaAccessRole", RoleName::parse),
        user_name: or_default(answers.user_name.clone(), "FlexeraOptimaAccessUser", UserName::parse),
        trusted_principal: or_default(answers.trusted_principal.clone(), flexera_principal(zone), PrincipalArn::parse),
        session_name: session_name(answers, api),
        effective_from: answers.effective_from.clone(),
        bill_account_id: answers.bill_account_id.clone().unwrap_or_else(|| facts.caller.account.clone()),
        access_key_file: answers.access_key_file.clone(),
        tags: answers.tags.clone(),
        org_id,
    })
}

/// One usage error that names every missing flag. The wizard asks for a whole onboarding only: who wants one adds it.
pub fn missing(flags: &[&str]) -> Error {
    let plural = if flags.len() == 1 { "answer is" } else { "answers are" };
    Error::usage(format!("{} {plural} missing: {}", flags.len(), flags.join(", "))).see_help("says how each is given")
}

/// Flexera's principal in each zone.
/// Source: the CloudFormation template for the bill connect's role in github.com/flexera-public/cmp-onboarding.
pub fn flexera_principal(zone: Zone) -> &'static str {
    match zone {
        Zone::Nam => "arn:aws:iam::451234325714:role/production_customer_access",
        Zone::Eu => "arn:aws:iam::451234325714:role/production_eu_customer_access",
        Zone::Apac => "arn:aws:iam::451234325714:role/production_apac_customer_access",
    }
}

/// The default bucket name: unique by account and organization, 63 characters at most by the types of both.
pub fn default_bucket(account: &impl Display, org: &impl Display) -> String {
    format!("flexera-optima-{account}-{org}")
}

struct Place {
    bucket: BucketName,
    region: Region,
    prefix: Prefix,
    report_name: ReportName,
    origin: ReportOrigin,
}

fn place(answers: &Answers, facts: &Facts, org: &OrgId) -> Result<Place> {
    if let Some(name) = &answers.reuse_report {
        return reused_place(name, facts);
    }
    let region =
        answers.bucket_region.clone().or_else(|| facts.bucket_region.clone()).unwrap_or_else(|| facts.region.clone());
    let (there, account) = (region.partition(), facts.caller.partition);
    if there != account {
        let example = if account == Partition::AwsCn { "cn-north-1" } else { "us-east-1" };
        return Err(Error::usage(format!(
            "the region {region} is in the partition {there}, and the account in {account}"
        ))
        .because("an account has buckets in its own partition only")
        .remedy(format!("add --bucket-region, for example --bucket-region {example}")));
    }
    if !region.takes_reports() {
        return Err(Error::usage(format!(
            "the AWS region {region} has no buckets that a Cost and Usage Report can be delivered to"
        ))
        .remedy("add --bucket-region, for example --bucket-region us-east-1"));
    }
    Ok(Place {
        bucket: or_default(answers.bucket.clone(), &default_bucket(&facts.caller.account, org), BucketName::parse),
        region,
        prefix: or_default(answers.prefix.clone(), "billing", Prefix::parse),
        report_name: or_default(answers.report_name.clone(), "flexera-optima", ReportName::parse),
        origin: ReportOrigin::Made,
    })
}

fn reused_place(name: &ReportName, facts: &Facts) -> Result<Place> {
    let Some(report) = facts.reports.iter().find(|report| report.name == name.as_str()) else {
        let names: Vec<&str> = facts.reports.iter().map(|report| report.name.as_str()).collect();
        let existing =
            if names.is_empty() { "there is none".to_owned() } else { format!("there are: {}", names.join(", ")) };
        return Err(Error::refused(format!("no Cost and Usage Report is called {name}"))
            .because(existing)
            .remedy("leave --reuse-report out, and one is made"));
    };
    let unusable = |what: &str, rule: String| {
        Error::refused(format!("the report {name} cannot be used: its {what} does not fit"))
            .because(rule)
            .remedy("leave --reuse-report out, and a report that fits is made beside it")
    };
    Ok(Place {
        bucket: BucketName::parse(&report.bucket).map_err(|rule| unusable("bucket", rule))?,
        region: Region::parse(&report.region).map_err(|rule| unusable("region", rule))?,
        prefix: Prefix::of_existing_report(&report.prefix).map_err(|rule| unusable("prefix", rule))?,
        report_name: name.clone(),
        origin: ReportOrigin::Reused,
    })
}

/// Refuses a partition through which there is no way with these answers. A region tells the partition as well as a caller
/// does: credentials of one are none in another.
///
/// # Errors
/// A refusal with the way there is.
pub fn check_partition(answers: &Answers, partition: Partition) -> Result<()> {
    match partition {
        Partition::Aws => Ok(()),
        Partition::AwsUsGov => Err(Error::refused("AWS GovCloud (US) cannot be connected: it has no bill of its own")
            .because("AWS bills GovCloud through the commercial account it is linked to, and a role cannot be trusted across the two")
            .remedy("use credentials and a region of the linked commercial payer account")),
        Partition::AwsCn if answers.access == Some(Access::User) && answers.api == Some(Api::FlexeraOne) => Ok(()),
        Partition::AwsCn => Err(Error::refused("AWS China can be connected only with an IAM user, through the flexera-one API")
            .because("a role in China cannot trust Flexera's account, which is in commercial AWS")
            .remedy("add --access user --api flexera-one")),
    }
}

/// The external id: as given, else the organization's id, where that keeps the rule of one.
///
/// # Errors
/// A usage error when it does not.
pub fn external_id(answers: &Answers, org: &OrgId) -> Result<ExternalId> {
    match &answers.external_id {
        Some(id) => Ok(id.clone()),
        None => ExternalId::parse(org.as_str()).map_err(|rule| {
            Error::usage(format!("the organization id {org} cannot be the external id: {rule}"))
                .remedy("add --external-id")
        }),
    }
}

/// The newer API needs a session name and says it defaults to this one; the older sends it only if given.
fn session_name(answers: &Answers, api: Api) -> Option<SessionName> {
    match (&answers.session_name, api) {
        (Some(name), _) => Some(name.clone()),
        (None, Api::FlexeraOne) => Some(or_default(None, "flexera-finops", SessionName::parse)),
        (None, Api::Optima) => None,
    }
}

fn or_default<T>(given: Option<T>, default: &str, parse: impl Fn(&str) -> std::result::Result<T, String>) -> T {
    given.unwrap_or_else(|| parse(default).expect("defaults keep the rules of their types, which a test checks"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::spec::answers::{Given, Raw, Source};
    use crate::spec::names::AccountId;

    fn answers(pairs: &[(&'static str, &str)]) -> Answers {
        let mut raw = Raw::default();
        for (key, text) in pairs {
            raw.offer(key, Given { text: (*text).to_owned(), source: Source::Flag });
        }
        Answers::parse(&raw).expect("valid answers")
    }

    fn facts(partition: Partition) -> Facts {
        Facts {
            caller: Caller {
                account: AccountId::parse("123456789012").expect("an account"),
                arn: "arn:aws:iam::123456789012:user/admin".into(),
                partition,
            },
            account_kind: AccountKind::Payer,
            region: Region::parse("eu-west-1").expect("a region"),
            bucket_region: None,
            reports: Vec::new(),
        }
    }

    #[test]
    fn defaults_are_complete_and_valid() {
        let one = resolve(&answers(&[("org_id", "12345")]), &facts(Partition::Aws)).expect("defaults do");
        assert_eq!(one.bucket.as_str(), "flexera-optima-123456789012-12345");
        assert_eq!((one.bucket_region.as_str(), one.external_id.as_str()), ("eu-west-1", "12345"));
        assert_eq!(one.trusted_principal.as_str(), "arn:aws:iam::451234325714:role/production_customer_access");
        assert_eq!(one.role_arn(), "arn:aws:iam::123456789012:role/FlexeraOptimaAccessRole");
        assert_eq!(one.session_name, None, "optima sends a session name only if one was given");
    }

    #[test]
    fn the_longest_organization_still_makes_a_bucket_name() {
        let one = resolve(&answers(&[("org_id", "999999999999999999")]), &facts(Partition::Aws)).expect("fits");
        assert!(one.bucket.as_str().len() <= 63);
    }

    #[test]
    fn the_zone_decides_whom_to_trust() {
        for (zone, role) in [
            ("nam", "production_customer_access"),
            ("eu", "production_eu_customer_access"),
            ("apac", "production_apac_customer_access"),
        ] {
            let one = resolve(
                &answers(&[("org_id", "12345"), ("api", "flexera-one"), ("zone", zone)]),
                &facts(Partition::Aws),
            )
            .expect("valid");
            assert!(one.trusted_principal.as_str().ends_with(&format!("/{role}")));
            assert_eq!(one.session_name.as_ref().map(SessionName::as_str), Some("flexera-finops"));
        }
    }

    #[test]
    fn partitions_without_a_way_are_refused_with_the_way() {
        let gov = resolve(&answers(&[("org_id", "12345")]), &facts(Partition::AwsUsGov)).expect_err("no GovCloud");
        assert_eq!(gov.kind, Kind::Refused);
        let china = resolve(&answers(&[("org_id", "12345")]), &facts(Partition::AwsCn)).expect_err("no role in China");
        assert!(china.remedy.is_some_and(|remedy| remedy.contains("--access user --api flexera-one")));
        let user = answers(&[("org_id", "12345"), ("access", "user"), ("api", "flexera-one")]);
        let abroad = resolve(&user, &facts(Partition::AwsCn)).expect_err("no bucket in commercial AWS");
        assert!(abroad.remedy.is_some_and(|remedy| remedy.contains("--bucket-region cn-north-1")));
        let there = Answers { bucket_region: Region::parse("cn-north-1").ok(), ..user };
        assert!(resolve(&there, &facts(Partition::AwsCn)).is_ok());
        let abroad = answers(&[("org_id", "12345"), ("bucket_region", "cn-north-1")]);
        let abroad = resolve(&abroad, &facts(Partition::Aws)).expect_err("no bucket in China");
        assert!(abroad.remedy.is_some_and(|remedy| remedy.contains("--bucket-region us-east-1")));
    }

    #[test]
    fn a_one_digit_organization_needs_an_external_id() {
        let error = resolve(&answers(&[("org_id", "7")]), &facts(Partition::Aws)).expect_err("too short for STS");
        assert_eq!((error.kind, error.remedy.as_deref()), (Kind::Usage, Some("add --external-id")));
    }
}
