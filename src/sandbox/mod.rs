//! The embedded AWS and onboarding API on loopback: what `--sandbox` and the `sandbox` command run against, and the tests.
//!
//! `aws` and `onboarding` are the two worlds; `policy` is the language both speak. `server` puts them on two ports and
//! `door` stands in front of each: it writes down every request and makes the faults that a test asked for.
//! Nothing here is asked for by name elsewhere: a [`Sandbox`] hands out addresses, and the rest of the program uses them as
//! it would use the live ones.

mod account;
mod aws;
mod door;
mod faults;
#[cfg(test)]
mod fuzz;
mod holds;
mod load;
mod message;
mod onboarding;
mod policy;
mod requests;
mod server;
mod socket;
mod state;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use self::aws::Accounts as AllAccounts;
use self::door::Door;
use self::onboarding::Onboarding;
use self::server::Running;
use crate::spec::names::Partition;

pub use self::onboarding::{RateLimit, Validator};

/// The sandbox's AWS account: one of those AWS keeps for examples.
pub const ACCOUNT_ID: &str = "111122223333";
/// The sandbox's Flexera organization; any other works too, but [`FORBIDDEN_ORG_ID`].
pub const ORG_ID: &str = "12345";
/// The organization whose onboarding API answers 403 to everything.
pub const FORBIDDEN_ORG_ID: &str = "40300";
/// The refresh token that the sandbox's token endpoint takes; with a hyphen and anything behind it, somebody else's.
pub const REFRESH_TOKEN: &str = "sandbox-refresh-token-2f90c6e1ab57";
/// An access token that never expires.
pub const ACCESS_TOKEN: &str = "sandbox-access-token-7d1e0c5b9a42";
/// The service account that the token endpoint takes.
pub const CLIENT_ID: &str = "sandbox-client";
/// Its secret.
pub const CLIENT_SECRET: &str = "sandbox-client-secret-b38f41d7069e";
/// The access key of the sandbox's administrator.
pub const ACCESS_KEY_ID: &str = "SANDBOXACCESSKEYEXAMPLE";
/// Its secret; signatures are not checked.
pub const SECRET_ACCESS_KEY: &str = "sandbox-secret-access-key-e54a9d20c8f3";
/// Who those credentials are.
pub const ADMIN_ARN: &str = "arn:aws:iam::111122223333:user/sandbox-admin";
/// Flexera's AWS account.
pub const FLEXERA_ACCOUNT: &str = "451234325714";
/// Access key ids that let a test play Flexera, and the principal each is: NAM, EU, APAC. Any secret does.
pub const FLEXERA_PRINCIPALS: [(&str, &str); 3] = [
    ("SANDBOXFLEXERA451234325714", "arn:aws:iam::451234325714:role/production_customer_access"),
    ("SANDBOXFLEXERAEU", "arn:aws:iam::451234325714:role/production_eu_customer_access"),
    ("SANDBOXFLEXERAAPAC", "arn:aws:iam::451234325714:role/production_apac_customer_access"),
];

/// Before an account's number: the access key id of that account's administrator, where all accounts are there.
pub const FOREIGN_KEY_PREFIX: &str = "SANDBOXADMIN";

/// As many hexadecimal digits as UUIDs have, for what is handed out as a secret: nobody guesses it, and none is found by
/// accident where it has no place.
fn unguessable() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}

const ADMIN_NAME: &str = "sandbox-admin";
const ADMIN_ID: &str = "AIDASANDBOXADMIN00000";

/// What the sandbox's account is in its organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountKind {
    /// It pays for the organization.
    #[default]
    Payer,
    /// Another account pays.
    Member,
    /// It is in no organization.
    Standalone,
}

/// Which AWS accounts there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Accounts {
    /// The sandbox's own alone.
    #[default]
    Own,
    /// Every one: each is made, empty, when its administrator first comes, by [`FOREIGN_KEY_PREFIX`] and its number as
    /// access key id, or by a role of any name that the sandbox's own administrator assumes there.
    All,
}

/// How a sandbox is to behave.
#[derive(Clone, Debug)]
pub struct Options {
    /// 0 takes any free port.
    pub aws_port: u16,
    /// 0 takes any free port.
    pub onboarding_port: u16,
    /// How long a new or changed role, policy or key stays unknown to Flexera's validation.
    pub propagation: Duration,
    /// How long after it was made a report is delivered first; the bill month is processed after as long again. None is
    /// never: a test's day does not end.
    pub delivery: Option<Duration>,
    /// How long a bearer token lives.
    pub token_lifetime: Duration,
    /// Added to every answer.
    pub latency: Duration,
    pub account_kind: AccountKind,
    /// The partition that the account is in.
    pub partition: Partition,
    /// How long the name of a deleted bucket is not given out again: on AWS up to an hour, here no time by default.
    pub bucket_name_rest: Duration,
    pub accounts: Accounts,
    /// None is no limit.
    pub rate_limit: Option<RateLimit>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            aws_port: 0,
            onboarding_port: 0,
            propagation: Duration::from_millis(1500),
            delivery: None,
            token_lifetime: Duration::from_secs(3600),
            latency: Duration::ZERO,
            account_kind: AccountKind::Payer,
            partition: Partition::Aws,
            bucket_name_rest: Duration::ZERO,
            accounts: Accounts::Own,
            rate_limit: None,
        }
    }
}

/// Both servers, running; dropping it stops them and forgets everything.
pub struct Sandbox {
    aws: SocketAddr,
    onboarding: SocketAddr,
    door: Arc<Door>,
    _running: Running,
}

impl Sandbox {
    /// Starts both servers on 127.0.0.1, on one thread of their own: work in the sandbox never blocks the caller's runtime.
    ///
    /// # Errors
    /// When a port is taken, or the system gives no thread.
    pub fn start(options: Options) -> io::Result<Self> {
        Self::after(Vec::new(), options)
    }

    /// Starts another sandbox that holds what this one holds now; from then on each goes its own way.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn another(&self, options: Options) -> io::Result<Self> {
        Self::after(self.door.history(), options)
    }

    fn after(history: Vec<(door::Side, message::Request)>, options: Options) -> io::Result<Self> {
        let aws = Arc::new(AllAccounts::new(&options));
        let validator = Validator::Embedded(Embedded { aws: Arc::clone(&aws), propagation: options.propagation });
        let onboarding =
            Onboarding::new(validator, options.token_lifetime).limited(options.rate_limit).delivered(options.delivery);
        let door = Arc::new(Door::new(Some(aws), onboarding, options.latency));
        let (aws, aws_listener) = server::bind(options.aws_port)?;
        let (onboarding, onboarding_listener) = server::bind(options.onboarding_port)?;
        let listeners = vec![(door::Side::Aws, aws_listener), (door::Side::Onboarding, onboarding_listener)];
        let running = Running::start(Arc::clone(&door), history, listeners)?;
        Ok(Self { aws, onboarding, door, _running: running })
    }

    /// The address of every AWS service: `http://127.0.0.1:PORT`.
    pub fn aws_url(&self) -> String {
        format!("http://{}", self.aws)
    }

    /// The base address of the onboarding API, both generations.
    pub fn onboarding_url(&self) -> String {
        format!("http://{}", self.onboarding)
    }

    /// The address of the token endpoint.
    pub fn login_url(&self) -> String {
        format!("{}/oidc/token", self.onboarding_url())
    }
}

/// The onboarding server alone, beside an AWS that is somebody else's.
pub struct OnboardingServer {
    address: SocketAddr,
    _running: Running,
}

/// Starts the onboarding server alone; `options.onboarding_port`, `token_lifetime` and `latency` count.
///
/// # Errors
/// When the port is taken, or the system gives no thread.
pub fn start_onboarding_only(options: Options, validator: Validator) -> io::Result<OnboardingServer> {
    let door = Door::new(None, Onboarding::new(validator, options.token_lifetime), options.latency);
    let (address, listener) = server::bind(options.onboarding_port)?;
    let running = Running::start(Arc::new(door), Vec::new(), vec![(door::Side::Onboarding, listener)])?;
    Ok(OnboardingServer { address, _running: running })
}

impl OnboardingServer {
    /// The base address of the onboarding API, both generations.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of the token endpoint.
    pub fn login_url(&self) -> String {
        format!("{}/oidc/token", self.url())
    }
}

/// The embedded AWS as Flexera's validation sees it: late.
#[derive(Clone)]
pub struct Embedded {
    aws: Arc<AllAccounts>,
    propagation: Duration,
}
