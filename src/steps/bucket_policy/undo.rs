//! Taking our statements out of the bucket's policy: what others wrote stays to the byte, and stays enough for reports
//! that are not ours.

use serde::Serialize;

use super::changed_meanwhile;
use crate::aws::buckets::Bucket;
use crate::documents::{self, Cut, Merged};
use crate::error::Result;
use crate::plan::{Detail, Planned};
use crate::spec::Onboarding;
use crate::spec::tags::Owner;
use crate::steps::undo;
use crate::steps::{Step, World};

/// The one write: the rest of the policy, on the condition that the policy is still what the plan saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Write {
    /// The policy when the plan was made.
    pub before: String,
    /// What is left of it; `None` when nothing is, and the policy goes as a whole.
    pub after: Option<String>,
}

/// Whether our statements go; `staying` are the names of reports that are delivered to this bucket and are not removed.
pub fn diff(onboarding: &Onboarding, found: &Bucket, staying: &[&str]) -> Planned {
    let name = onboarding.bucket.as_str();
    let keep = |why: &str| Planned::keep(Step::BucketPolicy, name).because(why);
    let settings = match found {
        Bucket::Here(settings) => settings,
        Bucket::Absent => return undo::absent(Step::BucketPolicy, name),
        Bucket::Denied | Bucket::Elsewhere(_) => return keep("the policy was not read; see the bucket"),
    };
    let Some(before) = &settings.policy else { return undo::absent(Step::BucketPolicy, name) };
    if let Owner::OtherOrganization(org) = settings.tags.owner(&onboarding.org_id) {
        return keep(&format!(
            "the bucket was made for the Flexera organization {org}, whose report needs what is in its policy"
        ));
    }
    match documents::without_ours(before) {
        Err(refusal) => Planned::refuse(
            Step::BucketPolicy,
            name,
            refusal.reason(),
            "correct the bucket's policy, then run the same command again",
        ),
        Ok(cut) if cut.removed.is_empty() => keep("no statement in it was made by optima-onboard"),
        Ok(cut) if !staying.is_empty() && !still_delivers(onboarding, cut.rest.as_deref()) => keep(&format!(
            "the report {} is delivered to this bucket too, and only our statements let it",
            staying.join(", ")
        )),
        Ok(cut) => removal(name, before, cut),
    }
}

/// Our statements go, and with the last one the policy.
fn removal(bucket: &str, before: &str, cut: Cut) -> Planned {
    let details = cut.removed.iter().map(|statement| Detail::gone("statement", statement.to_string())).collect();
    let others = cut.rest.is_some();
    let write = undo::Write::BucketPolicy(Write { before: before.to_owned(), after: cut.rest });
    let planned = Planned::delete(Step::BucketPolicy, bucket, details, vec![write.into()]);
    if others { planned.because("every other statement stays as it is") } else { planned }
}

/// Puts the rest, or takes the policy away, unless the policy has changed since the plan.
///
/// # Errors
/// A refusal when it has; else what S3 answers.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let (bucket, region, owner) = (&onboarding.bucket, &onboarding.bucket_region, &onboarding.account_id);
    // S3 has no conditional write for a policy: reading it right before is as near as one gets.
    let now = match world.aws.bucket_policy(bucket, region, owner).await {
        Err(fault) if fault.is("NoSuchBucket") => return Ok(()),
        other => other?,
    };
    if now == write.after {
        return Ok(());
    }
    if now.as_deref() != Some(write.before.as_str()) {
        return Err(changed_meanwhile(bucket));
    }
    match &write.after {
        Some(rest) => world.aws.put_bucket_policy(bucket, region, owner, rest).await?,
        None => world.aws.delete_bucket_policy(bucket, region, owner).await?,
    }
    Ok(())
}

fn still_delivers(onboarding: &Onboarding, rest: Option<&str>) -> bool {
    let merge = documents::merge(rest, onboarding.partition, &onboarding.account_id, &onboarding.bucket);
    merge.is_ok_and(|result| result.merged == Merged::AlreadyThere)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::buckets::Settings;
    use crate::plan::Change;
    use crate::spec::tags::Tags;
    use crate::steps::{Write as Any, bucket_policy, samples};

    /// The policy that an apply leaves on a bucket that had this one.
    fn applied(onboarding: &Onboarding, before: Option<&str>) -> String {
        let found = Bucket::Here(Settings { policy: before.map(str::to_owned), ..Settings::default() });
        match bucket_policy::diff(onboarding, &found).writes.into_iter().next() {
            Some(Any::BucketPolicy(write)) => write.after,
            other => panic!("one write to the policy: {other:?}"),
        }
    }

    fn with_policy(policy: Option<String>, tags: Tags) -> Bucket {
        Bucket::Here(Settings { policy, tags, ..Settings::default() })
    }

    const FOREIGN: &str = r#"{"Version":"2012-10-17","Id":"Theirs","Statement":[{"Sid":"Mine","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;

    #[test]
    fn our_statements_go_and_nothing_else() {
        let one = samples::onboarding(&[]);
        let (alone, mixed) = (applied(&one, None), applied(&one, Some(FOREIGN)));
        let elsewhere = samples::onboarding(&[("org_id", "999")]).all_tags();
        let cases = [
            ("no bucket", Bucket::Absent, Change::Keep),
            ("somebody else's", Bucket::Denied, Change::Keep),
            ("no policy", with_policy(None, one.all_tags()), Change::Keep),
            ("only ours", with_policy(Some(alone.clone()), one.all_tags()), Change::Delete),
            ("only ours on an adopted bucket", with_policy(Some(alone.clone()), Tags::default()), Change::Delete),
            ("ours and others'", with_policy(Some(mixed.clone()), Tags::default()), Change::Delete),
            ("only others'", with_policy(Some(FOREIGN.into()), one.all_tags()), Change::Keep),
            ("another organization's bucket", with_policy(Some(alone), elsewhere), Change::Keep),
            ("not JSON", with_policy(Some("{".into()), one.all_tags()), Change::Refuse),
        ];
        for (name, bucket, change) in cases {
            assert_eq!(diff(&one, &bucket, &[]).change, change, "{name}");
        }
        let planned = diff(&one, &with_policy(Some(mixed), Tags::default()), &[]);
        let [Any::Undo(undo::Write::BucketPolicy(write))] = planned.writes.as_slice() else {
            panic!("one write: {planned:?}")
        };
        assert_eq!(write.after.as_deref(), Some(FOREIGN), "to the byte what was there before");
    }

    #[test]
    fn statements_that_somebody_elses_report_needs_stay() {
        let one = samples::onboarding(&[]);
        let alone = with_policy(Some(applied(&one, None)), one.all_tags());
        assert_eq!(diff(&one, &alone, &["theirs"]).change, Change::Keep);
        let console = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"billingreports.amazonaws.com"},"Action":["s3:PutObject","s3:GetBucketPolicy"],"Resource":["arn:aws:s3:::BUCKET/*","arn:aws:s3:::BUCKET"]}]}"#.replace("BUCKET", one.bucket.as_str());
        let ours = applied(&one, None);
        let statements = ours.split_once("[{\"Sid\"").and_then(|(_, rest)| rest.rsplit_once(']')).expect("a list").0;
        let both = console.replacen("[{", &format!("[{{\"Sid\"{statements},{{"), 1);
        let planned = diff(&one, &with_policy(Some(both), Tags::default()), &["theirs"]);
        assert_eq!(planned.change, Change::Delete, "the console's statement lets it deliver without ours: {planned:?}");
    }
}
