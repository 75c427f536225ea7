//! The way to AWS's own addresses: TLS, through the environment's proxy, and nothing prepared before it is used.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// The SDK's own client reads the system's certificate authorities for every service client that is built, ten
/// milliseconds each time, whether or not a request follows. This one does it with the first request.
#[derive(Debug, Default)]
pub struct Outside {
    connectors: Mutex<HashMap<Timeouts, SharedHttpConnector>>,
}

/// How long to wait for a connection and for an answer: what connectors differ in.
type Timeouts = (Option<Duration>, Option<Duration>);

impl HttpClient for Outside {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (settings.connect_timeout(), settings.read_timeout());
        connectors.entry(key).or_insert_with(|| connector(settings, components)).clone()
    }
}

fn connector(settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
    let mut builder = Connector::builder()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .connector_settings(settings.clone())
        .proxy_config(ProxyConfig::from_env());
    builder.set_sleep_impl(components.sleep_impl());
    SharedHttpConnector::new(builder.build())
}
