//! What IAM holds: roles, users, managed policies and access keys, and when each last changed.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::Value;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::sandbox::account::Account;
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::policy::{Question, Verdict, verdict};

/// Everything IAM holds.
#[derive(Debug, Default)]
pub struct Store {
    pub roles: BTreeMap<String, Entity>,
    pub users: BTreeMap<String, Entity>,
    /// By ARN.
    pub policies: BTreeMap<String, Policy>,
    /// By access key id.
    pub keys: BTreeMap<String, Key>,
    /// Whose all of it is.
    pub account: Account,
    issued: u32,
}

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// A role or a user: what policies hang on.
#[derive(Clone, Debug)]
pub struct Entity {
    pub name: String,
    pub path: String,
    pub id: String,
    pub arn: String,
    pub description: String,
    pub created: String,
    pub tags: Tags,
    /// ARNs of managed policies.
    pub attached: Vec<String>,
    /// Documents by name.
    pub inline: BTreeMap<String, String>,
    /// The ARN of the managed policy that bounds what the others give.
    pub boundary: Option<String>,
    /// A role's trust policy; a user has none.
    pub trust: String,
    /// A role's longest session, in seconds.
    pub max_session: u32,
    /// When what it may do, or who may assume it, last changed.
    pub changed: Instant,
}

/// A managed policy.
#[derive(Clone, Debug)]
pub struct Policy {
    pub name: String,
    pub path: String,
    pub id: String,
    pub arn: String,
    pub description: String,
    pub created: String,
    pub updated: String,
    pub tags: Tags,
    /// In the order of creation; version ids are never used twice.
    pub versions: Vec<Version>,
    pub default: String,
    pub next: u32,
    /// When its default version last changed.
    pub changed: Instant,
}

/// A managed policy's version.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: String,
    pub document: String,
    pub created: String,
}

/// A user's access key.
#[derive(Clone, Debug)]
pub struct Key {
    pub id: String,
    pub secret: String,
    pub user: String,
    pub active: bool,
    pub created: String,
    pub changed: Instant,
}

/// The two kinds of [`Entity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Role,
    User,
}

impl Kind {
    /// As it stands in an action's name: `GetRole`, `GetUser`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Role => "Role",
            Self::User => "User",
        }
    }
}

impl Store {
    /// An account's, with nothing in it.
    pub fn of(account: Account) -> Self {
        Self { account, ..Self::default() }
    }

    /// `arn:aws:iam::ACCOUNT:kind/path/name`.
    pub fn arn(&self, kind: &str, path: &str, name: &str) -> String {
        format!("arn:aws:iam::{}:{kind}{path}{name}", self.account)
    }

    /// The next number of the one sequence that every id is made from.
    pub fn next(&mut self) -> u32 {
        self.issued += 1;
        self.issued
    }

    pub fn entities(&mut self, kind: Kind) -> &mut BTreeMap<String, Entity> {
        match kind {
            Kind::Role => &mut self.roles,
            Kind::User => &mut self.users,
        }
    }

    pub fn entity(&mut self, kind: Kind, name: &str) -> Result<&mut Entity, Refusal> {
        let word = kind.word().to_lowercase();
        let missing = || no_such_entity(format!("The {word} with name {name} cannot be found."));
        self.entities(kind).get_mut(name).ok_or_else(missing)
    }

    pub fn policy(&mut self, arn: &str) -> Result<&mut Policy, Refusal> {
        self.policies.get_mut(arn).ok_or_else(|| no_such_entity(format!("Policy {arn} was not found.")))
    }

    /// The role with that ARN.
    pub fn role_by_arn(&self, arn: &str) -> Option<&Entity> {
        self.roles.values().find(|role| role.arn == arn)
    }

    /// The role or user with that ARN.
    pub fn entity_by_arn(&self, arn: &str) -> Option<&Entity> {
        self.roles.values().chain(self.users.values()).find(|entity| entity.arn == arn)
    }

    /// The documents that say what a role or user may do.
    pub fn documents_of(&self, entity: &Entity) -> Vec<Value> {
        let managed = entity.attached.iter().filter_map(|arn| self.policies.get(arn)).filter_map(Policy::document);
        let inline = entity.inline.values().map(String::as_str);
        managed.chain(inline).filter_map(|text| serde_json::from_str(text).ok()).collect()
    }

    /// What a role or user may do: what its policies allow, and its boundary allows too.
    pub fn verdict_of(&self, entity: &Entity, question: Question<'_>) -> Verdict {
        self.judged(entity, question).0
    }

    /// The same, with the kind of policy that decided, in AWS's words.
    pub fn judged(&self, entity: &Entity, question: Question<'_>) -> (Verdict, &'static str) {
        let own = verdict(&self.documents_of(entity), question);
        let bound = entity.boundary.as_ref().map(|boundary| {
            let document = self.policies.get(boundary).and_then(Policy::document);
            let document: Option<Value> = document.and_then(|text| serde_json::from_str(text).ok());
            verdict(document.as_ref(), question)
        });
        match (own, bound) {
            (Verdict::Allow, Some(bound)) if bound != Verdict::Allow => (bound, "permissions boundary"),
            (Verdict::Silent, Some(Verdict::Deny)) => (Verdict::Deny, "permissions boundary"),
            _ => (own, "identity-based policy"),
        }
    }

    /// Puts the unique id of what is deleted in the place of its ARN, wherever a role trusts it, as IAM does: one made
    /// anew under the same name is somebody else.
    pub fn forget_principal(&mut self, arn: &str, id: &str) {
        for role in self.roles.values_mut().filter(|role| role.trust.contains(arn)) {
            role.trust = role.trust.replace(&format!("\"{arn}\""), &format!("\"{id}\""));
            role.changed = Instant::now();
        }
    }

    /// When what `entity` may do last changed: itself, or one of its policies.
    pub fn last_change(&self, entity: &Entity) -> Instant {
        entity
            .attached
            .iter()
            .chain(&entity.boundary)
            .filter_map(|arn| self.policies.get(arn))
            .map(|p| p.changed)
            .fold(entity.changed, Instant::max)
    }

    /// How many roles and users a policy bounds.
    pub fn bounds(&self, arn: &str) -> usize {
        let entities = self.roles.values().chain(self.users.values());
        entities.filter(|entity| entity.boundary.as_deref() == Some(arn)).count()
    }

    /// How many roles and users a policy hangs on.
    pub fn attachments(&self, arn: &str) -> usize {
        self.roles.values().chain(self.users.values()).filter(|entity| entity.attached.iter().any(|a| a == arn)).count()
    }
}

impl Policy {
    /// The default version's document.
    pub fn document(&self) -> Option<&str> {
        self.versions.iter().find(|v| v.id == self.default).map(|v| v.document.as_str())
    }
}

/// Now, as AWS writes it.
pub fn timestamp() -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    OffsetDateTime::now_utc().format(format).unwrap_or_else(|_| "2026-01-01T00:00:00Z".into())
}

pub fn no_such_entity(message: String) -> Refusal {
    Refusal::new(404, "NoSuchEntity", message)
}
