//! The steps one by one: each names the next command to type, and the last one's says whether the bill flows.

use std::time::Duration;

use optima_onboard::sandbox::Options;

use crate::support::World;

/// The command below `Next:`, as its words after the program's name.
fn next(stderr: &str) -> Vec<String> {
    let mut lines = stderr.lines().skip_while(|line| *line != "Next:").skip(1);
    let command = lines.next().unwrap_or_else(|| panic!("no next command in:\n{stderr}")).trim();
    command.split(' ').skip(1).map(str::to_owned).collect()
}

/// Types what each names, `--yes` added where a plan has to be agreed to; the commands that were named.
fn follow(world: &World, words: &[&str], last: &str) -> Vec<String> {
    let mut typed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut named = Vec::new();
    loop {
        let words: Vec<&str> = typed.iter().map(String::as_str).collect();
        let yes = if words[0] == "bill-connect" { &[][..] } else { &["--yes"] };
        typed = next(&world.onboard(&words).args(yes).run().ends(0).stderr);
        named.push(typed.iter().take_while(|word| !word.starts_with('-')).cloned().collect::<Vec<_>>().join(" "));
        if named.last().is_some_and(|name| name == last) {
            let words: Vec<&str> = typed.iter().map(String::as_str).filter(|word| *word != "--wait").collect();
            world.onboard(&words).run().ends(0);
            assert!(typed.ends_with(&["--wait".to_owned()]), "{typed:?}");
            return named;
        }
        assert!(named.len() < 9, "{named:?}");
    }
}

#[test]
fn by_role_they_lead_from_the_bucket_to_a_bill_connect_that_is_as_apply_makes_it() {
    let world = World::new();
    let words = ["bucket", "--bucket", "acme-billing", "--prefix", "costs", "--role-name", "AcmeRole"];
    let named = follow(&world, &words, "verify");
    assert_eq!(named, ["report", "policy", "role", "bill-connect create", "verify"]);
    let plan = world.onboard(&["plan", "--output", "json"]).args(&words[1..]).run().ends(0).json();
    assert_eq!(plan["summary"]["keep"], 6, "{plan:#}");
}

#[test]
fn by_user_they_end_with_what_makes_and_registers_the_key() {
    let world = World::new();
    let named = follow(&world, &["bucket", "--access", "user", "--api", "flexera-one"], "verify");
    assert_eq!(named, ["report", "policy", "user", "apply", "verify"]);
    let world = World::new();
    world.onboard(&["policy", "--yes", "--access", "user"]).run().ends(0);
    let ran = world.onboard(&["user", "--yes", "--access", "user", "--access-key-file", "key"]).run().ends(0);
    assert!(ran.stderr.contains("Next: ") && ran.stderr.contains("register"), "{}", ran.stderr);
}

/// The step itself says that it is by user.
#[test]
fn the_user_alone_needs_no_access_and_names_what_makes_its_key_and_then_where_that_goes() {
    let world = World::new();
    world.onboard(&["policy", "--yes"]).run().ends(0);
    let named = next(&world.onboard(&["user", "--yes"]).run().ends(0).stderr);
    assert_eq!(named[0], "user");
    assert!(
        named.ends_with(&["--access".into(), "user".into(), "--access-key-file".into(), "flexera-access-key".into()]),
        "{named:?}"
    );
    let words: Vec<&str> = named.iter().map(String::as_str).collect();
    let stderr = world.onboard(&words).args(&["--yes"]).run().ends(0).stderr;
    assert!(
        stderr.contains("Next: ") && stderr.contains("register") && stderr.contains("it is in flexera-access-key"),
        "{stderr}"
    );
    for (step, other) in [("user", "role"), ("role", "user")] {
        let stderr = world.onboard(&[step, "--access", other]).run().ends(2).stderr;
        assert!(stderr.contains(&format!("--access says {other}, and this makes the {step}")), "{stderr}");
    }
}

#[test]
fn a_removal_has_no_next_step_and_a_rehearsal_has_it_for_real() {
    let world = World::new();
    world.apply(&[]).run().ends(0);
    let removed = world.onboard(&["destroy", "--yes"]).run().ends(0);
    assert!(!removed.stderr.contains("Next:"), "{}", removed.stderr);
    let rehearsed = crate::support::Onboard::new(&["policy", "--yes", "--sandbox"]).run().ends(0);
    assert!(!rehearsed.stderr.contains("Next:") && rehearsed.stderr.contains("For real"), "{}", rehearsed.stderr);
}

#[test]
fn plain_lines_say_what_is_made_before_what_stands_on_it() {
    let stderr = World::new().onboard(&["apply", "--yes"]).run().ends(0).stderr;
    let at = |begin: &str| {
        let place = stderr.lines().position(|line| line.trim_start().starts_with(begin));
        place.unwrap_or_else(|| panic!("{begin} missing in:\n{stderr}"))
    };
    let bill = ["part bucket ", "done bucket-policy", "done report", "done bill-connect"].map(at);
    let access = ["part role", "done role", "done bill-connect"].map(at);
    assert!(stderr.contains("  part bucket         made; checked later\n"), "{stderr}");
    assert!(bill.is_sorted() && access.is_sorted() && at("part bucket ") < at("done bucket "), "{stderr}");
}

#[test]
fn a_step_whose_turn_has_not_come_names_the_one_that_comes_first() {
    let world = World::new();
    let words = ["role", "--yes", "--role-name", "AcmeRole", "--policy-name", "AcmePolicy"];
    let ran = world.onboard(&words).run().ends(5);
    assert!(ran.stderr.contains("AcmePolicy comes first"), "{}", ran.stderr);
    let command = ran.stderr.lines().map(str::trim).find(|line| line.starts_with("optima-onboard policy --org-id"));
    let command: Vec<&str> = command.unwrap_or_else(|| panic!("no command in:\n{}", ran.stderr)).split(' ').collect();
    world.onboard(&command[1..]).args(&["--yes"]).run().ends(0);
    world.onboard(&words).run().ends(0);
    let document = world.onboard(&["report", "--yes", "--output", "json"]).run().ends(5).json();
    assert!(document["error"]["remedy"].as_str().is_some_and(|next| next.contains("optima-onboard bucket --org-id")));
}

#[test]
fn what_is_applied_and_not_validated_yet_names_what_looks_until_it_is() {
    let world = World::with(|options| Options { propagation: Duration::from_secs(600), ..options });
    let words = ["apply", "--yes", "--timeout", "1", "--api", "flexera-one"];
    let stderr = world.onboard(&words).run().ends(8).stderr;
    assert!(next(&stderr).join(" ").starts_with("verify --org-id 12345 --api flexera-one"), "{stderr}");
}
