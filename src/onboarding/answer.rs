//! What came back: its status, its JSON if it is JSON, and the sentence an error says about it.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::harmless;
use crate::secret::{Cleared, Secret};

/// Shorter ones would star out ordinary words, and no real secret is that short.
const SHORTEST_SECRET: usize = 6;

/// An answer, whole, whatever its status; the request's own secrets are stars in it if it is an error.
pub(super) struct Answer {
    /// Method and address of the request.
    name: String,
    pub status: u16,
    pub retry_after: Option<Duration>,
    /// How many requests the rate limit still has room for, where that was said.
    pub remaining: Option<usize>,
    body: Cleared<Vec<u8>>,
}

/// Without the body: the token endpoint's holds a token.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("name", &self.name).field("status", &self.status).finish_non_exhaustive()
    }
}

impl Answer {
    pub fn new<'a>(
        name: String,
        status: u16,
        body: Cleared<Vec<u8>>,
        retry_after: Option<Duration>,
        secrets: impl Iterator<Item = &'a Secret>,
    ) -> Self {
        let body = if (200..300).contains(&status) { body } else { starred(&body, secrets) };
        Self { name, status, retry_after, remaining: None, body }
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Neither a success nor a verdict: asking again may help.
    pub fn is_passing(&self) -> bool {
        let marked = || self.status >= 400 && self.error_field("temporary").and_then(|v| v.as_bool()) == Some(true);
        // Who you are does not change by asking again; 401 has its own way, a new token.
        !matches!(self.status, 401 | 403 | 404) && (matches!(self.status, 429 | 500 | 502 | 503 | 504) || marked())
    }

    /// Whether the thing asked for does not exist; the older API says so by name, the newer one by status too.
    /// A page that is no JSON comes from something else at this address, which knows of no bill connect either way.
    pub fn is_absent(&self) -> bool {
        let from_api = self.is_empty() || serde_json::from_slice::<Value>(&self.body).is_ok();
        (self.status == 404 && from_api) || self.error_field("name").is_some_and(|name| name == "not_found")
    }

    /// The body itself, for what must not become a plain value.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub fn is_empty(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).map_err(|why| {
            // The parser's words, not the body's: what is no JSON may be anything.
            self.wrong_shape(&format!("it is not whole JSON ({why})"))
        })
    }

    /// A success whose content is not what the API documents.
    pub fn wrong_shape(&self, what: &str) -> Error {
        Error::failed(format!("{} was answered with {}, but not as the API documents it", self.name, self.status))
            .because(what)
            .remedy("check --api and --api-url: something else may be answering, such as a proxy's own page")
    }

    /// The error that an answer which is not a success stands for.
    pub fn refusal(&self) -> Error {
        let error = match self.status {
            300..=399 => Error::failed(format!("{} was answered with a redirect ({}), and none is followed", self.name, self.status))
                .because("a token goes only to the address that was given")
                .remedy("give the final address with --api-url or --login-url"),
            401 => Error::permission(format!("{} was refused: the access token was not accepted (401)", self.name))
                .remedy("check --zone and --org-id: a token is good in the zone that it was made in"),
            403 => Error::permission(format!("{} was refused: not permitted (403)", self.name)).remedy(
                "the token's owner needs the role Manage organization (enterprise_manager) in that Flexera organization",
            ).link("https://docs.flexera.com/flexera/EN/CloudLicense/BillDataConnections.htm"),
            404 => Error::failed(format!("{} does not exist (404)", self.name)).remedy("check --org-id, --api, --zone and --api-url"),
            429 => Error::failed(format!("{} was turned away by the rate limit (429)", self.name))
                .remedy("wait a minute and run the same command again"),
            500.. => Error::failed(format!("{} failed on the other side ({})", self.name, self.status))
                .remedy("run the same command again in a while: it asks what exists before it writes"),
            status => Error::failed(format!("{} was refused ({status})", self.name)).remedy(
                "check --org-id, --api, --zone and --api-url against what it says, then run the same command again",
            ),
        };
        match self.message() {
            Some(message) => error.because(message),
            None => error,
        }
    }

    /// The service's own sentence, made harmless.
    pub fn message(&self) -> Option<String> {
        ["message", "error_description", "error"]
            .iter()
            .find_map(|key| self.error_field(key)?.as_str().map(harmless::sentence))
            .filter(|message| !message.is_empty())
    }

    fn error_field(&self, key: &str) -> Option<Value> {
        serde_json::from_slice::<Value>(&self.body).ok()?.get_mut(key).map(Value::take)
    }
}

/// An error's body in which a service repeats what it was sent, in JSON's escapes or as a form has it too.
fn starred<'a>(body: &[u8], secrets: impl Iterator<Item = &'a Secret>) -> Cleared<Vec<u8>> {
    let secrets = secrets.map(Secret::expose).filter(|secret| secret.len() >= SHORTEST_SECRET);
    let secrets: Vec<Cleared<String>> = secrets.flat_map(spellings).collect();
    let star = |text: &str| secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"));
    let starred = match serde_json::from_slice::<Value>(body) {
        Ok(json) => in_texts(json, &star).to_string(),
        Err(_) => star(&String::from_utf8_lossy(body)),
    };
    Cleared::new(starred.into_bytes())
}

fn spellings(secret: &str) -> [Cleared<String>; 2] {
    let in_form = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    [Cleared::new(secret.to_owned()), Cleared::new(in_form)]
}

/// The same with every text in it changed, names too.
fn in_texts(json: Value, change: &impl Fn(&str) -> String) -> Value {
    match json {
        Value::String(text) => Value::String(change(&text)),
        Value::Array(items) => items.into_iter().map(|item| in_texts(item, change)).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (change(&name), in_texts(value, change))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::new(
            "GET https://host/x".into(),
            status,
            Cleared::new(body.into()),
            None,
            [&Secret::new("canary-77")].into_iter(),
        )
    }

    #[test]
    fn words_of_the_other_side_are_harmless_and_short() {
        let said = answer(400, r#"{"message":"a\u001b[31m\n\u202eb"}"#).refusal();
        assert_eq!(said.cause.as_deref(), Some("a�[31m �b"));
        let long = answer(400, &format!(r#"{{"message":"{}"}}"#, "é".repeat(4000))).message().unwrap();
        assert!(long.ends_with('…') && long.chars().count() < 1000, "{long}");
    }

    #[test]
    fn a_secret_that_an_error_repeats_becomes_stars() {
        let said = answer(400, r#"{"message":"no such token canary-77"}"#);
        assert_eq!(said.message().as_deref(), Some("no such token ***"));
        assert!(!format!("{said:?}").contains("canary"));
        assert_eq!(answer(400, "<p>canary-77</p>").body(), b"<p>***</p>");
    }

    #[test]
    fn a_secret_in_another_spelling_becomes_stars_too() {
        let secret = Secret::new("canary/7+7");
        for said in
            [r"no key canary\/7+7", r"no key canary\u002f7\u002b7", "no key canary%2F7%2B7", "no key canary/7+7"]
        {
            let body = Cleared::new(format!(r#"{{"message":"{said}","canary\/7+7":[]}}"#).into_bytes());
            let answer = Answer::new("POST https://host/x".into(), 400, body, None, [&secret].into_iter());
            assert_eq!(answer.message().as_deref(), Some("no key ***"), "{said}");
            assert!(!String::from_utf8_lossy(answer.body()).contains("canary"), "{said}");
        }
    }

    #[test]
    fn what_may_pass_and_what_is_a_verdict() {
        for status in [429, 500, 502, 503, 504] {
            assert!(answer(status, "").is_passing(), "{status}");
        }
        for status in [200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 501] {
            assert!(!answer(status, "{}").is_passing(), "{status}");
        }
        assert!(answer(422, r#"{"temporary":true}"#).is_passing());
        assert!(!answer(422, r#"{"temporary":"true"}"#).is_passing());
        assert!(!answer(403, r#"{"temporary":true}"#).is_passing());
        assert!(!answer(200, r#"{"temporary":true}"#).is_passing());
    }

    #[test]
    fn absent_by_status_or_by_name() {
        assert!(answer(404, "{}").is_absent() && answer(404, "").is_absent());
        assert!(!answer(404, "<html>").is_absent(), "a dead host is not an empty organization");
        assert!(answer(400, r#"{"name":"not_found"}"#).is_absent());
        assert!(answer(200, r#"{"name":"not_found"}"#).is_absent());
        assert!(!answer(200, r#"["not_found"]"#).is_absent());
        assert!(!answer(400, r#"{"name":"bad_request"}"#).is_absent());
    }
}
