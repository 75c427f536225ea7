//! The receipt of an apply or a destroy: a record for people of what was found and done. Never an input, never with a secret.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::apply::Applied;
use crate::error::{Error, Result};
use crate::harmless;
use crate::output::json as documents;
use crate::plan::{Aim, Plan};
use crate::private_files::{self, state_folder};
use crate::steps::{Write, undo};

/// Where the receipt goes when no place was named: the user's state folder, one file for each account, organization and
/// aim, the latest run in it.
pub fn default_path(plan: &Plan) -> Option<PathBuf> {
    let onboarding = &plan.onboarding;
    let suffix = match plan.aim {
        Aim::Onboard => "",
        Aim::Destroy => "-destroy",
    };
    Some(state_folder()?.join(format!("{}-{}{suffix}.json", onboarding.account_id, onboarding.org_id)))
}

/// The receipt's text. Before an apply there is no outcome yet, but already the bucket policy as it was.
pub fn text(plan: &Plan, applied: Option<&Applied>, started: OffsetDateTime, ended: Option<OffsetDateTime>) -> String {
    let mut receipt = match applied {
        Some(applied) => documents::apply(plan, applied),
        None => documents::plan(plan),
    };
    if let Value::Object(members) = &mut receipt {
        members.insert("version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
        members.insert("started_at".to_owned(), json!(written(started)));
        members.insert("ended_at".to_owned(), json!(ended.map(written)));
        members.insert("bucket_policy_before".to_owned(), json!(policy_before(plan)));
        members.insert(
            "error".to_owned(),
            json!(applied.and_then(|applied| applied.error.as_ref()).map(documents::error_members)),
        );
    }
    format!("{}\n", harmless::json(&receipt))
}

/// Writes it: a receipt is whole or the one before.
///
/// # Errors
/// What the file system answers.
pub fn write(path: &Path, text: &str) -> Result<()> {
    private_files::replace(path, text).map(drop).map_err(|error| {
        Error::failed(format!("the receipt could not be written to {}", path.display()))
            .because(error.to_string())
            .remedy("name another place with --receipt")
    })
}

/// The policy that is about to be written over, if there is one.
pub fn policy_before(plan: &Plan) -> Option<&str> {
    plan.steps.iter().flat_map(|planned| &planned.writes).find_map(|write| match write {
        Write::BucketPolicy(write) => write.before.as_deref(),
        Write::Undo(undo::Write::BucketPolicy(write)) => Some(&*write.before),
        _ => None,
    })
}

fn written(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}
