//! The embedded worlds of a run with `--sandbox`: started with it, answering every question that was left open.

use crate::error::{Error, Result};
use crate::onboarding::{Credential, addresses as flexera};
use crate::secret::Secret;
use crate::spec::answers::Answers;
use crate::spec::names::{AccountId, OrgId, Parse, Region};

/// The embedded AWS and onboarding API of a run with `--sandbox`.
pub(super) struct Embedded(crate::sandbox::Sandbox);

impl Embedded {
    pub(super) fn start() -> Result<Self> {
        crate::sandbox::Sandbox::start(crate::sandbox::Options::default())
            .map(Self)
            .map_err(|error| Error::failed("the sandbox could not start on this machine").because(error.to_string()))
    }

    /// In the sandbox every answer has a default; an address of the outside world has no place there.
    pub(super) fn answer(&self, answers: &mut Answers, credential: &mut Option<Credential>) -> Result<()> {
        let given = [
            ("--endpoint-url", answers.endpoint_url.is_some()),
            ("--api-url", answers.api_url.is_some()),
            ("--login-url", answers.login_url.is_some()),
            ("--profile", answers.profile.is_some()),
        ];
        if let Some((flag, _)) = given.iter().find(|(_, given)| *given) {
            return Err(Error::usage(format!(
                "{flag} has no place beside --sandbox, which brings its own AWS and onboarding API"
            ))
            .remedy(format!("leave {flag} out, or leave --sandbox out")));
        }
        let parse = |url: String| {
            flexera::parse_url(&url)
                .map_err(|rule| Error::failed("the sandbox's own address is unusable").because(rule))
        };
        answers.endpoint_url = Some(parse(self.0.aws_url())?);
        answers.api_url = Some(parse(self.0.onboarding_url())?);
        answers.login_url = Some(parse(self.0.login_url())?);
        answers.region = answers.region.take().or_else(|| Region::parse("us-east-1").ok());
        // A real token has no place in a rehearsal either.
        *credential = Some(Credential::RefreshToken(Secret::new(crate::sandbox::REFRESH_TOKEN)));
        Ok(())
    }

    pub(super) fn account(&self) -> AccountId {
        AccountId::parse(crate::sandbox::ACCOUNT_ID)
            .expect("the sandbox's account has twelve digits, which its tests check")
    }

    pub(super) fn organization(&self) -> OrgId {
        OrgId::parse(crate::sandbox::ORG_ID).expect("the sandbox's organization keeps the rule, which its tests check")
    }

    pub(super) fn aws_credentials(&self) -> (String, Secret) {
        (crate::sandbox::ACCESS_KEY_ID.to_owned(), Secret::new(crate::sandbox::SECRET_ACCESS_KEY))
    }
}
