//! The onboarding file: TOML whose keys are the long flag names with `_` for `-`. Texts and lines come out;
//! parsing them into types is the same as for flags.

mod many;

use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::error::{Error, Result};
use crate::spec::answers::{Given, Raw, Source};
use crate::spec::did_you_mean;
use crate::spec::fields::{self, FIELDS, VARIABLE_KEYS};

/// Keys that would be a secret, with the key to use instead.
const SECRETS: [(&str, &str); 4] = [
    ("access_token", "access_token_file or access_token_env"),
    ("refresh_token", "refresh_token_file or refresh_token_env"),
    ("client_id", "client_id_env, or the variable OPTIMA_CLIENT_ID"),
    ("client_secret", "client_secret_env, or the variable OPTIMA_CLIENT_SECRET"),
];

/// What an onboarding file holds.
#[derive(Clone, Debug)]
pub enum File {
    /// One onboarding, at the top level.
    One(Raw),
    /// Many, each with a name of its own, in the file's order.
    Many(Vec<Entry>),
}

/// One of many onboardings, with what `[defaults]` adds to it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name in the file, in results and in the receipt.
    pub name: String,
    /// Its texts.
    pub raw: Raw,
}

/// Reads the file's text; `path` is only for messages.
///
/// # Errors
/// A usage error with file and line for bad TOML, an unknown key, a secret, or a value of the wrong type.
pub fn read(path: &Path, text: &str) -> Result<File> {
    let parsed = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        at(path, line, error.message())
    })?;
    let page = Page { path, text };
    if many::is(parsed.get_ref()) {
        return many::read(&page, parsed.get_ref()).map(File::Many);
    }
    page.answers(parsed.get_ref(), &[]).map(File::One)
}

/// The text of a file, for the lines of its keys.
struct Page<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Page<'_> {
    /// Every answer of a table; `others` are keys that are no answers and are read elsewhere.
    fn answers(&self, table: &DeTable<'_>, others: &[&str]) -> Result<Raw> {
        let mut raw = Raw::default();
        for (key, value) in table {
            let line = self.line(key.span().start);
            let source = Source::File(self.path.to_owned(), line);
            let key = key.get_ref().as_ref();
            if others.contains(&key) {
                continue;
            }
            if key == fields::TAGS {
                raw.tags.extend(tags(self.path, self.text, line, value.get_ref())?);
                continue;
            }
            let key = known(self.path, line, key)?;
            let given = scalar(value.get_ref()).ok_or_else(|| self.error(line, &format!("{key} takes a text")))?;
            if VARIABLE_KEYS.contains(&key) && !is_variable(&given) {
                // The value is not repeated: it may be the secret itself.
                let what = format!("{key} takes the name of an environment variable, letters, digits and _ only");
                return Err(self.error(line, &what));
            }
            raw.offer(key, Given { text: given, source });
        }
        Ok(raw)
    }

    fn line(&self, offset: usize) -> usize {
        line_of(self.text, offset)
    }

    fn error(&self, line: usize, what: &str) -> Error {
        at(self.path, line, what)
    }
}

/// As a shell would take it.
fn is_variable(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(plain) && name.starts_with(|c: char| !c.is_ascii_digit())
}

fn known(path: &Path, line: usize, key: &str) -> Result<&'static str> {
    if let Some((_, instead)) = SECRETS.iter().find(|(secret, _)| *secret == key) {
        return Err(at(path, line, &format!("a secret does not stand in a file: instead of {key} give {instead}")));
    }
    if let Some(key) = VARIABLE_KEYS.iter().find(|known| **known == key) {
        return Ok(key);
    }
    fields::field(key).map(|field| field.key).ok_or_else(|| {
        let keys = FIELDS.iter().map(|field| field.key).chain(VARIABLE_KEYS).chain([fields::TAGS]);
        let hint = did_you_mean(key, keys);
        at(path, line, &format!("no answer is called {key}{hint}"))
    })
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
        let text = "org_id = 12345\n\nbucket = \"b\"\nrefresh_token_env = \"ACME\"\n[tags]\nteam = \"fin\"\n";
        let Ok(File::One(raw)) = read(Path::new("one.toml"), text) else { panic!("a right file") };
        assert_eq!(raw.get("refresh_token_env").map(|given| given.text.as_str()), Some("ACME"));
        assert_eq!(raw.get("org_id").map(|given| given.text.as_str()), Some("12345"));
        assert_eq!(raw.get("bucket").map(|given| given.source.clone()), Some(Source::File("one.toml".into(), 3)));
        assert_eq!(raw.tags[0].text, "team=fin");
    }

    #[test]
    fn every_mistake_names_its_line() {
        for (text, part) in [
            ("org_id = 1\nbuckte = \"b\"", "one.toml:2: no answer is called buckte; did you mean bucket?"),
            ("bukket = \"b\"", "no answer is called bukket; did you mean bucket?"),
            ("tag = \"b\"", "no answer is called tag; did you mean tags?"),
            ("refresh_token = \"x\"", "one.toml:1: a secret does not stand in a file"),
            ("org_id = [1]", "one.toml:1: org_id takes a text"),
            ("tags = 3", "one.toml:1: tags is a table"),
            ("org_id = \"a\n", "one.toml:1:"),
            (
                "org_id = 1\nclient_id = \"x\"",
                "one.toml:2: a secret does not stand in a file: instead of client_id give client_id_env",
            ),
            ("client_secret_env = \"a-b\"", "one.toml:1: client_secret_env takes the name of an environment variable"),
            ("client_secret_env = \"1A\"", "takes the name of an environment variable"),
            (
                "refresh_tokn_env = \"A\"",
                "one.toml:1: no answer is called refresh_tokn_env; did you mean refresh_token_env?",
            ),
        ] {
            let message = message(text);
            assert!(message.contains(part), "{part} missing in {message}");
        }
    }

    #[test]
    fn what_may_be_a_secret_is_not_repeated() {
        assert!(!message("refresh_token_env = \"canary-1.2\"").contains("canary"));
    }
}
