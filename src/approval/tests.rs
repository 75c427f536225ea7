//! What is part of a plan's fingerprint, what a plan in a file gives back, and what is said of a world that moved.

use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::aws::buckets::{Bucket, Settings};
use crate::aws::roles::Role;
use crate::error::Kind;
use crate::output::json as documents;
use crate::plan::Aim;
use crate::spec::Onboarding;
use crate::spec::answers::{Given, Raw, Source};
use crate::spec::names::Parse;
use crate::spec::tags::Tags;
use crate::steps::{self, Found, Scope, samples};

fn nothing() -> Found {
    Found {
        bucket: Bucket::Absent,
        bucket_key: None,
        report: Default::default(),
        policy: None,
        role: None,
        bill_connect: Default::default(),
        key_file: Default::default(),
    }
}

fn planned(onboarding: Onboarding, found: &Found) -> Plan {
    let scope = Scope::whole(onboarding.access, onboarding.api);
    let steps = steps::diff(&onboarding, found, &scope);
    Plan { aim: Aim::Onboard, steps, warnings: Vec::new(), by_hand: steps::by_hand(&onboarding), onboarding }
}

pub(super) fn plan(answers: &[(&'static str, &str)]) -> Plan {
    planned(samples::onboarding(answers), &nothing())
}

fn with_policy(policy: &str) -> Found {
    let settings = Settings { policy: Some(policy.to_owned()), ..Settings::default() };
    Found { bucket: Bucket::Here(settings), ..nothing() }
}

fn written(plan: &Plan) -> Document {
    Document::parse(Path::new("plan.json"), &documents::plan(plan).to_string()).expect("a plan is read back")
}

fn flags(pairs: &[(&'static str, &str)]) -> Raw {
    let mut raw = Raw::default();
    for (key, text) in pairs {
        raw.offer(key, Given { text: (*text).to_owned(), source: Source::Flag });
    }
    raw
}

#[test]
fn a_fingerprint_is_of_the_sorted_document() {
    // printf '{"onboarding":{"a":"é","b":null},"steps":[{"x":true}]}' | sha256sum
    let of = |onboarding: Value| Fingerprint::of(&onboarding, &json!([{ "x": true }])).to_string();
    let expected = "sha256:17bf8c7bfde6534fe31608ea36b52e845cd9f9528fbc65777f4d88c3cf3d4fbd";
    assert_eq!(of(json!({ "b": null, "a": "é" })), expected);
    assert_eq!(of(json!({ "a": "é", "b": null })), expected);
}

#[test]
fn the_same_plan_has_the_same_fingerprint_whatever_is_advised() {
    let mut advised = plan(&[]);
    advised.warnings.push("IAM's simulation says you may lack s3:CreateBucket".to_owned());
    assert_eq!(documents::fingerprint(&advised), documents::fingerprint(&plan(&[])));
}

/// Every answer that makes an onboarding, and everything that is found, has its part in the fingerprint.
#[test]
fn whatever_would_be_done_otherwise_has_another_fingerprint() {
    const USER: &[(&str, &str)] = &[("access", "user"), ("api", "flexera-one")];
    let by_answers: &[&[(&'static str, &str)]] = &[
        &[],
        &[("org_id", "54321")],
        &[("api", "flexera-one")],
        &[("api", "flexera-one"), ("zone", "eu")],
        &[("api", "flexera-one"), ("effective_from", "2026-01")],
        &[("bill_account_id", "999988887777")],
        &[("bucket", "another")],
        &[("bucket_region", "eu-west-1")],
        &[("prefix", "another")],
        &[("report_name", "another")],
        &[("policy_set", "cloud-cost")],
        &[("policy_name", "Another")],
        &[("role_name", "Another")],
        &[("external_id", "another")],
        &[("trusted_principal", "arn:aws:iam::999988887777:role/R")],
        &[("session_name", "another")],
        USER,
        &[USER[0], USER[1], ("user_name", "Another")],
        &[("access", "user"), ("access_key_file", "key")],
        &[("access", "user"), ("access_key_file", "another")],
    ];
    let one = || samples::onboarding(&[]);
    let mut tagged = one();
    tagged.tags.add("team=fin").expect("a tag");
    let statement = |sid: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"{sid}","Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::x/*"}}]}}"#
        )
    };
    let right = Role {
        arn: one().role_arn(),
        attached: vec![one().policy_arn()],
        tags: one().all_tags(),
        trust: crate::documents::trust(&one().trusted_principal, &one().external_id).to_string(),
        ..Role::default()
    };
    let with_role = |role: Role| Found { role: Some(role), ..nothing() };
    let found = [
        with_policy(&statement("Theirs")),
        with_policy(&statement("Other")),
        with_policy(&format!("{} ", statement("Other"))),
        with_role(right.clone()),
        with_role(Role { inline: vec!["Admin".into()], ..right.clone() }),
        with_role(Role { tags: Tags::default(), ..right }),
    ];
    let mut plans: Vec<Plan> = by_answers.iter().map(|answers| plan(answers)).collect();
    plans.push(planned(tagged, &nothing()));
    plans.push(planned(Onboarding { payer: Some("999988887777".to_owned()), ..one() }, &nothing()));
    plans.extend(found.iter().map(|found| planned(one(), found)));
    let mut prints: Vec<String> = plans.iter().map(|plan| documents::fingerprint(plan).to_string()).collect();
    let all = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), all, "two of them share a fingerprint");
}

#[test]
fn a_plan_holds_every_answer_that_makes_its_onboarding() {
    for answers in [
        &[][..],
        &[("api", "flexera-one"), ("zone", "apac"), ("effective_from", "2026-01"), ("session_name", "x-y")],
        &[("access", "user"), ("access_key_file", "some/key"), ("user_name", "U")],
        &[
            ("bucket", "b-1"),
            ("prefix", "a/b"),
            ("report_name", "r"),
            ("policy_set", "cloud-cost"),
            ("policy_name", "P"),
        ],
        &[
            ("role_name", "R"),
            ("external_id", "e:1"),
            ("bill_account_id", "999988887777"),
            ("bucket_region", "eu-west-1"),
        ],
    ] {
        let mut onboarding = samples::onboarding(answers);
        onboarding.tags.add("team=fin ops").expect("a tag");
        let onboarding = onboarding.encrypted_with(Some("alias/billing"));
        let document = written(&planned(onboarding.clone(), &nothing()));
        let again = document.onboarding().expect("an onboarding");
        assert_eq!(format!("{again:?}"), format!("{onboarding:?}"), "{answers:?}");
    }
}

#[test]
fn a_reused_report_comes_back_as_one() {
    let mut onboarding = samples::onboarding(&[("bucket", "theirs"), ("report_name", "cur")]);
    onboarding.report_origin = crate::spec::ReportOrigin::Reused;
    let document = written(&planned(onboarding.clone(), &nothing()));
    let raw = document.answers_over(flags(&[("bucket", "theirs"), ("profile", "payer")])).expect("the same answers");
    assert_eq!(raw.get("reuse_report").map(|given| given.text.as_str()), Some("cur"));
    assert!(raw.get("bucket").is_none() && raw.get("profile").is_some());
    assert_eq!(format!("{:?}", document.onboarding().expect("an onboarding")), format!("{onboarding:?}"));
}

#[test]
fn what_contradicts_the_plan_is_named_all_at_once() {
    let mut tagged = flags(&[("org_id", "54321"), ("bucket_region", "us-east-1"), ("session_name", "s-1")]);
    tagged.tags.push(Given { text: "a=b".into(), source: Source::Flag });
    let error = written(&plan(&[])).answers_over(tagged).expect_err("contradictions");
    assert_eq!(error.kind, Kind::Usage);
    for part in [
        "3 answers",
        "--org-id \"54321\": the plan has \"12345\"",
        "--session-name \"s-1\": the plan has none",
        "--tag",
    ] {
        assert!(error.message.contains(part), "{part} missing in {}", error.message);
    }
}

/// A new answer has to be decided on: a plan holds it, or leaves it open because it says only whose credentials are
/// used and where the services are.
#[test]
fn every_answer_is_held_or_left_open() {
    let open = |key: &str| {
        ["api_url", "login_url", "profile", "region", "endpoint_url", "assume_role"].contains(&key)
            || key.ends_with("_token_file")
            || key.ends_with("_env")
    };
    let strangers: Vec<&str> = crate::spec::fields::FIELDS
        .iter()
        .map(|field| field.key)
        .filter(|key| open(key) == answers::HELD.iter().chain(&[answers::REUSED]).any(|held| held == key))
        .collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[test]
fn what_is_no_plan_is_told_from_a_plan_that_was_changed() {
    let right = documents::plan(&plan(&[]));
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value = right.clone();
        change(&mut value);
        Document::parse(Path::new("plan.json"), &value.to_string()).map(drop).map_err(|error| error.kind)
    };
    assert_eq!(changed(&|_| ()), Ok(()));
    assert_eq!(changed(&|plan| plan["warnings"] = json!(["read this"])), Ok(()), "advice is no part of it");
    let steps: [&dyn Fn(&mut Value); 5] = [
        &|plan| plan["onboarding"]["external_id"] = json!("54321"),
        &|plan| plan["steps"][3]["details"][1]["to"] = json!("{}"),
        &|plan| plan["steps"][1]["writes"][0]["after"] = json!("{}"),
        &|plan| drop(plan["steps"].as_array_mut().map(Vec::pop)),
        &|plan| plan["fingerprint"] = json!(format!("sha256:{}", "0".repeat(64))),
    ];
    for step in steps {
        assert_eq!(changed(step), Err(Kind::Refused));
    }
    let strangers: [&dyn Fn(&mut Value); 4] = [
        &|plan| plan["fingerprint"] = json!("sha256:0"),
        &|plan| plan["schema_version"] = json!(2),
        &|plan| *plan = json!({ "schema_version": 1, "onboardings": [] }),
        &|plan| *plan = json!([]),
    ];
    for stranger in strangers {
        assert_eq!(changed(stranger), Err(Kind::Usage));
    }
}

#[test]
fn what_moved_is_said_in_words() {
    let approved = written(&plan(&[]));
    let said = |plan: &Plan| {
        let approval = Approval::new(Some(approved.clone()), None).expect("a plan alone");
        approval.hold(plan).expect_err("it moved").cause.unwrap_or_default()
    };
    let bucket_there =
        said(&planned(samples::onboarding(&[]), &with_policy(r#"{"Version":"2012-10-17","Statement":[]}"#)));
    assert!(
        bucket_there
            .contains("bucket was to create, now it is to keep (yours already; adopted, and left as it is); bucket-policy was to create, now it is to update"),
        "{bucket_there}"
    );
    let other = said(&plan(&[("external_id", "54321")]));
    assert!(
        other
            .contains("external_id was 12345 and is 54321; role is to create as before, but differs in trust; nothing"),
        "{other}"
    );
    let way = said(&plan(&[("access", "user"), ("api", "flexera-one")]));
    assert!(way.contains("role is no longer part of the plan; user was not part of the plan"), "{way}");
    let first = written(&planned(samples::onboarding(&[]), &with_policy(r#"{"Version":"2012-10-17","Statement":[]}"#)));
    let second = planned(samples::onboarding(&[]), &with_policy(r#"{"Version":"2012-10-17",  "Statement":[]}"#));
    let error = Approval::new(Some(first), None).expect("a plan").hold(&second).expect_err("another text");
    assert!(error.cause.is_some_and(|cause| cause.contains("bucket-policy is to update as before, but what is there")));
}

#[test]
fn only_the_fingerprint_that_was_approved_passes() {
    let right = documents::fingerprint(&plan(&[]));
    let held_to =
        |text: &str| Approval::new(None, Some(Fingerprint::parse(text).expect("a fingerprint"))).expect("alone");
    assert!(held_to(&right.to_string()).hold(&plan(&[])).is_ok());
    assert!(held_to(&right.to_string().to_uppercase().replace("SHA256", "sha256")).hold(&plan(&[])).is_ok());
    let error = held_to(&right.to_string()).hold(&plan(&[("prefix", "another")])).expect_err("another plan");
    assert_eq!(error.kind, Kind::Refused);
    let wrong = Some(Fingerprint::parse(&format!("sha256:{}", "0".repeat(64))).expect("a fingerprint"));
    assert_eq!(Approval::new(Some(written(&plan(&[]))), wrong).expect_err("two plans").kind, Kind::Usage);
    for text in ["", "sha256:", "0", &"0".repeat(64), &right.to_string()[..70]] {
        assert!(Fingerprint::parse(text).is_err(), "{text}");
    }
}
