//! Files that hold a secret: new or none, their owner's alone from the first moment, and a word about one that is not.
#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use optima_onboard::sandbox::REFRESH_TOKEN;

use crate::support::world::block_on;
use crate::support::{Onboard, World};

const TO_A_FILE: [&str; 6] = ["apply", "--yes", "--access", "user", "--access-key-file", "key"];

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
}

fn open_to_all(path: &Path) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o777)).expect("its owner may");
}

#[test]
fn an_access_key_s_file_is_its_owner_s_alone_whatever_the_umask_and_the_folder() {
    let world = World::new();
    // The shell sets the umask, as a careless profile would.
    let run = world.onboard(&TO_A_FILE).through(&["sh", "-c", "umask 0; exec \"$0\" \"$@\""]);
    open_to_all(run.folder());
    let ran = run.run().ends(8);
    assert_eq!(mode(&ran.home.path().join("key")), 0o600);
    let receipts = ran.home.path().join(".local/state/optima-onboard");
    for receipt in std::fs::read_dir(receipts).expect("a receipt was written") {
        assert_eq!(mode(&receipt.expect("an entry").path()), 0o600);
    }
}

#[test]
fn a_link_is_never_written_through() {
    let world = World::new();
    let refused = |run: Onboard| {
        let ran = run.run().ends(5);
        assert!(ran.stderr.contains("key exists"), "{}", ran.stderr);
        assert_eq!(world.writes(), Vec::<String>::new(), "refused before anything was made");
        ran
    };
    let run = world.onboard(&TO_A_FILE);
    let elsewhere = run.folder().join("elsewhere");
    std::fs::write(&elsewhere, "theirs").expect("written");
    symlink(&elsewhere, run.folder().join("key")).expect("linked");
    let ran = refused(run);
    assert_eq!(std::fs::read_to_string(ran.home.path().join("elsewhere")).expect("still there"), "theirs");
    let run = world.onboard(&TO_A_FILE);
    symlink(run.folder().join("nowhere"), run.folder().join("key")).expect("linked");
    let ran = refused(run);
    assert!(!ran.home.path().join("nowhere").exists());
}

#[test]
fn a_receipt_replaces_a_link_and_not_what_it_points_to() {
    let world = World::new();
    let run = world.onboard(&["apply", "--yes", "--receipt", "receipt.json"]);
    std::fs::write(run.folder().join("theirs"), "theirs").expect("written");
    symlink(run.folder().join("theirs"), run.folder().join("receipt.json")).expect("linked");
    let ran = run.run().ends(0);
    assert_eq!(std::fs::read_to_string(ran.home.path().join("theirs")).expect("still there"), "theirs");
    assert!(!ran.home.path().join("receipt.json").is_symlink());
}

#[test]
fn a_token_file_that_others_can_read_is_warned_about_and_used() {
    let world = World::new();
    for (mode, warned) in [(0o644, true), (0o640, true), (0o600, false), (0o400, false)] {
        let run =
            world.onboard(&["bill-connect", "list", "--refresh-token-file", "token"]).without("OPTIMA_REFRESH_TOKEN");
        let path = run.folder().join("token");
        std::fs::write(&path, REFRESH_TOKEN).expect("written");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("its owner may");
        let ran = run.run().ends(0);
        assert_eq!(ran.stderr.contains("can be read by others"), warned, "{mode:o}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("chmod 600 token"), warned, "{mode:o}: {}", ran.stderr);
    }
}

#[test]
fn a_token_file_without_end_is_refused() {
    let ran = World::new().onboard(&["token", "--refresh-token-file", "/dev/zero"]).run().ends(2);
    assert!(ran.stderr.contains("no token is so long"), "{}", ran.stderr);
}

#[test]
fn a_key_s_file_that_cannot_be_written_to_its_end_is_taken_away_again() {
    let run = Onboard::new(&TO_A_FILE).args(&["--sandbox", "--output", "json"]);
    // As on a full disk: no file may grow.
    let ran = run.through(&["sh", "-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""]).run().ends(1);
    let error = &ran.json()["error"];
    assert!(error["message"].as_str().is_some_and(|said| said.contains("could not be written to key")), "{error}");
    assert!(ran.steps().contains(&"user create failed".to_owned()), "{:?}", ran.steps());
    assert!(!ran.home.path().join("key").exists(), "a part of a key helps nobody");
}

#[test]
fn a_key_s_file_that_was_cut_off_is_not_taken_for_the_key_and_moved_away_makes_room_for_another() {
    let world = World::new();
    let run = |home: &Path| world.onboard(&TO_A_FILE).at_home(home);
    let first = world.onboard(&TO_A_FILE).run().ends(8);
    let home = first.home.path();
    let path = home.join("key");
    let whole = std::fs::read_to_string(&path).expect("written");
    // As a run leaves it whose machine lost its power before the file was on the disk and IAM was told.
    std::fs::write(&path, &whole[..whole.len() - 5]).expect("cut off");
    pending(&world);
    let refused = run(home).run().ends(5);
    assert!(refused.stderr.contains("key exists"), "{}", refused.stderr);
    std::fs::rename(&path, home.join("cut")).expect("moved away");
    run(home).run().ends(8);
    let now = std::fs::read_to_string(&path).expect("written anew");
    assert!(now.ends_with('\n') && now.lines().nth(1) != whole.lines().nth(1), "another key");
    run(home).run().ends(8);
}

/// Says on the user that its key is still being handed over.
fn pending(world: &World) {
    use aws_sdk_iam::types::Tag;

    let iam = aws_sdk_iam::Client::new(&world.aws());
    let user = "FlexeraOptimaAccessUser";
    let tags = block_on(iam.list_user_tags().user_name(user).send()).expect("tags").tags;
    let state = tags.iter().find(|tag| tag.value().starts_with("settled")).expect("its key's state");
    let pending = Tag::builder().key(state.key()).value("pending").build().expect("a tag");
    block_on(iam.tag_user().user_name(user).tags(pending).send()).expect("tagged");
    let other = tags.iter().find(|tag| tag.value().starts_with("AKIA"));
    if let Some(tag) = other {
        block_on(iam.untag_user().user_name(user).tag_keys(tag.key()).send()).expect("untagged");
    }
}
