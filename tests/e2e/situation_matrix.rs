//! Every situation that an account can be in. Decided: the found values of all steps against what each has to become.
//! Carried out: the built binary in a sandbox in that situation, and everything foreign as it was, byte for byte.

mod cell;
mod decided;
mod foreign;
mod pairs;
mod planned;
mod staged;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use cell::Cell;

/// More than the machine has: a run waits for the sandbox as often as it works.
const AT_ONCE: usize = 6;

/// Runs every cell on a few threads, says how many passed, and fails with the names of those that did not pass.
#[expect(clippy::print_stdout, reason = "the figures are what a reader of the test's output looks for")]
fn run<T: Sync>(name: &str, cells: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    assert!(!cells.is_empty(), "{name}: no cell to run");
    let start = Instant::now();
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = catch_unwind(AssertUnwindSafe(|| check(cell)));
                    let outcome = outcome.unwrap_or_else(|panic| Err(words_of(&*panic)));
                    if let Err(why) = outcome {
                        failed.lock().expect("no check panics outside its own net").push(why);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no check panics outside its own net");
    let passed = cells.len() - failed.len();
    println!("MATRIX {name}: {} cells, {passed} passed ({:.1} s)", cells.len(), start.elapsed().as_secs_f64());
    assert!(failed.is_empty(), "{} cells failed:\n{}", failed.len(), failed.join("\n\n"));
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_else(|| "a panic".to_owned())
}

#[test]
fn every_combination_is_planned_as_the_table_says() {
    let worlds = decided::worlds();
    let cells: Vec<decided::Combination> = worlds.iter().flat_map(decided::World::combinations).collect();
    run("situations-planned", &cells, decided::Combination::check);
}

#[test]
fn partitions_have_the_ways_they_have() {
    let cells = decided::partitions();
    run("partitions-planned", &cells, decided::Way::check);
}

#[test]
fn every_situation_ends_as_the_table_says() {
    run("situations-applied", &cell::singles(), Cell::check);
}

#[test]
fn every_pair_of_situations_ends_as_the_table_says() {
    run("situation-pairs-applied", &cell::pairs(), Cell::check);
}
