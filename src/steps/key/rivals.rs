//! Of two runs that replace the same key at the same time, one run's key stays.

use crate::aws::keys::NewKey;
use crate::aws::users::User;
use crate::error::{Error, Result};
use crate::spec::Onboarding;
use crate::spec::tags::{self, Owner};
use crate::steps::World;
use crate::steps::key::Holder;
use crate::wait::{self, Progress};

/// Makes a key and gives it to `replace`, which puts it in the place of another; then no other key of our user stays but
/// the one a person has in a file. Each run says on the user which key it is about to register, and who said it last
/// stays: the other one takes its own key back, lets that one finish, and begins again, because the API may hold the key
/// that is gone.
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
        let claimed = async |key: NewKey| {
            holder.mark(&[(tags::KEY_STATE, &tags::pending_with(&key.id))]).await?;
            replace(key).await
        };
        let id = holder.handed_over(stale, claimed).await?;
        if stays(&holder, onboarding, &id).await? {
            return holder.mark(&[(tags::KEY_STATE, tags::SETTLED)]).await;
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
    /// Another run registers this one, and goes first.
    Yields(String),
    /// Another run deleted it.
    Gone,
}

fn verdict(user: &User, id: &str) -> Verdict {
    match user.key_claimed() {
        Some(other) if other != id => Verdict::Yields(other.to_owned()),
        _ if !user.keys.iter().any(|key| key.id == id) => Verdict::Gone,
        _ => {
            let mut others = user.keys_not_handed_over();
            others.retain(|other| other != id);
            Verdict::Stays(others)
        }
    }
}

/// Whether the key, which is registered, is the one in the end. Somebody else's user keeps what it has.
async fn stays(holder: &Holder<'_>, onboarding: &Onboarding, id: &str) -> Result<bool> {
    let user = holder.world.aws.user(holder.name).await?.unwrap_or_default();
    if user.tags.owner(&onboarding.org_id) == Owner::Ours {
        match verdict(&user, id) {
            Verdict::Stays(others) => holder.delete(&others).await?,
            Verdict::Gone => return Ok(false),
            Verdict::Yields(other) => {
                holder.delete(&[id.to_owned()]).await?;
                finished(holder, &other).await?;
                return Ok(false);
            }
        }
    }
    Ok(holder.world.aws.access_keys(holder.name).await?.iter().any(|key| key.id == id))
}

/// Waits until the run that registers this key is through with it, or the time is over: it may have been killed.
async fn finished(holder: &Holder<'_>, claimed: &str) -> Result<()> {
    let world = holder.world;
    let waited = wait::until(&world.stop, world.patience, || async {
        match world.aws.user(holder.name).await {
            Ok(Some(user)) if user.key_claimed() == Some(claimed) => Progress::NotYet(()),
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
    use crate::spec::tags::Tags;

    #[test]
    fn who_said_it_last_stays() {
        let user = |state: &str, keys: &[&str]| User {
            tags: Tags::found([(tags::KEY_STATE.to_owned(), state.to_owned())]),
            keys: keys.iter().map(|id| AccessKey { id: (*id).to_owned(), active: true }).collect(),
            ..User::default()
        };
        let yields = || Verdict::Yields("THEIRS".into());
        let cases = [
            ("pending MINE", &["MINE"][..], Verdict::Stays(vec![])),
            ("pending MINE", &["MINE", "THEIRS"], Verdict::Stays(vec!["THEIRS".into()])),
            ("pending MINE", &["THEIRS"], Verdict::Gone),
            ("pending THEIRS", &["MINE", "THEIRS"], yields()),
            ("pending THEIRS", &["THEIRS"], yields()),
            // The other one is not so far yet, and will find its key gone; or it was through before this one began.
            ("pending", &["MINE", "THEIRS"], Verdict::Stays(vec!["THEIRS".into()])),
            ("settled", &["MINE", "THEIRS"], Verdict::Stays(vec!["THEIRS".into()])),
            ("settled", &["THEIRS"], Verdict::Gone),
        ];
        for (state, keys, expected) in cases {
            assert_eq!(verdict(&user(state, keys), "MINE"), expected, "{state}, {keys:?}");
        }
    }
}
