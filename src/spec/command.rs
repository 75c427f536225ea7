//! The one non-interactive command that repeats what was answered, secrets left out.

use std::path::PathBuf;

use crate::spec::answers::Answers;
use crate::spec::names::FALLBACK_REGION;

/// The switch for the embedded worlds.
pub const SANDBOX: &str = "--sandbox";

/// The command with the switches of the run, each word quoted for a POSIX shell where it needs to be.
pub fn equivalent(verb: &str, switches: &[&str], answers: &Answers) -> String {
    let rehearsal = switches.contains(&SANDBOX);
    let mut words = vec!["optima-onboard".to_owned(), verb.to_owned()];
    words.extend(switches.iter().map(|switch| (*switch).to_owned()));
    for (flag, value) in given(answers, rehearsal) {
        words.push(flag.to_owned());
        words.push(quoted(&value));
    }
    for (key, value) in answers.tags.iter() {
        words.push("--tag".to_owned());
        words.push(quoted(&format!("{key}={value}")));
    }
    words.join(" ")
}

/// Every answer that was given, by its flag, in the order in which a person would say them; the sandbox's own addresses are
/// no answers. A flat table, and long for that: a test holds it against every field.
pub(super) fn given(of: &Answers, rehearsal: bool) -> Vec<(&'static str, String)> {
    let outside = |value: Option<String>| value.filter(|_| !rehearsal);
    // A rehearsal begins in this one by itself; another says in which partition it is.
    let region = text(&of.region).filter(|region| !rehearsal || region != FALLBACK_REGION);
    let table = [
        ("--profile", of.profile.clone()),
        ("--region", region),
        ("--endpoint-url", outside(text(&of.endpoint_url))),
        ("--assume-role", text(&of.assume_role)),
        ("--org-id", text(&of.org_id)),
        ("--api", text(&of.api)),
        ("--zone", text(&of.zone)),
        ("--api-url", outside(text(&of.api_url))),
        ("--login-url", outside(text(&of.login_url))),
        ("--access-token-file", path(&of.access_token_file)),
        ("--refresh-token-file", path(&of.refresh_token_file)),
        ("--bill-account-id", text(&of.bill_account_id)),
        ("--effective-from", text(&of.effective_from)),
        ("--reuse-report", text(&of.reuse_report)),
        ("--bucket", text(&of.bucket)),
        ("--bucket-region", text(&of.bucket_region)),
        ("--prefix", text(&of.prefix)),
        ("--report-name", text(&of.report_name)),
        ("--access", text(&of.access)),
        ("--policy-set", text(&of.policy_set)),
        ("--policy-name", text(&of.policy_name)),
        ("--role-name", text(&of.role_name)),
        ("--user-name", text(&of.user_name)),
        ("--external-id", text(&of.external_id)),
        ("--trusted-principal", text(&of.trusted_principal)),
        ("--session-name", text(&of.session_name)),
        ("--access-key-file", path(&of.access_key_file)),
    ];
    table.into_iter().filter_map(|(flag, value)| Some((flag, value?))).collect()
}

fn text(value: &Option<impl ToString>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

fn path(value: &Option<PathBuf>) -> Option<String> {
    value.as_ref().map(|path| path.display().to_string())
}

/// A word as a POSIX shell takes it for one.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::answers::{Given, Raw, Source};
    use crate::spec::fields::FIELDS;

    #[test]
    fn every_field_comes_back_as_its_flag() {
        let sample = |key: &str| match key {
            "org_id" => "12345",
            "api" => "flexera-one",
            "zone" => "eu",
            "api_url" | "login_url" | "endpoint_url" => "https://example.com/",
            "bill_account_id" => "123456789012",
            "effective_from" => "2026-01",
            "bucket_region" | "region" => "eu-west-1",
            "bucket" => "some-bucket",
            "access" => "role",
            "policy_set" => "optima",
            "trusted_principal" | "assume_role" => "arn:aws:iam::123456789012:role/R",
            _ => "some-value",
        };
        for field in FIELDS {
            let mut raw = Raw::default();
            if field.key == "access_key_file" {
                raw.offer("access", Given { text: "user".into(), source: Source::Flag });
            } else {
                raw.offer("api", Given { text: "flexera-one".into(), source: Source::Flag });
            }
            raw.offer(field.key, Given { text: sample(field.key).into(), source: Source::Flag });
            let answers = Answers::parse(&raw).unwrap_or_else(|error| panic!("{}: {error}", field.key));
            let command = equivalent("apply", &[], &answers);
            assert!(
                command.contains(&format!("{} {}", field.flag, sample(field.key))),
                "{} missing in {command}",
                field.flag
            );
        }
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("arn:aws:iam::1:role/x"), "arn:aws:iam::1:role/x");
        assert_eq!(quoted(""), "''");
    }
}
