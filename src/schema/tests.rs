//! The schemas against the code: every enumeration is complete, every reference leads somewhere, every definition is used.

use std::collections::BTreeSet;

use super::*;
use crate::apply::Outcome;
use crate::documents::Purpose;
use crate::error::Kind;
use crate::explain::{Holder, RESOURCES};
use crate::fleet::Word;
use crate::plan::Change;
use crate::spec::ReportOrigin;
use crate::spec::names::{Access, Api, Partition, PolicySet, Zone};
use crate::steps::Step;
use crate::verify::Status;

/// Every variant as JSON has it; one that is added is missed by the compiler.
macro_rules! every {
    ($type:ident: $($variant:ident),+ $(,)?) => {{
        let _complete = |one: $type| match one { $($type::$variant => {}),+ };
        [$($type::$variant),+].map(|one| serde_json::to_value(one).expect("a word"))
    }};
}

/// The enumeration at a place in the common definitions.
fn listed(place: &str) -> Vec<Value> {
    let common = Value::Object(members(include_str!("definitions.json")));
    at(&common, place)
}

fn at(schema: &Value, place: &str) -> Vec<Value> {
    let list = schema.pointer(&format!("{place}/enum")).and_then(Value::as_array);
    list.unwrap_or_else(|| panic!("{place} has no enumeration")).clone()
}

fn words(list: &[&str]) -> Vec<Value> {
    list.iter().map(|word| Value::from(*word)).collect()
}

#[test]
fn every_enumeration_is_the_codes_own() {
    let steps = every!(Step: Bucket, BucketPolicy, Report, Policy, Role, User, BillConnect);
    assert_eq!(listed("/step/properties/step"), steps);
    assert_eq!(listed("/change"), every!(Change: Create, Update, Delete, Keep, Refuse));
    let mut outcomes = every!(Outcome: Done, Unchanged, Failed, Interrupted, Skipped).to_vec();
    // Both are one word to scripts.
    outcomes.dedup();
    assert_eq!(listed("/outcome"), outcomes);
    assert_eq!(listed("/check/properties/status"), every!(Status: Pass, Fail, Warn, Pending, Skip));
    assert_eq!(listed("/result"), every!(Word: Done, NotValidated, Failed, Refused, Skipped));
    for (key, expected) in [
        ("partition", Partition::WORDS),
        ("api", Api::WORDS),
        ("zone", Zone::WORDS),
        ("access", Access::WORDS),
        ("policy_set", PolicySet::WORDS),
    ] {
        assert_eq!(listed(&format!("/onboarding/properties/{key}")), words(expected), "{key}");
    }
    assert_eq!(listed("/onboarding/properties/report_origin"), every!(ReportOrigin: Made, Reused));
    let explain = find("explain").expect("a schema").document();
    let of = |list: &str, key: &str| format!("/properties/{list}/items/properties/{key}");
    let resources: Vec<&str> = RESOURCES.iter().map(|resource| resource.name).collect();
    assert_eq!(at(&explain, &of("resources", "resource")), words(&resources));
    assert_eq!(at(&explain, &of("permissions", "holder")), words(&Holder::ALL.map(Holder::word)));
    let purposes = [Purpose::Apply, Purpose::Verify, Purpose::Destroy, Purpose::DestroyWithBucket].map(Purpose::word);
    assert_eq!(at(&explain, &of("permissions", "needed_for/items")), words(&purposes));
}

#[test]
fn every_kind_of_error_has_its_exit_code() {
    let kinds = [Kind::Failed, Kind::Usage, Kind::Permission, Kind::Refused, Kind::NotValidated, Kind::Interrupted];
    let names = every!(Kind: Failed, Usage, Permission, Refused, NotValidated, Interrupted);
    assert_eq!(listed("/error/properties/kind"), names);
    let codes = kinds.map(|kind| Value::from(kind.exit_code()));
    assert_eq!(listed("/error/properties/exit_code"), codes);
    let pairs = members(include_str!("definitions.json"))["error"]["oneOf"].as_array().cloned().expect("pairs");
    let pair = |pair: &Value| {
        let of = |key: &str| pair["properties"][key]["const"].clone();
        (of("kind"), of("exit_code"))
    };
    let expected: Vec<(Value, Value)> = names.into_iter().zip(codes).collect();
    assert_eq!(pairs.iter().map(pair).collect::<Vec<_>>(), expected);
}

/// An error's, or one of a plan: nothing to change, or changes pending.
#[test]
fn one_of_many_exits_with_what_it_would_have_exited_with_alone() {
    let errors = listed("/error/properties/exit_code").into_iter();
    let mut codes: Vec<u64> = errors.chain([0.into(), 3.into()]).filter_map(|code| code.as_u64()).collect();
    codes.sort_unstable();
    let listed = listed("/one_of_many/properties/exit_code");
    assert_eq!(listed, codes.into_iter().map(Value::from).collect::<Vec<_>>());
}

#[test]
fn every_reference_leads_somewhere_and_every_definition_is_used() {
    let mut used = BTreeSet::new();
    for schema in SCHEMAS {
        let document = schema.document();
        let mut found = Vec::new();
        references(&document, &mut found);
        for name in found {
            assert!(document["$defs"].get(&name).is_some(), "{}: {name}", schema.name);
            used.insert(name);
        }
    }
    let common = members(include_str!("definitions.json"));
    let unused: Vec<&String> = common.keys().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_schema_has_a_title_and_a_name_of_its_own() {
    let names: BTreeSet<&str> = SCHEMAS.iter().map(|schema| schema.name).collect();
    assert_eq!(names.len(), SCHEMAS.len());
    for schema in SCHEMAS {
        assert!(schema.document()["title"].as_str().is_some_and(|title| !title.is_empty()), "{}", schema.name);
    }
}
