//! No secret comes out, whatever is tested: everything that a run prints or writes is searched for every secret that it
//! was given or could be handed. How much was searched stands in [`LEDGER`].

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use optima_onboard::sandbox::{ACCESS_TOKEN, CLIENT_SECRET, REFRESH_TOKEN, SECRET_ACCESS_KEY};
use url::form_urlencoded::byte_serialize;

use super::schemas;

/// A line for each search: how many outputs and files, and how many bytes.
const LEDGER: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/searched-for-secrets");

/// The variables that hold a secret.
const VARIABLES: [&str; 5] = [
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "OPTIMA_ACCESS_TOKEN",
    "OPTIMA_CLIENT_SECRET",
    "OPTIMA_REFRESH_TOKEN",
];

/// The sandbox's own secrets, and the beginnings of what it hands out and of what tests make up.
const KNOWN: [&str; 8] = [
    REFRESH_TOKEN,
    ACCESS_TOKEN,
    CLIENT_SECRET,
    SECRET_ACCESS_KEY,
    "sandbox/secret/",
    "sandbox/session/secret/",
    "sandbox-session-token-",
    "canary-",
];

/// A shorter one could stand in an ordinary word.
const SHORTEST: usize = 12;

/// The file that the wizard offers for an access key, and the one for a rehearsal's.
const OFFERED_KEY_FILES: [&str; 2] = ["flexera-access-key", "rehearsal-access-key"];

/// What is looked for in one run, and where it may stand.
pub struct Watch {
    secrets: Vec<String>,
    home: PathBuf,
    /// Files that the test put there before the run are the test's own, unless the run changes them.
    before: BTreeMap<PathBuf, Vec<u8>>,
    key_file: PathBuf,
    receipt: Option<PathBuf>,
    /// `token` prints the bearer, `sandbox` the environment: what was asked for, on stdout alone.
    prints_secrets: bool,
}

impl Watch {
    /// Over a run that is about to begin in `home`.
    pub fn over(command: &Command, home: &Path) -> Self {
        let given = command.get_envs().filter_map(|(name, value)| Some((name.to_str()?, value?.to_str()?)));
        let given = given.filter(|(name, value)| VARIABLES.contains(name) && value.trim().len() >= SHORTEST);
        let mut secrets: Vec<String> = given.map(|(_, value)| value.trim().to_owned()).collect();
        secrets.extend(KNOWN.map(str::to_owned));
        // As a form or a path would spell it.
        let encoded: Vec<String> = secrets.iter().map(|secret| byte_serialize(secret.as_bytes()).collect()).collect();
        secrets.extend(encoded);
        secrets.sort();
        secrets.dedup();
        let words: Vec<&str> = command.get_args().filter_map(|word| word.to_str()).collect();
        let named = |flag: &str| words.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1]);
        Self {
            secrets,
            home: home.to_owned(),
            before: files(home),
            key_file: home.join(
                named("--access-key-file").unwrap_or(OFFERED_KEY_FILES[usize::from(words.contains(&"--sandbox"))]),
            ),
            receipt: named("--receipt").map(|receipt| home.join(receipt)),
            prints_secrets: matches!(words.first(), Some(&"token" | &"sandbox")),
        }
    }

    /// Searches what the run printed and every file that it left or changed; a receipt among them is held against its
    /// schema.
    #[track_caller]
    pub fn search(&self, stdout: &[u8], others: &[(&str, &[u8])]) {
        let mut searched = Searched::default();
        if !self.prints_secrets {
            self.look(&mut searched, "stdout", stdout);
        }
        for (name, bytes) in others {
            self.look(&mut searched, name, bytes);
        }
        for (path, bytes) in files(&self.home) {
            if self.before.get(&path) == Some(&bytes) {
                continue;
            }
            if self.is_receipt(&path) {
                schemas::check_receipt(&path, &bytes);
            }
            if path == self.key_file {
                only_its_owner_s(&path);
            } else {
                self.look(&mut searched, &path.display().to_string(), &bytes);
            }
        }
        searched.write_down();
    }

    /// Where a person asked for it, or where it goes by itself.
    fn is_receipt(&self, path: &Path) -> bool {
        let state = self.home.join(".local/state/optima-onboard");
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        self.receipt.as_deref() == Some(path) || (is_json && path.starts_with(state))
    }

    #[track_caller]
    fn look(&self, searched: &mut Searched, place: &str, bytes: &[u8]) {
        look_for(self.secrets.iter().map(String::as_str), place, bytes);
        searched.outputs += 1;
        searched.bytes += bytes.len();
    }
}

/// Searches something that a sandbox shows of itself.
#[track_caller]
pub fn search_shown(place: &str, text: &str) {
    look_for(KNOWN.into_iter(), place, text.as_bytes());
    Searched { outputs: 1, bytes: text.len() }.write_down();
}

#[track_caller]
fn look_for<'a>(secrets: impl Iterator<Item = &'a str>, place: &str, bytes: &[u8]) {
    for secret in secrets {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "the secret {secret} stands in {place}:\n{}", String::from_utf8_lossy(bytes));
    }
}

#[derive(Default)]
struct Searched {
    outputs: usize,
    bytes: usize,
}

impl Searched {
    /// In one write, so that tests side by side do not mix their lines.
    fn write_down(&self) {
        let line = format!("{} {}\n", self.outputs, self.bytes);
        let ledger = OpenOptions::new().create(true).append(true).open(LEDGER);
        ledger.and_then(|mut ledger| ledger.write_all(line.as_bytes())).expect("the ledger takes a line");
    }
}

fn only_its_owner_s(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).expect("the key's file").permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "others can read {}: {mode:o}", path.display());
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Every file below a folder, with what is in it; a link or a pipe is none.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type());
            match kind {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() => {
                    let bytes = std::fs::read(&path).unwrap_or_default();
                    found.insert(path, bytes);
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
#[should_panic(expected = "stands in stderr")]
fn a_secret_that_came_out_is_found() {
    let home = tempfile::tempdir().expect("a home");
    let mut command = Command::new("any");
    command.env("OPTIMA_REFRESH_TOKEN", "made/up for+this test");
    Watch::over(&command, home.path()).search(b"", &[("stderr", b"form: made%2Fup+for%2Bthis+test")]);
}

#[test]
#[should_panic(expected = "receipt.json")]
fn a_secret_that_was_written_is_found_unless_the_test_wrote_it() {
    let home = tempfile::tempdir().expect("a home");
    let write = |name: &str| std::fs::write(home.path().join(name), REFRESH_TOKEN).expect("written");
    write("token");
    let watch = Watch::over(&Command::new("any"), home.path());
    watch.search(b"", &[]);
    write("receipt.json");
    watch.search(b"", &[]);
}
