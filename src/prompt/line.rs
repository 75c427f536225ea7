//! One whole line from the person. It is read on a thread of its own: the standard library goes on reading after a
//! signal, and whoever waits for the line must still see a Ctrl-C.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::wait::Stop;

/// How long a Ctrl-C may go unnoticed.
const LOOK: Duration = Duration::from_millis(50);

/// Reads a line, without its end.
///
/// # Errors
/// `Interrupted` for Ctrl-C, `UnexpectedEof` for Ctrl-D, else what the terminal answers.
pub fn read(stop: &Stop) -> io::Result<String> {
    let (sender, line) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = io::stdin().read_line(&mut text);
        // Nobody waits any more after a Ctrl-C.
        let _ = sender.send(read.map(|bytes| (bytes > 0).then_some(text)));
    });
    loop {
        match line.recv_timeout(LOOK) {
            Ok(Ok(Some(text))) => return Ok(text.trim_end_matches(['\n', '\r']).to_owned()),
            Ok(Ok(None)) | Err(RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(Err(error)) => return Err(error),
            Err(RecvTimeoutError::Timeout) if stop.check().is_err() => return Err(io::ErrorKind::Interrupted.into()),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Reads a line that is not shown while it is typed.
///
/// # Errors
/// As [`read`]; the terminal shows again what is typed, in every case.
#[cfg(unix)]
pub fn read_hidden(stop: &Stop) -> io::Result<String> {
    let _silence = Silence::begin()?;
    read(stop)
}

/// Windows reads a hidden line key by key, and Ctrl-C among them.
///
/// # Errors
/// As [`read`].
#[cfg(not(unix))]
pub fn read_hidden(_: &Stop) -> io::Result<String> {
    console::Term::stderr().read_secure_line()
}

/// A terminal that does not echo, until this is dropped.
#[cfg(unix)]
struct Silence(Modes);

#[cfg(unix)]
impl Silence {
    fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions};
        // What was typed before the question was meant for another one.
        Modes::without(LocalModes::ECHO, OptionalActions::Flush).map(Self)
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        self.0.restore(rustix::termios::OptionalActions::Flush);
    }
}

/// A terminal that hands over key by key and echoes none, until this is dropped. Held for a whole question: between
/// two keys of a paste a terminal in its usual mode would show and reorder what it was given.
#[cfg(unix)]
pub struct Keys(Modes);

#[cfg(unix)]
impl Keys {
    /// Begins; the writing side of the terminal stays as it is.
    ///
    /// # Errors
    /// What the terminal answers.
    pub fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions};
        Modes::without(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG, OptionalActions::Now).map(Self)
    }
}

#[cfg(unix)]
impl Drop for Keys {
    fn drop(&mut self) {
        self.0.restore(rustix::termios::OptionalActions::Now);
    }
}

/// Windows hands over key by key anyway.
#[cfg(not(unix))]
pub struct Keys;

#[cfg(not(unix))]
impl Keys {
    /// Begins.
    ///
    /// # Errors
    /// Never.
    pub fn begin() -> io::Result<Self> {
        Ok(Self)
    }
}

/// The terminal's modes as they were.
#[cfg(unix)]
struct Modes(rustix::termios::Termios);

#[cfg(unix)]
impl Modes {
    fn without(modes: rustix::termios::LocalModes, actions: rustix::termios::OptionalActions) -> io::Result<Self> {
        use rustix::termios::{tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin())?;
        let mut changed = before.clone();
        changed.local_modes.remove(modes);
        tcsetattr(io::stdin(), actions, &changed)?;
        Ok(Self(before))
    }

    fn restore(&self, actions: rustix::termios::OptionalActions) {
        // A terminal that is gone needs nothing any more.
        let _ = rustix::termios::tcsetattr(io::stdin(), actions, &self.0);
    }
}
