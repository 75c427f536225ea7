//! Whether a text is a policy that AWS would store: one check for each place a policy hangs.
//! What comes back is the words AWS uses, so that a person who searches for them finds the same answer.

use serde_json::Value;

use super::{statements, texts};

/// What a statement must and must not have, which differs by place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Identity,
    Trust,
    Bucket,
}

/// A managed or inline policy of a role or user.
pub fn identity(text: &str) -> Result<Value, String> {
    let document = read(text, Place::Identity)?;
    for statement in statements(&document) {
        for action in actions(statement) {
            if action != "*" && !action.contains(':') {
                return Err(format!(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. ({action})"
                ));
            }
        }
        for resource in texts(statement.get("Resource").or(statement.get("NotResource"))) {
            if resource != "*" && resource.split(':').count() < 6 {
                return Err(format!("Resource {resource} must be in ARN format or \"*\"."));
            }
            if !names_an_account(resource) {
                return Err("The policy failed legacy parsing".into());
            }
        }
    }
    Ok(document)
}

/// Whether the account in an ARN, if there is one, is one: AWS takes none, its own, a pattern, or twelve digits.
fn names_an_account(resource: &str) -> bool {
    let account = resource.split(':').nth(4).unwrap_or_default();
    let digits = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    matches!(account, "" | "aws") || account.contains(['*', '?', '$']) || digits(account)
}

/// A role's trust policy, before its principals are looked up.
pub fn trust(text: &str) -> Result<Value, String> {
    let document = read(text, Place::Trust)?;
    for statement in statements(&document) {
        if let Some(action) =
            actions(statement).into_iter().find(|a| *a != "*" && !a.to_ascii_lowercase().starts_with("sts:"))
        {
            return Err(format!("AssumeRole policy may only specify STS AssumeRole actions. ({action})"));
        }
    }
    Ok(document)
}

/// A bucket's policy, before its principals are looked up: every resource must lie in that bucket.
pub fn bucket(text: &str, bucket: &str) -> Result<Value, String> {
    if !text.starts_with('{') {
        return Err("Policies must be valid JSON and the first byte must be '{'".into());
    }
    let document = read(text, Place::Bucket)?;
    for statement in statements(&document) {
        if let Some(action) = actions(statement).into_iter().find(|a| !is_s3_action(a)) {
            return Err(format!("Policy has invalid action ({action})"));
        }
        for resource in texts(statement.get("Resource").or(statement.get("NotResource"))) {
            let inside = resource
                .strip_prefix("arn:aws:s3:::")
                .is_some_and(|name| name == bucket || name.starts_with(&format!("{bucket}/")));
            if !inside {
                return Err(format!("Policy has invalid resource ({resource})"));
            }
        }
    }
    Ok(document)
}

/// The principals of a statement by kind (`AWS`, `Service`, …); a bare `*` counts as `AWS`.
pub fn principals(statement: &Value) -> Vec<(&str, &str)> {
    match statement.get("Principal").or(statement.get("NotPrincipal")) {
        Some(Value::String(all)) => vec![("AWS", all)],
        Some(Value::Object(kinds)) => kinds
            .iter()
            .flat_map(|(kind, names)| texts(Some(names)).into_iter().map(move |name| (kind.as_str(), name)))
            .collect(),
        _ => Vec::new(),
    }
}

fn actions(statement: &Value) -> Vec<&str> {
    texts(statement.get("Action").or(statement.get("NotAction")))
}

fn read(text: &str, place: Place) -> Result<Value, String> {
    let syntax = || "Syntax errors in policy.".to_owned();
    let document: Value = serde_json::from_str(text).map_err(|_| "This policy contains invalid Json".to_owned())?;
    let object = document.as_object().ok_or_else(syntax)?;
    if object.keys().any(|key| !matches!(key.as_str(), "Version" | "Id" | "Statement")) {
        return Err(syntax());
    }
    match object.get("Version").and_then(Value::as_str) {
        Some("2012-10-17" | "2008-10-17") => {}
        _ => return Err("The policy must contain a valid version string".into()),
    }
    if statements(&document).is_empty() {
        return Err("Policy must contain at least one statement. (Missing required field Statement)".into());
    }
    for statement in statements(&document) {
        check_statement(statement, place)?;
    }
    Ok(document)
}

fn check_statement(statement: &Value, place: Place) -> Result<(), String> {
    const KNOWN: [&str; 9] =
        ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"];
    let object = statement.as_object().ok_or("Syntax errors in policy.")?;
    if let Some(unknown) = object.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("Syntax errors in policy. ({unknown})"));
    }
    if !matches!(statement["Effect"].as_str(), Some("Allow" | "Deny")) {
        return Err("Missing required field Effect".into());
    }
    if actions(statement).is_empty() {
        return Err("Missing required field Action".into());
    }
    let has_resource = !texts(statement.get("Resource").or(statement.get("NotResource"))).is_empty();
    let has_principal = !principals(statement).is_empty();
    match place {
        Place::Identity if !has_resource => Err("Policy statement must contain resources.".into()),
        Place::Identity if has_principal => Err("Policy document should not specify a principal.".into()),
        Place::Trust if has_resource => Err("Has prohibited field Resource".into()),
        Place::Bucket if !has_resource => Err("Missing required field Resource".into()),
        Place::Trust | Place::Bucket if !has_principal => Err("Missing required field Principal".into()),
        Place::Identity if !sid_is_plain(statement) => Err("Statement IDs (SID) must be alpha-numeric.".into()),
        _ => Ok(()),
    }
}

fn sid_is_plain(statement: &Value) -> bool {
    statement["Sid"].as_str().unwrap_or_default().chars().all(|c| c.is_ascii_alphanumeric())
}

/// S3 knows its actions by heart; the verb catches a slip of the pen without a list of two hundred names.
fn is_s3_action(action: &str) -> bool {
    const VERBS: [&str; 18] = [
        "Abort",
        "Associate",
        "Bypass",
        "Create",
        "Delete",
        "Describe",
        "Dissociate",
        "Get",
        "Initiate",
        "List",
        "Object",
        "Pause",
        "Put",
        "Replicate",
        "Restore",
        "Tag",
        "Untag",
        "Update",
    ];
    if action == "*" {
        return true;
    }
    let Some((service, name)) = action.split_once(':') else { return false };
    service.eq_ignore_ascii_case("s3") && (name.starts_with('*') || VERBS.iter().any(|verb| name.starts_with(verb)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCEPTED: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;

    #[test]
    fn identity_policies() {
        assert!(identity(ACCEPTED).is_ok());
        for (from, to, words) in [
            ("{\"Version", "{\"Version\"", "invalid Json"),
            ("2012-10-17", "2012-10-18", "version"),
            ("\"Effect\":\"Allow\",", "", "Effect"),
            ("\"Effect\":\"Allow\"", "\"Effect\":\"allow\"", "Effect"),
            ("\"Action\":\"s3:GetObject\",", "", "Action"),
            ("s3:GetObject", "GetObject", "vendor"),
            ("arn:aws:s3:::b/*", "b/*", "ARN format"),
            ("arn:aws:s3:::b/*", "arn:aws:iam::ACCOUNT_ID:role/r", "legacy parsing"),
            (",\"Resource\":\"arn:aws:s3:::b/*\"", "", "resources"),
            ("\"Effect\"", "\"Principal\":\"*\",\"Effect\"", "principal"),
            ("\"Effect\"", "\"Sid\":\"a b\",\"Effect\"", "SID"),
            ("\"Effect\"", "\"Effekt\":1,\"Effect\"", "Syntax"),
        ] {
            let broken = identity(&ACCEPTED.replace(from, to)).expect_err(to);
            assert!(broken.contains(words), "{to}: {broken}");
        }
    }

    #[test]
    fn trust_policies() {
        let good = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}"#;
        assert!(trust(good).is_ok());
        assert!(trust(&good.replace(",\"Principal\":{\"AWS\":\"*\"}", "")).is_err());
        assert!(trust(&good.replace("sts:AssumeRole", "s3:GetObject")).is_err());
        assert!(trust(&good.replace("\"Action\":\"sts:AssumeRole\",", "")).is_err());
    }

    #[test]
    fn bucket_policies() {
        let good = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject"],"Principal":{"Service":"billingreports.amazonaws.com"},"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}]}"#;
        assert!(bucket(good, "b").is_ok());
        for (from, to, words) in [
            ("{\"Version", "x", "first byte"),
            ("s3:PutObject", "s3:Frobnicate", "invalid action"),
            ("s3:PutObject", "ec2:RunInstances", "invalid action"),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::bb/*", "invalid resource"),
            ("\"Principal\":{\"Service\":\"billingreports.amazonaws.com\"},", "", "Principal"),
        ] {
            let broken = bucket(&good.replace(from, to), "b").expect_err(to);
            assert!(broken.contains(words), "{to}: {broken}");
        }
    }
}
