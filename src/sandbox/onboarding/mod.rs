//! Flexera's onboarding API in both its generations, and the token endpoint, in memory.

mod connects;
mod current;
mod fields;
pub mod goa;
mod legacy;
mod limit;
mod token;
mod validator;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use self::connects::Connects;
use self::limit::Limiter;
use self::token::Tokens;
use super::FORBIDDEN_ORG_ID;
use super::message::{Answer, Request};

pub use self::limit::RateLimit;
pub use self::validator::Validator;

/// The onboarding API.
pub struct Onboarding {
    connects: Connects,
    tokens: Tokens,
    validator: Validator,
    limiter: Option<Limiter>,
    delivery: Option<Duration>,
    has_processed_bills: AtomicBool,
}

impl Onboarding {
    /// With no bill connects.
    pub fn new(validator: Validator, token_lifetime: Duration) -> Self {
        let (connects, tokens) = (Connects::default(), Tokens::new(token_lifetime));
        Self { connects, tokens, validator, limiter: None, delivery: None, has_processed_bills: AtomicBool::new(false) }
    }

    /// The same with a rate limit.
    pub fn limited(self, limit: Option<RateLimit>) -> Self {
        Self { limiter: limit.map(Limiter::new), ..self }
    }

    /// The same where bills come so long after a bill connect, and are processed after as long again.
    pub fn delivered(self, delivery: Option<Duration>) -> Self {
        Self { delivery, ..self }
    }

    /// Every bill that is worked on is processed from now on.
    pub fn process_bills(&self) {
        self.has_processed_bills.store(true, Ordering::Relaxed);
    }

    /// Every bill connect as `organization/id`, with the access key's id that no answer shows.
    pub fn state(&self) -> serde_json::Value {
        self.connects.lock().iter().map(|((org, id), connect)| (format!("{org}/{id}"), connect.state())).collect()
    }

    /// Answers one request.
    pub async fn answer(&self, request: &Request) -> Answer {
        if request.path == "/oidc/token" {
            return if request.method == "POST" {
                self.tokens.exchange(request)
            } else {
                goa::error(405, "bad_request", "POST only").answer()
            };
        }
        let legacy = request.path.strip_prefix(legacy::PREFIX);
        let Some(path) = legacy.or(request.path.strip_prefix(current::PREFIX)) else {
            return goa::not_found("no such path").answer();
        };
        let mut parts = path.split('/');
        let org = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        if !self.tokens.admits(request) {
            return goa::error(401, "unauthorized", "the bearer token is missing, unknown or expired").answer();
        }
        if org.is_empty() || org == "0" || !org.bytes().all(|b| b.is_ascii_digit()) {
            return goa::bad_request("the organization id must be a positive integer").answer();
        }
        if org == FORBIDDEN_ORG_ID {
            return goa::error(403, "forbidden", "the user needs the role Manage organization").answer();
        }
        let remaining = match self.limiter.as_ref().map(|limiter| limiter.admit(org)) {
            Some(Err(seconds)) => {
                let refusal = goa::error(429, "too_many_requests", "the rate limit of the organization is reached");
                return refusal.answer().with("retry-after", &seconds.to_string());
            }
            Some(Ok(remaining)) => Some(remaining),
            None => None,
        };
        let answer = if legacy.is_some() {
            legacy::answer(self, request, org, &rest).await
        } else {
            current::answer(self, request, org, &rest).await
        };
        match remaining {
            Some(remaining) => answer.with("x-ratelimit-remaining", &remaining.to_string()),
            None => answer,
        }
    }
}

#[cfg(test)]
mod tests;
