//! What was given besides answers: how to run, the onboarding file, and the environment.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::spec::answers::{Given, Raw, Source, name_of};
use crate::spec::file::{self, File};
use crate::spec::names::{Access, Parse};
use crate::steps::Step;

/// How to run, whoever asks for it.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The onboarding file.
    pub file: Option<PathBuf>,
    /// Whether asking is ruled out.
    pub no_input: bool,
    /// Whether the embedded worlds are used.
    pub sandbox: bool,
    /// The bound for waiting on propagation and validation.
    pub patience: Duration,
    /// The bound for a wait of hours, where one was given.
    pub wait_at_most: Option<Duration>,
    /// The bound for one request, where one was given.
    pub request_timeout: Option<Duration>,
    /// Whether a member account may be onboarded.
    pub allow_member_account: bool,
}

/// What was given, and what an onboarding file of one says besides.
///
/// # Errors
/// A usage error when the file cannot be read or used, or describes many.
pub fn with_file(mut raw: Raw, path: Option<&Path>) -> Result<Raw> {
    let Some(path) = path else { return Ok(raw) };
    match read_file(path)? {
        File::One(found) => raw.fill_from(found),
        File::Many(_) => return Err(one_is_needed(path)),
    }
    Ok(raw)
}

/// The error of a command that takes one onboarding, for a file of many.
fn one_is_needed(path: &Path) -> Error {
    Error::usage(format!("{} describes many onboardings, and this command takes one", path.display()))
        .remedy("plan, apply and verify take many; for this one, give its answers as flags, or in a file of its own")
}

/// The onboarding file's content.
pub(super) fn read_file(path: &Path) -> Result<File> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::usage(format!("--file {}: cannot be read", path.display()))
            .because(error.to_string())
            .remedy("name an onboarding file that is there; optima-onboard help file shows how one is written")
    })?;
    file::read(path, &text)
}

/// The step that makes a role or a user says how Flexera gets in.
///
/// # Errors
/// A usage error where the other way was given.
pub(super) fn say_access(raw: &mut Raw, step: Step) -> Result<()> {
    let (access, other) = match step {
        Step::Role => (Access::Role, Access::User),
        Step::User => (Access::User, Access::Role),
        _ => return Ok(()),
    };
    match raw.get("access") {
        Some(given) if Access::parse(&given.text) == Ok(other) => {
            let given = name_of("access", &given.source);
            Err(Error::usage(format!("{given} says {other}, and this makes the {access}"))
                .remedy(format!("leave it out; or optima-onboard {other} with the same answers makes the {other}")))
        }
        Some(_) => Ok(()),
        // By a role is what is meant where nothing is said.
        None if access == Access::default() => Ok(()),
        None => {
            raw.offer("access", Given { text: access.to_string(), source: Source::Flag });
            Ok(())
        }
    }
}

/// What the SDK reads in place of an answer.
const PLACES: [(&str, &str); 2] = [("region", "AWS_REGION"), ("endpoint_url", "AWS_ENDPOINT_URL")];

/// The AWS variables are the SDK's to read; a file's answer must not come before them.
pub fn give_way_to_environment(raw: &mut Raw) {
    for (key, name) in [("profile", "AWS_PROFILE"), ("profile", "AWS_ACCESS_KEY_ID")].into_iter().chain(PLACES) {
        give_way(raw, key, name);
    }
}

/// The same for one of many: its profile says whose account it is, and nothing in the environment can say that for all.
pub(super) fn give_way_as_one_of_many(raw: &mut Raw) {
    for (key, name) in PLACES {
        give_way(raw, key, name);
    }
}

fn give_way(raw: &mut Raw, key: &str, name: &str) {
    if variable(name).is_some_and(|value| !value.is_empty()) {
        raw.forget_from_file(key);
    }
}

/// A variable of the environment.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}
