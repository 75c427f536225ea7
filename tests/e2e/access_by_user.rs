//! The older way in: an IAM user whose access key is made, registered, or deleted again.

use crate::support::World;
use crate::support::world::block_on;

const USER: &[&str] = &["--access", "user", "--api", "flexera-one"];
const NAME: &str = "FlexeraOptimaAccessUser";

fn keys(world: &World) -> Vec<String> {
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let listed = block_on(iam.list_access_keys().user_name(NAME).send()).expect("keys").access_key_metadata;
    listed.into_iter().filter_map(|key| key.access_key_id).collect()
}

#[test]
fn a_user_is_made_and_its_key_registered() {
    let world = World::new();
    let ran = world.apply(USER).run().ends(0);
    assert_eq!(ran.steps()[4..], ["user create done", "bill-connect create done"]);
    assert_eq!(ran.json()["bill_connect"]["validated"], true);
    assert_eq!(keys(&world).len(), 1);
    world.onboard(&["verify"]).args(USER).run().ends(0);
}

#[test]
fn somebody_elses_user_gets_a_key_and_no_tag() {
    let world = World::new();
    let words = ["--access", "user"];
    world.apply(&words).run().ends(8);
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let ours = || ["managed-by", "flexera-org-id"].map(str::to_owned).to_vec();
    block_on(iam.untag_user().user_name(NAME).set_tag_keys(Some(ours())).send()).expect("untagged");
    let before = world.state()["users"][NAME]["tags"].clone();
    let ran = world.apply(USER).run().ends(0);
    assert!(ran.steps().contains(&"user keep unchanged".to_owned()), "adopted: {:?}", ran.steps());
    assert_eq!(keys(&world).len(), 1);
    assert_eq!(world.state()["users"][NAME]["tags"], before);
}

#[test]
fn a_key_that_cannot_be_registered_is_deleted_again() {
    let rehearsal = World::new();
    rehearsal.apply(USER).run().ends(0);
    let requests = rehearsal.requests();
    let registering = 1 + requests
        .iter()
        .position(|request| request.action.ends_with("/bill-connects/aws/iam-user"))
        .expect("a registration");

    let world = World::new();
    world.fail_at(registering, "access-denied");
    let ran = world.apply(USER).run().ends(4);
    assert!(ran.steps().contains(&"bill-connect create failed".to_owned()), "{:?}", ran.steps());
    assert_eq!(keys(&world), Vec::<String>::new(), "no key is left that nobody knows");
    world.apply(USER).run().ends(0);
    assert_eq!(keys(&world).len(), 1, "the next run finishes, with one key");
}

#[test]
fn a_lost_answer_to_the_key_leaves_no_second_key() {
    let rehearsal = World::new();
    rehearsal.apply(USER).run().ends(0);
    let making =
        1 + rehearsal.requests().iter().position(|request| request.action == "CreateAccessKey").expect("a key");
    let world = World::new();
    world.fail_at(making, "lost-after");
    world.apply(USER).run().ends(0);
    assert_eq!(keys(&world).len(), 1);
}

#[test]
fn the_older_api_takes_no_key_and_says_so() {
    let world = World::new();
    let ran = world.apply(&["--access", "user"]).run().ends(8);
    assert_eq!(ran.steps().last().map(String::as_str), Some("user create done"));
    assert!(ran.json()["error"]["cause"].as_str().is_some_and(|cause| cause.contains("not public")));
    assert_eq!(keys(&world), Vec::<String>::new(), "no key is made that nobody asked for");
}

#[cfg(unix)]
#[test]
fn a_key_goes_to_a_new_file_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt;

    let world = World::new();
    let words = ["--access", "user", "--access-key-file", "key"];
    let ran = world.apply(&words).run().ends(8);
    let path = ran.home.path().join("key");
    let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).expect("readable by its owner");
    assert!(text.contains(&format!("aws_access_key_id = {}", keys(&world)[0])), "as an AWS credentials file");
    world.apply(&words).run().ends(8);
    assert_eq!(keys(&world).len(), 1, "a second run makes no second key");
}

#[test]
fn a_file_that_exists_is_never_written_over() {
    let world = World::new();
    let run = world.apply(&["--access", "user", "--access-key-file", "key"]);
    std::fs::write(run.folder().join("key"), "mine").expect("a file");
    let ran = run.run().ends(5);
    assert_eq!(std::fs::read_to_string(ran.home.path().join("key")).expect("still there"), "mine");
    assert_eq!(world.writes(), [""; 0], "refused before any write");
}

#[test]
fn a_lost_answer_to_the_registration_keeps_the_key_that_was_registered() {
    let rehearsal = World::new();
    rehearsal.apply(USER).run().ends(0);
    let requests = rehearsal.requests();
    let registering = 1 + requests
        .iter()
        .position(|request| request.action.ends_with("/bill-connects/aws/iam-user"))
        .expect("a registration");
    let world = World::new();
    world.fail_at(registering, "lost-after");
    let ran = world.apply(USER).run().ends(0);
    assert_eq!(ran.json()["bill_connect"]["validated"], true);
    assert_eq!(keys(&world).len(), 1);
}

#[test]
fn a_key_that_somebody_was_handed_is_not_taken_for_stale() {
    let world = World::new();
    world.apply(&["--access", "user", "--access-key-file", "key"]).run().ends(8);
    let handed = keys(&world);
    let ran = world.apply(USER).run().ends(0);
    assert!(ran.stdout.contains("was written to a file by an earlier run and stays"), "{}", ran.stdout);
    let now = keys(&world);
    assert!(now.contains(&handed[0]) && now.len() == 2, "{now:?}");
}

/// A key that a person makes for the user by hand.
fn made_by_hand(world: &World) -> String {
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let made = block_on(iam.create_access_key().user_name(NAME).send()).expect("a key").access_key;
    made.expect("a key").access_key_id
}

fn deactivate(world: &World, id: &str) {
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let inactive = aws_sdk_iam::types::StatusType::Inactive;
    let update = iam.update_access_key().user_name(NAME).access_key_id(id).status(inactive);
    block_on(update.send()).expect("deactivated");
}

#[test]
fn a_key_that_a_person_made_stays_when_the_registered_one_is_replaced() {
    let world = World::new();
    world.apply(USER).run().ends(0);
    let registered = keys(&world).remove(0);
    let by_hand = made_by_hand(&world);
    deactivate(&world, &registered);
    deactivate(&world, &by_hand);
    let plan = world.onboard(&["plan"]).args(USER).run().ends(0).stdout;
    assert!(plan.contains(&format!("{registered} goes")), "what goes is shown: {plan}");
    assert!(plan.contains("1 access key that nobody has is deleted"), "and said: {plan}");
    assert!(!plan.contains(&by_hand), "what stays is not: {plan}");
    world.apply(USER).run().ends(0);
    let now = keys(&world);
    assert!(now.contains(&by_hand) && !now.contains(&registered) && now.len() == 2, "{now:?}");
}

#[test]
fn a_key_made_by_hand_after_a_registration_that_failed_is_a_persons() {
    let world = World::new();
    let denied = "onboarding POST /finops-onboarding/v1/orgs/12345/bill-connects/aws/iam-user";
    world.make(&serde_json::json!([{ "of": denied, "kind": "access-denied" }]));
    world.apply(USER).run().ends(4);
    assert_eq!(keys(&world), Vec::<String>::new());
    world.clear_faults();
    let by_hand = made_by_hand(&world);
    world.apply(USER).run().ends(0);
    let now = keys(&world);
    assert!(now.contains(&by_hand) && now.len() == 2, "{now:?}");
}

#[test]
fn of_somebody_elses_user_no_key_is_deleted_for_a_lost_answer() {
    let world = World::new();
    world.apply(&["--access", "user"]).run().ends(8);
    let iam = aws_sdk_iam::Client::new(&world.aws());
    let ours = || ["managed-by", "flexera-org-id"].map(str::to_owned).to_vec();
    block_on(iam.untag_user().user_name(NAME).set_tag_keys(Some(ours())).send()).expect("untagged");
    world.make(&serde_json::json!([{ "of": "iam CreateAccessKey", "kind": "lost-after" }]));
    let ran = world.apply(USER).run().ends(5);
    let made = keys(&world);
    let remedy = ran.json()["error"]["remedy"].as_str().unwrap_or_default().to_owned();
    assert!(made.len() == 1 && remedy.contains(&made[0]), "the person is told which: {remedy}");
}

/// Else the account is changed first, and a key made that goes again.
#[test]
fn a_key_file_that_cannot_be_is_refused_before_anything_is_written() {
    let world = World::new();
    let ran = world.apply(&["--access", "user", "--access-key-file", "no-such-folder/key"]).run().ends(5);
    assert!(ran.json()["error"].to_string().contains("no-such-folder"), "{}", ran.stdout);
    assert!(world.requests().iter().all(|request| !request.write));
}

/// The remedy is what makes the next run end otherwise: the same command alone would not.
#[test]
fn a_key_that_cannot_be_written_names_another_file_as_a_whole_command() {
    let world = World::new();
    let words = ["apply", "--yes", "--access", "user", "--access-key-file"];
    let stderr = world.onboard(&words).args(&["/proc/flexera-key"]).run().ends(1).stderr;
    assert_eq!(keys(&world), Vec::<String>::new(), "no key is left that nobody knows");
    let next = stderr.split(" next: ").nth(1).unwrap_or_else(|| panic!("nothing next in:\n{stderr}"));
    let lines: Vec<&str> = next.lines().map(str::trim).collect();
    assert!(lines[0].contains("a new file may be written there"), "{stderr}");
    assert_eq!(
        (&lines[1][..21], lines[1].split(" --access-key-file ").nth(1)),
        ("optima-onboard apply ", Some("flexera-key")),
        "{stderr}"
    );
    assert!(lines[2].contains("not finished: user; the same command goes on"), "{stderr}");
    let typed: Vec<&str> = lines[1].split(' ').skip(1).collect();
    world.onboard(&typed).args(&["--yes"]).run().ends(8);
    assert_eq!(keys(&world).len(), 1);
}
