//! The documents that IAM takes: grammar, size, and whether the principals they name exist.

use crate::sandbox::aws::iam::store::Store;
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::policy::{grammar, statements};
use crate::sandbox::{FLEXERA_ACCOUNT, FLEXERA_PRINCIPALS};

/// AWS counts a managed policy's characters without white space.
const MANAGED_POLICY_SIZE: usize = 6144;
const TRUST_POLICY_SIZE: usize = 2048;

/// A managed policy's document.
pub fn check_managed(text: &str) -> Result<(), Refusal> {
    check_size(text, MANAGED_POLICY_SIZE, "PolicySize")?;
    grammar::identity(text).map(drop).map_err(malformed)
}

/// A role's or user's inline policy.
pub fn check_inline(text: &str, quota: usize) -> Result<(), Refusal> {
    check_size(text, quota, "InlinePolicySize")?;
    grammar::identity(text).map(drop).map_err(malformed)
}

/// A role's trust policy.
pub fn check_trust(store: &Store, text: &str) -> Result<(), Refusal> {
    check_size(text, TRUST_POLICY_SIZE, "ACLSizePerRole")?;
    let document = grammar::trust(text).map_err(malformed)?;
    for statement in statements(&document) {
        for (kind, name) in grammar::principals(statement) {
            check_principal(store, kind, name).map_err(malformed)?;
        }
    }
    Ok(())
}

/// Whether AWS would know a principal. It looks roles and users up in every account; we can do so only in the sandbox's and in
/// Flexera's, so any other well-formed one passes.
pub fn check_principal(store: &Store, kind: &str, name: &str) -> Result<(), String> {
    let known = match kind {
        "AWS" => is_known_aws(store, name),
        "Service" => is_known_service(name),
        "Federated" | "CanonicalUser" => true,
        _ => false,
    };
    if known { Ok(()) } else { Err(format!("Invalid principal in policy: \"{kind}\":\"{name}\"")) }
}

fn is_known_aws(store: &Store, name: &str) -> bool {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    if name == "*" || is_account(name) {
        return true;
    }
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let ["arn", partition, "iam" | "sts", "", account, resource] = parts[..] else { return false };
    if !partition.starts_with("aws") || !is_account(account) {
        return false;
    }
    match account {
        _ if resource == "root" => true,
        _ if account == store.account.id() => name == store.account.admin_arn() || store.entity_by_arn(name).is_some(),
        FLEXERA_ACCOUNT => FLEXERA_PRINCIPALS.iter().any(|(_, arn)| *arn == name),
        _ => ["role/", "user/", "assumed-role/"]
            .iter()
            .any(|kind| resource.starts_with(kind) && resource.len() > kind.len()),
    }
}

fn is_known_service(name: &str) -> bool {
    const KNOWN: [&str; 14] = [
        "bcm-data-exports",
        "billing",
        "billingreports",
        "budgets",
        "cloudformation",
        "cloudtrail",
        "config",
        "delivery.logs",
        "ec2",
        "glue",
        "lambda",
        "logging.s3",
        "s3",
        "serverlessrepo",
    ];
    name.strip_suffix(".amazonaws.com").is_some_and(|service| KNOWN.contains(&service))
}

fn check_size(text: &str, quota: usize, name: &str) -> Result<(), Refusal> {
    if text.chars().filter(|c| !c.is_whitespace()).count() > quota {
        return Err(Refusal::new(409, "LimitExceeded", format!("Cannot exceed quota for {name}: {quota}")));
    }
    Ok(())
}

fn malformed(message: String) -> Refusal {
    Refusal::new(400, "MalformedPolicyDocument", message)
}
