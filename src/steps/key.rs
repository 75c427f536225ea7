//! The user's access key, which is seen once: made, handed over, and deleted again if it could not be handed over. A tag on
//! a user of ours says all the while where that stands, so that a run that is killed in between leaves a trace.

mod file;
mod make;
mod rivals;

use crate::aws::keys::NewKey;
use crate::aws::users::User;
use crate::error::{Error, Kind, Result};
use crate::spec::Onboarding;
use crate::spec::key_state::{KEY_STATE, KeyState};
use crate::spec::tags::{HANDED_OVER, Owner, Tags};
use crate::steps::{World, attach};
use crate::wait::{self, Progress};

pub use file::{MOST_BYTES, id_in, in_file, to_file};
pub use rivals::made_instead;

/// A plan's word for a key that goes.
pub const STALE_KEY: &str = "stale_access_key";

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
    let id = holder.handed_over(stale, register).await?;
    holder.delete_stale(stale).await?;
    // One that is gone was replaced by a run that came after this one.
    holder.settle(&id).await.map(drop)
}

/// The user as it was before a key is made for it.
struct Holder<'a> {
    world: &'a World,
    name: &'a str,
    owner: Owner,
    before: User,
}

impl<'a> Holder<'a> {
    /// The user may have been made a moment ago, and is waited for.
    async fn found(world: &'a World, onboarding: &'a Onboarding) -> Result<Self> {
        let name = onboarding.user_name.as_str();
        let found = wait::until(&world.stop, world.patience, || async {
            match world.aws.keys_and_tags(name).await {
                Ok(None) => Progress::NotYet(
                    Error::failed(format!("the user {name} is not there"))
                        .remedy("run the same command again: a new user takes IAM a moment to show"),
                ),
                Ok(Some(user)) => Progress::Done(Ok(user)),
                Err(fault) => Progress::Done(Err(fault.into())),
            }
        })
        .await?;
        let before = found.unwrap_or_else(Err)?;
        Ok(Self { world, name, owner: before.tags.owner(&onboarding.org_id), before })
    }

    /// The new key's id, once `hand_over` has it.
    async fn handed_over(&self, stale: &[String], hand_over: impl AsyncFnOnce(NewKey) -> Result<()>) -> Result<String> {
        let beside = beside(&self.before, stale);
        let begun = KeyState::Begun { beside: beside.clone() };
        self.mark(&begun).await?;
        let key = match self.made(stale).await {
            Ok(key) => key,
            Err(error) => return Err(self.gave_up(&begun, error).await),
        };
        let id = key.id.clone();
        let handing_over = KeyState::HandingOver { id: id.clone(), beside };
        let handed = match self.mark(&handing_over).await {
            Ok(()) => hand_over(key).await,
            Err(error) => Err(error),
        };
        let Err(error) = handed else { return Ok(id) };
        let name = self.name;
        match self.world.aws.delete_access_key(name, &id).await {
            Ok(()) => Err(self.gave_up(&handing_over, error).await),
            Err(fault) => Err(error.remedy(format!("the access key {id} was made and could not be deleted ({}): delete it with aws iam delete-access-key --user-name {name} --access-key-id {id}", fault.message))),
        }
    }

    /// IAM allows two keys: one of those that nobody has makes room, last of all one that a run says it hands over.
    async fn made(&self, stale: &[String]) -> Result<NewKey> {
        let state = self.before.key_state();
        let mut room: Vec<&String> = stale.iter().filter(|id| self.before.has_key(id)).collect();
        room.sort_by_key(|id| state.claimed() == Some(id.as_str()));
        if let (true, Some(first)) = (self.before.keys.len() >= 2, room.first()) {
            self.world.aws.delete_access_key(self.name, first).await?;
        }
        make::key(self).await
    }

    /// Nobody has a key of this run. Another run that is at it, or was killed at it, has the word.
    async fn gave_up(&self, said: &KeyState, error: Error) -> Error {
        let before = self.before.key_state();
        // Where the API refused, it holds what it held before.
        let after = if error.kind == Kind::Refused { before } else { before.failed() };
        let is_last = self.now().await.is_ok_and(|user| user.key_state() == *said);
        if is_last && !after.is_pending() {
            // What failed is told already; a user that stays marked as pending is put right by the next run.
            let _ = self.mark(&after).await;
        }
        error
    }

    /// The user as it is by now; one that is gone has nothing.
    async fn now(&self) -> Result<User> {
        Ok(self.world.aws.keys_and_tags(self.name).await?.unwrap_or_default())
    }

    /// Deletes keys whose secret part nobody has.
    async fn delete(&self, ids: &[String]) -> Result<()> {
        for id in ids {
            self.world.aws.delete_access_key(self.name, id).await?;
        }
        Ok(())
    }

    /// Deletes what the plan calls stale, but for what another run has handed over since.
    async fn delete_stale(&self, stale: &[String]) -> Result<()> {
        if stale.is_empty() {
            return Ok(());
        }
        let user = self.now().await?;
        let state = user.key_state();
        let had = [state.claimed(), user.tags.value(HANDED_OVER)];
        let stale: Vec<String> = stale.iter().filter(|id| !had.contains(&Some(id))).cloned().collect();
        self.delete(&stale).await
    }

    /// Says that whoever was to have this key has it; whether it is still there. A run that has begun since has the word,
    /// and takes this key away when it is through.
    async fn settle(&self, id: &str) -> Result<bool> {
        let user = self.now().await?;
        let state = user.key_state();
        if user.has_key(id) && (!state.is_pending() || state.claimed() == Some(id)) {
            self.mark(&KeyState::Settled(id.to_owned())).await?;
        }
        Ok(user.has_key(id))
    }

    /// Says on a user of ours how its key stands.
    async fn mark(&self, state: &KeyState) -> Result<()> {
        self.tag([(KEY_STATE.to_owned(), state.written())]).await
    }

    /// Says that a person has this key in a file.
    async fn mark_in_file(&self, id: &str) -> Result<()> {
        let settled = KeyState::Settled(id.to_owned()).written();
        self.tag([(HANDED_OVER.to_owned(), id.to_owned()), (KEY_STATE.to_owned(), settled)]).await
    }

    /// Somebody else's user gets no tag.
    async fn tag(&self, pairs: impl IntoIterator<Item = (String, String)>) -> Result<()> {
        if self.owner != Owner::Ours {
            return Ok(());
        }
        let tags = Tags::found(pairs);
        attach::once_visible(self.world, async || self.world.aws.tag_user(self.name, &tags).await).await
    }
}

/// The keys that no run made: all that are there before one is, but those that the plan or another run says are a run's.
fn beside(before: &User, stale: &[String]) -> Vec<String> {
    let state = before.key_state();
    let ids = before.keys.iter().map(|key| &key.id);
    ids.filter(|id| !stale.contains(id) && !state.made(id)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::keys::AccessKey;

    #[test]
    fn what_a_run_made_is_not_counted_among_the_keys_of_others() {
        let user = |state: &str, keys: &[&str]| User {
            tags: Tags::found([(KEY_STATE.to_owned(), state.to_owned())]),
            keys: keys.iter().map(|id| AccessKey { id: (*id).to_owned(), active: true }).collect(),
            ..User::default()
        };
        let cases = [
            ("settled", &["A"][..], &[][..], &["A"][..]),
            ("settled A", &["A", "B"], &[], &["B"]),
            ("failed", &["A"], &[], &["A"]),
            ("pending", &["A"], &[], &[]),
            ("pending beside A", &["A", "B"], &[], &["A"]),
            ("pending B beside A", &["A", "B"], &[], &["A"]),
            ("settled", &["A", "B"], &["A"], &["B"]),
        ];
        for (state, keys, stale, expected) in cases {
            let stale: Vec<String> = stale.iter().map(|id| (*id).to_owned()).collect();
            assert_eq!(beside(&user(state, keys), &stale), expected, "{state}, {keys:?}, {stale:?}");
        }
    }
}
