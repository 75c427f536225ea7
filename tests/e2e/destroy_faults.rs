//! `destroy` disturbed at every request: an answer lost before or after it was carried out, and the process killed there.
//! In the end the account is what it was before the onboarding.

use std::process::Stdio;
use std::time::{Duration, Instant};

use aws_sdk_s3::primitives::ByteStream;
use optima_onboard::sandbox::Options;
use serde_json::Value;

use crate::destroy::{BUCKET, destroy};
use crate::support::World;
use crate::support::matrix::{self, Cell};
use crate::support::world::block_on;

/// Longer than a busy machine takes to come to a request.
const BOUND: Duration = Duration::from_secs(120);

/// An onboarding to take back, with a bill and an unfinished upload in its bucket.
#[derive(Clone, Copy, Debug)]
struct Way {
    name: &'static str,
    words: &'static [&'static str],
}

const ROLE: Way = Way { name: "role", words: &[] };
const USER: Way = Way { name: "user", words: &["--api", "flexera-one", "--access", "user"] };
const ALL: [&str; 4] = ["--delete-bucket", "--delete-bucket-data", "--confirm", BUCKET];

/// What happens at a request.
#[derive(Clone, Copy, Debug)]
enum Disturbance {
    /// A fault of the sandbox, which the run survives.
    Fault(&'static str),
    /// The process is killed while the sandbox, by this fault, keeps the answer back.
    Kill(&'static str),
}

impl Disturbance {
    fn name(self) -> String {
        match self {
            Self::Fault(kind) => kind.to_owned(),
            Self::Kill("hang") => "killed-before".to_owned(),
            Self::Kill(_) => "killed-after".to_owned(),
        }
    }
}

fn onboarded(way: Way) -> World {
    let world = World::with(|options| Options { propagation: Duration::ZERO, ..options });
    world.apply(way.words).run().ends(0);
    let s3 = world.s3(&world.aws());
    block_on(async {
        let body = ByteStream::from_static(b"bill");
        s3.put_object().bucket(BUCKET).key("billing/bill").body(body).send().await.expect("a bill");
        s3.create_multipart_upload().bucket(BUCKET).key("billing/never").send().await.expect("an upload");
    });
    world.requests();
    world
}

/// How many requests an undisturbed run makes.
fn recorded(way: Way) -> usize {
    let world = onboarded(way);
    destroy(&world, way.words).args(&ALL).run().ends(0);
    assert_eq!(world.state(), World::new().state(), "undisturbed, everything goes");
    let again = onboarded(way);
    let count = world.requests().len();
    destroy(&again, way.words).args(&ALL).run().ends(0);
    assert_eq!(again.requests().len(), count, "it asks the same every time");
    count
}

/// One disturbed run, and the clean one after it: what is wrong in the end.
fn cell(way: Way, disturbance: Disturbance, at: usize, empty: &Value) -> Result<(), String> {
    let world = onboarded(way);
    match disturbance {
        Disturbance::Fault(kind) => {
            world.fail_at(at, kind);
            let ran = destroy(&world, way.words).args(&ALL).run();
            if ran.code != 0 {
                return Err(format!("exit {}: {}{}", ran.code, ran.stdout, ran.stderr));
            }
        }
        Disturbance::Kill(kind) => {
            world.fail_at(at, kind);
            killed(&world, way, at);
            let ran = destroy(&world, way.words).args(&ALL).run();
            if ran.code != 0 {
                return Err(format!("after the kill, exit {}: {}{}", ran.code, ran.stdout, ran.stderr));
            }
        }
    }
    let state = world.state();
    if state == *empty { Ok(()) } else { Err(format!("left behind: {state:#}")) }
}

/// Starts a run and kills it (SIGKILL) when its request `at` has come.
fn killed(world: &World, way: Way, at: usize) {
    let (mut command, _home) = destroy(world, way.words).args(&ALL).into_parts();
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.spawn().expect("the binary runs");
    let start = Instant::now();
    while seen(world) < at && child.try_wait().expect("it can be waited for").is_none() {
        assert!(start.elapsed() < BOUND, "request {at} never comes");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    // The clean run's requests are not to meet what was meant for this one.
    world.requests();
    world.fail_at(0, "hang");
}

/// How many requests have come since the last look, which this is not.
fn seen(world: &World) -> usize {
    let (_, url) = world.environment().into_iter().find(|(name, _)| *name == "AWS_ENDPOINT_URL").expect("an address");
    let list: Value = block_on(async {
        let answer = reqwest::get(format!("{url}/_sandbox/requests")).await.expect("the sandbox answers");
        answer.json().await.expect("JSON")
    });
    list.as_array().map_or(0, Vec::len)
}

/// Every request of these ways, one cell each.
fn matrix(ways: &[Way], disturbance: Disturbance, test: &str) {
    let empty = World::new().state();
    let mut cells = Vec::new();
    for way in ways {
        for at in 1..=recorded(*way) {
            let name = format!("{}: {} at request {at}", way.name, disturbance.name());
            let empty = &empty;
            cells.push(Cell::new(name, move || cell(*way, disturbance, at, empty)));
        }
    }
    matrix::run(&format!("destroy {}", disturbance.name()), test, cells);
}

#[test]
fn an_answer_lost_before_anything_was_done_is_asked_for_again() {
    matrix(&[ROLE, USER], Disturbance::Fault("lost-before"), "an_answer_lost_before");
}

#[test]
fn an_answer_lost_after_all_was_done_is_found_done() {
    matrix(&[ROLE, USER], Disturbance::Fault("lost-after"), "an_answer_lost_after");
}

#[test]
fn throttling_is_waited_for() {
    matrix(&[USER], Disturbance::Fault("throttled"), "throttling_is_waited_for");
}

#[test]
fn whoever_is_killed_before_a_request_is_carried_out_is_finished_by_the_next_run() {
    matrix(&[ROLE, USER], Disturbance::Kill("hang"), "whoever_is_killed_before_a_request");
}

#[test]
fn whoever_is_killed_before_the_answer_comes_is_finished_by_the_next_run() {
    matrix(&[ROLE, USER], Disturbance::Kill("hang-after"), "whoever_is_killed_before_the_answer");
}
