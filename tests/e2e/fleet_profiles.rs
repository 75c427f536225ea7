//! Many onboardings of one file: who signs for each where keys, variables and profiles are at hand.

use optima_onboard::sandbox::{ACCESS_KEY_ID, ACCOUNT_ID, FOREIGN_KEY_PREFIX, SECRET_ACCESS_KEY};

use crate::fleet::{account, apply, holds, onboard, text, world};
use crate::support::Onboard;

/// What the AWS CLI keeps in its `credentials`: each profile's keys, of the administrator of its account.
fn keys(profiles: &[(&str, &str)]) -> String {
    let section = |(profile, account): &(&str, &str)| {
        let key = format!("{FOREIGN_KEY_PREFIX}{account}");
        format!("[{profile}]\naws_access_key_id = {key}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n")
    };
    profiles.iter().map(section).collect()
}

/// A run whose profiles are these.
fn with_profiles(run: Onboard, credentials: &str, config: &str) -> Onboard {
    let folder = run.folder().join(".aws");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join("credentials"), credentials).expect("written");
    std::fs::write(folder.join("config"), config).expect("written");
    run
}

#[test]
fn keys_in_the_environment_sign_for_nobody_who_names_a_profile() {
    let world = world();
    let keys = keys(&[("acme", &account(1)), ("globex", &account(2)), ("initech", &account(4))]);
    let made = format!(
        "{{\"Version\":1,\"AccessKeyId\":\"{FOREIGN_KEY_PREFIX}{}\",\"SecretAccessKey\":\"{SECRET_ACCESS_KEY}\"}}",
        account(5)
    );
    let shows = if cfg!(windows) { "type" } else { "cat" };
    let config = format!(
        "[profile hooli]\nrole_arn = arn:aws:iam::{}:role/Onboarder\nsource_profile = hub\n\
         [profile hub]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n\
         [profile made]\ncredential_process = {shows} made.json\n",
        account(3)
    );
    let file = "[defaults]\norg_id = 12345\nprofile = \"initech\"\n".to_owned()
        + &["acme", "globex", "hooli", "made"]
            .map(|name| format!("[[onboarding]]\nname = \"{name}\"\nprofile = \"{name}\"\n"))
            .concat()
        + "[[onboarding]]\nname = \"initech\"\n";
    let run = with_profiles(apply(&world, &[], &file), &keys, &config);
    std::fs::write(run.folder().join("made.json"), made).expect("written");
    let document = run.run().ends(0).json();
    let accounts: Vec<String> = document["onboardings"]
        .as_array()
        .expect("onboardings")
        .iter()
        .map(|one| text(&one["onboarding"]["account_id"]))
        .collect();
    assert_eq!(accounts, [1, 2, 3, 5, 4].map(account));
    assert_eq!(holds(&world, 1).len(), 4, "{:?}", holds(&world, 1));
}

#[test]
fn of_one_onboarding_a_typed_profile_comes_before_the_environment_and_that_before_the_file() {
    let world = world();
    let planned = |words: &[&str], file: &str, without: &[&str], profile: Option<&str>| {
        let run = onboard(&world, &["plan", "--output", "json"], file).args(words);
        let mut run = with_profiles(run, &keys(&[("acme", &account(1)), ("globex", &account(2))]), "");
        for name in without {
            run = run.without(name);
        }
        run = profile.into_iter().fold(run, |run, name| run.env("AWS_PROFILE", name));
        text(&run.run().ends(0).json()["onboarding"]["account_id"])
    };
    let (plain, named) = ("org_id = 12345\n", "org_id = 12345\nprofile = \"acme\"\n");
    let no_keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let typed = ["--profile", "globex"];
    assert_eq!(planned(&typed, named, &[], Some("acme")), account(2), "typed");
    assert_eq!(planned(&[], named, &[], None), ACCOUNT_ID, "the environment's keys before the file");
    assert_eq!(planned(&[], named, &no_keys, Some("globex")), account(2), "the environment's profile before the file");
    assert_eq!(planned(&[], named, &no_keys, None), account(1), "the file's, where nothing else is said");
    assert_eq!(planned(&[], plain, &[], Some("acme")), ACCOUNT_ID, "as for the AWS CLI, keys before AWS_PROFILE");
}

#[test]
fn a_profile_without_credentials_is_not_signed_for_by_somebody_else() {
    let world = world();
    let run = onboard(&world, &["plan", "--profile", "bare"], "org_id = 12345\n");
    let ran = with_profiles(run, "", "[profile bare]\nregion = eu-west-1\n").run().ends(4);
    assert!(ran.stderr.contains("no AWS credentials were found"), "{}", ran.stderr);
    assert!(world.requests().iter().all(|request| request.service != "sts"), "nobody signed");
}

#[cfg(unix)]
#[test]
fn whose_profile_became_another_account_s_after_the_plan_is_not_written_to() {
    use crate::support::terminal::Terminal;
    let world = world();
    // More than there are clients kept, so that the first has to be connected to anew.
    let names: Vec<String> = (1..=18).map(|number| format!("n{number}")).collect();
    let accounts: Vec<String> = (1..=18).map(|number| format!("{number:012}")).collect();
    let mut profiles: Vec<(&str, &str)> =
        names.iter().zip(&accounts).map(|(name, account)| (name.as_str(), account.as_str())).collect();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let credentials = elsewhere.path().join("credentials");
    std::fs::write(&credentials, keys(&profiles)).expect("written");
    let members: String =
        names.iter().map(|name| format!("[[onboarding]]\nname = \"{name}\"\nprofile = \"{name}\"\n")).collect();
    let run = onboard(&world, &["apply", "--accessible"], &format!("[defaults]\norg_id = 12345\n{members}"));
    let run = run.args(&["--concurrency", "1"]).env("AWS_SHARED_CREDENTIALS_FILE", &credentials.to_string_lossy());
    let mut terminal = Terminal::open(run, 200, 60);
    terminal.wait_for("Apply these 18 onboardings to 18 AWS accounts?");
    let stranger = account(9);
    profiles[0].1 = &stranger;
    std::fs::write(&credentials, keys(&profiles)).expect("written");
    terminal.send(b"y\n");
    terminal.ends(6);
    let shown = terminal.text();
    assert!(
        shown.contains(&format!("the plan is for account {}, and AWS now says {stranger}", accounts[0])),
        "{shown}"
    );
    assert!(shown.contains("17 done, 1 refused"), "{shown}");
    assert_eq!(holds(&world, 9), [""; 0]);
    assert!(world.state()["bill_connects"].as_object().expect("an object").len() == 17);
}
