//! Questions for a text, a secret and a yes: each blocks until it is answered, and takes harmless words only.

use std::io;

use console::Term;
use dialoguer::Confirm;

use crate::prompt::theme::theme;
use crate::prompt::{BACK, edit};
use crate::secret::Secret;

/// One line; empty is Enter alone, and `None` is one question back.
///
/// # Errors
/// `Interrupted` for Ctrl-C, `UnexpectedEof` for Ctrl-D, else what the terminal answers.
pub fn text(term: &Term, prompt: &str, offer: Option<&str>) -> io::Result<Option<String>> {
    let text = edit::line(term, prompt, offer)?.map(|text| text.trim().to_owned());
    Ok(text.filter(|text| text != BACK))
}

/// A line that is not shown; empty is Enter alone, and `None` is one question back.
///
/// # Errors
/// As [`text`].
pub fn hidden(term: &Term, prompt: &str) -> io::Result<Option<Secret>> {
    let secret = edit::hidden(term, prompt)?.map(|typed| Secret::new(&typed));
    Ok(secret.filter(|secret| secret.expose() != BACK))
}

/// Yes or no, which takes Enter after its key: a single key is pressed too easily. Enter alone and after Esc is no.
///
/// # Errors
/// `Interrupted` for Ctrl-C, else what the terminal answers.
pub fn yes(term: &Term, prompt: &str) -> io::Result<bool> {
    let look = theme();
    let confirm = Confirm::with_theme(&look).with_prompt(prompt).default(false).wait_for_newline(true);
    confirm.interact_on_opt(term).map(|answer| answer == Some(true)).map_err(into_io)
}

fn into_io(dialoguer::Error::IO(error): dialoguer::Error) -> io::Error {
    error
}
