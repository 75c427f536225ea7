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

fn boxes(one: &Onboarding, document: &Document) -> [Box; 7] {
    let word = |step: Step| document.step(step).map(|part| part.change.word());
    let at = |left, top, kind, name: &str, note: &str, word| Box {
        left,
        top,
        kind,
        name: name.to_owned(),
        note: note.to_owned(),
        word,
    };
    let trusted = one.trusted_principal.as_str();
    let (principal, who_is_that) = match one.stranger_in_place_of() {
        None => (trusted.rsplit(':').next().unwrap_or_default(), "the only one that is trusted"),
        Some(_) => (trusted, "not Flexera's own; alone trusted"),
    };
    let key = match one.api {
        Api::FlexeraOne => "kept by Flexera",
        Api::Optima => "registered by hand",
    };
    let (who, holder) = match one.access {
        Access::Role => (
            at(LEFT, 48, "Principal", principal, who_is_that, None),
            at(LEFT, 256, changes::name(Step::Role), one.role_name.as_str(), "no key, no password", word(Step::Role)),
        ),
        Access::User => (
            at(LEFT, 48, "Access key", &format!("of {}", one.user_name), key, None),
            at(LEFT, 256, changes::name(Step::User), one.user_name.as_str(), "a key, no password", word(Step::User)),
        ),
    };
    let connect = at(
        RIGHT,
        48,
        if one.stranger_in_place_of().is_some() { changes::name(Step::BillConnect) } else { "Bill connect" },
        &one.bill_connect_id(),
        if one.is_registered_by_hand() { key } else { "names the bucket and the way in" },
        word(Step::BillConnect),
    );
    [
        who,
        connect,
        holder,
        at(RIGHT, 256, changes::name(Step::Policy), one.policy_name.as_str(), "reads only", word(Step::Policy)),
        at(
            LEFT,
            426,
            changes::name(Step::Bucket),
            one.bucket.as_str(),
            &format!("in {}", one.bucket_region),
            word(Step::Bucket),
        ),
        at(RIGHT, 426, "The organization", "accounts, reservations", "names and use; nothing in them", None),
        at(LEFT, 616, changes::name(Step::Report), one.report_name.as_str(), "hourly, by resource", word(Step::Report)),
    ]
}

fn arrows(one: &Onboarding) -> [Arrow; 5] {
    let arrow = |path, mark, at, words: &str, sentence| Arrow { path, mark, at, words: words.to_owned(), sentence };
    let (way_in, sentence) = match one.access {
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
    let holder = if one.access == Access::Role { "role" } else { "user" };
    let key = if one.bucket_key.is_some() { ", and decrypt it with the bucket's key" } else { "" };
    [
        arrow("M176 138 V252", (176, 184), (194, 188), &way_in, sentence),
        arrow(
            "M326 301 H350",
            (338, 277),
            (0, 0),
            "",
            Line::words("The ")
                .and(holder)
                .and(" carries one policy of this program, ")
                .name(one.policy_name.as_str())
                .and(", and can do what that says."),
        ),
        arrow(
            "M430 346 V386 H176 V422",
            (303, 386),
            (194, 377),
            "lists and reads",
            Line::words("The policy lets it list the bucket ")
                .name(one.bucket.as_str())
                .and(" and read what is in it")
                .and(key)
                .and("."),
        ),
        arrow(
            "M560 346 V422",
            (560, 386),
            (578, 390),
            "sees",
            Line::words("The policy lets it see the organization's accounts and the use of reservations."),
        ),
        arrow(
            "M176 616 V520",
            (176, 558),
            (194, 562),
            "delivers the bill, as the bucket policy says",
            Line::words("AWS billing puts the report ")
                .name(one.report_name.as_str())
                .and(" into the bucket under ")
                .name(&format!("{}/", one.prefix))
                .and("; the bucket policy lets it, for this account's reports alone."),
        ),
    ]
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
