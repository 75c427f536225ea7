//! The bearer token: exchanged when it is first needed, shared, kept until shortly before it ends, and renewed once it is refused.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::{Url, form_urlencoded};

use super::answer::Answer;
use super::http::{Body, Call, Http, Method, Pace, Repeat, Wants};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// A token is not used in its last minute: a request may take that long to arrive.
const MARGIN: Duration = Duration::from_secs(60);
/// Of the exchange's form, as far as it is made without growing.
const LONGEST_FORM: usize = 16 * 1024;
/// A longer life than this is not believed; tokens of Flexera live for an hour.
const LONGEST_LIFE: u64 = 24 * 60 * 60;

/// What a person holds that lets them in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A bearer token as it is; nothing can renew it.
    AccessToken(Secret),
    /// A user's refresh token.
    RefreshToken(Secret),
    /// A service account's client.
    Client {
        /// The client id, not a secret.
        id: String,
        /// The client secret.
        secret: Secret,
    },
}

/// What an exchange gives.
#[derive(Clone, Debug)]
pub struct Exchanged {
    /// The bearer token.
    pub access_token: Secret,
    /// How long it is good, where the endpoint says so.
    pub expires_in: Option<Duration>,
}

/// Exchanges once, for the `token` command. An access token comes back as it is.
pub async fn exchange(login: Url, credential: Credential, request_timeout: Duration) -> Result<Exchanged> {
    let http = Http::new(&login, request_timeout, Pace::LIVE)?;
    let (exchanged, _) = ask(&http, &login, &credential).await?;
    Ok(exchanged)
}

/// Where the requests' bearer token comes from; clones share one token and one exchange.
#[derive(Clone)]
pub struct TokenSource {
    http: Http,
    login: Url,
    // Held across the exchange, so that whoever comes meanwhile waits for it instead of starting a second one.
    state: Arc<Mutex<State>>,
}

struct State {
    credential: Credential,
    held: Option<Held>,
}

struct Held {
    token: Secret,
    /// From when on it is not used any more; `None` = until it is refused.
    ends: Option<Instant>,
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource").field("login", &self.login.as_str()).finish_non_exhaustive()
    }
}

impl TokenSource {
    pub(super) fn new(http: Http, login: Url, credential: Credential) -> Self {
        Self { http, login, state: Arc::new(Mutex::new(State { credential, held: None })) }
    }

    /// A token that is good now, as far as is known.
    pub async fn bearer(&self) -> Result<Secret> {
        let mut state = self.state.lock().await;
        match &state.held {
            Some(held) if held.is_fresh(Instant::now()) => Ok(held.token.clone()),
            _ => self.fill(&mut state).await,
        }
    }

    /// Another token than `stale`, which was refused. Whoever comes second gets what the first one fetched.
    pub async fn renew(&self, stale: &Secret) -> Result<Secret> {
        let mut state = self.state.lock().await;
        if let Credential::AccessToken(_) = state.credential {
            return Err(Error::permission("the access token was refused (401)")
                .because("it has expired (tokens live for an hour), or it is of another organization or zone")
                .remedy(
                    "give a refresh token instead (--refresh-token-file or OPTIMA_REFRESH_TOKEN): it can be renewed",
                ));
        }
        match &state.held {
            Some(held) if held.token.expose() != stale.expose() => Ok(held.token.clone()),
            _ => self.fill(&mut state).await,
        }
    }

    async fn fill(&self, state: &mut State) -> Result<Secret> {
        let (Exchanged { access_token: token, expires_in }, rotated) =
            ask(&self.http, &self.login, &state.credential).await?;
        if let (Some(newer), Credential::RefreshToken(held)) = (rotated, &mut state.credential) {
            *held = newer;
        }
        let ends = expires_in.map(|life| Instant::now() + usable(life));
        state.held = Some(Held { token: token.clone(), ends });
        Ok(token)
    }
}

impl Held {
    fn is_fresh(&self, now: Instant) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }
}

/// How much of a token's life is used: all but the margin, and of a short one half.
fn usable(life: Duration) -> Duration {
    life - MARGIN.min(life / 2)
}

/// The exchange itself, with the refresh token that came back, if one did; an access token stands for itself.
async fn ask(http: &Http, login: &Url, credential: &Credential) -> Result<(Exchanged, Option<Secret>)> {
    // Room for a long token whose every byte is encoded: a buffer that grows leaves copies behind.
    let mut form = form_urlencoded::Serializer::new(String::with_capacity(LONGEST_FORM));
    let secret = match credential {
        Credential::AccessToken(token) => {
            return Ok((Exchanged { access_token: token.clone(), expires_in: None }, None));
        }
        Credential::RefreshToken(token) => {
            form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token.expose());
            token
        }
        Credential::Client { id, secret } => {
            form.append_pair("grant_type", "client_credentials")
                .append_pair("client_id", id)
                .append_pair("client_secret", secret.expose());
            secret
        }
    };
    let call = Call {
        method: Method::POST,
        url: login.clone(),
        headers: &[],
        body: Body::form(form.finish().into_bytes()),
        // A second exchange gives a second token and takes nothing away.
        repeat: Repeat::Freely,
        wants: Wants::Json,
        secrets: vec![secret],
    };
    let answer = http.send(&call, None).await?;
    if !answer.is_success() {
        return Err(refused(&answer, credential));
    }
    read(&answer)
}

fn refused(answer: &Answer, credential: &Credential) -> Error {
    if !matches!(answer.status, 400 | 401 | 403) {
        return answer.refusal();
    }
    let (what, remedy) = match credential {
        Credential::Client { .. } => (
            "the client id and secret were refused",
            "check OPTIMA_CLIENT_ID and OPTIMA_CLIENT_SECRET, and that --zone is the one where the service account was made",
        ),
        Credential::RefreshToken(_) | Credential::AccessToken(_) => (
            "the refresh token was refused",
            "make a new one in Flexera One (User Settings > API Credentials) of the zone that --zone names; \
             a refresh token dies after a year unused, or when it is revoked",
        ),
    };
    let error = Error::permission(format!("{what} by the token endpoint ({})", answer.status)).remedy(remedy);
    match answer.message() {
        Some(message) => error.because(message),
        None => error,
    }
}

pub(super) fn read(answer: &Answer) -> Result<(Exchanged, Option<Secret>)> {
    let tokens: Tokens = serde_json::from_slice(answer.body()).map_err(|why| match why.classify() {
        // Never the parser's words about a value: it may be the token.
        Category::Data => answer.wrong_shape("it has no access_token that is a text"),
        Category::Io | Category::Syntax | Category::Eof => answer.wrong_shape("it is not whole JSON"),
    })?;
    let usable = |secret: &Secret| !secret.is_empty() && secret.is_graphic();
    let access_token =
        Some(tokens.access_token).filter(usable).ok_or_else(|| answer.wrong_shape("its access_token is none"))?;
    let exchanged = Exchanged { access_token, expires_in: tokens.expires_in.as_ref().and_then(life) };
    Ok((exchanged, tokens.refresh_token.filter(usable)))
}

/// The members of the endpoint's answer that count.
#[derive(Deserialize)]
struct Tokens {
    access_token: Secret,
    expires_in: Option<Value>,
    refresh_token: Option<Secret>,
}

/// Seconds as a number or, as some of Flexera's pages show them, as text.
pub(super) fn life(value: &Value) -> Option<Duration> {
    let seconds = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())?;
    Some(Duration::from_secs(seconds.min(LONGEST_LIFE)))
}

#[cfg(test)]
mod tests {
    use super::super::loopback::{Loopback, answer, cut, fast};
    use super::*;
    use crate::error::Kind;

    fn source(server: &Loopback, credential: Credential) -> TokenSource {
        let login = server.url("/oidc/token");
        TokenSource::new(Http::new(&login, Duration::from_secs(5), fast()).unwrap(), login, credential)
    }

    fn refresh() -> Credential {
        Credential::RefreshToken(Secret::new("canary-refresh"))
    }

    #[tokio::test]
    async fn a_refresh_token_is_exchanged_once_for_all_who_ask_at_the_same_time() {
        let server = Loopback::start(vec![answer(200, r#"{"access_token":"one","expires_in":"3600"}"#)]);
        let tokens = source(&server, refresh());
        let clone = tokens.clone();
        let (a, b, c) = tokio::join!(tokens.bearer(), tokens.bearer(), clone.bearer());
        assert_eq!([a, b, c].map(|token| token.unwrap().expose().to_owned()), ["one", "one", "one"]);
        let sent = server.sent();
        assert_eq!(sent.len(), 1, "one exchange for all");
        assert_eq!(sent[0].line, "POST /oidc/token HTTP/1.1");
        assert_eq!(sent[0].header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(sent[0].header("authorization"), None);
        assert_eq!(sent[0].body, "grant_type=refresh_token&refresh_token=canary-refresh");
    }

    #[tokio::test]
    async fn a_client_is_exchanged_form_encoded() {
        let server = Loopback::start(vec![answer(200, r#"{"access_token":"t","expires_in":3600}"#)]);
        let client = Credential::Client { id: "id&1".into(), secret: Secret::new("s=+ä") };
        source(&server, client).bearer().await.unwrap();
        assert_eq!(server.sent()[0].body, "grant_type=client_credentials&client_id=id%261&client_secret=s%3D%2B%C3%A4");
    }

    #[tokio::test]
    async fn an_ended_or_refused_token_is_exchanged_again_and_a_rotated_refresh_token_kept() {
        let server = Loopback::start(vec![
            answer(200, r#"{"access_token":"one","expires_in":0,"refresh_token":"second"}"#),
            answer(200, r#"{"access_token":"two","expires_in":3600}"#),
            answer(200, r#"{"access_token":"three"}"#),
        ]);
        let tokens = source(&server, refresh());
        let first = tokens.bearer().await.unwrap();
        let second = tokens.bearer().await.unwrap();
        assert_eq!((first.expose(), second.expose()), ("one", "two"));
        assert_eq!(tokens.renew(&first).await.unwrap().expose(), "two", "renewed by someone else meanwhile");
        assert_eq!(tokens.renew(&second).await.unwrap().expose(), "three");
        assert_eq!(tokens.bearer().await.unwrap().expose(), "three", "without expires_in it is good until refused");
        assert_eq!(server.sent()[1].body, "grant_type=refresh_token&refresh_token=second");
        assert_eq!(server.sent().len(), 3);
    }

    #[test]
    fn a_token_s_last_minute_is_not_used() {
        let now = Instant::now();
        let ends = now + usable(Duration::from_secs(3600));
        let held = Held { token: Secret::new("t"), ends: Some(ends) };
        assert!(held.is_fresh(now + Duration::from_secs(3539)));
        assert!(!held.is_fresh(now + Duration::from_secs(3540)));
        assert_eq!(usable(Duration::from_secs(30)), Duration::from_secs(15));
    }

    #[test]
    fn lives_are_numbers_or_text() {
        let of = |json: &str| life(&serde_json::from_str(json).unwrap()).map(|life| life.as_secs());
        assert_eq!(of("3600"), Some(3600));
        assert_eq!(of("\" 7200 \""), Some(7200));
        assert_eq!(of("18446744073709551615"), Some(LONGEST_LIFE), "no overflow");
        for nothing in ["null", "-1", "\"soon\"", "[]"] {
            assert_eq!(of(nothing), None, "{nothing}");
        }
    }

    #[tokio::test]
    async fn a_refused_credential_is_a_permission_error_with_a_remedy_and_no_secret() {
        for status in [400, 401, 403] {
            let server = Loopback::start(vec![answer(status, r#"{"message":"bad token canary-refresh"}"#)]);
            let error = source(&server, refresh()).bearer().await.unwrap_err();
            assert_eq!(error.kind, Kind::Permission);
            assert!(error.remedy.as_deref().unwrap().contains("API Credentials"));
            assert_eq!(error.cause.as_deref(), Some("bad token ***"));
            assert!(!format!("{error:?}").contains("canary"));
        }
    }

    #[tokio::test]
    async fn a_bare_access_token_is_used_as_it_is_and_not_renewable() {
        let server = Loopback::start(vec![]);
        let tokens = source(&server, Credential::AccessToken(Secret::new("bare")));
        let token = tokens.bearer().await.unwrap();
        assert_eq!(token.expose(), "bare");
        let error = tokens.renew(&token).await.unwrap_err();
        assert_eq!(error.kind, Kind::Permission);
        assert!(error.remedy.unwrap().contains("refresh token"));
        assert!(server.sent().is_empty());
        assert!(!format!("{tokens:?}").contains("bare"));
    }

    #[tokio::test]
    async fn a_passing_failure_is_repeated_and_nonsense_is_an_error() {
        let good = answer(200, r#"{"access_token":"t"}"#);
        let server = Loopback::start(vec![answer(503, ""), cut(), answer(429, "{}"), good]);
        assert_eq!(source(&server, refresh()).bearer().await.unwrap().expose(), "t");
        for nonsense in ["<html>", "{}", r#"{"access_token":""}"#, r#"{"access_token":7}"#, r#"{"access_to"#, ""] {
            let server = Loopback::start(vec![answer(200, nonsense)]);
            let error = source(&server, refresh()).bearer().await.unwrap_err();
            assert_eq!(error.kind, Kind::Failed, "{nonsense}");
        }
    }
}
