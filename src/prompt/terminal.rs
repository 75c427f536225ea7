//! Questions on a terminal that can be redrawn.

use std::io;

use console::{Style, Term, truncate_str};
use dialoguer::theme::{ColorfulTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use crate::error::Result;
use crate::harmless::{self, Styled};
use crate::output::layout::wrapped;
use crate::prompt::{Check, Prompter, Question, line, unanswered};
use crate::secret::Secret;
use crate::wait::Stop;

/// A menu is no longer than this; a longer one turns pages.
const LONGEST_MENU: usize = 10;
/// In a narrower terminal a question takes two rows, and cannot be drawn again where it was.
const NARROWEST: u16 = 72;

/// Asks with dialoguer, on stderr.
pub struct Terminal {
    term: Term,
    theme: ColorfulTheme,
    dim: Style,
    stop: Stop,
}

impl Terminal {
    /// On this process's terminal.
    pub fn new(color: bool, stop: Stop) -> Self {
        console::set_colors_enabled_stderr(color);
        Self { term: Term::stderr(), theme: ColorfulTheme::default(), dim: Style::new().for_stderr().dim(), stop }
    }

    /// Whether this process's terminal has room for questions that are redrawn.
    pub fn fits() -> bool {
        Term::stderr().size().1 >= NARROWEST
    }

    fn explain(&self, question: &Question<'_>) {
        self.say(&format!("\n  {}", self.dim.apply_to(format!("{} ({})", question.why, question.flag))));
    }

    /// A terminal that cannot be written to shows itself at the question right after.
    fn say(&self, text: &str) {
        self.put(&harmless::page(text, Styled::Ours));
    }

    /// What dialoguer has styled, of harmless words.
    fn put(&self, styled: &str) {
        let _ = self.term.write_line(&wrapped(styled, usize::from(self.term.size().1)));
    }

    /// A menu hides the cursor, and leaves it hidden when it is left by a signal.
    fn settle<T>(&self, answer: io::Result<T>) -> Result<T> {
        answer.map_err(|error| {
            let _ = self.term.show_cursor();
            unanswered(&error)
        })
    }

    /// The same where the question's line is still open.
    fn settle_line<T>(&self, answer: io::Result<T>) -> Result<T> {
        if answer.is_err() {
            self.say("");
        }
        self.settle(answer)
    }

    /// A question and what was answered, as dialoguer shows it.
    fn answered(&self, prompt: &str, answer: &str) {
        let mut line = String::new();
        let _ = self.theme.format_select_prompt_selection(&mut line, prompt, &harmless::shown(answer));
        self.put(&line);
    }

    /// The prompt, the line that is not shown, and the prompt again as one that was answered.
    fn ask_hidden(&self, prompt: &str) -> io::Result<Secret> {
        let mut asked = String::new();
        let _ = self.theme.format_password_prompt(&mut asked, prompt);
        self.term.write_str(&asked)?;
        let typed = line::read_hidden(&self.stop);
        self.term.write_line("")?;
        let secret = Secret::new(&typed?);
        if !secret.is_empty() {
            let mut answered = String::new();
            let _ = self.theme.format_password_prompt_selection(&mut answered, prompt);
            self.term.clear_last_lines(1)?;
            self.term.write_line(&answered)?;
        }
        Ok(secret)
    }
}

impl Prompter for Terminal {
    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<String> {
        self.explain(question);
        let mut typed = String::new();
        loop {
            let mut input =
                Input::<String>::with_theme(&self.theme).with_prompt(question.text).allow_empty(true).report(false);
            match default {
                // What was not taken is there to be corrected; without it, Enter takes the default.
                _ if !typed.is_empty() => input = input.with_initial_text(&typed),
                Some(default) => input = input.default(default.to_owned()),
                None => {}
            }
            typed = self.settle_line(input.interact_text_on(&self.term).map_err(into_io))?.trim().to_owned();
            match check(&typed) {
                Ok(()) => {
                    self.answered(question.text, &typed);
                    return Ok(typed);
                }
                // The rule in full: dialoguer's own line for it takes one row and loses the rest.
                Err(rule) => self.say(&format!("  {} {rule}", Style::new().for_stderr().red().apply_to("not taken:"))),
            }
        }
    }

    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<usize> {
        self.explain(question);
        // A row that is too long would take two, and be left behind when the menu is drawn again.
        let room = usize::from(self.term.size().1).saturating_sub(3);
        let options: Vec<String> = options.iter().map(|option| harmless::shown(option)).collect();
        let rows = options.iter().map(|option| truncate_str(option, room, "…").into_owned());
        let select = Select::with_theme(&self.theme)
            .with_prompt(question.text)
            .items(rows)
            .default(default)
            .max_length(LONGEST_MENU)
            .report(false);
        let Some(index) = self.settle(select.interact_on_opt(&self.term).map_err(into_io))? else {
            return Err(unanswered(&io::ErrorKind::Interrupted.into()));
        };
        // Of the option only its name: what it means was read before it was chosen.
        let name = options[index].split("  ").next().unwrap_or_default();
        self.answered(question.text, name);
        Ok(index)
    }

    fn secret(&mut self, question: &Question<'_>) -> Result<Secret> {
        self.explain(question);
        loop {
            let secret = self.settle(self.ask_hidden(question.text))?;
            if !secret.is_empty() {
                return Ok(secret);
            }
        }
    }

    fn confirm(&mut self, text: &str) -> Result<bool> {
        // Only the last line can be the prompt: what dialoguer draws again is one row.
        let (above, question) = text.rsplit_once('\n').map_or((None, text), |(above, last)| (Some(above), last));
        above.into_iter().for_each(|above| self.say(above));
        let confirm = Confirm::with_theme(&self.theme).with_prompt(harmless::shown(question)).default(false);
        self.settle_line(confirm.interact_on_opt(&self.term).map_err(into_io)).map(|answer| answer == Some(true))
    }
}

fn into_io(dialoguer::Error::IO(error): dialoguer::Error) -> io::Error {
    error
}
