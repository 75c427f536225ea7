//! The embedded worlds of a run with `--sandbox`: started with it, answering every question that was left open.

use crate::addresses;
use crate::error::{Error, Result};
use crate::onboarding::Credential;
use crate::sandbox::{Accounts, FOREIGN_KEY_PREFIX, Options, Sandbox};
use crate::secret::Secret;
use crate::spec::answers::{Answers, Raw, Source, name_of};
use crate::spec::names::{AccountId, OrgId, Parse, Partition, Region};

/// Answers that are addresses.
const ADDRESSES: &[&str] = &["endpoint_url", "api_url", "login_url"];

/// The embedded AWS and onboarding API of a run with `--sandbox`.
pub(super) struct Embedded(Sandbox);

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
    pub(super) fn answer(&self, raw: &Raw, answers: &mut Answers, credential: &mut Option<Credential>) -> Result<()> {
        Self::has_no_place(raw, &[ADDRESSES, &["profile"]].concat())?;
        self.fill(answers, credential);
        Ok(())
    }

    /// As [`Self::answer`] for one of many: a profile stands for an account of its own, so that a file is rehearsed as it is.
    pub(super) fn answer_of_many(
        &self,
        raw: &Raw,
        answers: &mut Answers,
        credential: &mut Option<Credential>,
    ) -> Result<()> {
        Self::has_no_place(raw, ADDRESSES)?;
        self.fill(answers, credential);
        Ok(())
    }

    fn has_no_place(raw: &Raw, keys: &[&'static str]) -> Result<()> {
        let found = keys.iter().find_map(|key| Some((*key, &raw.get(key)?.source)));
        let Some((key, source)) = found else { return Ok(()) };
        let name = name_of(key, source);
        let leave = match source {
            Source::Environment(_) => format!("unset {name}"),
            Source::Flag => format!("leave {name} out"),
            Source::File(..) | Source::Plan(_) => format!("leave {key} out there"),
        };
        Err(Error::usage(format!("{name} has no place beside --sandbox, which brings its own AWS and onboarding API"))
            .remedy(format!("{leave}, or leave --sandbox out")))
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
