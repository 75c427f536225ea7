//! IAM's policy language: reading a document, checking its grammar, and answering what it allows.
//!
//! Small on purpose: exact and wildcard matching, `Deny` before `Allow`, the condition operators that billing policies
//! use. A condition it does not know never matches.

mod condition;
mod evaluate;
pub mod grammar;

pub use evaluate::{Question, Verdict, Who, verdict};

use serde_json::Value;

/// The statements of a document: AWS takes one object where a list is meant.
pub fn statements(document: &Value) -> Vec<&Value> {
    listed(document.get("Statement"))
}

/// A value that may be one thing or a list of them.
fn listed(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

/// The same for texts.
pub fn texts(value: Option<&Value>) -> Vec<&str> {
    listed(value).into_iter().filter_map(Value::as_str).collect()
}

/// Whether `text` matches a pattern with `*` and `?`.
pub fn like(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("s3:Get*", "s3:GetObject", true),
            ("s3:Get*", "s3:PutObject", false),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b", false),
            ("a*b*c", "a-b-b-c", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("abc", "abcd", false),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
