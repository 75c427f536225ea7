//! The review's way out: the same onboarding written out for another engine, and nothing changed.

use crate::conversation::{CONFIRM, QUESTIONS, decide, take_defaults};
use crate::screens::rehearsal;
use crate::support::World;
use crate::support::terminal::{Key, Terminal};

/// At the question in which form, which is its nth.
fn at_the_forms(terminal: &mut Terminal, name: &str, nth: usize) {
    decide(terminal, "export");
    terminal.wait_for("❯ CloudFormation");
    for _ in 0..nth {
        terminal.key(Key::Down);
    }
    terminal.wait_for(&format!("❯ {name}"));
    terminal.key(Key::Enter);
}

#[test]
fn each_form_is_what_export_writes_and_nothing_is_changed() {
    let world = World::new();
    let forms = [
        ("CloudFormation", "cloudformation", "template.yaml"),
        ("Terraform", "terraform", "main.tf"),
        ("AWS CLI script", "aws-cli", "onboard.sh"),
    ];
    for (nth, (name, command, file)) in forms.into_iter().enumerate() {
        let mut terminal = Terminal::open(world.onboard(&["wizard"]), 80, 200);
        take_defaults(&mut terminal, &QUESTIONS[1..]);
        at_the_forms(&mut terminal, name, nth);
        terminal.wait_for(&format!("? File ({file})"));
        terminal.key(Key::Enter);
        terminal.ends(0);
        assert!(terminal.text().contains(&format!("Written: {file}. Nothing was changed")), "{}", terminal.screen());
        let written = std::fs::read_to_string(terminal.home.path().join(file)).expect("the file");
        let bucket = ["--bucket", "flexera-optima-111122223333-12345", "--bucket-region", "us-east-1"];
        let words = [&["export", command, "--api", "optima", "--access", "role"], &bucket[..]].concat();
        assert_eq!(written, world.onboard(&words).run().ends(0).stdout);
    }
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn a_bucket_elsewhere_takes_two_templates_and_no_file_is_written_over() {
    let run = rehearsal(&["--bucket-region", "eu-central-1"]);
    std::fs::write(run.folder().join("template.yaml"), "mine").expect("a file");
    let mut terminal = Terminal::open(run, 80, 200);
    take_defaults(&mut terminal, &QUESTIONS[..4]);
    at_the_forms(&mut terminal, "CloudFormation", 0);
    terminal.wait_for("? File (template-2.yaml)");
    terminal.type_line("template.yaml");
    terminal.wait_for("template.yaml is there already");
    terminal.type_line("first.yaml");
    terminal.wait_for("? File (report.yaml)");
    terminal.key(Key::Enter);
    terminal.ends(0);
    let read = |name: &str| std::fs::read_to_string(terminal.home.path().join(name)).expect("the file");
    assert_eq!(read("template.yaml"), "mine");
    assert!(read("first.yaml").contains("First of two stacks") && read("report.yaml").contains("Second of two stacks"));
    let own = ["127.0.0.1", "111122223333"].map(|own| read("first.yaml").contains(own));
    assert_eq!(own, [false, false], "the sandbox's own address and account are nobody's else");
}

#[test]
fn going_back_from_the_forms_returns_to_the_review() {
    let mut terminal = Terminal::open(rehearsal(&[]), 80, 200);
    take_defaults(&mut terminal, &QUESTIONS);
    decide(&mut terminal, "export");
    terminal.wait_for("❯ CloudFormation");
    terminal.key(Key::Esc);
    terminal.wait_for(&format!("? {CONFIRM}"));
    terminal.wait_for("❯ no");
}
