//! Making a bucket: name, place, owner, and the settings every new bucket has had since April 2023.

use super::{Asker, S3, names};
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::message::{Answer, Request, text_of};

impl S3 {
    /// CreateBucket.
    pub(super) async fn create(&self, request: &Request, bucket: &str, asker: &Asker<'_>) -> Result<Answer, Refusal> {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let resource = format!("arn:aws:s3:::{bucket}");
        asker.caller.may(asker.iam, "s3:CreateBucket", &resource, None)?;
        if text_of(&body, "Tags").is_some() {
            asker.caller.may(asker.iam, "s3:TagResource", &resource, None)?;
        }
        if !names::is_valid(bucket) {
            return Err(Refusal::new(400, "InvalidBucketName", "The specified bucket is not valid."));
        }
        let region = place(asker.region, text_of(&body, "LocationConstraint").map(str::trim))?;
        if bucket.starts_with(names::TAKEN) || !self.claim(bucket) {
            return Err(Refusal::new(
                409,
                "BucketAlreadyExists",
                "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
            ));
        }
        let rests = self.deleted().get(bucket).is_some_and(|at| at.elapsed() < self.name_rest);
        if rests {
            return Err(Refusal::new(
                409,
                "OperationAborted",
                "A conflicting conditional operation is currently in progress against this resource. Please try again.",
            ));
        }
        if let Some(home) = self.region_of(bucket) {
            return again(bucket, &home, &region);
        }
        // In the name's own slot from here on: a second request for the same name meets the first.
        self.regions().insert(bucket.to_owned(), region);
        let answer = self.ask("PUT", bucket, "", "").await;
        if answer.status >= 300 {
            self.free(bucket);
            return Ok(answer);
        }
        self.settle(bucket, &body).await;
        Ok(Answer::empty(200).with("location", &format!("/{bucket}")))
    }

    /// What a new bucket has without being asked, and the tags that came with the request.
    async fn settle(&self, bucket: &str, body: &str) {
        let all = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
            .map(|name| format!("<{name}>true</{name}>"))
            .concat();
        let block = format!("<PublicAccessBlockConfiguration>{all}</PublicAccessBlockConfiguration>");
        self.ask("PUT", bucket, "publicAccessBlock", &block).await;
        let owner = "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>";
        self.ask("PUT", bucket, "ownershipControls", owner).await;
        let encryption = "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>";
        self.ask("PUT", bucket, "encryption", encryption).await;
        if let Some(tags) = text_of(body, "Tags") {
            self.ask("PUT", bucket, "tagging", &format!("<Tagging><TagSet>{tags}</TagSet></Tagging>")).await;
        }
    }

    /// Whether ACLs are off.
    pub(super) async fn owner_enforced(&self, bucket: &str) -> bool {
        let answer = self.ask("GET", bucket, "ownershipControls", "").await;
        String::from_utf8_lossy(&answer.body).contains("BucketOwnerEnforced")
    }
}

/// Where the bucket goes. The us-east-1 endpoint makes buckets anywhere, but will not have its own name said; the others make
/// them at home, and will have it said.
fn place(endpoint: &str, constraint: Option<&str>) -> Result<String, Refusal> {
    let invalid = || Refusal::new(400, "InvalidLocationConstraint", "The specified location-constraint is not valid");
    let illegal = |named: &str| {
        let message = format!(
            "The {named} location constraint is incompatible for the region specific endpoint this request was sent to."
        );
        Refusal::new(400, "IllegalLocationConstraintException", message)
    };
    match constraint.filter(|name| !name.is_empty()) {
        None if endpoint == "us-east-1" => Ok(endpoint.to_owned()),
        None => Err(illegal("unspecified")),
        Some("us-east-1") => Err(invalid()),
        Some("EU") if ["us-east-1", "eu-west-1"].contains(&endpoint) => Ok("eu-west-1".into()),
        Some(name) if !names::is_region(name) => Err(invalid()),
        Some(name) if endpoint == "us-east-1" || endpoint == name => Ok(name.to_owned()),
        Some(name) => Err(illegal(name)),
    }
}

/// Making one's own bucket again is an error, except in us-east-1, where it is a 200 for old times' sake.
fn again(bucket: &str, home: &str, region: &str) -> Result<Answer, Refusal> {
    if home == "us-east-1" && region == "us-east-1" {
        return Ok(Answer::empty(200).with("location", &format!("/{bucket}")));
    }
    Err(Refusal::new(
        409,
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        for (endpoint, constraint, expected) in [
            ("us-east-1", None, Ok("us-east-1")),
            ("us-east-1", Some("us-east-1"), Err("InvalidLocationConstraint")),
            ("us-east-1", Some("eu-west-1"), Ok("eu-west-1")),
            ("eu-west-1", Some("eu-west-1"), Ok("eu-west-1")),
            ("eu-west-1", None, Err("IllegalLocationConstraintException")),
            ("eu-west-1", Some("eu-west-2"), Err("IllegalLocationConstraintException")),
            ("eu-west-1", Some("narnia"), Err("InvalidLocationConstraint")),
        ] {
            let found = place(endpoint, constraint);
            assert_eq!(found.as_deref().map_err(|refusal| refusal.code), expected, "{endpoint} {constraint:?}");
        }
    }

    #[test]
    fn again_is_fine_only_in_us_east_1() {
        assert_eq!(again("b", "us-east-1", "us-east-1").unwrap().status, 200);
        assert_eq!(again("b", "eu-west-1", "eu-west-1").unwrap_err().code, "BucketAlreadyOwnedByYou");
    }
}
