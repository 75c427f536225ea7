//! The modes of the terminal while it is asked: as a question needs them, and as they were before when it is over,
//! however it ends.

use std::io;
#[cfg(unix)]
use std::sync::{Mutex, PoisonError};

/// As they were before the question that is on the screen.
#[cfg(unix)]
static BEFORE: Mutex<Option<rustix::termios::Termios>> = Mutex::new(None);

/// Whether a question is on the screen.
pub fn is_asking() -> bool {
    #[cfg(unix)]
    return BEFORE.lock().unwrap_or_else(PoisonError::into_inner).is_some();
    #[cfg(not(unix))]
    return false;
}

/// Puts the terminal back as the question found it that is on the screen, for whoever ends the program in its middle.
pub fn put_back() {
    #[cfg(unix)]
    if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        let _ = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Now, &before);
    }
    // A menu or a bar may have hidden it; a terminal that is gone needs none.
    let terminal = console::Term::stderr();
    if terminal.is_term() {
        let _ = terminal.show_cursor();
    }
}

/// Restores the terminal's modes when dropped. Windows' console has none that outlive a read.
#[derive(Debug)]
pub struct Modes {
    #[cfg(unix)]
    before: rustix::termios::Termios,
    #[cfg(unix)]
    at_the_end: rustix::termios::OptionalActions,
}

#[cfg(unix)]
impl Modes {
    /// Nothing changes now; whatever somebody else changes is put back.
    ///
    /// # Errors
    /// What the terminal answers.
    pub fn kept() -> io::Result<Self> {
        let before = rustix::termios::tcgetattr(io::stdin())?;
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before.clone());
        Ok(Self { before, at_the_end: rustix::termios::OptionalActions::Flush })
    }

    /// What is typed is not shown.
    ///
    /// # Errors
    /// What the terminal answers.
    pub fn silent() -> io::Result<Self> {
        let modes = Self::kept()?;
        modes.without(rustix::termios::LocalModes::ECHO)?;
        Ok(modes)
    }

    /// Keys are handed over one by one, and none is shown by itself. Held for a whole question: between two keys of a
    /// paste a terminal in its usual mode would show and reorder what it was given.
    ///
    /// # Errors
    /// What the terminal answers.
    pub fn keys() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions};
        let mut modes = Self::kept()?;
        modes.at_the_end = OptionalActions::Now;
        modes.without(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)?;
        Ok(modes)
    }

    /// What was typed before the question was meant for another one.
    fn without(&self, modes: rustix::termios::LocalModes) -> io::Result<()> {
        let mut changed = self.before.clone();
        changed.local_modes.remove(modes);
        Ok(rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Flush, &changed)?)
    }
}

#[cfg(unix)]
impl Drop for Modes {
    fn drop(&mut self) {
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // A terminal that is gone needs nothing any more.
        let _ = rustix::termios::tcsetattr(io::stdin(), self.at_the_end, &self.before);
    }
}

#[cfg(not(unix))]
impl Modes {
    /// Keys are handed over one by one anyway.
    ///
    /// # Errors
    /// Never.
    pub fn keys() -> io::Result<Self> {
        Ok(Self {})
    }
}
