//! What the plan would do, step by step.

use serde_json::Value;

use super::page::{Block, Line, Section};
use crate::approval::{Document, StepPart};
use crate::harmless;
use crate::output::going;
use crate::plan::{Change, Detail};
use crate::steps::Step;

/// Whether it is going to be done: of a plan that needs a person nothing is.
#[derive(Clone, Copy)]
enum Mood {
    Will,
    Would,
}

/// Every step.
pub fn changes(document: &Document) -> Section {
    let (mood, heading) = match document.is_refused() {
        false => (Mood::Will, "What will be created, changed and kept"),
        true => (Mood::Would, "What would have to be created, changed and kept"),
    };
    let mut blocks = vec![Block::Text(summary(document))];
    blocks.extend(document.steps.iter().flat_map(|part| step(part, mood)));
    Section { id: "changes", heading, blocks }
}

/// What has to be decided before there is something to approve.
pub fn undecided(document: &Document) -> Section {
    let refused = document.steps.iter().filter(|part| part.change == Change::Refuse);
    let decides = refused.map(|part| {
        let remedy = part.remedy.as_deref().unwrap_or_default();
        Line::words(name(part.step)).and(" ").name(&part.resource).and(": ").and(remedy).and(".")
    });
    let blocks = vec![
        Block::Text(Line::words("This plan cannot be approved, because it cannot be applied. A person decides first:")),
        Block::List(decides.collect()),
        Block::Text(Line::words("After that, this makes a page that can be:")),
        Block::Command("optima-onboard review".to_owned()),
    ];
    Section { id: "approval", heading: "What cannot be approved", blocks }
}

/// What needs a person, and what should be read before the yes.
pub fn cautions(document: &Document) -> Option<Section> {
    let about = |part: &StepPart, text: &str| {
        Line::words(name(part.step)).and(" ").name(&part.resource).and(&format!(": {text}"))
    };
    let refused = document.steps.iter().filter(|part| part.change == Change::Refuse);
    let mut blocks: Vec<Block> = refused
        .map(|part| {
            let (reason, remedy) =
                (part.reason.as_deref().unwrap_or_default(), part.remedy.as_deref().unwrap_or_default());
            Block::Caution(about(part, &format!("this plan cannot be applied: {reason}. To do: {remedy}.")))
        })
        .collect();
    let of_steps = document.steps.iter().flat_map(|part| part.warnings.iter().map(move |text| about(part, text)));
    let noticed = "Noticed when the plan was made, and no part of its fingerprint: ";
    let of_all = document.warnings.iter().map(|text| Line::words(noticed).and(text));
    let by_hand = document.by_hand.iter().map(|text| Line::words("Left to do by hand: ").and(text));
    blocks.extend(of_steps.chain(of_all).chain(by_hand).map(Block::Caution));
    (!blocks.is_empty()).then_some(Section { id: "cautions", heading: "Read this first", blocks })
}

/// How many of each, in words.
pub fn summary(document: &Document) -> Line {
    let count = |change: Change| document.steps.iter().filter(|part| part.change == change).count();
    let refused = match count(Change::Refuse) {
        0 => String::new(),
        some => format!("; {some} for a person to decide, so that nothing can be applied"),
    };
    let settings = document.steps.iter().flat_map(|part| &part.details).map(|detail| detail.field.as_str());
    Line::words(&format!(
        "{} to create, {} to update, {} kept{refused}; {}.",
        count(Change::Create),
        count(Change::Update),
        count(Change::Keep),
        going::words(settings)
    ))
}

/// A step as a person calls it.
pub fn name(step: Step) -> &'static str {
    match step {
        Step::Bucket => "S3 bucket",
        Step::BucketPolicy => "Bucket policy",
        Step::Report => "Cost and Usage Report",
        Step::Policy => "IAM policy",
        Step::Role => "IAM role",
        Step::User => "IAM user",
        Step::BillConnect => "Bill connect at Flexera",
    }
}

fn step(part: &StepPart, mood: Mood) -> Vec<Block> {
    let mut blocks =
        vec![Block::Heading(Line::words(name(part.step)).and(" ").name(&part.resource), Some(part.change.word()))];
    blocks.extend(part.reason.iter().map(|reason| Block::Text(Line::words(reason).and("."))));
    let (documents, settings): (Vec<&Detail>, Vec<&Detail>) =
        part.details.iter().partition(|detail| is_document(detail));
    if !settings.is_empty() {
        blocks.push(Block::Facts(
            settings.into_iter().map(|detail| (harmless::shown(&detail.field), value(detail, mood))).collect(),
        ));
    }
    blocks.extend(documents.iter().filter_map(|detail| {
        let said = Line::code(&detail.field).and(match mood {
            Mood::Will => " is put right, as it stands below. Until now it says:",
            Mood::Would => " would have to be put right, as it stands below. It says:",
        });
        Some(Block::Json(vec![said], text(detail.from.as_deref()?)))
    }));
    let mut new: Vec<&str> =
        documents.iter().filter(|detail| detail.from.is_none()).map(|detail| detail.field.as_str()).collect();
    new.dedup();
    if !new.is_empty() {
        let said = match mood {
            Mood::Will => "New, and below in full: ",
            Mood::Would => "It would be new, and stands below in full: ",
        };
        blocks.push(Block::Text(Line::words(said).names(new).and(".")));
    }
    blocks
}

fn is_document(detail: &Detail) -> bool {
    let parsed = detail.to.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    parsed.is_some_and(|value| value.is_object())
}

fn text(found: &str) -> String {
    match serde_json::from_str::<Value>(found) {
        Ok(value) => harmless::json(&value),
        Err(_) => harmless::shown(found),
    }
}

fn value(detail: &Detail, mood: Mood) -> Line {
    let (goes, becomes) = match mood {
        Mood::Will => (" goes", " becomes "),
        Mood::Would => (" would have to go", " would have to become "),
    };
    match (&detail.from, &detail.to) {
        (None, Some(to)) => Line::code(to),
        (Some(from), None) => Line::code(from).and(goes),
        (Some(from), Some(to)) => Line::code(from).and(becomes).name(to),
        (None, None) => Line::default(),
    }
}
