//! Hostile times: whatever AWS or a tag says of when, it is judged and shown.

use proptest::prelude::*;
use time::OffsetDateTime;

use super::billing::Deliveries;
use super::times;
use crate::fuzz::{bounded, hostile};

const TIMES: &[&str] = &[
    "20261124T093005Z",
    "2026-11-24T10:30:05+01:00",
    "9999-12-31T23:59:59-23:59",
    "-9999-01-01T00:00:00+23:59",
    "0000-01-01T00:00:00Z",
];
const STATES: &[&str] = &["SUCCESS", "ERROR_NO_BUCKET", "ERROR_PERMISSIONS"];

proptest! {
    #[test]
    fn any_time_is_judged(
        (status, at) in (prop::option::of(hostile(STATES)), prop::option::of(hostile(TIMES))),
        (now, onboarded) in (hostile(TIMES), prop::option::of(hostile(TIMES))),
    ) {
        let now = times::read(&now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let deliveries = Deliveries { now, onboarded: onboarded.as_deref().and_then(times::read) };
        let check = bounded(&(&status, &at), || deliveries.judge(status.as_deref(), at.as_deref()));
        prop_assert!(!check.message.is_empty());
    }
}
