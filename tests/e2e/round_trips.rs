//! How many answers a run waits for one after another. Counted, not timed: the latency only keeps apart what waits from
//! what runs side by side. A machine too busy to send side by side can only make a chain longer, so the shortest of a
//! few runs counts.

use std::time::Duration;

use optima_onboard::sandbox::Options;

use crate::support::{World, chain};

/// A sandbox in which every answer takes its time, and Flexera sees a new role at once.
fn slow_world() -> World {
    World::with(|options| Options { latency: Duration::from_millis(600), propagation: Duration::ZERO, ..options })
}

/// Runs it until the chain is no longer than this.
#[track_caller]
fn assert_chain(most: usize, world: impl Fn() -> World, words: &[&str]) {
    let mut seen = String::new();
    for _ in 0..3 {
        let world = world();
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
    assert_chain(6, slow_world, &[]);
}

#[test]
fn the_validation_is_one_more() {
    assert_chain(7, slow_world, &["--api", "flexera-one"]);
}

#[test]
fn two_round_trips_to_see_that_nothing_is_to_do() {
    let onboarded = || {
        let world = slow_world();
        world.apply(&[]).run().ends(0);
        world
    };
    assert_chain(2, onboarded, &[]);
}
