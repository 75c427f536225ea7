//! Questions on a terminal that can be redrawn: what stands above each, and what stays of it.

use std::io;

use console::{Term, measure_text_width};
use dialoguer::theme::Theme;
use tracing::level_filters::LevelFilter;

use crate::error::Result;
use crate::harmless::{self, Styled};
use crate::output::{Written, layout};
use crate::prompt::modes::Modes;
use crate::prompt::theme::{bad, dim, theme};
use crate::prompt::{Check, Prompter, Question, Reply, Way, ask, label, line, menu, unanswered};
use crate::secret::Secret;
use crate::wait::Stop;

/// In a narrower terminal a question takes two rows, and cannot be drawn again where it was.
pub const NARROWEST: u16 = 72;
/// The sign, the blanks and the brackets of a prompt that offers something.
const AROUND: usize = 8;
/// What was said below an answer goes with it if it is no more than so many rows: a finding or an error, and no review.
const FEW: usize = 20;

/// Asks on stderr.
pub struct Terminal {
    term: Term,
    stop: Stop,
    /// What is to stand above the next question.
    told: Option<String>,
    /// What stays of the questions that were answered, the last one last.
    answered: Vec<Answered>,
    /// What had been written when somebody went back from the question before.
    gone_back: Option<Written>,
}

impl Terminal {
    /// On this process's terminal.
    pub fn new(color: bool, stop: Stop) -> Self {
        console::set_colors_enabled_stderr(color);
        Self { term: Term::stderr(), stop, told: None, answered: Vec::new(), gone_back: None }
    }

    /// Whether this process's terminal has room for questions that are redrawn.
    pub fn fits() -> bool {
        Term::stderr().size().1 >= NARROWEST
    }

    fn width(&self) -> usize {
        usize::from(self.term.size().1)
    }

    /// A terminal that cannot be written to shows itself at the question right after.
    fn say(&self, text: &str) {
        self.put(&harmless::page(text, Styled::Ours));
    }

    /// What dialoguer has styled, of harmless words.
    fn put(&self, styled: &str) {
        let _ = self.term.write_line(&layout::wrapped(styled, self.width()));
    }

    /// Says why it is asked, and the flag that would answer it, above the question. What is drawn again is one row, so
    /// that of a question of several lines only the last is the prompt.
    fn begin<'a>(&mut self, question: &Question<'a>) -> Asked<'a> {
        let (above, prompt) = question.text.rsplit_once('\n').unwrap_or(("", question.text));
        let prompt = harmless::shown(prompt);
        self.take_back(&prompt);
        let mut asked = Asked { prompt, flag: question.flag, lead: 0, rows: 0, width: self.width() };
        if !above.is_empty() || question.why.is_empty() {
            let lead = if above.is_empty() { String::new() } else { format!("\n{above}") };
            asked.lead = rows(&lead, asked.width);
            self.say(&lead);
        }
        if !question.why.is_empty() {
            let flag = if question.flag.is_empty() { String::new() } else { format!(" ({})", question.flag) };
            self.note(&mut asked, &format!("\n  {}", dim(&format!("{}{flag}", question.why))));
        }
        if let Some(told) = self.told.take() {
            self.note(&mut asked, &format!("  {}", dim(&told)));
        }
        asked
    }

    /// An answer that was gone back to goes from the screen, and with it all that was answered and found from there on.
    fn take_back(&mut self, prompt: &str) {
        let (now, (height, width)) = (Written::by_now(), self.term.size());
        if self.gone_back.take() != Some(now) {
            return;
        }
        let Some(at) = self.answered.iter().rposition(|answered| answered.prompt == prompt) else { return };
        let again = &self.answered[at..];
        let same_width = again.iter().all(|answered| answered.width == usize::from(width));
        // Nobody counts the rows of what is logged in between.
        let is_known = same_width && LevelFilter::current() == LevelFilter::OFF;
        let said = now.rows_since(again[0].written).filter(|said| is_known && *said <= FEW);
        let rows = said.map(|said| said + again.iter().map(|answered| answered.rows).sum::<usize>());
        self.answered.truncate(at);
        if let Some(rows) = rows.filter(|rows| *rows < usize::from(height)) {
            let _ = self.term.clear_last_lines(rows);
        }
    }

    /// Says something that goes with its question.
    fn note(&self, asked: &mut Asked<'_>, text: &str) {
        let text = harmless::page(text, Styled::Ours);
        asked.rows += rows(&text, asked.width);
        self.put(&text);
    }

    /// Takes away what was said about a question. In a window of another width nobody knows on which rows it stands.
    fn tidy(&self, asked: &Asked<'_>) {
        if self.width() == asked.width {
            let _ = self.term.clear_last_lines(asked.rows);
        }
    }

    /// Takes away what was said last, down to so many rows.
    fn tidy_down_to(&self, asked: &mut Asked<'_>, rows: usize) {
        if self.width() == asked.width {
            let _ = self.term.clear_last_lines(asked.rows - rows);
            asked.rows = rows;
        }
    }

    /// What stays of a question: itself, the answer, and the flag that would have given it.
    fn answered(&mut self, asked: &Asked<'_>, answer: &str) {
        self.tidy(asked);
        let mut line = String::new();
        let _ = theme().format_input_prompt_selection(&mut line, &asked.prompt, &harmless::shown(answer));
        let flag = if asked.flag.is_empty() { String::new() } else { format!(" {}", dim(asked.flag)) };
        let line = format!("{line}{flag}");
        self.put(&line);
        let (width, written) = (self.width(), Written::by_now());
        let rows = asked.lead + rows(&line, width);
        self.answered.push(Answered { prompt: asked.prompt.clone(), rows, width, written });
    }

    /// Nothing stays of a question that was gone back from.
    fn back<T>(&mut self, asked: &Asked<'_>) -> Reply<T> {
        self.gone_back = Some(Written::by_now());
        self.tidy(asked);
        if self.width() == asked.width {
            let _ = self.term.clear_last_lines(asked.lead);
        }
        Reply::Back
    }

    /// Asks something that reads keys, aside: a Ctrl-C that somebody else sends is none of its keys.
    fn keyed<T: Send + 'static>(&self, question: impl FnOnce(&Term) -> io::Result<T> + Send + 'static) -> Result<T> {
        // A Ctrl-C of the moment before is one all the same.
        let modes = self.stop.check().map_err(|_| io::ErrorKind::Interrupted.into()).and_then(|()| Modes::keys());
        self.aside(modes, question)
    }

    fn aside<T: Send + 'static>(
        &self,
        modes: io::Result<Modes>,
        question: impl FnOnce(&Term) -> io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let term = self.term.clone();
        let answer = modes.and_then(|_modes| line::aside(&self.stop, move || question(&term)));
        answer.map_err(|error| {
            // A question that was left keeps its line on the screen, and a menu may have hidden the cursor.
            self.say("");
            let _ = self.term.show_cursor();
            unanswered(&error)
        })
    }

    /// One of several.
    fn pick(&self, asked: &Asked<'_>, options: &[String], default: usize) -> Result<Option<usize>> {
        let rows: Vec<String> = options.iter().map(|option| harmless::shown(option)).collect();
        let prompt = asked.prompt.clone();
        self.keyed(move |term| menu::one(term, &prompt, &rows, default))
    }

    /// What Enter takes, for the prompt; said above it where there is no room in its row.
    fn offer(&self, asked: &mut Asked<'_>, default: Option<&str>) -> Option<String> {
        let offer = harmless::shown(default?);
        if measure_text_width(&asked.prompt) + measure_text_width(&offer) + AROUND < asked.width {
            return Some(offer);
        }
        self.note(asked, &format!("  Enter takes {offer}"));
        None
    }
}

/// A question that stands on the screen.
struct Asked<'a> {
    /// Its last row.
    prompt: String,
    flag: &'a str,
    /// How many rows above it stay when it is answered.
    lead: usize,
    /// How many rows between them and the prompt go then.
    rows: usize,
    /// How wide the terminal was then.
    width: usize,
}

/// What stays on the screen of a question that was answered.
struct Answered {
    prompt: String,
    /// How many rows it takes, in a terminal of this width.
    rows: usize,
    width: usize,
    /// What had been written by then.
    written: Written,
}

impl Prompter for Terminal {
    fn tell(&mut self, text: &str) {
        self.told = Some(text.to_owned());
    }

    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<Reply<String>> {
        let mut asked = self.begin(question);
        let offer = self.offer(&mut asked, default);
        let about = asked.rows;
        loop {
            let (prompt, offer) = (asked.prompt.clone(), offer.clone());
            let answer = self.keyed(move |term| ask::text(term, &prompt, offer.as_deref()))?;
            let Some(text) = answer else { return Ok(self.back(&asked)) };
            let text = if text.is_empty() { default.unwrap_or_default().to_owned() } else { text };
            match check(&text) {
                Ok(None) => {
                    self.answered(&asked, &text);
                    return Ok(Reply::Given(text));
                }
                Ok(Some(part)) => {
                    self.answered(&asked, &format!("{part}, taken from what was typed"));
                    return Ok(Reply::Given(part));
                }
                // The rule in full: dialoguer's own line for it takes one row and loses the rest. The line begins empty
                // again, so that Esc goes back from it.
                Err(rule) => {
                    self.tidy_down_to(&mut asked, about);
                    self.note(&mut asked, &format!("  {} {rule}", bad("not taken:")));
                }
            }
        }
    }

    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<Reply<usize>> {
        let asked = self.begin(question);
        let Some(index) = self.pick(&asked, options, default)? else { return Ok(self.back(&asked)) };
        // Of the option only its name: what it means was read before it was chosen.
        self.answered(&asked, label(&options[index]));
        Ok(Reply::Given(index))
    }

    fn secret(&mut self, question: &Question<'_>) -> Result<Reply<Secret>> {
        let mut asked = self.begin(question);
        let about = asked.rows;
        loop {
            let prompt = asked.prompt.clone();
            let Some(secret) = self.keyed(move |term| ask::hidden(term, &prompt))? else {
                return Ok(self.back(&asked));
            };
            if secret.is_empty() {
                self.tidy_down_to(&mut asked, about);
                self.note(&mut asked, &format!("  {} nothing was typed", bad("not taken:")));
            } else {
                self.answered(&asked, "typed, not shown");
                return Ok(Reply::Given(secret));
            }
        }
    }

    fn decide(&mut self, text: &str, ways: &[Way]) -> Result<Reply<usize>> {
        let asked = self.begin(&Question { text, why: "", flag: "" });
        let options: Vec<String> = ways.iter().map(|way| format!("{:<7}  {}", way.word, way.about)).collect();
        let last = ways.len().saturating_sub(1);
        let Some(index) = self.pick(&asked, &options, last)? else { return Ok(self.back(&asked)) };
        self.answered(&asked, ways[index].word);
        Ok(Reply::Given(index))
    }

    fn confirm(&mut self, text: &str) -> Result<bool> {
        let prompt = self.begin(&Question { text, why: "", flag: "" }).prompt;
        self.keyed(move |term| ask::yes(term, &prompt))
    }
}

/// So many rows a text takes.
fn rows(text: &str, width: usize) -> usize {
    layout::rows(&layout::wrapped(text, width), width)
}
