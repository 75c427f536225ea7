//! The token endpoint, and which bearer tokens are good.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use super::goa;
use crate::sandbox::message::{Answer, Fields, Request};
use crate::sandbox::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, unguessable};

/// The tokens given out, and when.
#[derive(Debug)]
pub struct Tokens {
    lifetime: Duration,
    given: Mutex<BTreeMap<String, Instant>>,
}

impl Tokens {
    pub fn new(lifetime: Duration) -> Self {
        Self { lifetime, given: Mutex::default() }
    }

    /// `POST /oidc/token`.
    pub fn exchange(&self, request: &Request) -> Answer {
        let fields = fields(request);
        let is = |name: &str, value: &str| fields.get(name).is_some_and(|given| given == value);
        let (good, refresh) = match fields.get("grant_type").map(String::as_str) {
            Some("refresh_token") => (fields.get("refresh_token").is_some_and(|token| is_known(token)), true),
            Some("client_credentials") => (is("client_id", CLIENT_ID) && is("client_secret", CLIENT_SECRET), false),
            _ => return goa::bad_request("grant_type must be refresh_token or client_credentials").answer(),
        };
        if !good {
            return goa::error(401, "unauthorized", "the credential is not valid").answer();
        }
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let token = format!("{ACCESS_TOKEN}-{}", unguessable());
        given.insert(token.clone(), Instant::now());
        let mut body = json!({"access_token": token, "expires_in": self.lifetime.as_secs(), "token_type": "Bearer"});
        if refresh {
            body["refresh_token"] = json!(fields.get("refresh_token"));
        }
        Answer::json(200, &body)
    }

    /// Whether the request carries a token that is good now.
    pub fn admits(&self, request: &Request) -> bool {
        let Some(token) = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) else {
            return false;
        };
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        token == ACCESS_TOKEN || given.get(token).is_some_and(|at| at.elapsed() < self.lifetime)
    }
}

/// The one, or one with a hyphen and a name behind it: somebody else's.
fn is_known(token: &str) -> bool {
    token.strip_prefix(REFRESH_TOKEN).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// A form, as OAuth says, or JSON, which Flexera takes too.
fn fields(request: &Request) -> Fields {
    match request.json() {
        Some(serde_json::Value::Object(object)) => {
            object.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
        }
        _ => request.form_fields(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    fn request(body: &str, bearer: &str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {bearer}").parse().unwrap());
        Request {
            method: "POST".into(),
            path: "/oidc/token".into(),
            query: String::new(),
            headers,
            body: body.to_owned().into(),
        }
    }

    #[test]
    fn gives_tokens_that_expire() {
        let tokens = Tokens::new(Duration::from_millis(500));
        let mut given = Vec::new();
        for body in [
            format!("grant_type=refresh_token&refresh_token={REFRESH_TOKEN}"),
            format!("grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}"),
            json!({ "grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN }).to_string(),
        ] {
            let answer = tokens.exchange(&request(&body, ""));
            assert_eq!(answer.status, 200, "{body}");
            let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            given.push(answer["access_token"].as_str().unwrap().to_owned());
        }
        assert!(given.iter().all(|token| tokens.admits(&request("", token))), "{given:?}");
        assert_ne!(given[0], given[1]);
        std::thread::sleep(Duration::from_millis(600));
        assert!(!given.iter().any(|token| tokens.admits(&request("", token))));
        assert!(tokens.admits(&request("", ACCESS_TOKEN)));
    }

    #[test]
    fn refuses_others() {
        let tokens = Tokens::new(Duration::from_secs(1));
        assert_eq!(tokens.exchange(&request("grant_type=refresh_token&refresh_token=x", "")).status, 401);
        assert_eq!(tokens.exchange(&request("refresh_token=x", "")).status, 400);
        assert!(!tokens.admits(&request("", "sandbox-access-token-1")));
    }
}
