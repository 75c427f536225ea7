//! The page as one HTML file that loads nothing: no script, no font, no image. Whatever stands between tags is escaped
//! by the templates; only the style sheet and the drawing's own text are ours.

use aws_smithy_types::base64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::page::{Block, Line, Page, Section, Span};

const STYLE: &str = include_str!("style.css");

/// The file's text.
pub fn write(page: &Page) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (page.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    header {
                        p.kind { (page.kind) }
                        h1 { (page.title) }
                        p.lead { (line(&page.lead)) }
                    }
                    (facts(page.facts.iter().map(|(name, value)| (*name, value))))
                    section aria-labelledby="picture" {
                        h2 id="picture" { "Who trusts whom, and what can be read" }
                        figure { div.scroll tabindex="0" role="region" aria-labelledby="picture" { (page.picture.svg()) } }
                        ol.legend { @for sentence in page.picture.sentences() { li { (line(sentence)) } } }
                    }
                    nav aria-label="On this page" {
                        ul { @for section in &page.sections { li { a href=(format!("#{}", section.id)) { (section.heading) } } } }
                    }
                    @for one in &page.sections { (section(one)) }
                }
                footer { p { (line(&page.foot)) } }
            }
        }
    };
    let mut text = markup.into_string();
    text.push('\n');
    text
}

/// Nothing may be loaded, sent or run; the one style sheet is known by its hash.
fn policy() -> String {
    let hash = base64::encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

fn section(section: &Section) -> Markup {
    html! {
        section aria-labelledby=(section.id) class=(section.id) {
            h2 id=(section.id) { (section.heading) }
            @for one in &section.blocks { (block(one)) }
        }
    }
}

fn block(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Text(text) => p { (line(text)) },
            Block::Caution(text) => p.caution { strong { "Note: " } (line(text)) },
            Block::List(points) => ul { @for point in points { li { (line(point)) } } },
            Block::Heading(text, word) => h3 {
                @if let Some(word) = word { span.word.(word) { (word) } " " }
                (line(text))
            },
            Block::Facts(pairs) => (facts(pairs.iter().map(|(name, value)| (name.as_str(), value)))),
            Block::Json(purposes, text) => div.statement {
                @for purpose in purposes { p { (line(purpose)) } }
                pre tabindex="0" { code { (text) } }
            },
            Block::Command(text) => pre.command tabindex="0" { code { (text) } },
            Block::Blanks(names) => dl.blanks { @for name in *names { div { dt { (name) } dd {} } } },
        }
    }
}

fn facts<'a>(pairs: impl Iterator<Item = (&'a str, &'a Line)>) -> Markup {
    html! { dl.facts { @for (name, value) in pairs { div { dt { (name) } dd { (line(value)) } } } } }
}

fn line(line: &Line) -> Markup {
    html! {
        @for span in line.spans() {
            @match span {
                Span::Words(text) => (text),
                Span::Code(text) => code { (text) },
            }
        }
    }
}
