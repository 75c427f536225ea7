//! The one non-interactive command that repeats what was answered, secrets left out.

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

/// Every answer that was given, by its flag; the sandbox's own addresses are no answers.
pub(super) fn given(answers: &Answers, rehearsal: bool) -> Vec<(&'static str, String)> {
    // Destructured, so that an answer that is new cannot be forgotten here.
    let Answers {
        org_id,
        api,
        zone,
        api_url,
        login_url,
        access_token_file,
        refresh_token_file,
        bill_account_id,
        effective_from,
        bucket,
        bucket_region,
        prefix,
        report_name,
        reuse_report,
        access,
        policy_set,
        policy_name,
        role_name,
        user_name,
        external_id,
        trusted_principal,
        session_name,
        access_key_file,
        profile,
        region,
        endpoint_url,
        assume_role,
        tags: _,
    } = answers;
    fn text<T: ToString>(value: &Option<T>) -> Option<String> {
        value.as_ref().map(ToString::to_string)
    }
    let outside = |value: Option<String>| value.filter(|_| !rehearsal);
    // A rehearsal begins in this one by itself; another says in which partition it is.
    let region = text(region).filter(|region| !rehearsal || region != FALLBACK_REGION);
    let file = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
    [
        ("--profile", profile.clone()),
        ("--region", region),
        ("--endpoint-url", outside(text(endpoint_url))),
        ("--assume-role", text(assume_role)),
        ("--org-id", text(org_id)),
        ("--api", text(api)),
        ("--zone", text(zone)),
        ("--api-url", outside(text(api_url))),
        ("--login-url", outside(text(login_url))),
        ("--access-token-file", file(access_token_file)),
        ("--refresh-token-file", file(refresh_token_file)),
        ("--bill-account-id", text(bill_account_id)),
        ("--effective-from", text(effective_from)),
        ("--reuse-report", text(reuse_report)),
        ("--bucket", text(bucket)),
        ("--bucket-region", text(bucket_region)),
        ("--prefix", text(prefix)),
        ("--report-name", text(report_name)),
        ("--access", text(access)),
        ("--policy-set", text(policy_set)),
        ("--policy-name", text(policy_name)),
        ("--role-name", text(role_name)),
        ("--user-name", text(user_name)),
        ("--external-id", text(external_id)),
        ("--trusted-principal", text(trusted_principal)),
        ("--session-name", text(session_name)),
        ("--access-key-file", file(access_key_file)),
    ]
    .into_iter()
    .filter_map(|(flag, value)| Some((flag, value?)))
    .collect()
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
        for field in FIELDS.iter().filter(|field| field.key != "access_key_file") {
            let mut raw = Raw::default();
            raw.offer("api", Given { text: "flexera-one".into(), source: Source::Flag });
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
