//! The credential for the onboarding API: from a file, stdin or the environment; never from a flag.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, Result};
use crate::onboarding::Credential;
use crate::secret::{Cleared, Secret};
use crate::spec::answers::{Answers, Raw};

/// What a person is told to give when there is none.
pub const MISSING: &str = "--refresh-token-file (or OPTIMA_REFRESH_TOKEN, OPTIMA_ACCESS_TOKEN, --access-token-file, or OPTIMA_CLIENT_ID with OPTIMA_CLIENT_SECRET)";

/// The longest token that is read from a file, in bytes; those of Flexera have about a thousand.
const LONGEST: usize = 64 * 1024;

/// The environment variables that hold a credential.
pub const VARIABLES: [&str; 4] =
    ["OPTIMA_ACCESS_TOKEN", "OPTIMA_REFRESH_TOKEN", "OPTIMA_CLIENT_ID", "OPTIMA_CLIENT_SECRET"];

/// Looks for a credential: files named by flags first, then the environment, then files named in an onboarding file.
///
/// # Errors
/// A usage error for a file that cannot be read, an empty value, or half a client.
pub fn find(answers: &Answers, raw: &Raw, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Credential>> {
    let named = |in_onboarding_file: bool| {
        let here = |key: &str| raw.is_from_file(key) == in_onboarding_file;
        let access = answers.access_token_file.as_deref().filter(|_| here("access_token_file"));
        let refresh = answers.refresh_token_file.as_deref().filter(|_| here("refresh_token_file"));
        match (access, refresh) {
            (Some(path), _) => read(path, "--access-token-file").map(|secret| Some(Credential::AccessToken(secret))),
            (None, Some(path)) => {
                read(path, "--refresh-token-file").map(|secret| Some(Credential::RefreshToken(secret)))
            }
            (None, None) => Ok(None),
        }
    };
    if let Some(credential) = named(false)? {
        return Ok(Some(credential));
    }
    match from_environment(variable)? {
        Some(credential) => Ok(Some(credential)),
        None => named(true),
    }
}

fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Credential>> {
    let [access, refresh, id, client_secret] =
        VARIABLES.map(|name| variable(name).map(|value| usable(name, value.into())));
    if let Some(secret) = access {
        return Ok(Some(Credential::AccessToken(secret?)));
    }
    if let Some(secret) = refresh {
        return Ok(Some(Credential::RefreshToken(secret?)));
    }
    match (id, client_secret) {
        (None, None) => Ok(None),
        (Some(id), Some(secret)) => Ok(Some(Credential::Client { id: id?.expose().to_owned(), secret: secret? })),
        (Some(_), None) => {
            Err(Error::usage("OPTIMA_CLIENT_ID is set, OPTIMA_CLIENT_SECRET is not").remedy("set both, or neither"))
        }
        (None, Some(_)) => {
            Err(Error::usage("OPTIMA_CLIENT_SECRET is set, OPTIMA_CLIENT_ID is not").remedy("set both, or neither"))
        }
    }
}

fn read(path: &Path, flag: &str) -> Result<Secret> {
    let failed = |error: std::io::Error| {
        Error::usage(format!("{flag} {}: the file cannot be read", path.display())).because(error.to_string())
    };
    let mut text = Cleared::new(String::with_capacity(LONGEST));
    // One byte more than is taken, to see that there is more.
    let bound = LONGEST as u64 + 1;
    if path == Path::new("-") {
        std::io::stdin().lock().take(bound).read_to_string(&mut text).map_err(failed)?;
    } else {
        File::open(path).and_then(|file| file.take(bound).read_to_string(&mut text)).map_err(failed)?;
    }
    if text.len() > LONGEST {
        return Err(Error::usage(format!("{flag} {}: no token is so long", path.display()))
            .because(format!("a token has at most {LONGEST} bytes"))
            .remedy("name the file that holds the token alone"));
    }
    usable(flag, Secret::new(&text))
}

/// What should be said of the files that hold a credential: one that others can read is no secret any more.
pub fn exposed(answers: &Answers) -> Vec<String> {
    let files =
        [("--access-token-file", &answers.access_token_file), ("--refresh-token-file", &answers.refresh_token_file)];
    files.into_iter().filter_map(|(flag, path)| exposure(flag, path.as_deref()?)).collect()
}

#[cfg(unix)]
fn exposure(flag: &str, path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let found = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let mode = found.permissions().mode() & 0o777;
    let shown = path.display();
    (mode & 0o077 != 0)
        .then(|| format!("{flag} {shown} can be read by others (its mode is {mode:04o}): chmod 600 {shown}"))
}

/// Elsewhere a file's rights are its folder's, and who may read it cannot be told so simply.
#[cfg(not(unix))]
fn exposure(_: &str, _: &Path) -> Option<String> {
    None
}

/// A secret goes into a header: white space or control characters in it would be an accident.
fn usable(name: &str, secret: Secret) -> Result<Secret> {
    if secret.is_empty() {
        return Err(Error::usage(format!("{name} is empty")).remedy("leave it out, or give the token"));
    }
    if !secret.is_graphic() {
        return Err(Error::usage(format!("{name} holds spaces, line breaks or other characters that no token has"))
            .remedy("give the token alone"));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &'static [(&'static str, &'static str)]) -> Result<Option<Credential>> {
        find(&Answers::default(), &Raw::default(), |name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_gives_one_credential() {
        assert!(from(&[]).expect("none is fine").is_none());
        assert!(matches!(from(&[("OPTIMA_REFRESH_TOKEN", "r")]), Ok(Some(Credential::RefreshToken(_)))));
        assert!(matches!(
            from(&[("OPTIMA_ACCESS_TOKEN", "a"), ("OPTIMA_REFRESH_TOKEN", "r")]),
            Ok(Some(Credential::AccessToken(_)))
        ));
        assert!(matches!(
            from(&[("OPTIMA_CLIENT_ID", "i"), ("OPTIMA_CLIENT_SECRET", "s")]),
            Ok(Some(Credential::Client { .. }))
        ));
    }

    #[test]
    fn empty_broken_and_half_ones_are_errors() {
        for variables in [
            &[("OPTIMA_REFRESH_TOKEN", "")][..],
            &[("OPTIMA_REFRESH_TOKEN", "a\nb")],
            &[("OPTIMA_CLIENT_ID", "i")],
            &[("OPTIMA_CLIENT_SECRET", "s")],
        ] {
            let found = find(&Answers::default(), &Raw::default(), |name| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            });
            assert!(found.is_err(), "{variables:?}");
        }
    }
}
