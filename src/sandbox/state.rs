//! Everything both worlds hold, as one document: what a test compares before and after. Times, random ids and secrets are
//! left out, so that two runs that end alike look alike.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::aws::iam::store::{Entity, Policy};
use super::aws::{Accounts, Aws};
use super::onboarding::Onboarding;

/// The document of `GET /_sandbox/state`.
pub async fn of(accounts: Option<&Accounts>, onboarding: &Onboarding) -> Value {
    let mut state = json!({ "bill_connects": onboarding.state() });
    if let Some(accounts) = accounts {
        account(&mut state, accounts.own()).await;
        for (id, aws) in accounts.others() {
            account(&mut state["accounts"][id], &aws).await;
        }
    }
    state
}

async fn account(state: &mut Value, aws: &Aws) {
    state["buckets"] = aws.s3.state().await;
    state["reports"] = aws.reports.state();
    let store = aws.iam.store();
    state["roles"] = entities(&store.roles);
    state["users"] = entities(&store.users);
    state["policies"] = store.policies.iter().map(|(arn, policy)| (arn.clone(), managed(policy))).collect();
    let key = |key: &super::aws::iam::store::Key| json!({ "user": key.user, "active": key.active });
    state["access_keys"] = store.keys.iter().map(|(id, it)| (id.clone(), key(it))).collect();
}

fn entities(all: &BTreeMap<String, Entity>) -> Value {
    let shown = |entity: &Entity| {
        json!({
            "arn": entity.arn,
            "description": entity.description,
            "tags": entity.tags,
            "attached": entity.attached,
            "inline": entity.inline,
            "boundary": entity.boundary,
            "trust": entity.trust,
            "max_session": entity.max_session,
        })
    };
    all.iter().map(|(name, entity)| (name.clone(), shown(entity))).collect()
}

fn managed(policy: &Policy) -> Value {
    let versions: Vec<Value> =
        policy.versions.iter().map(|version| json!({ "id": version.id, "document": version.document })).collect();
    json!({ "description": policy.description, "tags": policy.tags, "default": policy.default, "versions": versions })
}
