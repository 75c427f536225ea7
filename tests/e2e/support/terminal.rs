//! A person at a terminal: the binary in a pseudo-terminal, what its screen shows, and keys to press.
//! Every wait asks again and again up to a bound; none is a fixed sleep.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

use crate::support::Onboard;
use crate::support::canary::Watch;
use crate::support::svg::Cell;

/// Longer than two busy cores ever take.
const BOUND: Duration = Duration::from_secs(60);

/// The keys that are no characters.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    Enter,
    Up,
    Down,
    Left,
    Esc,
    Backspace,
    CtrlC,
    CtrlD,
}

impl Key {
    /// What a terminal sends for it.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Enter => b"\r",
            Self::Up => b"\x1b[A",
            Self::Down => b"\x1b[B",
            Self::Left => b"\x1b[D",
            Self::Esc => b"\x1b",
            Self::Backspace => b"\x7f",
            Self::CtrlC => b"\x03",
            Self::CtrlD => b"\x04",
        }
    }
}

/// What has come out so far: as bytes, and as a screen shows it.
struct Shown {
    screen: vt100::Parser,
    raw: Vec<u8>,
}

/// A running conversation.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    shown: Arc<Mutex<Shown>>,
    reader: Option<std::thread::JoinHandle<()>>,
    watch: Watch,
    pub home: TempDir,
}

impl Terminal {
    /// Starts the run in a terminal of that size.
    pub fn open(run: Onboard, columns: u16, rows: u16) -> Self {
        let (command, home) = run.into_parts();
        let watch = Watch::over(&command, command.get_current_dir().unwrap_or(home.path()));
        let mut builder = CommandBuilder::new(command.get_program());
        builder.args(command.get_args());
        builder.env_clear();
        for (name, value) in command.get_envs().filter_map(|(name, value)| Some((name, value?))) {
            builder.env(name, value);
        }
        builder.cwd(command.get_current_dir().unwrap_or(home.path()));
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(builder).expect("the binary starts");
        drop(pair.slave);
        let screen = vt100::Parser::new(positive(rows), positive(columns), 0);
        let shown = Arc::new(Mutex::new(Shown { screen, raw: Vec::new() }));
        let mut output = pair.master.try_clone_reader().expect("the terminal's output");
        let keys = pair.master.take_writer().expect("the terminal's keys");
        let sink = Arc::clone(&shown);
        let reader = std::thread::spawn(move || {
            let mut some = [0; 4096];
            // Linux says EIO, others 0, when nobody holds the other end any more.
            while let Ok(n @ 1..) = output.read(&mut some) {
                let mut shown = lock(&sink);
                shown.screen.process(&some[..n]);
                shown.raw.extend_from_slice(&some[..n]);
            }
        });
        Self { master: pair.master, keys, child, shown, reader: Some(reader), watch, home }
    }

    /// Row by row what a person sees, without the blanks at the right and the empty rows at the end.
    pub fn screen(&self) -> String {
        let shown = lock(&self.shown);
        let screen = shown.screen.screen();
        let rows: Vec<String> = screen.rows(0, screen.size().1.get()).map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n").trim_end().to_owned()
    }

    /// The same with lines put together again that were too long for one row.
    pub fn text(&self) -> String {
        lock(&self.shown).screen.screen().contents()
    }

    /// The screen character by character with its looks, without the empty rows at the end.
    pub fn cells(&self) -> Vec<Vec<Cell>> {
        let shown = lock(&self.shown);
        let screen = shown.screen.screen();
        let (rows, columns) = screen.size();
        let cell = |row, column| {
            screen.cell(row, column).map_or_else(
                || Cell { text: " ".to_owned(), class: String::new() },
                |cell| Cell {
                    text: if cell.has_contents() { cell.contents().to_owned() } else { " ".to_owned() },
                    class: class(cell),
                },
            )
        };
        let mut found: Vec<Vec<Cell>> =
            (0..rows.get()).map(|row| (0..columns.get()).map(|column| cell(row, column)).collect()).collect();
        while found.last().is_some_and(|row| row.iter().all(|cell| cell.text.trim().is_empty())) {
            found.pop();
        }
        found
    }

    /// Everything that came out.
    pub fn raw(&self) -> Vec<u8> {
        lock(&self.shown).raw.clone()
    }

    /// Whether the cursor can be seen.
    pub fn has_cursor(&self) -> bool {
        !lock(&self.shown).screen.screen().hide_cursor()
    }

    /// Waits until the screen shows this.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, |terminal| terminal.text().contains(text));
    }

    /// Waits until the screen shows this so often.
    #[track_caller]
    pub fn wait_for_times(&self, text: &str, times: usize) {
        self.wait_until(text, |terminal| terminal.text().matches(text).count() >= times);
    }

    /// Waits until this came out so often, whether it is still on the screen or not.
    #[track_caller]
    pub fn wait_written(&self, text: &str, times: usize) {
        self.wait_until(text, |terminal| String::from_utf8_lossy(&terminal.raw()).matches(text).count() >= times);
    }

    #[track_caller]
    fn wait_until(&self, what: &str, there: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !there(self) {
            assert!(start.elapsed() < BOUND, "waited in vain for {what:?}; the screen:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the program reads keys.
    #[track_caller]
    pub fn wait_until_keys(&self) {
        self.wait_until("a question that reads keys", |terminal| !terminal.local_modes(CANONICAL));
    }

    /// Presses a key once the program reads keys.
    #[track_caller]
    pub fn key(&mut self, key: Key) {
        self.wait_until_keys();
        self.send(key.bytes());
    }

    /// Presses the key of a character.
    #[track_caller]
    pub fn type_key(&mut self, character: char) {
        self.wait_until_keys();
        self.send(character.to_string().as_bytes());
    }

    /// Types a text, key by key, and sees each appear: between two keys the program leaves the mode that reads keys,
    /// and what is typed meanwhile could get lost.
    #[track_caller]
    pub fn type_text(&mut self, text: &str) {
        for (index, typed) in text.char_indices() {
            self.type_key(typed);
            let so_far = &text[..index + typed.len_utf8()];
            self.wait_until(so_far, |terminal| terminal.line_before_cursor().ends_with(so_far));
        }
    }

    /// What stands in the cursor's row before it.
    fn line_before_cursor(&self) -> String {
        let shown = lock(&self.shown);
        let screen = shown.screen.screen();
        let (row, column) = screen.cursor_position();
        screen.contents_between(row, 0, row, column)
    }

    /// Types a text and Enter.
    #[track_caller]
    pub fn type_line(&mut self, text: &str) {
        self.type_text(text);
        self.key(Key::Enter);
    }

    /// Types a text that must not appear, and Enter: only once the terminal has stopped echoing.
    #[track_caller]
    pub fn type_hidden(&mut self, text: &str) {
        self.wait_hidden();
        self.send(format!("{text}\n").as_bytes());
    }

    /// Waits until what is typed is not shown.
    #[track_caller]
    pub fn wait_hidden(&self) {
        self.wait_until("a question that hides its answer", |terminal| !terminal.echoes());
    }

    /// Whether what is typed is shown.
    pub fn echoes(&self) -> bool {
        self.local_modes(ECHO)
    }

    /// Whether keys are read one by one instead of in whole lines.
    pub fn reads_keys(&self) -> bool {
        !self.local_modes(CANONICAL)
    }

    /// Hands bytes over as they are, for questions that read whole lines.
    pub fn send(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).and_then(|()| self.keys.flush()).expect("the terminal takes keys");
    }

    /// Pulls at the window's corner.
    pub fn resize(&self, columns: u16, rows: u16) {
        lock(&self.shown).screen.screen_mut().set_size(positive(rows), positive(columns));
        self.master.resize(size(columns, rows)).expect("the terminal can be resized");
    }

    /// Interrupts it from outside, as `kill -INT` does.
    pub fn interrupt(&self) {
        let run = self.child.process_id().expect("the run has a number").to_string();
        let sent = std::process::Command::new("kill").args(["-INT", &run]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Whether the run is over.
    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().expect("the run can be waited for").is_some()
    }

    /// Waits until the run is over and everything it wrote is shown; its exit code.
    #[track_caller]
    pub fn finish(&mut self) -> u32 {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the run can be waited for") {
                break status;
            }
            assert!(start.elapsed() < BOUND, "it does not end; the screen:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        };
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader ends with the run");
        }
        status.exit_code()
    }

    /// Waits until the run is over, and fails with the screen unless it ended so.
    #[track_caller]
    pub fn ends(&mut self, code: u32) {
        let ended = self.finish();
        assert_eq!(ended, code, "the screen:\n{}", self.screen());
        assert!(self.has_cursor(), "the cursor is gone; the screen:\n{}", self.screen());
    }

    /// Takes a question's default once there is one, unless the run is over before.
    pub fn answer_or_end(&mut self) {
        let start = Instant::now();
        let before = self.raw().len();
        while start.elapsed() < BOUND && matches!(self.child.try_wait(), Ok(None)) {
            if self.raw().len() > before && self.asks() {
                // Whoever is gone meanwhile needs no key.
                let _ = self.keys.write_all(Key::Enter.bytes()).and_then(|()| self.keys.flush());
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Presses Ctrl-C at the next question, unless the run is over before, and waits for its end, whatever it is.
    pub fn leave(&mut self) {
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            assert!(start.elapsed() < BOUND, "it does not end; the screen:\n{}", self.screen());
            if self.asks() {
                // Whoever is gone meanwhile needs no key.
                let _ = self.keys.write_all(Key::CtrlC.bytes()).and_then(|()| self.keys.flush());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader ends with the run");
        }
    }

    /// Whether it waits for an answer: it reads keys, or its last line is a question that takes a whole line.
    fn asks(&self) -> bool {
        self.reads_keys() || self.text().ends_with(": ")
    }

    fn local_modes(&self, mode: u32) -> bool {
        self.master.get_termios().is_some_and(|termios| termios.local_flags.bits() & mode != 0)
    }
}

/// The colours that this program uses, as classes of a picture.
fn class(cell: &vt100::Cell) -> String {
    let color = match cell.fgcolor() {
        vt100::Color::Idx(1) => "red",
        vt100::Color::Idx(2) => "green",
        vt100::Color::Idx(3) => "yellow",
        _ => "",
    };
    let looks = [(cell.bold(), "bold"), (cell.dim(), "dim")];
    let names = looks.iter().filter(|(on, _)| *on).map(|(_, name)| *name).chain([color]);
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A failed test must not leave its run behind; one that is over cannot be ended again.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        if !std::thread::panicking() {
            // The screen too: what was drawn over piece by piece stands there as one.
            self.watch.search(&self.raw(), &[("the screen", self.text().as_bytes())]);
        }
    }
}

/// Whole lines are read, and the terminal edits them (`ICANON`).
const CANONICAL: u32 = if cfg!(target_os = "linux") { 0o2 } else { 0x100 };
/// What is typed is shown (`ECHO`).
const ECHO: u32 = 0o10;

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn positive(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a terminal has rows and columns")
}

fn lock(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}
