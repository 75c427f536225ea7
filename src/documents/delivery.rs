//! What lets AWS billing deliver a Cost and Usage Report into the bucket, and its merge into a policy that is there.
//! AWS's own form: <https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html>

mod merge;
mod raw;
mod refusal;
mod removal;

use std::fmt::Display;

use serde_json::{Value, json};

pub use merge::{Addition, MergeResult, Merged, merge};
pub use refusal::MergeRefusal;
pub use removal::{Cut, without_ours};

use super::arn;
use super::conditions::Context;
use super::evaluate::Request;
use crate::spec::names::{AccountId, BucketName, Partition};

/// Who delivers.
pub const BILLING_SERVICE: &str = "billingreports.amazonaws.com";

/// Our statement that lets AWS check the bucket before each delivery.
pub const CHECK_SID: &str = "OptimaOnboardBillingCheck";

/// Our statement that lets AWS deliver.
pub const DELIVERY_SID: &str = "OptimaOnboardBillingDelivery";

/// The two statements, in the order in which they are added. Delivery is granted on the whole bucket, because AWS
/// first writes a test object at its root.
pub fn delivery_statements(partition: Partition, account: &impl Display, bucket: &impl Display) -> Vec<Value> {
    // StringLike where AWS writes StringEquals: it takes the star as one, and the literal star as well. The region in
    // the ARN is that of the service, never the bucket's: with the bucket's, delivery stops without a word.
    let condition = json!({ "StringLike": {
        "aws:SourceAccount": account.to_string(),
        "aws:SourceArn": arn::reports(partition, account),
    } });
    let statement = |sid: &str, actions: Value, resource: String| {
        json!({
            "Sid": sid,
            "Effect": "Allow",
            "Principal": { "Service": BILLING_SERVICE },
            "Action": actions,
            "Resource": resource,
            "Condition": condition,
        })
    };
    vec![
        statement(CHECK_SID, json!(["s3:GetBucketAcl", "s3:GetBucketPolicy"]), arn::bucket(partition, bucket)),
        statement(DELIVERY_SID, json!("s3:PutObject"), arn::objects(partition, bucket)),
    ]
}

/// AWS billing at work on one bucket: the requests that it makes there, for any report of the account.
struct Delivery {
    bucket: String,
    objects: String,
    context: Context,
}

impl Delivery {
    fn new(partition: Partition, account: &AccountId, bucket: &BucketName) -> Self {
        let context = Context::new(&[
            ("aws:SourceAccount", account.as_str()),
            ("aws:SourceArn", &arn::reports(partition, account)),
            ("aws:SecureTransport", "true"),
            ("aws:PrincipalIsAWSService", "true"),
            ("aws:PrincipalServiceName", BILLING_SERVICE),
        ]);
        Self { bucket: arn::bucket(partition, bucket), objects: arn::objects(partition, bucket), context }
    }

    fn put_object(&self) -> Request<'_> {
        self.request("s3:PutObject", &self.objects)
    }

    fn get_policy(&self) -> Request<'_> {
        self.request("s3:GetBucketPolicy", &self.bucket)
    }

    fn get_acl(&self) -> Request<'_> {
        self.request("s3:GetBucketAcl", &self.bucket)
    }

    fn request<'a>(&'a self, action: &'a str, resource: &'a str) -> Request<'a> {
        Request { service: BILLING_SERVICE, action, resource, context: &self.context }
    }
}

#[cfg(test)]
mod tests;
