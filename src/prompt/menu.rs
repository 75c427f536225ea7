//! A menu while somebody moves in it: what is shown of it, and what each key does. Plain data, as the line is.

use console::Key;

use crate::prompt::editor::{CTRL_D, Press};

/// How many options stand on the screen at once, at most.
const LONGEST: usize = 10;

/// The options, what was typed to narrow them down, and which one is marked.
#[derive(Clone, Debug)]
pub struct Menu {
    options: Vec<String>,
    filter: String,
    /// Among those that match.
    at: usize,
    /// Keys that pick an option at once, in the options' order; without them, typing narrows down.
    keys: Vec<char>,
}

/// What stands on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Indices of options, and whether each is the marked one.
    pub rows: Vec<(usize, bool)>,
    /// How many are above.
    pub above: usize,
    /// How many are below.
    pub below: usize,
}

impl Menu {
    /// With one marked.
    pub fn new(options: &[String], marked: usize) -> Self {
        Self { options: options.to_vec(), filter: String::new(), at: marked, keys: Vec::new() }
    }

    /// One that is decided by keys.
    pub fn with_keys(options: &[String], keys: Vec<char>, marked: usize) -> Self {
        Self { keys, ..Self::new(options, marked) }
    }

    /// What was typed to narrow it down.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The option that Enter takes: none when nothing matches what was typed.
    pub fn marked(&self) -> Option<usize> {
        self.matching().get(self.at).copied()
    }

    /// Takes a key.
    pub fn press(&mut self, key: &Key) -> Press {
        let count = self.matching().len();
        match key {
            Key::Enter if self.marked().is_some() => return Press::Done,
            Key::Escape if self.filter.is_empty() => return Press::Back,
            Key::CtrlC | Key::Char(CTRL_D) => return Press::Leave,
            Key::Escape => self.narrow(String::new()),
            Key::ArrowUp | Key::BackTab => self.at = self.at.checked_sub(1).unwrap_or(count.saturating_sub(1)),
            Key::ArrowDown | Key::Tab => self.at = if self.at + 1 < count { self.at + 1 } else { 0 },
            Key::Home => self.at = 0,
            Key::End => self.at = count.saturating_sub(1),
            Key::PageUp => self.at = self.at.saturating_sub(LONGEST),
            Key::PageDown => self.at = (self.at + LONGEST).min(count.saturating_sub(1)),
            Key::Backspace => {
                let mut shorter = self.filter.clone();
                shorter.pop();
                self.narrow(shorter);
            }
            Key::Char(typed) if !self.keys.is_empty() => {
                if let Some(index) = self.keys.iter().position(|key| key.eq_ignore_ascii_case(typed)) {
                    self.at = index;
                    return Press::Done;
                }
            }
            Key::Char(typed) if !typed.is_control() => self.narrow(format!("{}{typed}", self.filter)),
            _ => {}
        }
        Press::Going
    }

    /// The rows to show around the marked one.
    pub fn window(&self) -> Window {
        let matching = self.matching();
        let start = self.at.saturating_sub(LONGEST / 2).min(matching.len().saturating_sub(LONGEST));
        let end = (start + LONGEST).min(matching.len());
        let rows = (start..end).map(|row| (matching[row], row == self.at)).collect();
        Window { rows, above: start, below: matching.len() - end }
    }

    /// The marked option stays marked if it still matches.
    fn narrow(&mut self, filter: String) {
        let marked = self.marked();
        self.filter = filter;
        let stays = marked.and_then(|marked| self.matching().iter().position(|index| *index == marked));
        self.at = stays.unwrap_or(0);
    }

    fn matching(&self) -> Vec<usize> {
        let wanted = self.filter.to_lowercase();
        let matches = |index: &usize| self.options[*index].to_lowercase().contains(&wanted);
        (0..self.options.len()).filter(matches).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn menu(count: usize, marked: usize) -> Menu {
        let options: Vec<String> = (0..count).map(|number| format!("option-{number}")).collect();
        Menu::new(&options, marked)
    }

    #[test]
    fn the_mark_moves_and_turns_round_at_the_ends() {
        let mut menu = menu(3, 0);
        for (key, at) in [
            (Key::ArrowDown, 1),
            (Key::ArrowDown, 2),
            (Key::ArrowDown, 0),
            (Key::ArrowUp, 2),
            (Key::Home, 0),
            (Key::End, 2),
            (Key::PageUp, 0),
            (Key::PageDown, 2),
        ] {
            assert_eq!(menu.press(&key), Press::Going);
            assert_eq!(menu.marked(), Some(at), "{key:?}");
        }
        assert_eq!(menu.press(&Key::Enter), Press::Done);
    }

    #[test]
    fn typing_narrows_down_and_esc_widens_before_it_goes_back() {
        let mut menu = menu(28, 3);
        menu.press(&Key::Char('2'));
        menu.press(&Key::Char('1'));
        assert_eq!((menu.filter(), menu.marked()), ("21", Some(21)));
        menu.press(&Key::Char('x'));
        assert_eq!((menu.marked(), menu.press(&Key::Enter)), (None, Press::Going), "nothing matches, nothing is taken");
        menu.press(&Key::Backspace);
        assert_eq!(menu.marked(), Some(21));
        assert_eq!((menu.press(&Key::Escape), menu.filter()), (Press::Going, ""));
        assert_eq!(menu.marked(), Some(21), "what was marked stays so");
        assert_eq!(menu.press(&Key::Escape), Press::Back);
    }

    #[test]
    fn a_long_menu_is_a_window_around_the_mark() {
        let window = menu(28, 0).window();
        assert_eq!((window.rows.len(), window.above, window.below), (10, 0, 18));
        let window = menu(28, 27).window();
        assert_eq!((window.rows[9], window.above, window.below), ((27, true), 18, 0));
        let window = menu(3, 1).window();
        assert_eq!((window.rows.as_slice(), window.below), (&[(0, false), (1, true), (2, false)][..], 0));
    }

    #[test]
    fn a_key_decides_at_once_and_others_do_nothing() {
        let mut menu = Menu::with_keys(&["yes".into(), "no".into()], vec!['y', 'n'], 1);
        assert_eq!((menu.press(&Key::Char('x')), menu.marked()), (Press::Going, Some(1)));
        assert_eq!((menu.press(&Key::Char('Y')), menu.marked()), (Press::Done, Some(0)));
    }
}
