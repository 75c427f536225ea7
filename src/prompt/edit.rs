//! A line that is typed and edited, in one row however long it is. Esc goes back from it at any time, as it does from every
//! other question; a line of dialoguer's knows no Esc.

use std::io;

use console::{Key, Term, measure_text_width};
use dialoguer::theme::Theme;

use crate::harmless;
use crate::prompt::theme::theme;

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
