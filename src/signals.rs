//! Ctrl-C: the first asks the run to stop at the next safe place, the second leaves at once.

use crate::error::{Error, Kind, Result};
use crate::prompt;
use crate::wait::Stop;

/// Listens from now on, on a thread of its own: a question blocks the run's own while it waits for an answer.
///
/// # Errors
/// When the system gives no thread or no signals.
pub fn listen() -> Result<Stop> {
    let (sender, stop) = Stop::new();
    let failed = |error: std::io::Error| not_started(&error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let listen = async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        // Nobody listening means that the run is over already.
        let _ = sender.send(true);
        if tokio::signal::ctrl_c().await.is_ok() {
            leave_now();
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(move || runtime.block_on(listen)).map_err(failed)?;
    Ok(stop)
}

/// The error of a run that the system gives no thread, no signals or no clock.
pub fn not_started(error: &std::io::Error) -> Error {
    Error::failed("the program could not start")
        .because(error.to_string())
        .remedy("ulimit -a shows how many processes and open files you may have; with more of them, run it again")
}

#[expect(clippy::exit, reason = "the second Ctrl-C leaves without waiting for anything")]
fn leave_now() -> ! {
    prompt::put_back();
    std::process::exit(i32::from(Kind::Interrupted.exit_code()))
}
