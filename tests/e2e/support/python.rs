//! The Python environment of the independent AWS servers: made once under `target/`, from pinned requirements.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("../requirements.txt");

const WHAT_TO_INSTALL: &str = "the tests against independent AWS servers need python3 (3.11 or newer) with venv and pip \
    (Debian and Ubuntu: apt install python3-venv), and PyPI or a mirror of it (PIP_INDEX_URL)";

/// The path of a program of the environment, which is made first if it is not there.
pub fn program(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(environment).join("bin").join(name)
}

/// Beside the build's other results, so that `cargo clean` removes it and a cache of `target/` keeps it.
fn environment() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder for tests' files is in target/");
    let folder = target.join("independent-servers");
    let lock = File::create(target.join("independent-servers.lock")).expect("target/ can be written to");
    // Another test process may be making it; the lock goes with the file.
    lock.lock().expect("a file lock");
    // Written last and compared whole: other pins, another Python and an interrupted installation all start anew.
    let stamp = folder.join("made-from.txt");
    let made_from = format!("{}\n{REQUIREMENTS}", run(Command::new("python3").arg("--version")).trim());
    if fs::read_to_string(&stamp).is_ok_and(|text| text == made_from) {
        return folder;
    }
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{}: {error}", folder.display()),
        _ => {}
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/requirements.txt");
    let mut pip = Command::new(folder.join("bin/python"));
    run(pip
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
        ])
        .arg(requirements));
    fs::write(&stamp, made_from).expect("the stamp");
    folder
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}\n{WHAT_TO_INSTALL}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{stdout}{stderr}\n{WHAT_TO_INSTALL}", output.status);
    stdout
}
