//! Taking the delivery statements out of a bucket's policy again: they are cut out of its text, so that everything else
//! stays as it was, to the byte.

use std::ops::Range;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{CHECK_SID, DELIVERY_SID, MergeRefusal};

/// A policy without our statements.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The policy to write; `None` when nothing but ours was in it, as S3 takes no policy without statements.
    pub rest: Option<String>,
    /// Our statements that were in it.
    pub removed: Vec<Value>,
}

/// Cuts every statement that has one of our Sids out of the policy.
pub fn without_ours(text: &str) -> Result<Cut, MergeRefusal> {
    let whole: Value = serde_json::from_str(text).map_err(|error| MergeRefusal::NotJson(error.to_string()))?;
    if !whole.is_object() {
        return Err(MergeRefusal::NotAPolicy("it is not an object"));
    }
    let places = statements(text).ok_or(MergeRefusal::NotAPolicy("it has not one Statement"))?;
    let mut removed = Vec::new();
    let mut statements = Vec::new();
    for place in places {
        let statement = serde_json::from_str(&text[place.clone()]).ok().filter(Value::is_object);
        let statement = statement.ok_or(MergeRefusal::NotAPolicy("a statement of it is not an object"))?;
        let ours = is_ours(&statement);
        statements.push((place, ours));
        removed.extend(ours.then_some(statement));
    }
    let rest = (removed.is_empty() || removed.len() < statements.len()).then(|| cut(text, &statements));
    Ok(Cut { rest, removed })
}

/// Where each statement stands in the text of a JSON object, if it has one `Statement`: a list, or one by itself.
fn statements(text: &str) -> Option<Vec<Range<usize>>> {
    let mut found = members(text)?.into_iter().filter(|(key, _)| key == "Statement").map(|(_, value)| value);
    // Which of two S3 means nobody knows.
    let (Some(value), None) = (found.next(), found.next()) else { return None };
    if text[value.clone()].starts_with('[') { items(text, value.start) } else { Some(vec![value]) }
}

/// The members of the object that the text is: each key, and where its value stands.
fn members(text: &str) -> Option<Vec<(String, Range<usize>)>> {
    let mut found = Vec::new();
    let mut at = after(text, 0, '{')?;
    while after(text, at, '}').is_none() {
        let key = value_at(text, at)?;
        let value = value_at(text, after(text, key.end, ':')?)?;
        at = after(text, value.end, ',').unwrap_or(value.end);
        found.push((serde_json::from_str(&text[key]).ok()?, value));
    }
    Some(found)
}

/// Where the items of the list that begins there stand.
fn items(text: &str, list: usize) -> Option<Vec<Range<usize>>> {
    let mut found = Vec::new();
    let mut at = after(text, list, '[')?;
    while after(text, at, ']').is_none() {
        let item = value_at(text, at)?;
        at = after(text, item.end, ',').unwrap_or(item.end);
        found.push(item);
    }
    Some(found)
}

/// Where the next value stands, blanks before it left out.
fn value_at(text: &str, at: usize) -> Option<Range<usize>> {
    let start = at + blanks(&text[at..]);
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(start..start + values.byte_offset())
}

/// The place after this mark, if it comes next.
fn after(text: &str, at: usize, mark: char) -> Option<usize> {
    let start = at + blanks(&text[at..]);
    text[start..].starts_with(mark).then(|| start + mark.len_utf8())
}

/// How many of JSON's blanks the text begins with.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\n', '\r']).len()
}

fn is_ours(statement: &Value) -> bool {
    statement.get("Sid").and_then(Value::as_str).is_some_and(|sid| [CHECK_SID, DELIVERY_SID].contains(&sid))
}

/// The text without the statements that go; each that stays keeps what separates it from the one before.
fn cut(text: &str, statements: &[(Range<usize>, bool)]) -> String {
    let (Some((first, _)), Some((last, _))) = (statements.first(), statements.last()) else { return text.to_owned() };
    let mut rest = text[..first.start].to_owned();
    let mut before: Option<usize> = None;
    let mut is_first = true;
    for (range, goes) in statements {
        if !goes {
            let separator = before.filter(|_| !is_first).map_or("", |end| &text[end..range.start]);
            rest.push_str(separator);
            rest.push_str(&text[range.clone()]);
            is_first = false;
        }
        before = Some(range.end);
    }
    rest.push_str(&text[last.end..]);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: &str = r#"{"Sid" : "Mine", "Effect":"Allow","Number":1.50}"#;
    const YOURS: &str = r#"{"Effect":"Deny","Sid":"Yours\u0041"}"#;
    const CHECK: &str = r#"{"Sid":"OptimaOnboardBillingCheck","Effect":"Allow"}"#;
    const DELIVERY: &str = r#"{"Effect":"Allow","Sid":"OptimaOnboardBillingDelivery"}"#;

    fn policy(list: &str) -> String {
        format!("{{\n \"Version\": \"2012-10-17\",\n \"Statement\": {list},\n \"Id\":\"x\"}}\n")
    }

    #[test]
    fn whatever_stands_around_ours_stays_to_the_byte() {
        for (with, without) in [
            (format!("[{MINE} ,\n {CHECK},{DELIVERY}]"), format!("[{MINE}]")),
            (format!("[ {CHECK}, {MINE},\n\n{DELIVERY} ,{YOURS}\t]"), format!("[ {MINE} ,{YOURS}\t]")),
            (format!("[{DELIVERY},{MINE},{YOURS}]"), format!("[{MINE},{YOURS}]")),
        ] {
            let cut = without_ours(&policy(&with)).expect("a policy");
            assert_eq!(cut.rest, Some(policy(&without)));
        }
    }

    #[test]
    fn nothing_else_left_is_no_policy() {
        for list in [format!("[{CHECK},{DELIVERY}]"), format!("[ {CHECK} ]"), CHECK.to_owned()] {
            let cut = without_ours(&policy(&list)).expect("a policy");
            assert_eq!(cut.rest, None, "{list}");
        }
    }

    #[test]
    fn a_policy_without_ours_stays_whole() {
        for list in [format!("[{MINE},{YOURS}]"), MINE.to_owned(), "[]".to_owned()] {
            let cut = without_ours(&policy(&list)).expect("a policy");
            assert!(cut.removed.is_empty() && cut.rest == Some(policy(&list)), "{list}");
        }
    }

    #[test]
    fn what_is_no_policy_is_said() {
        assert!(matches!(without_ours("{"), Err(MergeRefusal::NotJson(_))));
        assert!(matches!(without_ours("[]"), Err(MergeRefusal::NotAPolicy(_))));
        assert!(matches!(without_ours("{}"), Err(MergeRefusal::NotAPolicy(_))));
        let twice = format!("[{CHECK}], \"Statement\": [{MINE}]");
        assert!(matches!(without_ours(&policy(&twice)), Err(MergeRefusal::NotAPolicy(_))));
        assert!(matches!(without_ours(&policy("[7]")), Err(MergeRefusal::NotAPolicy(_))));
    }
}
