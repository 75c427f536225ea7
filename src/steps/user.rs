//! The IAM user of the older way: only the one policy, and an access key that the bill connect carries.

pub mod undo;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::aws::users::User;
use crate::error::{Command, Error, Result};
use crate::plan::{Change, Detail, Finding, Planned, Remedy};
use crate::spec::Onboarding;
use crate::spec::another_name::AnotherName;
use crate::spec::names::Api;
use crate::spec::tags::{Owner, Tags};
use crate::steps::other_permissions::{self, Beside};
use crate::steps::{KeyFile, PLANS_ANEW, Step, World, attach, key, not_ours};

/// One write to the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Make it.
    Create,
    /// Add these tags.
    Tag(Tags),
    /// Attach the policy.
    Attach,
    /// Make an access key and write it to this file, which must not exist; these keys, which nobody has, go then.
    KeyToFile(PathBuf, Vec<String>),
    /// Say that a person has the key of this id in a file; these keys, which nobody has, go before.
    KeyInFile(String, Vec<String>),
}

impl Write {
    /// Whether it needs the policy to be there, and so waits for it.
    pub fn needs_policy(&self) -> bool {
        *self == Self::Attach
    }
}

/// The warning where a person will want a key and none is made.
const NO_KEY: &str =
    "no access key is made: name a file for it with --access-key-file, or take --api flexera-one, which registers it";

/// What is between the user found and the one wanted.
pub fn diff(onboarding: &Onboarding, found: Option<&User>, key_file: &KeyFile) -> Planned {
    let arn = onboarding.user_arn();
    let planned = match found {
        None => create(onboarding),
        Some(user) => existing(onboarding, user, arn),
    };
    if onboarding.api == Api::FlexeraOne || planned.change == Change::Refuse {
        return planned;
    }
    key_to_file(onboarding, planned, found, key_file)
}

/// Carries out one write.
///
/// # Errors
/// What IAM answers; a refusal when the name turns out to be taken or the key's file exists.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let name = onboarding.user_name.as_str();
    match write {
        Write::Create => create_user(world, onboarding).await,
        Write::Tag(tags) => Ok(world.aws.tag_user(name, tags).await?),
        Write::Attach => {
            attach::once_visible(world, async || world.aws.attach_to_user(name, &onboarding.policy_arn()).await).await
        }
        Write::KeyToFile(path, stale) => key::to_file(world, onboarding, path, stale).await,
        Write::KeyInFile(id, stale) => key::in_file(world, onboarding, id, stale).await,
    }
}

fn create(onboarding: &Onboarding) -> Planned {
    let details = vec![
        Detail::new("attached_policy", onboarding.policy_arn()),
        Detail::new("tags", onboarding.all_tags().in_words()),
    ];
    Planned::create(Step::User, onboarding.user_arn(), details, vec![Write::Create.into(), Write::Attach.into()])
}

fn existing(onboarding: &Onboarding, user: &User, arn: String) -> Planned {
    let mut drift = Vec::new();
    if user.arn != arn {
        drift.push(Detail::drift("arn", &user.arn, &arn));
    }
    let attached = user.attached.contains(&onboarding.policy_arn());
    if !attached {
        drift.push(Detail::new("attached_policy", onboarding.policy_arn()));
    }
    let planned = match user.tags.owner(&onboarding.org_id) {
        Owner::Ours if user.arn != arn => {
            Planned::refuse(Step::User, &arn, "the user stands under another path", Remedy::another(AnotherName::User))
                .showing(drift)
        }
        Owner::Ours => repair(onboarding, user, drift),
        _ if drift.is_empty() => Planned::keep(Step::User, &arn).because("an existing user that is the same; adopted"),
        owner => {
            Planned::refuse(Step::User, &arn, not_ours::and_differs("user", &owner), Remedy::another(AnotherName::User))
                .showing(drift)
        }
    };
    let User { boundary, attached, inline, .. } = user;
    let beside = Beside { what: "user", boundary: boundary.as_deref(), attached, inline };
    other_permissions::tell(planned, onboarding, &beside)
}

fn repair(onboarding: &Onboarding, user: &User, mut details: Vec<Detail>) -> Planned {
    let mut writes = Vec::new();
    if !details.is_empty() {
        writes.push(Write::Attach.into());
    }
    let missing = onboarding.all_tags().missing_in(&user.tags);
    if !missing.is_empty() {
        details.push(Detail::new("tags", missing.in_words()));
        writes.push(Write::Tag(missing).into());
    }
    Planned::update(Step::User, onboarding.user_arn(), details, writes)
}

/// The optima API takes no key: it goes to a file if one was named, else nowhere.
fn key_to_file(onboarding: &Onboarding, planned: Planned, found: Option<&User>, file: &KeyFile) -> Planned {
    let has_key = found.is_some_and(|user| !user.keys.is_empty());
    let path = match &onboarding.access_key_file {
        Some(path) => path,
        None if has_key => return planned,
        None => return planned.warn([NO_KEY.to_owned()]).finding(Finding::NoKey),
    };
    // What a run left that was cut short; a key that a person has in another file is none of it.
    let cut_short = found.filter(|user| user.is_cut_short(&onboarding.org_id));
    let mut stale = cut_short.map(User::keys_left_over).unwrap_or_default();
    match file {
        // That run, or one beside it, wrote the file; what is missing is to say so on the user.
        KeyFile::Key(id) if cut_short.is_some_and(|user| user.has_key(id)) => {
            stale.retain(|other| other != id);
            with_write(planned, path, &stale.clone(), Write::KeyInFile(id.clone(), stale))
        }
        // The file holds what an earlier run put there, and the user says so: there is nothing to make or to warn of.
        KeyFile::Key(id) if found.is_some_and(|user| user.has_in_file(id)) => planned,
        _ if has_key && stale.is_empty() => planned.warn(Some(
            "the user has an access key already, so none is made; delete it first if its secret part is lost"
                .to_owned(),
        )),
        KeyFile::Key(_) | KeyFile::Taken => {
            let reason = format!("{} exists, and an access key is written only to a new file", path.display());
            let remedy = Remedy::from("name another file with --access-key-file, or move this one away")
                .typing(Command::with_key_beside(path));
            Planned::refuse(Step::User, planned.resource, reason, remedy)
        }
        KeyFile::NoFolder => {
            let reason = format!("there is no folder for {}, where the access key would be written", path.display());
            let remedy = "make that folder, or name another file with --access-key-file";
            Planned::refuse(Step::User, planned.resource, reason, remedy)
        }
        KeyFile::Free => with_write(planned, path, &stale.clone(), Write::KeyToFile(path.clone(), stale)),
    }
}

fn with_write(mut planned: Planned, path: &Path, stale: &[String], write: Write) -> Planned {
    planned.details.push(Detail::new("access_key_file", path.display().to_string()));
    planned.details.extend(stale.iter().map(|id| Detail::gone(key::STALE_KEY, id)));
    planned.writes.push(write.into());
    if planned.change == Change::Keep {
        planned.change = Change::Update;
    }
    planned
}

async fn create_user(world: &World, onboarding: &Onboarding) -> Result<()> {
    let name = onboarding.user_name.as_str();
    let Err(fault) = world.aws.create_user(name, &onboarding.all_tags()).await else { return Ok(()) };
    if !fault.is("EntityAlreadyExists") {
        return Err(fault.into());
    }
    // Either the answer to our own request was lost, or somebody was faster: whose it is decides.
    let found = world.aws.user(name).await?.unwrap_or_default();
    match found.tags.owner(&onboarding.org_id) {
        Owner::Ours => Ok(()),
        _ => Err(Error::refused(format!("a user named {name} has appeared since the plan was made"))
            .because(fault.message)
            .remedy(PLANS_ANEW)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::keys::AccessKey;
    use crate::spec::key_state::KEY_STATE;
    use crate::steps::{Write as Any, samples};

    fn right(onboarding: &Onboarding) -> User {
        User {
            arn: onboarding.user_arn(),
            tags: onboarding.all_tags(),
            attached: vec![onboarding.policy_arn()],
            ..User::default()
        }
    }

    #[test]
    fn a_user_is_made_kept_updated_or_refused() {
        let one = samples::onboarding(&[("access", "user"), ("api", "flexera-one")]);
        let ok = right(&one);
        let cases = [
            ("absent", None, Change::Create, 2),
            ("ours", Some(ok.clone()), Change::Keep, 0),
            ("ours, not attached", Some(User { attached: vec![], ..ok.clone() }), Change::Update, 1),
            ("foreign, the same", Some(User { tags: Tags::default(), ..ok.clone() }), Change::Keep, 0),
            ("foreign, not attached", Some(User { tags: Tags::default(), attached: vec![], ..ok }), Change::Refuse, 0),
        ];
        for (name, user, change, writes) in cases {
            let planned = diff(&one, user.as_ref(), &KeyFile::Free);
            assert_eq!((planned.change, planned.writes.len()), (change, writes), "{name}");
        }
    }

    #[test]
    fn a_key_goes_to_a_file_only_if_one_is_named_and_once() {
        let silent = samples::onboarding(&[("access", "user")]);
        let planned = diff(&silent, None, &KeyFile::Free);
        assert!(!planned.writes.iter().any(|write| matches!(write, Any::User(Write::KeyToFile(..)))));
        assert_eq!((&*planned.warnings, &*planned.findings), (&[NO_KEY.to_owned()][..], &[Finding::NoKey][..]));

        let named = samples::onboarding(&[("access", "user"), ("access_key_file", "key.json")]);
        assert!(matches!(diff(&named, None, &KeyFile::Free).writes.last(), Some(Any::User(Write::KeyToFile(..)))));
        assert_eq!(
            diff(&named, None, &KeyFile::Taken).change,
            Change::Refuse,
            "a file that is there is not written over"
        );
        assert_eq!(
            diff(&named, None, &KeyFile::NoFolder).change,
            Change::Refuse,
            "a key that could not be written is not made"
        );
        let with_key = User { keys: vec![AccessKey { id: "AKIAEXAMPLE".into(), active: true }], ..right(&named) };
        let second = diff(&named, Some(&with_key), &KeyFile::Key("AKIAEXAMPLE".into()));
        assert_eq!(second.change, Change::Keep, "a second run makes no second key");
    }

    #[test]
    fn what_a_run_cut_short_left_is_taken_up_or_replaced() {
        let one = samples::onboarding(&[("access", "user"), ("access_key_file", "key")]);
        let key = AccessKey { id: "AKIAEXAMPLE".into(), active: true };
        let pending = (KEY_STATE.to_owned(), "pending".to_owned());
        let ours = one.all_tags();
        let tags = ours.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).chain([pending]);
        let left = User { tags: Tags::found(tags), keys: vec![key], ..right(&one) };
        let writes = |file: KeyFile| diff(&one, Some(&left), &file).writes;
        let replaced = Write::KeyToFile("key".into(), vec!["AKIAEXAMPLE".into()]);
        assert_eq!(writes(KeyFile::Free), [Any::User(replaced)]);
        assert_eq!(
            writes(KeyFile::Key("AKIAEXAMPLE".into())),
            [Any::User(Write::KeyInFile("AKIAEXAMPLE".into(), vec![]))]
        );
        assert_eq!(diff(&one, Some(&left), &KeyFile::Key("AKIAOTHER".into())).change, Change::Refuse);
    }
}
