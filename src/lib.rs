//! Connects an AWS payer account's billing data to Flexera Optima.
pub mod documents;
pub mod error;
pub mod onboarding;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod secret;
pub mod spec;
