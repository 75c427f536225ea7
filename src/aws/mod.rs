//! The door to AWS: the only place that reads AWS configuration and builds clients. The SDK's types stop in this
//! folder; what comes out are small structs of our own.

pub mod buckets;
mod classify;
mod connections;
pub mod contents;
mod denial;
pub mod endpoints;
pub mod fault;
#[cfg(test)]
mod fuzz;
pub mod identity;
pub mod keys;
mod outside;
pub mod policies;
pub mod profiles;
pub mod reports;
pub mod roles;
pub mod simulate;
pub mod stacks;
pub mod users;

use std::sync::Arc;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::default_provider::region::DefaultRegionChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_types::error::operation::BuildError;
use tokio::sync::OnceCell;
use url::Url;

use crate::aws::identity::Caller;
use crate::error::Error;
use crate::secret::Secret;
use crate::spec::names::{FALLBACK_REGION, Parse, Region, RoleArn};
use endpoints::Endpoint;

pub use connections::Connections;

/// How to reach AWS and as whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// A profile, which then signs whatever keys the environment has; else what the environment says.
    pub profile: Option<String>,
    /// A region; else what environment and profile say.
    pub region: Option<Region>,
    /// Instead of AWS's own addresses.
    pub endpoint_url: Option<Url>,
    /// Act as this role.
    pub assume_role: Option<RoleArn>,
    /// Fixed credentials, for the embedded sandbox: key id and secret.
    pub fixed_credentials: Option<(String, Secret)>,
    /// The bound for one attempt, answer and all; else 20 s.
    pub request_timeout: Option<Duration>,
}

/// Clients for one account, cheap to clone, sharing connections.
#[derive(Clone, Debug)]
pub struct Aws {
    sts: aws_sdk_sts::Client,
    iam: aws_sdk_iam::Client,
    /// Without retries: for what must not be sent twice unasked, and for what is not worth waiting for.
    iam_once: aws_sdk_iam::Client,
    organizations: aws_sdk_organizations::Client,
    reports: aws_sdk_costandusagereport::Client,
    stacks: aws_sdk_cloudformation::Client,
    s3_config: aws_sdk_s3::Config,
    region: Region,
    endpoints: Vec<Endpoint>,
    /// Asked once, for everyone who shares these clients.
    caller: Arc<OnceCell<Caller>>,
}

/// Five attempts in the standard mode; the adaptive one took 26 s where this took 1.5 s for two throttled answers.
const ATTEMPTS: u32 = 5;

/// No answer that is asked for here takes AWS longer.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// Reads the AWS configuration and builds the clients; asks nothing of AWS, unless a role is to be assumed.
///
/// # Errors
/// A usage error when the region in use is not written like one.
async fn connect(settings: &Settings, connections: &Connections) -> Result<Aws, Error> {
    let config = connections.configuration(settings).await;
    let region_text = config.region().map_or(FALLBACK_REGION, |region| region.as_ref()).to_owned();
    let region = Region::parse(&region_text).map_err(|rule| {
        Error::usage(format!("the AWS region {region_text:?}: {rule}")).remedy("set --region or AWS_REGION")
    })?;
    let endpoints = endpoints::of(&config, settings.endpoint_url.as_ref());
    let config = if endpoints.iter().any(Endpoint::is_loopback) {
        config.to_builder().http_client(connections.here(&endpoints)).build()
    } else {
        config
    };
    let config = match &settings.assume_role {
        Some(role) => assume(config, role).await,
        None => config,
    };
    Ok(clients(&config, region, endpoints))
}

fn clients(config: &aws_config::SdkConfig, region: Region, endpoints: Vec<Endpoint>) -> Aws {
    let iam = aws_sdk_iam::config::Builder::from(config);
    Aws {
        sts: aws_sdk_sts::Client::from_conf(
            aws_sdk_sts::config::Builder::from(config).retry_classifier(classify::WrongBody).build(),
        ),
        iam_once: aws_sdk_iam::Client::from_conf(iam.clone().retry_config(RetryConfig::disabled()).build()),
        iam: aws_sdk_iam::Client::from_conf(
            iam.retry_classifier(classify::ConcurrentChange).retry_classifier(classify::WrongBody).build(),
        ),
        organizations: aws_sdk_organizations::Client::from_conf(
            aws_sdk_organizations::config::Builder::from(config).retry_classifier(classify::WrongBody).build(),
        ),
        reports: reports_client(config, &region),
        stacks: aws_sdk_cloudformation::Client::from_conf(
            aws_sdk_cloudformation::config::Builder::from(config).retry_classifier(classify::WrongBody).build(),
        ),
        s3_config: aws_sdk_s3::config::Builder::from(config)
            // An endpoint by name (localhost) would else be asked for at bucket.localhost.
            .force_path_style(endpoints.iter().any(|endpoint| endpoint.replaces("S3")))
            .retry_classifier(classify::ConcurrentChange)
            .retry_classifier(classify::WrongBody)
            .build(),
        region,
        endpoints,
        caller: Arc::default(),
    }
}

impl Aws {
    /// The region in use.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The addresses that replace AWS's own, from flag, environment or profile.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// S3 in the bucket's own region: elsewhere it answers with a redirect.
    fn s3(&self, region: &Region) -> aws_sdk_s3::Client {
        let region = aws_sdk_s3::config::Region::new(region.as_str().to_owned());
        aws_sdk_s3::Client::from_conf(self.s3_config.to_builder().region(region).build())
    }
}

async fn load(settings: &Settings, connections: &Connections) -> aws_config::SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(settings.request_timeout.unwrap_or(ATTEMPT_TIMEOUT))
        .build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(connections.outside())
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts)
        .app_name(aws_config::AppName::new("optima-onboard").expect("letters and a hyphen are a valid app name"));
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    // Nothing here depends on a region but a new bucket's default, so a configuration without one is no error.
    let mut configured = DefaultRegionChain::builder();
    if let Some(profile) = &settings.profile {
        configured = configured.profile_name(profile);
    }
    let region = settings.region.as_ref().map(|region| aws_config::Region::new(region.as_str().to_owned()));
    loader = loader.region(RegionProviderChain::first_try(region).or_else(configured.build()).or_else(FALLBACK_REGION));
    if let Some(url) = &settings.endpoint_url {
        loader = loader.endpoint_url(url.as_str().trim_end_matches('/'));
    }
    if let Some((id, secret)) = &settings.fixed_credentials {
        let credentials = Credentials::new(id, secret.expose(), None, None, "sandbox");
        loader = loader.credentials_provider(SharedCredentialsProvider::new(credentials));
        return loader.load().await;
    }
    let config = loader.load().await;
    match &settings.profile {
        Some(profile) => signed_by(config, profile),
        None => config,
    }
}

/// The profile's own way to sign in, in place of the SDK's chain, which asks the environment for keys before any profile:
/// whoever names a profile means it.
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html>, on `AWS_PROFILE`.
fn signed_by(config: aws_config::SdkConfig, profile: &str) -> aws_config::SdkConfig {
    let mut asking = ProviderConfig::empty()
        .with_behavior_version(config.behavior_version())
        .with_region(config.region().cloned())
        .with_use_fips(config.use_fips())
        .with_use_dual_stack(config.use_dual_stack());
    if let Some(http_client) = config.http_client() {
        asking = asking.with_http_client(http_client);
    }
    if let Some(sleep) = config.sleep_impl() {
        asking = asking.with_sleep_impl(sleep);
    }
    if let Some(time) = config.time_source() {
        asking = asking.with_time_source(time);
    }
    if let Some(retries) = config.retry_config() {
        asking = asking.with_retry_config(retries.clone());
    }
    if let Some(timeouts) = config.timeout_config() {
        asking = asking.with_timeout_config(timeouts.clone());
    }
    let provider = ProfileFileCredentialsProvider::builder().configure(&asking).profile_name(profile).build();
    config.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

async fn assume(config: aws_config::SdkConfig, role: &RoleArn) -> aws_config::SdkConfig {
    let provider =
        AssumeRoleProvider::builder(role.as_str()).session_name("optima-onboard").configure(&config).build().await;
    // A cache of its own: one for all roles would keep every role's credentials to the end.
    let cache = aws_config::identity::IdentityCache::lazy().build();
    config.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).identity_cache(cache).build()
}

/// The cost and usage report service has one endpoint for each partition, whatever the bucket's region. Elsewhere the SDK
/// would build an address that does not exist.
fn reports_client(config: &aws_config::SdkConfig, region: &Region) -> aws_sdk_costandusagereport::Client {
    let region = aws_config::Region::new(region.partition().report_region());
    aws_sdk_costandusagereport::Client::from_conf(
        aws_sdk_costandusagereport::config::Builder::from(config)
            .region(region)
            .retry_classifier(classify::WrongBody)
            .build(),
    )
}

/// A request that lacks a required member never leaves the process: the types above fill every one.
fn complete<T>(built: Result<T, BuildError>) -> T {
    built.expect("every required member of this request is set where it is built")
}
