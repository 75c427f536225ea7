//! Files that are their owner's alone from their first moment: where those that outlive a run are kept, and how any of
//! them is written. On Windows they have the rights of their folder.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

/// Where this program keeps what outlives a run, for this user; `None` where the system has no place for it.
pub fn state_folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join("optima-onboard"))
}

/// Writes `text` in place of what stands at `path`, which is then whole or as it was before; makes the folder where there
/// is none. The file stays open for who adds to it.
///
/// # Errors
/// What the file system answers.
pub fn replace(path: &Path, text: &str) -> io::Result<File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // A name that nobody can guess, so that no link of somebody else's is written through.
    let mut beside = tempfile::Builder::new().prefix(".optima-onboard-").tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    Ok(beside.persist(path)?)
}

/// A new file or none: neither a file that is there nor a link, wherever it points, is written through.
///
/// # Errors
/// What the file system answers.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_is_whole_and_can_be_added_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/file");
        replace(&path, "a long text of before").expect("written, its folder too");
        replace(&path, "new").expect("written").write_all(b" and more").expect("added");
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "new and more");
        assert_eq!(std::fs::read_dir(path.parent().expect("a folder")).expect("read").count(), 1, "nothing beside it");
    }

    #[cfg(unix)]
    #[test]
    fn each_is_its_owners_alone_and_no_link_is_written_through() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("theirs"), "theirs").expect("written");
        for link in ["replaced", "new"] {
            symlink(at("theirs"), at(link)).expect("linked");
        }
        replace(&at("replaced"), "ours").expect("the link gives way");
        create_new(&at("new")).expect_err("the link is in the way");
        assert_eq!(std::fs::read_to_string(at("theirs")).expect("there"), "theirs");
        std::fs::remove_file(at("new")).expect("removed");
        create_new(&at("new")).expect("made");
        for file in ["replaced", "new"] {
            let mode = std::fs::metadata(at(file)).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }
}
