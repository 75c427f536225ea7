//! The user's access key, which is seen once: made, handed over, and deleted again if it could not be handed over.

use std::io::Write as _;
use std::path::Path;

use crate::aws::fault::Fault;
use crate::aws::keys::NewKey;
use crate::error::{Error, Result};
use crate::spec::Onboarding;
use crate::spec::tags::{self, Owner, Tags};
use crate::steps::{World, attach, user};
use crate::wait::{self, Progress};

/// Makes a key for the bill connect and gives it to `register`; when that fails, the key is deleted before the failure
/// is returned. `stale` are keys that nobody has: they go once the new one is registered, so that of two runs at the
/// same time neither deletes what the other one has just registered.
///
/// # Errors
/// What IAM answers, or the failure of `register`; when the key could not be deleted either, the message says so.
pub async fn made_and(
    world: &World,
    onboarding: &Onboarding,
    stale: &[String],
    register: impl AsyncFnOnce(NewKey) -> Result<()>,
) -> Result<()> {
    let user = onboarding.user_name.as_str();
    handed_over(world, user, stale, register).await?;
    delete(world, user, stale).await?;
    mark(world, user, &[(tags::KEY_STATE, tags::SETTLED)]).await
}

/// Makes a key and gives it to `replace`, which puts it in the place of another; then no other key of our user stays but
/// the one a person has in a file. Of two runs at the same time the later one so deletes the earlier one's key, and the
/// earlier one, if it deleted the later one's, finds its own gone and begins again: in the end the one key is registered.
///
/// # Errors
/// As [`made_and`]; a failure when another run always comes in between.
pub async fn made_instead(
    world: &World,
    onboarding: &Onboarding,
    stale: &[String],
    replace: impl AsyncFn(NewKey) -> Result<()>,
) -> Result<()> {
    let user = onboarding.user_name.as_str();
    for _ in 0..ROUNDS {
        let id = handed_over(world, user, stale, &replace).await?;
        delete(world, user, &others(world, onboarding, &id).await?).await?;
        if world.aws.access_keys(user).await?.iter().any(|key| key.id == id) {
            return mark(world, user, &[(tags::KEY_STATE, tags::SETTLED)]).await;
        }
    }
    Err(Error::failed(format!("the new access key of {user} was deleted by somebody as soon as it was registered"))
        .because("another run may be at work on the same account")
        .remedy("let it finish, then run the same command again"))
}

/// How often a key is made again that another run deleted.
const ROUNDS: usize = 4;

/// The keys of our user that neither this run nor a person has; somebody else's user keeps what it has.
async fn others(world: &World, onboarding: &Onboarding, id: &str) -> Result<Vec<String>> {
    let found = world.aws.user(onboarding.user_name.as_str()).await?.unwrap_or_default();
    if found.tags.owner(&onboarding.org_id) != Owner::Ours {
        return Ok(Vec::new());
    }
    let mut others = found.keys_not_handed_over();
    others.retain(|other| other != id);
    Ok(others)
}

/// The new key's id, once `hand_over` has it. From before it is made until the caller says where it went, the user's
/// tag says that it is pending: a run that is killed in between leaves a trace.
async fn handed_over(
    world: &World,
    user: &str,
    stale: &[String],
    hand_over: impl AsyncFnOnce(NewKey) -> Result<()>,
) -> Result<String> {
    let (before, marked) =
        tokio::join!(known_keys(world, user), mark(world, user, &[(tags::KEY_STATE, tags::PENDING)]));
    let (before, ()) = (before?, marked?);
    // IAM allows two keys: one of those that nobody has makes room.
    let room = if before.len() < 2 { &[] } else { &stale[..stale.len().min(1)] };
    delete(world, user, room).await?;
    let key = make(world, user, &before).await?;
    let id = key.id.clone();
    match hand_over(key).await {
        Ok(()) => Ok(id),
        Err(error) => match world.aws.delete_access_key(user, &id).await {
            Ok(()) => Err(error),
            Err(fault) => Err(error.remedy(format!("the access key {id} was made and could not be deleted ({}): delete it with aws iam delete-access-key --user-name {user} --access-key-id {id}", fault.message))),
        },
    }
}

/// Deletes keys whose secret part nobody has.
async fn delete(world: &World, user: &str, ids: &[String]) -> Result<()> {
    for id in ids {
        world.aws.delete_access_key(user, id).await?;
    }
    Ok(())
}

/// Says on the user how its key stands; the user may have been made a moment ago.
async fn mark(world: &World, user: &str, pairs: &[(&str, &str)]) -> Result<()> {
    let tags = Tags::found(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    attach::once_visible(world, async || world.aws.tag_user(user, &tags).await).await
}

/// Makes a key and writes it to a new file that only its owner can read from the start; `stale` ones, which a run that
/// was killed left without a file, go afterwards.
///
/// # Errors
/// What IAM answers; a refusal when the file exists; what the file system answers, the key then being deleted.
pub async fn to_file(world: &World, onboarding: &Onboarding, path: &Path, stale: &[String]) -> Result<()> {
    user::check_key_file(path)?;
    let user = onboarding.user_name.as_str();
    let id = handed_over(world, user, stale, async |key: NewKey| write_new(path, &key)).await?;
    in_file(world, onboarding, &id, stale).await
}

/// Deletes the `stale` keys and says on the user that a person has this one in a file: no later run takes it for one
/// that nobody has.
///
/// # Errors
/// What IAM answers.
pub async fn in_file(world: &World, onboarding: &Onboarding, id: &str, stale: &[String]) -> Result<()> {
    delete(world, onboarding.user_name.as_str(), stale).await?;
    let pairs = [(tags::HANDED_OVER, id), (tags::KEY_STATE, tags::SETTLED)];
    mark(world, onboarding.user_name.as_str(), &pairs).await
}

/// The id of the access key in a file that [`to_file`] wrote; `None` for a file of anything else.
pub fn id_in(text: &str) -> Option<String> {
    text.lines().find_map(|line| line.strip_prefix("aws_access_key_id = ")).map(str::to_owned)
}

/// Makes a key. A lost answer may have made one whose secret nobody has: that one is found by comparing, deleted,
/// and another is made.
async fn make(world: &World, user: &str, before: &[String]) -> Result<NewKey> {
    let answer = wait::until(&world.stop, world.patience, || async {
        match world.aws.create_access_key(user).await {
            Ok(key) => Progress::Done(Ok(key)),
            Err(fault) if fault.is("NoSuchEntity") => Progress::NotYet(fault),
            Err(fault) if fault.is_open() => match forget_new(world, user, before).await {
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
