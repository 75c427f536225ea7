//! Questions as plain numbered lines, for screen readers and for terminals that cannot be redrawn.

use std::io::{self, Write};

use crate::error::Result;
use crate::harmless::{self, Styled};
use crate::output::layout::wrapped;
use crate::prompt::{BACK, Check, LONGEST_MENU, Prompter, Question, Reply, Way, label, line, unanswered};
use crate::secret::Secret;
use crate::wait::Stop;

/// What a terminal sends for Esc.
const ESC: &str = "\u{1b}";

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
        let line = self.settle(line::read(&self.stop))?;
        // Whoever presses Esc and Enter wants to go back here too.
        Ok(if line == ESC { BACK } else { line.trim() }.to_owned())
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

    /// One of the rows, by its number, its word, or the beginning of one word alone; `None` is one question back.
    fn pick(&self, rows: &[Row<'_>], default: usize) -> Result<Option<usize>> {
        let digits = rows.len().to_string().len();
        for (index, row) in rows.iter().enumerate() {
            self.say(&format!("  {:>digits$}. {}\n", index + 1, harmless::shown(row.text)))?;
        }
        let offer = rows.get(default).map(|row| harmless::shown(row.word)).unwrap_or_default();
        loop {
            let line = self.ask(&format!("Number or word, or Enter for {offer}"))?;
            let index = match line.as_str() {
                "" => default,
                BACK => return Ok(None),
                _ => match meant(&line, rows) {
                    Ok(index) => index,
                    Err(rule) => {
                        self.say(&format!("Not taken: {rule}\n"))?;
                        continue;
                    }
                },
            };
            self.say(&format!(
                "Taken: {}\n",
                rows.get(index).map(|row| harmless::shown(row.word)).unwrap_or_default()
            ))?;
            return Ok(Some(index));
        }
    }

    /// Whoever hears the screen hears what was taken, unless it was typed as it is.
    fn taken(&self, line: &str, answer: &str) -> Result<()> {
        if line == answer { Ok(()) } else { self.say(&format!("Taken: {}\n", harmless::shown(answer))) }
    }

    fn explain(&self, question: &Question<'_>) -> Result<()> {
        let flag = if question.flag.is_empty() { String::new() } else { format!(" (flag {})", question.flag) };
        self.say(&format!("\n{}. {}{flag}\n", question.text, question.why))
    }
}

impl Prompter for Plain {
    fn tell(&mut self, text: &str) {
        // A terminal that cannot be written to shows itself at the question right after.
        let _ = self.say(&format!("{text}\n"));
    }

    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<Reply<String>> {
        self.explain(question)?;
        loop {
            let prompt =
                default.map_or_else(|| "Answer".to_owned(), |default| format!("Answer, or Enter for {default}"));
            let line = self.ask(&prompt)?;
            if line == BACK {
                return Ok(Reply::Back);
            }
            let text = if line.is_empty() { default.unwrap_or_default() } else { &line };
            match check(text) {
                Ok(part) => {
                    let answer = part.unwrap_or_else(|| text.to_owned());
                    self.taken(&line, &answer)?;
                    return Ok(Reply::Given(answer));
                }
                Err(rule) => self.say(&format!("Not taken: {rule}\n"))?,
            }
        }
    }

    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<Reply<usize>> {
        self.explain(question)?;
        let rows: Vec<Row<'_>> = options.iter().map(|option| Row::of(option)).collect();
        Ok(self.pick(&rows, default)?.map_or(Reply::Back, Reply::Given))
    }

    fn secret(&mut self, question: &Question<'_>) -> Result<Reply<Secret>> {
        self.explain(question)?;
        loop {
            self.say("Answer, which is not shown: ")?;
            let secret = Secret::new(&self.settle(line::read_hidden(&self.stop))?);
            self.say("\n")?;
            match secret.expose() {
                BACK | ESC => return Ok(Reply::Back),
                "" => self.say("Not taken: it is empty\n")?,
                // An arrow or an Esc among its letters is not seen, and whoever tried it would only be told that it is wrong.
                text if text.contains(char::is_control) => {
                    self.say("Not taken: a key that is no letter was typed among it\n")?;
                }
                _ => return self.say("Typed, not shown\n").map(|()| Reply::Given(secret)),
            }
        }
    }

    fn decide(&mut self, text: &str, ways: &[Way]) -> Result<Reply<usize>> {
        self.say(&format!("\n{text}\n"))?;
        let texts: Vec<String> = ways.iter().map(|way| format!("{:<7}  {}", way.word, way.about)).collect();
        let rows: Vec<Row<'_>> = ways.iter().zip(&texts).map(|(way, text)| Row { word: way.word, text }).collect();
        Ok(self.pick(&rows, ways.len().saturating_sub(1))?.map_or(Reply::Back, Reply::Given))
    }

    fn confirm(&mut self, text: &str) -> Result<bool> {
        loop {
            match self.ask(&format!("{text} Type yes or no, or Enter for no"))?.to_lowercase().as_str() {
                "yes" | "y" => return Ok(true),
                "" => return self.taken("", "no").map(|()| false),
                "no" | "n" => return Ok(false),
                _ => self.say("Not taken: type yes or no\n")?,
            }
        }
    }
}

/// A row of a list, and the word that stands for it.
#[derive(Clone, Copy)]
struct Row<'a> {
    word: &'a str,
    text: &'a str,
}

impl<'a> Row<'a> {
    /// Of an option its name; what follows it says what it means.
    fn of(option: &'a str) -> Self {
        Self { word: label(option), text: option }
    }
}

/// Which row a line means: its number, its word, or the beginning of one word alone. A number wins over a word, as it
/// stands in front.
fn meant(line: &str, rows: &[Row<'_>]) -> std::result::Result<usize, String> {
    let line = line.to_lowercase();
    if let Some(index) =
        line.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|at| *at < rows.len())
    {
        return Ok(index);
    }
    let words: Vec<String> = rows.iter().map(|row| row.word.to_lowercase()).collect();
    if let Some(index) = words.iter().position(|word| *word == line) {
        return Ok(index);
    }
    let begun: Vec<usize> = (0..words.len()).filter(|index| words[*index].starts_with(&line)).collect();
    match begun.as_slice() {
        [index] => Ok(*index),
        [] if rows.len() > LONGEST_MENU => held(&line, rows),
        [] => Err(no_row(rows)),
        [first, second, ..] => Err(several(rows, *first, *second)),
    }
}

/// A list that is searched in where it is drawn is searched in here too: the one row that holds what was typed.
fn held(line: &str, rows: &[Row<'_>]) -> std::result::Result<usize, String> {
    let holds = |index: &usize| rows[*index].text.to_lowercase().contains(line);
    let found: Vec<usize> = (0..rows.len()).filter(holds).collect();
    match found.as_slice() {
        [index] => Ok(*index),
        [] => Err(no_row(rows)),
        [first, second, ..] => Err(several(rows, *first, *second)),
    }
}

fn no_row(rows: &[Row<'_>]) -> String {
    format!("type a number from 1 to {}, or a word of the list", rows.len())
}

fn several(rows: &[Row<'_>], first: usize, second: usize) -> String {
    let shown = |index: usize| harmless::shown(rows[index].word);
    format!("that may be {} or {}; type more of it, or its number", shown(first), shown(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_meant_by_its_number_its_word_or_the_beginning_of_one_alone() {
        let words = ["us-east-1", "us-west-2", "3", "No", "another name"];
        let rows = words.map(|word| Row { word, text: word });
        for (line, expected) in [
            ("1", Some(0)),
            ("3", Some(2)),
            ("us-west-2", Some(1)),
            ("US-W", Some(1)),
            ("no", Some(3)),
            ("n", Some(3)),
            ("another", Some(4)),
            ("us-", None),
            ("0", None),
            ("6", None),
            ("west", None),
        ] {
            assert_eq!(meant(line, &rows).ok(), expected, "{line:?}");
        }
        let open = meant("us", &rows).expect_err("two begin so");
        assert!(open.contains("us-east-1") && open.contains("us-west-2"), "{open}");
        let cities: Vec<String> = (0..12).map(|n| format!("code-{n}  City {n}x")).collect();
        let rows12: Vec<Row<'_>> = cities.iter().map(|text| Row::of(text)).collect();
        assert_eq!(meant("city 7", &rows12), Ok(7), "a long list is searched in");
        assert!(meant("city 1", &rows12).is_err_and(|rule| rule.contains("code-1 or code-10")));
        assert!(meant("7", &rows).is_err_and(|rule| rule.contains("1 to 5")));
    }
}
