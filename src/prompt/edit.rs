//! A line that is typed and edited, in one row however long it is. Esc goes back from it at any time, as it does from every
//! other question; a line of dialoguer's knows no Esc.

use std::io;

use console::{Key, Term, measure_text_width};
use dialoguer::theme::Theme;

use crate::harmless;
use crate::prompt::theme::{dim, theme};
use crate::secret::Cleared;

/// As a terminal sends them.
pub const CTRL_D: char = '\u{4}';
const CTRL_K: char = '\u{b}';
/// See [`CTRL_D`].
pub const CTRL_U: char = '\u{15}';
/// See [`CTRL_D`].
pub const CTRL_W: char = '\u{17}';
/// So much of the line is seen in the narrowest window.
const LEAST: usize = 8;
/// Stands for what has no room before the cursor.
const CUT: &str = "…";
/// Stands for a secret, however long it is.
const HIDDEN: &str = "typed, not shown";
/// Longer than any token: a text that grew would leave copies of its beginning behind.
const LONGEST_SECRET: usize = 64 * 1024;

/// What was typed; `None` is one question back. `offer` stands there as long as nothing is typed.
///
/// # Errors
/// `Interrupted` for Ctrl-C, `UnexpectedEof` for Ctrl-D on an empty line, else what the terminal answers.
pub fn line(term: &Term, prompt: &str, offer: Option<&str>) -> io::Result<Option<String>> {
    let mut line = Line::default();
    loop {
        line.draw(term, prompt, offer)?;
        let answer = match line.press(&term.read_key()?) {
            Pressed::Nothing => continue,
            Pressed::Left => return Err(io::ErrorKind::UnexpectedEof.into()),
            Pressed::Back => None,
            Pressed::Entered => Some(line.typed.iter().collect()),
        };
        term.clear_line()?;
        return Ok(answer);
    }
}

/// What a key came to.
#[derive(Debug, PartialEq, Eq)]
enum Pressed {
    Entered,
    Back,
    Left,
    Nothing,
}

/// A line of which nothing is shown but that there is one; `None` is one question back.
///
/// # Errors
/// As [`line`].
pub fn hidden(term: &Term, prompt: &str) -> io::Result<Option<Cleared<String>>> {
    let mut typed = Cleared::new(String::with_capacity(LONGEST_SECRET));
    let mut shown = None;
    loop {
        let row = hidden_row(prompt, typed.is_empty());
        if shown.as_ref() != Some(&row) {
            term.clear_line()?;
            term.write_str(&row)?;
            shown = Some(row);
        }
        let back = match press_hidden(&mut typed, &term.read_key()?) {
            Pressed::Nothing => continue,
            Pressed::Left => return Err(io::ErrorKind::UnexpectedEof.into()),
            Pressed::Back => true,
            Pressed::Entered => false,
        };
        term.clear_line()?;
        return Ok((!back).then_some(typed));
    }
}

fn hidden_row(prompt: &str, is_empty: bool) -> String {
    let mut row = String::new();
    let _ = theme().format_input_prompt(&mut row, prompt, None);
    if !is_empty {
        row.push_str(&dim(HIDDEN));
    }
    row
}

/// What cannot be seen is not moved in: it is typed at its end, or taken away.
fn press_hidden(typed: &mut String, key: &Key) -> Pressed {
    match key {
        Key::Enter => return Pressed::Entered,
        Key::Escape => return Pressed::Back,
        Key::Char(CTRL_D) if typed.is_empty() => return Pressed::Left,
        Key::Backspace => drop(typed.pop()),
        Key::Char(CTRL_U | CTRL_W) => typed.clear(),
        Key::Char(c) if !c.is_control() && typed.len() + c.len_utf8() <= LONGEST_SECRET => typed.push(*c),
        _ => {}
    }
    Pressed::Nothing
}

#[derive(Default)]
struct Line {
    typed: Vec<char>,
    /// Before which character the cursor stands.
    cursor: usize,
}

impl Line {
    fn press(&mut self, key: &Key) -> Pressed {
        match key {
            Key::Enter => return Pressed::Entered,
            Key::Escape => return Pressed::Back,
            Key::Char(CTRL_D) if self.typed.is_empty() => return Pressed::Left,
            Key::Char(CTRL_D) | Key::Del => self.cut(self.cursor, self.cursor + 1),
            Key::Backspace => self.cut(self.cursor.saturating_sub(1), self.cursor),
            Key::Char(CTRL_U) => self.cut(0, self.cursor),
            Key::Char(CTRL_K) => self.cut(self.cursor, self.typed.len()),
            Key::Char(CTRL_W) => self.cut(self.word_before(), self.cursor),
            Key::Char(typed) if !typed.is_control() => {
                self.typed.insert(self.cursor, *typed);
                self.cursor += 1;
            }
            Key::ArrowLeft => self.cursor = self.cursor.saturating_sub(1),
            Key::ArrowRight => self.cursor = self.typed.len().min(self.cursor + 1),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = self.typed.len(),
            // Alt with a letter, as shells have it.
            Key::UnknownEscSeq(letters) if letters == &['b'] => self.cursor = self.word_before(),
            Key::UnknownEscSeq(letters) if letters == &['f'] => self.cursor = self.word_after(),
            _ => {}
        }
        Pressed::Nothing
    }

    /// Takes these characters away, as far as they are there; the cursor stands where they were.
    fn cut(&mut self, from: usize, to: usize) {
        self.typed.drain(from..to.min(self.typed.len()));
        self.cursor = from;
    }

    fn word_before(&self) -> usize {
        let before = &self.typed[..self.cursor];
        let blanks = before.iter().rev().take_while(|c| c.is_whitespace()).count();
        let word = before.iter().rev().skip(blanks).take_while(|c| !c.is_whitespace()).count();
        self.cursor - blanks - word
    }

    fn word_after(&self) -> usize {
        let after = &self.typed[self.cursor..];
        let blanks = after.iter().take_while(|c| c.is_whitespace()).count();
        self.cursor + blanks + after[blanks..].iter().take_while(|c| !c.is_whitespace()).count()
    }

    fn draw(&self, term: &Term, prompt: &str, offer: Option<&str>) -> io::Result<()> {
        let mut row = String::new();
        let _ = theme().format_input_prompt(&mut row, prompt, offer.filter(|_| self.typed.is_empty()));
        let columns = usize::from(term.size().1);
        let (before, after) = self.seen(columns.saturating_sub(measure_text_width(&row) + 1).max(LEAST));
        term.clear_line()?;
        term.write_str(&format!("{row}{before}{after}"))?;
        term.move_cursor_left(measure_text_width(&after))
    }

    /// What has room before and after the cursor, of which the end before it comes first.
    fn seen(&self, room: usize) -> (String, String) {
        let shown: Vec<String> = self.typed.iter().map(|c| harmless::shown(&c.to_string())).collect();
        let (before, after) = shown.split_at(self.cursor);
        let mut left = room;
        let mut fits = |cell: &&String| {
            let width = measure_text_width(cell);
            let fits = width <= left;
            left = if fits { left - width } else { 0 };
            fits
        };
        let begins = before.len() - before.iter().rev().take_while(&mut fits).count();
        let ends = after.iter().take_while(&mut fits).count();
        let mut before: Vec<&str> = before[begins..].iter().map(String::as_str).collect();
        if let (true, Some(first)) = (begins > 0, before.first_mut()) {
            *first = CUT;
        }
        (before.concat(), after[..ends].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Line {
        let mut line = Line::default();
        keys.iter().for_each(|key| assert_eq!(line.press(key), Pressed::Nothing));
        line
    }

    fn letters(text: &str) -> Vec<Key> {
        text.chars().map(Key::Char).collect()
    }

    #[test]
    fn keys_edit_a_line_as_a_shell_does() {
        for (text, keys, left) in [
            ("13", vec![Key::ArrowLeft, Key::Char('2')], "123"),
            ("123", vec![Key::Backspace, Key::Home, Key::Del], "2"),
            ("a b c", vec![Key::Char(CTRL_W), Key::Char(CTRL_W)], "a "),
            ("a b c", vec![Key::ArrowLeft, Key::Char(CTRL_U)], "c"),
            ("a b c", vec![Key::Home, Key::ArrowRight, Key::Char(CTRL_K)], "a"),
            ("ab cd", vec![Key::UnknownEscSeq(vec!['b']), Key::Char('x')], "ab xcd"),
            ("ab cd", vec![Key::Home, Key::UnknownEscSeq(vec!['f']), Key::Char('x')], "abx cd"),
            ("é", vec![Key::Backspace, Key::Backspace, Key::Del, Key::ArrowRight, Key::Tab, Key::ArrowUp], ""),
        ] {
            let line = typed(&[letters(text), keys.clone()].concat());
            assert_eq!(line.typed.iter().collect::<String>(), left, "{text:?} {keys:?}");
        }
    }

    #[test]
    fn esc_goes_back_from_every_line_and_ctrl_d_leaves_an_empty_one() {
        for text in ["", "1", "a long one"] {
            let mut line = typed(&letters(text));
            assert_eq!(line.press(&Key::Escape), Pressed::Back);
            assert_eq!(line.press(&Key::Char(CTRL_D)), if text.is_empty() { Pressed::Left } else { Pressed::Nothing });
        }
    }

    #[test]
    fn a_hidden_line_is_typed_taken_away_left_and_gone_back_from() {
        let mut typed = String::new();
        let keys = [letters("tokem"), vec![Key::Backspace, Key::ArrowLeft, Key::Home, Key::Char('n')]].concat();
        keys.iter().for_each(|key| assert_eq!(press_hidden(&mut typed, key), Pressed::Nothing));
        assert_eq!(typed, "token");
        assert_eq!(press_hidden(&mut typed, &Key::Char(CTRL_D)), Pressed::Nothing, "a slip in the middle of a token");
        assert_eq!(press_hidden(&mut typed, &Key::Escape), Pressed::Back);
        assert_eq!(press_hidden(&mut typed, &Key::Enter), Pressed::Entered);
        press_hidden(&mut typed, &Key::Char(CTRL_U));
        assert_eq!(press_hidden(&mut typed, &Key::Char(CTRL_D)), Pressed::Left);
    }

    #[test]
    fn nothing_of_a_secret_is_shown_and_not_its_length() {
        assert_ne!(hidden_row("Token", true), hidden_row("Token", false), "that something was typed is seen");
        assert!(hidden_row("Token", false).ends_with(&dim(HIDDEN)));
    }

    #[test]
    fn what_is_seen_fits_its_room_with_the_cursor_in_it() {
        for text in ["short", "a-bucket-name-that-is-longer-than-its-room", "名前名前名前名前", "a\u{202e}b"] {
            let mut line = typed(&letters(text));
            for _ in 0..=text.chars().count() {
                let (before, after) = line.seen(12);
                assert!(measure_text_width(&before) + measure_text_width(&after) <= 12, "{before:?} {after:?}");
                assert!(!format!("{before}{after}").contains('\u{202e}'));
                line.press(&Key::ArrowLeft);
            }
            assert_eq!(line.seen(12).0, "");
        }
        assert_eq!(typed(&letters("abcdefgh")).seen(5).0, "…efgh");
        assert_eq!(typed(&letters("abcde")).seen(5).0, "abcde");
    }
}
