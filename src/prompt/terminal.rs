//! Questions on a terminal that can be redrawn.

use std::io;

use console::{Style, Term, measure_text_width, truncate_str};

use crate::error::Result;
use crate::output::layout::wrapped;
use crate::prompt::canvas::Canvas;
use crate::prompt::editor::{Line, Press};
use crate::prompt::menu::Menu;
use crate::prompt::{Check, Prompter, Question, Reply, Way, unanswered};
use crate::secret::Secret;

/// In a narrower terminal a question would take two rows.
const NARROWEST: u16 = 72;

/// Asks on stderr, key by key.
pub struct Terminal {
    term: Term,
}

impl Terminal {
    /// On this process's terminal.
    pub fn new(color: bool) -> Self {
        console::set_colors_enabled_stderr(color);
        Self { term: Term::stderr() }
    }

    /// Whether this process's terminal has room for questions that are redrawn.
    pub fn fits() -> bool {
        Term::stderr().size().1 >= NARROWEST
    }

    /// A terminal that cannot be written to shows itself at the question right after.
    fn say(&self, text: &str) {
        let _ = self.term.write_line(&wrapped(text, usize::from(self.term.size().1)));
    }

    /// What stays of a question: itself, the answer, and the flag that would have given it.
    fn answered(&self, question: &Question<'_>, answer: &str) {
        let line = format!("{} {} {} {}", good("✔"), question.text, dim("·"), good(answer));
        let flag = if question.flag.is_empty() { String::new() } else { format!(" {}", dim(question.flag)) };
        self.say(&format!("{line}{flag}"));
    }

    /// A question that was left keeps its line on the screen; the next words begin on a new one.
    fn settle<T>(&self, answer: io::Result<Option<T>>) -> Result<Option<T>> {
        let _ = self.term.show_cursor();
        answer.map_err(|error| {
            self.say("");
            unanswered(&error)
        })
    }

    /// Reads a line until it keeps the rule; `None` is one question back.
    fn read_line(
        &self,
        question: &Question<'_>,
        default: Option<&str>,
        check: Check<'_>,
    ) -> io::Result<Option<String>> {
        let mut canvas = Canvas::begin(&self.term)?;
        let (mut line, mut refused) = (Line::default(), false);
        loop {
            let typed = line.text().trim().to_owned();
            let text = if typed.is_empty() { default.unwrap_or_default().to_owned() } else { typed };
            let rule = if refused { check(&text).err() } else { None };
            canvas.draw(&line_rows(question, default, &line, rule.as_deref(), canvas.width()), line.behind())?;
            let key = canvas.key()?;
            if key == console::Key::Tab && line.text().is_empty() {
                line.set(default.unwrap_or_default());
                continue;
            }
            match line.press(&key) {
                Press::Going => {}
                Press::Leave => return Err(io::ErrorKind::Interrupted.into()),
                Press::Back => return canvas.erase().map(|()| None),
                Press::Done => {
                    if check(&text).is_ok() {
                        return canvas.erase().map(|()| Some(text));
                    }
                    refused = true;
                }
            }
        }
    }

    /// Lets somebody move in a menu until one option is taken; `None` is one question back.
    fn pick(
        &self,
        question: &Question<'_>,
        hint: &str,
        options: &[String],
        mut menu: Menu,
    ) -> io::Result<Option<usize>> {
        let mut canvas = Canvas::begin(&self.term)?;
        self.term.hide_cursor()?;
        loop {
            canvas.draw(&menu_rows(question, hint, options, &menu, canvas.width()), 0)?;
            match menu.press(&canvas.key()?) {
                Press::Going => {}
                Press::Leave => return Err(io::ErrorKind::Interrupted.into()),
                Press::Back => return canvas.erase().map(|()| None),
                Press::Done => return canvas.erase().map(|()| menu.marked()),
            }
        }
    }

    /// Reads a line of which nothing is shown, not even how long it is.
    fn read_hidden(&self, question: &Question<'_>) -> io::Result<Option<Secret>> {
        let mut canvas = Canvas::begin(&self.term)?;
        let mut line = Line::default();
        let mut rows = why_rows(question, canvas.width());
        rows.push(format!("{} {} {} ", look("?"), strong(question.text), dim("›")));
        canvas.draw(&rows, 0)?;
        loop {
            match line.press(&canvas.key()?) {
                Press::Leave => return Err(io::ErrorKind::Interrupted.into()),
                Press::Back => return canvas.erase().map(|()| None),
                Press::Done if !line.text().trim().is_empty() => {
                    return canvas.erase().map(|()| Some(Secret::new(&line.text())));
                }
                Press::Going | Press::Done => {}
            }
        }
    }
}

impl Prompter for Terminal {
    fn text(&mut self, question: &Question<'_>, default: Option<&str>, check: Check<'_>) -> Result<Reply<String>> {
        let Some(text) = self.settle(self.read_line(question, default, check))? else { return Ok(Reply::Back) };
        self.answered(question, &text);
        Ok(Reply::Given(text))
    }

    fn choice(&mut self, question: &Question<'_>, options: &[String], default: usize) -> Result<Reply<usize>> {
        let menu = Menu::new(options, default);
        let hint = "↑↓ or type, then Enter; Esc goes back";
        let Some(index) = self.settle(self.pick(question, hint, options, menu))? else {
            return Ok(Reply::Back);
        };
        // Of the option only its name: what it means was read before it was chosen.
        self.answered(question, options[index].split("  ").next().unwrap_or_default());
        Ok(Reply::Given(index))
    }

    fn secret(&mut self, question: &Question<'_>) -> Result<Reply<Secret>> {
        let Some(secret) = self.settle(self.read_hidden(question))? else { return Ok(Reply::Back) };
        self.answered(question, "taken, not shown");
        Ok(Reply::Given(secret))
    }

    fn decide(&mut self, text: &str, ways: &[Way]) -> Result<usize> {
        let question = Question { text, why: "", flag: "" };
        let options: Vec<String> = ways.iter().map(|way| format!("{:<7}  {}", way.word, way.about)).collect();
        let last = ways.len().saturating_sub(1);
        let menu = Menu::with_keys(&options, ways.iter().map(|way| way.key).collect(), last);
        let picked = self.settle(self.pick(&question, "press a letter, or ↑↓ and Enter", &options, menu))?;
        let index = picked.unwrap_or(last);
        self.answered(&question, ways[index].word);
        Ok(index)
    }

    fn confirm(&mut self, text: &str) -> Result<bool> {
        let question = Question { text, why: "", flag: "" };
        let options = ["yes".to_owned(), "no".to_owned()];
        let menu = Menu::with_keys(&options, vec!['y', 'n'], 1);
        let yes = self.settle(self.pick(&question, "y or n; Enter takes the marked one", &options, menu))? == Some(0);
        self.answered(&question, if yes { "yes" } else { "no" });
        Ok(yes)
    }
}

/// The rule that was broken, then the prompt with what was typed; a long prompt gives up its default first.
fn line_rows(
    question: &Question<'_>,
    default: Option<&str>,
    line: &Line,
    rule: Option<&str>,
    width: usize,
) -> Vec<String> {
    let mut rows = why_rows(question, width);
    if let Some(rule) = rule {
        rows.extend(rows_of(&format!("  {} {rule}", bad("not taken:")), width));
    }
    let typed = line.text();
    let offer = default.filter(|_| typed.is_empty()).map(|default| format!(" ({default})")).unwrap_or_default();
    let asked = format!("{} {}{} {} ", look("?"), strong(question.text), dim(&offer), dim("›"));
    if measure_text_width(&asked) + measure_text_width(&typed) < width {
        rows.push(format!("{asked}{typed}"));
    } else {
        rows.push(asked);
        rows.push(format!("  {typed}"));
    }
    rows
}

/// The prompt, the options around the marked one, and how many more there are. A row that is too long is cut: it
/// would take two.
fn menu_rows(question: &Question<'_>, hint: &str, options: &[String], menu: &Menu, width: usize) -> Vec<String> {
    let room = width.saturating_sub(3);
    let window = menu.window();
    let aside = if menu.filter().is_empty() { hint.to_owned() } else { format!("typed: {}", menu.filter()) };
    let mut head = format!("{} {}", look("?"), strong(question.text));
    if measure_text_width(&head) + measure_text_width(&aside) + 4 <= width {
        head.push_str(&format!(" {} {}", dim("›"), dim(&aside)));
    }
    let mut rows = why_rows(question, width);
    rows.push(head);
    rows.extend((window.above > 0).then(|| dim(&format!("  ↑ {} more", window.above))));
    rows.extend(window.rows.iter().map(|(index, marked)| {
        let text = truncate_str(&options[*index], room, "…").into_owned();
        let (name, about) = text.split_once("  ").map_or((text.as_str(), ""), |(name, about)| (name, about));
        let about = if about.is_empty() { String::new() } else { format!("  {}", dim(about)) };
        if *marked { format!("{} {}{about}", good("❯"), good(name)) } else { format!("  {name}{about}") }
    }));
    rows.extend(window.rows.is_empty().then(|| "  nothing like that is offered; Backspace".to_owned()));
    rows.extend((window.below > 0).then(|| dim(&format!("  ↓ {} more", window.below))));
    rows
}

/// A blank row, and why it is asked with the flag that would answer it.
fn why_rows(question: &Question<'_>, width: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    if !question.why.is_empty() {
        rows.extend(rows_of(&format!("  {} {}", dim(question.why), dim(&format!("({})", question.flag))), width));
    }
    rows
}

fn rows_of(text: &str, width: usize) -> Vec<String> {
    wrapped(text, width).split('\n').map(str::to_owned).collect()
}

fn styled(style: Style, text: &str) -> String {
    style.for_stderr().apply_to(text).to_string()
}

fn good(text: &str) -> String {
    styled(Style::new().green(), text)
}

fn look(text: &str) -> String {
    styled(Style::new().yellow(), text)
}

fn bad(text: &str) -> String {
    styled(Style::new().red(), text)
}

fn dim(text: &str) -> String {
    styled(Style::new().dim(), text)
}

fn strong(text: &str) -> String {
    styled(Style::new().bold(), text)
}
