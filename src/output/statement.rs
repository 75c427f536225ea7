//! A policy document in a person's words: one line for each statement. The document itself is always one flag away.

use serde_json::Value;

/// One line for each statement, or nothing when this is no policy document or statement.
pub fn in_words(text: &str) -> Option<Vec<String>> {
    let document: Value = serde_json::from_str(text).ok()?;
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) => statements.clone(),
        Some(one @ Value::Object(_)) => vec![one.clone()],
        _ if document.get("Effect").is_some() => vec![document],
        _ => return None,
    };
    Some(statements.iter().map(statement).collect())
}

fn statement(statement: &Value) -> String {
    let effect = statement.get("Effect").and_then(Value::as_str).unwrap_or("?");
    let mut words = format!("{effect} {}", member(statement, "Action"));
    if let Some(principal) = statement.get("Principal") {
        words.push_str(&format!(" to {}", flat(principal)));
    }
    if statement.get("Resource").is_some() {
        words.push_str(&format!(" on {}", member(statement, "Resource")));
    }
    if let Some(Value::Object(conditions)) = statement.get("Condition") {
        let tests: Vec<String> = conditions.iter().flat_map(|(operator, keys)| tests(operator, keys)).collect();
        words.push_str(&format!(" if {}", tests.join(" and ")));
    }
    words
}

fn tests(operator: &str, keys: &Value) -> Vec<String> {
    let Value::Object(keys) = keys else { return vec![operator.to_owned()] };
    let sign = match operator {
        "StringEquals" => "=",
        "StringLike" => "is like",
        other => other,
    };
    keys.iter().map(|(key, value)| format!("{key} {sign} {}", flat(value))).collect()
}

fn member(statement: &Value, name: &str) -> String {
    statement.get(name).map_or_else(|| format!("(no {name})"), flat)
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(flat).collect::<Vec<_>>().join(", "),
        Value::Object(members) => members.values().map(flat).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trust_reads_as_a_sentence() {
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::451234325714:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"12"}}}]}"#;
        assert_eq!(
            in_words(trust),
            Some(vec!["Allow sts:AssumeRole to arn:aws:iam::451234325714:root if sts:ExternalId = 12".to_owned()])
        );
    }

    #[test]
    fn what_is_no_policy_stays_as_it_is() {
        assert_eq!(in_words("us-east-1"), None);
        assert_eq!(in_words("{}"), None);
        assert_eq!(in_words("12"), None);
    }
}
