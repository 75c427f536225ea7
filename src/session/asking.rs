//! Whether a person can be asked, and how: in menus, or in plain lines.

use super::Session;
use crate::prompt::{Plain, Prompter, Terminal};

impl Session {
    /// Whether a person can be asked.
    pub fn may_ask(&self) -> bool {
        self.terminal.may_ask(self.no_input)
    }

    /// Whether questions are plain lines: asked for, or the terminal has no room for others.
    pub fn asks_in_lines(&self) -> bool {
        self.terminal.plain(self.accessible) || !Terminal::fits()
    }

    /// Whether they are so for the width of the window alone.
    pub fn is_narrow(&self) -> bool {
        self.asks_in_lines() && !self.terminal.plain(self.accessible)
    }

    /// Someone to ask.
    pub fn prompter(&self) -> Box<dyn Prompter> {
        if self.asks_in_lines() {
            Box::new(Plain::new(self.stop.clone()))
        } else {
            Box::new(Terminal::new(self.printer.color_err, self.stop.clone()))
        }
    }
}
