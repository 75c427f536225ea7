//! Access keys: two for each user, the secret shown once.

use std::time::Instant;

use super::store::{Key, Kind, Store, no_such_entity, timestamp};
use super::{Outcome, member, optional, page, required};
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::message::{Fields, element};
use crate::sandbox::unguessable;

pub fn create(store: &mut Store, fields: &Fields) -> Outcome {
    let user = required(fields, "UserName")?;
    store.entity(Kind::User, user)?;
    if store.keys.values().filter(|key| key.user == user).count() >= 2 {
        return Err(Refusal::new(409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"));
    }
    let number = store.next();
    // As long as a real one, and with the word that tells scanners it is none; another account's says whose it is.
    let whose = if store.account.is_own() { "EXAMPLE" } else { store.account.id() };
    let key = Key {
        id: format!("AKIA{whose}{number:09}"),
        secret: format!("sandbox/secret/EXAMPLE/{:.17}", unguessable()),
        user: user.to_owned(),
        active: true,
        created: timestamp(),
        changed: Instant::now(),
    };
    let answer = format!("<AccessKey>{}{}</AccessKey>", inside(&key), element("SecretAccessKey", &key.secret));
    store.keys.insert(key.id.clone(), key);
    Ok(answer)
}

pub fn list(store: &mut Store, fields: &Fields) -> Outcome {
    let user = required(fields, "UserName")?;
    store.entity(Kind::User, user)?;
    let items = store.keys.values().filter(|key| key.user == user).map(|key| member(&inside(key)));
    let items = items.collect();
    Ok(page("AccessKeyMetadata", items, fields))
}

pub fn update(store: &mut Store, fields: &Fields) -> Outcome {
    let active = required(fields, "Status")? == "Active";
    let key = find(store, fields)?;
    key.active = active;
    key.changed = Instant::now();
    Ok(String::new())
}

pub fn delete(store: &mut Store, fields: &Fields) -> Outcome {
    let id = find(store, fields)?.id.clone();
    store.keys.remove(&id);
    Ok(String::new())
}

fn find<'s>(store: &'s mut Store, fields: &Fields) -> Result<&'s mut Key, Refusal> {
    let id = required(fields, "AccessKeyId")?;
    let user = optional(fields, "UserName", "");
    let missing = || no_such_entity(format!("The Access Key with id {id} cannot be found."));
    store.keys.get_mut(id).filter(|key| user.is_empty() || key.user == user).ok_or_else(missing)
}

fn inside(key: &Key) -> String {
    let status = if key.active { "Active" } else { "Inactive" };
    [
        element("UserName", &key.user),
        element("AccessKeyId", &key.id),
        element("Status", status),
        element("CreateDate", &key.created),
    ]
    .concat()
}
