//! Logging for `-v` and `OPTIMA_LOG`: our own events only, unless asked otherwise, and never a library's wire logs,
//! which would hold tokens and signatures.

use tracing_subscriber::EnvFilter;

/// Levels by how often `-v` was given; `OPTIMA_LOG` (error, warn, info, debug) replaces it.
pub fn start(verbosity: u8) {
    let level = match (std::env::var("OPTIMA_LOG").ok().as_deref(), verbosity) {
        (Some(level @ ("error" | "warn" | "info" | "debug" | "trace")), _) => level.to_owned(),
        (_, 0) => return,
        (_, 1) => "info".to_owned(),
        _ => "debug".to_owned(),
    };
    let filter = EnvFilter::new(format!("off,optima_onboard={level}"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .without_time()
        .with_ansi(false);
    // A second start in one process (a test's) keeps the first.
    let _ = subscriber.try_init();
}
