//! One whole line from the person. It is read on a thread of its own: the standard library goes on reading after a
//! signal, and whoever waits for the line must still see a Ctrl-C.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

#[cfg(unix)]
use crate::prompt::modes::Modes;
use crate::wait::Stop;

/// How long a Ctrl-C may go unnoticed.
const LOOK: Duration = Duration::from_millis(50);

/// Reads a line, without its end.
///
/// # Errors
/// `Interrupted` for Ctrl-C, `UnexpectedEof` for Ctrl-D, else what the terminal answers.
pub fn read(stop: &Stop) -> io::Result<String> {
    let line = aside(stop, || {
        let mut text = String::new();
        let read = io::stdin().read_line(&mut text);
        read.map(|bytes| (bytes > 0).then_some(text))
    });
    let text = line?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// Asks on a thread of its own, and waits for the answer or for a Ctrl-C.
///
/// # Errors
/// `Interrupted` for Ctrl-C, else what was answered.
pub fn aside<T: Send + 'static>(stop: &Stop, ask: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    let (sender, answer) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody waits any more after a Ctrl-C.
        let _ = sender.send(ask());
    });
    loop {
        match answer.recv_timeout(LOOK) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::UnexpectedEof.into()),
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
    let _silence = Modes::silent()?;
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
