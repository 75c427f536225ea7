//! How the wizard ends: what was made, what was checked, what is left to the person, and what to type from then on.

use serde_json::json;

use crate::conversation::{CONFIRM, QUESTIONS, decide, take_defaults};
use crate::support::terminal::{Key, Terminal};
use crate::support::{Onboard, World};

const KEY_FILE: &str = "File for the access key";

/// The wizard at its review, where a part is left to the person.
fn at_the_review(world: &World) -> Terminal {
    let words = ["wizard", "--access", "user", "--api", "optima"];
    let mut terminal = Terminal::open(world.onboard(&words), 80, 160);
    take_defaults(&mut terminal, &[KEY_FILE, QUESTIONS[3], QUESTIONS[4]]);
    terminal.wait_for(CONFIRM);
    terminal
}

#[track_caller]
fn in_this_order(text: &str, parts: &[&str]) {
    let places: Vec<usize> =
        parts.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part} missing in:\n{text}"))).collect();
    assert!(places.is_sorted(), "{parts:?} in another order in:\n{text}");
}

#[test]
fn what_is_left_to_the_person_comes_after_what_was_made_and_checked_and_nothing_is_called_verified() {
    let world = World::new();
    let mut terminal = at_the_review(&world);
    decide(&mut terminal, "yes");
    terminal.ends(8);
    let screen = terminal.text();
    let end = &screen[screen.find("· yes").expect("the yes")..];
    in_this_order(
        end,
        &[
            "In place now:",
            "access key    in flexera-access-key",
            "Checked. In AWS nothing is in the way",
            "Left to you:",
            "register",
            "next:",
            "The same without questions:",
        ],
    );
    for word in ["Verified", "Done.", "error:", "costs are in Flexera"] {
        assert!(!end.contains(word), "{word} in:\n{end}");
    }
}

#[test]
fn a_last_look_that_is_interrupted_says_that_all_is_written_and_keeps_no_answers() {
    let world = World::new();
    let mut terminal = at_the_review(&world);
    // Asked before the questions too, and then only for the last look.
    world.make(&json!([{ "of": "organizations DescribeOrganization", "kind": "hold" }]));
    decide(&mut terminal, "yes");
    world.wait_held();
    terminal.send(Key::CtrlC.bytes());
    terminal.ends(130);
    world.let_go();
    let screen = terminal.text();
    in_this_order(
        &screen,
        &[
            "In place now:",
            "Left to you:",
            "The same without questions:",
            "everything was written",
            "this looks again:",
        ],
    );
    assert!(!screen.contains("your answers are kept"), "{screen}");
    assert!(!terminal.home.path().join(".local/state/optima-onboard/wizard.toml").exists());
    world.clear_faults();
    let text = world.onboard(&["verify", "--access", "user"]).run().ends(0).stdout;
    assert!(text.contains("nothing is in the way"), "{text}");
}

#[test]
fn a_rehearsals_key_is_told_as_one_and_not_in_the_way_of_the_real_one() {
    let words = ["wizard", "--sandbox", "--org-id", "12345", "--access", "user", "--api", "optima"];
    let mut terminal = Terminal::open(Onboard::new(&words), 80, 160);
    take_defaults(&mut terminal, &[KEY_FILE, QUESTIONS[3], QUESTIONS[4]]);
    decide(&mut terminal, "yes");
    terminal.ends(8);
    let text = terminal.text();
    in_this_order(&text, &["access key    in rehearsal-access-key", "Left to you:", "opens nothing"]);
    assert!(!text.contains("do that with the key"), "{text}");
    // One rehearsal is not in the way of the next.
    let again = Onboard::new(&words);
    std::fs::write(again.folder().join("rehearsal-access-key"), "").expect("a file");
    Terminal::open(again, 80, 160).wait_for(&format!("? {KEY_FILE} (rehearsal-access-key-2)"));
}

/// The command below what a rehearsal lacks, a shell's lines joined.
fn for_real(text: &str) -> String {
    let text = text.replace(" \\\n", " ");
    let mut lines = text.lines().skip_while(|line| !line.starts_with("For real")).skip(1);
    let line = lines.next().unwrap_or_else(|| panic!("nothing for real in:\n{text}"));
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_rehearsal_ends_with_the_persons_own_answers_for_real_and_nothing_of_the_sandboxs() {
    let words = ["wizard", "--sandbox", "--prefix", "cur", "--role-name", "Reader", "--allow-member-account"];
    let mut terminal = Terminal::open(Onboard::new(&words), 80, 160);
    terminal.wait_for(QUESTIONS[0]);
    terminal.type_line("77");
    for question in &QUESTIONS[1..4] {
        terminal.wait_for(question);
        terminal.key(Key::Enter);
    }
    terminal.wait_for(QUESTIONS[4]);
    terminal.send(b"eu-west-1");
    terminal.wait_for("❯ eu-west-1");
    terminal.key(Key::Enter);
    terminal.wait_for(CONFIRM);
    decide(&mut terminal, "yes");
    terminal.ends(0);
    assert_eq!(
        for_real(&terminal.text()),
        "optima-onboard wizard --allow-member-account --org-id 77 --api optima --bucket-region eu-west-1 --prefix cur \
         --access role --role-name Reader"
    );
}

#[test]
fn what_was_rehearsed_without_questions_ends_with_the_same_for_real() {
    let ends = |words: &[&str]| for_real(&Onboard::new(words).args(&["--sandbox", "--yes"]).run().stderr);
    let given = ["--org-id", "12345", "--region", "cn-north-1", "--access", "user", "--api", "flexera-one"];
    assert_eq!(
        ends(&[&["apply"][..], &given, &["--bucket-region", "cn-north-1"]].concat()),
        "optima-onboard apply --region cn-north-1 --org-id 12345 --api flexera-one --bucket-region cn-north-1 --access user"
    );
    assert_eq!(ends(&["apply", "--prefix", "cur"]), "optima-onboard wizard --prefix cur");
    assert_eq!(ends(&["bucket", "--bucket", "acme"]), "optima-onboard bucket --bucket acme --org-id ID");
    let by_hand = ["apply", "--access", "user", "--org-id", "77", "--access-key-file", "key"];
    assert_eq!(ends(&by_hand), "optima-onboard apply --org-id 77 --access user --access-key-file key");
}

/// It holds every answer, those of the sandbox too, in whose account nobody has a bill.
#[test]
fn a_rehearsals_plan_carried_out_ends_without_the_sandboxs_answers_for_real() {
    let ends = |org: &[&str]| {
        let plan = Onboard::new(&["plan", "--sandbox", "--output", "json"]).args(org).run().ends(0).stdout;
        let run = Onboard::new(&["apply", "--sandbox", "--yes", "--plan", "plan.json"]);
        std::fs::write(run.folder().join("plan.json"), plan).expect("written");
        for_real(&run.run().ends(0).stderr)
    };
    for (org, begins) in
        [(&[][..], "optima-onboard wizard --api"), (&["--org-id", "77"], "optima-onboard apply --org-id 77 --api")]
    {
        let command = ends(org);
        assert!(command.starts_with(begins), "{command}");
        assert!(!command.contains("111122223333") && !command.contains("12345"), "{command}");
    }
}
