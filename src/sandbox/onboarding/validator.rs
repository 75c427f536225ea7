//! Whether Flexera can read the bill: the check it makes of a bill connect.

use std::time::Instant;

use super::connects::{Access, Connect};
use crate::sandbox::account::Account;
use crate::sandbox::aws::Aws;
use crate::sandbox::aws::sts::is_trusted;
use crate::sandbox::policy::{Question, Verdict, Who, verdict};
use crate::sandbox::{Embedded, FLEXERA_PRINCIPALS};

/// Who decides whether a bill connect is valid.
#[derive(Clone)]
pub enum Validator {
    /// The AWS embedded beside it.
    Embedded(Embedded),
    /// Everything is.
    AlwaysValid,
    /// Nothing is, for this reason.
    Refusing(String),
}

/// Which of Flexera's principals come: the legacy API has the NAM zone's alone, the current one has three zones, and the
/// sandbox's address does not tell which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zones {
    NamOnly,
    All,
}

impl Validator {
    /// A sentence that says why not, if not.
    pub async fn check(&self, connect: &Connect, zones: Zones) -> Result<(), String> {
        match self {
            Self::AlwaysValid => Ok(()),
            Self::Refusing(reason) => Err(reason.clone()),
            Self::Embedded(embedded) => embedded.check(connect, zones).await,
        }
    }

    /// The region of a bucket as the server finds it out.
    pub fn region_of(&self, bucket: &str) -> String {
        let known = match self {
            Self::Embedded(embedded) => embedded.aws.of_bucket(bucket).and_then(|aws| aws.s3.region_of(bucket)),
            _ => None,
        };
        known.unwrap_or_else(|| "us-east-1".into())
    }
}

impl Embedded {
    async fn check(&self, connect: &Connect, zones: Zones) -> Result<(), String> {
        let home = match &connect.access {
            Access::Role { arn, .. } => Account::of_arn(arn),
            Access::User { key_id } => Some(Account::of_key(key_id).unwrap_or_default()),
        };
        let aws = home.and_then(|account| self.aws.get(&account)).ok_or("There is no such account")?;
        let (named, partition) = (connect.partition.as_str(), aws.partition().as_str());
        if named != partition {
            return Err(format!("The credentials are not valid in the partition {named}"));
        }
        let (holder, changed) = match &connect.access {
            Access::Role { arn, external_id, .. } => assume(&aws, arn, external_id, zones)?,
            Access::User { key_id } => user_of(&aws, key_id)?,
        };
        if changed.elapsed() < self.propagation {
            return Err("The credentials cannot be used yet: a change in IAM has not reached every region".into());
        }
        let bucket = &connect.bucket;
        if aws.s3.region_of(bucket).is_none() {
            return Err(format!("The bucket {bucket} does not exist or is in another account"));
        }
        reads(&aws, connect, &holder).await
    }
}

/// Whether the role or user may list the bucket, get a bill of it, and decrypt that.
async fn reads(aws: &Aws, connect: &Connect, holder: &str) -> Result<(), String> {
    let bucket = &connect.bucket;
    let resource = format!("arn:aws:s3:::{bucket}");
    let object = format!("{resource}/{}/bill-1.csv.gz", connect.key_prefix());
    let policy = aws.s3.policy(bucket).await;
    let key = aws.s3.kms_key(bucket).await;
    let store = aws.iam.store();
    let entity = store.entity_by_arn(holder).ok_or("The role or user is gone")?;
    for (action, resource) in [("s3:ListBucket", &resource), ("s3:GetObject", &object)] {
        let context = [("aws:SecureTransport", "true")];
        let ask = |who| Question { who, action, resource, context: &context };
        let own = store.verdict_of(entity, ask(Who::Bearer));
        let theirs = verdict(policy.as_ref(), ask(Who::Arn(holder)));
        if own != Verdict::Allow || theirs == Verdict::Deny {
            return Err(format!("Access to the bucket is denied: {holder} may not {action} on {resource}"));
        }
    }
    let Some(key) = key else { return Ok(()) };
    let context = [("kms:ResourceAliases", key.alias.as_deref().unwrap_or_default())];
    let question = Question { who: Who::Bearer, action: "kms:Decrypt", resource: &key.arn, context: &context };
    if store.verdict_of(entity, question) != Verdict::Allow {
        return Err(format!("Access to the objects is denied: {holder} may not kms:Decrypt with {}", key.arn));
    }
    Ok(())
}

/// The role's ARN and when it last changed, if Flexera may assume it.
fn assume(aws: &Aws, arn: &str, external_id: &str, zones: Zones) -> Result<(String, Instant), String> {
    let store = aws.iam.store();
    let role = store.role_by_arn(arn).ok_or_else(|| format!("The role {arn} cannot be assumed: it does not exist"))?;
    let changed = store.last_change(role);
    drop(store);
    let principals = if zones == Zones::NamOnly { &FLEXERA_PRINCIPALS[..1] } else { &FLEXERA_PRINCIPALS[..] };
    let comes_in = |id| principals.iter().any(|(_, principal)| is_trusted(aws, arn, principal, id));
    if !comes_in(Some(external_id)) {
        let principal = FLEXERA_PRINCIPALS[0].1;
        return Err(format!(
            "The role {arn} cannot be assumed: its trust policy does not let {principal} in with external id {external_id}"
        ));
    }
    // A role that takes any external id, or none, is open to every other customer of Flexera: it works all the same.
    Ok((arn.to_owned(), changed))
}

/// The ARN of the key's user and when the key or the user last changed.
fn user_of(aws: &Aws, key_id: &str) -> Result<(String, Instant), String> {
    let store = aws.iam.store();
    let key =
        store.keys.get(key_id).filter(|key| key.active).ok_or("The access key does not exist or is not active")?;
    let user = store.users.get(&key.user).ok_or("The access key's user does not exist")?;
    Ok((user.arn.clone(), store.last_change(user).max(key.changed)))
}
