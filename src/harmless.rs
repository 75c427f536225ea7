//! Text from outside as a terminal may show it. What AWS, Flexera or anybody who may write a name or a tag there says is
//! shown character by character; nothing in it moves the cursor, ends a line, turns the direction of writing or hides.
//!
//! [`Printer`](crate::output::Printer) and the prompts send everything through here, so that nobody has to remember it;
//! whoever puts somebody else's words into a line of its own cuts them to that line with [`shown`] or [`sentence`].

use std::borrow::Cow;

use serde_json::Value;

/// A name, a tag, a setting: longer than any that AWS or Flexera takes, but no flood.
const LONGEST_SHOWN: usize = 2000;
/// A service's own words.
const LONGEST_SENTENCE: usize = 600;
/// Stands for a character that is not shown.
const STANDS_IN: char = '\u{fffd}';

/// The styles that [`Paint`](crate::output::Paint) puts around our own words, and its end of them.
const STYLES: [&str; 6] = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"];

/// Whether a terminal or a reader acts on the character instead of seeing it: control characters, other ends of a line,
/// marks of direction, and what has no width at all.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line of it: each character that acts is a blank or a �, and what is too long ends with an ellipsis.
pub fn shown(text: &str) -> String {
    cut(text.chars().map(seen), LONGEST_SHOWN)
}

/// A service's own words: as [`shown`], white space run together, and short.
pub fn sentence(text: &str) -> String {
    // Bounded before anything is built of it: the other side decides how long it is.
    let seen: String = text.chars().take(LONGEST_SENTENCE * 4).map(seen).collect();
    let words = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(words.chars(), LONGEST_SENTENCE)
}

/// Lines of ours, in which somebody else's words may stand: only the ends of lines and, where the page is `styled`, our
/// own styles are left of all that a terminal acts on.
pub fn page(text: &str, styled: Styled) -> Cow<'_, str> {
    if !text.contains(|c: char| c != '\n' && acts(c)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let style = STYLES.iter().find(|style| styled == Styled::Ours && rest.starts_with(**style));
        let taken = style.map_or(c.len_utf8(), |style| style.len());
        match style {
            Some(style) => safe.push_str(style),
            None if c == '\n' => safe.push(c),
            None => safe.push(seen(c)),
        }
        rest = &rest[taken..];
    }
    Cow::Owned(safe)
}

/// Whether a page has colours of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styled {
    /// None; an escape in it is somebody else's.
    No,
    /// Those of [`Paint`](crate::output::Paint).
    Ours,
}

/// A JSON document, laid out; nothing is lost, what acts is escaped beyond what JSON itself asks for.
pub fn json(document: &Value) -> String {
    escaped(format!("{document:#}"))
}

/// The same on one line.
pub fn json_line(document: &Value) -> String {
    escaped(document.to_string())
}

fn escaped(text: String) -> String {
    if !text.contains(|c: char| c != '\n' && acts(c)) {
        return text;
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        // A line feed is the layout's: one in a text is an escape already.
        if c == '\n' || !acts(c) {
            safe.push(c);
        } else {
            let mut units = [0; 2];
            safe.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    safe
}

fn seen(c: char) -> char {
    match c {
        c if !acts(c) => c,
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        _ => STANDS_IN,
    }
}

fn cut(mut chars: impl Iterator<Item = char>, longest: usize) -> String {
    let mut kept: String = chars.by_ref().take(longest).collect();
    if chars.next().is_some() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_outside_cannot_move_the_cursor() {
        assert_eq!(shown("a\u{1b}[2Jb\r\nc\u{9b}d\u{202e}e\u{200b}f"), "a�[2Jb  c�d�e�f");
        assert_eq!(sentence(" a\u{1b}[2Jb\r\n c\u{202e}"), "a�[2Jb c�");
        assert_eq!(shown("naïve 名前 👍"), "naïve 名前 👍", "what is only seen stays");
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        for (cut, longest) in
            [(shown(&"é".repeat(9000)), LONGEST_SHOWN), (sentence(&"é".repeat(9000)), LONGEST_SENTENCE)]
        {
            assert_eq!(cut.chars().count(), longest + 1);
            assert!(cut.ends_with('…'));
        }
        assert!(!shown(&"é".repeat(LONGEST_SHOWN)).ends_with('…'));
    }

    #[test]
    fn a_page_keeps_its_lines_and_only_our_styles() {
        let text = "\u{1b}[32mgood\u{1b}[0m\nname\u{1b}]0;owned\u{7}\u{1b}[35m";
        assert_eq!(page(text, Styled::Ours), "\u{1b}[32mgood\u{1b}[0m\nname�]0;owned��[35m");
        assert_eq!(page(text, Styled::No), "�[32mgood�[0m\nname�]0;owned��[35m");
        assert!(matches!(page("plain\nlines", Styled::No), Cow::Borrowed(_)));
    }

    #[test]
    fn json_says_the_same_in_escapes() {
        let document = serde_json::json!({ "a\u{9b}": "x\u{1b}\n\u{202e}\u{7f}\u{e0041}\u{2028}é" });
        let text = json(&document);
        assert!(!text.contains(|c: char| c != '\n' && acts(c)), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("still JSON"), document);
    }
}
