//! Managed policies and their versions.

use std::time::Instant;

use super::store::{Policy, Store, Version, no_such_entity, timestamp};
use super::{
    Outcome, check_name, check_path, documents, encoded, member, optional, page, required, tags_of, tags_xml, unknown,
};
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::message::{Fields, element, members};

pub fn act(store: &mut Store, action: &str, fields: &Fields) -> Outcome {
    match action {
        "CreatePolicy" => return create(store, fields),
        "ListPolicies" => return Ok(list(store, fields)),
        _ => {}
    }
    if !action.contains("Policy") {
        return Err(unknown(action));
    }
    let arn = required(fields, "PolicyArn")?;
    let attachments = store.attachments(arn);
    match action {
        "GetPolicy" => Ok(format!("<Policy>{}</Policy>", inside(store.policy(arn)?, attachments, true))),
        "DeletePolicy" => delete(store, arn),
        "ListEntitiesForPolicy" => entities(store, arn),
        "TagPolicy" => {
            let tags = tags_of(fields)?;
            store.policy(arn)?.tags.extend(tags);
            Ok(String::new())
        }
        "UntagPolicy" => {
            let policy = store.policy(arn)?;
            members(fields, "TagKeys").iter().for_each(|key| drop(policy.tags.remove(optional(key, "", ""))));
            Ok(String::new())
        }
        "ListPolicyTags" => Ok(format!("{}<IsTruncated>false</IsTruncated>", tags_xml(&store.policy(arn)?.tags))),
        "ListPolicyVersions" => {
            let policy = store.policy(arn)?;
            // The newest first, as AWS lists them.
            let items = policy.versions.iter().rev().map(|v| member(&version_inside(policy, v, false))).collect();
            Ok(page("Versions", items, fields))
        }
        _ => version(store.policy(arn)?, action, fields),
    }
}

fn create(store: &mut Store, fields: &Fields) -> Outcome {
    let name = required(fields, "PolicyName")?;
    check_name(name, "policyName", 128)?;
    let path = optional(fields, "Path", "/");
    check_path(path)?;
    let document = required(fields, "PolicyDocument")?;
    documents::check_managed(document)?;
    let tags = tags_of(fields)?;
    if store.policies.values().any(|policy| policy.name.eq_ignore_ascii_case(name)) {
        let message = format!("A policy called {name} already exists. Duplicate names are not allowed.");
        return Err(Refusal::new(409, "EntityAlreadyExists", message));
    }
    let now = timestamp();
    let policy = Policy {
        name: name.to_owned(),
        path: path.to_owned(),
        id: format!("ANPASANDBOX{:010}", store.next()),
        arn: store.arn("policy", path, name),
        description: optional(fields, "Description", "").to_owned(),
        created: now.clone(),
        updated: now.clone(),
        tags,
        versions: vec![Version { id: "v1".into(), document: document.to_owned(), created: now }],
        default: "v1".into(),
        next: 2,
        changed: Instant::now(),
    };
    let answer = format!("<Policy>{}</Policy>", inside(&policy, 0, true));
    store.policies.insert(policy.arn.clone(), policy);
    Ok(answer)
}

fn list(store: &Store, fields: &Fields) -> String {
    // There are no AWS-managed policies here; lists leave tags out.
    let scope = optional(fields, "Scope", "All");
    let items = store
        .policies
        .values()
        .filter(|_| scope != "AWS")
        .map(|p| member(&inside(p, store.attachments(&p.arn), false)))
        .collect();
    page("Policies", items, fields)
}

fn delete(store: &mut Store, arn: &str) -> Outcome {
    let attached = store.attachments(arn) + store.bounds(arn) > 0;
    let policy = store.policy(arn)?;
    if attached {
        return Err(Refusal::new(409, "DeleteConflict", "Cannot delete a policy attached to entities."));
    }
    if policy.versions.len() > 1 {
        return Err(Refusal::new(
            409,
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        ));
    }
    store.policies.remove(arn);
    Ok(String::new())
}

fn entities(store: &mut Store, arn: &str) -> Outcome {
    store.policy(arn)?;
    let having = |word: &str, all: &std::collections::BTreeMap<String, super::store::Entity>| -> String {
        let holders = all.values().filter(|e| e.attached.iter().any(|a| a == arn));
        holders
            .map(|e| {
                member(&format!("{}{}", element(&format!("{word}Name"), &e.name), element(&format!("{word}Id"), &e.id)))
            })
            .collect()
    };
    let (roles, users) = (having("Role", &store.roles), having("User", &store.users));
    Ok(format!(
        "<PolicyGroups/><PolicyUsers>{users}</PolicyUsers><PolicyRoles>{roles}</PolicyRoles><IsTruncated>false</IsTruncated>"
    ))
}

fn version(policy: &mut Policy, action: &str, fields: &Fields) -> Outcome {
    if action == "CreatePolicyVersion" {
        return create_version(policy, fields);
    }
    let id = required(fields, "VersionId")?;
    let missing = || no_such_entity(format!("Policy {} version {id} does not exist or is not attachable.", policy.arn));
    let at = policy.versions.iter().position(|v| v.id == id).ok_or_else(missing)?;
    match action {
        "GetPolicyVersion" => {
            return Ok(format!(
                "<PolicyVersion>{}</PolicyVersion>",
                version_inside(policy, &policy.versions[at], true)
            ));
        }
        "SetDefaultPolicyVersion" => make_default(policy, id),
        "DeletePolicyVersion" if policy.default == id => {
            return Err(Refusal::new(409, "DeleteConflict", "Cannot delete the default version of a policy."));
        }
        "DeletePolicyVersion" => drop(policy.versions.remove(at)),
        _ => return Err(unknown(action)),
    }
    Ok(String::new())
}

fn create_version(policy: &mut Policy, fields: &Fields) -> Outcome {
    let document = required(fields, "PolicyDocument")?;
    documents::check_managed(document)?;
    if policy.versions.len() >= 5 {
        return Err(Refusal::new(
            409,
            "LimitExceeded",
            "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
        ));
    }
    let id = format!("v{}", policy.next);
    policy.next += 1;
    policy.versions.push(Version { id: id.clone(), document: document.to_owned(), created: timestamp() });
    if optional(fields, "SetAsDefault", "false") == "true" {
        make_default(policy, &id);
    }
    let newest = policy.versions.last().expect("one was pushed just now");
    Ok(format!("<PolicyVersion>{}</PolicyVersion>", version_inside(policy, newest, false)))
}

fn make_default(policy: &mut Policy, id: &str) {
    policy.default = id.to_owned();
    policy.updated = timestamp();
    policy.changed = Instant::now();
}

fn inside(policy: &Policy, attachments: usize, with_tags: bool) -> String {
    let mut text = [
        element("PolicyName", &policy.name),
        element("PolicyId", &policy.id),
        element("Arn", &policy.arn),
        element("Path", &policy.path),
        element("DefaultVersionId", &policy.default),
        element("AttachmentCount", &attachments.to_string()),
        element("IsAttachable", "true"),
        element("CreateDate", &policy.created),
        element("UpdateDate", &policy.updated),
    ]
    .concat();
    if !policy.description.is_empty() {
        text += &element("Description", &policy.description);
    }
    if with_tags && !policy.tags.is_empty() {
        text += &tags_xml(&policy.tags);
    }
    text
}

fn version_inside(policy: &Policy, version: &Version, with_document: bool) -> String {
    let document = if with_document { element("Document", &encoded(&version.document)) } else { String::new() };
    let is_default = (version.id == policy.default).to_string();
    [
        document,
        element("VersionId", &version.id),
        element("IsDefaultVersion", &is_default),
        element("CreateDate", &version.created),
    ]
    .concat()
}
