//! How many answers a run waits for one after another. Counted, not timed: the latency only keeps apart what waits from
//! what runs side by side, so it is longer than a whole run takes here and now. A machine too busy to send side by side
//! can only make a chain longer, so the shortest of a few runs counts.

use std::time::{Duration, Instant};

use optima_onboard::sandbox::Options;

use crate::support::{World, chain};

/// A sandbox in which every answer takes this long, and Flexera sees a new role at once.
fn world(latency: Duration) -> World {
    World::with(|options| Options { latency, propagation: Duration::ZERO, ..options })
}

/// Longer than a whole run takes on this machine now: what is sent side by side is sent before the first answer comes.
fn latency(words: &[&str]) -> Duration {
    let world = world(Duration::ZERO);
    let start = Instant::now();
    world.apply(words).run().ends(0);
    start.elapsed() + Duration::from_millis(600)
}

/// Runs it until the chain is no longer than this.
#[track_caller]
fn assert_chain(most: usize, slow_world: impl Fn(Duration) -> World, words: &[&str]) {
    let mut seen = String::new();
    for _ in 0..3 {
        let world = slow_world(latency(words));
        world.requests();
        world.apply(words).run().ends(0);
        let spans = world.spans();
        if chain::longest(&spans) <= most {
            return;
        }
        seen = chain::waterfall(&spans);
    }
    panic!("more than {most} round trips:\n{seen}");
}

#[test]
fn six_round_trips_to_a_bill_connect() {
    assert_chain(6, world, &[]);
}

#[test]
fn the_validation_is_one_more() {
    assert_chain(7, world, &["--api", "flexera-one"]);
}

#[test]
fn two_round_trips_to_see_that_nothing_is_to_do() {
    let onboarded = |latency| {
        let quick = world(Duration::ZERO);
        quick.apply(&[]).run().ends(0);
        quick.another(|options| Options { latency, propagation: Duration::ZERO, ..options })
    };
    assert_chain(2, onboarded, &[]);
}
