//! STS: who am I, and assuming a role as its trust policy allows.

use super::caller::{Caller, Session};
use super::refusal::Refusal;
use super::{Accounts, Aws};
use crate::sandbox::account::Account;
use crate::sandbox::message::{Answer, Fields, element};
use crate::sandbox::policy::{Question, Verdict, Who, verdict};
use crate::sandbox::unguessable;

/// Carries out one action.
pub fn answer(
    accounts: &Accounts,
    aws: &Aws,
    caller: &Caller,
    action: &str,
    fields: &Fields,
) -> Result<Answer, Refusal> {
    let inside = match action {
        "GetCallerIdentity" => identity(aws, caller),
        "AssumeRole" => assume_role(accounts, aws, caller, fields)?,
        _ => {
            return Err(Refusal::new(
                400,
                "InvalidAction",
                format!("Could not find operation {action} for version 2011-06-15"),
            ));
        }
    };
    Ok(Answer::xml(
        200,
        format!(
            "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>{inside}</{action}Result></{action}Response>"
        ),
    ))
}

fn identity(aws: &Aws, caller: &Caller) -> String {
    let (arn, id) = caller.identity(&aws.iam);
    let account = Account::of_arn(&arn).unwrap_or_else(|| aws.iam.account());
    [element("Arn", &arn), element("UserId", &id), element("Account", account.id())].concat()
}

fn assume_role(accounts: &Accounts, aws: &Aws, caller: &Caller, fields: &Fields) -> Result<String, Refusal> {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let (arn, name) = (field("RoleArn"), field("RoleSessionName"));
    if !(2..=64).contains(&name.len()) {
        return Err(Refusal::new(
            400,
            "ValidationError",
            "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
        ));
    }
    let seconds: u32 = field("DurationSeconds").parse().unwrap_or(3600);
    let external_id = fields.get("ExternalId").map(String::as_str);
    let principal = caller.principal(&aws.iam);
    let refused = || {
        let who = caller.identity(&aws.iam).0;
        Refusal::new(
            403,
            "AccessDenied",
            format!("User: {who} is not authorized to perform: sts:AssumeRole on resource: {arn}"),
        )
    };
    let home = Account::of_arn(arn).and_then(|account| accounts.assumable(&account, arn, &principal));
    let home = home.ok_or_else(refused)?;
    if !is_trusted(&home, arn, &principal, external_id) {
        return Err(refused());
    }
    let role = home.iam.store().role_by_arn(arn).cloned().ok_or_else(refused)?;
    if seconds > role.max_session {
        return Err(Refusal::new(
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(signed_in(&home, Session { role: role.name.clone(), role_id: role.id.clone(), name: name.to_owned() }))
}

/// A session's credentials, and who it is from now on.
fn signed_in(home: &Aws, session: Session) -> String {
    let key_id = home.sessions.add(&home.iam.account(), session.clone());
    let credentials = [
        element("AccessKeyId", &key_id),
        element("SecretAccessKey", &format!("sandbox/session/secret/{:.17}", unguessable())),
        element("SessionToken", &format!("sandbox-session-token-{key_id}-{}", unguessable())),
        // Far enough away: no run in the sandbox outlives it.
        element("Expiration", "2099-01-01T00:00:00Z"),
    ]
    .concat();
    let (session_arn, session_id) = Caller::Session(session).identity(&home.iam);
    let user = format!("{}{}", element("AssumedRoleId", &session_id), element("Arn", &session_arn));
    format!("<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>")
}

/// Whether the role exists and its trust policy lets `principal` in with that external id. A missing external id is a missing
/// key, not an empty one: a policy that asks for it does not match.
pub fn is_trusted(aws: &Aws, role_arn: &str, principal: &str, external_id: Option<&str>) -> bool {
    let Some(trust) = aws.iam.store().role_by_arn(role_arn).map(|role| role.trust.clone()) else { return false };
    let Ok(trust) = serde_json::from_str::<serde_json::Value>(&trust) else { return false };
    let context: Vec<(&str, &str)> = external_id.map(|id| ("sts:ExternalId", id)).into_iter().collect();
    let question =
        Question { who: Who::Arn(principal), action: "sts:AssumeRole", resource: role_arn, context: &context };
    verdict([&trust], question) == Verdict::Allow
}
