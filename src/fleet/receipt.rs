//! The receipt of a run over many: one JSON document that grows line by line, so that it says who is done even when the
//! run was killed in the middle. Never with a secret.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Tally, Whose, Word};
use crate::error::{Error, Result};
use crate::harmless;
use crate::private_files::{self, state_folder};

/// Where the receipt goes when no place was named: the user's state folder, one for each onboarding file.
pub fn default_path(file: &Path) -> Option<PathBuf> {
    Some(state_folder()?.join(default_name(&std::path::absolute(file).ok()?)?))
}

/// With something of the whole path: files in two folders may have one name.
fn default_name(file: &Path) -> Option<String> {
    let digest = Sha256::digest(file.as_os_str().as_encoded_bytes());
    let hash: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Some(format!("{}-{hash}.fleet.json", file.file_stem()?.to_string_lossy()))
}

/// The receipt being written.
pub struct Writer {
    path: PathBuf,
    file: File,
    results: usize,
}

impl Writer {
    /// Begins it, before the first write to any account: who is about to be written to, and what stands there now.
    /// `before` are those that an earlier run has done.
    ///
    /// # Errors
    /// What the file system answers; nothing was changed in any account then.
    pub fn begin(
        path: &Path,
        onboarding_file: &Path,
        before: &BTreeMap<String, Whose>,
        planned: impl Iterator<Item = Value>,
    ) -> Result<Self> {
        let names: Vec<&String> = before.keys().collect();
        let whose: Vec<Value> = before.iter().map(|(name, whose)| of_one(name, whose)).collect();
        let mut text = format!(
            "{{\"schema_version\":{},\"version\":{},\"file\":{},\"started_at\":{},\"done_before\":{},\"done_before_of\":{},\n\"planned\":[",
            crate::output::json::SCHEMA_VERSION,
            json!(env!("CARGO_PKG_VERSION")),
            json!(onboarding_file.display().to_string()),
            json!(now()),
            json!(names),
            harmless::json_line(&json!(whose)),
        );
        for (at, one) in planned.enumerate() {
            text.push_str(if at == 0 { "\n" } else { ",\n" });
            text.push_str(&harmless::json_line(&one));
        }
        text.push_str("],\n\"onboardings\":[");
        let file = private_files::replace(path, &text).map_err(|error| {
            Error::failed(format!("the receipt could not be written to {}", path.display()))
                .because(error.to_string())
                .remedy("name another place with --receipt; nothing was changed")
        })?;
        Ok(Self { path: path.to_owned(), file, results: 0 })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a result.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn add(&mut self, result: &Value) -> std::io::Result<()> {
        let lead = if self.results == 0 { "\n" } else { ",\n" };
        self.results += 1;
        self.file.write_all(format!("{lead}{}", harmless::json_line(result)).as_bytes())
    }

    /// Ends it.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn end(mut self, tally: &Tally) -> std::io::Result<()> {
        let summary = serde_json::to_string(tally)?;
        self.file.write_all(format!("\n],\n\"summary\":{summary},\"ended_at\":{}}}\n", json!(now())).as_bytes())
    }
}

/// A name, and whose that is.
pub fn of_one(name: &str, whose: &Whose) -> Value {
    let mut one = json!(whose);
    one["name"] = name.into();
    one
}

fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}

/// What a receipt says of each onboarding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Those that are done, in that run or before, and whose they were.
    pub done: BTreeMap<String, Whose>,
    /// Those that are not.
    pub open: BTreeSet<String>,
}

/// Those that an earlier run had done: first only their names were told.
#[derive(Default, Deserialize)]
struct Before {
    #[serde(default)]
    done_before: Vec<String>,
    #[serde(default)]
    done_before_of: Vec<Named>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(flatten)]
    before: Before,
    #[serde(default)]
    planned: Vec<Named>,
    onboardings: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    result: Option<Word>,
    #[serde(flatten)]
    whose: Whose,
    /// Of a result.
    onboarding: Option<Whose>,
}

const GIVE_IT: &str = "give the receipt that apply --file named at its end";

/// Reads a receipt, or the document of `apply --output json` or `jsonl`; of a run that was killed, as far as it came.
///
/// # Errors
/// A usage error for a file that cannot be read or says nothing of any onboarding.
pub fn read(path: &Path) -> Result<Told> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::usage(format!("--only-failed {}: the receipt cannot be read", path.display()))
            .because(error.to_string())
            .remedy(GIVE_IT)
    })?;
    told(&text).ok_or_else(|| {
        Error::usage(format!("--only-failed {}: this is no receipt of a file of many", path.display())).remedy(GIVE_IT)
    })
}

pub(super) fn told(text: &str) -> Option<Told> {
    let (before, named) = match serde_json::from_str::<Document>(text) {
        Ok(document) => (document.before, document.planned.into_iter().chain(document.onboardings).collect()),
        Err(_) => by_lines(text),
    };
    let mut told = Told::default();
    told.done.extend(before.done_before.into_iter().map(|name| (name, Whose::default())));
    told.done.extend(before.done_before_of.into_iter().map(|one| (one.name, one.whose)));
    // The last word about each counts: first it was planned, then it ended.
    let mut last: BTreeMap<String, (Option<Word>, Whose)> = BTreeMap::new();
    for Named { name, result, whose, onboarding } in named {
        let (word, known) = last.entry(name).or_default();
        *word = result;
        *known = onboarding.unwrap_or_default().or(whose).or(std::mem::take(known));
    }
    for (name, (result, whose)) in last {
        if result == Some(Word::Done) {
            told.done.insert(name, whose);
        } else {
            told.done.remove(&name);
            told.open.insert(name);
        }
    }
    (told != Told::default()).then_some(told)
}

/// A receipt that was not ended is no whole document, but every line in it is whole.
fn by_lines(text: &str) -> (Before, Vec<Named>) {
    let first = text.lines().next().unwrap_or_default().trim_end_matches(',');
    let before = serde_json::from_str(&format!("{first}}}")).unwrap_or_default();
    let bare = |line: &str| line.trim().trim_end_matches([',', ']']).to_owned();
    (before, text.lines().filter_map(|line| serde_json::from_str::<Named>(&bare(line)).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Ending;
    use super::*;

    fn names<'a>(all: impl IntoIterator<Item = &'a String>) -> Vec<&'a str> {
        all.into_iter().map(String::as_str).collect()
    }

    fn of(org: &str, account: &str) -> Whose {
        let profile = Some(Some("acme".to_owned()));
        Whose { org_id: Some(org.to_owned()), account_id: Some(account.to_owned()), profile }
    }

    fn write(path: &Path, until: usize) {
        let before = BTreeMap::from([("zero".to_owned(), of("1", "000000000000"))]);
        let planned = ["a", "b", "c"].map(|name| of_one(name, &of("2", "111111111111")));
        let mut receipt = Writer::begin(path, Path::new("fleet.toml"), &before, planned.into_iter()).expect("begun");
        let results = [
            json!({"name": "b", "result": "failed", "x": [1]}),
            json!({"name": "a", "result": "done", "onboarding": {"org_id": "3"}}),
        ];
        results.iter().take(until).for_each(|result| receipt.add(result).expect("added"));
        if until > results.len() {
            let mut tally = Tally::default();
            tally.add(Ending::of(0));
            receipt.end(&tally).expect("ended");
        }
    }

    #[test]
    fn says_who_is_done_wherever_the_run_was_killed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.json");
        for (until, done, open) in [
            (0, &["zero"][..], &["a", "b", "c"][..]),
            (1, &["zero"], &["a", "b", "c"]),
            (2, &["a", "zero"], &["b", "c"]),
            (3, &["a", "zero"], &["b", "c"]),
        ] {
            write(&path, until);
            let told = read(&path).expect("a receipt");
            assert_eq!((names(told.done.keys()), names(&told.open)), (done.to_vec(), open.to_vec()), "{until}");
            assert_eq!(told.done["zero"], of("1", "000000000000"), "as the receipt before said it");
            // The result's own word comes first, and it says nothing of account and profile.
            assert!(told.done.get("a").is_none_or(|whose| *whose == of("3", "111111111111")), "{told:?}");
        }
    }

    #[test]
    fn whole_it_is_one_document() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/r.json");
        write(&path, 3);
        let document: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("read")).expect("JSON");
        assert_eq!(document["onboardings"][1]["name"], "a");
        assert_eq!(document["summary"]["done"], 1);
    }

    #[test]
    fn the_documents_of_apply_are_taken_too_and_nothing_else() {
        let lines = "{\"name\":\"a\",\"result\":\"done\"}\n{\"name\":\"b\",\"result\":\"not-validated\"}\n";
        let told_of = told(lines).expect("lines");
        assert_eq!((names(told_of.done.keys()), names(&told_of.open)), (vec!["a"], vec!["b"]));
        assert!(told("{\"onboardings\":[{\"name\":\"a\",\"result\":\"skipped\"}]}").is_some());
        for nothing in ["", "{}", "not JSON", "{\"schema_version\":1,\"steps\":[]}"] {
            assert_eq!(told(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn files_of_one_name_in_two_folders_have_two_receipts() {
        let name = |path: &str| default_name(Path::new(path)).expect("a file has a name");
        let (one, other) = (name("/prod/fleet.toml"), name("/test/fleet.toml"));
        assert_ne!(one, other);
        assert_eq!(one, name("/prod/fleet.toml"));
        let (stem, rest) = one.split_at(6);
        assert_eq!((stem, rest.len()), ("fleet-", 8 + ".fleet.json".len()), "{one}");
    }

    #[test]
    fn who_is_planned_again_is_not_done_before() {
        let text = "{\"done_before\":[\"a\"],\"planned\":[{\"name\":\"a\"}],\"onboardings\":[]}";
        let told_of = told(text).expect("a receipt");
        assert_eq!((names(told_of.done.keys()), names(&told_of.open)), (vec![], vec!["a"]));
    }
}
