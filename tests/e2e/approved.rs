//! What was approved is what is done: a plan in a file, or its fingerprint, and worlds that moved in between.

use optima_onboard::sandbox::{AccountKind, Options};
use serde_json::{Value, json};

#[cfg(unix)]
use crate::support::tools;
use crate::support::world::block_on;
use crate::support::{Onboard, Ran, World};

const BUCKET: &str = "flexera-optima-111122223333-12345";

/// The plan as a file, in a folder that outlives the run.
struct Approved {
    folder: tempfile::TempDir,
    text: String,
}

impl Approved {
    fn plan(world: &World, words: &[&str]) -> Self {
        let ran = world.onboard(&["plan", "--output", "json"]).args(words).run().ends(0);
        Self::with(ran.stdout)
    }

    fn with(text: String) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("plan.json"), &text).expect("a file");
        Self { folder, text }
    }

    fn fingerprint(&self) -> String {
        let plan: Value = serde_json::from_str(&self.text).expect("JSON");
        plan["fingerprint"].as_str().expect("a fingerprint").to_owned()
    }

    /// `apply --plan` with nothing but credentials.
    fn apply(&self, world: &World) -> Onboard {
        let plan = self.folder.path().join("plan.json");
        let run = world.apply(&["--plan"]).without("OPTIMA_ORG_ID").without("AWS_REGION");
        run.args(&[plan.to_str().expect("a path in UTF-8")])
    }
}

/// Nothing was written to either world, and the document says why.
#[track_caller]
fn refused(world: &World, before: &Value, ran: Ran, part: &str) {
    let ran = ran.ends(5);
    let document = ran.json();
    let cause = document["error"]["cause"].as_str().unwrap_or_default();
    assert!(cause.contains(part), "{part}: {}", document["error"]);
    let outcomes: Vec<&Value> =
        document["steps"].as_array().into_iter().flatten().map(|step| &step["outcome"]).collect();
    assert!(outcomes.iter().all(|outcome| **outcome == "skipped" || **outcome == "unchanged"), "{outcomes:?}");
    assert_eq!(world.state(), *before);
}

#[test]
fn a_plan_in_a_file_is_carried_out_with_nothing_but_credentials() {
    for words in [
        &[][..],
        &["--api", "flexera-one", "--effective-from", "2026-01", "--session-name", "s-1", "--tag", "team=fin ops"],
        &["--api", "flexera-one", "--access", "user", "--policy-set", "cloud-cost", "--user-name", "Reader"],
        &["--bucket", "acme-billing", "--bucket-region", "eu-west-1", "--prefix", "a/b", "--role-name", "Reader"],
    ] {
        let (world, other) = (World::new(), World::new());
        let approved = Approved::plan(&world, words);
        let ran = approved.apply(&world).run().ends(0);
        assert_eq!(ran.json()["fingerprint"], approved.fingerprint(), "{words:?}");
        other.apply(words).run().ends(0);
        assert_eq!(world.state(), other.state(), "{words:?}");
    }
}

#[cfg(unix)]
#[test]
fn anybody_can_make_the_fingerprint_from_the_document() {
    let world = World::new();
    let approved = Approved::plan(&world, &["--tag", "team=é 名"]);
    assert_eq!(tools::fingerprint(&approved.text), approved.fingerprint());
    let again = Approved::plan(&world, &["--tag", "team=é 名"]);
    assert_eq!(again.text, approved.text, "the same world and answers make the same document");
    let shown = world.onboard(&["plan", "--tag", "team=é 名"]).run().ends(0).stdout;
    assert!(shown.contains(&format!("Fingerprint {}", approved.fingerprint())), "{shown}");
}

#[test]
fn a_step_that_was_taken_otherwise_than_approved_stops_all_of_it() {
    let moves: [(&[&[&str]], &str); 3] = [
        (&[&["policy", "--policy-set", "cloud-cost"]], "policy was to create, now it is to update"),
        (&[&["policy"], &["role", "--external-id", "54321"]], "role was to create, now it is to update"),
        (
            &[&["apply", "--prefix", "another"]],
            "bill-connect was to create, now it is to refuse (the bill connect differs",
        ),
    ];
    for (commands, part) in moves {
        let world = World::new();
        let approved = Approved::plan(&world, &[]);
        for command in commands {
            world.onboard(command).args(&["--yes"]).run().ends(0);
        }
        let before = world.state();
        refused(&world, &before, approved.apply(&world).run(), part);
    }
}

#[test]
fn a_resource_without_our_tag_is_no_part_of_what_was_approved() {
    let (world, theirs) = (World::new(), r#"{"Version":"2012-10-17","Statement":[]}"#);
    let approved = Approved::plan(&world, &[]);
    let s3 = world.s3(&world.aws());
    block_on(async {
        s3.create_bucket().bucket(BUCKET).send().await.expect("a bucket");
        s3.put_bucket_policy().bucket(BUCKET).policy(theirs).send().await
    })
    .ok();
    let before = world.state();
    refused(&world, &before, approved.apply(&world).run(), "bucket was to create, now it is to keep (yours already");
}

#[test]
fn a_policy_that_changed_by_a_blank_stops_all_of_it() {
    let world = World::new();
    world.onboard(&["bucket", "--yes"]).run().ends(0);
    let put = |policy: &str| {
        let s3 = world.s3(&world.aws());
        block_on(s3.put_bucket_policy().bucket(BUCKET).policy(policy).send()).expect("a policy");
    };
    let foreign = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::flexera-optima-111122223333-12345/*"}]}"#;
    put(foreign);
    let approved = Approved::plan(&world, &[]);
    put(&foreign.replace("},", "}, ").replace(":[", ": ["));
    let before = world.state();
    refused(&world, &before, approved.apply(&world).run(), "bucket-policy is to update as before, but what is there");
    put(foreign);
    approved.apply(&world).run().ends(0);
}

#[test]
fn a_plan_that_was_changed_or_is_none_is_not_even_looked_at_twice() {
    let world = World::new();
    let approved = Approved::plan(&world, &[]);
    world.requests();
    let edited = Approved::with(approved.text.replace("s3:GetObject", "s3:*"));
    let ran = edited.apply(&world).run().ends(5);
    assert!(ran.json()["error"]["message"].as_str().is_some_and(|text| text.contains("is not as")), "{}", ran.stdout);
    for other in [json!({ "schema_version": 1, "onboardings": [] }).to_string(), "no JSON".to_owned()] {
        Approved::with(other).apply(&world).run().ends(2);
    }
    world.apply(&["--plan", "missing.json"]).run().ends(2);
    assert!(world.requests().is_empty(), "nobody was asked");
}

#[test]
fn what_contradicts_the_plan_is_a_usage_error() {
    let world = World::new();
    let approved = Approved::plan(&world, &["--prefix", "a"]);
    world.requests();
    for (run, part) in [
        (approved.apply(&world).args(&["--prefix", "b"]), "--prefix \"b\": the plan has \"a\""),
        (approved.apply(&world).env("OPTIMA_ACCESS", "user"), "OPTIMA_ACCESS \"user\": the plan has \"role\""),
        (approved.apply(&world).args(&["--tag", "a=b"]), "--tag \"a=b\""),
        (
            approved.apply(&world).args(&["--plan-fingerprint", &format!("sha256:{}", "0".repeat(64))]),
            "not of the same plan",
        ),
        (approved.apply(&world).args(&["--plan-fingerprint", "sha256:1"]), "64 hexadecimal digits"),
    ] {
        let ran = run.run().ends(2);
        assert!(
            ran.json()["error"]["message"].as_str().is_some_and(|text| text.contains(part)),
            "{part}: {}",
            ran.stdout
        );
    }
    assert!(world.requests().is_empty(), "nobody was asked");
    approved.apply(&world).args(&["--prefix", "a", "--plan-fingerprint", &approved.fingerprint()]).run().ends(0);
}

#[test]
fn only_the_plan_with_the_fingerprint_is_applied() {
    let world = World::new();
    let fingerprint = Approved::plan(&world, &[]).fingerprint();
    let before = world.state();
    let other = world.apply(&["--plan-fingerprint", &fingerprint, "--prefix", "another"]).run();
    refused(&world, &before, other, "these answers, the account or the onboarding API differ");
    world.apply(&["--plan-fingerprint", &fingerprint]).run().ends(0);
    let before = world.state();
    refused(&world, &before, world.apply(&["--plan-fingerprint", &fingerprint]).run(), "its fingerprint is sha256:");
}

#[test]
fn a_file_of_many_is_not_held_to_one_plan() {
    let world = World::new();
    let approved = Approved::plan(&world, &[]);
    world.requests();
    let many = "[[onboarding]]\nname = \"a\"\norg_id = 12345\n[[onboarding]]\nname = \"b\"\norg_id = 54321\n";
    std::fs::write(approved.folder.path().join("many.toml"), many).expect("a file");
    let file = approved.folder.path().join("many.toml");
    let file = ["--file", file.to_str().expect("a path in UTF-8")];
    approved.apply(&world).args(&file).run().ends(2);
    let ran = world.apply(&["--plan-fingerprint", &approved.fingerprint()]).without("OPTIMA_ORG_ID").args(&file).run();
    assert!(ran.ends(2).stdout.contains("one plan is approved at a time"));
    assert!(world.requests().is_empty(), "nobody was asked");
}

#[test]
fn a_plan_for_a_member_account_says_so_itself() {
    let world = World::with(|options| Options { account_kind: AccountKind::Member, ..options });
    let approved = Approved::plan(&world, &["--allow-member-account"]);
    let review = world.onboard(&["review", "--format", "markdown", "--allow-member-account"]).run().ends(0).stdout;
    assert!(review.contains("apply --allow-member-account --org-id 12345"), "{review}");
    approved.apply(&world).run().ends(0);
}

#[cfg(unix)]
#[test]
fn a_plan_of_another_account_is_told_as_that() {
    let world = World::new();
    let mut plan: Value = serde_json::from_str(&Approved::plan(&world, &[]).text).expect("JSON");
    plan["onboarding"]["account_id"] = json!("999988887777");
    plan["fingerprint"] = json!(tools::fingerprint(&plan.to_string()));
    let (approved, before) = (Approved::with(plan.to_string()), world.state());
    refused(&world, &before, approved.apply(&world).run(), "account_id was 999988887777 and is 111122223333");
}

#[test]
fn an_approved_plan_needs_its_yes_too() {
    let world = World::new();
    let approved = Approved::plan(&world, &[]);
    let plan = approved.folder.path().join("plan.json");
    let ran = world.onboard(&["apply", "--plan", plan.to_str().expect("a path in UTF-8")]).run().ends(2);
    assert!(ran.stderr.contains("add --yes"), "{}", ran.stderr);
}
