//! What is said while something is looked at that takes its time: a line that turns and is gone when it is over, or, where
//! nothing is drawn twice, a line that stays.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::{Loudness, Printer};

/// What is answered sooner needs no line.
const SOON: Duration = Duration::from_millis(400);
/// What is answered sooner needs no line that stays.
const LATE: Duration = Duration::from_secs(2);

impl Printer {
    /// Waits for what is read; a line says meanwhile what is looked at.
    pub async fn looking<T>(&self, at: &str, read: impl Future<Output = T>) -> T {
        tokio::select! {
            answer = read => answer,
            never = self.wait_aloud(at) => match never {},
        }
    }

    async fn wait_aloud(&self, at: &str) -> Infallible {
        if self.animate && self.loudness > Loudness::Quiet {
            turning(at, ProgressDrawTarget::stderr()).await
        } else {
            tokio::time::sleep(LATE).await;
            self.say(&format!("  {at}"));
            pending().await
        }
    }
}

async fn turning(at: &str, target: ProgressDrawTarget) -> Infallible {
    tokio::time::sleep(SOON).await;
    let _line = Line::begin(at, target);
    pending().await
}

/// Goes from the screen when dropped.
struct Line(ProgressBar);

impl Line {
    fn begin(at: &str, target: ProgressDrawTarget) -> Self {
        let style = ProgressStyle::with_template("  {spinner:.yellow} {msg} {elapsed:.dim}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::with_draw_target(None, target).with_style(style).with_message(at.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
