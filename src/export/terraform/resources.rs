//! The configuration's resources, one function each, in the order in which a person would make them by hand.

use super::{filled, open};
use crate::export::hcl::{Body, Value, expression, literal, object};
use crate::export::hole::Hole;
use crate::export::subject::Subject;

/// One resource and what is said about it.
pub struct Resource {
    /// Its type and name.
    pub head: String,
    /// Its arguments.
    pub body: Body,
    /// Lines above it.
    pub comment: Vec<String>,
}

/// All of them.
pub fn all(subject: &Subject) -> Vec<Resource> {
    let mut all = Vec::new();
    if subject.makes_report() {
        all.extend(bucket());
        all.extend([bucket_policy(subject), report(subject)]);
    }
    all.push(policy(subject));
    all.extend(if subject.by_role() { role(subject) } else { user(subject) });
    all
}

fn resource(kind: &str, name: &str, comment: &[&str], body: Body) -> Resource {
    let comment = comment.iter().map(|line| (*line).to_owned()).collect();
    Resource { head: format!("resource \"{kind}\" \"{name}\""), body, comment }
}

fn in_bucket() -> Body {
    Body::default().set("bucket", expression("aws_s3_bucket.billing.id"))
}

fn bucket() -> [Resource; 4] {
    let made = Body::default()
        .set("bucket", expression("local.bucket"))
        .set("tags", expression("local.tags"))
        .blank()
        .block("lifecycle", Body::default().set("prevent_destroy", expression("true")));
    let on = ["block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"];
    let private = on.iter().fold(in_bucket().blank(), |body, setting| body.set(setting, expression("true")));
    let ownership = Body::default().set("object_ownership", literal("BucketOwnerEnforced"));
    let sse = Body::default().set("sse_algorithm", literal("AES256"));
    let encryption = Body::default().block("apply_server_side_encryption_by_default", sse);
    [
        resource("aws_s3_bucket", "billing", &["Holds the bills: Terraform is not to destroy it."], made),
        resource("aws_s3_bucket_public_access_block", "billing", &[], private),
        resource(
            "aws_s3_bucket_ownership_controls",
            "billing",
            &["No access control lists."],
            in_bucket().blank().block("rule", ownership),
        ),
        resource(
            "aws_s3_bucket_server_side_encryption_configuration",
            "billing",
            &[],
            in_bucket().blank().block("rule", encryption),
        ),
    ]
}

fn bucket_policy(subject: &Subject) -> Resource {
    // S3 answers 409 to two changes of one bucket at once, and a policy is held against Block Public Access.
    let after = "[aws_s3_bucket_public_access_block.billing]";
    let body = in_bucket()
        .set("policy", document(subject, &subject.bucket_policy()))
        .blank()
        .set("depends_on", expression(after));
    resource(
        "aws_s3_bucket_policy",
        "billing",
        &[
            "Lets AWS billing check the bucket and deliver, for reports of this account only. The region in the ARN is",
            "the report service's, wherever the bucket is.",
        ],
        body,
    )
}

fn report(subject: &Subject) -> Resource {
    let report = subject.report();
    let body = Body::default()
        .set("provider", expression("aws.reports"))
        .blank()
        .set("report_name", literal(&report.name))
        .set("time_unit", literal(&report.time_unit))
        .set("format", literal(&report.format))
        .set("compression", literal(&report.compression))
        .set("additional_schema_elements", Value::List(report.schema_elements.iter().map(|e| literal(e)).collect()))
        .set("s3_bucket", expression("aws_s3_bucket.billing.id"))
        .set("s3_prefix", literal(&report.prefix))
        .set("s3_region", literal(&report.region))
        .set("refresh_closed_reports", expression(&report.refresh_closed.to_string()))
        .set("report_versioning", literal(&report.versioning))
        .set("tags", expression("local.tags"))
        .blank()
        .comment("AWS looks at the bucket's policy before it takes the report.")
        .set("depends_on", expression("[aws_s3_bucket_policy.billing]"));
    resource(
        "aws_cur_report_definition",
        "billing",
        &["The bill as Flexera reads it: hourly, with resource ids, GZIP text, closed months refreshed."],
        body,
    )
}

fn policy(subject: &Subject) -> Resource {
    let body = Body::default()
        .set("name", filled(subject, &Hole::PolicyName.to_string()))
        .set("description", literal(subject.policy_purpose()))
        .set("policy", document(subject, &subject.permissions()))
        .set("tags", expression("local.tags"));
    let what = &[
        "What Flexera may read: the billing bucket, the organization's accounts, units and policies, reservation utilization.",
    ];
    resource("aws_iam_policy", "access", what, body)
}

fn role(subject: &Subject) -> [Resource; 2] {
    let body = Body::default()
        .set("name", filled(subject, &Hole::AccessName.to_string()))
        .set("description", literal(subject.role_purpose()))
        .set("assume_role_policy", document(subject, &subject.trust()))
        .set("tags", expression("local.tags"));
    let attached = Body::default()
        .set("role", expression("aws_iam_role.access.name"))
        .set("policy_arn", expression("aws_iam_policy.access.arn"));
    [
        Resource { comment: subject.who_gets_in(), ..resource("aws_iam_role", "access", &[], body) },
        resource("aws_iam_role_policy_attachment", "access", &[], attached),
    ]
}

fn user(subject: &Subject) -> [Resource; 2] {
    let body = Body::default()
        .set("name", filled(subject, &Hole::AccessName.to_string()))
        .set("tags", expression("local.tags"));
    let attached = Body::default()
        .set("user", expression("aws_iam_user.access.name"))
        .set("policy_arn", expression("aws_iam_policy.access.arn"));
    let what = &[
        "Without an access key: its secret part would stand in Terraform's state. It is made afterwards, as the",
        "head of this file says.",
    ];
    [
        resource("aws_iam_user", "access", what, body),
        resource("aws_iam_user_policy_attachment", "access", &[], attached),
    ]
}

fn document(subject: &Subject, document: &serde_json::Value) -> Value {
    Value::Call("jsonencode", Box::new(object(document, &open(subject))))
}
