//! Addresses in place of AWS's and Flexera's own are named by whatever asks there, with where each comes from.

use crate::support::World;

const AWS: &str = "AWS is asked at";
const API: &str = "the onboarding API is asked at";
const LOGIN: &str = "the token endpoint is asked at";

#[test]
fn what_shows_no_plan_names_the_addresses_that_it_asks() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let account = ["--bill-account-id", "111122223333"];
    let cases: [(&[&str], &[&str]); 6] = [
        (&["verify"], &[AWS, API, LOGIN]),
        (&["permissions"], &[AWS]),
        (&["token"], &[LOGIN]),
        (&["bill-connect", "list"], &[API, LOGIN]),
        (&["bill-connect", "show"], &[API, LOGIN]),
        (&["bill-connect", "delete", "--yes"], &[API, LOGIN]),
    ];
    for (words, named) in cases {
        let mut run = world.onboard(words);
        if words[0] == "bill-connect" && words[1] != "list" {
            run = run.args(&account);
        }
        let said = run.run().ends(0).stderr;
        for who in [AWS, API, LOGIN] {
            assert_eq!(said.contains(who), named.contains(&who), "{words:?}, {who}: {said}");
        }
        for (who, variable) in [(AWS, "AWS_ENDPOINT_URL"), (API, "OPTIMA_API_URL"), (LOGIN, "OPTIMA_LOGIN_URL")] {
            let told = said.lines().find(|line| line.contains(who));
            assert!(told.is_none_or(|line| line.ends_with(&format!("own address (from {variable})"))), "{said}");
        }
    }
}

#[test]
fn an_address_of_a_profile_is_named_too_and_one_that_nobody_asks_is_not() {
    let world = World::new();
    let run = world.onboard(&["permissions"]).without("AWS_ENDPOINT_URL");
    let aws = world.environment().into_iter().find(|(name, _)| *name == "AWS_ENDPOINT_URL").expect("one").1;
    let config = run.folder().join("config");
    std::fs::write(&config, format!("[default]\nendpoint_url = {aws}\n")).expect("a file");
    let said = run.env("AWS_CONFIG_FILE", config.to_str().expect("a path in UTF-8")).run().ends(0).stderr;
    assert!(said.contains("own address (from the AWS configuration file)"), "{said}");
    let with_token = world.onboard(&["bill-connect", "list"]).without("OPTIMA_REFRESH_TOKEN");
    let said = with_token.env("OPTIMA_ACCESS_TOKEN", optima_onboard::sandbox::ACCESS_TOKEN).run().ends(0).stderr;
    assert!(said.contains(API) && !said.contains(LOGIN), "nothing is exchanged: {said}");
}

#[test]
fn many_name_each_address_once() {
    let world = World::new();
    let run = world.onboard(&["verify", "--file", "many.toml"]).without("OPTIMA_ORG_ID");
    let many = "[[onboarding]]\nname = \"a\"\norg_id = 12345\n[[onboarding]]\nname = \"b\"\norg_id = 12345\n";
    std::fs::write(run.folder().join("many.toml"), many).expect("a file");
    let said = run.run().ends(1).stderr;
    for who in [AWS, API, LOGIN] {
        assert_eq!(said.matches(who).count(), 1, "{who}: {said}");
    }
}

/// The plan, in which else it stands, is never shown.
#[test]
fn who_did_not_answer_is_named_beside_the_error() {
    let world = World::new();
    let stderr = world.onboard(&["plan"]).env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").run().ends(1).stderr;
    let told = stderr.find("warning: AWS is asked at http://127.0.0.1:9");
    assert!(told.is_some_and(|told| stderr.find("error: ").is_some_and(|error| told < error)), "{stderr}");
}
