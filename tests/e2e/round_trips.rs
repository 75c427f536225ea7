//! How many answers a run waits for one after another. Counted, not timed: the latency is only there to keep apart
//! what waits from what runs side by side, and is far more than a slow machine needs between two requests.

use std::time::Duration;

use optima_onboard::sandbox::Options;

use crate::support::{World, chain};

/// A sandbox in which every answer takes its time, and Flexera sees a new role at once.
fn slow_world() -> World {
    World::with(|options| Options { latency: Duration::from_millis(600), propagation: Duration::ZERO, ..options })
}

#[track_caller]
fn assert_chain(world: &World, most: usize) {
    let spans = world.spans();
    let longest = chain::longest(&spans);
    assert!(longest <= most, "{longest} round trips:\n{}", chain::waterfall(&spans));
}

#[test]
fn six_to_a_bill_connect_and_two_to_see_that_nothing_is_to_do() {
    let world = slow_world();
    world.apply(&[]).run().ends(0);
    assert_chain(&world, 6);
    world.apply(&[]).run().ends(0);
    assert_chain(&world, 2);
}

#[test]
fn the_validation_is_one_more() {
    let world = slow_world();
    world.apply(&["--api", "flexera-one"]).run().ends(0);
    assert_chain(&world, 7);
}
