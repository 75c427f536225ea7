//! A sandbox that outlives one run, so that a second run meets what the first one left; and the doors to look into it.

use std::time::{Duration, Instant};

use optima_onboard::sandbox::{
    ACCESS_KEY_ID, ACCESS_TOKEN, FLEXERA_PRINCIPALS, ORG_ID, Options, REFRESH_TOKEN, SECRET_ACCESS_KEY, Sandbox,
};
use serde_json::Value;

use crate::support::chain::{self, Span};
use crate::support::door::Door;
use crate::support::{Onboard, canary};

/// Longer than two busy cores ever take to come to a request.
const BOUND: Duration = Duration::from_secs(60);

/// The sandbox of one test.
pub struct World {
    sandbox: Sandbox,
}

impl World {
    /// A new one, in which Flexera sees a new role after a fifth of a second.
    pub fn new() -> Self {
        Self::with(|options| options)
    }

    /// A new one as `change` has it.
    pub fn with(change: impl FnOnce(Options) -> Options) -> Self {
        let quick = Options { propagation: Duration::from_millis(200), ..Options::default() };
        Self { sandbox: Sandbox::start(change(quick)).expect("the sandbox starts") }
    }

    /// What a person would export to use it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.sandbox.aws_url()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("OPTIMA_API_URL", self.sandbox.onboarding_url()),
            ("OPTIMA_LOGIN_URL", self.sandbox.login_url()),
            ("OPTIMA_REFRESH_TOKEN", REFRESH_TOKEN.to_owned()),
            ("OPTIMA_ORG_ID", ORG_ID.to_owned()),
        ]
    }

    /// A run in this world.
    pub fn onboard(&self, words: &[&str]) -> Onboard {
        Onboard::new(words).envs(self.environment())
    }

    /// `apply --yes --output json` with these words more.
    pub fn apply(&self, words: &[&str]) -> Onboard {
        self.onboard(&["apply", "--yes", "--output", "json"]).args(words)
    }

    /// A new one that holds what this one holds now, in a sandbox as `change` has it.
    pub fn another(&self, change: impl FnOnce(Options) -> Options) -> Self {
        Self { sandbox: self.sandbox.another(change(Options::default())).expect("the sandbox starts") }
    }

    /// Every request since the last look, `service action`, and whether it wrote.
    pub fn requests(&self) -> Vec<Request> {
        self.book().as_array().into_iter().flatten().map(Request::read).collect()
    }

    /// When each of those came in and was answered.
    pub fn spans(&self) -> Vec<Span> {
        chain::spans(&self.book())
    }

    /// The names of the writes since the last look; signing in is none.
    pub fn writes(&self) -> Vec<String> {
        self.requests().iter().filter(|request| request.write).map(Request::name).collect()
    }

    /// The names of the requests since the last look, which are kept.
    pub fn seen(&self) -> Vec<String> {
        let seen = self.door().get("requests");
        seen.as_array().expect("a list").iter().map(|request| Request::read(request).name()).collect()
    }

    fn book(&self) -> Value {
        let seen = self.door().get("requests");
        canary::search_shown("the book of requests", &seen.to_string());
        self.door().delete("requests");
        seen
    }

    /// Everything that both worlds hold now, without times, random ids and secrets.
    pub fn state(&self) -> Value {
        let state = self.door().get("state");
        canary::search_shown("the sandbox's state", &state.to_string());
        state
    }

    /// How many accounts were busy at once.
    pub fn load(&self) -> Value {
        let url = format!("{}/_sandbox/load", self.sandbox.aws_url());
        block_on(async { reqwest::get(url).await.expect("the sandbox answers").json().await.expect("JSON") })
    }

    /// Makes the sandbox fail at a request, counted from the last look: `access-denied`, `lost-after`, …
    pub fn fail_at(&self, request: usize, kind: &str) {
        self.make(&serde_json::json!([{ "at": request, "kind": kind }]));
    }

    /// Makes these faults, as the sandbox takes them, instead of any before; requests are counted from here.
    pub fn make(&self, faults: &Value) {
        self.door().delete("requests");
        self.door().post("faults", faults);
    }

    /// From now on nothing goes wrong.
    pub fn clear_faults(&self) {
        self.make(&serde_json::json!([]));
    }

    /// How many faults have come since they were asked for.
    pub fn faults_made(&self) -> u64 {
        self.door().get("faults")["made"].as_u64().expect("a number")
    }

    /// Whether a request stands still, or does so within this time.
    pub fn has_held(&self, within: Duration) -> bool {
        self.door().answers("held", within)
    }

    /// Waits until a request stands still.
    #[track_caller]
    pub fn wait_held(&self) {
        assert!(self.has_held(BOUND), "no request stands still; so far: {:?}", self.seen());
    }

    /// Waits until this request has come so often since the last look.
    #[track_caller]
    pub fn wait_for(&self, name: &str, times: usize) {
        let start = Instant::now();
        while self.seen().iter().filter(|seen| *seen == name).count() < times {
            assert!(start.elapsed() < BOUND, "{name} does not come {times} times: {:?}", self.seen());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Lets every request go that stands still.
    pub fn let_go(&self) {
        self.door().delete("held");
    }

    fn door(&self) -> Door {
        Door(self.sandbox.aws_url())
    }

    /// What AWS alone could say, said to the sandbox: `report-status`, …
    pub async fn control(&self, what: &str, body: &Value) {
        let url = format!("{}/_sandbox/{what}", self.sandbox.aws_url());
        let answer = reqwest::Client::new().post(&url).json(body).send().await.expect("the sandbox answers");
        assert!(answer.status().is_success(), "the sandbox takes {body}");
    }

    /// Registers a bill connect with the newer API, `iam-role` or `iam-user`.
    pub async fn register(&self, kind: &str, body: &Value) {
        let url =
            format!("{}/finops-onboarding/v1/orgs/{ORG_ID}/bill-connects/aws/{kind}", self.sandbox.onboarding_url());
        let request = reqwest::Client::new().post(&url).bearer_auth(ACCESS_TOKEN).json(body);
        let answer = request.send().await.expect("the sandbox answers");
        assert_eq!(answer.status(), 201, "the sandbox takes {body}");
    }

    /// An AWS configuration of the sandbox's administrator, or of somebody by key id.
    pub fn aws_as(&self, key_id: &str, secret: &str, token: Option<String>) -> aws_config::SdkConfig {
        let credentials = aws_sdk_s3::config::Credentials::new(key_id, secret, token, None, "test");
        let loader = aws_config::defaults(aws_config::BehaviorVersion::latest())
            .region("us-east-1")
            .endpoint_url(self.sandbox.aws_url())
            .credentials_provider(credentials);
        block_on(loader.load())
    }

    /// The administrator's.
    pub fn aws(&self) -> aws_config::SdkConfig {
        self.aws_as(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None)
    }

    /// Flexera's principal of the zone by its place in [`FLEXERA_PRINCIPALS`].
    pub fn flexera(&self, zone: usize) -> aws_config::SdkConfig {
        self.aws_as(FLEXERA_PRINCIPALS[zone].0, "any", None)
    }

    /// S3 as of a configuration.
    pub fn s3(&self, config: &aws_config::SdkConfig) -> aws_sdk_s3::Client {
        aws_sdk_s3::Client::from_conf(aws_sdk_s3::config::Builder::from(config).force_path_style(true).build())
    }
}

/// Every test's world shows itself once more: no secret stands in what it kept.
impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.requests();
            self.state();
        }
    }
}

/// One request as the sandbox saw it.
#[derive(Clone, Debug)]
pub struct Request {
    pub service: String,
    pub action: String,
    pub write: bool,
    pub raw: Value,
}

impl Request {
    fn read(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Self {
            service: text("service"),
            action: text("action"),
            write: value["write"].as_bool().unwrap_or(false),
            raw: value.clone(),
        }
    }

    /// `s3 CreateBucket`.
    pub fn name(&self) -> String {
        format!("{} {}", self.service, self.action)
    }
}

/// Runs something async to its end.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
