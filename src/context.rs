//! What the terminal is, and what the environment says of it, looked at once, before anything is asked or coloured.

use std::io::IsTerminal;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal that can, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The facts.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Standard input is a terminal.
    pub stdin_terminal: bool,
    /// Standard error is a terminal: progress and questions are shown there.
    pub stderr_terminal: bool,
    /// Standard output is a terminal.
    pub stdout_terminal: bool,
    /// `TERM` is `dumb` or missing on a system that has it.
    pub dumb: bool,
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `ACCESSIBLE` is set and not empty.
    pub accessible: bool,
}

impl Facts {
    /// Looks.
    pub fn detect() -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let term = std::env::var_os("TERM");
        Self {
            stdin_terminal: std::io::stdin().is_terminal(),
            stderr_terminal: std::io::stderr().is_terminal(),
            stdout_terminal: std::io::stdout().is_terminal(),
            dumb: term.as_ref().is_some_and(|term| term == "dumb") || (cfg!(unix) && term.is_none()),
            no_color: set("NO_COLOR"),
            accessible: set("ACCESSIBLE"),
        }
    }

    /// Whether a question can be asked and read.
    pub fn may_ask(&self, no_input: bool) -> bool {
        self.stdin_terminal && self.stderr_terminal && !no_input
    }

    /// Whether plain numbered lines are asked for: nothing is redrawn then.
    pub fn plain(&self, accessible: bool) -> bool {
        accessible || self.accessible || self.dumb
    }

    /// Whether to colour a stream that is, or is not, a terminal.
    pub fn colors(&self, wish: Color, terminal: bool) -> bool {
        match wish {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !self.no_color && !self.dumb,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            stdin_terminal: true,
            stderr_terminal: true,
            stdout_terminal: true,
            dumb: false,
            no_color: false,
            accessible: false,
        }
    }

    #[test]
    fn a_question_needs_both_ends_of_a_terminal() {
        assert!(facts().may_ask(false));
        assert!(!facts().may_ask(true));
        assert!(!Facts { stdin_terminal: false, ..facts() }.may_ask(false));
        assert!(!Facts { stderr_terminal: false, ..facts() }.may_ask(false));
    }

    #[test]
    fn colour_is_a_wish_over_facts() {
        assert!(facts().colors(Color::Auto, true));
        assert!(!facts().colors(Color::Auto, false));
        assert!(!Facts { no_color: true, ..facts() }.colors(Color::Auto, true));
        assert!(Facts { no_color: true, ..facts() }.colors(Color::Always, false));
        assert!(!Facts { dumb: true, ..facts() }.colors(Color::Auto, true));
    }
}
