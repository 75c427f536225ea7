//! What whoever runs `destroy` needs besides the reads that making needs too (`documents::operator`).

use super::operator::operator;
use crate::documents::Purpose;
use crate::explain::terms::{Holder, Permission};

const REMOVE: &[Purpose] = &[Purpose::Destroy, Purpose::DestroyWithBucket];
const WITH_BUCKET: &[Purpose] = &[Purpose::DestroyWithBucket];

/// Step by step.
pub const PERMISSIONS: &[Permission] = &[
    operator!(
        "s3:DeleteBucketPolicy",
        "Bucket",
        REMOVE,
        "removes a bucket policy in which nobody else has a statement",
        "the two statements for AWS billing stay"
    ),
    operator!(
        "cur:DeleteReportDefinition",
        "Report",
        REMOVE,
        "removes the report; what was delivered stays",
        "AWS goes on delivering"
    ),
    operator!(
        "iam:ListEntitiesForPolicy",
        "Policy",
        REMOVE,
        "says who else has the policy",
        "the run stops: a policy that others use must stay"
    ),
    operator!("iam:DeletePolicy", "Policy", REMOVE, "removes the policy", "the policy stays"),
    operator!(
        "iam:DetachRolePolicy",
        "Role",
        REMOVE,
        "takes the policy from the role; IAM deletes no role that has one",
        "the role stays"
    ),
    operator!(
        "iam:DeleteRole",
        "Role",
        REMOVE,
        "removes the role, and with it Flexera's way in",
        "the role stays: Flexera could still get in"
    ),
    operator!(
        "iam:DetachUserPolicy",
        "User",
        REMOVE,
        "takes the policy from the user; IAM deletes no user that has one",
        "the user stays"
    ),
    operator!(
        "iam:DeleteUser",
        "User",
        REMOVE,
        "removes the user, and with it Flexera's way in",
        "the user stays: without its keys nobody gets in by it"
    ),
    operator!(
        "s3:ListBucketVersions",
        "BucketDeletion",
        WITH_BUCKET,
        "lists what is in the bucket, old versions too",
        "the run stops: it cannot say whether the bucket is empty"
    ),
    operator!(
        "s3:ListBucketMultipartUploads",
        "BucketDeletion",
        WITH_BUCKET,
        "lists uploads that were never finished",
        "the run stops: it cannot say whether the bucket is empty"
    ),
    operator!(
        "s3:DeleteBucket",
        "BucketDeletion",
        WITH_BUCKET,
        "removes the bucket, if this program made it and you asked for that",
        "the bucket stays"
    ),
    operator!(
        "s3:DeleteObject",
        "DataDeletion",
        WITH_BUCKET,
        "removes what is in it (--delete-bucket-data)",
        "a bucket with files in it stays"
    ),
    operator!(
        "s3:DeleteObjectVersion",
        "DataDeletion",
        WITH_BUCKET,
        "removes its old versions",
        "a bucket with versions in it stays"
    ),
    operator!(
        "s3:AbortMultipartUpload",
        "DataDeletion",
        WITH_BUCKET,
        "removes uploads that were never finished",
        "their parts stay, and cost"
    ),
];
