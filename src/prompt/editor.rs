//! A line while it is typed: what each key does to it. Plain data; drawing it is somebody else's.

use console::Key;

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// It is still being answered.
    Going,
    /// Enter.
    Done,
    /// Esc: one question back.
    Back,
    /// Ctrl-C, or Ctrl-D where there is nothing to delete.
    Leave,
}

/// The control characters that shells have made habits of.
pub const CTRL_D: char = '\u{4}';
const CTRL_K: char = '\u{b}';
const CTRL_U: char = '\u{15}';
const CTRL_W: char = '\u{17}';

/// The text so far, and where the cursor stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    chars: Vec<char>,
    at: usize,
}

impl Line {
    /// The text.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// How many characters stand behind the cursor.
    pub fn behind(&self) -> usize {
        self.chars.len() - self.at
    }

    /// Puts a text in the place of this one.
    pub fn set(&mut self, text: &str) {
        self.chars = text.chars().collect();
        self.at = self.chars.len();
    }

    /// Takes a key.
    pub fn press(&mut self, key: &Key) -> Press {
        match key {
            Key::Enter => return Press::Done,
            Key::Escape => return Press::Back,
            Key::CtrlC => return Press::Leave,
            Key::Char(CTRL_D) if self.chars.is_empty() => return Press::Leave,
            Key::ArrowLeft => self.at = self.at.saturating_sub(1),
            Key::ArrowRight => self.at = (self.at + 1).min(self.chars.len()),
            Key::Home => self.at = 0,
            Key::End => self.at = self.chars.len(),
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.chars.remove(self.at);
            }
            Key::Del | Key::Char(CTRL_D) if self.behind() > 0 => drop(self.chars.remove(self.at)),
            Key::Char(CTRL_U) => self.delete_back_to(0),
            Key::Char(CTRL_W) => self.delete_back_to(self.word_before()),
            Key::Char(CTRL_K) => self.chars.truncate(self.at),
            Key::Char(typed) if !typed.is_control() => {
                self.chars.insert(self.at, *typed);
                self.at += 1;
            }
            _ => {}
        }
        Press::Going
    }

    fn delete_back_to(&mut self, start: usize) {
        self.chars.drain(start..self.at);
        self.at = start;
    }

    /// Where the word before the cursor begins; hyphens and dots part the words of names.
    fn word_before(&self) -> usize {
        let in_word = |c: &char| c.is_alphanumeric();
        let before = &self.chars[..self.at];
        let end = before.iter().rposition(in_word).map_or(0, |last| last + 1);
        before[..end].iter().rposition(|c| !in_word(c)).map_or(0, |gap| gap + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Line {
        let mut line = Line::default();
        for key in keys {
            assert_eq!(line.press(key), Press::Going, "{key:?}");
        }
        line
    }

    fn text(text: &str) -> Vec<Key> {
        text.chars().map(Key::Char).collect()
    }

    #[test]
    fn keys_edit_where_the_cursor_stands() {
        let after = |start: &str, keys: &[Key]| typed(&[text(start), keys.to_vec()].concat()).text();
        assert_eq!(after("13", &[Key::ArrowLeft, Key::Char('2')]), "123");
        assert_eq!(after("123", &[Key::Backspace]), "12");
        assert_eq!(after("123", &[Key::Home, Key::Del]), "23");
        assert_eq!(after("123", &[Key::Home, Key::Char(CTRL_D)]), "23");
        assert_eq!(after("my-old-bucket", &[Key::Char(CTRL_W)]), "my-old-");
        assert_eq!(after("my-old-bucket", &[Key::Char(CTRL_U)]), "");
        assert_eq!(after("abc", &[Key::ArrowLeft, Key::Char(CTRL_K)]), "ab");
        assert_eq!(after("", &[Key::Backspace, Key::Del, Key::ArrowLeft, Key::ArrowRight, Key::Char(CTRL_W)]), "");
        assert_eq!(after("a", &[Key::Unknown, Key::Tab, Key::ArrowUp, Key::Char('\u{1}')]), "a", "others do nothing");
    }

    #[test]
    fn four_keys_end_it() {
        let mut line = typed(&text("a"));
        assert_eq!(line.press(&Key::Enter), Press::Done);
        assert_eq!(line.press(&Key::Escape), Press::Back);
        assert_eq!(line.press(&Key::CtrlC), Press::Leave);
        assert_eq!(line.press(&Key::Char(CTRL_D)), Press::Going, "with text it deletes, and behind the text nothing");
        line.set("");
        assert_eq!(line.press(&Key::Char(CTRL_D)), Press::Leave);
    }
}
