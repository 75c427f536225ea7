//! What tells the onboardings of a file apart is given by nothing else: neither a flag nor a variable stands for different
//! answers of it.

use std::collections::BTreeSet;
use std::path::Path;

use crate::credentials::VARIABLES;
use crate::error::Error;
use crate::spec::answers::{Raw, name_of};
use crate::spec::fields::{CREDENTIAL_KEYS, VARIABLE_KEYS};
use crate::spec::file::Entry;

/// Answers that say which onboarding it is, or where it sends its secrets: where the file gives each its own, one for all
/// would send somebody's bill to somebody else.
const TELLING: [&str; 11] = [
    "org_id",
    "bill_account_id",
    "profile",
    "assume_role",
    "bucket",
    "external_id",
    "access_key_file",
    "api",
    "zone",
    "api_url",
    "login_url",
];

/// The error of a flag or variable that would stand for different answers of the file. Pure.
pub(super) fn stands_for_all(given: &Raw, entries: &[Entry], file: &Path, set: impl Fn(&str) -> bool) -> Option<Error> {
    let environment = |names: &[&'static str]| names.iter().find(|name| set(name)).map(|name| (*name).to_owned());
    let hiding = |key: &&str| {
        let flag = given.get(key).map(|given| name_of(key, &given.source));
        flag.or_else(|| environment(if *key == "profile" { &["AWS_PROFILE"] } else { &[] }))
    };
    let told_apart = TELLING.iter().find_map(|key| {
        let of = replaced_by(key).iter().find(|key| differ(entries, &[key]))?;
        Some((hiding(key)?, *of))
    });
    let (hiding, key) = told_apart.or_else(|| {
        let by_flag = || ["access_token_file", "refresh_token_file"].iter().find_map(hiding);
        let by_variable = || environment(if entries.iter().any(gives_way) { &VARIABLES } else { &[] });
        let one_for_all = differ(entries, &CREDENTIAL_KEYS).then(|| by_flag().or_else(by_variable));
        Some((one_for_all??, "credential"))
    })?;
    let what = format!(
        "{hiding} would stand for the {key} of all {} onboardings in {}, which differ in it",
        entries.len(),
        file.display()
    );
    let remedy = if hiding.starts_with("--") { format!("leave {hiding} out") } else { format!("unset {hiding}") };
    Some(Error::usage(what).remedy(remedy))
}

/// Whether these answers, taken together, are not the same in every entry; none at all is an answer too.
fn differ(entries: &[Entry], keys: &[&str]) -> bool {
    let together = |entry: &Entry| -> Vec<Option<String>> {
        keys.iter().map(|key| entry.raw.get(key).map(|given| given.text.clone())).collect()
    };
    entries.iter().map(together).collect::<BTreeSet<_>>().len() > 1
}

/// What an answer stands in the place of besides itself: an address replaces what API and zone would give.
fn replaced_by<'a>(key: &'a &'static str) -> &'a [&'static str] {
    match *key {
        "api_url" => &["api_url", "api", "zone"],
        "login_url" => &["login_url", "zone"],
        _ => std::slice::from_ref(key),
    }
}

/// Whether a general variable comes before the entry's own credential: before its files, after the variables it names.
fn gives_way(entry: &Entry) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|key| entry.raw.get(key).is_some());
    has(&["access_token_file", "refresh_token_file"]) && !has(&VARIABLE_KEYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::answers::{Given, Source};

    fn entry(name: &str, pairs: &[(&'static str, &str)]) -> Entry {
        let mut raw = Raw::default();
        for (key, text) in pairs {
            raw.offer(key, Given { text: (*text).to_owned(), source: Source::File("f.toml".into(), 1) });
        }
        Entry { name: name.to_owned(), raw }
    }

    fn refused(given: &[(&'static str, Source)], entries: &[Entry], set: &[&str]) -> Option<String> {
        let mut raw = Raw::default();
        for (key, source) in given {
            raw.offer(key, Given { text: "x".to_owned(), source: source.clone() });
        }
        stands_for_all(&raw, entries, Path::new("f.toml"), |name| set.contains(&name)).map(|error| error.message)
    }

    #[test]
    fn what_tells_onboardings_apart_is_given_by_nothing_else() {
        let two = |key, one, other| [entry("a", &[(key, one)]), entry("b", &[(key, other)])];
        let org = two("org_id", "1", "2");
        assert!(refused(&[("org_id", Source::Flag)], &org, &[]).is_some_and(|text| text.starts_with("--org-id would")));
        let by_variable = refused(&[("org_id", Source::Environment("OPTIMA_ORG_ID"))], &org, &[]);
        assert!(by_variable.is_some_and(|text| text.starts_with("OPTIMA_ORG_ID would stand for the org_id of all 2")));
        assert!(refused(&[], &two("profile", "a", "b"), &["AWS_PROFILE"]).is_some());
        let files = two("refresh_token_file", "a", "b");
        assert!(refused(&[], &files, &["OPTIMA_REFRESH_TOKEN"]).is_some());
        assert!(refused(&[("access_token_file", Source::Flag)], &files, &[]).is_some());
    }

    #[test]
    fn no_answer_is_an_answer_too() {
        for (key, source, set) in [
            ("profile", None, &["AWS_PROFILE"][..]),
            ("profile", Some(Source::Flag), &[]),
            ("org_id", Some(Source::Environment("OPTIMA_ORG_ID")), &[]),
            ("refresh_token_file", None, &["OPTIMA_ACCESS_TOKEN"]),
            ("zone", Some(Source::Environment("OPTIMA_ZONE")), &[]),
            ("api", Some(Source::Flag), &[]),
        ] {
            let one_of_two = [entry("a", &[(key, "x")]), entry("b", &[])];
            let given: Vec<_> = source.into_iter().map(|source| (key, source)).collect();
            assert!(refused(&given, &one_of_two, set).is_some(), "{key}");
        }
    }

    #[test]
    fn a_credential_is_told_apart_as_a_whole() {
        let two = |one, other| [entry("a", &[(one, "x")]), entry("b", &[(other, "x")])];
        let kinds = two("refresh_token_file", "access_token_file");
        let by_variable = refused(&[], &kinds, &["OPTIMA_REFRESH_TOKEN"]);
        assert!(by_variable.is_some_and(|text| text.contains("the credential of all 2")));
        let file_beside_variable = two("refresh_token_env", "refresh_token_file");
        assert!(refused(&[], &file_beside_variable, &["OPTIMA_CLIENT_ID"]).is_some());
        assert!(
            refused(&[("refresh_token_file", Source::Flag)], &two("client_id_env", "access_token_env"), &[]).is_some()
        );
        let own_variables = two("refresh_token_env", "access_token_env");
        assert_eq!(refused(&[], &own_variables, &["OPTIMA_REFRESH_TOKEN"]), None, "each names its own");
    }

    #[test]
    fn an_address_is_not_that_of_two_zones() {
        let zones = [entry("a", &[("zone", "eu")]), entry("b", &[("zone", "nam")])];
        for key in ["login_url", "api_url"] {
            let said = refused(&[(key, Source::Environment("OPTIMA_LOGIN_URL"))], &zones, &[]);
            assert!(said.is_some_and(|text| text.starts_with("OPTIMA_LOGIN_URL would stand for the zone")), "{key}");
        }
        let apis = [entry("a", &[("api", "optima")]), entry("b", &[])];
        assert!(refused(&[("api_url", Source::Flag)], &apis, &[]).is_some());
        assert_eq!(refused(&[("login_url", Source::Flag)], &apis, &[]), None, "both generations take its tokens");
    }

    #[test]
    fn what_they_share_or_leave_open_gives_way_as_always() {
        let two = |key, one, other| [entry("a", &[(key, one)]), entry("b", &[(key, other)])];
        assert_eq!(refused(&[("org_id", Source::Flag)], &two("org_id", "1", "1"), &[]), None);
        assert_eq!(refused(&[("org_id", Source::Flag)], &[entry("a", &[]), entry("b", &[])], &[]), None);
        assert_eq!(refused(&[("prefix", Source::Flag)], &two("prefix", "a", "b"), &[]), None);
        let variables = two("refresh_token_env", "A", "B");
        assert_eq!(refused(&[], &variables, &["OPTIMA_REFRESH_TOKEN", "AWS_PROFILE"]), None);
    }
}
