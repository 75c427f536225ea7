//! Whom the role trusts: Flexera's principal, and only when it names the organization as the external id.
//! Why an external id: <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Value, json};

use super::lists;
use super::same::same_statement;
use crate::spec::flexera_principal;
use crate::spec::names::{ExternalId, PrincipalArn, Zone};

/// The trust that Flexera's document "AWS Role-Based Onboarding" asks for
/// (<https://github.com/flexera-public/rightscale-docs>, `optima/getting_started/bill_connect/aws_rba.html`).
pub fn trust(principal: &impl fmt::Display, external_id: &impl fmt::Display) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": { "AWS": principal.to_string() },
                "Action": "sts:AssumeRole",
                "Condition": { "StringEquals": { "sts:ExternalId": external_id.to_string() } }
            }
        ]
    })
}

/// One way in which a role's trust is not the one that Flexera needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustFault {
    /// It is no policy at all.
    NotJson,
    /// It trusts a unique id (`AROA…`, `AIDA…`): what it trusted was deleted, and one made anew has another id
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>).
    BrokenPrincipal(String),
    /// It trusts somebody else.
    OtherPrincipal(String),
    /// It trusts everybody in Flexera's account: this works, but is wider than need be.
    WholeAccount,
    /// It asks for no external id.
    NoExternalId,
    /// It asks for another external id.
    OtherExternalId(String),
    /// It has other statements as well.
    MoreStatements,
    /// It differs in another way.
    Other,
}

impl fmt::Display for TrustFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("the role's trust is not a policy document"),
            Self::BrokenPrincipal(id) => {
                write!(
                    f,
                    "the role trusts {id}, which AWS shows in place of a principal that was deleted; the trust has to be saved anew"
                )
            }
            Self::OtherPrincipal(who) => match Zone::ALL.iter().find(|zone| flexera_principal(**zone) == who) {
                Some(zone) => write!(
                    f,
                    "the role trusts {who}, Flexera's principal of the zone {zone}, and not the one of these answers"
                ),
                None => write!(f, "the role trusts {who}, which is not Flexera's principal"),
            },
            Self::WholeAccount => {
                f.write_str("the role trusts all of Flexera's account; this works, but its one role would do")
            }
            Self::NoExternalId => f.write_str("the role can be assumed without the external id"),
            Self::OtherExternalId(id) => write!(f, "the role's trust takes the external id {id}, which is another one"),
            Self::MoreStatements => f.write_str("the role's trust has more statements than the one for Flexera"),
            Self::Other => f.write_str("the role's trust is not the one that Flexera needs"),
        }
    }
}

/// How `actual` differs in meaning from the trust that is wanted; nothing where it does not. The version is not looked
/// at: it decides about policy variables only, and an external id cannot hold one.
pub fn judge_trust(actual: &Value, principal: &PrincipalArn, external_id: &ExternalId) -> Vec<TrustFault> {
    let Some(statements) = lists::statements(actual) else { return vec![TrustFault::NotJson] };
    let judged = statements.iter().map(|statement| judge_statement(statement, principal, external_id));
    // The statement that comes closest is taken for the one meant for Flexera.
    let Some(mut faults) = judged.min_by_key(Vec::len) else { return vec![TrustFault::Other] };
    if statements.iter().any(|statement| !same_statement(statement, statements[0])) {
        faults.insert(0, TrustFault::MoreStatements);
    }
    faults
}

fn judge_statement(statement: &Value, principal: &PrincipalArn, external_id: &ExternalId) -> Vec<TrustFault> {
    let mut faults = judge_principal(statement, principal);
    faults.extend(judge_conditions(statement, external_id));
    let known = ["Sid", "Effect", "Principal", "Action", "Condition"];
    let unknown = statement.as_object().is_none_or(|s| s.keys().any(|key| !known.contains(&key.as_str())));
    let allows = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
    let actions = statement.get("Action").and_then(lists::scalars).unwrap_or_default();
    let assumes = !actions.is_empty() && actions.iter().all(|action| action.eq_ignore_ascii_case("sts:AssumeRole"));
    if unknown || !allows || !assumes {
        faults.push(TrustFault::Other);
    }
    let mut distinct = Vec::new();
    for fault in faults {
        if !distinct.contains(&fault) {
            distinct.push(fault);
        }
    }
    distinct
}

fn judge_principal(statement: &Value, wanted: &PrincipalArn) -> Vec<TrustFault> {
    let kinds = match statement.get("Principal") {
        Some(Value::Object(kinds)) => kinds,
        Some(Value::String(who)) => return vec![TrustFault::OtherPrincipal(who.clone())],
        _ => return vec![TrustFault::Other],
    };
    let mut faults = Vec::new();
    for (kind, who) in kinds {
        match lists::scalars(who) {
            Some(names) if kind == "AWS" => faults.extend(names.iter().filter_map(|name| judge_name(name, wanted))),
            Some(names) => faults.extend(names.into_iter().map(TrustFault::OtherPrincipal)),
            None => faults.push(TrustFault::Other),
        }
    }
    let trusts_anybody = kinds.get("AWS").and_then(lists::scalars).is_some_and(|names| !names.is_empty());
    if faults.is_empty() && !trusts_anybody { vec![TrustFault::Other] } else { faults }
}

fn judge_name(name: &str, wanted: &PrincipalArn) -> Option<TrustFault> {
    // IAM takes the account alone for its root.
    let (account, wanted) = (wanted.account(), wanted.as_str());
    let root = wanted.rsplit_once(':').map(|(start, _)| format!("{start}:root")).unwrap_or_default();
    let is_root = name == account || name == root;
    let is_unique_id = name.len() >= 16
        && (name.starts_with("AROA") || name.starts_with("AIDA"))
        && name.bytes().all(|b| b.is_ascii_alphanumeric());
    match () {
        () if name == wanted || (is_root && wanted == root) => None,
        () if is_root => Some(TrustFault::WholeAccount),
        () if is_unique_id => Some(TrustFault::BrokenPrincipal(name.to_owned())),
        () => Some(TrustFault::OtherPrincipal(name.to_owned())),
    }
}

fn judge_conditions(statement: &Value, wanted: &ExternalId) -> Vec<TrustFault> {
    let Some(conditions) = lists::conditions(statement) else { return vec![TrustFault::Other] };
    let mut faults = Vec::new();
    let mut asked = false;
    for (operator, key, values) in conditions {
        match (operator.as_str(), key.as_str()) {
            ("stringequals", "sts:externalid") => {
                asked = true;
                let values: BTreeSet<String> = values.into_iter().collect();
                if values.is_empty() {
                    faults.push(TrustFault::Other);
                }
                let others = values.into_iter().filter(|value| value != wanted.as_str());
                faults.extend(others.map(TrustFault::OtherExternalId));
            }
            // Holds without an external id too, so that it asks for none.
            ("stringequalsifexists", "sts:externalid") => {}
            (_, "sts:externalid") => {
                asked = true;
                faults.push(TrustFault::Other);
            }
            _ => faults.push(TrustFault::Other),
        }
    }
    if !asked {
        faults.push(TrustFault::NoExternalId);
    }
    faults
}

#[cfg(test)]
mod tests;
