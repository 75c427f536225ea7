//! Hostile plans: a file that somebody may have written by hand.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::{Document, Fingerprint};
use crate::fuzz::{bounded, damaged_json};
use crate::review::{self, Format};

/// A plan as this program writes it.
fn plan() -> Value {
    crate::output::json::plan(&super::tests::plan(&[]))
}

proptest! {
    /// What has a fingerprint of its own is read, or refused, and makes a page, or none; nothing else comes of it.
    #[test]
    fn any_plan_is_read_or_refused(mut value in damaged_json(vec![plan()])) {
        if let Value::Object(_) = value {
            value["fingerprint"] = Fingerprint::of(&value["onboarding"], &value["steps"]).to_string().into();
        }
        bounded(&value, || {
            let Ok(document) = Document::parse(Path::new("plan.json"), &value.to_string()) else { return };
            for format in [Format::Html, Format::Markdown] {
                if let Ok(page) = review::write(&document, format) {
                    assert!(!page.contains("<script"));
                }
            }
        });
    }
}
