//! What is left of an approved plan, as after a run of it that was cut off. Pure.
//!
//! The world has moved then, but by the plan itself and by nothing else: all that would be done now was approved, and all
//! else that was approved stands as it was approved, with our own tag where AWS has tags. Carrying out the rest is that
//! plan and no other.

#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::{Value, json};

use super::{Document, Fingerprint, StepPart};
use crate::documents::{decode, same_policy};
use crate::plan::{Change, Detail, Plan, Planned};
use crate::steps::bill_connect::{CUT_SHORT, KEY};
use crate::steps::key::STALE_KEY;
use crate::steps::{Step, bucket};

/// How far an approved plan is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    of: Fingerprint,
    done: Vec<Step>,
    begun: Vec<Step>,
    is_all: bool,
}

impl Remainder {
    /// The rest of `approved`, where `fresh`, whose document is `now`, is nothing but that.
    pub(super) fn of(approved: &Document, now: &Document, fresh: &Plan) -> Option<Self> {
        if approved.onboarding != now.onboarding || approved.steps.len() != now.steps.len() {
            return None;
        }
        let is_all = !fresh.has_changes();
        let mut found = Self { of: approved.fingerprint.clone(), done: Vec::new(), begun: Vec::new(), is_all };
        for (then, now) in approved.steps.iter().zip(&now.steps) {
            match left(then, now, fresh)? {
                Left::All => {}
                Left::Part => found.begun.push(now.step),
                Left::Nothing => found.done.push(now.step),
            }
        }
        Some(found)
    }
}

impl fmt::Display for Remainder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |steps: &[Step]| steps.iter().map(|step| step.word()).collect::<Vec<_>>().join(", ");
        write!(f, "of the approved plan {}", self.of)?;
        let parts = [("done already", &self.done), ("done in part", &self.begun)];
        for (how, steps) in parts.into_iter().filter(|(_, steps)| !steps.is_empty()) {
            write!(f, ", {how}: {}", words(steps))?;
        }
        f.write_str(if self.is_all { "; nothing of it is left" } else { "; this is the rest of it, and nothing else" })
    }
}

/// Whether a step stands as the approved plan has it, or what would be done now is the rest of it.
pub(super) fn is_of(then: &StepPart, now: &StepPart, fresh: &Plan) -> bool {
    left(then, now, fresh).is_some()
}

/// What of a step is left to do.
enum Left {
    All,
    Part,
    Nothing,
}

fn left(then: &StepPart, now: &StepPart, fresh: &Plan) -> Option<Left> {
    if then == now {
        return Some(Left::All);
    }
    let same = (then.step, &then.resource) == (now.step, &now.resource);
    let was_to_write = matches!(then.change, Change::Create | Change::Update);
    let nothing_new = now.remedy.is_none() && now.warnings.iter().all(|warning| then.warnings.contains(warning));
    if !same || !was_to_write || !nothing_new {
        return None;
    }
    match now.change {
        Change::Delete | Change::Refuse => None,
        Change::Keep => stands(then, now, fresh.step(now.step)?).then_some(Left::Nothing),
        Change::Create | Change::Update if !is_part(then, now) => None,
        change if change == then.change && now.writes.len() == then.writes.len() => Some(Left::All),
        Change::Create | Change::Update => Some(Left::Part),
    }
}

/// Whether what is kept is what the plan made: a thing with our tag is kept without a reason. A bucket's policy has no tag:
/// there every statement is as the plan has it.
fn stands(then: &StepPart, now: &StepPart, fresh: &Planned) -> bool {
    if now.step != Step::BucketPolicy {
        return now.reason.is_none();
    }
    let policy = |text: &str| decode(text).ok();
    let found = fresh.stands.as_deref().and_then(policy);
    let approved = then.writes.iter().filter_map(|write| write.get("after")?.as_str()).find_map(policy);
    matches!((approved, found), (Some(approved), Some(found)) if same_policy(&approved, &found))
}

/// Whether each setting and each write is one of those that were approved.
fn is_part(then: &StepPart, now: &StepPart) -> bool {
    let same_reason = now.reason.is_none() || now.reason == then.reason;
    same_reason
        && now.details.iter().all(|detail| has_detail(then, detail))
        && now.writes.iter().all(|write| then.writes.iter().any(|approved| covers(approved, write)))
}

fn has_detail(then: &StepPart, now: &Detail) -> bool {
    // A key that a run made and nobody has; only one that a step takes for such stands here.
    if now.field == STALE_KEY && now.to.is_none() {
        return true;
    }
    // Of what was to be made nothing was there; a run that was cut off leaves settings that still have to become so.
    let is_ours_to_finish = match then.step {
        Step::Bucket => then.change == Change::Create,
        Step::BillConnect => now.field == KEY && now.from.as_deref() == Some(CUT_SHORT),
        _ => false,
    };
    let same = |approved: &&Detail| (&approved.field, &approved.to) == (&now.field, &now.to);
    then.details.iter().filter(same).any(|approved| approved.from == now.from || is_ours_to_finish)
}

/// Whether a write is this approved one, or what is left of it.
fn covers(approved: &Value, now: &Value) -> bool {
    if approved == now {
        return true;
    }
    if *approved == json!(bucket::Write::Settle) {
        return [bucket::Write::BlockPublicAccess, bucket::Write::EnforceOwnership]
            .iter()
            .any(|part| json!(part) == *now);
    }
    match (taking(approved), taking(now)) {
        // Which keys go beside it the steps say.
        (Some(("create-user", _)), Some(("create-user" | "replace-key", _))) => true,
        (Some(("replace-key", _)), Some(("replace-key", _))) => true,
        (Some(("key-to-file", approved)), Some(("key-to-file", now))) => approved.get(0) == now.get(0),
        (Some(("key-to-file", _)), Some(("key-in-file", _))) => true,
        _ => same_policy_write(approved, now),
    }
}

/// A write that takes something: its word, and what it takes.
fn taking(write: &Value) -> Option<(&str, &Value)> {
    let members = write.as_object()?;
    let (word, taken) = members.iter().next()?;
    (members.len() == 1).then_some((word, taken))
}

/// A bucket that the plan made and that has no policy yet gets the same one.
fn same_policy_write(approved: &Value, now: &Value) -> bool {
    let mut approved = approved.clone();
    match approved.get_mut("on_new_bucket") {
        Some(on_new) if *on_new == json!(true) => *on_new = json!(false),
        _ => return false,
    }
    approved == *now
}
