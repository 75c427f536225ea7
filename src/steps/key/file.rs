//! An access key in a file, for who registers it by hand: written once, to a new file that only its owner can read.

use std::io::Write as _;
use std::path::Path;

use crate::aws::keys::NewKey;
use crate::error::{Command, Error, Result};
use crate::private_files;
use crate::spec::Onboarding;
use crate::steps::World;
use crate::steps::key::Holder;

/// Makes a key and writes it to a new file that only its owner can read from the start; `stale` ones, which a run that
/// was killed left without a file, go afterwards.
///
/// # Errors
/// What IAM answers; a refusal when the file exists; what the file system answers, the key then being deleted.
pub async fn to_file(world: &World, onboarding: &Onboarding, path: &Path, stale: &[String]) -> Result<()> {
    check_free(path)?;
    let holder = Holder::found(world, onboarding).await?;
    let id = holder.handed_over(stale, async |key: NewKey| write_new(path, &key)).await?;
    said(&holder, &id, stale).await
}

/// Deletes the `stale` keys and says on the user that a person has this one in a file: no later run takes it for one
/// that nobody has.
///
/// # Errors
/// What IAM answers.
pub async fn in_file(world: &World, onboarding: &Onboarding, id: &str, stale: &[String]) -> Result<()> {
    said(&Holder::found(world, onboarding).await?, id, stale).await
}

/// No file of [`to_file`] is longer.
pub const MOST_BYTES: u64 = 4096;

const ID: &str = "aws_access_key_id = ";
const SECRET: &str = "aws_secret_access_key = ";

/// The id of the access key in a file that [`to_file`] wrote; `None` for a file of anything else, and for one of which only
/// a part was written: without its secret part a key is nobody's.
pub fn id_in(text: &str) -> Option<String> {
    let line = |begin: &str| text.lines().find_map(|line| line.strip_prefix(begin));
    let is_whole = text.ends_with('\n') && line(SECRET).is_some_and(|secret| !secret.is_empty());
    line(ID).filter(|_| is_whole).map(str::to_owned)
}

async fn said(holder: &Holder<'_>, id: &str, stale: &[String]) -> Result<()> {
    holder.delete_stale(stale).await?;
    holder.mark_in_file(id).await
}

/// Whether a key can be written there; asked before a key is made.
fn check_free(path: &Path) -> Result<()> {
    // A link that points nowhere is there too.
    if path.symlink_metadata().is_ok() {
        return Err(Error::refused(format!("{} exists", path.display()))
            .because("an access key is written only to a new file")
            .remedy("move this one away, or name another file with --access-key-file")
            .typing(Command::with_key_beside(path)));
    }
    Ok(())
}

/// A new file or none; no part of it is left.
fn write_new(path: &Path, key: &NewKey) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::failed(format!("the access key could not be written to {}", path.display()))
            .because(error.to_string())
            .remedy("see that a new file may be written there, or name another place with --access-key-file")
            .typing(Command::with_key_elsewhere(path))
    };
    let before = format!("[default]\n{ID}{}\n{SECRET}", key.id);
    let text = key.secret.between(&before, "\n");
    let mut file = private_files::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        // A part of it helps nobody, and would be in the way of the next run. It is ours: made new above.
        let left = std::fs::remove_file(path).err();
        let error = failed(error);
        if left.is_some() {
            error.remedy(format!("remove {}, which holds a part of it", path.display()))
        } else {
            error
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_in_a_file_only_if_it_is_there_to_its_last_letter() {
        let whole = "[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = canary-half\n";
        assert_eq!(id_in(whole).as_deref(), Some("AKIAEXAMPLE"));
        for cut in 0..whole.len() {
            assert_eq!(id_in(&whole[..cut]), None, "{:?}", &whole[..cut]);
        }
        assert_eq!(id_in("[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = \n"), None);
    }
}
