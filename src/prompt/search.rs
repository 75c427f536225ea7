//! A menu that is too long to be seen at once: letters narrow it down to the rows that hold them, in the order they had.

use std::io;

use console::{Key, Style, Term, measure_text_width};
use dialoguer::theme::Theme;

use crate::prompt::ask::LONGEST_MENU;
use crate::prompt::theme::theme;

/// The sign, the blanks and the cursor of the row in which is typed.
const AROUND: usize = 6;
const NOTHING: &str = "nothing matches; Backspace takes the last letter away, Esc goes back";

/// One of many rows, `default` the first of them; `None` is one question back.
///
/// # Errors
/// `Interrupted` for Ctrl-C, else what the terminal answers.
pub fn one(term: &Term, prompt: &str, rows: &[String], default: usize) -> io::Result<Option<usize>> {
    let (height, width) = term.size();
    let mut search = Search::new(rows, default);
    search.seen = LONGEST_MENU.min(usize::from(height).saturating_sub(2)).max(1);
    search.room = usize::from(width).saturating_sub(measure_text_width(prompt) + AROUND);
    term.hide_cursor()?;
    let answer = loop {
        let lines = search.lines(prompt);
        for line in &lines {
            term.write_line(line)?;
        }
        let key = term.read_key()?;
        term.clear_last_lines(lines.len())?;
        match search.press(&key) {
            Pressed::Chosen(index) => break Some(index),
            Pressed::Back => break None,
            Pressed::Nothing => {}
        }
    };
    term.show_cursor()?;
    Ok(answer)
}

/// What a key came to.
#[derive(Debug, PartialEq, Eq)]
enum Pressed {
    Chosen(usize),
    Back,
    Nothing,
}

struct Search<'a> {
    rows: &'a [String],
    /// Their order: the default comes first.
    order: Vec<usize>,
    typed: String,
    /// Which of those that match is marked.
    marked: usize,
    /// So many rows are seen at once.
    seen: usize,
    /// So many columns there are for what is typed.
    room: usize,
}

impl<'a> Search<'a> {
    fn new(rows: &'a [String], default: usize) -> Self {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order[..=default].rotate_right(1);
        Self { rows, order, typed: String::new(), marked: 0, seen: LONGEST_MENU, room: usize::MAX }
    }

    /// The rows that hold what was typed, in any case of letters.
    fn matching(&self) -> Vec<usize> {
        let typed = self.typed.to_lowercase();
        self.order.iter().copied().filter(|index| self.rows[*index].to_lowercase().contains(&typed)).collect()
    }

    fn press(&mut self, key: &Key) -> Pressed {
        let found = self.matching();
        let count = found.len().max(1);
        match key {
            Key::Escape => return Pressed::Back,
            Key::Enter => return found.get(self.marked).map_or(Pressed::Nothing, |index| Pressed::Chosen(*index)),
            Key::ArrowDown | Key::Tab => self.marked = (self.marked + 1) % count,
            Key::ArrowUp | Key::BackTab => self.marked = (self.marked + count - 1) % count,
            Key::Backspace => {
                self.typed.pop();
                self.marked = 0;
            }
            Key::Char(typed) if !typed.is_control() && measure_text_width(&self.typed) + 2 <= self.room => {
                self.typed.push(*typed);
                self.marked = 0;
            }
            _ => {}
        }
        Pressed::Nothing
    }

    /// The question with what was typed, and the rows around the marked one.
    fn lines(&self, prompt: &str) -> Vec<String> {
        let look = theme();
        let mut question = String::new();
        let _ = look.format_input_prompt(&mut question, prompt, None);
        question.push_str(&format!("{}{}", self.typed, Style::new().for_stderr().reverse().apply_to(" ")));
        let found = self.matching();
        if found.is_empty() {
            return vec![question, format!("  {}", Style::new().for_stderr().dim().apply_to(NOTHING))];
        }
        let above = (self.marked + 1).saturating_sub(self.seen);
        let row = |(at, index): (usize, &usize)| {
            let mut row = String::new();
            let _ = look.format_select_prompt_item(&mut row, &self.rows[*index], at == self.marked);
            row
        };
        let shown = found.iter().enumerate().skip(above).take(self.seen);
        std::iter::once(question).chain(shown.map(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<String> {
        ["us-east-1  N. Virginia", "us-west-2  Oregon", "eu-central-1  Frankfurt", "eu-west-1  Ireland"]
            .map(str::to_owned)
            .to_vec()
    }

    fn press(search: &mut Search<'_>, typed: &str) {
        typed.chars().for_each(|typed| assert_eq!(search.press(&Key::Char(typed)), Pressed::Nothing));
    }

    #[test]
    fn what_matches_holds_what_was_typed_in_the_order_of_the_rows_the_default_first() {
        let rows = rows();
        for (typed, found) in [
            ("", vec![2, 0, 1, 3]),
            ("us", vec![0, 1]),
            ("west", vec![1, 3]),
            ("FRANK", vec![2]),
            ("ew1", Vec::new()),
            ("1", vec![2, 0, 3]),
        ] {
            let mut search = Search::new(&rows, 2);
            press(&mut search, typed);
            assert_eq!(search.matching(), found, "{typed:?}");
        }
    }

    #[test]
    fn enter_takes_the_marked_row_and_nothing_where_nothing_matches() {
        let rows = rows();
        let mut search = Search::new(&rows, 0);
        press(&mut search, "west");
        search.press(&Key::ArrowDown);
        assert_eq!(search.press(&Key::Enter), Pressed::Chosen(3));
        search.press(&Key::ArrowDown);
        assert_eq!(search.press(&Key::Enter), Pressed::Chosen(1), "after the last comes the first");
        press(&mut search, "x");
        assert_eq!(search.press(&Key::Enter), Pressed::Nothing);
        search.press(&Key::ArrowUp);
        assert!(search.lines("Region").concat().contains(NOTHING));
        assert_eq!(search.press(&Key::Escape), Pressed::Back);
    }

    #[test]
    fn the_marked_row_is_always_seen_and_no_more_is_typed_than_has_room() {
        let rows = rows();
        let mut search = Search { seen: 2, room: 4, ..Search::new(&rows, 0) };
        for _ in 0..rows.len() {
            let lines = search.lines("Region");
            assert_eq!(lines.len(), 3);
            assert!(lines.iter().any(|line| line.contains('❯')), "{lines:?}");
            search.press(&Key::ArrowDown);
        }
        press(&mut search, "us-east");
        assert!(search.typed.len() <= 4, "{}", search.typed);
    }
}
