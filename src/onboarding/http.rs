//! One request to the onboarding API or the token endpoint: sent, bounded in time and size, and repeated where that is safe.
//! The HTTP library's types stop here.

use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
pub(super) use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use url::Url;

use super::Result;
use super::addresses::shown;
use super::answer::Answer;
use super::budget::{Gate, Heard};
use crate::addresses::is_loopback;
use crate::error::Error;
use crate::secret::{Cleared, Secret};

/// No answer of either API comes near; more than this is not what was asked for.
const LONGEST_ANSWER: usize = 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Flexera's rate limit has windows of a minute, and `retry-after` counts down to the next.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// How often a request is repeated, and how long is waited in between.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub first: Duration,
    pub longest: Duration,
    pub repeats: usize,
}

impl Pace {
    /// Four attempts, about two seconds of waiting in all.
    pub const LIVE: Self = Self { first: Duration::from_millis(300), longest: Duration::from_secs(5), repeats: 3 };

    fn waits(self) -> ExponentialBuilder {
        ExponentialBuilder::new()
            .with_min_delay(self.first)
            .with_max_delay(self.longest)
            .with_max_times(self.repeats)
            .with_jitter()
    }
}

/// When a request may be sent a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Twice is as good as once: GET, PATCH, DELETE, and the exchange for a token.
    Freely,
    /// Only if it surely was not carried out: it never left, or the rate limit (429) turned it away.
    IfNotCarriedOut,
}

/// What the body of a success has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// Whatever it is, the status says it all.
    Nothing,
    /// JSON; else something in between has answered, such as a hotel's sign-in page, and asking again may help.
    Json,
}

/// What a request carries.
pub(super) enum Body {
    Nothing,
    Json(Bytes),
    Form(Bytes),
}

impl Body {
    /// A body of JSON, cleared after its last use.
    pub fn json(bytes: Cleared<Vec<u8>>) -> Self {
        Self::Json(Bytes::from_owner(bytes))
    }

    /// A form, cleared after its last use.
    pub fn form(bytes: Vec<u8>) -> Self {
        Self::Form(Bytes::from_owner(Cleared::new(bytes)))
    }
}

/// A request in our own terms.
pub(super) struct Call<'a> {
    pub method: Method,
    pub url: Url,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: Body,
    pub repeat: Repeat,
    pub wants: Wants,
    /// Secrets in the body: should the answer repeat them, they become stars.
    pub secrets: Vec<&'a Secret>,
}

impl<'a> Call<'a> {
    /// A request without a body that may be repeated.
    pub fn plain(method: Method, url: Url) -> Self {
        // Whoever asks without sending anything wants to be told something; a deletion is not.
        let wants = if method == Method::GET { Wants::Json } else { Wants::Nothing };
        Self { method, url, headers: &[], body: Body::Nothing, repeat: Repeat::Freely, wants, secrets: Vec::new() }
    }

    /// Method and address as errors name them.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, shown(&self.url))
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The request did not reach the other side.
    NeverSent(Error),
    /// It may have, and what came of it is not known.
    Lost(Error),
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NeverSent(error) | Trouble::Lost(error) => error,
        }
    }
}

/// How an address is reached; what goes the same way may share connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Through the environment's proxy, with TLS.
    Outside,
    /// Straight to this machine, with TLS.
    HereWithTls,
    /// Straight to this machine.
    Here,
}

impl Route {
    pub fn to(address: &Url) -> Self {
        match (is_loopback(address), address.scheme()) {
            (false, _) => Self::Outside,
            (true, "http") => Self::Here,
            (true, _) => Self::HereWithTls,
        }
    }
}

/// Sends requests; clones share connections.
#[derive(Clone, Debug)]
pub(super) struct Http {
    client: reqwest::Client,
    pace: Pace,
    /// The rate limit that the requests count against.
    gate: Option<Gate>,
}

impl Http {
    /// A client for `address`: through the environment's proxy, or straight to this machine.
    pub fn new(address: &Url, request_timeout: Duration, pace: Pace) -> Result<Self> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("optima-onboard/", env!("CARGO_PKG_VERSION")))
            // A token must not follow a redirect to wherever it points.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(request_timeout);
        builder = match Route::to(address) {
            Route::Outside => builder,
            Route::HereWithTls => builder.no_proxy(),
            // Plain HTTP needs no certificate authorities, which a small container may not have: trust none.
            Route::Here => builder.no_proxy().tls_certs_only([]),
        };
        let client = builder.build().map_err(|why| {
            Error::failed("cannot set up TLS for the onboarding API")
                .because(causes(&why))
                .remedy("install your system's CA certificates, or name a bundle of them in SSL_CERT_FILE")
        })?;
        Ok(Self { client, pace, gate: None })
    }

    /// The same connections, for requests that count against a rate limit.
    pub fn behind(self, gate: Gate) -> Self {
        Self { gate: Some(gate), ..self }
    }

    /// Sends the request, again where that is safe and may help, and hands back the last answer whatever its status.
    pub async fn send(&self, call: &Call<'_>, bearer: Option<&Secret>) -> Result<Answer, Trouble> {
        let outcome = (|| self.attempt(call, bearer))
            .retry(self.pace.waits())
            .when(|unwanted| unwanted.may_repeat(call.repeat))
            .adjust(|unwanted, wait| wait.map(|wait| unwanted.wait(wait)))
            .await;
        match outcome {
            Ok(answer) | Err(Unwanted::Answer(answer)) => Ok(answer),
            Err(Unwanted::Trouble(trouble)) => Err(trouble),
        }
    }

    async fn attempt(&self, call: &Call<'_>, bearer: Option<&Secret>) -> Result<Answer, Unwanted> {
        let request = self.request(call, bearer).map_err(|why| Unwanted::Trouble(Trouble::NeverSent(why)))?;
        let path = call.url.path();
        let pass = match &self.gate {
            Some(gate) => Some(gate.enter().await),
            None => None,
        };
        let begun = Instant::now();
        let outcome = self.exchange(request, call, bearer).await;
        if let (Some(pass), Ok(answer)) = (pass, &outcome) {
            pass.heard(heard(answer));
        }
        let elapsed_ms = begun.elapsed().as_millis();
        match outcome {
            Ok(answer) => {
                tracing::debug!(method = %call.method, path, status = answer.status, elapsed_ms, "answered");
                let unreadable = call.wants == Wants::Json && answer.is_success() && answer.json().is_err();
                if unreadable || answer.is_passing() { Err(Unwanted::Answer(answer)) } else { Ok(answer) }
            }
            Err(trouble) => {
                tracing::debug!(method = %call.method, path, elapsed_ms, "no answer");
                Err(Unwanted::Trouble(trouble))
            }
        }
    }

    fn request(&self, call: &Call<'_>, bearer: Option<&Secret>) -> Result<reqwest::Request> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = bearer {
            headers.insert(AUTHORIZATION, authorization(token)?);
        }
        for (name, value) in call.headers {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let request = self.client.request(call.method.clone(), call.url.clone());
        let request = match &call.body {
            Body::Nothing => request.headers(headers),
            Body::Json(bytes) => request.headers(headers).header(CONTENT_TYPE, "application/json").body(bytes.clone()),
            Body::Form(bytes) => {
                request.headers(headers).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(bytes.clone())
            }
        };
        request.build().map_err(|why| {
            Error::failed(format!("{} cannot be sent", call.name()))
                .because(causes(&why))
                .remedy("check --api-url and --login-url")
        })
    }

    async fn exchange(
        &self,
        request: reqwest::Request,
        call: &Call<'_>,
        bearer: Option<&Secret>,
    ) -> Result<Answer, Trouble> {
        let mut response = self.client.execute(request).await.map_err(|why| no_answer(call, &why))?;
        let status = response.status().as_u16();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = header(RETRY_AFTER.as_str()).and_then(seconds);
        let remaining = header("x-ratelimit-remaining").and_then(|text| text.trim().parse().ok());
        // Without growing where the length is known: what a token was read from leaves no copies behind.
        let expected = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        let mut body = Cleared::new(Vec::with_capacity(expected.min(LONGEST_ANSWER)));
        while let Some(chunk) = response.chunk().await.map_err(|why| no_answer(call, &why))? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(Trouble::Lost(
                    Error::failed(format!("{} was answered with more than 1 MiB", call.name()))
                        .because("an answer of the onboarding API is far smaller")
                        .remedy("check --api-url and --login-url"),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        let secrets = call.secrets.iter().copied().chain(bearer);
        let mut answer = Answer::new(call.name(), status, body, retry_after, secrets);
        answer.remaining = remaining;
        Ok(answer)
    }
}

/// What an answer says about the rate limit; without a time, a second is what the other side gets.
fn heard(answer: &Answer) -> Heard {
    let wait = answer.retry_after.unwrap_or(Duration::from_secs(1)).min(LONGEST_RETRY_AFTER);
    Heard { remaining: answer.remaining, turned_away: (answer.status == 429).then_some(wait) }
}

/// What an attempt came to when it is not an answer to keep at once.
enum Unwanted {
    Answer(Answer),
    Trouble(Trouble),
}

impl Unwanted {
    fn may_repeat(&self, repeat: Repeat) -> bool {
        match (self, repeat) {
            (_, Repeat::Freely) => true,
            (Self::Answer(answer), Repeat::IfNotCarriedOut) => answer.status == 429,
            (Self::Trouble(Trouble::NeverSent(_)), Repeat::IfNotCarriedOut) => true,
            (Self::Trouble(Trouble::Lost(_)), Repeat::IfNotCarriedOut) => false,
        }
    }

    /// How long to wait: what the answer asks for, within bounds, else the backoff's own.
    fn wait(&self, backoff: Duration) -> Duration {
        match self {
            Self::Answer(Answer { retry_after: Some(asked), .. }) => (*asked).min(LONGEST_RETRY_AFTER),
            _ => backoff,
        }
    }
}

fn authorization(token: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&token.between("Bearer ", "")).map_err(|_| {
        Error::permission("the access token has characters that no token has, so it cannot be sent")
            .remedy("give the token alone, on one line, without quotes")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// `retry-after` in seconds; Flexera sends no dates there.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

fn no_answer(call: &Call<'_>, why: &reqwest::Error) -> Trouble {
    let name = call.name();
    if why.is_connect() {
        return Trouble::NeverSent(
            Error::failed(format!("{name}: no connection"))
                .because(causes(why))
                .remedy("check the network, HTTPS_PROXY, and --api-url and --login-url if you gave them"),
        );
    }
    let what =
        if why.is_timeout() { "no whole answer in time" } else { "the connection broke before the whole answer" };
    Trouble::Lost(
        Error::failed(format!("{name}: {what}"))
            .because(causes(why))
            .remedy("run the same command again: it asks what exists before it writes"),
    )
}

/// The library's error and what caused it, without the address it would repeat (query and all).
fn causes(error: &reqwest::Error) -> String {
    let mut said = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        said.push(error.to_string());
        cause = error.source();
    }
    if said.is_empty() { "the request failed".to_owned() } else { crate::harmless::sentence(&said.join(": ")) }
}
