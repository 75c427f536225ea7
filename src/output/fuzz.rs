//! Hostile words in what is shown: whatever AWS or Flexera says, a terminal does nothing about it.

use proptest::prelude::*;

use super::{Paint, error_text, layout, plan_text, statement, verify_text};
use crate::error::Error;
use crate::fuzz::{bounded, hostile};
use crate::harmless::{self, Styled};
use crate::output::Loudness;
use crate::plan::{Aim, Detail, Plan, Planned};
use crate::steps::{Step, samples};
use crate::verify::Report;

const SHOWN: &[&str] = &[
    "role FlexeraOptimaAccessRole",
    "  pass    role  one two three four five",
    "\u{1b}[32mgood\u{1b}[0m",
    "optima-onboard apply --yes",
    r#"{"Effect":"Allow","Action":"s3:*","Condition":{"StringEquals":{"a":["b"]}}}"#,
];

/// Every text that a plan shows, with hostile words in it.
fn plan(text: &str) -> Plan {
    let planned = Planned::keep(Step::Role, text)
        .because(text)
        .warn([text.to_owned()])
        .showing(vec![Detail::drift(text, text, text), Detail::new("x", text)]);
    let refused = Planned::refuse(Step::Policy, text, text, text);
    Plan {
        aim: Aim::Onboard,
        onboarding: samples::onboarding(&[]),
        steps: vec![planned, refused],
        warnings: vec![text.to_owned()],
        by_hand: Some("nothing".to_owned()),
    }
}

fn acts_beyond_lines(text: &str) -> bool {
    text.contains(|c: char| c != '\n' && harmless::acts(c))
}

proptest! {
    #[test]
    fn nothing_shown_moves_a_cursor(text in hostile(SHOWN)) {
        bounded(&text, || {
            for shown in [harmless::shown(&text), harmless::sentence(&text)] {
                prop_assert!(!shown.contains(harmless::acts), "{:?}", shown);
                prop_assert_eq!(&harmless::shown(&shown), &shown, "shown twice is shown once");
            }
            prop_assert!(!acts_beyond_lines(&harmless::page(&text, Styled::No)));
            let document = serde_json::json!({ text.clone(): [text] });
            let json = harmless::json(&document);
            prop_assert!(!acts_beyond_lines(&json), "{}", json);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json).expect("still JSON"), document);
            Ok(())
        })?;
    }

    #[test]
    fn a_plan_and_an_error_keep_their_lines(text in hostile(SHOWN)) {
        bounded(&text, || {
            let (hostile, plain) = (plan(&text), plan("plain"));
            for loudness in [Loudness::Normal, Loudness::Verbose] {
                let shown = plan_text::plan(&hostile, loudness, Paint(false));
                prop_assert!(!acts_beyond_lines(&shown), "{:?}", shown);
                // A line for each of its own and for each line of a document; none that somebody else began.
                let begun = |text: &str| text.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).count();
                prop_assert_eq!(begun(&shown), begun(&plan_text::plan(&plain, loudness, Paint(false))), "{}", shown);
            }
            let error = Error::failed(text.clone()).because(text.clone()).remedy(text.clone());
            let shown = error_text(&error, Paint(false));
            prop_assert!(!acts_beyond_lines(&shown), "{:?}", shown);
            prop_assert_eq!(shown.lines().filter(|line| line.trim_start().starts_with("next:") && !line.starts_with("       ")).count(), 1);
            Ok(())
        })?;
    }

    #[test]
    fn lines_of_any_width_are_wrapped(text in hostile(SHOWN), width in 0..200_usize) {
        bounded(&(&text, width), || {
            let page = harmless::page(&text, Styled::Ours);
            let wrapped = layout::wrapped(&page, width);
            // A command of ours goes on behind a backslash, as a shell takes it.
            let whole = |text: &str| text.replace(" \\\n", "\n");
            let words = |text: &str| whole(text).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&wrapped), words(&page));
            drop(statement::in_words(&text));
            drop(verify_text::report(&Report { areas: Vec::new() }, Paint(false)));
            Ok(())
        })?;
    }
}
