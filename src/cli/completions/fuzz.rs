//! Hostile lines at a Tab: whatever was typed, a shell gets an answer or nothing.

use std::ffi::OsString;

use clap_complete::engine::complete;
use proptest::prelude::*;

use super::values;
use crate::fuzz::{bounded, hostile};

/// None of a report: those are asked of AWS.
const WORDS: &[&str] = &[
    "optima-onboard",
    "apply",
    "bill-connect",
    "create",
    "export",
    "help",
    "explain",
    "--zone",
    "--zone=",
    "--profile=pay",
    "--bucket-region",
    "--tag",
    "--file",
    "--refresh-token-file",
    "-o",
    "-ojs",
    "-vvq",
    "--",
    "-",
    "",
];

#[test]
fn no_line_is_too_odd_to_be_completed() {
    let tree = values::known(crate::cli::tree(), &[]);
    proptest!(|(words in prop::collection::vec(hostile(WORDS), 1..6), at in 0..8_usize)| {
        let line: Vec<OsString> = words.iter().map(OsString::from).collect();
        // An error is nothing to offer; a panic would end the test.
        let offered = bounded(&words, || complete(&mut tree.clone(), line, at, None)).unwrap_or_default();
        prop_assert!(offered.len() < 1000);
    });
}
