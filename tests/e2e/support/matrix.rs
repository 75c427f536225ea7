//! Many small checks as one test: they run on a few threads, since nearly all of their time is waiting, and one line
//! says how many there were and how many passed.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Runs only the cells whose names hold this text.
const ONLY: &str = "OPTIMA_MATRIX_CELL";

/// How many cells wait at the same time.
const THREADS: usize = 12;

/// One check with its name, which finds it again.
pub struct Cell<'a> {
    name: String,
    check: Box<dyn Fn() -> Result<(), String> + Send + Sync + 'a>,
}

impl<'a> Cell<'a> {
    /// A cell of that name.
    pub fn new(name: String, check: impl Fn() -> Result<(), String> + Send + Sync + 'a) -> Self {
        Self { name, check: Box::new(check) }
    }

    /// What is wrong with it, if anything; a panic is wrong too.
    fn fault(&self) -> Option<String> {
        match catch_unwind(AssertUnwindSafe(&self.check)) {
            Ok(outcome) => outcome.err(),
            Err(panic) => Some(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "it panicked".to_owned())),
        }
    }
}

/// Runs every cell and fails with those that did not pass; `test` repeats them.
#[track_caller]
pub fn run(name: &str, test: &str, mut cells: Vec<Cell>) {
    if let Ok(only) = std::env::var(ONLY) {
        cells.retain(|cell| cell.name.contains(&only));
    }
    assert!(!cells.is_empty(), "{name}: no cell to run; the name of one holds what {ONLY} says");
    let start = Instant::now();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(cells.len()) {
            scope.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(why) = cell.fault() {
                        say(&format!("MATRIX {name}: failed: {}\n", cell.name));
                        failed.lock().expect("no cell panics here").push(format!("{}\n{why}", cell.name));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no cell panics here");
    let (count, passed) = (cells.len(), cells.len() - failed.len());
    say(&format!("MATRIX {name}: {count} cells, {passed} passed, {:.0} s\n", start.elapsed().as_secs_f64()));
    assert!(
        failed.is_empty(),
        "{}\n\nOne of them again: {ONLY}='NAME' cargo test --test e2e {test}",
        failed.join("\n\n")
    );
}

/// Past the harness, which would show it only of a test that fails.
fn say(line: &str) {
    // Whoever closed the stream does not want to know.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
