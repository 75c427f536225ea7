//! A file of many: `[[onboarding]]` once for each, and `[defaults]` for what they share.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{Entry, Page, scalar};
use crate::error::Result;
use crate::harmless;
use crate::spec::answers::Raw;
use crate::spec::fields::CREDENTIAL_KEYS;

const ONBOARDING: &str = "onboarding";
const DEFAULTS: &str = "defaults";
const NAME: &str = "name";
/// Longer ones would not fit a line of the plan.
const LONGEST_NAME: usize = 64;

/// Whether the file is one of many.
pub(super) fn is(top: &DeTable<'_>) -> bool {
    [ONBOARDING, DEFAULTS].iter().any(|key| top.contains_key(*key))
}

/// Every onboarding, filled with the defaults.
pub(super) fn read(page: &Page<'_>, top: &DeTable<'_>) -> Result<Vec<Entry>> {
    let mut defaults = Raw::default();
    let mut found = Vec::new();
    for (key, value) in top {
        let line = page.line(key.span().start);
        match (key.get_ref().as_ref(), value.get_ref()) {
            (DEFAULTS, DeValue::Table(table)) => defaults = shared(page, table)?,
            (DEFAULTS, _) => return Err(page.error(line, "defaults is a table: [defaults] with key = value lines")),
            (ONBOARDING, DeValue::Array(tables)) => {
                for table in tables {
                    let line = page.line(table.span().start);
                    let DeValue::Table(answers) = table.get_ref() else {
                        return Err(page.error(line, "each onboarding is a table: [[onboarding]]"));
                    };
                    found.push((line, entry(page, line, answers)?));
                }
            }
            (ONBOARDING, _) => {
                return Err(page.error(line, "each onboarding begins with [[onboarding]], in two brackets"));
            }
            (other, _) => {
                let what = format!("in a file of many, {other} stands in an [[onboarding]] or under [defaults]");
                return Err(page.error(line, &what));
            }
        }
    }
    if found.is_empty() {
        return Err(page.error(1, "the file has no [[onboarding]]"));
    }
    unique(page, &found)?;
    Ok(found.into_iter().map(|(_, entry)| filled(entry, &defaults)).collect())
}

/// What all share; a name is nobody else's.
fn shared(page: &Page<'_>, table: &DeTable<'_>) -> Result<Raw> {
    if let Some((key, _)) = table.get_key_value(NAME) {
        return Err(page.error(page.line(key.span().start), "a name belongs to one onboarding, not under [defaults]"));
    }
    page.answers(table, &[])
}

fn entry(page: &Page<'_>, line: usize, table: &DeTable<'_>) -> Result<Entry> {
    let raw = page.answers(table, &[NAME])?;
    let Some((key, value)) = table.get_key_value(NAME) else {
        return Err(page.error(line, "this onboarding has no name; each needs one of its own"));
    };
    let line = page.line(key.span().start);
    let name = scalar(value.get_ref()).ok_or_else(|| page.error(line, "name takes a text"))?;
    // It stands in one line of the plan, of the progress and of the receipt.
    let fits = !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(harmless::acts);
    if !fits {
        let what = format!("a name has 1 to {LONGEST_NAME} characters, on one line");
        return Err(page.error(line, &what));
    }
    Ok(Entry { name, raw })
}

fn unique(page: &Page<'_>, found: &[(usize, Entry)]) -> Result<()> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (line, entry) in found {
        if let Some(first) = known.insert(&entry.name, *line) {
            let what = format!("the name {:?} is taken by the onboarding at line {first}", entry.name);
            return Err(page.error(*line, &what));
        }
    }
    Ok(())
}

/// Who says whose credential it is takes no part of it from the defaults: two halves of two would be nobody's.
fn filled(mut entry: Entry, defaults: &Raw) -> Entry {
    let mut rest = defaults.clone();
    if CREDENTIAL_KEYS.iter().any(|key| entry.raw.get(key).is_some()) {
        CREDENTIAL_KEYS.iter().for_each(|key| rest.forget(key));
    }
    entry.raw.fill_from(rest);
    entry
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{File, read};
    use super::*;
    use crate::spec::answers::Source;

    fn many(text: &str) -> Vec<Entry> {
        match read(Path::new("fleet.toml"), text) {
            Ok(File::Many(entries)) => entries,
            other => panic!("not a file of many: {other:?}"),
        }
    }

    fn text<'a>(entry: &'a Entry, key: &str) -> Option<&'a str> {
        entry.raw.get(key).map(|given| given.text.as_str())
    }

    #[test]
    fn each_has_its_own_answers_and_the_defaults_behind_them() {
        let entries = many(
            "[defaults]\nprefix = \"cur\"\nrefresh_token_env = \"ALL\"\ntags = { team = \"fin\", env = \"p\" }\n\
             [[onboarding]]\nname = \"a\"\norg_id = 1\n[[onboarding]]\nname = \"b\"\nprefix = \"own\"\n\
             client_id_env = \"I\"\nclient_secret_env = \"S\"\n[onboarding.tags]\nteam = \"ops\"\n",
        );
        assert_eq!(entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((text(&entries[0], "prefix"), text(&entries[0], "refresh_token_env")), (Some("cur"), Some("ALL")));
        assert_eq!(text(&entries[1], "prefix"), Some("own"));
        assert_eq!(text(&entries[1], "refresh_token_env"), None, "who has a client takes no token of the defaults");
        let tags: Vec<&str> = entries[1].raw.tags.iter().map(|given| given.text.as_str()).collect();
        assert_eq!(tags, ["team=ops", "env=p"]);
        let place = entries[0].raw.get("prefix").map(|given| given.source.clone());
        assert_eq!(place, Some(Source::File("fleet.toml".into(), 2)), "a default is named with its own line");
    }

    #[test]
    fn every_mistake_names_its_line() {
        for (text, part) in [
            ("[[onboarding]]\nname = \"a\"\nbuckte = \"b\"", "fleet.toml:3: no answer is called buckte"),
            ("[[onboarding]]\nname = \"a\"\nrefresh_token = \"b\"", "fleet.toml:3: a secret does not stand in a file"),
            ("[[onboarding]]\norg_id = 1", "fleet.toml:1: this onboarding has no name"),
            ("[[onboarding]]\nname = \" \"", "fleet.toml:2: a name has 1 to 64"),
            ("[[onboarding]]\nname = [1]", "fleet.toml:2: name takes a text"),
            (
                "[[onboarding]]\nname = \"a\"\n\n[[onboarding]]\nname = \"a\"",
                "fleet.toml:4: the name \"a\" is taken by the onboarding at line 1",
            ),
            ("org_id = 1\n[[onboarding]]\nname = \"a\"", "fleet.toml:1: in a file of many, org_id stands in"),
            ("[onboarding]\nname = \"a\"", "fleet.toml:1: each onboarding begins with [[onboarding]]"),
            ("onboarding = []", "the file has no [[onboarding]]"),
            ("[defaults]\nprefix = \"a\"", "the file has no [[onboarding]]"),
            ("[defaults]\nname = \"a\"", "fleet.toml:2: a name belongs to one onboarding"),
            ("[defaults]\nzoen = \"eu\"\n[[onboarding]]\nname = \"a\"", "fleet.toml:2: no answer is called zoen"),
            ("onboarding = [1]", "fleet.toml:1: each onboarding is a table"),
        ] {
            let message = read(Path::new("fleet.toml"), text).expect_err(text).message;
            assert!(message.contains(part), "{part} missing in {message}");
        }
    }
}
