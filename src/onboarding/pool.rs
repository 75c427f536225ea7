//! What the clients of one run share: connections, one token for each credential, one rate budget for each organization
//! and each principal in it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

use super::budget::{Budget, Gate, PER_ORGANIZATION, PER_PRINCIPAL};
use super::http::{Http, Pace, Route};
use super::token::{Credential, TokenSource};
use super::{OnboardingApi, Result, Settings};

/// Hands out clients that share what they may.
#[derive(Default)]
pub struct Pool(Mutex<Held>);

#[derive(Default)]
struct Held {
    clients: Vec<(Route, Duration, Http)>,
    tokens: Vec<(Url, Credential, TokenSource)>,
    budgets: BTreeMap<Counted, Arc<Budget>>,
}

/// Whose requests are counted together: an organization's at one API, and among them one principal's.
type Counted = (String, String, Option<usize>);

impl Pool {
    /// A client that has not connected yet.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn api(&self, settings: Settings) -> Result<OnboardingApi> {
        self.api_at(settings, Pace::LIVE)
    }

    pub(super) fn api_at(&self, settings: Settings, pace: Pace) -> Result<OnboardingApi> {
        let Settings { api, org, base, login, credential, request_timeout } = settings;
        let mut held = self.lock();
        let (principal, tokens) = held.tokens_of(login, credential, request_timeout, pace)?;
        let host = base.origin().ascii_serialization();
        let gate = Gate::new(vec![
            held.budget((host.clone(), org.as_str().to_owned(), None), PER_ORGANIZATION),
            held.budget((host, org.as_str().to_owned(), Some(principal)), PER_PRINCIPAL),
        ]);
        let http = held.http(&base, request_timeout, pace)?.behind(gate);
        Ok(OnboardingApi { api, org, base, http, tokens })
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn http(&mut self, address: &Url, timeout: Duration, pace: Pace) -> Result<Http> {
        let route = Route::to(address);
        if let Some((.., http)) = self.clients.iter().find(|(known, bound, _)| (*known, *bound) == (route, timeout)) {
            return Ok(http.clone());
        }
        let http = Http::new(address, timeout, pace)?;
        self.clients.push((route, timeout, http.clone()));
        Ok(http)
    }

    /// The credential's token source, and its place, which stands for who it is.
    fn tokens_of(
        &mut self,
        login: Url,
        credential: Credential,
        timeout: Duration,
        pace: Pace,
    ) -> Result<(usize, TokenSource)> {
        let same = |(address, held, _): &(Url, Credential, TokenSource)| *address == login && *held == credential;
        if let Some(place) = self.tokens.iter().position(same) {
            return Ok((place, self.tokens[place].2.clone()));
        }
        let source = TokenSource::new(self.http(&login, timeout, pace)?, login.clone(), credential.clone());
        self.tokens.push((login, credential, source.clone()));
        Ok((self.tokens.len() - 1, source))
    }

    fn budget(&mut self, counted: Counted, limit: usize) -> Arc<Budget> {
        Arc::clone(self.budgets.entry(counted).or_insert_with(|| Arc::new(Budget::new(limit))))
    }
}
