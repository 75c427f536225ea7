//! The billing bucket: made private from its first moment, or adopted when it is the account's own.

pub mod undo;

use serde::Serialize;

use crate::aws::buckets::{Bucket, Settings};
use crate::aws::fault::Answer;
use crate::error::{Error, Result};
use crate::plan::{Detail, Planned, Remedy};
use crate::spec::another_name::AnotherName;
use crate::spec::tags::{Owner, Tags};
use crate::spec::{Onboarding, ReportOrigin};
use crate::steps::{self, PLANS_ANEW, Step, World, bucket_policy, encryption};

/// One write to the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Make it.
    Create,
    /// After making it: look at what AWS gave it by default, and write only what is not as promised.
    Settle,
    /// Turn Block Public Access on.
    BlockPublicAccess,
    /// Turn access control lists off.
    EnforceOwnership,
    /// Put these tags on it, which are its own and ours.
    Tag(Tags),
}

impl Write {
    /// Whether the report has to wait for it; the rest is written beside the report.
    pub fn comes_first(&self) -> bool {
        *self == Self::Create
    }
}

/// The value of S3's object ownership under which access control lists are off.
const OWNER_ENFORCED: &str = "BucketOwnerEnforced";

/// What is between the bucket found and the bucket wanted.
pub fn diff(onboarding: &Onboarding, found: &Bucket) -> Planned {
    let name = onboarding.bucket.as_str();
    match found {
        Bucket::Absent if onboarding.report_origin == ReportOrigin::Reused => Planned::refuse(
            Step::Bucket,
            name,
            format!("the report {} delivers to a bucket that does not exist", onboarding.report_name),
            "leave --reuse-report out, and a bucket and a report are made",
        ),
        Bucket::Absent => Planned::create(
            Step::Bucket,
            name,
            new_bucket(onboarding),
            vec![Write::Create.into(), Write::Settle.into()],
        ),
        Bucket::Denied => Planned::refuse(
            Step::Bucket,
            name,
            "S3 answers 403: the bucket belongs to another account, or you may not list it",
            Remedy::naming(AnotherName::Bucket, |flag| {
                format!("choose another name with {flag}, or get s3:ListBucket on this one")
            }),
        ),
        Bucket::Elsewhere(region) => Planned::refuse(
            Step::Bucket,
            name,
            format!("the bucket is in {region}, not in {}", onboarding.bucket_region),
            Remedy::naming(AnotherName::Bucket, |flag| {
                format!("add --bucket-region {region}, or choose another name with {flag}")
            }),
        ),
        Bucket::Here(settings) => existing(onboarding, settings),
    }
}

/// Carries out one write.
///
/// # Errors
/// What S3 answers, and a refusal when the name turns out to be somebody else's.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let (aws, bucket, region, owner) =
        (&world.aws, &onboarding.bucket, &onboarding.bucket_region, &onboarding.account_id);
    match write {
        Write::Create => return create(world, onboarding).await,
        Write::Settle => return settle(world, onboarding).await,
        Write::BlockPublicAccess => aws.block_public_access(bucket, region, owner).await,
        Write::EnforceOwnership => aws.enforce_ownership(bucket, region, owner).await,
        Write::Tag(tags) => aws.tag_bucket(bucket, region, owner, tags).await,
    }?;
    Ok(())
}

fn new_bucket(onboarding: &Onboarding) -> Vec<Detail> {
    vec![
        Detail::new("region", onboarding.bucket_region.as_str()),
        Detail::new("public_access_block", "all four on"),
        Detail::new("object_ownership", OWNER_ENFORCED),
        Detail::new("encryption", "SSE-S3"),
        Detail::new("tags", onboarding.all_tags().in_words()),
    ]
}

fn existing(onboarding: &Onboarding, settings: &Settings) -> Planned {
    let name = onboarding.bucket.as_str();
    let planned = match settings.tags.owner(&onboarding.org_id) {
        Owner::Ours => {
            let (details, writes) = repairs(onboarding, settings);
            Planned::update(Step::Bucket, name, details, writes.into_iter().map(steps::Write::from).collect())
        }
        Owner::OtherOrganization(org) => Planned::keep(Step::Bucket, name)
            .because(format!("made for the Flexera organization {org}; shared with it, and left as it is"))
            .warn(open_doors(settings)),
        Owner::Foreign => Planned::keep(Step::Bucket, name)
            .because("yours already; adopted, and left as it is")
            .warn(open_doors(settings)),
    };
    planned.warn(encryption::cautions(onboarding, settings.kms_key.as_deref()))
}

/// What has drifted on a bucket of ours, setting by setting.
fn repairs(onboarding: &Onboarding, settings: &Settings) -> (Vec<Detail>, Vec<Write>) {
    let mut details = Vec::new();
    let mut writes = Vec::new();
    if !settings.public_access_blocked {
        details.push(Detail::drift("public_access_block", "not all on", "all four on"));
        writes.push(Write::BlockPublicAccess);
    }
    if settings.ownership.as_deref() != Some(OWNER_ENFORCED) {
        details.push(Detail {
            field: "object_ownership".into(),
            from: settings.ownership.clone(),
            to: Some(OWNER_ENFORCED.into()),
        });
        writes.push(Write::EnforceOwnership);
    }
    let missing = onboarding.all_tags().missing_in(&settings.tags);
    if !missing.is_empty() {
        details.push(Detail::new("tags", missing.in_words()));
        writes.push(Write::Tag(onboarding.all_tags().over(&settings.tags)));
    }
    (details, writes)
}

/// What an adopted bucket, which is not ours to change, leaves open.
fn open_doors(settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    if !settings.public_access_blocked {
        found.push("Block Public Access is not fully on for this bucket; bills are confidential".to_owned());
    }
    if settings.ownership.as_deref() != Some(OWNER_ENFORCED) {
        found.push("access control lists are in force on this bucket; AWS recommends BucketOwnerEnforced".to_owned());
    }
    found
}

/// Making one's own bucket again is an error everywhere but in us-east-1, where it succeeds: either way, after a lost
/// answer it is there, and `Settle` looks at it.
async fn create(world: &World, onboarding: &Onboarding) -> Result<()> {
    let (bucket, region) = (&onboarding.bucket, &onboarding.bucket_region);
    // Beside it, not before it: what the name holds is asked again at no cost in time. In us-east-1 a bucket that somebody
    // in this account made after the plan is answered as if it were new, and its policy would be written over.
    let tags = onboarding.all_tags();
    let (made, policy) = tokio::join!(
        world.aws.create_bucket(bucket, region, &tags),
        world.aws.bucket_policy(bucket, region, &onboarding.account_id)
    );
    match made {
        Ok(()) => unless_appeared(onboarding, policy),
        Err(fault) if fault.is("BucketAlreadyOwnedByYou") => unless_appeared(onboarding, policy),
        Err(fault) if fault.is("BucketAlreadyExists") => {
            Err(Error::refused(format!("the bucket name {bucket} is taken by another AWS account"))
                .because(fault.message)
                .remedy("choose another name with --bucket"))
        }
        Err(fault) if fault.is("OperationAborted") => Err(Error::failed(format!(
            "S3 does not give the bucket name {bucket} out yet: a bucket of this name was deleted a short while ago, or is just being made"
        ))
        .because(fault.message)
        .remedy(format!(
            "wait, it can take an hour, and run the same command again; or take another name now, for example --bucket {}",
            another_name(bucket.as_str())
        ))),
        Err(fault) => Err(fault.into()),
    }
}

/// A policy on a bucket that was not there when the plan was made: it may stand only if it is the one that is about to be
/// written, by a run beside this one.
fn unless_appeared(onboarding: &Onboarding, policy: Answer<Option<String>>) -> Result<()> {
    let found = match policy {
        Err(fault) if fault.is("NoSuchBucket") => return Ok(()),
        Err(fault) => return Err(fault.into()),
        Ok(None) => return Ok(()),
        Ok(Some(found)) => found,
    };
    let planned = bucket_policy::diff(onboarding, &Bucket::Absent).writes;
    let is_ours = |write: &steps::Write| matches!(write, steps::Write::BucketPolicy(write) if write.after == found);
    if planned.iter().any(is_ours) {
        return Ok(());
    }
    Err(Error::refused(format!(
        "a bucket named {} has appeared since the plan was made, with a policy",
        onboarding.bucket
    ))
    .because("somebody else made it meanwhile; its policy was left as it is")
    .remedy(PLANS_ANEW))
}

/// The name with the next number at its end, within the 63 characters that S3 gives.
fn another_name(name: &str) -> String {
    let (stem, number) = match name.rsplit_once('-') {
        Some((stem, digits)) if digits.len() < 3 => (stem, digits.parse().unwrap_or(0)),
        _ => (name, 0u32),
    };
    let stem = if number == 0 { name } else { stem };
    let tail = format!("-{}", number.max(1) + 1);
    let room = 63 - tail.len();
    format!("{}{tail}", stem[..stem.len().min(room)].trim_end_matches(['-', '.']))
}

async fn settle(world: &World, onboarding: &Onboarding) -> Result<()> {
    let settings =
        world.aws.new_bucket_settings(&onboarding.bucket, &onboarding.bucket_region, &onboarding.account_id).await?;
    // One after another: S3 answers concurrent writes to one bucket with OperationAborted.
    for write in repairs(onboarding, &settings).1 {
        Box::pin(apply(world, onboarding, &write)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Change;
    use crate::steps::samples;

    fn ours(onboarding: &Onboarding) -> Settings {
        Settings {
            tags: onboarding.all_tags(),
            public_access_blocked: true,
            ownership: Some(OWNER_ENFORCED.into()),
            ..Settings::default()
        }
    }

    #[test]
    fn every_state_of_a_bucket_has_its_change() {
        let one = samples::onboarding(&[]);
        let cases = [
            ("absent", Bucket::Absent, Change::Create),
            ("somebody else's", Bucket::Denied, Change::Refuse),
            ("elsewhere", Bucket::Elsewhere("eu-west-1".into()), Change::Refuse),
            ("ours and right", Bucket::Here(ours(&one)), Change::Keep),
            ("ours, public", Bucket::Here(Settings { public_access_blocked: false, ..ours(&one) }), Change::Update),
            ("ours, with lists", Bucket::Here(Settings { ownership: None, ..ours(&one) }), Change::Update),
            ("foreign", Bucket::Here(Settings::default()), Change::Keep),
        ];
        for (name, found, change) in cases {
            assert_eq!(diff(&one, &found).change, change, "{name}");
        }
    }

    #[test]
    fn a_foreign_bucket_is_never_written_to() {
        let planned = diff(&samples::onboarding(&[]), &Bucket::Here(Settings::default()));
        assert!(planned.writes.is_empty());
        assert_eq!(planned.warnings.len(), 2, "its open doors are named: {:?}", planned.warnings);
    }

    #[test]
    fn the_right_region_is_the_remedy() {
        let planned = diff(&samples::onboarding(&[]), &Bucket::Elsewhere("eu-west-1".into()));
        assert!(planned.remedy.is_some_and(|remedy| remedy.as_str().contains("--bucket-region eu-west-1")));
    }

    #[test]
    fn another_name_is_near_and_valid() {
        use crate::spec::names::{BucketName, Parse};
        let long = format!("{}-x", "a".repeat(61));
        for (name, expected) in [
            ("billing", "billing-2"),
            ("billing-2", "billing-3"),
            ("billing-9", "billing-10"),
            ("flexera-optima-111122223333-12345", "flexera-optima-111122223333-12345-2"),
            (long.as_str(), &format!("{}-2", "a".repeat(61))),
        ] {
            assert_eq!(another_name(name), expected);
            assert!(BucketName::parse(&another_name(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_policy_that_appeared_stops_the_run_unless_it_is_the_one_to_be_written() {
        let one = samples::onboarding(&[]);
        let planned = bucket_policy::diff(&one, &Bucket::Absent).writes;
        let [steps::Write::BucketPolicy(write)] = planned.as_slice() else { panic!("one write: {planned:?}") };
        assert!(unless_appeared(&one, Ok(None)).is_ok());
        assert!(unless_appeared(&one, Ok(Some(write.after.clone()))).is_ok(), "a run beside this one");
        let other = unless_appeared(&one, Ok(Some(r#"{"Statement":[]}"#.into()))).expect_err("somebody else's");
        assert_eq!(other.kind, crate::error::Kind::Refused);
    }

    #[test]
    fn extra_tags_are_added_and_others_stay() {
        let one = samples::onboarding(&[]);
        let mut wanted = one.clone();
        wanted.tags.add("team=fin").expect("a valid tag");
        let found = Settings { tags: Tags::found([("keep".into(), "me".into())]), ..ours(&one) };
        let found = Settings { tags: one.all_tags().over(&found.tags), ..found };
        let planned = diff(&wanted, &Bucket::Here(found));
        let [steps::Write::Bucket(Write::Tag(tags))] = planned.writes.as_slice() else {
            panic!("one write: {planned:?}")
        };
        assert!(tags.in_words().contains("keep=me") && tags.in_words().contains("team=fin"));
    }
}
