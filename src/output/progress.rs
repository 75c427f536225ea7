//! What is being done, while it is done: a row for each step that writes, those that run side by side turning at the
//! same time. Where a terminal cannot be redrawn, a line for each step that is over.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::Event;
use crate::output::layout::wrapped;
use crate::output::{Loudness, Paint, Printer, plan_text};
use crate::steps::Step;

/// In a narrower window a whole row would be broken in the middle of a word.
const ROOM: usize = 72;

/// The rows of one apply.
pub struct Progress {
    bars: MultiProgress,
    rows: BTreeMap<Step, ProgressBar>,
    validating: RefCell<Option<ProgressBar>>,
    /// Of these a part is done.
    paused: RefCell<BTreeSet<Step>>,
    paint: Paint,
    shown: Shown,
    /// Whether a line was said.
    told: Cell<bool>,
    printer: Printer,
}

enum Shown {
    Nothing,
    Lines,
    Rows,
}

impl Progress {
    /// For this printer; each of these steps has its row from the beginning.
    pub fn new(printer: &Printer, steps: &[Step]) -> Self {
        let shown = match (printer.loudness, printer.animate) {
            (Loudness::Quiet, _) => Shown::Nothing,
            (_, true) => Shown::Rows,
            (_, false) => Shown::Lines,
        };
        let drawn = matches!(shown, Shown::Rows);
        let target = if drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bars = MultiProgress::with_draw_target(target);
        let paint = printer.paint_err();
        let rows = steps.iter().filter(|_| drawn).map(|step| {
            let bar = bars.add(ProgressBar::new_spinner());
            still(&bar, &row(*step, &paint.dim("·"), &paint.dim("waits"), paint));
            (*step, bar)
        });
        let rows = rows.collect();
        let (validating, paused) = (RefCell::default(), RefCell::default());
        Self { bars, rows, validating, paused, paint, shown, told: Cell::new(false), printer: *printer }
    }

    /// Shows one event.
    pub fn tell(&self, event: Event) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Lines => {
                if let Some(line) = plan_text::event(event, self.paint) {
                    self.told.set(true);
                    self.printer.say(&line);
                }
            }
            Shown::Rows => self.redraw(event),
        }
    }

    /// Leaves the rows as they are, on the screen.
    pub fn finish(self) {
        if let Some(bar) = self.validating.into_inner() {
            bar.finish_and_clear();
        }
        for bar in self.rows.values() {
            bar.abandon();
        }
        match self.shown {
            // The cursor stays at the end of the last row.
            Shown::Rows => self.printer.say(if self.rows.is_empty() { "" } else { "\n\n" }),
            Shown::Lines if self.told.get() && console::Term::stderr().is_term() => self.printer.say(""),
            Shown::Lines | Shown::Nothing => {}
        }
    }

    fn redraw(&self, event: Event) {
        let stands = |step: Step, sign: &str, end: &str| {
            if let Some(bar) = self.rows.get(&step) {
                still(bar, &row(step, sign, end, self.paint));
            }
        };
        match event {
            Event::Started(step) => {
                let again = self.paused.borrow().contains(&step);
                let end = if again { format!("{} ", plan_text::resumed(step)) } else { String::new() };
                if let Some(bar) = self.rows.get(&step) {
                    turning(bar, &row(step, "", &end, self.paint));
                }
            }
            Event::Paused(step) => {
                self.paused.borrow_mut().insert(step);
                stands(step, &self.paint.good("·"), &self.paint.dim(plan_text::paused(step)));
            }
            Event::Finished(step, time) => stands(step, &self.paint.good("✔"), &plan_text::seconds(time)),
            Event::Left(step, how_far) => stands(step, &self.paint.dim("·"), &self.paint.dim(how_far)),
            Event::Failed(step, time) => {
                let end = format!("{} {}", self.paint.bad("failed"), plan_text::seconds(time));
                stands(step, &self.paint.bad("✘"), &end);
            }
            Event::Interrupted(step, time) => {
                let end = format!("{} {}", self.paint.look(plan_text::INTERRUPTED), plan_text::seconds(time));
                stands(step, &self.paint.dim("·"), &end);
            }
            Event::Validating => self.wait_for_validation(),
            Event::Stopping => {
                // Above the rows, which go on until what was begun is done. A terminal that cannot be written to has nobody
                // to tell.
                let text = plan_text::event(event, self.paint).unwrap_or_default();
                let _ = self.bars.println(wrapped(&text, width()));
            }
        }
    }

    fn wait_for_validation(&self) {
        let bar = self.bars.add(ProgressBar::new_spinner());
        let text = if width() < ROOM { "waiting for Flexera" } else { "waiting until Flexera can read the bill" };
        turning(&bar, &format!(" {text} "));
        *self.validating.borrow_mut() = Some(bar);
    }
}

/// A step's row; where the window has no room for it, its name and how far it is.
fn row(step: Step, sign: &str, end: &str, paint: Paint) -> String {
    if width() < ROOM { format!("{sign} {:<14} {end}", step.word()) } else { plan_text::row(step, sign, end, paint) }
}

fn width() -> usize {
    usize::from(console::Term::stderr().size().1)
}

fn turning(bar: &ProgressBar, text: &str) {
    bar.reset_elapsed();
    bar.set_style(style("  {spinner:.yellow}{msg}{elapsed:.dim}"));
    bar.set_message(text.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
}

fn still(bar: &ProgressBar, text: &str) {
    bar.disable_steady_tick();
    bar.set_style(style("  {msg}"));
    bar.set_message(text.to_owned());
    bar.tick();
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
