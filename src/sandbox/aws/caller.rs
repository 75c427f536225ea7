//! Who signed a request. Signatures are not checked; that the access key exists is.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::iam::Iam;
use super::refusal::{Protocol, Refusal};
use crate::sandbox::account::Account;
use crate::sandbox::message::Request;
use crate::sandbox::policy::{Question, Verdict, Who, verdict};
use crate::sandbox::{ADMIN_ID, FLEXERA_PRINCIPALS};

/// The credential scope of a signature: `KEY/DATE/REGION/SERVICE/aws4_request`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub key_id: String,
    pub region: String,
    pub service: String,
}

impl Scope {
    /// From the `Authorization` header, if the request is signed.
    pub fn of(request: &Request) -> Option<Self> {
        let (_, rest) = request.header("authorization")?.split_once("Credential=")?;
        let credential = rest.split(',').next()?;
        let parts: Vec<&str> = credential.trim().split('/').collect();
        let [key_id, _date, region, service, "aws4_request"] = parts[..] else { return None };
        Some(Self { key_id: key_id.into(), region: region.into(), service: service.into() })
    }
}

/// A signed request's principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The sandbox's own credentials: may do all.
    Administrator,
    /// Flexera's role in its own account; the key id says which zone's.
    Flexera(&'static str),
    /// An IAM user of the sandbox, by name.
    User(String),
    /// A role of the sandbox that somebody has assumed.
    Session(Session),
}

/// What AssumeRole gave out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub role: String,
    pub role_id: String,
    pub name: String,
}

/// The temporary credentials given out so far, by access key id.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<BTreeMap<String, Session>>);

impl Sessions {
    /// Remembers a session in that account and gives its access key id.
    pub fn add(&self, account: &Account, session: Session) -> String {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let whose = if account.is_own() { "EXAMPLE" } else { account.id() };
        let id = format!("ASIA{whose}{:09}", sessions.len() + 1);
        sessions.insert(id.clone(), session);
        id
    }

    fn get(&self, id: &str) -> Option<Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

impl Caller {
    /// Whose access key that is.
    pub fn of(scope: &Scope, iam: &Iam, sessions: &Sessions) -> Option<Self> {
        if scope.key_id == iam.account().admin_key() {
            return Some(Self::Administrator);
        }
        if let Some((_, arn)) = FLEXERA_PRINCIPALS.iter().find(|(key_id, _)| *key_id == scope.key_id) {
            return Some(Self::Flexera(arn));
        }
        if let Some(key) = iam.store().keys.get(&scope.key_id).filter(|key| key.active) {
            return Some(Self::User(key.user.clone()));
        }
        sessions.get(&scope.key_id).map(Self::Session)
    }

    /// As GetCallerIdentity says it, with the user id.
    pub fn identity(&self, iam: &Iam) -> (String, String) {
        match self {
            Self::Administrator => (iam.account().admin_arn(), ADMIN_ID.into()),
            Self::Flexera(arn) => ((*arn).into(), "AROAFLEXERAEXAMPLE000".into()),
            Self::User(name) => match iam.store().users.get(name) {
                Some(user) => (user.arn.clone(), user.id.clone()),
                None => (String::new(), String::new()),
            },
            Self::Session(session) => (
                format!("arn:aws:sts::{}:assumed-role/{}/{}", iam.account(), session.role, session.name),
                format!("{}:{}", session.role_id, session.name),
            ),
        }
    }

    /// The ARN that policies name: a session's is its role's.
    pub fn principal(&self, iam: &Iam) -> String {
        match self {
            Self::Session(session) => {
                iam.store().roles.get(&session.role).map(|role| role.arn.clone()).unwrap_or_default()
            }
            other => other.identity(iam).0,
        }
    }

    /// What the caller's own policies say, its boundary included.
    fn own_verdict(&self, iam: &Iam, question: Question<'_>) -> (Verdict, &'static str) {
        let store = iam.store();
        let entity = match self {
            Self::User(name) => store.users.get(name),
            Self::Session(session) => store.roles.get(&session.role),
            Self::Administrator | Self::Flexera(_) => None,
        };
        entity.map_or((Verdict::Silent, "identity-based policy"), |entity| store.judged(entity, question))
    }

    /// Whether the caller may do `action`; `resource_policy` is the bucket's, whose `Allow` is enough within one account.
    pub fn may(&self, iam: &Iam, action: &str, resource: &str, resource_policy: Option<&Value>) -> Result<(), Refusal> {
        if *self == Self::Administrator {
            return Ok(());
        }
        let account = iam.account();
        let context = [("aws:SecureTransport", "true"), ("aws:PrincipalAccount", account.id())];
        let ask = |who| Question { who, action, resource, context: &context };
        let principal = self.principal(iam);
        let (own, layer) = self.own_verdict(iam, ask(Who::Bearer));
        let theirs = verdict(resource_policy, ask(Who::Arn(&principal)));
        let allowed =
            own != Verdict::Deny && theirs != Verdict::Deny && (own == Verdict::Allow || theirs == Verdict::Allow);
        if allowed {
            return Ok(());
        }
        let why = match (own, theirs) {
            (Verdict::Deny, _) => {
                format!("with an explicit deny in {} {layer}", if layer.starts_with('i') { "an" } else { "a" })
            }
            (_, Verdict::Deny) => "with an explicit deny in a resource-based policy".to_owned(),
            _ => format!("because no {layer} allows the {action} action"),
        };
        let arn = self.identity(iam).0;
        Err(Refusal::new(
            403,
            "AccessDenied",
            format!("User: {arn} is not authorized to perform: {action} on resource: {resource} {why}"),
        ))
    }
}

/// What each protocol answers to an access key that nobody has.
pub fn unknown_key(protocol: Protocol) -> Refusal {
    match protocol {
        Protocol::RestXml => {
            Refusal::new(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
        }
        Protocol::Query => {
            Refusal::new(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        }
        Protocol::Json => {
            Refusal::new(400, "UnrecognizedClientException", "The security token included in the request is invalid.")
        }
    }
}
