//! What the clients of one run share: open connections, each AWS configuration that was read, and the clients of an
//! account that several onboardings are in.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::OnceCell;

use super::endpoints::Endpoint;
use super::outside::Outside;
use super::{Aws, Settings};
use crate::error::Result;

/// As many as this stay in hand: a fleet's accounts come one after another, and its memory must not grow with them.
const KEPT: usize = 16;

/// Hands out clients that share what they may.
#[derive(Default)]
pub struct Connections {
    outside: OnceLock<SharedHttpClient>,
    here: OnceLock<SharedHttpClient>,
    here_with_tls: OnceLock<SharedHttpClient>,
    configurations: Recent<Settings, aws_config::SdkConfig>,
    clients: Recent<Settings, Aws>,
}

impl Connections {
    /// The clients for these settings, built once for all who ask at the same time or soon after.
    ///
    /// # Errors
    /// A usage error when the region in use is not written like one.
    pub async fn connect(&self, settings: &Settings) -> Result<Aws> {
        let slot = self.clients.slot(settings);
        slot.get_or_try_init(|| super::connect(settings, self)).await.cloned()
    }

    /// The configuration without the role to assume: many roles are assumed from one.
    pub(super) async fn configuration(&self, settings: &Settings) -> aws_config::SdkConfig {
        let base = Settings { assume_role: None, ..settings.clone() };
        let slot = self.configurations.slot(&base);
        slot.get_or_init(|| super::load(&base, self)).await.clone()
    }

    /// AWS itself.
    pub(super) fn outside(&self) -> SharedHttpClient {
        self.outside.get_or_init(|| SharedHttpClient::new(Outside::default())).clone()
    }

    /// This machine, without a proxy: the SDK's client takes the environment's for every address, and a proxy cannot
    /// reach this machine's loopback. Plain HTTP needs no certificate authorities, which a small container may not have.
    pub(super) fn here(&self, endpoints: &[Endpoint]) -> SharedHttpClient {
        let client = aws_smithy_http_client::Builder::new;
        if endpoints.iter().all(|endpoint| endpoint.url.to_lowercase().starts_with("http:")) {
            return self.here.get_or_init(|| client().build_http()).clone();
        }
        let with_tls = || client().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https();
        self.here_with_tls.get_or_init(with_tls).clone()
    }
}

/// The values asked for last, the newest at the end.
struct Recent<K, V>(Mutex<Vec<(K, Slot<V>)>>);

/// Filled by the first who comes; whoever comes meanwhile waits for it.
type Slot<V> = Arc<OnceCell<V>>;

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + PartialEq, V> Recent<K, V> {
    fn slot(&self, key: &K) -> Slot<V> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = match held.iter().position(|(known, _)| known == key) {
            Some(place) => held.remove(place).1,
            None => Slot::default(),
        };
        held.push((key.clone(), Arc::clone(&slot)));
        if held.len() > KEPT {
            held.remove(0);
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_stay_and_are_shared() {
        let recent: Recent<usize, ()> = Recent::default();
        let first = recent.slot(&0);
        for key in 1..KEPT {
            recent.slot(&key);
            assert!(Arc::ptr_eq(&first, &recent.slot(&0)), "asked for again, it is the newest");
        }
        for key in KEPT..2 * KEPT {
            recent.slot(&key);
        }
        assert!(!Arc::ptr_eq(&first, &recent.slot(&0)), "not asked for any more, it is gone");
        assert!(recent.0.lock().expect("not poisoned").len() <= KEPT);
    }
}
