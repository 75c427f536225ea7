//! Ctrl-C: the first asks the run to stop at the next safe place, the second leaves at once.

use crate::error::Kind;
use crate::wait::Stop;

/// Listens from now on; must be called inside the runtime.
pub fn listen() -> Stop {
    let (sender, stop) = Stop::new();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        // Nobody listening means that the run is over already.
        let _ = sender.send(true);
        if tokio::signal::ctrl_c().await.is_ok() {
            leave_now();
        }
    });
    stop
}

#[expect(clippy::exit, reason = "the second Ctrl-C leaves without waiting for anything")]
fn leave_now() -> ! {
    // A menu or a bar may have hidden the cursor; a terminal that is gone needs none.
    let _ = console::Term::stderr().show_cursor();
    std::process::exit(i32::from(Kind::Interrupted.exit_code()))
}
