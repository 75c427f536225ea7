//! The sandbox through the real clients: an onboarding done by hand, and where AWS and Flexera say no.

#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails, helpers included")]
#![cfg(feature = "sandbox")]

/// The code of an error that AWS answered.
macro_rules! code {
    ($call:expr) => {{
        let error = $call.send().await.expect_err("AWS would refuse this");
        error.code().map(str::to_owned).unwrap_or_else(|| format!("{error:?}"))
    }};
}

mod aws;
mod door;
mod flexera;
mod hand;
