//! `review`: the page for whoever must approve, read by a parser that is not ours.

use serde_json::Value;

use crate::support::world::block_on;
use crate::support::{World, tools};

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Every JSON text on the page.
fn documents(outline: &Value) -> Vec<Value> {
    texts(&outline["pres"]).into_iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

#[test]
fn the_page_loads_nothing_runs_nothing_and_is_well_formed() {
    for words in
        [&[][..], &["--api", "flexera-one", "--access", "user"], &["--access", "user", "--policy-set", "cloud-cost"]]
    {
        let world = World::new();
        let page = world.onboard(&["review"]).args(words).run().ends(0).stdout;
        let outline = tools::outline(&page);
        assert!(texts(&outline["stray"]).is_empty(), "{words:?}: {}", outline["stray"]);
        let tags = texts(&outline["tags"]);
        for loads in
            ["script", "link", "img", "iframe", "object", "embed", "image", "use", "foreignobject", "base", "form"]
        {
            assert!(!tags.contains(&loads), "{words:?}: <{loads}>");
        }
        for needed in ["html", "main", "h1", "h2", "svg", "desc", "footer"] {
            assert!(tags.contains(&needed), "{words:?}: no <{needed}>");
        }
        for attribute in outline["attributes"].as_array().expect("a list") {
            let [tag, name, value] = [0, 1, 2].map(|place| attribute[place].as_str().unwrap_or_default());
            assert!(!name.starts_with("on") && !matches!(name, "src" | "style" | "action" | "srcset"), "{tag} {name}");
            assert!(!value.contains("://"), "{tag} {name}={value}");
            assert!(name != "href" || value.starts_with('#'), "{tag} {name}={value}");
        }
        assert!(!page.contains("url(http") && !page.contains("@import"), "{words:?}");
    }
}

#[test]
fn every_document_stands_on_it_in_full() {
    let world = World::new();
    let plan = world.onboard(&["plan", "--output", "json"]).run().ends(0).json();
    let page = world.onboard(&["review"]).run().ends(0).stdout;
    let shown = documents(&tools::outline(&page));
    let written: Value = {
        let text = plan["steps"][1]["writes"][0]["after"].as_str().expect("the bucket policy");
        serde_json::from_str(text).expect("JSON")
    };
    let detail = |step: usize, field: &str| -> Value {
        let details = plan["steps"][step]["details"].as_array().expect("details");
        let detail = details.iter().find(|detail| detail["field"] == field).expect("the detail");
        serde_json::from_str(detail["to"].as_str().expect("a text")).expect("JSON")
    };
    let operator = world.onboard(&["permissions"]).run().ends(0).json();
    for document in [written, detail(3, "document"), detail(4, "trust"), operator] {
        for statement in document["Statement"].as_array().expect("statements") {
            assert!(shown.contains(statement), "{statement:#}");
        }
    }
}

#[test]
fn a_page_from_the_file_is_the_page_from_the_world_and_asks_nobody() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.json");
    let words = ["--tag", "team=fin", "--prefix", "a/b"];
    let plan = world.onboard(&["plan", "--output", "json"]).args(&words).run().ends(0);
    std::fs::write(&file, &plan.stdout).expect("a file");
    let from_world = world.onboard(&["review"]).args(&words).run().ends(0).stdout;
    world.requests();
    let plan_flag = ["review", "--plan", file.to_str().expect("a path in UTF-8")];
    let offline = || world.onboard(&plan_flag).without("OPTIMA_REFRESH_TOKEN").without("AWS_ACCESS_KEY_ID");
    assert_eq!(offline().run().ends(0).stdout, from_world);
    let fingerprint = plan.json()["fingerprint"].as_str().expect("a fingerprint").to_owned();
    let wrapped = offline().args(&["--format", "markdown", "--output", "json"]).run().ends(0).json();
    assert_eq!((&wrapped["format"], &wrapped["fingerprint"]), (&"markdown".into(), &fingerprint.clone().into()));
    assert!(wrapped["content"].as_str().is_some_and(|text| text.contains(&fingerprint)));
    offline().args(&["--prefix", "c"]).run().ends(2);
    std::fs::write(&file, plan.stdout.replace("a/b", "a/c")).expect("a file");
    offline().run().ends(5);
    assert!(world.requests().is_empty(), "nobody was asked");
}

#[test]
fn the_command_on_the_page_does_what_was_approved() {
    let world = World::new();
    let words =
        ["--bucket", "acme-billing", "--api", "flexera-one", "--tag", "team=fin ops", "--bucket-region", "eu-west-1"];
    let page = world.onboard(&["review"]).args(&words).run().ends(0).stdout;
    let outline = tools::outline(&page);
    let command = texts(&outline["pres"])
        .into_iter()
        .find(|text| text.contains("apply --org-id"))
        .expect("the command")
        .to_owned();
    assert!(
        !command.contains("--role-name") && command.contains("'team=fin ops'"),
        "only what is no default: {command}"
    );
    let home = tempfile::tempdir().expect("a home");
    let mut bash = tools::bash(home.path(), &world.environment());
    bash.args(["-c", &format!("{command} --yes --output json")]).env_remove("OPTIMA_ORG_ID").env_remove("AWS_REGION");
    tools::done(bash.output().expect("bash runs"));
    let again = world.onboard(&["plan", "--detailed-exitcode"]).args(&words).run();
    assert!(again.ends(0).stdout.contains("Nothing to change."));
}

#[test]
fn what_needs_a_person_is_on_the_page_and_in_the_exit_code() {
    let world = World::new();
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let foreign = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let make = iam.create_policy().policy_name("FlexeraOptimaAccessPolicy").policy_document(foreign);
    block_on(make.send()).expect("a policy");
    let page = world.onboard(&["review", "--format", "markdown"]).run().ends(5).stdout;
    assert!(page.contains("## Read this first") && page.contains("this plan cannot be applied"), "{page}");
    for part in ["would have to be put right", "cannot be approved", "another name"] {
        assert!(page.contains(part), "{part} missing in:\n{page}");
    }
    for promise in ["is put right", "--plan-fingerprint", "Signature", "sha256sum", "will be created"] {
        assert!(!page.contains(promise), "{promise} in:\n{page}");
    }
}
