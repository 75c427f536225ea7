//! Policy documents in full, each statement below what it is for.

use serde_json::Value;

use super::page::{Block, Line, Section};
use crate::approval::Document;
use crate::documents::{self, Purpose};
use crate::explain::{Holder, PERMISSIONS};
use crate::plan::Change;
use crate::preflight::operator_scope;
use crate::spec::Onboarding;
use crate::spec::names::Access;
use crate::steps::{Step, policy};

/// What Flexera, and AWS billing, are given.
pub fn granted(one: &Onboarding, document: &Document) -> Section {
    let mut blocks =
        vec![Block::Heading(Line::words("What Flexera may do: the policy ").name(one.policy_name.as_str()), None)];
    blocks.extend(in_full(&policy::wanted(one), |statement| reasons(Holder::Flexera, statement)));
    if one.access == Access::Role {
        blocks.push(Block::Heading(Line::words("Whom the role ").name(one.role_name.as_str()).and(" trusts"), None));
        blocks.extend(in_full(&documents::trust(&one.trusted_principal, &one.external_id), |statement| {
            reasons(Holder::Flexera, statement)
        }));
        blocks.push(Block::Text(
            Line::words("Without the external id ")
                .name(one.external_id.as_str())
                .and(" AWS refuses the role even to Flexera, so that no other customer of Flexera can have it used."),
        ));
    }
    blocks.push(Block::Heading(
        Line::words("Who may deliver: the policy of the bucket ").name(one.bucket.as_str()),
        None,
    ));
    blocks.extend(delivery(one, document));
    Section { id: "documents", heading: "Every document, statement by statement", blocks }
}

/// What an operator of this program needs for this plan.
pub fn operator(one: &Onboarding) -> Section {
    let scope = operator_scope(one, Purpose::Apply);
    let mut blocks = vec![Block::Text(Line::words(
        "Whoever carries this out needs no more in AWS than the following, for as long as it takes; at Flexera the role \
         Manage organization. None of it is given to Flexera. Take it away afterwards: whoever may make a role and write its \
         policy can give that role any right in this account.",
    ))];
    blocks.extend(in_full(&documents::operator_policy(&scope), |statement| reasons(Holder::Operator, statement)));
    Section { id: "operator", heading: "What the operator needs", blocks }
}

/// The bucket's policy as it will be; where nothing is written, the two statements that it says already.
fn delivery(one: &Onboarding, document: &Document) -> Vec<Block> {
    let ours = documents::delivery_statements(one.partition, &one.account_id, &one.bucket);
    let part = document.step(Step::BucketPolicy);
    let written = part.and_then(|part| part.writes.first()).and_then(|write| write["after"].as_str());
    let Some(after) = written.and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
        let kept = part.is_some_and(|part| part.change == Change::Keep);
        let note = if kept {
            "The policy is not written: what is there lets AWS billing deliver already, as these statements would."
        } else {
            "The policy is not written. It has to say what these statements say."
        };
        let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": ours });
        return std::iter::once(Block::Text(Line::words(note)))
            .chain(in_full(&policy, |statement| reasons(Holder::Billing, statement)))
            .collect();
    };
    in_full(&after, |statement| {
        if ours.contains(statement) {
            reasons(Holder::Billing, statement)
        } else {
            vec![Line::words("Not of this program: it was there and stays, byte for byte.")]
        }
    })
}

/// Statement by statement, and what stands beside them.
fn in_full(policy: &Value, purpose: impl Fn(&Value) -> Vec<Line>) -> Vec<Block> {
    let mut rest = policy.clone();
    let statements = match rest.as_object_mut().and_then(|members| members.shift_remove("Statement")) {
        Some(Value::Array(statements)) => statements,
        Some(statement) => vec![statement],
        None => Vec::new(),
    };
    let count = statements.len();
    let elements = rest.as_object().into_iter().flatten();
    let beside: Vec<String> = elements
        .map(|(name, value)| format!("{name} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let head = Line::default()
        .names(beside.iter().map(String::as_str))
        .and(&format!("; {count} {}.", if count == 1 { "statement" } else { "statements" }));
    let blocks = statements.iter().map(|statement| Block::json(purpose(statement), statement));
    std::iter::once(Block::Text(head)).chain(blocks).collect()
}

/// What each action of a statement is for.
fn reasons(holder: Holder, statement: &Value) -> Vec<Line> {
    let actions: Vec<&str> = match &statement["Action"] {
        Value::Array(actions) => actions.iter().filter_map(Value::as_str).collect(),
        action => action.as_str().into_iter().collect(),
    };
    actions.into_iter().map(|action| Line::code(action).and(&format!(": {}.", why(holder, action)))).collect()
}

/// From the table that `explain` shows; a test there holds it against every document.
fn why(holder: Holder, action: &str) -> &'static str {
    let mut known = PERMISSIONS.into_iter().flatten();
    known
        .find(|permission| permission.holder == holder && permission.action == action)
        .map_or(UNEXPLAINED, |permission| permission.why)
}

/// Stands beside an action that the table does not know.
pub(super) const UNEXPLAINED: &str = "for nothing that this program knows of";
