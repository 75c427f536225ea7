//! Hostile input for whatever parses text from outside: strategies, and a bound on every case.
//!
//! `cargo test` runs a modest number of cases of each; CONTRIBUTING.md has the command for a million of each.
//!
//! What a run finds is written to `proptest-regressions/` and replayed by every later run; it is committed with the mending.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::Value;

/// No parser here needs a thousandth of it, on the slowest machine; a case that takes longer is a hang.
const BOUND: Duration = Duration::from_secs(60);

/// What has meaning in a URL, a header, a shell, a terminal, an ARN, JSON, TOML, XML, a pattern or a number.
const PIECES: [&str; 64] = [
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\0",
    "\u{1b}[2J",
    "\u{9b}31m",
    "\u{7f}",
    "\u{202e}",
    "\u{200b}",
    "\u{2028}",
    "\u{feff}",
    "é",
    "１",
    "👍\u{200d}👍",
    "\u{10ffff}",
    "/",
    "//",
    "..",
    "../",
    ".",
    "-",
    "--",
    "_",
    "%",
    "%2F",
    "%00",
    "%c3%28",
    "%zz",
    "?",
    "#",
    "@",
    ":",
    ":::",
    "=",
    "&",
    "+",
    "*",
    "**",
    "${",
    "}",
    "{",
    "[",
    "]",
    "\"",
    "'",
    "\\",
    "\\u0000",
    "\\ud800",
    "<",
    ">",
    "]]>",
    "&amp;",
    ",",
    ";",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    "null",
    "true",
    "arn:aws:iam::123456789012:root",
    "Bearer x",
];

/// Any characters at all, long ones among them.
pub fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => (0..PIECES.len()).prop_map(|at| PIECES[at].to_owned()),
        2 => any::<char>().prop_map(String::from),
        1 => (0..PIECES.len(), 1..400_usize).prop_map(|(at, times)| PIECES[at].repeat(times)),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Any bytes at all, most of them no UTF-8.
pub fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![prop::collection::vec(any::<u8>(), 0..64), text().prop_map(String::into_bytes)]
}

/// One of these valid ones, damaged in up to four places, or as it is.
pub fn damaged(valid: &'static [&'static str]) -> impl Strategy<Value = String> {
    let edit = (0..5_u8, any::<u16>(), any::<u16>(), 0..PIECES.len());
    (0..valid.len(), prop::collection::vec(edit, 0..4)).prop_map(move |(at, edits)| {
        let mut chars: Vec<char> = valid[at].chars().collect();
        for (kind, from, length, piece) in edits {
            let from = usize::from(from) % (chars.len() + 1);
            let to = (from + usize::from(length) % 8).min(chars.len());
            let piece = PIECES[piece].chars();
            match kind {
                0 => drop(chars.drain(from..to)),
                1 => drop(chars.splice(from..to, piece)),
                2 => drop(chars.splice(from..from, piece)),
                3 => {
                    let again = chars[from..to].to_vec();
                    chars.splice(from..from, again);
                }
                _ => chars.truncate(from),
            }
        }
        chars.into_iter().collect()
    })
}

/// Valid text damaged, and any text.
pub fn hostile(valid: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![3 => damaged(valid), 1 => text()]
}

/// One of these valid documents, with up to four of its values replaced, doubled, dropped, wrapped or renamed.
pub fn damaged_json(valid: Vec<Value>) -> impl Strategy<Value = Value> {
    let edit = (0..8_u8, any::<u16>(), 0..PIECES.len());
    (0..valid.len(), prop::collection::vec(edit, 0..5)).prop_map(move |(at, edits)| {
        let mut document = valid[at].clone();
        for (kind, place, piece) in edits {
            let mut left = usize::from(place) % count(&document);
            damage(&mut document, &mut left, kind, PIECES[piece]);
        }
        document
    })
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// Walks to the value at the place `left` and changes it; whether it was found.
fn damage(value: &mut Value, left: &mut usize, kind: u8, piece: &str) -> bool {
    if *left == 0 {
        change(value, kind, piece);
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(list) => list.iter_mut().any(|value| damage(value, left, kind, piece)),
        Value::Object(map) => map.values_mut().any(|value| damage(value, left, kind, piece)),
        _ => false,
    }
}

fn change(value: &mut Value, kind: u8, piece: &str) {
    let old = value.take();
    *value = match (kind, old) {
        (0, _) => Value::Null,
        (1, _) => Value::String(piece.to_owned()),
        (2, Value::String(text)) => Value::String(text + piece),
        (3, old) => Value::Array(vec![old.clone(), old]),
        (4, Value::Object(mut map)) => {
            if let Some(key) = map.keys().next().cloned()
                && let Some(first) = map.shift_remove(&key)
            {
                map.insert(format!("{key}{piece}"), first);
            }
            Value::Object(map)
        }
        (5, Value::Object(mut map)) => {
            let key = map.keys().nth(piece.len() % map.len().max(1)).cloned();
            key.and_then(|key| map.shift_remove(&key));
            Value::Object(map)
        }
        (6, _) => serde_json::json!([piece.len(), true, -1.5]),
        (7, old) => serde_json::json!({ piece: old }),
        (_, old) => old,
    };
}

/// Runs one case; one that does not come back ends the whole run with its input.
pub fn bounded<T>(input: &impl Debug, case: impl FnOnce() -> T) -> T {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| drop(std::thread::spawn(watch)));
    let me = format!("{:?}", std::thread::current().id());
    running().insert(me.clone(), (Instant::now(), format!("{input:?}")));
    let outcome = case();
    running().remove(&me);
    outcome
}

type Running = BTreeMap<String, (Instant, String)>;

fn running() -> std::sync::MutexGuard<'static, Running> {
    static RUNNING: Mutex<Running> = Mutex::new(BTreeMap::new());
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::print_stderr, reason = "the process ends right after, and the input must be known")]
fn watch() {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        if let Some((_, input)) = running().values().find(|(since, _)| since.elapsed() > BOUND) {
            eprintln!("this input makes a parser hang: {input}");
            std::process::abort();
        }
    }
}
