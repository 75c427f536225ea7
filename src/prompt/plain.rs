//! Questions as plain numbered lines, for screen readers and for terminals that cannot be redrawn.

use std::io::{self, Write};

use crate::error::Result;
use crate::harmless::{self, Styled};
use crate::output::layout::wrapped;
use crate::prompt::{BACK, Check, Prompter, Question, Reply, Way, line, unanswered};
use crate::secret::Secret;
use crate::wait::Stop;

/// Asks line by line: questions on stderr, answers from stdin.
#[derive(Debug)]
pub struct Plain {
    stop: Stop,
}

impl Plain {
    /// Asks until the person says stop.
    pub fn new(stop: Stop) -> Self {
        Self { stop }
    }

    fn ask(&self, prompt: &str) -> Result<String> {
        self.say(&format!("{prompt}: "))?;
        Ok(self.settle(line::read(&self.stop))?.trim().to_owned())
    }

    /// Whoever left at a question left its line open.
    fn settle(&self, answer: io::Result<String>) -> Result<String> {
        answer.map_err(|error| {
            let _ = self.say("\n");
            unanswered(&error)
        })
    }

    fn say(&self, text: &str) -> Result<()> {
        let text = wrapped(&harmless::page(text, Styled::No), usize::from(console::Term::stderr().size().1));
        let mut terminal = io::stderr();
        terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush()).map_err(|error| unanswered(&error))
    }

    fn explain(&self, question: &Question<'_>) -> Result<()> {
        let flag = if question.flag.is_empty() { String::new() } else { format!(" (flag {})", question.flag) };
        self.say(&format!("\n{}. {}{flag}\n", question.text, question.why))
    }
}

impl Prompter for Plain {
    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<Reply<String>> {
        self.explain(question)?;
        loop {
            let prompt =
                default.map_or_else(|| "Answer".to_owned(), |default| format!("Answer, or Enter for {default}"));
            let line = self.ask(&prompt)?;
            if line == BACK {
                return Ok(Reply::Back);
            }
            let text = if line.is_empty() { default.unwrap_or_default().to_owned() } else { line };
            match check(&text) {
                Ok(()) => return Ok(Reply::Given(text)),
                Err(rule) => self.say(&format!("Not taken: {rule}\n"))?,
            }
        }
    }

    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<Reply<usize>> {
        self.explain(question)?;
        for (index, option) in options.iter().enumerate() {
            self.say(&format!("  {}. {}\n", index + 1, harmless::shown(option)))?;
        }
        loop {
            let line = self.ask(&format!("Number 1 to {}, or Enter for {}", options.len(), default + 1))?;
            match (line.as_str(), line.parse::<usize>()) {
                ("", _) => return Ok(Reply::Given(default)),
                (BACK, _) => return Ok(Reply::Back),
                (_, Ok(number)) if (1..=options.len()).contains(&number) => return Ok(Reply::Given(number - 1)),
                _ => self.say(&format!("Not taken: type a number from 1 to {}\n", options.len()))?,
            }
        }
    }

    fn secret(&mut self, question: &Question<'_>) -> Result<Reply<Secret>> {
        self.explain(question)?;
        loop {
            self.say("Answer, which is not shown: ")?;
            let secret = Secret::new(&self.settle(line::read_hidden(&self.stop))?);
            self.say("\n")?;
            match secret.expose() {
                "" => self.say("Not taken: it is empty\n")?,
                BACK => return Ok(Reply::Back),
                _ => return Ok(Reply::Given(secret)),
            }
        }
    }

    fn decide(&mut self, text: &str, ways: &[Way]) -> Result<Reply<usize>> {
        self.say(&format!("\n{text}\n"))?;
        for way in ways {
            self.say(&format!("  {:<7}  {}\n", way.word, way.about))?;
        }
        let words: Vec<&str> = ways.iter().map(|way| way.word).collect();
        let last = ways.len().saturating_sub(1);
        loop {
            let line = self.ask(&format!("Type {}, or Enter for {}", words.join(", "), words[last]))?.to_lowercase();
            let picked = |way: &Way| line == way.word || line == way.key.to_string();
            match ways.iter().position(picked) {
                Some(index) => return Ok(Reply::Given(index)),
                None if line.is_empty() => return Ok(Reply::Given(last)),
                None if line == BACK => return Ok(Reply::Back),
                None => self.say(&format!("Not taken: type one of {}\n", words.join(", ")))?,
            }
        }
    }

    fn confirm(&mut self, text: &str) -> Result<bool> {
        loop {
            match self.ask(&format!("{text} Type yes or no"))?.to_lowercase().as_str() {
                "yes" | "y" => return Ok(true),
                "no" | "n" | "" => return Ok(false),
                _ => self.say("Not taken: type yes or no\n")?,
            }
        }
    }
}
