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
struct Silence(rustix::termios::Termios);

#[cfg(unix)]
impl Silence {
    fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}
