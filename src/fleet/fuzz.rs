//! Hostile receipts: whatever is in the file, it is read or refused, and in time.

use proptest::prelude::*;

use super::receipt::told;
use crate::fuzz::{bounded, hostile};

const RECEIPTS: &[&str] = &[
    "{\"schema_version\":1,\"done_before\":[\"z\"],\n\"planned\":[\n{\"name\":\"a\"}],\n\"onboardings\":[\n{\"name\":\"a\",\"result\":\"done\"}\n]}",
    "{\"name\":\"a\",\"result\":\"failed\"}\n{\"name\":\"b\",\"result\":\"not-validated\"}\n",
];

proptest! {
    #[test]
    fn nobody_is_done_and_open(text in hostile(RECEIPTS)) {
        if let Some(told) = bounded(&text, || told(&text)) {
            prop_assert!(!told.open.iter().any(|name| told.done.contains_key(name)), "{:?}", told);
        }
    }
}
