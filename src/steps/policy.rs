//! The customer managed policy: what Flexera may read, and nothing else.

pub mod undo;

use serde::Serialize;
use serde_json::Value;

use crate::aws::fault::Fault;
use crate::aws::policies::ManagedPolicy;
use crate::documents;
use crate::error::{Error, Result};
use crate::plan::{Change, Detail, Planned, Remedy};
use crate::spec::Onboarding;
use crate::spec::another_name::AnotherName;
use crate::spec::tags::{Owner, Tags};
use crate::steps::{PLANS_ANEW, Step, World, not_ours};
use crate::wait::{self, Progress};

/// One write to the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Make it.
    Create,
    /// Give it a new default version.
    NewVersion,
    /// Add these tags.
    Tag(Tags),
}

/// IAM's managed policy description, at most 1000 characters.
pub const DESCRIPTION: &str =
    "Lets Flexera read the billing bucket and the organization's accounts. Made by optima-onboard.";

/// A plan's word for a new version of the policy, of which IAM keeps five.
pub const VERSION: &str = "version";

/// What is between the policy found and the one wanted.
pub fn diff(onboarding: &Onboarding, found: Option<&ManagedPolicy>) -> Planned {
    let arn = onboarding.policy_arn();
    let wanted = wanted(onboarding);
    let Some(policy) = found else {
        let details = vec![
            Detail::new("policy_set", onboarding.policy_set.as_str()),
            Detail::new("document", wanted.to_string()),
            Detail::new("tags", onboarding.all_tags().in_words()),
        ];
        return Planned::create(Step::Policy, arn, details, vec![Write::Create.into()]);
    };
    let document = documents::decode(&policy.document);
    let same = document.as_ref().is_ok_and(|document| documents::same_policy(document, &wanted));
    let shown = document.map_or_else(|_| policy.document.clone(), |document| document.to_string());
    let drift = Detail::drift("document", shown, wanted.to_string());
    match policy.tags.owner(&onboarding.org_id) {
        Owner::Ours => repair(onboarding, policy, (!same).then_some(drift)),
        _ if same => Planned::keep(Step::Policy, arn).because("an existing policy that says the same; adopted"),
        owner => Planned::refuse(
            Step::Policy,
            arn,
            not_ours::and_differs("policy", &owner),
            Remedy::another(AnotherName::Policy),
        )
        .showing(vec![drift]),
    }
}

/// What Flexera may do: what it asks for, and through the key that the bucket was found to have.
pub fn wanted(onboarding: &Onboarding) -> Value {
    let asked = documents::flexera_permissions(onboarding.policy_set, onboarding.partition, &onboarding.bucket);
    documents::with_decryption(asked, onboarding.bucket_key.as_ref())
}

/// Carries out one write.
///
/// # Errors
/// What IAM answers, and a refusal when the name turns out to be taken by another policy.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let arn = onboarding.policy_arn();
    match write {
        Write::Create => create(world, onboarding).await,
        Write::NewVersion => new_version(world, onboarding).await,
        Write::Tag(tags) => Ok(world.aws.tag_policy(&arn, tags).await?),
    }
}

fn repair(onboarding: &Onboarding, policy: &ManagedPolicy, drift: Option<Detail>) -> Planned {
    let mut details = Vec::new();
    let mut writes = Vec::new();
    if let Some(drift) = drift {
        details.extend([drift, Detail::new(VERSION, "a new one; where there are five, the oldest unused one goes")]);
        writes.push(Write::NewVersion.into());
    }
    let missing = onboarding.all_tags().missing_in(&policy.tags);
    if !missing.is_empty() {
        details.push(Detail::new("tags", missing.in_words()));
        writes.push(Write::Tag(missing).into());
    }
    Planned::update(Step::Policy, onboarding.policy_arn(), details, writes)
}

async fn create(world: &World, onboarding: &Onboarding) -> Result<()> {
    let answer = world
        .aws
        .create_policy(onboarding.policy_name.as_str(), &document(onboarding), DESCRIPTION, &onboarding.all_tags())
        .await;
    let Err(fault) = answer else { return Ok(()) };
    if !fault.is("EntityAlreadyExists") {
        return Err(fault.into());
    }
    // Either the answer to our own request was lost, or somebody was faster: what is there decides.
    let Some(found) = world.aws.policy(&onboarding.policy_arn()).await? else {
        let name = &onboarding.policy_name;
        return Err(Error::refused(format!("the policy name {name} is taken, but not at {}", onboarding.policy_arn()))
            .because(
                "policy names are unique in an account whatever their path and case: one stands under another path",
            )
            .remedy("choose another name with --policy-name"));
    };
    match diff(onboarding, Some(&found)).change {
        Change::Keep => Ok(()),
        _ => Err(Error::refused(format!(
            "a policy named {} has appeared since the plan was made",
            onboarding.policy_name
        ))
        .because(fault.message)
        .remedy(PLANS_ANEW)),
    }
}

/// Adds a version until it is there; after an answer that was lost it is looked for before another is made.
async fn new_version(world: &World, onboarding: &Onboarding) -> Result<()> {
    let (arn, text) = (onboarding.policy_arn(), document(onboarding));
    let answer = wait::until(&world.stop, world.patience, || async {
        let Err(fault) = world.aws.create_policy_version(&arn, &text).await else { return Progress::Done(Ok(())) };
        let settled = if fault.is("LimitExceeded") {
            make_room(world, &arn, &fault).await.map(|()| false)
        } else if fault.is_open() {
            says_what_is_wanted(world, onboarding).await
        } else {
            return Progress::Done(Err(fault.into()));
        };
        match settled {
            Ok(true) => Progress::Done(Ok(())),
            Ok(false) => Progress::NotYet(Error::from(fault)),
            Err(error) => Progress::Done(Err(error)),
        }
    })
    .await?;
    answer.unwrap_or_else(Err)
}

/// A managed policy holds five versions: the oldest that is not the default makes room.
async fn make_room(world: &World, arn: &str, full: &Fault) -> Result<()> {
    let spare = world.aws.spare_versions(arn).await?;
    let oldest = spare.first().ok_or_else(|| full.clone())?;
    Ok(world.aws.delete_policy_version(arn, oldest).await?)
}

async fn says_what_is_wanted(world: &World, onboarding: &Onboarding) -> Result<bool> {
    let wanted = wanted(onboarding);
    let found = world.aws.policy(&onboarding.policy_arn()).await?;
    let document = found.map(|policy| documents::decode(&policy.document));
    Ok(document.is_some_and(|document| document.is_ok_and(|document| documents::same_policy(&document, &wanted))))
}

fn document(onboarding: &Onboarding) -> String {
    wanted(onboarding).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::samples;

    fn found(document: &str, tags: Tags) -> ManagedPolicy {
        ManagedPolicy { version: "v1".into(), document: document.into(), tags }
    }

    #[test]
    fn the_buckets_key_is_part_of_what_is_wanted() {
        let plain = samples::onboarding(&[]);
        let with_key = plain.clone().encrypted_with(Some("1234abcd-12ab-34cd-56ef-1234567890ab"));
        let before = found(&document(&plain), plain.all_tags());
        assert_eq!(diff(&with_key, Some(&before)).change, Change::Update);
        let after = found(&document(&with_key), plain.all_tags());
        assert_eq!(diff(&with_key, Some(&after)).change, Change::Keep);
        assert_eq!(diff(&plain, Some(&after)).change, Change::Update, "without the key the grant goes again");
    }

    #[test]
    fn a_policy_is_made_kept_updated_or_refused() {
        let one = samples::onboarding(&[]);
        let right = document(&one);
        let wider = right.replace("s3:ListBucket", "s3:*");
        let other_org = samples::onboarding(&[("org_id", "999")]).all_tags();
        let cases = [
            ("absent", None, Change::Create),
            ("ours", Some(found(&right, one.all_tags())), Change::Keep),
            ("ours, drifted", Some(found(&wider, one.all_tags())), Change::Update),
            ("ours, not JSON", Some(found("{", one.all_tags())), Change::Update),
            ("foreign, same", Some(found(&right, Tags::default())), Change::Keep),
            ("foreign, different", Some(found(&wider, Tags::default())), Change::Refuse),
            ("another organization's, different", Some(found(&wider, other_org)), Change::Refuse),
        ];
        for (name, policy, change) in cases {
            let planned = diff(&one, policy.as_ref());
            assert_eq!(planned.change, change, "{name}");
            assert_eq!(planned.writes.is_empty(), matches!(change, Change::Keep | Change::Refuse), "{name}");
        }
    }
}
