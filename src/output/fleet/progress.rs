//! What is being done with whom: a bar where the terminal can be redrawn, a line for each that ended where it cannot.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::text;
use crate::apply::Event;
use crate::fleet::Ending;
use crate::output::{Loudness, Printer, plan_text};

/// So many are named in the bar.
const NAMED: usize = 3;

/// The progress of one wave over all.
pub struct Progress {
    printer: Printer,
    bar: ProgressBar,
    shown: Shown,
    total: usize,
    state: RefCell<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    Lines,
    Bar,
}

#[derive(Default)]
struct State {
    ended: usize,
    /// What is being done, by name.
    doing: BTreeMap<String, &'static str>,
    stopping: bool,
}

impl Progress {
    /// For this printer; `verb` says what is done with all of them.
    pub fn new(printer: &Printer, verb: &'static str, total: usize) -> Self {
        let shown = match (printer.loudness, printer.animate) {
            (Loudness::Quiet, _) => Shown::Nothing,
            (_, true) => Shown::Bar,
            (_, false) => Shown::Lines,
        };
        let target = if shown == Shown::Bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("  {prefix} {bar:24} {pos}/{len} {elapsed:.dim} {wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(total as u64), target).with_style(style).with_prefix(verb);
        if shown == Shown::Bar {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { printer: *printer, bar, shown, total, state: RefCell::default() }
    }

    /// Something began with one of them.
    pub fn begin(&self, name: &str, doing: &'static str) {
        self.state.borrow_mut().doing.insert(name.to_owned(), doing);
        self.redraw();
    }

    /// Something happened to one of them.
    pub fn tell(&self, name: &str, event: Event) {
        match event {
            Event::Started(step) => self.begin(name, plan_text::doing(step)),
            Event::Validating => self.begin(name, "validation"),
            Event::Finished(..) | Event::Failed(..) | Event::Interrupted(..) | Event::Paused(_) | Event::Left(..) => {}
            Event::Stopping => self.stopping(),
        }
    }

    /// Everyone under way hears the stop; it is said once.
    fn stopping(&self) {
        if std::mem::replace(&mut self.state.borrow_mut().stopping, true) {
            return;
        }
        let words = "stopping after the requests that are under way; Ctrl-C again leaves at once";
        let line = self.printer.paint_err().look(words);
        match self.shown {
            Shown::Nothing => {}
            Shown::Lines => self.printer.say(&line),
            Shown::Bar => self.bar.println(line),
        }
    }

    /// One of them ended.
    pub fn ended(&self, name: &str, ending: Ending) {
        let ended = {
            let mut state = self.state.borrow_mut();
            state.doing.remove(name);
            state.ended += 1;
            state.ended
        };
        let line = text::ended(name, ending, "", None, self.printer.paint_err());
        match self.shown {
            Shown::Nothing => {}
            Shown::Lines => self.printer.say(&format!("{line}  ({ended} of {})", self.total)),
            Shown::Bar => {
                self.bar.println(line);
                self.bar.set_position(ended as u64);
                self.redraw();
            }
        }
    }

    /// Another one of them is known about; nothing is said of it but the count.
    pub fn counted(&self, name: &str) {
        let ended = {
            let mut state = self.state.borrow_mut();
            state.doing.remove(name);
            state.ended += 1;
            state.ended
        };
        self.bar.set_position(ended as u64);
        self.redraw();
    }

    /// Removes the bar.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }

    fn redraw(&self) {
        if self.shown != Shown::Bar {
            return;
        }
        let state = self.state.borrow();
        let mut doing: Vec<String> =
            state.doing.iter().take(NAMED).map(|(name, doing)| format!("{name}: {doing}")).collect();
        if state.doing.len() > NAMED {
            doing.push(format!("{} more", state.doing.len() - NAMED));
        }
        self.bar.set_message(doing.join(" · "));
    }
}
