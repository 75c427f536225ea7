//! Of two runs that replace the same key at the same time, one run's key stays.

use crate::aws::keys::NewKey;
use crate::aws::users::User;
use crate::error::{Error, Result};
use crate::spec::Onboarding;
use crate::spec::key_state::KeyState;
use crate::spec::tags::Owner;
use crate::steps::World;
use crate::steps::key::Holder;
use crate::wait::{self, Progress};

/// Makes a key and gives it to `replace`, which puts it in the place of another; then the `stale` ones of our user go, and
/// what other runs made for it meanwhile. Each run says on the user which key it hands over, and who said it last stays: the
/// other one takes its own key back, lets that one finish, and begins again, because the API may hold the key that is gone.
///
/// # Errors
/// As [`super::made_and`]; a failure when another run always comes in between.
pub async fn made_instead(
    world: &World,
    onboarding: &Onboarding,
    stale: &[String],
    replace: impl AsyncFn(NewKey) -> Result<()>,
) -> Result<()> {
    for _ in 0..ROUNDS {
        let holder = Holder::found(world, onboarding).await?;
        let id = holder.handed_over(stale, &replace).await?;
        if stays(&holder, stale, &id).await? {
            return Ok(());
        }
    }
    Err(Error::failed(format!(
        "the new access key of {} was deleted by somebody as soon as it was registered",
        onboarding.user_name
    ))
    .because("another run may be at work on the same account")
    .remedy("let it finish, then run the same command again"))
}

/// How often a key is made again that another run deleted.
const ROUNDS: usize = 4;

/// What becomes of the key that this run registered, of a user of ours.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It stays, and these go.
    Stays(Vec<String>),
    /// Another run is handing over its own, and goes first.
    Yields,
    /// Another run deleted it.
    Gone,
}

fn verdict(user: &User, stale: &[String], id: &str) -> Verdict {
    let state = user.key_state();
    if matches!(&state, KeyState::HandingOver { id: other, .. } if other != id) {
        return Verdict::Yields;
    }
    if !user.has_key(id) {
        return Verdict::Gone;
    }
    // A run that has only begun will find its key gone and begin again, and one that is through was so before this one.
    let left_over = user.keys_left_over();
    let goes = |other: &&String| *other != id && (stale.contains(other) || left_over.contains(other));
    Verdict::Stays(user.keys.iter().map(|key| &key.id).filter(goes).cloned().collect())
}

/// Whether the key, which is registered, is the one in the end; if so, the others go. Somebody else's user keeps what it has.
async fn stays(holder: &Holder<'_>, stale: &[String], id: &str) -> Result<bool> {
    let user = holder.now().await?;
    if holder.owner != Owner::Ours {
        return Ok(user.has_key(id));
    }
    match verdict(&user, stale, id) {
        Verdict::Stays(others) => {
            holder.delete(&others).await?;
            holder.settle(id).await
        }
        Verdict::Gone => Ok(false),
        Verdict::Yields => {
            holder.delete(&[id.to_owned()]).await?;
            finished(holder, &user.key_state()).await?;
            Ok(false)
        }
    }
}

/// Waits until the run that said this is through, or the time is over: it may have been killed.
async fn finished(holder: &Holder<'_>, said: &KeyState) -> Result<()> {
    let world = holder.world;
    let waited = wait::until(&world.stop, world.patience, || async {
        match world.aws.keys_and_tags(holder.name).await {
            Ok(Some(user)) if user.key_state() == *said => Progress::NotYet(()),
            other => Progress::Done(other.map(drop)),
        }
    })
    .await?;
    Ok(waited.unwrap_or(Ok(()))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::keys::AccessKey;
    use crate::spec::key_state::KEY_STATE;
    use crate::spec::tags::Tags;

    #[test]
    fn who_said_it_last_stays_and_what_no_run_made_stays_too() {
        let user = |state: &str, keys: &[&str]| User {
            tags: Tags::found([(KEY_STATE.to_owned(), state.to_owned())]),
            keys: keys.iter().map(|id| AccessKey { id: (*id).to_owned(), active: true }).collect(),
            ..User::default()
        };
        let stays = |others: &[&str]| Verdict::Stays(others.iter().map(|id| (*id).to_owned()).collect());
        let cases = [
            ("pending MINE", &["MINE"][..], stays(&[])),
            ("pending MINE", &["MINE", "THEIRS"], stays(&["THEIRS"])),
            ("pending MINE beside PERSONS", &["MINE", "PERSONS"], stays(&[])),
            ("pending MINE beside STALE", &["MINE", "STALE"], stays(&["STALE"])),
            ("pending MINE", &["THEIRS"], Verdict::Gone),
            ("pending THEIRS", &["MINE", "THEIRS"], Verdict::Yields),
            ("pending THEIRS", &["THEIRS"], Verdict::Yields),
            // The other one is not so far yet, and will find its key gone; or it was through before this one began.
            ("pending", &["MINE", "THEIRS"], stays(&["THEIRS"])),
            ("pending beside PERSONS", &["MINE", "PERSONS"], stays(&[])),
            ("settled THEIRS", &["MINE", "THEIRS"], stays(&["THEIRS"])),
            ("settled", &["MINE", "PERSONS"], stays(&[])),
            ("settled THEIRS", &["THEIRS"], Verdict::Gone),
        ];
        for (state, keys, expected) in cases {
            assert_eq!(verdict(&user(state, keys), &["STALE".to_owned()], "MINE"), expected, "{state}, {keys:?}");
        }
    }
}
