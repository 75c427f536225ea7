//! The schemas: what `schema` prints, and that each of them can fail. That real outputs are as they say is held by the
//! support, for every run of every test.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use optima_onboard::sandbox::Options;
use optima_onboard::schema::{self, SCHEMAS};
use optima_onboard::spec;
use serde_json::{Value, json};

use crate::support::schemas::difference;
use crate::support::{Onboard, World};

const JSON: [&str; 2] = ["--output", "json"];
const ACCOUNT: [&str; 2] = ["--bill-account-id", "111122223333"];

#[test]
fn every_schema_is_listed_and_printed_whole() {
    let list = Onboard::new(&["schema"]).args(&JSON).run().ends(0).json();
    let names: Vec<&str> =
        list["schemas"].as_array().expect("a list").iter().map(|one| one["name"].as_str().expect("a name")).collect();
    assert_eq!(names, SCHEMAS.iter().map(|schema| schema.name).collect::<Vec<_>>());
    let text = Onboard::new(&["schema"]).run().ends(0).stdout;
    for name in names {
        assert!(text.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name} missing in\n{text}");
        let printed = Onboard::new(&["schema", name]).run().ends(0).json();
        assert_eq!(printed["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(printed, schema::find(name).expect("a schema").document());
    }
    let wrong = Onboard::new(&["schema", "plna"]).run().ends(2);
    assert!(wrong.stderr.contains("plan"), "{}", wrong.stderr);
}

/// Real documents of every kind, each with the name of its schema.
fn real() -> Vec<(&'static str, Value)> {
    let mut found = onboarded();
    found.extend(of_many());
    for (name, words) in [
        ("explain", &["explain", "bucket", "s3:GetObject"][..]),
        ("export", &["export", "terraform", "--org-id", "12345"]),
        ("completions", &["completions", "fish"]),
        ("man", &["man", "plan"]),
        ("help", &["help", "plan"]),
        ("schema", &["schema"]),
        ("permissions", &["permissions", "--sandbox"]),
    ] {
        found.push((name, Onboard::new(words).args(&JSON).run().ends(0).json()));
    }
    found.push(("sandbox", served()));
    found.push(("error", Onboard::new(&["plan", "--org-id", "x"]).args(&JSON).run().ends(2).json()));
    found
}

/// What `sandbox` prints before it serves until it is ended.
fn served() -> Value {
    let (mut command, _home) = Onboard::new(&["sandbox"]).args(&JSON).into_parts();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let stdout = child.stdout.take().expect("its output");
    let document = serde_json::Deserializer::from_reader(stdout).into_iter().next();
    child.kill().and_then(|()| child.wait()).expect("it can be ended");
    document.expect("a document").expect("JSON")
}

/// What one world prints on its way from nothing to a bill connect and back.
fn onboarded() -> Vec<(&'static str, Value)> {
    let world = World::new();
    let said = |words: &[&str]| world.onboard(words).args(&["--api", "flexera-one"]).args(&JSON).run().ends(0);
    let plan = said(&["plan"]).json();
    let apply = said(&["apply", "--yes", "--receipt", "receipt.json"]);
    let receipt = std::fs::read_to_string(apply.home.path().join("receipt.json")).expect("a receipt");
    let connect = |verb: &str| said(&[&["bill-connect", verb][..], &ACCOUNT].concat()).json();
    vec![
        ("plan", plan),
        ("apply", apply.json()),
        ("receipt", serde_json::from_str(&receipt).expect("JSON")),
        ("verify", said(&["verify"]).json()),
        ("token", world.onboard(&["token"]).args(&JSON).run().ends(0).json()),
        ("bill-connect#/$defs/bill_connect_list", connect("list")),
        ("bill-connect#/$defs/bill_connect_show", connect("show")),
        ("bill-connect#/$defs/bill_connect_create", connect("validate")),
        ("review", said(&["review"]).json()),
        ("destroy", said(&["destroy", "--yes"]).json()),
        (
            "bill-connect#/$defs/bill_connect_delete",
            said(&[&["bill-connect", "delete", "--yes"][..], &ACCOUNT].concat()).json(),
        ),
    ]
}

/// Of two of which one does not go.
fn of_many() -> Vec<(&'static str, Value)> {
    let world = World::with(|options| Options { propagation: Duration::ZERO, ..options });
    let run =
        world.onboard(&["apply", "--yes", "--file", "two.toml", "--receipt", "receipt.json"]).without("OPTIMA_ORG_ID");
    let two = "[[onboarding]]\nname = \"one\"\norg_id = 12345\n[[onboarding]]\nname = \"other\"\norg_id = 40300\n";
    std::fs::write(run.folder().join("two.toml"), two).expect("written");
    let ran = run.args(&JSON).run().ends(6);
    let many = ran.json();
    let receipt = std::fs::read_to_string(ran.home.path().join("receipt.json")).expect("a receipt");
    let line = many["onboardings"][0].clone();
    vec![("many", many), ("many-line", line), ("many-receipt", serde_json::from_str(&receipt).expect("JSON"))]
}

/// Keys that may be missing, in any document.
const MAY_BE_MISSING: &[&str] = &["reason", "remedy", "warnings", "message", "error", "by_hand"];

/// Every place in a document, but those below a place where anything may stand.
fn places(document: &Value, place: &str, found: &mut Vec<String>) {
    let below = |key: &str| format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                found.push(below(key));
                places(value, &below(key), found);
            }
        }
        // One of a kind stands for all.
        Value::Array(items) => items.iter().take(1).for_each(|item| places(item, &below("0"), found)),
        _ => {}
    }
}

fn without(document: &Value, place: &str) -> Value {
    let mut damaged = document.clone();
    let (parent, key) = place.rsplit_once('/').expect("a place below the top");
    if let Some(members) = damaged.pointer_mut(parent).and_then(Value::as_object_mut) {
        members.remove(key);
    }
    damaged
}

fn with(document: &Value, place: &str, value: Value) -> Value {
    let mut damaged = document.clone();
    *damaged.pointer_mut(place).unwrap_or_else(|| panic!("{place} is not there in {document:#}")) = value;
    damaged
}

#[test]
fn whatever_is_missing_or_of_another_kind_in_a_real_document_is_seen() {
    let mut seen = BTreeSet::new();
    for (name, document) in real() {
        assert_eq!(difference(name, &document), None, "{name}");
        seen.insert(name.split('#').next().unwrap_or(name));
        let mut all = Vec::new();
        places(&document, "", &mut all);
        for place in all {
            let key = place.rsplit('/').next().unwrap_or_default();
            // A write is a word, or under a word whatever it takes.
            if place.contains("/writes/") {
                continue;
            }
            let odd = with(&document, &place, json!({ "odd": [[]] }));
            assert!(difference(name, &odd).is_some(), "{name}: anything may stand at {place}");
            let less = without(&document, &place);
            let may = MAY_BE_MISSING.contains(&key);
            assert!(may || difference(name, &less).is_some(), "{name}: {place} may be missing");
        }
    }
    let outputs = SCHEMAS.iter().map(|schema| schema.name).filter(|name| *name != "file");
    assert_eq!(seen, outputs.collect());
}

#[test]
fn a_value_that_the_contract_does_not_know_is_seen() {
    let real = real();
    let damage = |name: &str, place: &str, value: Value| {
        let (_, document) = real.iter().find(|(known, _)| *known == name).expect("a real document");
        assert!(difference(name, &with(document, place, value.clone())).is_some(), "{name}: {place} may be {value}");
    };
    for (name, place, value) in [
        ("plan", "/schema_version", json!(2)),
        ("plan", "/onboarding/account_id", json!("1111")),
        ("plan", "/onboarding/zone", json!("mars")),
        ("plan", "/onboarding/access", json!("user")),
        ("plan", "/steps/0/step", json!("buckets")),
        ("plan", "/steps/0/change", json!("destroy")),
        ("plan", "/steps/0/change", json!("delete")),
        ("plan", "/steps/0/details", json!([{ "field": "x", "from": 1, "to": null }])),
        ("plan", "/steps/0/writes", json!([7])),
        ("plan", "/fingerprint", json!("sha256:0")),
        ("plan", "/summary/create", json!(-1)),
        ("plan", "/summary/create", json!(1.5)),
        ("apply", "/steps/0/outcome", json!("ok")),
        ("apply", "/bill_connect/validated", json!("true")),
        ("destroy", "/steps/0/change", json!("create")),
        ("verify", "/checks/0/status", json!("PASS")),
        ("verify", "/ok", json!("true")),
        ("error", "/error/kind", json!("oops")),
        ("error", "/error/exit_code", json!(3)),
        ("error", "/error/exit_code", json!(1)),
        ("error", "/error/message", json!("")),
        ("many", "/onboardings/0/result", json!("ok")),
        ("many", "/onboardings/0/exit_code", json!(6)),
        (
            "many",
            "/onboardings/0/steps/0",
            json!({ "step": "bucket", "resource": "b", "change": "keep", "details": [] }),
        ),
        ("receipt", "/started_at", json!("yesterday")),
        ("receipt", "/summary", json!({ "delete": 1, "keep": 1, "refuse": 0 })),
        ("many-receipt", "/planned/0/account_id", json!("x")),
        ("token", "/expires_in", json!("3600")),
        ("permissions", "/Statement/0/Effect", json!("Deny")),
        ("permissions", "/Statement/0/Action", json!([])),
        ("bill-connect#/$defs/bill_connect_show", "/bill_connect/access", json!("key")),
        ("bill-connect#/$defs/bill_connect_create", "/bill_connect/state", json!("gone")),
        ("export", "/format", json!("pulumi")),
        ("completions", "/shell", json!("tcsh")),
    ] {
        damage(name, place, value);
    }
}

/// The receipt of a run of which the first write of this name stands still; then it is killed.
fn begun(world: &World, words: &[&str], write: &str) -> Value {
    world.make(&json!([{ "of": write, "kind": "hold" }]));
    let run = world.onboard(words).args(&["--yes", "--receipt", "receipt.json"]);
    let (mut command, home) = run.into_parts();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    assert!(world.has_held(Duration::from_secs(60)), "{write} never came");
    child.kill().and_then(|()| child.wait()).expect("it can be ended");
    world.let_go();
    world.clear_faults();
    serde_json::from_slice(&std::fs::read(home.path().join("receipt.json")).expect("a receipt")).expect("JSON")
}

#[test]
fn the_receipt_of_a_run_that_was_killed_is_as_its_schema_says() {
    let world = World::new();
    let apply = begun(&world, &["apply"], "s3 CreateBucket");
    world.apply(&[]).run().ends(0);
    let destroy = begun(&world, &["destroy"], "iam DeleteRole");
    for receipt in [apply, destroy] {
        assert_eq!(receipt["ended_at"], Value::Null);
        assert_eq!(difference("receipt", &receipt), None);
        for key in ["bucket_policy_before", "by_hand", "ended_at", "started_at", "version"] {
            assert!(difference("receipt", &without(&receipt, &format!("/{key}"))).is_some(), "{key} may be missing");
        }
        let ended = with(&receipt, "/ended_at", json!("2026-01-01T00:00:00Z"));
        assert!(difference("receipt", &ended).is_some(), "a run that ended says how");
    }
}

/// Every row is a file and whether it is one: to the program's own reader and to the schema alike.
#[test]
fn the_schema_of_the_onboarding_file_takes_what_the_program_takes() {
    for (text, right) in [
        ("", true),
        ("org_id = 12345\nzone = \"eu\"\n[tags]\nteam = \"finops\"\ncost = 12\n", true),
        ("org_id = \"12345\"\nrefresh_token_env = \"ACME\"\n", true),
        ("[[onboarding]]\nname = \"a\"\norg_id = 1\n", true),
        ("[defaults]\nprefix = \"cur\"\n[[onboarding]]\nname = 7\n[onboarding.tags]\na = \"b\"\n", true),
        ("buckte = \"b\"", false),
        ("refresh_token = \"x\"", false),
        ("name = \"a\"", false),
        ("org_id = [1]", false),
        ("org_id = 1.5", false),
        ("org_id = true", false),
        ("tags = 3", false),
        ("tags = { team = [1] }", false),
        ("client_secret_env = \"a-b\"", false),
        ("client_secret_env = \"1A\"", false),
        ("client_secret_env = 1", false),
        ("onboarding = []", false),
        ("onboarding = [1]", false),
        ("[onboarding]\nname = \"a\"", false),
        ("[[onboarding]]\norg_id = 1", false),
        ("[[onboarding]]\nname = \" \"", false),
        ("[[onboarding]]\nname = \"a\"\nbuckte = \"b\"", false),
        ("[[onboarding]]\nname = \"a\"\n[onboarding.defaults]\n", false),
        ("org_id = 1\n[[onboarding]]\nname = \"a\"", false),
        ("[defaults]\nprefix = \"a\"", false),
        ("[defaults]\nname = \"a\"\n[[onboarding]]\nname = \"a\"", false),
        ("defaults = 1\n[[onboarding]]\nname = \"a\"", false),
    ] {
        let document: Value = toml::from_str(text).expect("TOML");
        assert_eq!(spec::file::read(Path::new("f.toml"), text).is_ok(), right, "the program: {text}");
        assert_eq!(
            difference("file", &document).is_none(),
            right,
            "the schema: {text}: {:?}",
            difference("file", &document)
        );
    }
}

/// Values that no run would take are seen already in the editor.
#[test]
fn the_schema_of_the_onboarding_file_knows_the_words_of_each_key() {
    for (key, word, right) in [
        ("api", "flexera-one", true),
        ("api", "flexera", false),
        ("zone", "apac", true),
        ("zone", "us", false),
        ("access", "user", true),
        ("access", "key", false),
        ("policy_set", "cloud-cost", true),
        ("policy_set", "all", false),
        ("bucket", "", false),
    ] {
        assert_eq!(difference("file", &json!({ key: word })).is_none(), right, "{key} = {word}");
    }
}

#[test]
fn the_files_that_help_shows_are_right_and_name_their_schema() {
    let help = Onboard::new(&["help", "file"]).run().ends(0).stdout;
    let line = "#:schema ./optima-onboard.schema.json";
    assert!(help.lines().any(|shown| shown.trim() == line), "{help}");
    let shown: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let many = shown.iter().position(|line| *line == "[defaults]").expect("a file of many");
    let until = shown[many..].iter().position(|line| line.starts_with("refresh_token_file =")).expect("its end");
    let text = shown[many..=many + until].join("\n");
    let document: Value = toml::from_str(&text).expect("TOML");
    assert_eq!(document["onboarding"].as_array().map(Vec::len), Some(2), "{text}");
    assert_eq!(difference("file", &document), None);
}
