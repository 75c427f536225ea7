//! Roles and users: the same actions under two nouns. An action's name comes with its noun replaced by `_`, so
//! `GetRole` and `GetUser` are both `Get_`.

use std::time::Instant;

use super::store::{Entity, Kind, Store, no_such_entity, timestamp};
use super::{
    Outcome, check_name, check_path, documents, encoded, member, optional, page, required, tags_of, tags_xml, unknown,
};
use crate::sandbox::ADMIN_NAME;
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::message::{Fields, element, members};

pub fn act(store: &mut Store, kind: Kind, action: &str, fields: &Fields) -> Outcome {
    match action {
        "Create_" => create(store, kind, fields),
        "List_s" => Ok(list(store, kind, fields)),
        _ => act_on(store, kind, action, fields),
    }
}

/// Actions on one that exists.
fn act_on(store: &mut Store, kind: Kind, action: &str, fields: &Fields) -> Outcome {
    let field = format!("{}Name", kind.word());
    let name = match (kind, fields.get(&field)) {
        // GetUser without a name is about the caller.
        (Kind::User, None) if action == "Get_" => ADMIN_NAME,
        _ => required(fields, &field)?,
    };
    if kind == Kind::User && name == ADMIN_NAME && action == "Get_" {
        return Ok(format!("<User>{}</User>", inside(&administrator(store), Kind::User)));
    }
    match action {
        "Get_" => {
            let entity = store.entity(kind, name)?;
            Ok(format!("<{0}>{1}</{0}>", kind.word(), inside(entity, kind)))
        }
        "Delete_" => delete(store, kind, name),
        "Tag_" | "Untag_" | "List_Tags" => tags(store.entity(kind, name)?, action, fields),
        "Attach_Policy" | "Detach_Policy" | "ListAttached_Policies" => attachment(store, kind, name, action, fields),
        "Put_Policy" | "Get_Policy" | "Delete_Policy" | "List_Policies" => {
            inline(store.entity(kind, name)?, kind, action, fields)
        }
        "Put_PermissionsBoundary" => {
            let policy = required(fields, "PermissionsBoundary")?.to_owned();
            store.policy(&policy)?;
            bound(store.entity(kind, name)?, Some(policy))
        }
        "Delete_PermissionsBoundary" => bound(store.entity(kind, name)?, None),
        "UpdateAssume_Policy" if kind == Kind::Role => update_trust(store, name, fields),
        "Update_" if kind == Kind::Role => update_role(store.entity(kind, name)?, fields),
        "ListInstanceProfilesFor_" if kind == Kind::Role => Ok(page("InstanceProfiles", Vec::new(), fields)),
        "ListGroupsFor_" if kind == Kind::User => Ok(page("Groups", Vec::new(), fields)),
        _ => Err(unknown(&action.replace('_', kind.word()))),
    }
}

fn update_trust(store: &mut Store, role: &str, fields: &Fields) -> Outcome {
    let document = required(fields, "PolicyDocument")?;
    store.entity(Kind::Role, role)?;
    documents::check_trust(store, document)?;
    let role = store.entity(Kind::Role, role)?;
    role.trust = document.to_owned();
    role.changed = Instant::now();
    Ok(String::new())
}

fn bound(entity: &mut Entity, policy: Option<String>) -> Outcome {
    entity.boundary = policy;
    entity.changed = Instant::now();
    Ok(String::new())
}

fn create(store: &mut Store, kind: Kind, fields: &Fields) -> Outcome {
    let field = format!("{}Name", kind.word());
    let name = required(fields, &field)?;
    check_name(name, &field, 64)?;
    let path = optional(fields, "Path", "/");
    check_path(path)?;
    let tags = tags_of(fields)?;
    let trust = match kind {
        Kind::Role => required(fields, "AssumeRolePolicyDocument")?,
        Kind::User => "",
    };
    if let Some(boundary) = fields.get("PermissionsBoundary") {
        store.policy(boundary)?;
    }
    check_free(store, kind, name)?;
    if kind == Kind::Role {
        documents::check_trust(store, trust)?;
    }
    let number = store.next();
    let (prefix, noun) = if kind == Kind::Role { ("AROA", "role") } else { ("AIDA", "user") };
    let entity = Entity {
        name: name.to_owned(),
        path: path.to_owned(),
        id: format!("{prefix}SANDBOX{number:010}"),
        arn: store.arn(noun, path, name),
        description: optional(fields, "Description", "").to_owned(),
        created: timestamp(),
        tags,
        attached: Vec::new(),
        inline: Default::default(),
        boundary: fields.get("PermissionsBoundary").cloned(),
        trust: trust.to_owned(),
        max_session: fields.get("MaxSessionDuration").and_then(|s| s.parse().ok()).unwrap_or(3600),
        changed: Instant::now(),
    };
    let answer = format!("<{0}>{1}</{0}>", kind.word(), inside(&entity, kind));
    store.entities(kind).insert(name.to_owned(), entity);
    Ok(answer)
}

/// Names are unique without regard to case.
fn check_free(store: &mut Store, kind: Kind, name: &str) -> Result<(), Refusal> {
    if store.entities(kind).keys().any(|taken| taken.eq_ignore_ascii_case(name)) {
        let said = format!("{} with name {name} already exists.", kind.word());
        return Err(Refusal::new(409, "EntityAlreadyExists", said));
    }
    Ok(())
}

fn delete(store: &mut Store, kind: Kind, name: &str) -> Outcome {
    let entity = store.entity(kind, name)?;
    let conflict =
        |what: &str| Refusal::new(409, "DeleteConflict", format!("Cannot delete entity, must {what} first."));
    if !entity.attached.is_empty() {
        return Err(conflict("detach all policies"));
    }
    if !entity.inline.is_empty() {
        return Err(conflict("delete policies"));
    }
    if kind == Kind::User && store.keys.values().any(|key| key.user == name) {
        return Err(conflict("delete access keys"));
    }
    if let Some(gone) = store.entities(kind).remove(name) {
        store.forget_principal(&gone.arn, &gone.id);
    }
    Ok(String::new())
}

fn list(store: &mut Store, kind: Kind, fields: &Fields) -> String {
    let prefix = optional(fields, "PathPrefix", "/").to_owned();
    // Lists leave tags out, as AWS documents for ListRoles and ListUsers.
    let items = store.entities(kind).values().filter(|e| e.path.starts_with(&prefix)).map(|e| {
        let bare = Entity { tags: Default::default(), ..e.clone() };
        member(&inside(&bare, kind))
    });
    let items = items.collect();
    page(&format!("{}s", kind.word()), items, fields)
}

fn tags(entity: &mut Entity, action: &str, fields: &Fields) -> Outcome {
    match action {
        "Tag_" => entity.tags.extend(tags_of(fields)?),
        "Untag_" => {
            for key in members(fields, "TagKeys") {
                entity.tags.remove(optional(&key, "", ""));
            }
        }
        _ => return Ok(format!("{}<IsTruncated>false</IsTruncated>", tags_xml(&entity.tags))),
    }
    Ok(String::new())
}

fn attachment(store: &mut Store, kind: Kind, name: &str, action: &str, fields: &Fields) -> Outcome {
    if action == "ListAttached_Policies" {
        let attached = store.entity(kind, name)?.attached.clone();
        let item = |arn: &String| {
            let policy = arn.rsplit('/').next().unwrap_or_default();
            member(&format!("{}{}", element("PolicyName", policy), element("PolicyArn", arn)))
        };
        return Ok(page("AttachedPolicies", attached.iter().map(item).collect(), fields));
    }
    let policy = required(fields, "PolicyArn")?;
    let exists = store.policies.contains_key(policy);
    let entity = store.entity(kind, name)?;
    let at = entity.attached.iter().position(|arn| arn == policy);
    match (action, at) {
        ("Attach_Policy", _) if !exists => {
            return Err(no_such_entity(format!("Policy {policy} does not exist or is not attachable.")));
        }
        // Attaching what is attached is no error and no change.
        ("Attach_Policy", Some(_)) => return Ok(String::new()),
        ("Attach_Policy", None) if entity.attached.len() >= 10 => {
            return Err(Refusal::new(
                409,
                "LimitExceeded",
                format!("Cannot exceed quota for PoliciesPer{}: 10", kind.word()),
            ));
        }
        ("Attach_Policy", None) => entity.attached.push(policy.to_owned()),
        (_, Some(at)) => drop(entity.attached.remove(at)),
        (_, None) => return Err(no_such_entity(format!("Policy {policy} was not found."))),
    }
    entity.changed = Instant::now();
    Ok(String::new())
}

fn inline(entity: &mut Entity, kind: Kind, action: &str, fields: &Fields) -> Outcome {
    if action == "List_Policies" {
        return Ok(page("PolicyNames", entity.inline.keys().map(|name| element("member", name)).collect(), fields));
    }
    let name = required(fields, "PolicyName")?;
    let missing =
        || no_such_entity(format!("The {} policy with name {name} cannot be found.", kind.word().to_lowercase()));
    match action {
        "Put_Policy" => {
            let document = required(fields, "PolicyDocument")?;
            check_name(name, "policyName", 128)?;
            documents::check_inline(document, if kind == Kind::Role { 10_240 } else { 2048 })?;
            entity.inline.insert(name.to_owned(), document.to_owned());
        }
        "Delete_Policy" => drop(entity.inline.remove(name).ok_or_else(missing)?),
        _ => {
            let document = entity.inline.get(name).ok_or_else(missing)?;
            let owner = element(&format!("{}Name", kind.word()), &entity.name);
            return Ok(format!(
                "{owner}{}{}",
                element("PolicyName", name),
                element("PolicyDocument", &encoded(document))
            ));
        }
    }
    entity.changed = Instant::now();
    Ok(String::new())
}

fn update_role(role: &mut Entity, fields: &Fields) -> Outcome {
    if let Some(description) = fields.get("Description") {
        role.description.clone_from(description);
    }
    if let Some(seconds) = fields.get("MaxSessionDuration").and_then(|s| s.parse().ok()) {
        role.max_session = seconds;
    }
    Ok(String::new())
}

fn inside(entity: &Entity, kind: Kind) -> String {
    let mut text = [
        element("Path", &entity.path),
        element(&format!("{}Name", kind.word()), &entity.name),
        element(&format!("{}Id", kind.word()), &entity.id),
        element("Arn", &entity.arn),
        element("CreateDate", &entity.created),
    ]
    .concat();
    if kind == Kind::Role {
        text += &element("AssumeRolePolicyDocument", &encoded(&entity.trust));
        text += &element("MaxSessionDuration", &entity.max_session.to_string());
        if !entity.description.is_empty() {
            text += &element("Description", &entity.description);
        }
    }
    if let Some(arn) = &entity.boundary {
        let inside = [element("PermissionsBoundaryType", "Policy"), element("PermissionsBoundaryArn", arn)].concat();
        text += &format!("<PermissionsBoundary>{inside}</PermissionsBoundary>");
    }
    if !entity.tags.is_empty() {
        text += &tags_xml(&entity.tags);
    }
    text
}

/// The sandbox's own caller, who is not in the store: nothing can be done to it.
fn administrator(store: &Store) -> Entity {
    Entity {
        name: ADMIN_NAME.into(),
        path: "/".into(),
        id: crate::sandbox::ADMIN_ID.into(),
        arn: store.account.admin_arn(),
        description: String::new(),
        created: "2026-01-01T00:00:00Z".into(),
        tags: Default::default(),
        attached: Vec::new(),
        inline: Default::default(),
        boundary: None,
        trust: String::new(),
        max_session: 3600,
        changed: Instant::now(),
    }
}
