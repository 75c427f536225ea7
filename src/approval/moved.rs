//! What lies between the plan that was approved and the one that would be carried out now, in words.

use serde_json::Value;

use super::{Document, StepPart, remainder};
use crate::harmless;
use crate::plan::{Change, Plan};
use crate::steps::Step;

/// One clause for each thing that differs otherwise than by the plan itself; at least one.
pub fn differences(approved: &Document, now: &Document, fresh: &Plan) -> Vec<String> {
    let mut found = onboarding(approved, now);
    let mut steps: Vec<Step> = approved.steps.iter().chain(&now.steps).map(|part| part.step).collect();
    steps.sort_unstable();
    steps.dedup();
    found.extend(steps.into_iter().filter_map(|step| in_step(step, approved.step(step), now.step(step), fresh)));
    if found.is_empty() {
        found.push("the plans differ".to_owned());
    }
    found
}

fn onboarding(approved: &Document, now: &Document) -> Vec<String> {
    let keys =
        approved.onboarding.keys().chain(now.onboarding.keys().filter(|key| !approved.onboarding.contains_key(*key)));
    let value = |document: &Document, key: &str| document.onboarding.get(key).map_or("nothing".to_owned(), shown);
    keys.filter(|key| approved.onboarding.get(*key) != now.onboarding.get(*key))
        .map(|key| format!("{} was {} and is {}", harmless::shown(key), value(approved, key), value(now, key)))
        .collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => harmless::shown(text),
        other => harmless::shown(&other.to_string()),
    }
}

fn in_step(step: Step, approved: Option<&StepPart>, now: Option<&StepPart>, fresh: &Plan) -> Option<String> {
    let word = step.word();
    let (approved, now) = match (approved, now) {
        (Some(approved), Some(now)) => (approved, now),
        (Some(_), None) => return Some(format!("{word} is no longer part of the plan")),
        (None, now) => return now.map(|_| format!("{word} was not part of the plan")),
    };
    if remainder::is_of(approved, now, fresh) {
        return None;
    }
    if approved.change != now.change {
        let why = now.reason.iter().filter(|_| matches!(now.change, Change::Keep | Change::Refuse));
        let why: String = why.map(|reason| format!(" ({})", harmless::shown(reason))).collect();
        return Some(format!("{word} was to {}, now it is to {}{why}", approved.change.word(), now.change.word()));
    }
    let fields = fields(approved, now);
    Some(if !fields.is_empty() {
        format!("{word} is to {} as before, but differs in {}", now.change.word(), fields.join(", "))
    } else if approved.writes != now.writes {
        format!("{word} is to {} as before, but what is there is no longer what was found", now.change.word())
    } else {
        format!("{word} is to {} as before, but what is said of it differs", now.change.word())
    })
}

/// The names of the settings that differ, each once.
fn fields(approved: &StepPart, now: &StepPart) -> Vec<String> {
    let only_in = |a: &StepPart, b: &StepPart| {
        a.details
            .iter()
            .filter(|detail| !b.details.contains(detail))
            .map(|detail| harmless::shown(&detail.field))
            .collect::<Vec<_>>()
    };
    let mut fields = only_in(approved, now);
    fields.extend(only_in(now, approved));
    fields.sort_unstable();
    fields.dedup();
    fields
}
