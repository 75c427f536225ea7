//! The page for whoever must approve: who trusts whom and what can be read, every document with what each statement is
//! for, what is not granted, what an operator needs, how to take it back, and the fingerprint that an apply can be held
//! to. It is made from a plan's document alone, so that a page made from a file is the page made from the world.
//!
//! Pure. `content` says what stands on the page, as a `page::Page` without any markup; `html` and `markdown` write
//! it. Every text passes through the types of `page`, and each writer escapes them in one place.

mod changes;
mod command;
mod content;
mod html;
mod markdown;
mod page;
mod picture;
mod statements;
#[cfg(test)]
mod tests;

use crate::approval::Document;
use crate::error::Result;

/// How the page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One HTML file that loads nothing.
    Html,
    /// Markdown, as GitHub and others read it.
    Markdown,
}

/// The page about a plan.
///
/// # Errors
/// A usage error when the document holds what no plan of this program does.
pub fn write(document: &Document, format: Format) -> Result<String> {
    let page = content::page(document)?;
    Ok(match format {
        Format::Html => html::write(&page),
        Format::Markdown => markdown::write(&page),
    })
}
