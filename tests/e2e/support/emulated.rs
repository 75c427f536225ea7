//! An account on an AWS server that we did not write, behind its front, beside an onboarding API that believes
//! everything: what is right is what AWS's side says.

use optima_onboard::sandbox::{OnboardingServer, Options, REFRESH_TOKEN, Validator, start_onboarding_only};

use super::Onboard;
use super::cost_reports::CostReports;
use super::front::Front;
use super::servers::Server;
use super::world::block_on;

/// The access key of an administrator, and its secret part.
pub type Key = (String, String);

/// One account, on a server of its own.
pub struct Emulated {
    pub front: Front,
    /// The server's name, for failures.
    pub name: &'static str,
    /// The payer account.
    pub account: &'static str,
    onboarding: OnboardingServer,
    server: Server,
}

impl Emulated {
    /// An account on MiniStack, where a key that looks like an account is that account's root.
    pub fn ministack() -> Self {
        Self::new("ministack", Server::ministack(), "111122223333", None)
    }

    /// The one account of Moto, which has no report service: the front is it.
    pub fn moto() -> Self {
        Self::new("moto", Server::moto(), "123456789012", Some(CostReports::default()))
    }

    fn new(name: &'static str, server: Server, account: &'static str, reports: Option<CostReports>) -> Self {
        let onboarding = start_onboarding_only(Options::default(), Validator::AlwaysValid).expect("an onboarding API");
        Self { front: Front::start(server.address(), account, reports), name, account, onboarding, server }
    }

    /// The account's root.
    pub fn root(&self) -> Key {
        root_of(self.account)
    }

    /// A run as the account's root.
    pub fn onboard(&self, words: &[&str]) -> Onboard {
        self.onboard_as(&self.root(), words)
    }

    /// A run as somebody.
    pub fn onboard_as(&self, (id, secret): &Key, words: &[&str]) -> Onboard {
        Onboard::new(words).envs([
            ("AWS_ENDPOINT_URL", self.front.url()),
            ("AWS_ACCESS_KEY_ID", id.clone()),
            ("AWS_SECRET_ACCESS_KEY", secret.clone()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("OPTIMA_API_URL", self.onboarding.url()),
            ("OPTIMA_LOGIN_URL", self.onboarding.login_url()),
            ("OPTIMA_REFRESH_TOKEN", REFRESH_TOKEN.to_owned()),
            ("OPTIMA_ORG_ID", "12345".to_owned()),
        ])
    }

    /// `apply --yes --output json` as the account's root.
    pub fn apply(&self, words: &[&str]) -> Onboard {
        self.onboard(&["apply", "--yes", "--output", "json", "--timeout", "10"]).args(words)
    }

    /// The names of the requests to AWS since the last look that change something.
    pub fn writes(&self) -> Vec<String> {
        self.front.requests().iter().filter(|request| request.writes()).map(super::front::Seen::name).collect()
    }

    /// An AWS configuration of somebody, in a session if there is a token.
    pub fn aws(&self, (id, secret): &Key, token: Option<String>) -> aws_config::SdkConfig {
        let credentials = aws_sdk_s3::config::Credentials::new(id, secret, token, None, "test");
        let loader = aws_config::defaults(aws_config::BehaviorVersion::latest())
            .region("us-east-1")
            .endpoint_url(self.front.url())
            .credentials_provider(credentials);
        block_on(loader.load())
    }

    /// The root's AWS configuration for the server itself: the front knows nothing of what the server's own CloudFormation
    /// made, and would hold a report against that.
    pub fn behind_the_front(&self) -> aws_config::SdkConfig {
        let url = format!("http://{}", self.server.address());
        self.aws(&self.root(), None).to_builder().endpoint_url(url).build()
    }

    /// S3 of somebody.
    pub fn s3(&self, key: &Key, token: Option<String>) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.aws(key, token)).force_path_style(true).build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// IAM of somebody.
    pub fn iam(&self, key: &Key) -> aws_sdk_iam::Client {
        aws_sdk_iam::Client::new(&self.aws(key, None))
    }
}

/// MiniStack's key of an account's root; Moto takes any key.
pub fn root_of(account: &str) -> Key {
    (account.to_owned(), "test".to_owned())
}
