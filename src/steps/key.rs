//! The user's access key, which is seen once: made, handed over, and deleted again if it could not be handed over.

use std::io::Write as _;
use std::path::Path;

use crate::aws::fault::Fault;
use crate::aws::keys::NewKey;
use crate::error::{Error, Result};
use crate::spec::Onboarding;
use crate::spec::tags::{self, Tags};
use crate::steps::{World, user};
use crate::wait::{self, Progress};

/// Makes a key and gives it to `hand_over`; when that fails, the key is deleted before the failure is returned.
///
/// # Errors
/// What IAM answers, or the failure of `hand_over`; when the key could not be deleted either, the message says so.
pub async fn made_and<T>(
    world: &World,
    onboarding: &Onboarding,
    hand_over: impl AsyncFnOnce(NewKey) -> Result<T>,
) -> Result<T> {
    let user = onboarding.user_name.as_str();
    let key = make(world, user).await?;
    let id = key.id.clone();
    match hand_over(key).await {
        Ok(value) => Ok(value),
        Err(error) => match world.aws.delete_access_key(user, &id).await {
            Ok(()) => Err(error),
            Err(fault) => Err(error.remedy(format!("the access key {id} was made and could not be deleted ({}): delete it with aws iam delete-access-key --user-name {user} --access-key-id {id}", fault.message))),
        },
    }
}

/// Deletes keys whose secret part nobody has.
///
/// # Errors
/// What IAM answers.
pub async fn delete_stale(world: &World, user: &str, ids: &[String]) -> Result<()> {
    for id in ids {
        world.aws.delete_access_key(user, id).await?;
    }
    Ok(())
}

/// Makes a key and writes it to a new file that only its owner can read from the start.
///
/// # Errors
/// What IAM answers; a refusal when the file exists; what the file system answers, the key then being deleted.
pub async fn to_file(world: &World, onboarding: &Onboarding, path: &Path) -> Result<()> {
    user::check_key_file(path)?;
    made_and(world, onboarding, async |key: NewKey| {
        write_new(path, &key)?;
        // From now on a person has it: the tag keeps a later run from taking it for one that nobody has.
        let handed_over = Tags::found([(tags::HANDED_OVER.to_owned(), key.id.clone())]);
        let tagged = world.aws.tag_user(onboarding.user_name.as_str(), &handed_over).await;
        if tagged.is_err() {
            // The key is deleted right after, and a file with a dead key would mislead; if it stays, the error says so.
            let _ = std::fs::remove_file(path);
        }
        Ok(tagged?)
    })
    .await
}

/// Makes a key. A lost answer may have made one whose secret nobody has: that one is found by comparing, deleted,
/// and another is made.
async fn make(world: &World, user: &str) -> Result<NewKey> {
    let before = known_keys(world, user).await?;
    let answer = wait::until(&world.stop, world.patience, || async {
        match world.aws.create_access_key(user).await {
            Ok(key) => Progress::Done(Ok(key)),
            Err(fault) if fault.is("NoSuchEntity") => Progress::NotYet(fault),
            Err(fault) if may_have_happened(&fault) => match forget_new(world, user, &before).await {
                Ok(()) => Progress::NotYet(fault),
                Err(error) => Progress::Done(Err(error)),
            },
            Err(fault) => Progress::Done(Err(refused_by_iam(fault, user))),
        }
    })
    .await?;
    answer.map_err(Error::from)?
}

async fn known_keys(world: &World, user: &str) -> Result<Vec<String>> {
    let keys = wait::until(&world.stop, world.patience, || async {
        match world.aws.access_keys(user).await {
            Err(fault) if fault.is("NoSuchEntity") => Progress::NotYet(fault),
            other => Progress::Done(other),
        }
    })
    .await?;
    Ok(keys.map_err(Error::from)??.into_iter().map(|key| key.id).collect())
}

async fn forget_new(world: &World, user: &str, before: &[String]) -> Result<()> {
    for key in world.aws.access_keys(user).await? {
        if !before.contains(&key.id) {
            world.aws.delete_access_key(user, &key.id).await?;
        }
    }
    Ok(())
}

/// No answer, or an answer that says nothing of the request's fate.
fn may_have_happened(fault: &Fault) -> bool {
    fault.status.is_none_or(|status| status >= 500)
        || (fault.code.is_none() && fault.status == Some(200))
        || fault.is_any(&["Throttling", "ServiceUnavailable"])
}

fn refused_by_iam(fault: Fault, user: &str) -> Error {
    if fault.is("LimitExceeded") {
        return Error::refused(format!("the user {user} has two access keys already, and IAM allows no third")).because(fault.message).remedy(format!(
            "delete one that is not used (aws iam list-access-keys --user-name {user}), then run the same command again"
        ));
    }
    fault.into()
}

/// A new file or none: neither a file that is there nor a link, wherever it points, is written through. On Unix it is its
/// owner's alone from its first moment, whatever the umask; on Windows it has the rights of its folder.
fn write_new(path: &Path, key: &NewKey) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::failed(format!("the access key could not be written to {}", path.display()))
            .because(error.to_string())
            .remedy("the key was deleted again; name a file in a folder you may write to")
    };
    let before = format!("[default]\naws_access_key_id = {}\naws_secret_access_key = ", key.id);
    let text = key.secret.between(&before, "\n");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}
