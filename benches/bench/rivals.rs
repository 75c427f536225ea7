//! The same job otherwise: as an AWS CLI script with curl, and as a sequential boto3 script. Installed once under
//! `target/`, from pinned requirements.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// The folder with `aws` and `python`, made first if it is not there.
pub fn programs(target: &Path) -> PathBuf {
    let folder = target.join("bench-rivals");
    let stamp = folder.join("made-from.txt");
    // Written last and compared whole: other pins and an interrupted installation start anew.
    if !fs::read_to_string(&stamp).is_ok_and(|text| text == REQUIREMENTS) {
        let _ = fs::remove_dir_all(&folder);
        println!("Installing the AWS CLI and boto3 under {}, once.", folder.display());
        done(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        let pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r"];
        done(Command::new(folder.join("bin/python")).args(pip).arg(source("requirements.txt")));
        fs::write(&stamp, REQUIREMENTS).expect("target/ can be written to");
    }
    folder.join("bin")
}

/// A file beside this program's own.
pub fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(name)
}

fn done(command: &mut Command) {
    let status =
        command.status().unwrap_or_else(|error| panic!("{command:?}: {error}; the bench needs python3 with venv"));
    assert!(status.success(), "{command:?}: {status}");
}
