//! What AWS billing may do in the billing bucket: AWS's own policy for it,
//! <https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html>, narrowed to this account's reports.

use crate::explain::terms::{Holder, Permission};

const fn billing(action: &'static str, why: &'static str, without: &'static str) -> Permission {
    Permission { holder: Holder::Billing, action, step: "bucket-policy", purposes: &[], why, without }
}

/// On the billing bucket alone.
pub const PERMISSIONS: &[Permission] = &[
    billing(
        "s3:GetBucketAcl",
        "checks who owns the bucket, before each delivery",
        "AWS refuses to make the report, or stops delivering",
    ),
    billing(
        "s3:GetBucketPolicy",
        "checks that it may deliver, before each delivery",
        "AWS refuses to make the report, or stops delivering",
    ),
    billing(
        "s3:PutObject",
        "writes the bill's files, and once a test file at the bucket's root",
        "no bill is delivered: nothing new in Flexera",
    ),
];
