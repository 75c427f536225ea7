//! IAM: one entry, the actions by noun. As strict as AWS about names, documents, quotas and what must be deleted first.

mod documents;
mod entities;
mod keys;
mod policies;
mod simulate;
pub mod store;

use std::sync::{Mutex, MutexGuard, PoisonError};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use self::store::{Kind, Store, Tags};
use super::refusal::Refusal;
use crate::sandbox::account::Account;
use crate::sandbox::message::{Answer, Fields, element, members};

pub use self::documents::check_principal;

/// The IAM service.
#[derive(Debug, Default)]
pub struct Iam {
    store: Mutex<Store>,
}

/// The inside of an action's result element.
type Outcome = Result<String, Refusal>;

impl Iam {
    /// With nothing in it.
    pub fn of(account: Account) -> Self {
        Self { store: Mutex::new(Store::of(account)) }
    }

    /// Whose it is.
    pub fn account(&self) -> Account {
        self.store().account.clone()
    }

    /// What IAM holds.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out one action.
    pub fn answer(&self, action: &str, fields: &Fields) -> Result<Answer, Refusal> {
        let inside = act(&mut self.store(), action, fields)?;
        Ok(Answer::xml(
            200,
            format!(
                "<{action}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><{action}Result>{inside}</{action}Result></{action}Response>"
            ),
        ))
    }
}

fn act(store: &mut Store, action: &str, fields: &Fields) -> Outcome {
    match action {
        "SimulatePrincipalPolicy" => simulate::principal(store, fields),
        "CreateAccessKey" => keys::create(store, fields),
        "ListAccessKeys" => keys::list(store, fields),
        "UpdateAccessKey" => keys::update(store, fields),
        "DeleteAccessKey" => keys::delete(store, fields),
        _ if action.contains("Role") => entities::act(store, Kind::Role, &action.replacen("Role", "_", 1), fields),
        _ if action.contains("User") => entities::act(store, Kind::User, &action.replacen("User", "_", 1), fields),
        _ => policies::act(store, action, fields),
    }
}

/// What the caller must be allowed to do, and on what, before an action is carried out.
pub fn needs(store: &Store, action: &str, fields: &Fields) -> Vec<(String, String)> {
    let given = |field: &str| fields.get(field).cloned();
    let named = |kind: &str, name: String, known: Option<&store::Entity>| {
        known.map_or_else(|| store.arn(kind, "/", &name), |entity| entity.arn.clone())
    };
    let resource = if let Some(name) = given("RoleName") {
        let known = store.roles.get(&name);
        named("role", name, known)
    } else if let Some(name) = given("UserName") {
        let known = store.users.get(&name);
        named("user", name, known)
    } else if let Some(name) = given("PolicyName") {
        named("policy", name, None)
    } else {
        given("PolicyArn").or(given("PolicySourceArn")).unwrap_or_else(|| "*".into())
    };
    let mut needs = vec![(format!("iam:{action}"), resource.clone())];
    if let Some(noun) =
        action.strip_prefix("Create").filter(|_| fields.keys().any(|key| key.starts_with("Tags.member.")))
    {
        needs.push((format!("iam:Tag{noun}"), resource));
    }
    needs
}

/// A field that the action cannot do without.
fn required<'a>(fields: &'a Fields, name: &str) -> Result<&'a str, Refusal> {
    fields.get(name).map(String::as_str).filter(|value| !value.is_empty()).ok_or_else(|| {
        let field = format!("{}{}", name[..1].to_lowercase(), &name[1..]);
        Refusal::new(
            400,
            "ValidationError",
            format!("1 validation error detected: Value null at '{field}' failed to satisfy constraint: Member must not be null"),
        )
    })
}

fn optional<'a>(fields: &'a Fields, name: &str, default: &'a str) -> &'a str {
    fields.get(name).map_or(default, String::as_str)
}

/// A new thing's name: up to `longest` of the characters that IAM takes.
fn check_name(name: &str, field: &str, longest: usize) -> Result<(), Refusal> {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c));
    if plain && (1..=longest).contains(&name.len()) {
        return Ok(());
    }
    Err(Refusal::new(
        400,
        "ValidationError",
        format!(
            "The specified value for {field} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and have at most {longest} of them"
        ),
    ))
}

/// A path begins and ends with a slash.
fn check_path(path: &str) -> Result<(), Refusal> {
    if path.starts_with('/') && path.ends_with('/') {
        return Ok(());
    }
    Err(Refusal::new(
        400,
        "ValidationError",
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    ))
}

/// The tags of a request; more than 50, or one key twice (IAM's tag keys ignore case), are refused.
fn tags_of(fields: &Fields) -> Result<Tags, Refusal> {
    let mut tags = Tags::new();
    let listed = members(fields, "Tags");
    let mut seen = std::collections::BTreeSet::new();
    for tag in &listed {
        let key = required(tag, "Key")?;
        if !seen.insert(key.to_lowercase()) {
            return Err(Refusal::new(
                400,
                "InvalidInput",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        tags.insert(key.to_owned(), optional(tag, "Value", "").to_owned());
    }
    if tags.len() > 50 {
        return Err(Refusal::new(409, "LimitExceeded", "Cannot exceed quota for TagsPerResource: 50"));
    }
    Ok(tags)
}

fn tags_xml(tags: &Tags) -> String {
    let members: String = tags
        .iter()
        .map(|(key, value)| format!("<member>{}{}</member>", element("Key", key), element("Value", value)))
        .collect();
    format!("<Tags>{members}</Tags>")
}

/// IAM hands documents out percent-encoded, and clients that forget to decode them break: so do we.
fn encoded(document: &str) -> String {
    utf8_percent_encode(document, NON_ALPHANUMERIC).to_string()
}

/// A list's page: `MaxItems` (default 100) from `Marker` on.
fn page(list: &str, items: Vec<String>, fields: &Fields) -> String {
    let start = fields.get("Marker").and_then(|m| m.parse().ok()).unwrap_or(0usize).min(items.len());
    let size = fields.get("MaxItems").and_then(|m| m.parse().ok()).unwrap_or(100usize).max(1);
    let end = (start + size).min(items.len());
    let truncated = end < items.len();
    let marker = if truncated { element("Marker", &end.to_string()) } else { String::new() };
    format!("<{list}>{}</{list}><IsTruncated>{truncated}</IsTruncated>{marker}", items[start..end].concat())
}

fn member(inside: &str) -> String {
    format!("<member>{inside}</member>")
}

/// An action that IAM has and this one has not, or that nobody has.
fn unknown(action: &str) -> Refusal {
    Refusal::new(400, "InvalidAction", format!("Could not find operation {action} for version 2010-05-08"))
}

#[cfg(test)]
mod tests;
