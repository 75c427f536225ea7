//! The credential for the onboarding API: from a file, stdin or the environment; never from a flag.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::onboarding::Credential;
use crate::secret::{Cleared, Secret};
use crate::spec::answers::{Answers, Raw, name_of};
use crate::spec::fields::VARIABLE_KEYS;

/// What a person is told to give when there is none.
pub const MISSING: &str = "--refresh-token-file (or OPTIMA_REFRESH_TOKEN, OPTIMA_ACCESS_TOKEN, --access-token-file, or OPTIMA_CLIENT_ID with OPTIMA_CLIENT_SECRET)";

/// The longest token that is read from a file, in bytes; those of Flexera have about a thousand.
const LONGEST: usize = 64 * 1024;

/// The environment variables that hold a credential.
pub const VARIABLES: [&str; 4] =
    ["OPTIMA_ACCESS_TOKEN", "OPTIMA_REFRESH_TOKEN", "OPTIMA_CLIENT_ID", "OPTIMA_CLIENT_SECRET"];

/// Where credentials are read: each file once, so that many onboardings may name the same, or stdin.
pub struct Sources<F> {
    variable: F,
    read: RefCell<BTreeMap<PathBuf, Secret>>,
}

impl<F: Fn(&str) -> Option<String>> Sources<F> {
    /// With the environment that `variable` looks into.
    pub fn new(variable: F) -> Self {
        Self { variable, read: RefCell::default() }
    }

    /// Looks for a credential: files named by flags first, then the environment, then files named in an onboarding
    /// file. Variables that an onboarding names as its own stand in the place of the general ones.
    ///
    /// # Errors
    /// A usage error for a file that cannot be read, an empty value, a named variable that is not set, or half a client.
    pub fn find(&self, answers: &Answers, raw: &Raw) -> Result<Option<Credential>> {
        let (in_file, by_flag): (Vec<TokenFile>, Vec<TokenFile>) =
            TokenFile::all(answers).partition(|file| raw.is_from_file(file.key));
        if let Some(file) = by_flag.first() {
            return self.open(file).map(Some);
        }
        match self.in_variables(&Names::of(raw))? {
            Some(credential) => Ok(Some(credential)),
            None => in_file.first().map(|file| self.open(file)).transpose(),
        }
    }

    fn open(&self, file: &TokenFile) -> Result<Credential> {
        self.read(file.path, file.flag).map(file.holds)
    }

    fn in_variables(&self, names: &Names) -> Result<Option<Credential>> {
        let [access, refresh, id, client_secret] = names.each.each_ref().map(|name| self.value(names, name));
        if let Some(secret) = access? {
            return Ok(Some(Credential::AccessToken(secret)));
        }
        if let Some(secret) = refresh? {
            return Ok(Some(Credential::RefreshToken(secret)));
        }
        match (id?, client_secret?) {
            (None, None) => Ok(None),
            (Some(id), Some(secret)) => Ok(Some(Credential::Client { id: id.expose().to_owned(), secret })),
            (Some(_), None) => Err(names.half(2, 3)),
            (None, Some(_)) => Err(names.half(3, 2)),
        }
    }

    fn value(&self, names: &Names, name: &Option<String>) -> Result<Option<Secret>> {
        let Some(name) = name else { return Ok(None) };
        match (self.variable)(name) {
            Some(value) => usable(name, value.into()).map(Some),
            None if names.place.is_some() => Err(names.unset(name)),
            None => Ok(None),
        }
    }

    fn read(&self, path: &Path, flag: &str) -> Result<Secret> {
        if let Some(secret) = self.read.borrow().get(path) {
            return Ok(secret.clone());
        }
        let secret = read(path, flag)?;
        self.read.borrow_mut().insert(path.to_owned(), secret.clone());
        Ok(secret)
    }
}

/// A file that was named for its token.
struct TokenFile<'a> {
    /// The answer that names it.
    key: &'static str,
    flag: &'static str,
    path: &'a Path,
    /// The credential that its token is.
    holds: fn(Secret) -> Credential,
}

impl<'a> TokenFile<'a> {
    /// Those there are; of two, the first is taken.
    fn all(answers: &'a Answers) -> impl Iterator<Item = Self> {
        let Answers { access_token_file, refresh_token_file, .. } = answers;
        let access = access_token_file.as_deref().map(|path| Self {
            key: "access_token_file",
            flag: "--access-token-file",
            path,
            holds: Credential::AccessToken,
        });
        let refresh = refresh_token_file.as_deref().map(|path| Self {
            key: "refresh_token_file",
            flag: "--refresh-token-file",
            path,
            holds: Credential::RefreshToken,
        });
        access.into_iter().chain(refresh)
    }
}

/// Which variables hold the credential, in the order of [`VARIABLES`].
struct Names {
    each: [Option<String>; 4],
    /// Where an onboarding names them as its own; each must then be set.
    place: Option<String>,
}

impl Names {
    fn of(raw: &Raw) -> Self {
        let each = VARIABLE_KEYS.map(|key| raw.get(key).map(|given| given.text.clone()));
        let first = VARIABLE_KEYS.iter().find_map(|key| Some(name_of(key, &raw.get(key)?.source)));
        match first {
            Some(place) => Self { each, place: Some(place) },
            None => Self { each: VARIABLES.map(|name| Some(name.to_owned())), place: None },
        }
    }

    fn unset(&self, name: &str) -> Error {
        let place = self.place.as_deref().unwrap_or_default();
        Error::usage(format!("{place}: the environment variable {name} is not set"))
            .remedy(format!("set {name}, or name another variable there"))
    }

    fn half(&self, set: usize, missing: usize) -> Error {
        match &self.place {
            Some(place) => {
                Error::usage(format!("{place}: {} is named, {} is not", VARIABLE_KEYS[set], VARIABLE_KEYS[missing]))
                    .remedy("name both, or neither")
            }
            None => Error::usage(format!("{} is set, {} is not", VARIABLES[set], VARIABLES[missing]))
                .remedy("set both, or neither"),
        }
    }
}

fn read(path: &Path, flag: &str) -> Result<Secret> {
    let failed = |error: std::io::Error| {
        Error::usage(format!("{flag} {}: the file cannot be read", path.display()))
            .because(error.to_string())
            .remedy("name a file that you may read and that holds the token alone, or - for standard input")
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
    TokenFile::all(answers).filter_map(|file| exposure(file.flag, file.path)).collect()
}

#[cfg(unix)]
fn exposure(flag: &str, path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;

    use crate::spec::command::quoted;
    let found = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let mode = found.permissions().mode() & 0o777;
    let shown = path.display();
    (mode & 0o077 != 0).then(|| {
        format!(
            "{flag} {shown} can be read by others (its mode is {mode:04o}): chmod 600 {}",
            quoted(&shown.to_string())
        )
    })
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
    use crate::spec::answers::{Given, Source};

    fn found(variables: &'static [(&'static str, &'static str)], raw: &Raw) -> Result<Option<Credential>> {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Sources::new(variable).find(&Answers::read(raw).expect("right answers"), raw)
    }

    fn from(variables: &'static [(&'static str, &'static str)]) -> Result<Option<Credential>> {
        found(variables, &Raw::default())
    }

    fn naming(pairs: &[(&'static str, &str)]) -> Raw {
        let mut raw = Raw::default();
        for (key, text) in pairs {
            raw.offer(key, Given { text: (*text).to_owned(), source: Source::File("f.toml".into(), 7) });
        }
        raw
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
            assert!(from(variables).is_err(), "{variables:?}");
        }
    }

    #[test]
    fn an_onboarding_names_its_own_variables() {
        let token = naming(&[("refresh_token_env", "ACME")]);
        let both: &[(&str, &str)] = &[("OPTIMA_REFRESH_TOKEN", "general"), ("ACME", "own")];
        let Ok(Some(Credential::RefreshToken(secret))) = found(both, &token) else { panic!("a token") };
        assert_eq!(secret.expose(), "own");
        let unset = found(&[("OPTIMA_REFRESH_TOKEN", "general")], &token).expect_err("never somebody else's");
        assert_eq!(unset.message, "f.toml:7: refresh_token_env: the environment variable ACME is not set");
        let client = naming(&[("client_id_env", "I"), ("client_secret_env", "S")]);
        assert!(matches!(found(&[("I", "i"), ("S", "s")], &client), Ok(Some(Credential::Client { .. }))));
        let half = found(&[("I", "i")], &naming(&[("client_id_env", "I")])).expect_err("half a client");
        assert!(half.message.contains("client_secret_env is not"), "{}", half.message);
    }

    #[test]
    fn a_file_is_read_once_for_all_who_name_it() {
        let path = std::env::temp_dir().join(format!("optima-onboard-token-{}", std::process::id()));
        std::fs::write(&path, "first").expect("written");
        let raw = naming(&[("refresh_token_file", path.to_str().expect("plain"))]);
        let answers = Answers::read(&raw).expect("right answers");
        let sources = Sources::new(|_: &str| None);
        sources.find(&answers, &raw).expect("read");
        std::fs::remove_file(&path).expect("removed");
        assert!(
            matches!(sources.find(&answers, &raw), Ok(Some(Credential::RefreshToken(secret))) if secret.expose() == "first")
        );
    }
}
