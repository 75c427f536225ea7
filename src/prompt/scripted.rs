//! A person with prepared answers, for tests: an unexpected question fails, and so does an answer nobody asked for.

use std::collections::VecDeque;

use crate::error::Result;
use crate::prompt::{BACK, Check, Prompter, Question, Reply, Way};
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
    fn tell(&mut self, _: &str) {}

    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<Reply<String>> {
        let typed = self.next(question.flag, question.text);
        if typed == BACK {
            return Ok(Reply::Back);
        }
        let text = if typed.is_empty() { default.expect("Enter alone needs a default") } else { typed };
        let part = check(text).expect("the scripted answer keeps the rule");
        Ok(Reply::Given(part.unwrap_or_else(|| text.to_owned())))
    }

    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<Reply<usize>> {
        let wanted = self.next(question.flag, question.text);
        if wanted == BACK {
            return Ok(Reply::Back);
        }
        if wanted.is_empty() {
            return Ok(Reply::Given(default));
        }
        let index = options.iter().position(|option| option.contains(wanted));
        Ok(Reply::Given(index.unwrap_or_else(|| panic!("{wanted} is not offered: {options:?}"))))
    }

    fn secret(&mut self, question: &Question<'_>) -> Result<Reply<Secret>> {
        Ok(Reply::Given(Secret::new(self.next(question.flag, question.text))))
    }

    fn decide(&mut self, text: &str, ways: &[Way]) -> Result<Reply<usize>> {
        let wanted = self.next("decide", text);
        let index = ways.iter().position(|way| way.word == wanted);
        Ok(Reply::Given(index.unwrap_or_else(|| panic!("{wanted} is no way on: {ways:?}"))))
    }

    fn confirm(&mut self, text: &str) -> Result<bool> {
        Ok(self.next("confirm", text) == "yes")
    }
}
