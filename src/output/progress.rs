//! What is being done, while it is done: a line for each step, with a spinner where the terminal can be redrawn.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::Event;
use crate::output::{Loudness, Paint, Printer, plan_text};
use crate::steps::Step;

/// The lines of one apply.
pub struct Progress {
    bars: MultiProgress,
    running: RefCell<BTreeMap<Option<Step>, ProgressBar>>,
    paint: Paint,
    shown: Shown,
    printer: Printer,
    above: Cell<bool>,
}

enum Shown {
    Nothing,
    Lines,
    Spinners,
}

impl Progress {
    /// For this printer.
    pub fn new(printer: &Printer) -> Self {
        let shown = match (printer.loudness, printer.animate) {
            (Loudness::Quiet, _) => Shown::Nothing,
            (_, true) => Shown::Spinners,
            (_, false) => Shown::Lines,
        };
        let target =
            if matches!(shown, Shown::Spinners) { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            bars: MultiProgress::with_draw_target(target),
            running: RefCell::default(),
            paint: printer.paint_err(),
            shown,
            printer: *printer,
            above: Cell::default(),
        }
    }

    /// Shows one event.
    pub fn tell(&self, event: Event) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Lines => {
                if let Some(line) = plan_text::event(event, self.paint) {
                    self.printer.say(&line);
                }
            }
            Shown::Spinners => self.spin(event),
        }
    }

    /// Removes what still turns, and leaves a blank line.
    pub fn finish(self) {
        for (_, bar) in self.running.into_inner() {
            bar.finish_and_clear();
        }
        // The cursor stays at the end of the last line that was put above the spinners.
        self.printer.say(if self.above.get() { "\n\n" } else { "" });
    }

    fn spin(&self, event: Event) {
        match event {
            Event::Started(step) => self.begin(Some(step), plan_text::doing(step)),
            Event::Validating => self.begin(None, "waiting until Flexera can read the bill"),
            Event::Paused(step) => self.end(step),
            Event::Finished(step, _) | Event::Failed(step, _) => {
                self.end(step);
                self.put_above(event);
            }
            Event::Stopping => self.put_above(event),
        }
    }

    fn put_above(&self, event: Event) {
        let line = plan_text::event(event, self.paint).unwrap_or_default();
        // A terminal that cannot be written to has nobody to tell.
        let _ = self.bars.println(line);
        self.above.set(true);
    }

    fn end(&self, step: Step) {
        if let Some(bar) = self.running.borrow_mut().remove(&Some(step)) {
            bar.finish_and_clear();
        }
    }

    fn begin(&self, step: Option<Step>, doing: &str) {
        let style = ProgressStyle::with_template("  {spinner} {msg} {elapsed:.dim}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = self.bars.add(ProgressBar::new_spinner().with_style(style).with_message(doing.to_owned()));
        bar.enable_steady_tick(Duration::from_millis(120));
        self.running.borrow_mut().insert(step, bar);
    }
}
