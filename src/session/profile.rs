//! A profile that stands in none of the AWS CLI's files is known before AWS is asked: the SDK would go on to look for
//! credentials elsewhere, and say so in its own words.

use super::{Session, variable};
use crate::aws::profiles;
use crate::error::{Error, Result};
use crate::spec::answers::name_of;
use crate::spec::nearest;

impl Session {
    /// Refuses a profile that does not exist, whether a flag, an onboarding file or `AWS_PROFILE` names it.
    ///
    /// # Errors
    /// The usage error, with the profiles that there are.
    pub(super) fn check_profile(&self) -> Result<()> {
        let Some((name, given_as)) = self.named_profile() else { return Ok(()) };
        let files: Vec<_> = profiles::files().into_iter().flatten().collect();
        // What cannot be read may hold it: then the SDK has the word.
        let unread = files.iter().any(|file| file.exists() && std::fs::read_to_string(file).is_err());
        let known = profiles::names();
        if unread || known.contains(&name) {
            return Ok(());
        }
        let places: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        Err(unknown(&name, &given_as, &known, &places.join(" or ")))
    }

    /// The profile that will sign, and what names it. A rehearsal's is a name and nothing else.
    fn named_profile(&self) -> Option<(String, String)> {
        if self.is_rehearsal() {
            return None;
        }
        if let Some(name) = &self.answers.profile {
            let given = self.raw.get("profile").map(|given| name_of("profile", &given.source));
            return Some((name.clone(), given.unwrap_or_else(|| "--profile".to_owned())));
        }
        // With other credentials at hand the SDK never comes to it, and it may do without a default.
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let others = ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
        let others = others.into_iter().chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI"]).any(|name| set(name).is_some());
        let name = set("AWS_PROFILE").filter(|name| !others && name != "default")?;
        Some((name, "AWS_PROFILE".to_owned()))
    }
}

fn unknown(name: &str, given_as: &str, known: &[String], places: &str) -> Error {
    let error = Error::usage(format!("{given_as}: there is no profile {name} in {places}"));
    let make = format!("aws configure sso --profile {}", crate::spec::command::quoted(name));
    if known.is_empty() {
        return error.because("no profile at all is there").remedy(format!("{make} makes it"));
    }
    let error = error.because(format!("there are {}", known.join(", ")));
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => error.remedy(format!(
            "the same command with --profile {}, if that is meant; {make} makes another",
            crate::spec::command::quoted(near)
        )),
        None => error.remedy(format!("the same command with --profile and one of those; {make} makes another")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_that_does_not_exist_is_told_with_those_that_do_and_the_nearest_first() {
        let told = |name: &str, known: &[&str]| {
            let known: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
            unknown(name, "AWS_PROFILE", &known, "a or b")
        };
        let slip = told("pyer", &["default", "payer"]);
        assert_eq!(slip.message, "AWS_PROFILE: there is no profile pyer in a or b");
        assert_eq!(slip.cause.as_deref(), Some("there are default, payer"));
        assert!(slip.remedy.is_some_and(|next| next.starts_with("the same command with --profile payer,")));
        let other = told("x y", &["default", "payer"]).remedy.unwrap_or_default();
        assert!(!other.contains("--profile payer") && other.contains("--profile 'x y'"), "{other}");
        assert!(told("payer", &[]).remedy.is_some_and(|next| next.ends_with("makes it")));
    }
}
