//! Logging for `-v` and `OPTIMA_LOG`: our own events only, unless asked otherwise, and never a library's wire logs,
//! which would hold tokens and signatures.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::error::{Error, Result};

const LEVELS: [(&str, Level); 4] =
    [("error", Level::ERROR), ("warn", Level::WARN), ("info", Level::INFO), ("debug", Level::DEBUG)];

/// Levels by how often `-v` was given; `OPTIMA_LOG` replaces it.
///
/// # Errors
/// A usage error for a level that does not exist.
pub fn start(verbosity: u8) -> Result<()> {
    let level = match (std::env::var("OPTIMA_LOG").ok(), verbosity) {
        (Some(word), _) => named(&word)?,
        (None, 0) => return Ok(()),
        (None, 1) => Level::INFO,
        (None, _) => Level::DEBUG,
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false)
        .without_time()
        .with_ansi(false);
    let ours = Targets::new().with_target("optima_onboard", level);
    // A second start in one process (a test's) keeps the first.
    let _ = tracing_subscriber::registry().with(lines).with(ours).try_init();
    Ok(())
}

fn named(word: &str) -> Result<Level> {
    let found = LEVELS.iter().find(|(name, _)| *name == word);
    found.map(|(_, level)| *level).ok_or_else(|| {
        let words: Vec<&str> = LEVELS.iter().map(|(name, _)| *name).collect();
        Error::usage(format!("OPTIMA_LOG {word:?}: a level is one of {}", words.join(", ")))
            .remedy("set it to one of them, or unset it and add -v")
    })
}
