//! The embedded worlds of a run with `--sandbox`: started with it, answering every question that was left open.

use crate::addresses;
use crate::error::{Error, Result};
use crate::onboarding::Credential;
use crate::sandbox::{Accounts, FOREIGN_KEY_PREFIX, Options, Sandbox};
use crate::secret::Secret;
use crate::spec::answers::{Answers, Raw, Source, name_of};
use crate::spec::names::{AccountId, OrgId, Parse, Partition, Region};

/// The embedded AWS and onboarding API of a run with `--sandbox`.
pub(super) struct Embedded(Sandbox);

/// How what has no place goes.
enum Out {
    /// It was typed, or stands in a file.
    Left,
    /// It is a variable of the environment.
    Unset,
}

impl Embedded {
    /// Of the partition that the rehearsal is for.
    pub(super) fn start(partition: Partition) -> Result<Self> {
        let all = Options { accounts: Accounts::All, partition, ..Options::default() };
        Sandbox::start(all).map(Self).map_err(|error| {
            Error::failed("the sandbox could not start on this machine")
                .because(error.to_string())
                .remedy("let this program listen on 127.0.0.1, or leave --sandbox out")
        })
    }

    /// In the sandbox every answer has a default; an address of the outside world has no place there, and nobody's profile.
    pub(super) fn answer(&self, answers: &mut Answers, credential: &mut Option<Credential>, raw: &Raw) -> Result<()> {
        let given = [
            ("endpoint_url", answers.endpoint_url.is_some()),
            ("api_url", answers.api_url.is_some()),
            ("login_url", answers.login_url.is_some()),
            ("profile", answers.profile.is_some()),
        ];
        // Named as it was given: whoever set a variable an hour ago typed no flag.
        let named = given.map(|(key, given)| {
            let source = raw.get(key).map_or(Source::Flag, |given| given.source.clone());
            let by_variable = matches!(source, Source::Environment(_));
            (name_of(key, &source), if by_variable { Out::Unset } else { Out::Left }, given)
        });
        Self::has_no_place(&named)?;
        self.fill(answers, credential);
        Ok(())
    }

    /// As [`Self::answer`] for one of many: a profile stands for an account of its own, so that a file is rehearsed as it is.
    pub(super) fn answer_of_many(&self, answers: &mut Answers, credential: &mut Option<Credential>) -> Result<()> {
        let given = [
            ("endpoint_url".to_owned(), Out::Left, answers.endpoint_url.is_some()),
            ("api_url".to_owned(), Out::Left, answers.api_url.is_some()),
            ("login_url".to_owned(), Out::Left, answers.login_url.is_some()),
        ];
        Self::has_no_place(&given)?;
        self.fill(answers, credential);
        Ok(())
    }

    fn has_no_place(given: &[(String, Out, bool)]) -> Result<()> {
        let Some((name, out, _)) = given.iter().find(|(_, _, given)| *given) else { return Ok(()) };
        let way = match out {
            Out::Left => format!("leave {name} out"),
            Out::Unset => format!("unset {name}"),
        };
        let words = format!("{name} has no place beside --sandbox, which brings its own AWS and onboarding API");
        Err(Error::usage(words).remedy(format!("{way}, or leave --sandbox out")))
    }

    fn fill(&self, answers: &mut Answers, credential: &mut Option<Credential>) {
        let parse = |url: String| addresses::parse_url(&url).expect("the sandbox listens at an address of loopback");
        answers.endpoint_url = Some(parse(self.0.aws_url()));
        answers.api_url = Some(parse(self.0.onboarding_url()));
        answers.login_url = Some(parse(self.0.login_url()));
        answers.region = answers.region.take().or_else(|| Some(Region::fallback()));
        // A real token has no place in a rehearsal either.
        *credential = Some(Credential::RefreshToken(Secret::new(crate::sandbox::REFRESH_TOKEN)));
    }

    pub(super) fn account(&self) -> AccountId {
        AccountId::parse(crate::sandbox::ACCOUNT_ID)
            .expect("the sandbox's account has twelve digits, which its tests check")
    }

    pub(super) fn organization(&self) -> OrgId {
        OrgId::parse(crate::sandbox::ORG_ID).expect("the sandbox's organization keeps the rule, which its tests check")
    }

    /// The administrator's: of the sandbox's own account, or of the one that a profile stands for.
    pub(super) fn aws_credentials(&self, profile: Option<&str>) -> (String, Secret) {
        let key_id = match profile {
            None => crate::sandbox::ACCESS_KEY_ID.to_owned(),
            Some(profile) => format!("{FOREIGN_KEY_PREFIX}{}", account_of(profile)),
        };
        (key_id, Secret::new(crate::sandbox::SECRET_ACCESS_KEY))
    }
}

/// Twelve digits from a name, the same in every run.
fn account_of(profile: &str) -> String {
    // FNV-1a: short, and it spreads names that differ in one letter.
    let hash = profile
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:012}", 200_000_000_000 + hash % 700_000_000_000)
}
