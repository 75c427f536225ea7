//! The command that does what was approved: only the answers that are no defaults.

use crate::approval::Document;
use crate::error::Result;
use crate::spec::answers::Answers;
use crate::spec::{self, Onboarding, command};

/// `optima-onboard VERB` with the answers that make the document's onboarding, and no more.
///
/// # Errors
/// A usage error when the document holds what no plan of this program does.
pub fn of(verb: &str, document: &Document) -> Result<String> {
    let facts = document.facts()?;
    let made = |raw: &crate::spec::answers::Raw| -> Result<Onboarding> { spec::resolve(&Answers::parse(raw)?, &facts) };
    let mut raw = document.answers();
    let wanted = made(&raw)?;
    // The region's default is that of whoever runs it.
    let keys: Vec<&'static str> = raw.keys().filter(|key| *key != "bucket_region").collect();
    for key in keys {
        let mut without = raw.clone();
        without.forget(key);
        if made(&without).is_ok_and(|made| made == wanted) {
            raw = without;
        }
    }
    let switches = [
        (document.is_rehearsal(), command::SANDBOX),
        (verb == "apply" && wanted.payer.is_some(), "--allow-member-account"),
    ];
    let given: Vec<&str> = switches.into_iter().filter(|(given, _)| *given).map(|(_, switch)| switch).collect();
    Ok(command::equivalent(verb, &given, &Answers::parse(&raw)?))
}
