//! S3 as the bucket steps need it: what is there, and the few writes.

use aws_sdk_s3::types::{
    BucketLocationConstraint, CreateBucketConfiguration, ObjectOwnership, OwnershipControls, OwnershipControlsRule,
    PublicAccessBlockConfiguration, Tag, Tagging,
};

use backon::{ExponentialBuilder, Retryable};

use crate::aws::fault::{Answer, Fault};
use crate::aws::{ATTEMPTS, Aws, complete};
use crate::spec::bucket_key::AWS_OWN;
use crate::spec::names::{AccountId, BucketName, Region};
use crate::spec::tags::Tags;

/// What stands under a bucket's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// Nothing.
    Absent,
    /// Somebody else's bucket, or one that may not be looked at: S3 answers 403 for both.
    Denied,
    /// A bucket of this account in another region than asked for.
    Elsewhere(String),
    /// A bucket of this account.
    Here(Settings),
}

/// A bucket's settings as far as this program cares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Its tags.
    pub tags: Tags,
    /// Whether all four settings of Block Public Access are on.
    pub public_access_blocked: bool,
    /// `BucketOwnerEnforced` means that access control lists are off.
    pub ownership: Option<String>,
    /// The KMS key of its default encryption; `None` is SSE-S3, which every bucket has at least.
    pub kms_key: Option<String>,
    /// Its policy's text.
    pub policy: Option<String>,
}

impl Aws {
    /// Where the bucket is, if it exists and may be seen. The answer's header says so even for a wrong region.
    pub async fn bucket_region(&self, bucket: &BucketName) -> Answer<Option<String>> {
        let answer = self.s3(self.region()).head_bucket().bucket(bucket.as_str()).send().await;
        let error = match answer {
            Ok(head) => return Ok(head.bucket_region().map(str::to_owned)),
            Err(error) => error,
        };
        let said = error.raw_response().and_then(|answer| answer.headers().get("x-amz-bucket-region"));
        let said = said.map(str::to_owned);
        let fault = Fault::of("s3:ListBucket", bucket.as_str(), &error);
        // S3 says where a bucket is to those whom it does not let in, and that there is none.
        let is_answer = fault.status.is_some_and(|status| [301, 400, 403, 404].contains(&status));
        if said.is_some() || is_answer { Ok(said) } else { Err(fault) }
    }

    /// The names of the account's buckets, at most the first thousand; for a menu, never for a decision.
    pub async fn bucket_names(&self) -> Answer<Vec<String>> {
        let answer = self.s3(self.region()).list_buckets().max_buckets(1000).send().await;
        let answer = answer.map_err(|e| Fault::of("s3:ListAllMyBuckets", "", &e))?;
        Ok(answer.buckets().iter().filter_map(|bucket| bucket.name().map(str::to_owned)).collect())
    }

    /// Reads the bucket with everything about it, all at once; what S3 says of a bucket that is not there is dropped.
    ///
    /// A HEAD answer has no body that could be looked at: one for a bucket of which everything else says that it is not
    /// there may come from something in between, or the bucket is being deleted. It is asked for again.
    pub async fn bucket(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Bucket> {
        let look = || self.look_at(bucket, region, owner);
        look.retry(pauses()).when(|fault| fault.is("NoSuchBucket")).await
    }

    async fn look_at(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Bucket> {
        let (head, settings) =
            tokio::join!(self.head(bucket, region, owner), self.bucket_settings(bucket, region, owner));
        match head? {
            Head::Found => settings.map(Bucket::Here),
            Head::Absent => Ok(Bucket::Absent),
            Head::Denied => Ok(Bucket::Denied),
            Head::Elsewhere(region) => Ok(Bucket::Elsewhere(region)),
        }
    }

    /// Reads the settings of a bucket that is there.
    pub async fn bucket_settings(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Settings> {
        // Not cut short at the first error, which is the rule for a bucket that is not there: what a run asks is then
        // the same every time.
        let (tags, public_access_blocked, ownership, kms_key, policy) = tokio::join!(
            self.bucket_tags(bucket, region, owner),
            self.public_access_blocked(bucket, region, owner),
            self.ownership(bucket, region, owner),
            self.kms_key(bucket, region, owner),
            self.bucket_policy(bucket, region, owner),
        );
        Ok(Settings {
            tags: tags?,
            public_access_blocked: public_access_blocked?,
            ownership: ownership?,
            kms_key: kms_key?,
            policy: policy?,
        })
    }

    /// Of a bucket made a moment ago, only what it may lack: its policy is being written, and SSE-S3 is what every
    /// bucket has at least.
    pub async fn new_bucket_settings(
        &self,
        bucket: &BucketName,
        region: &Region,
        owner: &AccountId,
    ) -> Answer<Settings> {
        let (tags, public_access_blocked, ownership) = tokio::join!(
            self.bucket_tags(bucket, region, owner),
            self.public_access_blocked(bucket, region, owner),
            self.ownership(bucket, region, owner),
        );
        let (tags, public_access_blocked, ownership) = (tags?, public_access_blocked?, ownership?);
        Ok(Settings { tags, public_access_blocked, ownership, ..Settings::default() })
    }

    /// The bucket policy's text, if it has one. The SDK hands any text through, so a page that something in between
    /// answered with is told apart here, and asked for again like any other lost answer.
    pub async fn bucket_policy(
        &self,
        bucket: &BucketName,
        region: &Region,
        owner: &AccountId,
    ) -> Answer<Option<String>> {
        let ask = || self.policy_text(bucket, region, owner);
        ask.retry(pauses()).when(Fault::is_wrong_body).await
    }

    async fn policy_text(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Option<String>> {
        let request = self.s3(region).get_bucket_policy().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let answer = request.send().await.map_err(|e| Fault::of("s3:GetBucketPolicy", bucket.as_str(), &e));
        let text = unless_unset(answer, "NoSuchBucketPolicy", |policy| policy.policy)?;
        let is_json = |text: &String| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        if text.as_ref().is_none_or(is_json) {
            return Ok(text);
        }
        Err(Fault {
            action: "s3:GetBucketPolicy",
            resource: bucket.as_str().to_owned(),
            code: None,
            status: Some(200),
            message: "the answer is no policy: something between here and AWS may have answered".into(),
        })
    }

    /// The KMS key of the bucket's default encryption alone; a bucket that is not there has none.
    pub async fn bucket_key(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Option<String>> {
        match self.kms_key(bucket, region, owner).await {
            Err(fault) if fault.is("NoSuchBucket") => Ok(None),
            answer => answer,
        }
    }

    /// Creates the bucket: in its region, access control lists off, tags on from its first moment.
    pub async fn create_bucket(&self, bucket: &BucketName, region: &Region, tags: &Tags) -> Answer<()> {
        let mut configuration = CreateBucketConfiguration::builder().set_tags(Some(s3_tags(tags)));
        // us-east-1 is the one region that must not be named: S3 answers InvalidLocationConstraint.
        if region.as_str() != "us-east-1" {
            configuration = configuration.location_constraint(BucketLocationConstraint::from(region.as_str()));
        }
        let request = self
            .s3(region)
            .create_bucket()
            .bucket(bucket.as_str())
            .object_ownership(ObjectOwnership::BucketOwnerEnforced);
        let answer = request.create_bucket_configuration(configuration.build()).send().await;
        answer.map(drop).map_err(|e| Fault::of("s3:CreateBucket", bucket.as_str(), &e))
    }

    /// Puts the whole policy.
    pub async fn put_bucket_policy(
        &self,
        bucket: &BucketName,
        region: &Region,
        owner: &AccountId,
        text: &str,
    ) -> Answer<()> {
        let request = self.s3(region).put_bucket_policy().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        request.policy(text).send().await.map(drop).map_err(|e| Fault::of("s3:PutBucketPolicy", bucket.as_str(), &e))
    }

    /// Takes the whole policy away; S3 says yes as well when there is none.
    pub async fn delete_bucket_policy(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<()> {
        let request =
            self.s3(region).delete_bucket_policy().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        request.send().await.map(drop).map_err(|e| Fault::of("s3:DeleteBucketPolicy", bucket.as_str(), &e))
    }

    /// Turns all four settings of Block Public Access on.
    pub async fn block_public_access(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<()> {
        let all = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .ignore_public_acls(true)
            .block_public_policy(true)
            .restrict_public_buckets(true)
            .build();
        let request =
            self.s3(region).put_public_access_block().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let answer = request.public_access_block_configuration(all).send().await;
        answer.map(drop).map_err(|e| Fault::of("s3:PutBucketPublicAccessBlock", bucket.as_str(), &e))
    }

    /// Turns access control lists off.
    pub async fn enforce_ownership(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<()> {
        let rule =
            complete(OwnershipControlsRule::builder().object_ownership(ObjectOwnership::BucketOwnerEnforced).build());
        let controls = complete(OwnershipControls::builder().rules(rule).build());
        let request = self
            .s3(region)
            .put_bucket_ownership_controls()
            .bucket(bucket.as_str())
            .expected_bucket_owner(owner.as_str());
        let answer = request.ownership_controls(controls).send().await;
        answer.map(drop).map_err(|e| Fault::of("s3:PutBucketOwnershipControls", bucket.as_str(), &e))
    }

    /// Replaces the bucket's tags.
    pub async fn tag_bucket(&self, bucket: &BucketName, region: &Region, owner: &AccountId, tags: &Tags) -> Answer<()> {
        let tagging = complete(Tagging::builder().set_tag_set(Some(s3_tags(tags))).build());
        let request =
            self.s3(region).put_bucket_tagging().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        request
            .tagging(tagging)
            .send()
            .await
            .map(drop)
            .map_err(|e| Fault::of("s3:PutBucketTagging", bucket.as_str(), &e))
    }

    async fn head(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Head> {
        let request = self.s3(region).head_bucket().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let error = match request.send().await {
            Ok(head) => {
                return Ok(match head.bucket_region() {
                    Some(actual) if actual != region.as_str() => Head::Elsewhere(actual.to_owned()),
                    _ => Head::Found,
                });
            }
            Err(error) => error,
        };
        // A HEAD answer has no body: the status is all there is, and the region stands in a header.
        let found_in = error.raw_response().and_then(|r| r.headers().get("x-amz-bucket-region")).map(str::to_owned);
        let fault = Fault::of("s3:ListBucket", bucket.as_str(), &error);
        match (fault.status, found_in) {
            (Some(404), _) => Ok(Head::Absent),
            (Some(301 | 400), Some(actual)) if actual != region.as_str() => Ok(Head::Elsewhere(actual)),
            (Some(403), _) if !fault.is("InvalidAccessKeyId") => Ok(Head::Denied),
            _ => Err(fault),
        }
    }

    async fn bucket_tags(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Tags> {
        let request =
            self.s3(region).get_bucket_tagging().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let answer = request.send().await.map_err(|e| Fault::of("s3:GetBucketTagging", bucket.as_str(), &e));
        let found = unless_unset(answer, "NoSuchTagSet", |tagging| Some(tagging.tag_set))?;
        Ok(Tags::found(found.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value))))
    }

    async fn public_access_blocked(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<bool> {
        let request =
            self.s3(region).get_public_access_block().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let answer = request.send().await.map_err(|e| Fault::of("s3:GetBucketPublicAccessBlock", bucket.as_str(), &e));
        let found = unless_unset(answer, "NoSuchPublicAccessBlockConfiguration", |block| {
            block.public_access_block_configuration
        })?;
        let on = |setting: Option<bool>| setting == Some(true);
        Ok(found.is_some_and(|all| {
            on(all.block_public_acls)
                && on(all.ignore_public_acls)
                && on(all.block_public_policy)
                && on(all.restrict_public_buckets)
        }))
    }

    async fn ownership(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Option<String>> {
        let request = self
            .s3(region)
            .get_bucket_ownership_controls()
            .bucket(bucket.as_str())
            .expected_bucket_owner(owner.as_str());
        let answer = request.send().await.map_err(|e| Fault::of("s3:GetBucketOwnershipControls", bucket.as_str(), &e));
        unless_unset(answer, "OwnershipControlsNotFoundError", |found| {
            found
                .ownership_controls
                .and_then(|controls| controls.rules.into_iter().next())
                .map(|rule| rule.object_ownership.as_str().to_owned())
        })
    }

    async fn kms_key(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Option<String>> {
        let request =
            self.s3(region).get_bucket_encryption().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let answer = request.send().await.map_err(|e| Fault::of("s3:GetEncryptionConfiguration", bucket.as_str(), &e));
        unless_unset(answer, "ServerSideEncryptionConfigurationNotFoundError", |found| {
            let rules = found.server_side_encryption_configuration.map(|all| all.rules).unwrap_or_default();
            let default = rules.into_iter().find_map(|rule| rule.apply_server_side_encryption_by_default)?;
            let kms = default.sse_algorithm.as_str().starts_with("aws:kms");
            kms.then(|| default.kms_master_key_id.unwrap_or_else(|| AWS_OWN.to_owned()))
        })
    }
}

/// Between attempts of what the SDK does not know to be wrong.
fn pauses() -> ExponentialBuilder {
    ExponentialBuilder::default().with_max_times(ATTEMPTS as usize - 1).with_jitter()
}

enum Head {
    Found,
    Absent,
    Denied,
    Elsewhere(String),
}

/// S3 answers with an error of its own for each setting that was never made.
fn unless_unset<A, T>(answer: Answer<A>, code: &str, value: impl FnOnce(A) -> Option<T>) -> Answer<Option<T>> {
    match answer {
        Ok(answer) => Ok(value(answer)),
        Err(fault) if fault.is(code) => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn s3_tags(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| complete(Tag::builder().key(key).value(value).build())).collect()
}
