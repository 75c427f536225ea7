//! The user's access key, which is seen once: made, handed over, and deleted again if it could not be handed over.

mod file;
mod rivals;

use crate::aws::fault::Fault;
use crate::aws::keys::NewKey;
use crate::error::{Error, Result};
use crate::spec::Onboarding;
use crate::spec::tags::{self, Owner, Tags};
use crate::steps::{World, attach};
use crate::wait::{self, Progress};

pub use file::{id_in, in_file, to_file};
pub use rivals::made_instead;

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
    let holder = Holder::found(world, onboarding).await?;
    holder.handed_over(stale, register).await?;
    holder.delete(stale).await?;
    holder.mark(&[(tags::KEY_STATE, tags::SETTLED)]).await
}

/// The user as it was before a key is made for it.
struct Holder<'a> {
    world: &'a World,
    name: &'a str,
    owner: Owner,
    keys: Vec<String>,
}

impl<'a> Holder<'a> {
    /// The user may have been made a moment ago, and is waited for.
    async fn found(world: &'a World, onboarding: &'a Onboarding) -> Result<Self> {
        let name = onboarding.user_name.as_str();
        let found = wait::until(&world.stop, world.patience, || async {
            match world.aws.user(name).await {
                Ok(None) => Progress::NotYet(Error::failed(format!("the user {name} is not there"))),
                Ok(Some(user)) => Progress::Done(Ok(user)),
                Err(fault) => Progress::Done(Err(fault.into())),
            }
        })
        .await?;
        let user = found.unwrap_or_else(Err)?;
        let owner = user.tags.owner(&onboarding.org_id);
        Ok(Self { world, name, owner, keys: user.keys.into_iter().map(|key| key.id).collect() })
    }

    /// The new key's id, once `hand_over` has it. From before it is made until the caller says where it went, the tag of
    /// a user of ours says that it is pending: a run that is killed in between leaves a trace.
    async fn handed_over(&self, stale: &[String], hand_over: impl AsyncFnOnce(NewKey) -> Result<()>) -> Result<String> {
        self.mark(&[(tags::KEY_STATE, tags::PENDING)]).await?;
        // IAM allows two keys: one of those that nobody has makes room.
        let room = if self.keys.len() < 2 { &[] } else { &stale[..stale.len().min(1)] };
        self.delete(room).await?;
        let key = make(self.world, self.name, &self.keys).await?;
        let id = key.id.clone();
        let Err(error) = hand_over(key).await else { return Ok(id) };
        let name = self.name;
        match self.world.aws.delete_access_key(name, &id).await {
            Ok(()) => Err(error),
            Err(fault) => Err(error.remedy(format!("the access key {id} was made and could not be deleted ({}): delete it with aws iam delete-access-key --user-name {name} --access-key-id {id}", fault.message))),
        }
    }

    /// Deletes keys whose secret part nobody has.
    async fn delete(&self, ids: &[String]) -> Result<()> {
        for id in ids {
            self.world.aws.delete_access_key(self.name, id).await?;
        }
        Ok(())
    }

    /// Says on a user of ours how its key stands; somebody else's gets no tag.
    async fn mark(&self, pairs: &[(&str, &str)]) -> Result<()> {
        if self.owner != Owner::Ours {
            return Ok(());
        }
        let tags = Tags::found(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        attach::once_visible(self.world, async || self.world.aws.tag_user(self.name, &tags).await).await
    }
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
