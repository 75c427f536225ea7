//! The questions themselves, as dialoguer asks them: each blocks until it is answered, and takes harmless words only.

use std::io;

use console::{Key, Term};
use dialoguer::theme::Theme;
use dialoguer::{Confirm, Input, Password, Select};

use crate::prompt::theme::theme;
use crate::prompt::{BACK, search};
use crate::secret::Secret;

/// A menu is no longer than this; a longer one is searched in.
pub const LONGEST_MENU: usize = 10;
const CTRL_D: char = '\u{4}';

/// One line; empty is Enter alone, and `None` is one question back.
///
/// # Errors
/// `Interrupted` for Ctrl-C, `UnexpectedEof` for Ctrl-D, else what the terminal answers.
pub fn text(term: &Term, prompt: &str, offer: Option<&str>) -> io::Result<Option<String>> {
    let initial = match first_key(term, prompt, offer)? {
        First::Typed(text) => text,
        First::Enter => return Ok(Some(String::new())),
        First::Back => return Ok(None),
    };
    let look = theme();
    let input = Input::<String>::with_theme(&look).with_prompt(prompt).with_initial_text(initial);
    let text = input.allow_empty(true).report(false).interact_text_on(term).map_err(into_io)?;
    // Of a line that took several rows, what is below the cursor.
    term.clear_to_end_of_screen()?;
    Ok(Some(text.trim().to_owned()).filter(|text| text != BACK))
}

/// How a line begins.
enum First {
    Typed(String),
    Enter,
    Back,
}

/// The first key on an empty line: dialoguer's lines know no Esc and no Ctrl-D.
fn first_key(term: &Term, prompt: &str, offer: Option<&str>) -> io::Result<First> {
    let mut row = String::new();
    let _ = theme().format_input_prompt(&mut row, prompt, offer);
    term.write_str(&row)?;
    let first = loop {
        match term.read_key()? {
            Key::Escape => break First::Back,
            Key::Enter => break First::Enter,
            Key::Char(CTRL_D) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Key::Char(typed) if !typed.is_control() => break First::Typed(typed.to_string()),
            _ => {}
        }
    };
    term.clear_line()?;
    Ok(first)
}

/// One of several rows, `default` among them; `None` is one question back.
///
/// # Errors
/// `Interrupted` for Ctrl-C, else what the terminal answers.
pub fn choice(term: &Term, prompt: &str, rows: &[String], default: usize) -> io::Result<Option<usize>> {
    let look = theme();
    if rows.len() <= LONGEST_MENU {
        let select = Select::with_theme(&look).with_prompt(prompt).items(rows).default(default).report(false);
        return select.interact_on_opt(term).map_err(into_io);
    }
    search::one(term, &format!("{prompt} (type to search)"), rows, default)
}

/// A line that is not shown; Enter and Ctrl-D alone are both an empty one.
///
/// # Errors
/// What the terminal answers; a Ctrl-C is a signal here, and whoever waits must look out for it.
pub fn hidden(term: &Term, prompt: &str) -> io::Result<Secret> {
    let look = theme();
    let password = Password::with_theme(&look).with_prompt(prompt).allow_empty_password(true).report(false);
    password.interact_on(term).map(Secret::from).map_err(into_io)
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
