//! Connects an AWS payer account's billing data to Flexera Optima.
pub mod error;
pub mod secret;
#[cfg(feature = "sandbox")]
pub mod sandbox;
