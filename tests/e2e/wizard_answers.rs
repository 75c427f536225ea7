//! What becomes of the wizard's answers: kept when it stops, changed at the review, saved as a file, never a secret
//! among them.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use optima_onboard::sandbox::{ACCESS_KEY_ID, REFRESH_TOKEN, SECRET_ACCESS_KEY};

use aws_sdk_costandusagereport::types::TimeUnit;

use crate::conversation::{CONFIRM, QUESTIONS, decide, take_defaults};
use crate::screens::make_report;
use crate::support::terminal::{Key, Terminal};
use crate::support::{Onboard, World};

fn open(run: Onboard) -> Terminal {
    Terminal::open(run, 80, 200)
}

fn kept_in(terminal: &Terminal) -> PathBuf {
    terminal.home.path().join(".local/state/optima-onboard/wizard.toml")
}

/// The same home for another run.
fn at_home_of(terminal: &Terminal, run: Onboard) -> Onboard {
    run.env("HOME", &terminal.home.path().to_string_lossy())
}

/// Answers up to the bucket, then Ctrl-C.
fn stopped_at_the_bucket(world: &World) -> Terminal {
    let mut terminal = open(world.onboard(&["wizard"]).without("OPTIMA_REFRESH_TOKEN"));
    terminal.wait_for(QUESTIONS[1]);
    terminal.key(Key::Enter);
    terminal.wait_for("? Flexera refresh token (hidden)");
    terminal.type_hidden(REFRESH_TOKEN);
    terminal.wait_for(QUESTIONS[2]);
    terminal.key(Key::Enter);
    terminal.wait_for("? Billing bucket");
    terminal.key(Key::CtrlC);
    terminal.ends(130);
    terminal
}

#[test]
fn a_run_that_was_stopped_goes_on_where_it_stopped() {
    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    assert!(first.text().contains("your answers are kept in ~/.local/state"), "{}", first.screen());
    let path = kept_in(&first);
    let text = std::fs::read_to_string(&path).expect("the answers are kept");
    assert!(text.contains("access = \"role\"") && !text.contains(REFRESH_TOKEN), "{text}");
    assert_eq!(std::fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);

    let mut again = open(at_home_of(&first, world.onboard(&["wizard"])));
    again.wait_for("Kept of an earlier run that was not carried out");
    again.wait_for("❯ keep");
    again.key(Key::Enter);
    again.wait_for("? Billing bucket");
    assert!(!again.text().contains("? Access for Flexera"), "{}", again.screen());
    again.key(Key::Enter);
    again.wait_for(QUESTIONS[4]);
    again.key(Key::Enter);
    again.wait_for(CONFIRM);
    decide(&mut again, "yes");
    again.ends(0);
    assert!(!path.exists(), "what is carried out is not kept");
}

#[test]
fn an_address_that_was_kept_is_named_before_the_yes() {
    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    let run = world.onboard(&["wizard"]).without("OPTIMA_API_URL").without("OPTIMA_LOGIN_URL");
    let mut again = open(at_home_of(&first, run));
    again.wait_for("❯ keep");
    again.key(Key::Enter);
    take_defaults(&mut again, &QUESTIONS[3..]);
    let text = again.text();
    let asked = text.split("Not at its owner's address").nth(1).unwrap_or_else(|| panic!("nothing named:\n{text}"));
    assert_eq!(text.matches("http://127.0.0.1").count(), 3, "each address once:\n{text}");
    let asked = asked.split_whitespace().collect::<Vec<_>>().join(" ");
    for name in ["wizard.toml:", "api_url)", "login_url)"] {
        assert!(asked.contains(name), "{name} missing in:\n{asked}");
    }
}

#[test]
fn kept_answers_name_a_tokens_file_and_it_is_read() {
    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    // Outside the home, which is searched for secrets; its owner's alone.
    let token = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(token.path(), REFRESH_TOKEN).expect("written");
    let kept = std::fs::read_to_string(kept_in(&first)).expect("kept");
    let named = format!("refresh_token_file = \"{}\"\n", token.path().display());
    std::fs::write(kept_in(&first), format!("{kept}{named}")).expect("written");
    let run = world.onboard(&["wizard"]).without("OPTIMA_REFRESH_TOKEN");
    let mut again = open(at_home_of(&first, run));
    again.wait_for("❯ keep");
    again.key(Key::Enter);
    again.wait_for("? Billing bucket");
    assert!(!again.text().contains("(hidden)"), "asked for all the same:\n{}", again.text());
}

#[test]
fn kept_answers_can_be_changed_or_forgotten() {
    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    let mut changing = open(at_home_of(&first, world.onboard(&["wizard"])));
    changing.wait_for("❯ keep");
    changing.key(Key::Down);
    changing.wait_for("❯ change");
    changing.key(Key::Enter);
    changing.wait_for("? Onboarding API");
    changing.key(Key::CtrlC);
    changing.ends(130);
    let mut over = open(at_home_of(&first, world.onboard(&["wizard"])));
    over.wait_for("❯ keep");
    over.key(Key::Up);
    over.wait_for("❯ start over");
    over.key(Key::Enter);
    over.wait_for("? Onboarding API");
    assert!(!kept_in(&first).exists());
}

#[test]
fn a_file_that_is_named_wins_over_answers_that_are_kept() {
    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    let run = at_home_of(&first, world.onboard(&["wizard", "--file", "mine.toml"]));
    std::fs::write(run.folder().join("mine.toml"), "bucket = \"mine-alone\"\n").expect("the file is written");
    let mut terminal = open(run);
    terminal.wait_for("? Onboarding API");
    assert!(!terminal.text().contains("an earlier run"), "{}", terminal.screen());
    terminal.key(Key::CtrlC);
    terminal.ends(130);
}

#[test]
fn answers_survive_an_apply_that_fails() {
    let world = World::new();
    let mut terminal = open(world.onboard(&["wizard"]));
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    world.requests();
    world.fail_at(1, "access-denied");
    decide(&mut terminal, "yes");
    terminal.ends(4);
    let text = terminal.text();
    for part in ["✘", "error:", "why:", "your answers are kept in", "https://docs.aws.amazon.com/"] {
        assert!(text.contains(part), "{part} missing in:\n{text}");
    }
    assert!(kept_in(&terminal).exists());
}

#[test]
fn one_answer_is_changed_at_the_review_and_the_others_stay() {
    let world = World::new();
    let mut terminal = open(world.onboard(&["wizard"]));
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    decide(&mut terminal, "change");
    terminal.wait_for("? Which answer");
    for answer in ["API", "access", "bucket"] {
        terminal.key(Key::Down);
        terminal.wait_for(&format!("❯ {answer}"));
    }
    terminal.key(Key::Enter);
    terminal.wait_for("? Billing bucket");
    terminal.type_line("acme-another-one");
    terminal.wait_for("? Region of the bucket");
    terminal.key(Key::Enter);
    terminal.wait_for("bucket  acme-another-one");
    terminal.wait_for_times("Review:", 2);
    terminal.wait_for_times(CONFIRM, 2);
    terminal.key(Key::Enter);
    terminal.ends(130);
    assert!(terminal.text().contains("--bucket acme-another-one"), "{}", terminal.screen());
}

#[test]
fn the_review_shows_everything_in_full_and_saves_a_file_that_apply_takes() {
    let world = World::new();
    let mut terminal = open(world.onboard(&["wizard"]));
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    decide(&mut terminal, "look");
    terminal.wait_for("\"sts:ExternalId\": \"12345\"");
    terminal.wait_for("\"s3:GetObject\"");
    terminal.wait_for("? Apply this");
    assert_eq!(terminal.text().matches("\"s3:GetObject\"").count(), 1, "each document once:\n{}", terminal.screen());
    decide(&mut terminal, "save");
    terminal.wait_for("? Onboarding file (onboarding.toml)");
    terminal.key(Key::Enter);
    terminal.wait_for("✔ Onboarding file · onboarding.toml");
    terminal.wait_for("? Apply this");
    decide(&mut terminal, "save");
    terminal.wait_for("? Onboarding file (onboarding-2.toml)");
    terminal.type_line("onboarding.toml");
    terminal.wait_for("onboarding.toml is there already");
    terminal.type_line("nowhere/onboarding.toml");
    terminal.wait_for("there is no folder nowhere");
    terminal.type_line("ours; and theirs.toml");
    terminal.wait_for("optima-onboard apply --file 'ours; and theirs.toml'");
    terminal.wait_for("? Apply this");
    terminal.key(Key::CtrlC);
    terminal.ends(130);
    let file = terminal.home.path().join("onboarding.toml");
    let applied = world.apply(&["--file", &file.to_string_lossy()]).run().ends(0);
    assert_eq!(applied.json()["summary"]["create"], 6);
}

#[test]
fn a_profile_is_chosen_from_those_that_are_configured() {
    let world = World::new();
    let run = world.onboard(&["wizard"]).without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    let aws = run.folder().join(".aws");
    std::fs::create_dir(&aws).expect("a folder");
    let keys = format!("aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n");
    std::fs::write(aws.join("credentials"), format!("[payer]\n{keys}[other]\n{keys}")).expect("credentials");
    let mut terminal = open(run);
    terminal.wait_for("? AWS profile");
    terminal.wait_for("❯ other");
    terminal.key(Key::Down);
    terminal.wait_for("❯ payer");
    terminal.key(Key::Enter);
    terminal.wait_for("✔ AWS profile · payer");
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    terminal.key(Key::Enter);
    terminal.ends(130);
    assert!(terminal.text().contains("--profile payer"), "{}", terminal.screen());
}

#[test]
fn a_profile_that_aws_does_not_take_is_asked_again_and_esc_at_the_first_question_goes_back_to_it() {
    let world = World::new();
    let run = world.onboard(&["wizard"]).without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    let aws = run.folder().join(".aws");
    std::fs::create_dir(&aws).expect("a folder");
    let keys = format!("aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n");
    let gone = "aws_access_key_id = AKIAGONE\naws_secret_access_key = gone\n";
    std::fs::write(aws.join("credentials"), format!("[gone]\n{gone}[payer]\n{keys}")).expect("credentials");
    let mut terminal = open(run);
    terminal.wait_for("❯ gone");
    let before = terminal.screen();
    terminal.key(Key::Enter);
    terminal.wait_for("AWS denied sts:GetCallerIdentity");
    terminal.wait_for("❯ gone");
    terminal.key(Key::Down);
    terminal.wait_for("❯ payer");
    terminal.key(Key::Enter);
    terminal.wait_for(QUESTIONS[1]);
    terminal.key(Key::Esc);
    terminal.wait_for("❯ payer");
    assert!(
        !terminal.text().contains("Found, and where"),
        "another profile finds something else:\n{}",
        terminal.screen()
    );
    assert!(!terminal.text().contains("first question"), "{}", terminal.screen());
    assert!(terminal.screen().starts_with(before.lines().next().unwrap_or_default()));
    terminal.key(Key::Enter);
    take_defaults(&mut terminal, &QUESTIONS[1..]);
    terminal.key(Key::Enter);
    terminal.ends(130);
    assert!(terminal.text().contains("--profile payer"), "{}", terminal.screen());
}

#[test]
fn kept_answers_that_all_came_as_flags_are_no_question() {
    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    let words = ["wizard", "--api", "optima", "--access", "role"];
    let mut again = open(at_home_of(&first, world.onboard(&words)));
    again.wait_for("? Billing bucket");
    assert!(!again.text().contains("an earlier run"), "{}", again.screen());
    again.key(Key::CtrlC);
    again.ends(130);
}

#[test]
fn a_name_that_is_refused_is_changed_at_the_review_and_a_no_prints_the_command_with_another() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let words = ["wizard", "--org-id", "99999", "--api", "optima", "--access", "role", "--bucket-region", "us-east-1"];
    let open_other = || open(world.onboard(&words).args(&["--bucket", "acme-billing", "--report-name", "acme-bill"]));
    let mut terminal = open_other();
    terminal.wait_for("This cannot be applied as it is");
    terminal.wait_for("❯ no");
    terminal.key(Key::Enter);
    terminal.ends(5);
    let text = terminal.text().replace(" \\\n", " ");
    let command = text.lines().find(|line| line.contains("optima-onboard wizard --")).unwrap_or_default();
    for part in
        ["--org-id 99999", "--policy-name FlexeraOptimaAccessPolicy-99999", "--role-name FlexeraOptimaAccessRole-99999"]
    {
        assert!(command.contains(part), "{part} missing in:\n{text}");
    }

    let mut terminal = open_other();
    for (reviews, name, title, other) in [
        (1, "policy name", "Policy name", "FlexeraOptimaAccessPolicy-99999 --policy-name"),
        (2, "role name", "Role name", "FlexeraOptimaAccessRole-99999 --role-name"),
    ] {
        terminal.wait_for_times("Review:", reviews);
        terminal.wait_for("❯ no");
        for way in ["look", "change"] {
            terminal.key(Key::Down);
            terminal.wait_for(&format!("❯ {way}"));
        }
        terminal.key(Key::Enter);
        terminal.wait_for(&format!("❯ {name}"));
        terminal.key(Key::Enter);
        terminal.wait_for(&format!("? {title} ("));
        terminal.key(Key::Enter);
        terminal.wait_for(&format!("✔ {title} · {other}"));
    }
    terminal.wait_for(CONFIRM);
    decide(&mut terminal, "yes");
    terminal.ends(0);
    assert!(world.state()["roles"]["FlexeraOptimaAccessRole-99999"].is_object(), "{}", world.state());
}

#[test]
fn an_organization_that_cannot_be_used_ends_the_run_at_once_and_is_not_offered_again() {
    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    let again = || at_home_of(&first, world.onboard(&["wizard"])).without("OPTIMA_ORG_ID");
    let mut given = open(again().args(&["--org-id", "5"]));
    given.ends(2);
    assert!(given.text().contains("the organization id 5 cannot be the external id"), "{}", given.screen());
    let path = kept_in(&first);
    let text = std::fs::read_to_string(&path).expect("what was kept stays, the flag is at fault");
    std::fs::write(&path, text.replace("\"12345\"", "\"5\"")).expect("the file is written");
    let mut kept = open(again());
    kept.wait_for("❯ keep");
    kept.key(Key::Enter);
    kept.ends(2);
    assert!(kept.text().contains("the organization id 5 cannot be the external id"), "{}", kept.screen());
    assert!(!kept.text().contains("your answers are kept"), "{}", kept.screen());
    assert!(!path.exists());
}

#[test]
fn what_no_flag_would_have_given_has_no_flag_behind_it() {
    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    let mut terminal = open(at_home_of(&first, world.onboard(&["wizard"])));
    terminal.wait_for("❯ keep");
    terminal.key(Key::Enter);
    take_defaults(&mut terminal, &QUESTIONS[3..]);
    decide(&mut terminal, "export");
    terminal.wait_for("❯ CloudFormation");
    terminal.key(Key::Enter);
    terminal.wait_for("? File (template.yaml)");
    terminal.key(Key::Enter);
    terminal.ends(0);
    let screen = terminal.screen();
    for row in ["✔ Go on with these answers · keep", "✔ Written out as · CloudFormation", "✔ File · template.yaml"]
    {
        assert!(screen.lines().any(|line| line == row), "{row} missing in:\n{screen}");
    }
    assert!(!screen.contains("()"), "{screen}");
}

#[test]
fn whoever_leaves_at_the_first_question_is_told_the_whole_command_and_what_is_still_kept() {
    let words = ["wizard", "--sandbox", "--bucket", "acme-billing"];
    let leave = |run: Onboard, presses: &[Key]| {
        let mut terminal = open(run);
        terminal.wait_for(QUESTIONS[0]);
        for key in presses {
            terminal.key(*key);
            terminal.wait_for("This is the first question");
        }
        terminal.key(Key::CtrlC);
        terminal.ends(130);
        let text = terminal.text();
        text[text.find("ended: ").expect("how it ended")..].to_owned()
    };
    let said = leave(Onboard::new(&words), &[]);
    assert!(said.contains("optima-onboard wizard --sandbox --bucket acme-billing"), "{said}");
    assert_eq!(leave(Onboard::new(&words), &[Key::Esc]), said);

    let world = World::new();
    let first = stopped_at_the_bucket(&world);
    let mut again = open(at_home_of(&first, world.onboard(&["wizard"])));
    again.wait_for("❯ keep");
    again.key(Key::Down);
    again.wait_for("❯ change");
    again.key(Key::Enter);
    again.wait_for("? Onboarding API");
    again.key(Key::CtrlC);
    again.ends(130);
    assert!(again.text().contains("your answers are kept in ~/.local/state"), "{}", again.screen());
    assert!(kept_in(&first).exists());
}

#[test]
fn where_a_bill_connect_exists_enter_alone_takes_what_it_has_and_changes_nothing() {
    let asked = ["? Onboarding API", "? Access for Flexera", "? Cost and Usage Report"];
    for (api, words) in [
        ("optima", &["--bucket", "acme-billing", "--role-name", "R9", "--policy-name", "P9"][..]),
        ("flexera-one", &["--api", "flexera-one", "--zone", "nam", "--access", "user", "--bucket", "acme-billing"]),
    ] {
        let world = World::new();
        world.apply(words).run().ends(0);
        // It fits as well, and comes first by its name.
        make_report(&world, "a-report-beside-it", TimeUnit::Hourly, "acme-billing");
        world.requests();
        let mut terminal = open(world.onboard(&["wizard"]));
        terminal.wait_for(asked[0]);
        if api == "flexera-one" {
            terminal.key(Key::Down);
            terminal.wait_for("❯ flexera-one");
            terminal.key(Key::Enter);
            terminal.wait_for("? Zone");
        }
        terminal.key(Key::Enter);
        for question in &asked[1..] {
            terminal.wait_for(question);
            terminal.wait_until_keys();
            terminal.key(Key::Enter);
        }
        terminal.wait_for("Everything is in place.");
        terminal.ends(0);
        assert_eq!(world.writes(), [""; 0], "{api}:\n{}", terminal.screen());
        assert!(terminal.text().contains("✔ Cost and Usage Report · flexera-optima"), "{}", terminal.screen());
    }
}

/// Whoever said no has not been stopped, and the file that a rehearsal offers for its key is nobody's answer.
#[test]
fn answers_are_offered_again_after_a_no_without_a_rehearsals_key_file() {
    const KEY_FILE: &str = "File for the access key (rehearsal-access-key)";
    let words = ["wizard", "--sandbox", "--org-id", "12345", "--access", "user"];
    let mut first = open(Onboard::new(&words));
    take_defaults(&mut first, &[QUESTIONS[1], KEY_FILE, QUESTIONS[3], QUESTIONS[4]]);
    first.key(Key::Enter);
    first.ends(130);
    for way in ["keep", "change"] {
        let mut again = open(at_home_of(&first, Onboard::new(&words)));
        again.wait_for("Kept of an earlier run that was not carried out");
        again.wait_for("❯ keep");
        assert!(!again.text().contains("rehearsal-access-key"), "{}", again.screen());
        if way == "change" {
            again.key(Key::Down);
        }
        again.wait_for(&format!("❯ {way}"));
        again.key(Key::Enter);
        if way == "change" {
            again.wait_for(QUESTIONS[1]);
            again.key(Key::Enter);
        }
        again.wait_for(KEY_FILE);
        again.key(Key::CtrlC);
        again.ends(130);
    }
}

/// They are the bill connect's, whose organization may be changed before the next run asks for it.
#[test]
fn names_that_a_bill_connect_gives_are_not_kept_as_answers_and_taken_over_anew() {
    let world = World::new();
    world.apply(&["--bucket", "acme-billing", "--role-name", "R9", "--policy-name", "P9"]).run().ends(0);
    let mut first = open(world.onboard(&["wizard"]));
    for question in &QUESTIONS[1..3] {
        first.wait_for(question);
        first.key(Key::Enter);
    }
    first.wait_for("? Cost and Usage Report");
    first.key(Key::CtrlC);
    first.ends(130);
    let kept = std::fs::read_to_string(kept_in(&first)).expect("the answers are kept");
    assert!(kept.contains("access = \"role\"") && !kept.contains("R9") && !kept.contains("P9"), "{kept}");
    let mut again = open(at_home_of(&first, world.onboard(&["wizard"])));
    again.wait_for("❯ keep");
    again.key(Key::Enter);
    again.wait_for("? Cost and Usage Report");
    again.key(Key::Enter);
    again.wait_for("Everything is in place.");
    again.ends(0);
}
