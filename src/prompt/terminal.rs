//! Questions on a terminal that can be redrawn.

use console::{Style, Term};
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Password, Select};

use crate::error::Result;
use crate::prompt::{Check, Prompter, Question, unanswered};
use crate::secret::Secret;

/// Asks with dialoguer, on stderr.
pub struct Terminal {
    term: Term,
    theme: ColorfulTheme,
    dim: Style,
}

impl Terminal {
    /// On this process's terminal.
    pub fn new(color: bool) -> Self {
        console::set_colors_enabled_stderr(color);
        Self { term: Term::stderr(), theme: ColorfulTheme::default(), dim: Style::new().for_stderr().dim() }
    }

    fn explain(&self, question: &Question<'_>) {
        let line = self.dim.apply_to(format!("  {}  ({})", question.why, question.flag));
        // A terminal that cannot be written to shows itself at the question right after.
        let _ = self.term.write_line(&format!("\n{line}"));
    }

    /// A menu hides the cursor, and leaves it hidden when it is left by a signal.
    fn settle<T>(&self, answer: std::result::Result<T, dialoguer::Error>) -> Result<T> {
        answer.map_err(|dialoguer::Error::IO(error)| {
            let _ = self.term.show_cursor();
            unanswered(&error)
        })
    }
}

impl Prompter for Terminal {
    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<String> {
        self.explain(question);
        let mut input = Input::<String>::with_theme(&self.theme)
            .with_prompt(question.text)
            .validate_with(|text: &String| check(text.trim()));
        if let Some(default) = default {
            input = input.default(default.to_owned());
        }
        self.settle(input.interact_text_on(&self.term)).map(|text| text.trim().to_owned())
    }

    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<usize> {
        self.explain(question);
        let select = Select::with_theme(&self.theme).with_prompt(question.text).items(options).default(default);
        match self.settle(select.interact_on_opt(&self.term))? {
            Some(index) => Ok(index),
            None => Err(unanswered(&std::io::ErrorKind::Interrupted.into())),
        }
    }

    fn secret(&mut self, question: &Question<'_>) -> Result<Secret> {
        self.explain(question);
        let password = Password::with_theme(&self.theme).with_prompt(question.text).allow_empty_password(false);
        self.settle(password.interact_on(&self.term)).map(|text| Secret::new(&text))
    }

    fn confirm(&mut self, text: &str) -> Result<bool> {
        let confirm = Confirm::with_theme(&self.theme).with_prompt(text).default(false);
        self.settle(confirm.interact_on_opt(&self.term)).map(|answer| answer == Some(true))
    }
}
