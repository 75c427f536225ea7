//! The addresses that replace AWS's own, and where each comes from. The SDK takes them from the environment and from
//! profiles without a word; whoever is about to send a payer's keys there should hear of it.
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use url::Url;

use crate::addresses::is_loopback;

/// The ids of the services that are asked: by this program, and before it by a profile's way to sign in.
const SERVICES: [&str; 9] = [
    "CloudFormation",
    "Cost and Usage Report Service",
    "IAM",
    "Organizations",
    "S3",
    "STS",
    "SSO",
    "SSO OIDC",
    "Signin",
];

const FOR_ALL: &str = "AWS_ENDPOINT_URL";

/// One address in place of AWS's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The services that are asked there; empty for all.
    pub services: Vec<&'static str>,
    /// The address, as it was given.
    pub url: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where an address comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the answers.
    Given,
    /// From the environment variable of that name.
    Variable(String),
    /// From the AWS configuration file.
    Profile,
}

impl Endpoint {
    /// Whether it is this machine's own; what is no address is not.
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.url).is_ok_and(|url| is_loopback(&url))
    }

    /// Whether the service of that id is asked there.
    pub fn replaces(&self, service: &str) -> bool {
        self.services.is_empty() || self.services.contains(&service)
    }

    /// `AWS`, or the services by name.
    pub fn who(&self) -> String {
        if self.services.is_empty() { "AWS".to_owned() } else { self.services.join(", ") }
    }
}

/// As the SDK resolves them: what the answers give holds for all; else the variable for one service, the variable for
/// all, the profile's section for one service, the profile's line for all.
pub(super) fn of(config: &SdkConfig, given: Option<&Url>) -> Vec<Endpoint> {
    if given.is_some() {
        let url = config.endpoint_url().unwrap_or_default().to_owned();
        return vec![Endpoint { services: Vec::new(), url, origin: Origin::Given }];
    }
    let mut found: Vec<Endpoint> = Vec::new();
    for service in SERVICES {
        let Some(url) = url_of(config, service) else { continue };
        let origin = origin(service, |name| std::env::var_os(name).is_some());
        match found.iter_mut().find(|other| other.url == url && other.origin == origin) {
            Some(other) => other.services.push(service),
            None => found.push(Endpoint { services: vec![service], url, origin }),
        }
    }
    for endpoint in &mut found {
        if endpoint.services.len() == SERVICES.len() {
            endpoint.services.clear();
        }
    }
    found
}

fn url_of(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env(FOR_ALL).profile("endpoint_url").build();
    let key = key.expect("all three parts of the key are given");
    let for_service = config.service_config().and_then(|configured| configured.load_config(key));
    for_service.or_else(|| config.endpoint_url().map(str::to_owned))
}

fn origin(service: &str, is_set: impl Fn(&str) -> bool) -> Origin {
    let for_service = format!("{FOR_ALL}_{}", service.to_uppercase().replace(' ', "_"));
    let variable = [for_service, FOR_ALL.to_owned()].into_iter().find(|name| is_set(name));
    variable.map_or(Origin::Profile, Origin::Variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_for_one_service_comes_first() {
        let origin = |set: &'static [&'static str]| origin("SSO OIDC", |name| set.contains(&name));
        let variable = |name: &str| Origin::Variable(name.to_owned());
        assert_eq!(origin(&["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSO_OIDC"]), variable("AWS_ENDPOINT_URL_SSO_OIDC"));
        assert_eq!(origin(&["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]), variable("AWS_ENDPOINT_URL"));
        assert_eq!(origin(&["AWS_ENDPOINT_URL_S3"]), Origin::Profile);
    }
}
