//! The page: every document with its reasons, hostile text kept inside, and the same words as HTML and as Markdown.

use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::approval::Fingerprint;
use crate::output::json as plans;
use crate::plan::{Aim, Plan};
use crate::spec::Onboarding;
use crate::steps::{self, Found, Scope, samples};

fn plan(onboarding: Onboarding) -> Value {
    let nothing = Found {
        bucket: crate::aws::buckets::Bucket::Absent,
        bucket_key: None,
        report: Default::default(),
        policy: None,
        role: None,
        bill_connect: Default::default(),
        key_file: Default::default(),
    };
    let scope = Scope::whole(onboarding.access, onboarding.api);
    let steps = steps::diff(&onboarding, &nothing, &scope);
    let by_hand = steps::by_hand(&onboarding);
    plans::plan(&Plan { aim: Aim::Onboard, onboarding, steps, warnings: Vec::new(), by_hand })
}

/// The document with these changes, as if a plan had come out so.
fn document(answers: &[(&'static str, &str)], change: impl FnOnce(&mut Value)) -> Document {
    let mut value = plan(samples::onboarding(answers));
    change(&mut value);
    value["fingerprint"] = json!(Fingerprint::of(&value["onboarding"], &value["steps"]));
    Document::parse(Path::new("plan.json"), &value.to_string()).expect("a plan")
}

fn page(document: &Document, format: Format) -> String {
    write(document, format).expect("a page")
}

#[test]
fn names_of_others_stay_names() {
    let hostile = [
        "</code></p><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "]]></svg><svg onload=alert(1)>",
        "```\n# Approved\n<b>",
        "`` ` `",
        "[x](javascript:alert(1)) ![y](http://e.example/z) <http://e.example> http://e.example",
        "\u{202e}gnp\u{200b}\u{1b}[2J\r\n- | **bold** &amp; &#x3c;script>",
    ];
    for text in hostile {
        let shown = crate::harmless::shown(text);
        let document = document(&[], |plan| {
            plan["warnings"] = json!([text]);
            plan["by_hand"] = json!(text);
            let part = &mut plan["steps"][0];
            part["resource"] = json!(text);
            part["reason"] = json!(text);
            part["warnings"] = json!([text]);
            part["details"] =
                json!([{ "field": text, "from": text, "to": text }, { "field": text, "from": text, "to": "{}" }]);
            let policy = json!({ "Version": text, "Statement": [{ "Sid": text, "Effect": text, "Action": [text] }] });
            plan["steps"][1]["writes"][0]["after"] = json!(policy.to_string());
        });
        let html = page(&document, Format::Html);
        for tag in ["<script", "<img", "<b>", "<svg onload", "onerror=alert(1)>"] {
            assert!(!html.contains(tag), "{tag} of {text:?}");
        }
        assert_eq!(html.matches("<svg").count(), 1);
        assert!(!html.contains(|c: char| c != '\n' && crate::harmless::acts(c)), "{text:?}");

        let markdown = page(&document, Format::Markdown);
        let events: Vec<Event<'_>> = Parser::new(&markdown).collect();
        let acts = |event: &Event<'_>| {
            matches!(
                event,
                Event::Html(_)
                    | Event::InlineHtml(_)
                    | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)
            )
        };
        assert!(!events.iter().any(acts), "{text:?} acts in:\n{markdown}");
        let codes = events.iter().filter(|event| matches!(event, Event::Code(code) if **code == *shown.trim())).count();
        assert!(codes >= 5, "{text:?} is a name: {codes} in\n{markdown}");
        assert!(!markdown.lines().any(|line| line.starts_with("# Approved")), "{markdown}");
    }
}

#[test]
fn every_action_has_its_reason() {
    for answers in [&[][..], &[("access", "user"), ("api", "flexera-one"), ("policy_set", "cloud-cost")]] {
        let with_key = |plan: &mut Value| plan["onboarding"]["bucket_key"] = json!("1234abcd-12ab");
        let markdown = page(&document(answers, with_key), Format::Markdown);
        assert!(!markdown.contains(statements::UNEXPLAINED), "{markdown}");
        assert!(markdown.contains("`kms:Decrypt`: "), "{markdown}");
    }
}

#[test]
fn what_flexera_is_given_only_reads() {
    let one = samples::onboarding(&[("policy_set", "cloud-cost")]).encrypted_with(Some("1234abcd-12ab"));
    let policy = steps::policy::wanted(&one);
    for statement in policy["Statement"].as_array().expect("statements") {
        for action in statement["Action"].as_array().expect("actions") {
            let name = action.as_str().and_then(|action| action.split_once(':')).map_or("", |(_, name)| name);
            let reads = ["Get", "List", "Describe"].iter().any(|verb| name.starts_with(verb)) || name == "Decrypt";
            assert!(reads, "the page says that every permission reads: {action}");
        }
    }
}

#[test]
fn the_command_has_only_what_is_no_default() {
    for (answers, expected) in [
        (&[][..], "--org-id 12345 --bucket-region us-east-1"),
        (
            &[("prefix", "billing"), ("external_id", "12345"), ("role_name", "FlexeraOptimaAccessRole")],
            "--org-id 12345 --bucket-region us-east-1",
        ),
        (
            &[("api", "flexera-one"), ("zone", "eu")],
            "--org-id 12345 --api flexera-one --zone eu --bucket-region us-east-1",
        ),
        (
            &[("access", "user"), ("user_name", "U")],
            "--org-id 12345 --bucket-region us-east-1 --access user --user-name U",
        ),
        (
            &[("prefix", "it's"), ("external_id", "x:1")],
            "--org-id 12345 --bucket-region us-east-1 --prefix 'it'\\''s' --external-id x:1",
        ),
    ] {
        let command = command::of("apply", &document(answers, |_| ())).expect("a command");
        assert_eq!(command, format!("optima-onboard apply {expected}"));
    }
}

#[test]
fn the_page_follows_the_way_in() {
    let by_role = page(&document(&[], |_| ()), Format::Markdown);
    assert!(
        by_role.contains("### Whom the role `FlexeraOptimaAccessRole` trusts")
            && by_role.contains("detach-role-policy")
    );
    let by_user = page(&document(&[("access", "user"), ("api", "flexera-one")], |_| ()), Format::Markdown);
    assert!(!by_user.contains("Whom the role") && by_user.contains("detach-user-policy"));
    assert!(by_user.contains("Whoever has the access key acts as the user `FlexeraOptimaAccessUser`"));
}

#[test]
fn statements_of_others_are_told_from_ours() {
    let foreign =
        json!({ "Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*" });
    let with_foreign = |plan: &mut Value| {
        let after = plan["steps"][1]["writes"][0]["after"].as_str().expect("a policy").to_owned();
        let mut policy: Value = serde_json::from_str(&after).expect("JSON");
        policy["Statement"].as_array_mut().expect("statements").insert(0, foreign.clone());
        plan["steps"][1]["writes"][0]["after"] = json!(policy.to_string());
    };
    let markdown = page(&document(&[], with_foreign), Format::Markdown);
    assert_eq!(markdown.matches("Not of this program: it was there and stays").count(), 1, "{markdown}");
    assert!(markdown.contains("`s3:PutObject`: "), "{markdown}");
}

#[test]
fn the_style_sheet_is_the_one_that_the_policy_lets_in() {
    let html = page(&document(&[], |_| ()), Format::Html);
    let style = html.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).expect("a style sheet").0;
    let hash = aws_smithy_types::base64::encode(Sha256::digest(style));
    assert!(html.contains(&format!("style-src 'sha256-{hash}'")));
    assert!(
        !html.contains(" style=") && !style.contains("url(") && !style.contains('&'),
        "nothing inline, nothing loaded"
    );
}

#[test]
fn long_names_stay_in_their_boxes() {
    let long = "n".repeat(128);
    let html = page(&document(&[("policy_name", &long), ("external_id", &"e".repeat(1224))], |_| ()), Format::Html);
    let svg = html.split_once("<svg").and_then(|(_, rest)| rest.split_once("</svg>")).expect("a drawing").0;
    let texts = svg.split("<text").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</text>"));
    for (text, _) in texts {
        assert!(text.chars().count() <= 62, "{text}");
    }
    assert!(html.matches(&long).count() > 2, "in full elsewhere");
}
