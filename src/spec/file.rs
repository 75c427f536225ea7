//! The onboarding file: TOML whose keys are the long flag names with `_` for `-`. Texts and lines come out;
//! parsing them into types is the same as for flags.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::error::{Error, Result};
use crate::spec::answers::{Given, Raw, Source};
use crate::spec::fields::{self, FIELDS, Field};

/// Keys that would be a secret, with the key to use instead.
const SECRETS: [(&str, &str); 4] = [
    ("access_token", "access_token_file"),
    ("refresh_token", "refresh_token_file"),
    ("client_id", "the variable OPTIMA_CLIENT_ID"),
    ("client_secret", "the variable OPTIMA_CLIENT_SECRET"),
];

/// Reads the file's text; `path` is only for messages.
///
/// # Errors
/// A usage error with file and line for bad TOML, an unknown key, a secret, or a value of the wrong type.
pub fn read(path: &Path, text: &str) -> Result<Raw> {
    let parsed = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        at(path, line, error.message())
    })?;
    let mut raw = Raw::default();
    for (key, value) in parsed.get_ref() {
        let line = line_of(text, key.span().start);
        let source = Source::File(path.to_owned(), line);
        let key = key.get_ref().as_ref();
        if key == fields::TAGS {
            raw.tags.extend(tags(path, text, line, value.get_ref())?);
            continue;
        }
        let field = known(path, line, key)?;
        let given = scalar(value.get_ref()).ok_or_else(|| at(path, line, &format!("{key} takes a text")))?;
        raw.offer(field.key, Given { text: given, source });
    }
    Ok(raw)
}

fn known(path: &Path, line: usize, key: &str) -> Result<&'static Field> {
    if let Some((_, instead)) = SECRETS.iter().find(|(secret, _)| *secret == key) {
        return Err(at(path, line, &format!("a secret does not stand in a file: instead of {key} give {instead}")));
    }
    if key == "onboarding" || key == "defaults" {
        return Err(at(path, line, "this file describes many onboardings; this version takes one, at the top level"));
    }
    fields::field(key).ok_or_else(|| {
        let near = FIELDS.iter().map(|field| field.key).max_by_key(|known| alike(known, key));
        let hint = near.map(|near| format!("; the nearest is {near}")).unwrap_or_default();
        at(path, line, &format!("no answer is called {key}{hint}"))
    })
}

/// How many leading characters two keys share, plus whether one holds the other: enough to name the nearest.
fn alike(a: &str, b: &str) -> usize {
    let lead = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    lead + if a.contains(b) || b.contains(a) { 8 } else { 0 }
}

fn tags(path: &Path, text: &str, line: usize, value: &DeValue<'_>) -> Result<Vec<Given>> {
    let DeValue::Table(table) = value else {
        return Err(at(path, line, "tags is a table: [tags] with key = \"value\" lines"));
    };
    table
        .iter()
        .map(|(key, value)| {
            let line = line_of(text, key.span().start);
            let key = key.get_ref();
            let value =
                scalar(value.get_ref()).ok_or_else(|| at(path, line, &format!("the tag {key} takes a text")))?;
            Ok(Given { text: format!("{key}={value}"), source: Source::File(path.to_owned(), line) })
        })
        .collect()
}

/// Ids may be written as numbers too; nothing else but texts is taken.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        _ => None,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn at(path: &Path, line: usize, what: &str) -> Error {
    Error::usage(format!("{}:{line}: {what}", path.display()))
        .remedy("optima-onboard help file shows an onboarding file")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        read(Path::new("one.toml"), text).expect_err("a wrong file").message
    }

    #[test]
    fn texts_numbers_and_tags_come_out_with_their_lines() {
        let raw = read(Path::new("one.toml"), "org_id = 12345\n\nbucket = \"b\"\n[tags]\nteam = \"fin\"\n")
            .expect("a right file");
        assert_eq!(raw.get("org_id").map(|given| given.text.as_str()), Some("12345"));
        assert_eq!(raw.get("bucket").map(|given| given.source.clone()), Some(Source::File("one.toml".into(), 3)));
        assert_eq!(raw.tags[0].text, "team=fin");
    }

    #[test]
    fn every_mistake_names_its_line() {
        for (text, part) in [
            ("org_id = 1\nbuckte = \"b\"", "one.toml:2: no answer is called buckte; the nearest is bucket"),
            ("refresh_token = \"x\"", "one.toml:1: a secret does not stand in a file"),
            ("org_id = [1]", "one.toml:1: org_id takes a text"),
            ("tags = 3", "one.toml:1: tags is a table"),
            ("org_id = \"a\n", "one.toml:1:"),
        ] {
            let message = message(text);
            assert!(message.contains(part), "{part} missing in {message}");
        }
    }
}
