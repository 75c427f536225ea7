//! The template's resources, one function each, in the order in which a person would make them by hand.

use super::{Part, filled};
use crate::export::hole::Hole;
use crate::export::subject::Subject;
use crate::export::yaml::{Entry, Node, map, text, tree};
use serde_json::Value;

/// Those of one part.
pub fn all(subject: &Subject, part: Part) -> Vec<Entry> {
    let mut all = Vec::new();
    if part != Part::Report && subject.makes_report() {
        all.extend([bucket(subject), bucket_policy(subject).apart()]);
    }
    if part.makes_report(subject) {
        all.push(spaced(report(subject, part), &all));
    }
    if part != Part::Report {
        all.push(spaced(policy(subject), &all));
        all.push(if subject.by_role() { role(subject) } else { user(subject) }.apart());
    }
    all
}

fn spaced(entry: Entry, before: &[Entry]) -> Entry {
    if before.is_empty() { entry } else { entry.apart() }
}

fn bucket(subject: &Subject) -> Entry {
    let on = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    let ownership = map([("Rules", Node::List(vec![map([("ObjectOwnership", text("BucketOwnerEnforced"))])]))]);
    let sse = map([("ServerSideEncryptionByDefault", map([("SSEAlgorithm", text("AES256"))]))]);
    let properties = [
        ("BucketName", filled(subject, &Hole::Bucket.to_string())),
        ("PublicAccessBlockConfiguration", map(on.map(|setting| (setting, Node::Flag(true))))),
        ("OwnershipControls", ownership),
        ("BucketEncryption", map([("ServerSideEncryptionConfiguration", Node::List(vec![sse]))])),
        ("Tags", tags(subject)),
    ];
    let settings = [
        ("Type", text("AWS::S3::Bucket")),
        ("DeletionPolicy", text("Retain")),
        ("UpdateReplacePolicy", text("Retain")),
        ("Properties", map(properties)),
    ];
    Entry::new("BillingBucket", map(settings))
        .saying(["Private: no public access, no access control lists, SSE-S3. It stays when the stack goes."])
}

fn bucket_policy(subject: &Subject) -> Entry {
    let properties = [
        ("Bucket", Node::Call("Ref", Box::new(text("BillingBucket")))),
        ("PolicyDocument", document(subject, &subject.bucket_policy())),
    ];
    resource("BillingBucketPolicy", "AWS::S3::BucketPolicy", Vec::new(), map(properties)).saying([
        "Lets AWS billing check the bucket and deliver, for reports of this account only. The region in the ARN is",
        "the report service's, wherever the bucket is.",
    ])
}

fn report(subject: &Subject, part: Part) -> Entry {
    let report = subject.report();
    let list = |items: &[String]| Node::List(items.iter().map(text).collect());
    let properties = [
        ("ReportName", text(report.name)),
        ("TimeUnit", text(report.time_unit)),
        ("Format", text(report.format)),
        ("Compression", text(report.compression)),
        ("AdditionalSchemaElements", list(&report.schema_elements)),
        ("S3Bucket", filled(subject, &Hole::Bucket.to_string())),
        ("S3Prefix", text(report.prefix)),
        ("S3Region", text(report.region)),
        ("RefreshClosedReports", Node::Flag(report.refresh_closed)),
        ("ReportVersioning", text(report.versioning)),
        ("Tags", tags(subject)),
    ];
    // AWS looks at the bucket's policy before it takes the report; in two stacks the first one is there already.
    let after = if part == Part::Whole { vec![("DependsOn", text("BillingBucketPolicy"))] } else { Vec::new() };
    resource("BillingReport", "AWS::CUR::ReportDefinition", after, map(properties))
        .saying(["The bill as Flexera reads it: hourly, with resource ids, GZIP text, closed months refreshed."])
}

fn policy(subject: &Subject) -> Entry {
    let properties = [
        ("ManagedPolicyName", filled(subject, &Hole::PolicyName.to_string())),
        ("Description", text(subject.policy_purpose())),
        ("PolicyDocument", document(subject, &subject.permissions())),
    ];
    resource("AccessPolicy", "AWS::IAM::ManagedPolicy", Vec::new(), map(properties))
        .saying(["What Flexera may read: the billing bucket, the organization's accounts, units and policies, reservation utilization."])
}

fn role(subject: &Subject) -> Entry {
    let properties = [
        ("RoleName", filled(subject, &Hole::AccessName.to_string())),
        ("Description", text(subject.role_purpose())),
        ("AssumeRolePolicyDocument", document(subject, &subject.trust())),
        ("ManagedPolicyArns", attached()),
        ("Tags", tags(subject)),
    ];
    resource("AccessRole", "AWS::IAM::Role", Vec::new(), map(properties)).saying(subject.who_gets_in())
}

fn user(subject: &Subject) -> Entry {
    let properties = [
        ("UserName", filled(subject, &Hole::AccessName.to_string())),
        ("ManagedPolicyArns", attached()),
        ("Tags", tags(subject)),
    ];
    resource("AccessUser", "AWS::IAM::User", Vec::new(), map(properties)).saying([
        "Without an access key: a template would keep its secret part in plain text. The key is made afterwards,",
        "as the head of this template says.",
    ])
}

fn resource(name: &str, kind: &str, attributes: Vec<(&'static str, Node)>, properties: Node) -> Entry {
    let settings = std::iter::once(("Type", text(kind))).chain(attributes).chain([("Properties", properties)]);
    Entry::new(name, map(settings))
}

fn attached() -> Node {
    Node::List(vec![Node::Call("Ref", Box::new(text("AccessPolicy")))])
}

fn document(subject: &Subject, document: &Value) -> Node {
    tree(document, &|words| filled(subject, words))
}

fn tags(subject: &Subject) -> Node {
    let pair = |(key, value): (String, String)| map([("Key", text(key)), ("Value", filled(subject, &value))]);
    Node::List(subject.tags_of_others().into_iter().map(pair).collect())
}
