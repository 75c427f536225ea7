//! Every situation that an account can be in. Decided: the found values of all steps against what each has to become.
//! Carried out: the built binary in a sandbox in that situation, and everything foreign as it was, byte for byte.

mod cell;
mod decided;
mod foreign;
mod pairs;
mod planned;
mod staged;
mod values;

use crate::support::matrix;
use cell::Cell;
use decided::Combination;

#[test]
fn every_combination_is_planned_as_the_table_says() {
    let worlds = decided::worlds();
    let combinations: Vec<Combination> = worlds.iter().flat_map(decided::World::combinations).collect();
    let cells = combinations.iter().map(|one| matrix::Cell::new(one.name(), || one.check()));
    matrix::run("situations planned", "every_combination_is_planned", cells.collect());
}

#[test]
fn partitions_have_the_ways_they_have() {
    let ways = decided::partitions();
    let cells = ways.iter().map(|way| matrix::Cell::new(way.name(), || way.check()));
    matrix::run("partitions planned", "partitions_have_the_ways", cells.collect());
}

#[test]
fn every_situation_ends_as_the_table_says() {
    applied("situations applied", "every_situation_ends", &cell::singles());
}

#[test]
fn every_pair_of_situations_ends_as_the_table_says() {
    applied("situation pairs applied", "every_pair_of_situations", &cell::pairs());
}

fn applied(name: &str, test: &str, situations: &[Cell]) {
    let cells = situations.iter().map(|one| matrix::Cell::new(format!("{one:?}"), || one.check()));
    matrix::run(name, test, cells.collect());
}
