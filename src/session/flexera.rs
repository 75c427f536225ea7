//! Flexera's side of a session: where its APIs are, and how they are asked.

use std::time::Duration;

use url::Url;

use super::Session;
use crate::error::{Error, Result};
use crate::onboarding::{Credential, Settings, addresses};
use crate::spec::answers::WHAT_EACH_TAKES;
use crate::spec::names::OrgId;

/// The bound for one request to the onboarding API: creating a bill connect makes it look at the bucket.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

impl Session {
    /// The token endpoint counts only where a token is exchanged.
    pub(super) fn flexera_addresses(&self) -> Result<Vec<Url>> {
        let mut addresses = vec![self.api_url()?];
        if self.exchanges_token() {
            addresses.push(self.login_url());
        }
        Ok(addresses)
    }

    /// Whether the credential has to be exchanged for a token first.
    pub(super) fn exchanges_token(&self) -> bool {
        !matches!(self.credential, None | Some(Credential::AccessToken(_)))
    }

    /// The token endpoint.
    pub fn login_url(&self) -> Url {
        let zone = self.answers.zone.unwrap_or_default();
        self.answers.login_url.clone().unwrap_or_else(|| addresses::default_login_url(zone))
    }

    pub(super) fn api_settings(&self, credential: Credential, org: OrgId) -> Result<Settings> {
        let api = self.answers.api.unwrap_or_default();
        Ok(Settings {
            api,
            org,
            base: self.api_url()?,
            login: self.login_url(),
            credential,
            request_timeout: self.request_timeout(),
        })
    }

    /// The bound for one request to the onboarding API or the token endpoint.
    pub fn request_timeout(&self) -> Duration {
        self.request_timeout.unwrap_or(REQUEST_TIMEOUT)
    }

    fn api_url(&self) -> Result<Url> {
        let (api, zone) = (self.answers.api.unwrap_or_default(), self.answers.zone.unwrap_or_default());
        match &self.answers.api_url {
            Some(url) => Ok(url.clone()),
            None => addresses::default_api_url(api, zone).map_err(|rule| Error::usage(rule).see_help(WHAT_EACH_TAKES)),
        }
    }
}
