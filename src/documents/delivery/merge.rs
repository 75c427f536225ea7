//! Merging the delivery statements into a bucket's policy: what others wrote stays as it was, what is there already
//! is not added again, and what would stop the delivery is said before anything is written.

use serde_json::Value;

use super::raw::{Policy, Statement};
use super::refusal::{EXEMPTION, LONGEST, MergeRefusal};
use super::{CHECK_SID, DELIVERY_SID, Delivery, delivery_statements};
use crate::documents::evaluate::{Request, allows, denies};
use crate::documents::same::same_statement;
use crate::documents::verdict::Verdict;
use crate::spec::names::{AccountId, BucketName, Partition};

/// What a merge came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Merged {
    /// AWS billing can deliver already; there is nothing to write.
    AlreadyThere,
    /// The policy to write.
    Text {
        /// The whole policy.
        text: String,
        /// The statements of ours in it that are new or were put right.
        added: Vec<Addition>,
    },
}

/// A statement of ours that the merge puts in.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// What stood there under its Sid, if it is put right.
    pub was: Option<Value>,
    /// The statement.
    pub statement: Value,
}

/// The merge, and what a person should know about the policy that was there.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeResult {
    /// What it came to.
    pub merged: Merged,
    /// Sentences about statements that may stop the delivery, though it cannot be told from here.
    pub warnings: Vec<String>,
}

/// Makes of the bucket's policy, if there is one, a policy under which AWS billing can deliver. A statement with one
/// of our Sids is ours and is put right in its place; every other statement stays as it was.
pub fn merge(
    existing: Option<&str>,
    partition: Partition,
    account: &AccountId,
    bucket: &BucketName,
) -> Result<MergeResult, MergeRefusal> {
    let delivery = Delivery::new(partition, account, bucket);
    let wanted = delivery_statements(partition, account, bucket);
    let (policy, mut statements) = Policy::read(existing)?;
    let mut added = put_ours_right(&mut statements, &wanted);
    added.extend(add_missing(&mut statements, wanted, &delivery));
    let warnings = check_denies(&statements, &delivery)?;
    if added.is_empty() {
        return Ok(MergeResult { merged: Merged::AlreadyThere, warnings });
    }
    let text = policy.with(&statements);
    if text.len() > LONGEST {
        return Err(MergeRefusal::TooLarge(text.len()));
    }
    Ok(MergeResult { merged: Merged::Text { text, added }, warnings })
}

/// Replaces each statement that has one of our Sids but no longer says what we said (a SourceArn with the bucket's
/// region is the usual one). S3 takes a Sid once, so that a second one goes.
fn put_ours_right(statements: &mut Vec<Statement>, wanted: &[Value]) -> Vec<Addition> {
    let mut changed = Vec::new();
    for want in wanted {
        let ours: Vec<usize> =
            (0..statements.len()).filter(|i| statements[*i].value.get("Sid") == want.get("Sid")).collect();
        let Some((first, rest)) = ours.split_first() else { continue };
        if rest.is_empty() && same_statement(&statements[*first].value, want) {
            continue;
        }
        let was = std::mem::replace(&mut statements[*first], Statement::new(want.clone()));
        for again in rest.iter().rev() {
            statements.remove(*again);
        }
        changed.push(Addition { was: Some(was.value), statement: want.clone() });
    }
    changed
}

/// Adds those of our statements that are not there and whose grants nobody else gives.
fn add_missing(statements: &mut Vec<Statement>, wanted: Vec<Value>, delivery: &Delivery) -> Vec<Addition> {
    let granted = |request: &Request| statements.iter().any(|statement| allows(&statement.value, request));
    let (put, policy, acl) = (delivery.put_object(), delivery.get_policy(), delivery.get_acl());
    // The billing console's newer policy leaves GetBucketAcl out and reports arrive
    // (<https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html>), so that its lack alone adds nothing.
    if granted(&put) && granted(&policy) {
        return Vec::new();
    }
    let (check, deliver) = (granted(&policy) && granted(&acl), granted(&put));
    let is_there = |want: &Value| match want.get("Sid").and_then(Value::as_str) {
        Some(CHECK_SID) => check,
        Some(DELIVERY_SID) => deliver,
        _ => false,
    };
    let missing: Vec<Value> = wanted.into_iter().filter(|want| !is_there(want)).collect();
    statements.extend(missing.iter().cloned().map(Statement::new));
    missing.into_iter().map(|statement| Addition { was: None, statement }).collect()
}

/// A Deny beats every Allow: one that surely hits the delivery is refused, one that may is a warning.
fn check_denies(statements: &[Statement], delivery: &Delivery) -> Result<Vec<String>, MergeRefusal> {
    let requests = [delivery.put_object(), delivery.get_policy(), delivery.get_acl()];
    let mut warnings = Vec::new();
    for (at, Statement { value: statement, .. }) in statements.iter().enumerate() {
        let name = match statement.get("Sid").and_then(Value::as_str) {
            Some(sid) => format!("{sid:?}"),
            None => format!("no. {}", at + 1),
        };
        let hit_with = |verdict| requests.iter().find(|request| denies(statement, request) == verdict);
        if let Some(request) = hit_with(Verdict::Yes) {
            return Err(MergeRefusal::Denied { statement: name, action: request.action.to_owned() });
        }
        if let Some(request) = hit_with(Verdict::Maybe) {
            let action = request.action;
            warnings.push(format!(
                "statement {name} of the bucket's policy may deny AWS billing {action}; if no report arrives, add the condition {EXEMPTION} to it"
            ));
        }
    }
    Ok(warnings)
}
