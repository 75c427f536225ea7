//! Many onboardings of one file while they are under way: a line each as it comes, how many at once, and Ctrl-C.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

#[cfg(unix)]
use optima_onboard::sandbox::{Accounts, Options};
use serde_json::{Value, json};
use tempfile::TempDir;

#[cfg(unix)]
use crate::fleet::results;
use crate::fleet::{apply, many, onboard, text, world};
use crate::support::Onboard;
#[cfg(unix)]
use crate::support::{World, schemas};

/// Longer than two busy cores ever take.
const BOUND: Duration = Duration::from_secs(60);

/// A run that is watched: what it writes is read aside, so that every wait for it has a bound.
struct Running {
    child: Child,
    lines: Receiver<String>,
    said: Receiver<String>,
    _home: TempDir,
}

impl Running {
    fn start(run: Onboard) -> Self {
        let (mut command, home) = run.into_parts();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        let lines = lines_of(child.stdout.take().expect("its output"));
        let said = lines_of(child.stderr.take().expect("its words"));
        Self { child, lines, said, _home: home }
    }

    /// The next line of its document.
    #[track_caller]
    fn next_line(&self) -> Value {
        serde_json::from_str(&self.lines.recv_timeout(BOUND).expect("a line in time")).expect("JSON")
    }

    fn is_over(&mut self) -> bool {
        self.child.try_wait().expect("the run can be waited for").is_some()
    }

    #[track_caller]
    fn ends(mut self, code: i32) {
        let start = Instant::now();
        while !self.is_over() {
            assert!(start.elapsed() < BOUND, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
        let ended = self.child.wait().expect("the binary ends").code();
        assert_eq!(ended, Some(code), "{}", self.said.iter().collect::<Vec<_>>().join("\n"));
    }
}

#[cfg(unix)]
impl Running {
    /// Every line still to come.
    fn rest(&self) -> Vec<Value> {
        let line = |line: String| serde_json::from_str(&line).expect("JSON");
        std::iter::from_fn(|| self.lines.recv_timeout(BOUND).ok()).map(line).collect()
    }

    /// Waits until it says this beside its document.
    #[track_caller]
    fn wait_until_said(&self, words: &str) {
        while !self.said.recv_timeout(BOUND).expect("it says so in time").contains(words) {}
    }

    fn interrupt(&self) {
        let interrupt = std::process::Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(interrupt.expect("kill runs").success());
    }
}

/// A failed test must not leave its run behind; one that is over cannot be ended again.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines as they come, to the end of what is written there, whether or not anybody still listens.
fn lines_of(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines() {
            let _ = sender.send(line.expect("text"));
        }
    });
    lines
}

#[test]
fn a_line_is_there_as_soon_as_its_onboarding_is_done() {
    let world = world();
    world.make(&json!([{ "of": "s3 CreateBucket", "nth": 2, "kind": "hold" }]));
    let run = Running::start(onboard(&world, &["apply", "--yes", "--output", "jsonl", "--concurrency", "1"], &many(3)));
    let first = run.next_line();
    let connects = world.state()["bill_connects"].as_object().map(serde_json::Map::len);
    assert_eq!(connects, Some(1), "the others were not waited for");
    world.wait_held();
    world.let_go();
    let rest = [run.next_line(), run.next_line()];
    assert_eq!([&first, &rest[0], &rest[1]].map(|one| text(&one["name"])), ["n1", "n2", "n3"]);
    assert_eq!(first["result"], "done");
    run.ends(0);
}

#[test]
fn as_many_at_once_as_allowed_and_no_more() {
    for (words, most) in [(&["--concurrency", "2"][..], 2), (&[], 8)] {
        let world = world();
        let hold = |nth| json!({ "of": "s3 CreateBucket", "nth": nth, "kind": "hold" });
        world.make(&(1..=most).map(hold).collect());
        let mut run = Running::start(apply(&world, words, &many(9)));
        world.wait_for("s3 CreateBucket", most);
        while !run.is_over() {
            world.let_go();
            std::thread::sleep(Duration::from_millis(10));
        }
        run.ends(0);
        assert_eq!(world.load()["accounts_at_once"], most, "{words:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_interruption_says_of_each_what_is_done() {
    let world = world();
    let receipt = tempfile::tempdir().expect("a folder");
    let receipt = receipt.path().join("r.json");
    let path = receipt.to_str().expect("plain");
    world.make(&json!([{ "of": "s3 CreateBucket", "nth": 2, "kind": "hold" }]));
    let words = ["apply", "--yes", "--output", "jsonl", "--concurrency", "1", "--receipt", path];
    let run = Running::start(onboard(&world, &words, &many(6)));
    assert_eq!(run.next_line()["result"], "done");
    world.wait_held();
    run.interrupt();
    run.wait_until_said("stopping after");
    world.let_go();
    let rest = run.rest();
    run.ends(130);
    assert_eq!(rest.iter().map(|one| text(&one["name"])).collect::<Vec<_>>(), ["n2", "n3", "n4", "n5", "n6"]);
    assert_eq!(rest[4]["result"], "skipped", "its turn had not come");
    for one in &rest {
        assert!(schemas::difference("many-line", one).is_none(), "{one:#}");
        assert_eq!(one["error"]["kind"], "interrupted", "{one:#}");
    }
    let again = apply(&world, &["--only-failed", path], &many(6)).run().ends(0).json();
    assert_eq!(results(&again), ["n2 done", "n3 done", "n4 done", "n5 done", "n6 done"]);
}

#[cfg(unix)]
#[test]
fn what_is_in_place_when_the_validation_is_interrupted_did_not_fail() {
    let world =
        World::with(|options| Options { accounts: Accounts::All, propagation: Duration::from_secs(3600), ..options });
    let file = many(1).replace("12345\n", "12345\napi = \"flexera-one\"\n");
    let run = Running::start(onboard(&world, &["apply", "--yes", "--output", "jsonl"], &file));
    let asking = "onboarding GET /finops-onboarding/v1/orgs/12345/bill-connects/aws/aws-111111111111/validation";
    world.wait_for(asking, 1);
    run.interrupt();
    let document = json!({ "onboardings": run.rest() });
    run.ends(130);
    assert_eq!(results(&document), ["n1 not-validated"], "{document:#}");
}
