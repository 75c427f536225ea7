//! Ctrl-C, and on Unix a polite end (SIGTERM), as containers and jobs get it: the first asks the run to stop at the next
//! safe place, the second leaves at once.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC, ctrl_c};

use crate::error::{Error, Kind, Result};
use crate::prompt;
use crate::wait::Stop;

/// Listens from now on, on a thread of its own: a question blocks the run's own while it waits for an answer. It listens
/// before that thread has its first turn, which on a busy machine may come later than the first request.
///
/// # Errors
/// When the system gives no thread or no signals.
pub fn listen() -> Result<Stop> {
    let (sender, stop) = Stop::new();
    let failed = |error: io::Error| not_started(&error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let mut interrupts = {
        let _inside = runtime.enter();
        Interrupts::heard().map_err(failed)?
    };
    let listen = async move {
        if interrupts.next().await == Asked::ToEnd && prompt::is_asking() {
            // The run's own thread waits for a key, and nothing is under way.
            leave_now();
        }
        // Nobody listening means that the run is over already.
        let _ = sender.send(true);
        interrupts.next().await;
        leave_now();
    };
    std::thread::Builder::new().name("signals".into()).spawn(move || runtime.block_on(listen)).map_err(failed)?;
    Ok(stop)
}

/// How it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// With Ctrl-C, which a question hears too.
    ByKey,
    /// By another process.
    ToEnd,
}

/// What asks the run to end.
#[cfg(unix)]
struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
}

#[cfg(unix)]
impl Interrupts {
    fn heard() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::ByKey,
            _ = self.terminate.recv() => Asked::ToEnd,
        }
    }
}

/// What asks the run to end.
#[cfg(windows)]
struct Interrupts(CtrlC);

#[cfg(windows)]
impl Interrupts {
    fn heard() -> io::Result<Self> {
        ctrl_c().map(Self)
    }

    async fn next(&mut self) -> Asked {
        self.0.recv().await;
        Asked::ByKey
    }
}

/// The error of a run that the system gives no thread, no signals or no clock.
pub fn not_started(error: &io::Error) -> Error {
    Error::failed("the program could not start")
        .because(error.to_string())
        .remedy("ulimit -a shows how many processes and open files you may have; with more of them, run it again")
}

#[expect(clippy::exit, reason = "the second Ctrl-C leaves without waiting for anything")]
fn leave_now() -> ! {
    prompt::put_back();
    std::process::exit(i32::from(Kind::Interrupted.exit_code()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Else a Ctrl-C in the first moments of a run would kill it, whatever it was doing.
    #[test]
    fn it_is_listened_to_before_the_thread_has_its_first_turn() {
        let stop = listen().expect("a thread and its signals");
        nix::sys::signal::raise(nix::sys::signal::Signal::SIGINT).expect("a signal to oneself");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(stop.asked());
    }
}
