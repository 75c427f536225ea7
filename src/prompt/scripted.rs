//! A person with prepared answers, for tests: an unexpected question fails, and so does an answer nobody asked for.

use std::collections::VecDeque;

use crate::error::Result;
use crate::prompt::{Check, Prompter, Question};
use crate::secret::Secret;

/// Answers by the question's flag, in the order in which the questions must come.
#[derive(Debug)]
pub struct Scripted {
    answers: VecDeque<(&'static str, &'static str)>,
}

impl Scripted {
    /// With these answers: the flag of the question, and the text typed or part of the option chosen.
    pub fn new(answers: &[(&'static str, &'static str)]) -> Self {
        Self { answers: answers.iter().copied().collect() }
    }

    /// Fails unless every answer was asked for.
    pub fn finish(self) {
        assert!(self.answers.is_empty(), "these were never asked: {:?}", self.answers);
    }

    fn next(&mut self, flag: &str, text: &str) -> &'static str {
        let (expected, answer) =
            self.answers.pop_front().unwrap_or_else(|| panic!("an unexpected question: {text} ({flag})"));
        assert_eq!(expected, flag, "another question was expected than: {text}");
        answer
    }
}

impl Prompter for Scripted {
    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<String> {
        let typed = self.next(question.flag, question.text);
        let text = if typed.is_empty() { default.expect("Enter alone needs a default") } else { typed };
        check(text).expect("the scripted answer keeps the rule");
        Ok(text.to_owned())
    }

    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<usize> {
        let wanted = self.next(question.flag, question.text);
        if wanted.is_empty() {
            return Ok(default);
        }
        Ok(options
            .iter()
            .position(|option| option.contains(wanted))
            .unwrap_or_else(|| panic!("{wanted} is not offered: {options:?}")))
    }

    fn secret(&mut self, question: &Question<'_>) -> Result<Secret> {
        Ok(Secret::new(self.next(question.flag, question.text)))
    }

    fn confirm(&mut self, text: &str) -> Result<bool> {
        Ok(self.next("confirm", text) == "yes")
    }
}
