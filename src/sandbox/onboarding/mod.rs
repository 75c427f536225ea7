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
        if let Some(refusal) = self.refusal(request, org) {
            return refusal;
        }
        let admitted = match &self.limiter {
            Some(limiter) => limiter.admit(org).map(Some),
            None => Ok(None),
        };
        let remaining = match admitted {
            Ok(remaining) => remaining,
            Err(seconds) => return too_many_requests().with("retry-after", &seconds.to_string()),
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

    /// What a request is told that has no token, no organization, or one that its owner may not manage.
    fn refusal(&self, request: &Request, org: &str) -> Option<Answer> {
        let refusal = if !self.tokens.admits(request) {
            goa::error(401, "unauthorized", "the bearer token is missing, unknown or expired")
        } else if org.is_empty() || org == "0" || !org.bytes().all(|b| b.is_ascii_digit()) {
            goa::bad_request("the organization id must be a positive integer")
        } else if org == FORBIDDEN_ORG_ID {
            goa::error(403, "forbidden", "the user needs the role Manage organization")
        } else {
            return None;
        };
        Some(refusal.answer())
    }
}

fn too_many_requests() -> Answer {
    goa::error(429, "too_many_requests", "the rate limit of the organization is reached").answer()
}

#[cfg(test)]
mod tests;
