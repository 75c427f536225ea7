//! Removing the bucket: never unless it is ours and was asked for by name, and never with bills in it unless that was
//! said too.

use serde::Serialize;

use crate::aws::buckets::Bucket;
use crate::aws::contents::Contents;
use crate::error::{Error, Result};
use crate::plan::{Detail, Planned};
use crate::spec::Onboarding;
use crate::steps::undo::{self, BucketWish};
use crate::steps::{Step, World, not_ours};

/// One write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Delete every object, version, delete marker and unfinished upload.
    Empty,
    /// Delete the bucket.
    Delete,
}

/// Whether the bucket goes; its contents were counted only if it was asked for. `staying` are the names of reports that
/// are delivered to it and are not removed.
pub fn diff(
    onboarding: &Onboarding,
    found: &Bucket,
    contents: Contents,
    staying: &[&str],
    wish: BucketWish,
) -> Planned {
    let name = onboarding.bucket.as_str();
    let settings = match found {
        Bucket::Here(settings) => settings,
        Bucket::Absent => return undo::absent(Step::Bucket, name),
        Bucket::Elsewhere(_) | Bucket::Denied => return out_of_reach(onboarding, found, wish),
    };
    if let Some(left) = not_ours::stays(Step::Bucket, name, &settings.tags.owner(&onboarding.org_id)) {
        return left;
    }
    if wish == BucketWish::Stays {
        return Planned::keep(Step::Bucket, name)
            .because("a bucket stays, with the bills in it, unless --delete-bucket is given");
    }
    if !staying.is_empty() {
        return Planned::refuse(
            Step::Bucket,
            name,
            format!("the report {} is delivered to this bucket and stays", staying.join(", ")),
            "delete that report first if nobody needs it, or leave --delete-bucket out",
        );
    }
    removal(name, contents, wish)
}

/// One that is not where it was looked for, or that S3 does not show.
fn out_of_reach(onboarding: &Onboarding, found: &Bucket, wish: BucketWish) -> Planned {
    let name = onboarding.bucket.as_str();
    match found {
        Bucket::Elsewhere(region) => Planned::refuse(
            Step::Bucket,
            name,
            format!("the bucket is in {region}, not in {}", onboarding.bucket_region),
            format!("add --bucket-region {region}"),
        ),
        _ if wish == BucketWish::Stays => Planned::keep(Step::Bucket, name)
            .because("S3 answers 403: it belongs to another account, or you may not list it; left as it is"),
        _ => Planned::refuse(
            Step::Bucket,
            name,
            "S3 answers 403: the bucket belongs to another account, or you may not list it",
            "get s3:ListBucket on it, or leave --delete-bucket out",
        ),
    }
}

/// One that is ours and is to go: with what is in it only if that was said too.
fn removal(name: &str, contents: Contents, wish: BucketWish) -> Planned {
    let write = |write| undo::Write::Bucket(write).into();
    if contents.is_empty() {
        return Planned::delete(Step::Bucket, name, vec![], vec![write(Write::Delete)]);
    }
    if wish != BucketWish::GoesWithData {
        return Planned::refuse(
            Step::Bucket,
            name,
            format!("the bucket holds {}", in_words(contents)),
            "add --delete-bucket-data to delete all of it for good, or leave --delete-bucket out",
        );
    }
    let details = vec![Detail::gone("contents", in_words(contents))];
    Planned::delete(Step::Bucket, name, details, vec![write(Write::Empty), write(Write::Delete)])
        .warn([format!("{} cannot be brought back", in_words(contents))])
}

/// Carries out one write.
///
/// # Errors
/// What S3 answers; an interruption between two pages of a thousand entries; a failure when something arrives in a
/// bucket that was empty.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let (aws, bucket, region, owner) =
        (&world.aws, &onboarding.bucket, &onboarding.bucket_region, &onboarding.account_id);
    match write {
        Write::Empty => loop {
            world.stop.check()?;
            match aws.empty_some(bucket, region, owner).await {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(fault) if fault.is("NoSuchBucket") => return Ok(()),
                Err(fault) => return Err(fault.into()),
            }
        },
        Write::Delete => match aws.delete_bucket(bucket, region, owner).await {
            Err(fault) if fault.is("BucketNotEmpty") => {
                Err(Error::refused(format!("something came into the bucket {bucket} after the plan was made"))
                    .because(fault.message)
                    .remedy("run the same command again: it counts what is there now"))
            }
            other => Ok(other?),
        },
    }
}

/// What is in the bucket, for a person.
pub fn in_words(contents: Contents) -> String {
    let Contents { objects, bytes, delete_markers, uploads } = contents;
    let several = |count: u64, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        more => Some(format!("{more} {one}s")),
    };
    let objects = several(objects, "object").map(|text| format!("{text} ({})", indicatif::HumanBytes(bytes)));
    let parts = [objects, several(delete_markers, "delete marker"), several(uploads, "unfinished upload")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::buckets::Settings;
    use crate::plan::Change;

    use crate::steps::samples;

    #[test]
    fn a_bucket_goes_only_when_it_is_ours_asked_for_and_empty_or_its_data_is_given_up() {
        use BucketWish::{GoesIfEmpty, GoesWithData, Stays};
        let one = samples::onboarding(&[]);
        let ours = Bucket::Here(Settings { tags: one.all_tags(), ..Settings::default() });
        let adopted = Bucket::Here(Settings::default());
        let theirs = samples::onboarding(&[("org_id", "999")]).all_tags();
        let shared = Bucket::Here(Settings { tags: theirs, ..Settings::default() });
        let away = Bucket::Elsewhere("eu-west-1".into());
        let (none, bills) = (Contents::default(), Contents { objects: 2, bytes: 4096, ..Contents::default() });
        let upload = Contents { uploads: 1, ..none };
        let cases = [
            ("absent", &Bucket::Absent, none, GoesWithData, Change::Keep, 0),
            ("ours, not asked for", &ours, none, Stays, Change::Keep, 0),
            ("ours, empty", &ours, none, GoesIfEmpty, Change::Delete, 1),
            ("ours, with bills", &ours, bills, GoesIfEmpty, Change::Refuse, 0),
            ("ours, with an upload", &ours, upload, GoesIfEmpty, Change::Refuse, 0),
            ("ours, its bills given up", &ours, bills, GoesWithData, Change::Delete, 2),
            ("adopted", &adopted, bills, GoesWithData, Change::Keep, 0),
            ("another organization's", &shared, none, GoesWithData, Change::Keep, 0),
            ("denied, not asked for", &Bucket::Denied, none, Stays, Change::Keep, 0),
            ("denied", &Bucket::Denied, none, GoesIfEmpty, Change::Refuse, 0),
            ("in another region", &away, none, Stays, Change::Refuse, 0),
        ];
        for (name, bucket, contents, wish, change, writes) in cases {
            let planned = diff(&one, bucket, contents, &[], wish);
            assert_eq!((planned.change, planned.writes.len()), (change, writes), "{name}");
        }
        let theirs = |wish| diff(&one, &ours, none, &["theirs"], wish).change;
        assert_eq!((theirs(GoesIfEmpty), theirs(Stays)), (Change::Refuse, Change::Keep), "with a report that stays");
    }

    #[test]
    fn what_is_lost_is_said_before_the_yes() {
        let contents = Contents { objects: 2, bytes: 4096, delete_markers: 1, uploads: 0 };
        assert_eq!(in_words(contents), "2 objects (4.00 KiB), 1 delete marker");
    }
}
