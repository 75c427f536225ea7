//! Sixty-four digits that stand for a plan.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::spec::names::{Parse, Rule};

const PREFIX: &str = "sha256:";

/// The SHA-256 of a plan's `onboarding` and `steps`: of `{"onboarding":…,"steps":…}` as JSON in UTF-8, the keys of every
/// object sorted, without any blank. `jq -jcS '{onboarding, steps}' plan.json | sha256sum` makes the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of the two parts of a plan's document that say what is done.
    pub fn of(onboarding: &Value, steps: &Value) -> Self {
        let mut approved = json!({ "onboarding": onboarding, "steps": steps });
        approved.sort_all_objects();
        let digest = Sha256::digest(approved.to_string());
        Self(PREFIX.to_owned() + &digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }
}

impl Parse for Fingerprint {
    fn parse(text: &str) -> Result<Self, Rule> {
        let digits = text.strip_prefix(PREFIX).unwrap_or_default();
        if digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err("a plan's fingerprint is sha256: and 64 hexadecimal digits, as optima-onboard plan shows it".to_owned())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
