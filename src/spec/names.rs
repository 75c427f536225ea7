//! The names that parse: each is a type of its own, and holding one means that AWS's or Flexera's rule was kept.
//! A rule that is broken comes back as a sentence; who asked (flag, variable, file, question) adds its own name.

mod cities;
mod org_id;
mod regions;

use std::fmt;

use serde::Serialize;

use crate::spec::near::did_you_mean;

pub use cities::regions_and_cities;
pub use regions::{FALLBACK_REGION, REPORT_REGIONS};

/// A sentence that says which rule a value broke.
pub type Rule = String;

/// Something that a person types and that becomes a type of its own.
pub trait Parse: Sized {
    /// Takes the value, or says which rule it breaks.
    fn parse(text: &str) -> Result<Self, Rule>;
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $type(String);

        impl $type {
            /// The text as AWS or Flexera spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Parse for $type {
            fn parse(text: &str) -> Result<Self, Rule> {
                let check: fn(&str) -> Result<(), Rule> = $check;
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A Flexera organization: the number in `https://app.flexera.com/orgs/<id>/`.
    OrgId,
    |text| {
        ensure(org_id::fits(text), "a Flexera organization id is digits only, without a leading zero, as in https://app.flexera.com/orgs/<id>/")
            .map_err(|rule| OrgId::in_address(text).map_or(rule.clone(), |id| format!("{rule}; did you mean {id}?")))
    }
);

name!(
    /// An AWS account: twelve digits.
    AccountId,
    |text| ensure(text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()), "an AWS account id has exactly 12 digits")
);

name!(
    /// An S3 general purpose bucket's name.
    /// Rules: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    BucketName,
    check_bucket
);

name!(
    /// The path under which AWS writes the report, and the bill connect's bucket path: no slash at either end,
    /// because AWS puts its own between prefix and report name and two in a row would become part of the key.
    Prefix,
    |text| {
        check_chars(text, "a report prefix", 256, "!-_.*'()/")?;
        ensure(!text.starts_with('/') && !text.ends_with('/') && !text.contains("//"), "a report prefix has no slash at its start or end, and none twice in a row")
    }
);

impl Prefix {
    /// Takes the prefix of a report that exists: what AWS accepted once is right, a trailing slash too,
    /// but Flexera needs one that is not empty.
    pub fn of_existing_report(text: &str) -> Result<Self, Rule> {
        check_chars(text, "a report prefix", 256, "!-_.*'()/").map(|()| Self(text.to_owned()))
    }
}

name!(
    /// A Cost and Usage Report's name.
    ReportName,
    |text| check_chars(text, "a report name", 256, "!-_.*'()")
);

name!(
    /// A customer managed policy's name.
    PolicyName,
    |text| check_chars(text, "a policy name", 128, "_+=,.@-")
);

name!(
    /// An IAM role's name.
    RoleName,
    |text| check_chars(text, "a role name", 64, "_+=,.@-")
);

name!(
    /// An IAM user's name.
    UserName,
    |text| check_chars(text, "a user name", 64, "_+=,.@-")
);

name!(
    /// The external id in the role's trust; STS's rule, 2 to 1224 characters.
    ExternalId,
    |text| {
        check_chars(text, "an external id", 1224, "_+=,.@:/-")?;
        ensure(text.len() >= 2, "an external id has at least 2 characters (a rule of AWS STS)")
    }
);

name!(
    /// The session name Flexera uses when it assumes the role; STS's rule, 2 to 64 characters.
    SessionName,
    |text| {
        check_chars(text, "a role session name", 64, "_+=,.@-")?;
        ensure(text.len() >= 2, "a role session name has at least 2 characters (a rule of AWS STS)")
    }
);

name!(
    /// The earliest bill month, `YYYY-MM`, from 2000 to 2099 as the onboarding API has it.
    BillMonth,
    |text| {
        let (year, month) = text.split_once('-').unwrap_or_default();
        let year_fits = year.len() == 4 && year.starts_with("20") && year.bytes().all(|b| b.is_ascii_digit());
        let month_fits = month.len() == 2 && month.bytes().all(|b| b.is_ascii_digit()) && month.parse::<u8>().is_ok_and(|m| (1..=12).contains(&m));
        ensure(year_fits && month_fits, "a bill month is written YYYY-MM, for example 2026-01")
    }
);

name!(
    /// An AWS region's code.
    Region,
    |text| {
        let parts: Vec<&str> = text.split('-').collect();
        let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        let fits = parts.len() >= 3
            && parts[..parts.len() - 1].iter().all(letters)
            && parts.last().is_some_and(|n| n.len() <= 2 && n.parse::<u8>().is_ok_and(|n| n > 0));
        let meant = || did_you_mean(text, REPORT_REGIONS);
        if fits && text.len() <= 32 {
            Ok(())
        } else {
            Err(format!("an AWS region is written like us-east-1 or eu-central-1{}", meant()))
        }
    }
);

name!(
    /// Whom the role trusts: an IAM role, user or account root as an ARN.
    PrincipalArn,
    |text| check_iam_arn(text, &["role/", "user/", "root"], "a trusted principal is an ARN like arn:aws:iam::451234325714:role/production_customer_access")
);

name!(
    /// A role to act as.
    RoleArn,
    |text| check_iam_arn(text, &["role/"], "a role to assume is an ARN like arn:aws:iam::123456789012:role/Name")
);

impl PrincipalArn {
    /// The AWS account in it.
    pub fn account(&self) -> &str {
        account_in(&self.0)
    }
}

impl RoleArn {
    /// The AWS account in it.
    pub fn account(&self) -> &str {
        account_in(&self.0)
    }
}

/// The fifth part of an ARN, which [`check_iam_arn`] has seen to be an account's id.
fn account_in(iam_arn: &str) -> &str {
    iam_arn.split(':').nth(4).unwrap_or_default()
}

fn ensure(holds: bool, rule: &str) -> Result<(), Rule> {
    if holds { Ok(()) } else { Err(rule.to_owned()) }
}

/// Letters, digits and `extra`, 1 to `longest` characters, ASCII as AWS means its `\w`.
fn check_chars(text: &str, what: &str, longest: usize, extra: &str) -> Result<(), Rule> {
    let fits = |c: char| c.is_ascii_alphanumeric() || extra.contains(c);
    ensure(!text.is_empty(), &format!("{what} is not empty"))?;
    ensure(text.chars().count() <= longest, &format!("{what} has at most {longest} characters"))?;
    ensure(text.chars().all(fits), &format!("{what} has letters, digits and {} only", spaced(extra)))
}

fn spaced(chars: &str) -> String {
    chars.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

fn check_bucket(text: &str) -> Result<(), Rule> {
    let end_fits = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    ensure((3..=63).contains(&text.len()), "a bucket name has 3 to 63 characters")?;
    ensure(
        text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.'),
        "a bucket name has lowercase letters, digits, dots and hyphens only",
    )?;
    ensure(
        end_fits(text.bytes().next()) && end_fits(text.bytes().last()),
        "a bucket name starts and ends with a letter or digit",
    )?;
    ensure(!text.contains(".."), "a bucket name has no two dots in a row")?;
    ensure(text.parse::<std::net::Ipv4Addr>().is_err(), "a bucket name is not written like an IP address")?;
    for start in ["xn--", "sthree-", "amzn-s3-demo-"] {
        ensure(!text.starts_with(start), &format!("AWS keeps bucket names that start with {start} to itself"))?;
    }
    for end in ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"] {
        ensure(!text.ends_with(end), &format!("AWS keeps bucket names that end with {end} to itself"))?;
    }
    let regional = text.strip_suffix("-an").is_none_or(is_account_regional);
    ensure(regional, "a bucket name ends with -an only after an account id and a region (account-regional namespace)")
}

/// `<prefix>-<account>-<region>`, as buckets of an account's own regional namespace are named.
fn is_account_regional(stem: &str) -> bool {
    let parts: Vec<&str> = stem.split('-').collect();
    (1..parts.len()).any(|i| AccountId::parse(parts[i]).is_ok() && Region::parse(&parts[i + 1..].join("-")).is_ok())
}

fn check_iam_arn(text: &str, resources: &[&str], rule: &str) -> Result<(), Rule> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts[..] else { return Err(rule.to_owned()) };
    let resource_fits = resources.iter().any(|kind| match kind.strip_suffix('/') {
        Some(_) => resource
            .strip_prefix(kind)
            .is_some_and(|name| check_chars(name, "", 576, "_+=,.@-/").is_ok() && !name.ends_with('/')),
        None => resource == *kind,
    });
    let fits = arn == "arn"
        && Partition::parse(partition).is_ok()
        && service == "iam"
        && region.is_empty()
        && AccountId::parse(account).is_ok()
        && resource_fits;
    ensure(fits, rule)
}

macro_rules! choice {
    ($(#[$doc:meta])* $type:ident, $what:literal, { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        pub enum $type { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $type {
            /// Every value, in the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Every value as it is written, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($text),+];

            /// The word as it is written on the command line.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl Parse for $type {
            fn parse(text: &str) -> Result<Self, Rule> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => {
                        let meant = did_you_mean(text, Self::WORDS.iter().copied());
                        Err(format!("{} is one of {}{meant}", $what, Self::WORDS.join(", ")))
                    }
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

choice!(
    /// Which generation of the onboarding API.
    #[derive(Default)]
    Api, "an onboarding API", {
    /// `https://onboarding.rightscale.com`, the one of Flexera's role-based onboarding document.
    #[default]
    Optima = "optima",
    /// `https://api.flexera.{com,eu,au}`, the FinOps Onboarding API.
    FlexeraOne = "flexera-one",
});

choice!(
    /// Where the Flexera organization lives.
    #[derive(Default)]
    Zone, "a zone", {
    /// North America, app.flexera.com.
    #[default]
    Nam = "nam",
    /// Europe, app.flexera.eu.
    Eu = "eu",
    /// Asia-Pacific, app.flexera.au.
    Apac = "apac",
});

choice!(
    /// How Flexera gets in.
    #[derive(Default)]
    Access, "access", {
    /// A role that Flexera's account assumes.
    #[default]
    Role = "role",
    /// An IAM user with an access key.
    User = "user",
});

impl Access {
    /// Whether a person registers the bill connect at Flexera by hand: the optima API has no public request for an IAM
    /// user, so that the way ends with the user and its access key.
    pub fn is_registered_by_hand(self, api: Api) -> bool {
        (self, api) == (Self::User, Api::Optima)
    }
}

choice!(
    /// Which list of permissions Flexera gets.
    #[derive(Default)]
    PolicySet, "a policy set", {
    /// The list of the role-based onboarding document.
    #[default]
    Optima = "optima",
    /// Flexera's newer list for Cloud Cost, three Cost Explorer reads more.
    CloudCost = "cloud-cost",
});

choice!(
    /// The AWS partition an ARN begins with.
    Partition, "a partition", {
    /// Commercial AWS.
    Aws = "aws",
    /// AWS China.
    AwsCn = "aws-cn",
    /// AWS GovCloud (US).
    AwsUsGov = "aws-us-gov",
});

#[cfg(test)]
mod tests;
