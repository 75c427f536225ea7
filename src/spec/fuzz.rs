//! Hostile text for everything a person or a file gives, and what it means that a name was taken: it has no way to
//! become more than one segment of a path, one line of a header, one part of an ARN, one value of a form.

use std::path::Path;

use proptest::prelude::*;
use reqwest::header::HeaderValue;
use url::{Url, form_urlencoded};

use crate::documents::arn;
use crate::fuzz::{bounded, hostile};
use crate::harmless;
use crate::onboarding::addresses;
use crate::spec::answers::{Answers, Given, Raw, Source};
use crate::spec::fields::FIELDS;
use crate::spec::file::{self, File};
use crate::spec::names::{
    Access, AccountId, Api, BillMonth, BucketName, ExternalId, OrgId, Parse, Partition, PolicyName, PolicySet, Prefix,
    PrincipalArn, Region, ReportName, RoleArn, RoleName, SessionName, UserName, Zone,
};
use crate::spec::tags::Tags;

const NAMES: &[&str] = &[
    "12345",
    "123456789012",
    "flexera-optima-123456789012-12345",
    "x-123456789012-us-east-1-an",
    "us-east-1",
    "billing/a",
    "FlexeraOptimaAccessRole",
    "org:12345/x",
    "flexera-finops",
    "2026-01",
    "arn:aws:iam::451234325714:role/a/b",
    "arn:aws-cn:iam::451234325714:root",
    "optima",
    "eu",
    "user",
    "cloud-cost",
    "aws-us-gov",
    "team=fin ops",
];

const FILES: &[&str] = &[
    "org_id = 12345\nbucket = \"b\"\n[tags]\nteam = \"fin\"\n",
    "# one\napi = \"flexera-one\"\nzone = 'eu'\nrefresh_token_file = \"\"\"token\"\"\"\n",
    "tags = { a = \"b\", c = 1 }\naccess = \"user\"\nprefix = \"x/y\"",
    "[[onboarding]]\nname = \"a\"\norg_id = 0x1F\n",
    "[defaults]\nzone = \"eu\"\n[[onboarding]]\nname = \"a\"\nclient_id_env = \"I\"\n[[onboarding]]\nname = \"b\"\n",
    "org_id = 1_000\nbill_account_id = \"123456789012\"\neffective_from = 2026-01-01\n",
];

/// The texts of whatever kinds take this one.
fn taken(text: &str) -> Vec<(&'static str, String)> {
    fn of<T: Parse + ToString>(kind: &'static str, text: &str) -> Option<(&'static str, String)> {
        T::parse(text).ok().map(|name| (kind, name.to_string()))
    }
    let all = [
        of::<OrgId>("organization", text),
        of::<AccountId>("account", text),
        of::<BucketName>("bucket", text),
        of::<Prefix>("prefix", text),
        Prefix::of_existing_report(text).ok().map(|prefix| ("existing prefix", prefix.to_string())),
        of::<ReportName>("report", text),
        of::<PolicyName>("policy", text),
        of::<RoleName>("role", text),
        of::<UserName>("user", text),
        of::<ExternalId>("external id", text),
        of::<SessionName>("session", text),
        of::<BillMonth>("month", text),
        of::<Region>("region", text),
        of::<PrincipalArn>("principal", text),
        of::<RoleArn>("role arn", text),
        of::<Api>("api", text),
        of::<Zone>("zone", text),
        of::<Access>("access", text),
        of::<PolicySet>("policy set", text),
        of::<Partition>("partition", text),
    ];
    all.into_iter().flatten().collect()
}

/// Nothing that a header, a line, a quoted text or a shell's word would end at.
fn is_inert(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
        && !text.contains(['"', '\\', '<', '>', '&', '%', '?', '#', '`', '$', ';'])
}

proptest! {
    #[test]
    fn whatever_name_is_taken_is_inert_and_comes_back_as_it_was(text in hostile(NAMES)) {
        for (kind, name) in bounded(&text, || taken(&text)) {
            prop_assert_eq!(&name, &text, "{} changed what it took", kind);
            prop_assert!(is_inert(&name), "{} took {:?}", kind, name);
            prop_assert!(HeaderValue::from_str(&name).is_ok());
            let form: String = form_urlencoded::Serializer::new(String::new()).append_pair("name", &name).finish();
            let back: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
            prop_assert_eq!(back, vec![("name".to_owned(), name)]);
        }
    }

    #[test]
    fn whatever_stands_in_an_arn_or_a_path_is_one_part_of_it(text in hostile(NAMES)) {
        let account = AccountId::parse("123456789012").expect("an account");
        let arns = bounded(&text, || [
            PolicyName::parse(&text).map(|name| arn::policy(Partition::Aws, &account, &name)),
            RoleName::parse(&text).map(|name| arn::role(Partition::Aws, &account, &name)),
            UserName::parse(&text).map(|name| arn::user(Partition::Aws, &account, &name)),
            ReportName::parse(&text).map(|name| arn::report(Partition::Aws, &account, &name)),
            BucketName::parse(&text).map(|name| arn::objects(Partition::Aws, &name)),
        ]);
        for arn in arns.into_iter().flatten() {
            prop_assert_eq!((arn.matches(':').count(), arn.matches('/').count()), (5, 1), "{}", arn);
        }
        let base = Url::parse("https://host/base/").expect("a URL");
        let segments = [OrgId::parse(&text).map(|id| id.to_string()), AccountId::parse(&text).map(|id| format!("aws-{id}"))];
        for segment in segments.into_iter().flatten() {
            let url = addresses::below(&base, ["orgs", &segment, "end"]);
            prop_assert_eq!(url.as_str(), format!("https://host/base/orgs/{segment}/end"));
        }
    }

    #[test]
    fn every_field_takes_any_text_or_says_why_not(at in 0..FIELDS.len(), text in hostile(NAMES)) {
        let mut raw = Raw::default();
        raw.offer(FIELDS[at].key, Given { text: text.clone(), source: Source::Flag });
        raw.tags.push(Given { text: text.clone(), source: Source::Flag });
        if let Err(error) = bounded(&(at, &text), || Answers::parse(&raw)) {
            // The text is quoted with its control characters escaped; the one line feed is the list's own.
            prop_assert!(!error.message.contains(|c: char| c.is_control() && c != '\n'), "{:?}", error.message);
        }
    }

    #[test]
    fn tags_are_taken_without_control_characters(text in hostile(NAMES)) {
        let mut tags = Tags::default();
        if bounded(&text, || tags.add(&text)).is_ok() {
            prop_assert!(!tags.in_words().contains(char::is_control), "{:?}", tags);
            let (key, value) = tags.iter().next().expect("one tag");
            prop_assert_eq!(format!("{key}={value}"), text);
        }
    }

    #[test]
    fn an_onboarding_file_is_read_or_its_line_named(text in hostile(FILES)) {
        match bounded(&text, || file::read(Path::new("one.toml"), &text)) {
            Ok(File::One(raw)) => drop(bounded(&text, || Answers::parse(&raw))),
            Ok(File::Many(entries)) => {
                prop_assert!(entries.iter().all(|entry| !entry.name.contains(harmless::acts)), "{:?}", entries);
                bounded(&text, || entries.iter().for_each(|entry| drop(Answers::parse(&entry.raw))));
            }
            Err(error) => prop_assert!(error.message.starts_with("one.toml:"), "{}", error.message),
        }
    }
}

/// The rule of every name, in one table: what would leave its place is refused by the type.
#[test]
fn nothing_that_leaves_its_place_is_any_name() {
    for text in [
        "a\r\nX-Injected: 1",
        "a\nb",
        "a\0b",
        "a b",
        "a\tb",
        "../a",
        "a/../b?c",
        "a%2Fb",
        "a%0d%0ab",
        "a#b",
        "a?b=c",
        "a&b=c",
        "a;b",
        "a\"b",
        "a\\b",
        "a<b",
        "a>b",
        "a\u{1b}[31mb",
        "a\u{202e}b",
        "a\u{9b}b",
        "a\u{200b}b",
        "аbc",
        "１２３",
        "a${b}c",
        "a`b`c",
        "$(a)",
    ] {
        let kinds: Vec<&str> = taken(text).into_iter().map(|(kind, _)| kind).collect();
        // A prefix is a key's beginning in S3, where dots mean nothing; it reaches a URL only in JSON or encoded.
        let harmless = text == "../a" && kinds == ["prefix", "existing prefix", "external id"];
        assert!(kinds.is_empty() || harmless, "{text:?} is taken as {kinds:?}");
    }
}
