//! The bill connect: Flexera's record of where the bill is and how to get in.

mod register;
pub mod undo;

use serde::Serialize;

use crate::aws::users::User;
use crate::error::Command;
use crate::onboarding::{BillConnect, Entry, same_path};
use crate::plan::{Detail, Planned, Remedy};
use crate::spec::Onboarding;
use crate::spec::another_name::AnotherName;
use crate::spec::names::{Access, Api};
use crate::spec::tags::{HANDED_OVER, Owner};
use crate::steps::Step;
use crate::steps::key::STALE_KEY;

pub use register::{apply, validate};

/// What the plan looks at: the bill connect, and with access by user the user whose key it carries.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The bill connect of the account.
    pub connect: Option<BillConnect>,
    /// The IAM user.
    pub user: Option<User>,
}

/// One write to the onboarding API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Register the role.
    CreateRole,
    /// Change the role's bill connect.
    UpdateRole,
    /// Make an access key and register it; these keys of our user, whose secret nobody has, go then.
    CreateUser(Vec<String>),
    /// Make an access key and put it in the place of the one registered; these keys of our user go then.
    ReplaceKey(Vec<String>),
    /// Change where the bill is; the key stays.
    MoveUser,
}

/// A plan's word for the access key that a bill connect holds.
pub const KEY: &str = "accessKey";

/// What is said of a registered key where a run was cut off before it said whose key that is.
pub const CUT_SHORT: &str = "left open by a run that was cut short";

/// How the bill connect stands after an apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its id, once there is one.
    pub id: Option<String>,
    /// Whether Flexera can read; `None` where the API does not say.
    pub validated: Option<bool>,
    /// What the API said, or why it says nothing.
    pub message: Option<String>,
}

/// What is between the bill connect found and the one wanted.
pub fn diff(onboarding: &Onboarding, found: &Found) -> Planned {
    let id = onboarding.bill_connect_id();
    let Some(connect) = &found.connect else { return create(onboarding, found.user.as_ref()) };
    let wants_role = onboarding.access == Access::Role;
    if matches!((&connect.entry, wants_role), (Entry::User, true) | (Entry::Role { .. }, false)) {
        let (is, wanted) = if wants_role { ("user", "role") } else { ("role", "user") };
        return Planned::refuse(
            Step::BillConnect,
            &id,
            format!("the bill connect gets in by {is}, and the API does not change that to {wanted}"),
            keep_or_delete(&format!("give --access {is} to keep it so")),
        )
        .showing(vec![Detail::drift("access", is, wanted)]);
    }
    let details = drift(onboarding, connect);
    if let Some(lost) = key_lost(onboarding, found.user.as_ref()) {
        return replace_key(onboarding, found.user.as_ref(), lost, details);
    }
    if details.is_empty() {
        return unchanged(onboarding, connect);
    }
    if onboarding.api == Api::Optima {
        return Planned::refuse(
            Step::BillConnect,
            &id,
            "the bill connect differs, and the optima API has no public request to change one",
            keep_or_delete("give what it has to keep it so"),
        )
        .showing(details);
    }
    let write = if wants_role { Write::UpdateRole } else { Write::MoveUser };
    Planned::update(Step::BillConnect, id, details, vec![write.into()])
}

fn create(onboarding: &Onboarding, user: Option<&User>) -> Planned {
    let id = onboarding.bill_connect_id();
    let mut details = vec![
        Detail::new("billAccountId", onboarding.bill_account_id.as_str()),
        Detail::new("bucketName", onboarding.bucket.as_str()),
        Detail::new("bucketPath", onboarding.prefix.as_str()),
    ];
    if let Some(month) = &onboarding.effective_from {
        details.push(Detail::new("effectiveFrom", month.as_str()));
    }
    if onboarding.access == Access::Role {
        details.push(Detail::new("stsRoleArn", onboarding.role_arn()));
        // The optima API takes none, and uses the organization's id.
        if onboarding.api == Api::FlexeraOne {
            details.push(Detail::new("stsExternalId", onboarding.external_id.as_str()));
        }
        details.extend(onboarding.session_name.iter().map(|name| Detail::new("stsRoleSessionName", name.as_str())));
        return Planned::create(Step::BillConnect, id, details, vec![Write::CreateRole.into()]);
    }
    details.push(Detail::new(KEY, format!("a new one of {}", onboarding.user_name)));
    let stale = user.map(|user| left_over(onboarding, user)).unwrap_or_default();
    if !has_room(user, &stale) {
        return no_room(onboarding, "not made by this program");
    }
    details.extend(stale.iter().map(|id| Detail::gone(STALE_KEY, id)));
    let in_file = user.and_then(|user| user.tags.value(HANDED_OVER).filter(|id| user.has_key(id)));
    let stays = in_file.map(|id| {
        format!("the access key {id} was written to a file by an earlier run and stays; delete it if nobody uses it")
    });
    Planned::create(Step::BillConnect, id, details, vec![Write::CreateUser(stale).into()]).warn(stays)
}

/// The keys that go: runs made them, for our own user, and once a new one is registered nobody has them.
fn left_over(onboarding: &Onboarding, user: &User) -> Vec<String> {
    if user.tags.owner(&onboarding.org_id) == Owner::Ours { user.keys_left_over() } else { Vec::new() }
}

/// Whether IAM, which allows two keys, takes another one once these are gone.
fn has_room(user: Option<&User>, stale: &[String]) -> bool {
    user.is_none_or(|user| user.keys.iter().filter(|key| !stale.contains(&key.id)).count() < 2)
}

fn unchanged(onboarding: &Onboarding, connect: &BillConnect) -> Planned {
    let unseen = connect.bucket.is_none() || matches!(connect.entry, Entry::Unknown);
    let warning =
        unseen.then(|| "the API did not show the bill connect's values, so they could not be compared".to_owned());
    Planned::keep(Step::BillConnect, onboarding.bill_connect_id()).warn(warning)
}

/// Why the registered key cannot be the user's, and which keys are then nobody's and go first.
struct LostKey {
    why: &'static str,
    stale: Vec<String>,
}

/// A new key, with everything else that differs in the same request.
fn replace_key(
    onboarding: &Onboarding,
    user: Option<&User>,
    LostKey { why, stale }: LostKey,
    mut details: Vec<Detail>,
) -> Planned {
    let id = onboarding.bill_connect_id();
    details.push(Detail::drift(KEY, why, format!("a new one of {}", onboarding.user_name)));
    details.extend(stale.iter().map(|id| Detail::gone(STALE_KEY, id)));
    if !has_room(user, &stale) {
        return no_room(onboarding, why).showing(details);
    }
    Planned::update(Step::BillConnect, id, details, vec![Write::ReplaceKey(stale).into()])
}

fn no_room(onboarding: &Onboarding, state: &str) -> Planned {
    Planned::refuse(
        Step::BillConnect,
        onboarding.bill_connect_id(),
        format!("the user {} has two access keys already, {state}, and IAM allows no third", onboarding.user_name),
        Remedy::naming(AnotherName::User, |flag| format!("delete one of them, or choose another user with {flag}")),
    )
}

/// What is wrong with the registered key, if anything: the API never shows which key it holds.
fn key_lost(onboarding: &Onboarding, user: Option<&User>) -> Option<LostKey> {
    if (onboarding.access, onboarding.api) != (Access::User, Api::FlexeraOne) {
        return None;
    }
    let lost = |why| Some(LostKey { why, stale: user.map(|user| left_over(onboarding, user)).unwrap_or_default() });
    let Some(user) = user else { return lost("none that is active") };
    if user.is_cut_short(&onboarding.org_id) {
        return lost(CUT_SHORT);
    }
    // Any that is active may be the one: a person who put another in its place did so by hand.
    if user.keys.iter().any(|key| key.active) { None } else { lost("none that is active") }
}

/// Field by field, in the API's words; what the API does not show is not compared.
fn drift(onboarding: &Onboarding, connect: &BillConnect) -> Vec<Detail> {
    let mut found = Vec::new();
    let mut compare = |field: &str, is: Option<&str>, wanted: Option<&str>, same: fn(&str, &str) -> bool| {
        if let (Some(is), Some(wanted)) = (is, wanted)
            && !same(is, wanted)
        {
            found.push(Detail::drift(field, is, wanted));
        }
    };
    let equal: fn(&str, &str) -> bool = |a, b| a == b;
    compare("bucketName", connect.bucket.as_deref(), Some(onboarding.bucket.as_str()), equal);
    compare("bucketPath", connect.path.as_deref(), Some(onboarding.prefix.as_str()), same_path);
    compare(
        "effectiveFrom",
        connect.effective_from.as_deref(),
        onboarding.effective_from.as_ref().map(|month| month.as_str()),
        equal,
    );
    if let Entry::Role { role_arn, external_id, session_name } = &connect.entry {
        compare("stsRoleArn", Some(role_arn), Some(&onboarding.role_arn()), equal);
        compare("stsExternalId", external_id.as_deref(), Some(onboarding.external_id.as_str()), equal);
        compare(
            "stsRoleSessionName",
            session_name.as_deref(),
            onboarding.session_name.as_ref().map(|name| name.as_str()),
            equal,
        );
    }
    found
}

/// What deletes nothing comes first.
fn keep_or_delete(keep: &str) -> Remedy {
    let words =
        format!("{keep}; or else {DELETE}, then run this again: bills already processed are Flexera's to keep or drop");
    Remedy::from(words).typing(Command::Ours("bill-connect delete"))
}

/// What a person types to remove it, in words: spelled out from here it would lack the API's address, and go to another one.
const DELETE: &str = "optima-onboard bill-connect delete with the same answers";

#[cfg(test)]
mod tests;
