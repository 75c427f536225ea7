//! Making the key: the one request that must not be sent twice.

use crate::aws::fault::Fault;
use crate::aws::keys::NewKey;
use crate::error::{Error, Result};
use crate::spec::tags::{HANDED_OVER, Owner};
use crate::steps::key::Holder;
use crate::wait::{self, Progress};

/// Makes a key. A lost answer may have made one whose secret nobody has: that one is found by comparing, deleted, and
/// another is made.
///
/// # Errors
/// What IAM answers; a refusal when the user has two keys, or when it is somebody else's and may have got one whose secret
/// nobody has.
pub(super) async fn key(holder: &Holder<'_>) -> Result<NewKey> {
    let (world, user) = (holder.world, holder.name);
    let answer = wait::until(&world.stop, world.patience, || async {
        match world.aws.create_access_key(user).await {
            Ok(key) => Progress::Done(Ok(key)),
            Err(fault) if fault.is("NoSuchEntity") => Progress::NotYet(fault),
            Err(fault) if fault.is_open() => match forget_new(holder).await {
                Ok(()) => Progress::NotYet(fault),
                Err(error) => Progress::Done(Err(error)),
            },
            Err(fault) => Progress::Done(Err(refused_by_iam(fault, user))),
        }
    })
    .await?;
    answer.map_err(Error::from)?
}

/// Of our own user, what is new is a run's, and is this run's unless another one says that it hands it over. What is new
/// of somebody else's user may be somebody else's.
async fn forget_new(holder: &Holder<'_>) -> Result<()> {
    let user = holder.now().await?;
    let mut new: Vec<String> =
        user.keys.iter().map(|key| &key.id).filter(|id| !holder.before.has_key(id)).cloned().collect();
    if new.is_empty() {
        return Ok(());
    }
    if holder.owner != Owner::Ours {
        return Err(in_doubt(holder.name, &new));
    }
    let state = user.key_state();
    new.retain(|id| state.claimed() != Some(id) && user.tags.value(HANDED_OVER) != Some(id));
    holder.delete(&new).await
}

fn in_doubt(user: &str, new: &[String]) -> Error {
    let delete = |id: &String| format!("aws iam delete-access-key --user-name {user} --access-key-id {id}");
    Error::refused(format!("an access key of {user} may have been made whose secret nobody has: {}", new.join(", ")))
        .because("IAM's answer was lost, and the user was not made by this program, so that the key may be somebody's")
        .remedy(format!(
            "look at it (aws iam list-access-keys --user-name {user}); if nobody else has just made it, delete it ({}); then run the same command again",
            new.iter().map(delete).collect::<Vec<_>>().join("; ")
        ))
}

fn refused_by_iam(fault: Fault, user: &str) -> Error {
    if fault.is("LimitExceeded") {
        return Error::refused(format!("the user {user} has two access keys already, and IAM allows no third"))
            .because(fault.message)
            .remedy(format!(
                "delete one that is not used (aws iam list-access-keys --user-name {user}), then run the same command again"
            ));
    }
    fault.into()
}
