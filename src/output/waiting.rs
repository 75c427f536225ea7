//! A wait of hours: a line whenever what is waited for becomes another, and on a terminal one that turns below it.

use std::cell::RefCell;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::harmless;
use crate::output::{Loudness, Printer};

/// The line of one wait.
pub struct Waiting {
    printer: Printer,
    bar: Option<ProgressBar>,
    said: RefCell<String>,
}

impl Waiting {
    /// For this printer.
    pub fn new(printer: &Printer) -> Self {
        let turning = printer.animate && printer.loudness > Loudness::Quiet;
        Self { printer: *printer, bar: turning.then(bar), said: RefCell::default() }
    }

    /// Says what is waited for now.
    pub fn tell(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        let line = harmless::shown(what);
        if self.said.replace(line.clone()) == line {
            return;
        }
        let say = || self.printer.say(&format!("  waiting: {line}"));
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    /// Takes the line away.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("  {spinner} {elapsed:.dim} looked {pos} times, Ctrl-C leaves")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
