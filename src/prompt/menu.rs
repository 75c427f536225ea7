//! A menu: arrows move its mark, and letters narrow it down to the rows that they mean.

use std::io;

use console::{Key, Style, Term, measure_text_width, truncate_str};
use dialoguer::theme::Theme;

use crate::prompt::edit::{CTRL_D, CTRL_U, CTRL_W};
use crate::prompt::theme::{bad, dim, theme};
use crate::prompt::{BACK, LONGEST_MENU, label};

/// The sign, the blanks and the cursor of the row in which is typed.
const AROUND: usize = 6;
const NOTHING: &str = "nothing matches; Backspace takes the last letter away, Esc goes back";

/// One of the rows, `default` marked first; `None` is one question back.
///
/// # Errors
/// `Interrupted` for Ctrl-C, `UnexpectedEof` for Ctrl-D where nothing is typed, else what the terminal answers.
pub fn one(term: &Term, prompt: &str, rows: &[String], default: usize) -> io::Result<Option<usize>> {
    let mut menu = Menu::new(rows, default);
    let prompt = if menu.is_long() { format!("{prompt} (type to search)") } else { prompt.to_owned() };
    term.hide_cursor()?;
    let answer = loop {
        // As the window is now: a row that took two would be left behind when the menu is drawn again.
        let (height, width) = term.size();
        menu.fit(height.into(), width.into(), &prompt);
        let lines: Vec<String> = menu.lines(&prompt).iter().map(|line| cut(line, width.into())).collect();
        for line in &lines {
            term.write_line(line)?;
        }
        let key = term.read_key()?;
        let pressed = menu.press(&key);
        if pressed == Pressed::Left {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        term.clear_last_lines(lines.len())?;
        match pressed {
            Pressed::Chosen(index) => break Some(index),
            Pressed::Back => break None,
            Pressed::Nothing | Pressed::Left => {}
        }
    };
    term.show_cursor()?;
    Ok(answer)
}

/// A line that is no wider than the window.
fn cut(line: &str, width: usize) -> String {
    truncate_str(line, width.max(1), "…").into_owned()
}

/// What a key came to.
#[derive(Debug, PartialEq, Eq)]
enum Pressed {
    Chosen(usize),
    Back,
    Left,
    Nothing,
}

struct Menu<'a> {
    rows: &'a [String],
    /// Their order: in a long menu the default comes first.
    order: Vec<usize>,
    /// Where the default stands in it.
    default: usize,
    typed: String,
    /// Which of those that match is marked.
    marked: usize,
    /// What Enter was pressed at and meant no row.
    missed: Option<String>,
    /// So many rows are seen at once.
    seen: usize,
    /// So many columns there are for what is typed.
    room: usize,
}

impl<'a> Menu<'a> {
    fn new(rows: &'a [String], default: usize) -> Self {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let is_long = rows.len() > LONGEST_MENU;
        if is_long {
            order[..=default].rotate_right(1);
        }
        let default = if is_long { 0 } else { default };
        let (seen, room) = (LONGEST_MENU, usize::MAX);
        Self { rows, order, default, typed: String::new(), marked: default, missed: None, seen, room }
    }

    /// Makes do with a window of that size.
    fn fit(&mut self, height: usize, width: usize, prompt: &str) {
        self.seen = LONGEST_MENU.min(height.saturating_sub(2)).max(1);
        self.room = width.saturating_sub(measure_text_width(prompt) + AROUND);
    }

    /// Too long to be seen at once.
    fn is_long(&self) -> bool {
        self.rows.len() > LONGEST_MENU
    }

    /// The rows that are meant: whose name begins with what was typed, else holds it; in a long menu also those that hold
    /// it anywhere. In any case of letters.
    fn matching(&self) -> Vec<usize> {
        let typed = self.typed.to_lowercase();
        let that = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
            self.order.iter().copied().filter(|index| is(&self.rows[*index].to_lowercase())).collect()
        };
        let mut found = that(&|row| row.starts_with(&typed));
        if found.is_empty() && !self.is_long() {
            found = that(&|row| label(row).contains(&typed));
        } else if self.is_long() {
            let held = that(&|row| row.contains(&typed) && !row.starts_with(&typed));
            found.extend(held);
        }
        found
    }

    fn press(&mut self, key: &Key) -> Pressed {
        self.missed = None;
        let found = self.matching();
        let count = found.len().max(1);
        match key {
            Key::Escape => return Pressed::Back,
            Key::Char(CTRL_D) if self.typed.is_empty() => return Pressed::Left,
            Key::Enter => match found.get(self.marked) {
                Some(index) => return Pressed::Chosen(*index),
                None if self.typed == BACK => return Pressed::Back,
                None => self.missed = Some(self.take_typed()),
            },
            Key::ArrowDown | Key::Tab => self.marked = (self.marked + 1) % count,
            Key::ArrowUp | Key::BackTab => self.marked = (self.marked + count - 1) % count,
            Key::PageDown => self.marked = (self.marked + self.seen).min(count - 1),
            Key::PageUp => self.marked = self.marked.saturating_sub(self.seen),
            Key::Home => self.marked = 0,
            Key::End => self.marked = count - 1,
            Key::Char(CTRL_U | CTRL_W) => drop(self.take_typed()),
            Key::Backspace => {
                self.typed.pop();
                self.mark();
            }
            Key::Char(typed) if !typed.is_control() && measure_text_width(&self.typed) + 2 <= self.room => {
                self.typed.push(*typed);
                self.mark();
            }
            _ => {}
        }
        Pressed::Nothing
    }

    fn take_typed(&mut self) -> String {
        let typed = std::mem::take(&mut self.typed);
        self.mark();
        typed
    }

    /// Marks the default again where all rows are there, else the first of them.
    fn mark(&mut self) {
        self.marked = if self.typed.is_empty() { self.default } else { 0 };
    }

    /// The question with what was typed, and the rows around the marked one.
    fn lines(&self, prompt: &str) -> Vec<String> {
        let look = theme();
        let mut question = String::new();
        let _ = look.format_input_prompt(&mut question, prompt, None);
        question.push_str(&self.typed);
        if self.is_long() || !self.typed.is_empty() {
            question.push_str(&Style::new().for_stderr().reverse().apply_to(" ").to_string());
        }
        let found = self.matching();
        if found.is_empty() {
            return vec![question, format!("  {}", dim(NOTHING))];
        }
        let missed = self.missed.as_ref().map(|typed| format!("  {}", bad(&format!("nothing matches {typed}"))));
        let seen = self.seen.saturating_sub(missed.iter().len()).max(1);
        let above = (self.marked + 1).saturating_sub(seen);
        let row = |(at, index): (usize, &usize)| {
            let mut row = String::new();
            let _ = look.format_select_prompt_item(&mut row, &self.rows[*index], at == self.marked);
            row
        };
        let shown = found.iter().enumerate().skip(above).take(seen);
        std::iter::once(question).chain(shown.map(row)).chain(missed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As long as a menu must be to be searched in.
    fn regions() -> Vec<String> {
        let rows = ["us-east-1  N. Virginia", "us-west-2  Oregon", "eu-central-1  Frankfurt", "eu-west-1  Ireland"];
        let more = (0..LONGEST_MENU).map(|n| format!("more-{n:02}  elsewhere"));
        rows.map(str::to_owned).into_iter().chain(more).collect()
    }

    fn ways() -> Vec<String> {
        ["yes     apply it now", "look    every setting", "change  one answer", "no      leave"]
            .map(str::to_owned)
            .to_vec()
    }

    fn press(menu: &mut Menu<'_>, typed: &str) {
        typed.chars().for_each(|typed| assert_eq!(menu.press(&Key::Char(typed)), Pressed::Nothing));
    }

    #[test]
    fn what_begins_as_was_typed_is_meant_and_in_a_long_menu_then_what_holds_it() {
        let (regions, ways) = (regions(), ways());
        for (rows, typed, found) in [
            (&regions, "us", vec![0, 1]),
            (&regions, "west", vec![1, 3]),
            (&regions, "FRANK", vec![2]),
            (&regions, "ew1", Vec::new()),
            (&regions, "e", vec![2, 3, 0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
            (&ways, "", vec![0, 1, 2, 3]),
            (&ways, "y", vec![0]),
            (&ways, "NO", vec![3]),
            (&ways, "n", vec![3]),
            (&ways, "ang", vec![2]),
            // What a way means is read, and not what picks it: it could be the yes.
            (&ways, "it", Vec::new()),
            (&ways, "leave", Vec::new()),
        ] {
            let mut menu = Menu::new(rows, 2);
            press(&mut menu, typed);
            assert_eq!(menu.matching(), found, "{typed:?}");
        }
        assert_eq!(Menu::new(&regions, 2).matching()[..3], [2, 0, 1], "in a long one the default comes first");
    }

    #[test]
    fn enter_takes_the_marked_row() {
        let rows = regions();
        let mut menu = Menu::new(&rows, 0);
        press(&mut menu, "west");
        menu.press(&Key::ArrowDown);
        assert_eq!(menu.press(&Key::Enter), Pressed::Chosen(3));
        menu.press(&Key::ArrowDown);
        assert_eq!(menu.press(&Key::Enter), Pressed::Chosen(1), "after the last comes the first");
        let ways = ways();
        let mut menu = Menu::new(&ways, 3);
        assert_eq!(menu.press(&Key::Enter), Pressed::Chosen(3));
        press(&mut menu, "y");
        menu.press(&Key::Backspace);
        assert_eq!(menu.press(&Key::Enter), Pressed::Chosen(3), "with nothing typed the default is marked again");
        press(&mut menu, "yes");
        assert_eq!(menu.press(&Key::Enter), Pressed::Chosen(0));
    }

    #[test]
    fn what_matches_nothing_chooses_nothing_and_is_told_until_the_next_key() {
        let ways = ways();
        let mut menu = Menu::new(&ways, 3);
        press(&mut menu, "quit");
        assert!(menu.lines("Apply?").concat().contains(NOTHING));
        menu.press(&Key::ArrowUp);
        assert_eq!(menu.press(&Key::Enter), Pressed::Nothing);
        assert!(menu.lines("Apply?").concat().contains("nothing matches quit"));
        assert_eq!(menu.matching().len(), ways.len());
        menu.press(&Key::ArrowUp);
        assert!(!menu.lines("Apply?").concat().contains("nothing matches"));
    }

    #[test]
    fn keys_empty_a_menu_s_line_leave_it_and_go_back_from_it() {
        let ways = ways();
        for clears in [CTRL_U, CTRL_W] {
            let mut menu = Menu::new(&ways, 3);
            press(&mut menu, "quit");
            assert_eq!(menu.press(&Key::Char(CTRL_D)), Pressed::Nothing, "a slip in the middle of a word");
            menu.press(&Key::Char(clears));
            assert_eq!((menu.typed.as_str(), menu.marked), ("", 3));
            assert_eq!(menu.press(&Key::Char(CTRL_D)), Pressed::Left);
            assert_eq!(menu.press(&Key::Escape), Pressed::Back);
            press(&mut menu, BACK);
            assert_eq!(menu.press(&Key::Enter), Pressed::Back, "as at a text");
        }
    }

    #[test]
    fn a_long_menu_is_paged_through() {
        let rows = regions();
        let mut menu = Menu { seen: 5, ..Menu::new(&rows, 0) };
        for (key, marked) in [
            (Key::PageDown, 5),
            (Key::PageDown, 10),
            (Key::PageDown, 13),
            (Key::PageUp, 8),
            (Key::Home, 0),
            (Key::PageUp, 0),
            (Key::End, 13),
        ] {
            menu.press(&key);
            assert_eq!(menu.marked, marked, "after {key:?}");
        }
    }

    #[test]
    fn a_menu_fits_its_window_when_that_is_pulled_smaller() {
        let rows = regions();
        let mut menu = Menu::new(&rows, 0);
        for (height, width) in [(24, 80), (6, 20), (1, 1)] {
            menu.fit(height, width, "Region of the bucket");
            let lines = menu.lines("Region of the bucket");
            assert!(lines.len() <= height.max(2), "{height}: {lines:?}");
            assert!(lines.iter().all(|line| measure_text_width(&cut(line, width)) <= width), "{width}: {lines:?}");
        }
    }

    #[test]
    fn the_marked_row_is_always_seen_and_no_more_is_typed_than_has_room() {
        let rows = regions();
        let mut menu = Menu { seen: 2, room: 4, ..Menu::new(&rows, 0) };
        for _ in 0..rows.len() {
            let lines = menu.lines("Region");
            assert_eq!(lines.len(), 3);
            assert!(lines.iter().any(|line| line.contains('❯')), "{lines:?}");
            menu.press(&Key::ArrowDown);
        }
        press(&mut menu, "us-east");
        assert!(menu.typed.len() <= 4, "{}", menu.typed);
    }
}
