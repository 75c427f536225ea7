//! Whether everything that is not this program's is byte for byte what it was.

use serde_json::{Value, json};

use super::staged::{BUCKET, CONNECT, FOREIGN_STATEMENT, POLICY_ARN, REPORT, ROLE, USER};

/// What a run may make: at most one of each, by its name.
const MAY_APPEAR: [(&str, &str); 5] =
    [("buckets", BUCKET), ("reports", REPORT), ("roles", ROLE), ("users", USER), ("policies", POLICY_ARN)];

/// Compares what both worlds held before a run and after it.
pub fn untouched(before: &Value, after: &Value) -> Result<(), String> {
    for kind in ["buckets", "reports", "roles", "users", "policies", "access_keys", "bill_connects"] {
        for (name, was) in members(before, kind) {
            let is = &after[kind][name];
            stays(kind, name, was, is).map_err(|why| format!("{kind} {name}: {why}\nbefore: {was}\nafter: {is}"))?;
        }
        for (name, is) in members(after, kind).filter(|(name, _)| before[kind].get(*name).is_none()) {
            if !may_appear(kind, name, is) {
                return Err(format!("{kind} {name} has appeared: {is}"));
            }
        }
    }
    Ok(())
}

fn members<'v>(state: &'v Value, kind: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
    state[kind].as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn may_appear(kind: &str, name: &str, is: &Value) -> bool {
    match kind {
        "access_keys" => is["user"] == USER,
        "bill_connects" => name == CONNECT,
        _ => MAY_APPEAR.contains(&(kind, name)) && is_ours(is),
    }
}

/// By its tags, as a bucket shows them and as everything else does.
fn is_ours(it: &Value) -> bool {
    it["tags"]["managed-by"] == "optima-onboard"
        || it["tagging"].as_str().is_some_and(|tags| tags.contains("optima-onboard"))
}

fn stays(kind: &str, name: &str, was: &Value, is: &Value) -> Result<(), String> {
    let same = |parts: &[&str]| match parts.iter().find(|part| was[**part] != is[**part]) {
        Some(part) => Err(format!("{part} is not what it was")),
        None => Ok(()),
    };
    match kind {
        // Of our bucket what it holds stays, of another one everything; either way every statement of others.
        "buckets" => {
            let parts = ["region", "objects", "versioning", "lifecycle", "encryption"];
            same(&parts)?;
            if !is_ours(was) {
                same(&["tagging", "publicAccessBlock", "ownershipControls"])?;
            }
            let holds = |it: &Value| it["policy"].as_str().is_some_and(|policy| policy.contains(FOREIGN_STATEMENT));
            let lost = holds(was) && !holds(is);
            let touched = name != BUCKET && was != is;
            if lost || touched { Err("a policy of others changed".to_owned()) } else { Ok(()) }
        }
        // The bill connect that is described is the one thing of Flexera's that may change.
        "bill_connects" if name == CONNECT => Ok(()),
        // A key of our user that nobody has goes.
        "access_keys" if was["user"] == USER => Ok(()),
        "roles" | "users" if is_ours(was) => {
            same(&["inline", "boundary", "description", "arn", "max_session"])?;
            let attached = |it: &Value| it["attached"].as_array().cloned().unwrap_or_default();
            let lost = attached(was).into_iter().find(|arn| !attached(is).contains(arn));
            lost.map_or(Ok(()), |arn| Err(format!("{arn} is no longer attached")))
        }
        "policies" if is_ours(was) => same(&["description", "tags"]),
        "reports" if is_ours(was) => same(&["tags"]),
        _ if was == is => Ok(()),
        _ => Err("it is not ours, and changed".to_owned()),
    }
}

#[test]
fn what_changed_is_seen() {
    let role = |tags: Value, inline: &str| json!({ "roles": { "R": { "tags": tags, "inline": { "x": inline } } } });
    let (ours, foreign) = (json!({ "managed-by": "optima-onboard" }), json!({}));
    assert!(untouched(&role(ours.clone(), "a"), &role(ours.clone(), "a")).is_ok());
    assert!(untouched(&role(ours.clone(), "a"), &role(ours, "b")).is_err(), "an inline policy of others");
    assert!(untouched(&role(foreign.clone(), "a"), &json!({ "roles": {} })).is_err(), "a role that is gone");
    assert!(untouched(&json!({}), &role(foreign, "a")).is_err(), "a role that nobody asked for");
    let bucket = |policy: &str| json!({ "buckets": { BUCKET: { "policy": policy } } });
    assert!(untouched(&bucket(FOREIGN_STATEMENT), &bucket("{}")).is_err());
}
