//! Who trusts whom, drawn: Flexera above, the account in the middle, AWS billing below; each arrow has a number, and each
//! number its sentence, so that the drawing says nothing that the words do not.

use maud::{Markup, html};

use super::changes;
use super::page::Line;
use crate::approval::Document;
use crate::harmless;
use crate::spec::Onboarding;
use crate::spec::names::{Access, Api};
use crate::steps::Step;

/// Units of the drawing; about a pixel each.
const WIDTH: u32 = 680;
const HEIGHT: u32 = 728;
const BOX_WIDTH: u32 = 300;
const BOX_HEIGHT: u32 = 90;
const LEFT: u32 = 26;
const RIGHT: u32 = 354;
/// So many letters of a name stand in a line of a box, and so many lines.
const LETTERS: usize = 38;
const LINES: usize = 2;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Picture {
    frames: [Frame; 3],
    boxes: [Box; 7],
    arrows: [Arrow; 5],
}

/// Somebody's place.
#[derive(Clone, Debug)]
struct Frame {
    class: &'static str,
    top: u32,
    height: u32,
    title: String,
    note: String,
}

/// Something in it.
#[derive(Clone, Debug)]
struct Box {
    left: u32,
    top: u32,
    kind: &'static str,
    name: String,
    note: String,
    /// What the plan does with it.
    word: Option<&'static str>,
}

/// Who does what to it.
#[derive(Clone, Debug)]
struct Arrow {
    path: &'static str,
    /// Where its number stands.
    mark: (u32, u32),
    /// Where its words begin.
    at: (u32, u32),
    words: String,
    sentence: Line,
}

impl Picture {
    /// Of one onboarding.
    pub fn of(one: &Onboarding, document: &Document) -> Self {
        Self { frames: frames(one), boxes: boxes(one, document), arrows: arrows(one) }
    }

    /// What the arrows say, in the order of their numbers.
    pub fn sentences(&self) -> impl Iterator<Item = &Line> {
        self.arrows.iter().map(|arrow| &arrow.sentence)
    }

    /// The drawing.
    pub fn svg(&self) -> Markup {
        html! {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby="picture-title picture-desc" {
                title id="picture-title" { "Who trusts whom, and what can be read" }
                desc id="picture-desc" {
                    "Flexera above, the AWS account in the middle, AWS billing below. The numbers of the arrows are those of the list that follows the drawing."
                }
                defs {
                    marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" orient="auto-start-reverse" {
                        path class="head" d="M0 0 L10 5 L0 10 z" {}
                    }
                }
                @for frame in &self.frames { (frame.svg()) }
                @for one in &self.boxes { (one.svg()) }
                @for (place, arrow) in self.arrows.iter().enumerate() { (arrow.svg(place + 1)) }
            }
        }
    }
}

impl Frame {
    fn svg(&self) -> Markup {
        html! {
            g {
                rect class=(format!("frame {}", self.class)) x="10" y=(self.top) width=(WIDTH - 20) height=(self.height) rx="8" {}
                text class="title" x=(WIDTH - LEFT) y=(self.top + 24) text-anchor="end" { (self.title) }
                text class="small" x=(LEFT) y=(self.top + 24) { (self.note) }
            }
        }
    }
}

impl Box {
    fn at((left, top): (u32, u32), kind: &'static str, name: &str, note: &str) -> Self {
        Self { left, top, kind, name: name.to_owned(), note: note.to_owned(), word: None }
    }

    /// With what the plan does with it.
    fn with(self, word: Option<&'static str>) -> Self {
        Self { word, ..self }
    }

    fn svg(&self) -> Markup {
        let (x, end) = (self.left + 12, self.left + BOX_WIDTH - 12);
        html! {
            g {
                title { (self.kind) " " (harmless::shown(&self.name)) }
                rect class="box" x=(self.left) y=(self.top) width=(BOX_WIDTH) height=(BOX_HEIGHT) rx="5" {}
                text class="title" x=(x) y=(self.top + 22) { (self.kind) }
                @if let Some(word) = self.word { text class="small" x=(end) y=(self.top + 22) text-anchor="end" { (word) } }
                @for (place, line) in (0..).zip(lines(&self.name)) {
                    text class="name" x=(x) y=(self.top + 42 + 16 * place) { (line) }
                }
                text class="small" x=(x) y=(self.top + BOX_HEIGHT - 11) { (self.note) }
            }
        }
    }
}

impl Arrow {
    fn svg(&self, number: usize) -> Markup {
        let (x, y) = self.mark;
        html! {
            g {
                path class="arrow" d=(self.path) marker-end="url(#head)" {}
                circle class="mark" cx=(x) cy=(y) r="10" {}
                text class="number" x=(x) y=(y + 4) { (number) }
                text x=(self.at.0) y=(self.at.1) { (self.words) }
            }
        }
    }
}

fn frames(one: &Onboarding) -> [Frame; 3] {
    let theirs = one.trusted_principal.account();
    let title = if one.stranger_in_place_of().is_some() { "Trusted in place of Flexera" } else { "Flexera" };
    let note = if one.access == Access::Role { format!("AWS account {theirs}") } else { String::new() };
    [
        Frame { class: "theirs", top: 10, height: 142, title: title.to_owned(), note },
        Frame {
            class: "ours",
            top: 218,
            height: 312,
            title: format!("Your AWS account {}", one.account_id),
            note: String::new(),
        },
        Frame {
            class: "aws",
            top: 578,
            height: 140,
            title: "AWS billing".to_owned(),
            note: "a service of AWS".to_owned(),
        },
    ]
}

/// In the order of the page: who gets in and where it is registered, what it gets in by and may do, what it reads, and
/// where that comes from.
fn boxes(one: &Onboarding, document: &Document) -> [Box; 7] {
    let word = |step: Step| document.step(step).map(|part| part.change.word());
    let of_step = |step: Step, (left, top), name: &str, note: &str| {
        Box::at((left, top), changes::name(step), name, note).with(word(step))
    };
    let (holder, without) = match one.access {
        Access::Role => (Step::Role, "no key, no password"),
        Access::User => (Step::User, "a key, no password"),
    };
    [
        incomer(one),
        connect(one).with(word(Step::BillConnect)),
        of_step(holder, (LEFT, 256), one.access_name(), without),
        of_step(Step::Policy, (RIGHT, 256), one.policy_name.as_str(), "reads only"),
        of_step(Step::Bucket, (LEFT, 426), one.bucket.as_str(), &format!("in {}", one.bucket_region)),
        Box::at((RIGHT, 426), "The organization", "accounts, units, policies", "and how reservations are used"),
        of_step(Step::Report, (LEFT, 616), one.report_name.as_str(), "hourly, by resource"),
    ]
}

/// Whoever gets in.
fn incomer(one: &Onboarding) -> Box {
    let place = (LEFT, 48);
    let trusted = one.trusted_principal.as_str();
    match (one.access, one.stranger_in_place_of()) {
        (Access::User, _) => Box::at(place, "Access key", &format!("of {}", one.user_name), where_the_key_is(one)),
        (Access::Role, Some(_)) => Box::at(place, "Principal", trusted, "not Flexera's own; alone trusted"),
        (Access::Role, None) => {
            let short = trusted.rsplit(':').next().unwrap_or_default();
            Box::at(place, "Principal", short, "the only one that is trusted")
        }
    }
}

fn connect(one: &Onboarding) -> Box {
    let kind = if one.stranger_in_place_of().is_some() { changes::name(Step::BillConnect) } else { "Bill connect" };
    let note = match one.is_registered_by_hand() {
        true => where_the_key_is(one),
        false => "names the bucket and the way in",
    };
    Box::at((RIGHT, 48), kind, &one.bill_connect_id(), note)
}

fn where_the_key_is(one: &Onboarding) -> &'static str {
    match one.api {
        Api::FlexeraOne => "kept by Flexera",
        Api::Optima => "registered by hand",
    }
}

fn arrows(one: &Onboarding) -> [Arrow; 5] {
    [gets_in(one), carries(one), reads(one), sees(), delivers(one)]
}

/// From whoever gets in to the role or user.
fn gets_in(one: &Onboarding) -> Arrow {
    let (words, sentence) = match one.access {
        Access::Role => (
            cut(&format!("assumes the role, with external id {}", one.external_id)),
            who(one)
                .and(" assumes the role ")
                .name(one.role_name.as_str())
                .and(", and only if it names the external id ")
                .name(one.external_id.as_str())
                .and("."),
        ),
        Access::User => (
            "signs its requests with the key".to_owned(),
            Line::words("Whoever has the access key acts as the user ").name(one.user_name.as_str()).and("."),
        ),
    };
    Arrow { path: "M176 138 V252", mark: (176, 184), at: (194, 188), words, sentence }
}

/// From the role or user to its policy; too short for words.
fn carries(one: &Onboarding) -> Arrow {
    let sentence = Line::words("The ")
        .and(one.access.as_str())
        .and(" carries one policy of this program, ")
        .name(one.policy_name.as_str())
        .and(", and can do what that says.");
    Arrow { path: "M326 301 H350", mark: (338, 277), at: (0, 0), words: String::new(), sentence }
}

/// From the policy to the bucket.
fn reads(one: &Onboarding) -> Arrow {
    let key = if one.bucket_key.is_some() { ", and decrypt it with the bucket's key" } else { "" };
    let sentence = Line::words("The policy lets it list the bucket ")
        .name(one.bucket.as_str())
        .and(" and read what is in it")
        .and(key)
        .and(".");
    let words = "lists and reads".to_owned();
    Arrow { path: "M430 346 V386 H176 V422", mark: (303, 386), at: (194, 377), words, sentence }
}

/// From the policy to the organization.
fn sees() -> Arrow {
    let sentence = Line::words(
        "The policy lets it see the organization's accounts, units and policies, and the use of reservations.",
    );
    Arrow { path: "M560 346 V422", mark: (560, 386), at: (578, 390), words: "sees".to_owned(), sentence }
}

/// From AWS billing to the bucket.
fn delivers(one: &Onboarding) -> Arrow {
    let sentence = Line::words("AWS billing puts the report ")
        .name(one.report_name.as_str())
        .and(" into the bucket under ")
        .name(&format!("{}/", one.prefix))
        .and("; the bucket policy lets it, for this account's reports alone.");
    let words = "delivers the bill, as the bucket policy says".to_owned();
    Arrow { path: "M176 616 V520", mark: (176, 558), at: (194, 562), words, sentence }
}

/// Whoever may assume the role.
fn who(one: &Onboarding) -> Line {
    let trusted = one.trusted_principal.as_str();
    match one.stranger_in_place_of() {
        None => Line::words("Flexera's principal ").name(trusted),
        Some(_) => Line::code(trusted).and(", which is not Flexera's own principal,"),
    }
}

/// A name in as many lines as a box has; what does not fit ends with an ellipsis.
fn lines(name: &str) -> Vec<String> {
    let letters: Vec<char> = harmless::shown(name).chars().collect();
    let mut lines: Vec<String> = letters.chunks(LETTERS).take(LINES).map(|line| line.iter().collect()).collect();
    if letters.len() > LETTERS * LINES
        && let Some(last) = lines.last_mut()
    {
        last.pop();
        last.push('…');
    }
    lines
}

/// Words that have the width of the drawing to themselves.
fn cut(text: &str) -> String {
    const MOST: usize = 62;
    let text = harmless::shown(text);
    if text.chars().count() <= MOST { text } else { text.chars().take(MOST - 1).chain(['…']).collect() }
}
