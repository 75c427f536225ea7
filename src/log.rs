//! Logging for `-v` and `OPTIMA_LOG`: our own events only, unless asked otherwise, and never a library's wire logs,
//! which would hold tokens and signatures.

use tracing_subscriber::EnvFilter;

use crate::error::{Error, Result};

const LEVELS: [&str; 4] = ["error", "warn", "info", "debug"];

/// Levels by how often `-v` was given; `OPTIMA_LOG` replaces it.
///
/// # Errors
/// A usage error for a level that does not exist.
pub fn start(verbosity: u8) -> Result<()> {
    let level = match (std::env::var("OPTIMA_LOG").ok(), verbosity) {
        (Some(level), _) if LEVELS.contains(&level.as_str()) => level,
        (Some(level), _) => {
            return Err(Error::usage(format!("OPTIMA_LOG {level:?}: a level is one of {}", LEVELS.join(", "))));
        }
        (None, 0) => return Ok(()),
        (None, 1) => "info".to_owned(),
        (None, _) => "debug".to_owned(),
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
    Ok(())
}
