//! The receipt of a run over many: one JSON document that grows line by line, so that it says who is done even when the
//! run was killed in the middle. Never with a secret.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Tally, Word};
use crate::error::{Error, Result};
use crate::harmless;

/// Where the receipt goes when no place was named: the user's state folder, one for each onboarding file's name.
pub fn default_path(file: &Path) -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    let folder = base.state_dir().unwrap_or_else(|| base.data_dir());
    let name = file.file_stem()?.to_string_lossy().into_owned();
    Some(folder.join("optima-onboard").join(format!("{name}.fleet.json")))
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
        before: &BTreeSet<String>,
        planned: impl Iterator<Item = Value>,
    ) -> Result<Self> {
        let failed = |error: std::io::Error| {
            Error::failed(format!("the receipt could not be written to {}", path.display()))
                .because(error.to_string())
                .remedy("name another place with --receipt; nothing was changed")
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut text = format!(
            "{{\"schema_version\":{},\"version\":{},\"file\":{},\"started_at\":{},\"done_before\":{},\n\"planned\":[",
            crate::output::json::SCHEMA_VERSION,
            json!(env!("CARGO_PKG_VERSION")),
            json!(onboarding_file.display().to_string()),
            json!(now()),
            json!(before),
        );
        for (at, one) in planned.enumerate() {
            text.push_str(if at == 0 { "\n" } else { ",\n" });
            text.push_str(&harmless::json_line(&one));
        }
        text.push_str("],\n\"onboardings\":[");
        // A name that nobody can guess, so that no link of somebody else's is written through; its owner's alone.
        let mut beside = tempfile::Builder::new().prefix(".receipt-").tempfile_in(folder).map_err(failed)?;
        beside.write_all(text.as_bytes()).map_err(failed)?;
        let file = beside.persist(path).map_err(|error| failed(error.error))?;
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

fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}

/// What a receipt says of each onboarding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Those that are done, in that run or before.
    pub done: BTreeSet<String>,
    /// Those that are not.
    pub open: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    done_before: Vec<String>,
    #[serde(default)]
    planned: Vec<Named>,
    onboardings: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    result: Option<Word>,
}

/// Reads a receipt, or the document of `apply --output json` or `jsonl`; of a run that was killed, as far as it came.
///
/// # Errors
/// A usage error for a file that cannot be read or says nothing of any onboarding.
pub fn read(path: &Path) -> Result<Told> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::usage(format!("--only-failed {}: the receipt cannot be read", path.display())).because(error.to_string())
    })?;
    told(&text).ok_or_else(|| {
        Error::usage(format!("--only-failed {}: this is no receipt of a file of many", path.display()))
            .remedy("give the receipt that apply --file named at its end")
    })
}

pub(super) fn told(text: &str) -> Option<Told> {
    let (before, named) = match serde_json::from_str::<Document>(text) {
        Ok(document) => (document.done_before, document.planned.into_iter().chain(document.onboardings).collect()),
        Err(_) => by_lines(text),
    };
    if named.is_empty() && before.is_empty() {
        return None;
    }
    // The last word about each counts: first it was planned, then it ended.
    let last: BTreeMap<String, Option<Word>> = named.into_iter().map(|one| (one.name, one.result)).collect();
    let mut told = Told { done: before.into_iter().collect(), open: BTreeSet::new() };
    for (name, result) in last {
        if result == Some(Word::Done) {
            told.done.insert(name)
        } else {
            told.open.insert(name)
        };
    }
    Some(told)
}

/// A receipt that was not ended is no whole document, but every line in it is whole.
fn by_lines(text: &str) -> (Vec<String>, Vec<Named>) {
    #[derive(Deserialize)]
    struct Head {
        done_before: Vec<String>,
    }
    let first = text.lines().next().unwrap_or_default().trim_end_matches(',');
    let head: Option<Head> = serde_json::from_str(&format!("{first}}}")).ok();
    let bare = |line: &str| line.trim().trim_end_matches([',', ']']).to_owned();
    let named = text.lines().filter_map(|line| serde_json::from_str::<Named>(&bare(line)).ok());
    (head.map(|head| head.done_before).unwrap_or_default(), named.collect())
}

#[cfg(test)]
mod tests {
    use super::super::Ending;
    use super::*;

    fn names(all: &BTreeSet<String>) -> Vec<&str> {
        all.iter().map(String::as_str).collect()
    }

    fn write(path: &Path, until: usize) {
        let before = BTreeSet::from(["zero".to_owned()]);
        let planned = ["a", "b", "c"].map(|name| json!({ "name": name, "bucket_policy_before": null }));
        let mut receipt = Writer::begin(path, Path::new("fleet.toml"), &before, planned.into_iter()).expect("begun");
        let results = [json!({"name": "b", "result": "failed", "x": [1]}), json!({"name": "a", "result": "done"})];
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
            assert_eq!((names(&told.done), names(&told.open)), (done.to_vec(), open.to_vec()), "{until}");
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
        assert_eq!((names(&told_of.done), names(&told_of.open)), (vec!["a"], vec!["b"]));
        assert!(told("{\"onboardings\":[{\"name\":\"a\",\"result\":\"skipped\"}]}").is_some());
        for nothing in ["", "{}", "not JSON", "{\"schema_version\":1,\"steps\":[]}"] {
            assert_eq!(told(nothing), None, "{nothing}");
        }
    }
}
