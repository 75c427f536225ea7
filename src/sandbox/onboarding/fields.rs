//! Reading a request's body field by field, with the complaints the API makes.

use http::HeaderMap;
use serde_json::{Map, Value};

use super::goa::{self, Complaint};
use crate::sandbox::message::Request;

/// A JSON object whose fields are asked for one by one.
pub struct Body(Map<String, Value>);

impl Body {
    /// From a request that says it is JSON and is.
    pub fn of(request: &Request) -> Result<Self, Complaint> {
        if !is_json(&request.headers) {
            return Err(goa::bad_request("the Content-Type must be application/json"));
        }
        match request.json() {
            Some(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(goa::bad_request("the body is no JSON object")),
        }
    }

    /// A field that must be there, with something in it.
    pub fn required(&self, name: &str) -> Result<String, Complaint> {
        self.optional(name)?.ok_or_else(|| goa::bad_request(&format!("\"{name}\" is missing from body")))
    }

    /// A field that may be there, with something in it.
    pub fn optional(&self, name: &str) -> Result<Option<String>, Complaint> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Err(goa::bad_request(&format!(
                "length of body.{name} must be greater or equal than 1 but got value \"\""
            ))),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(goa::bad_request(&format!("invalid value for body.{name}, must be a string"))),
        }
    }

    /// A text that may even be empty, but must be there: the session name has no shortest length.
    pub fn present(&self, name: &str) -> Result<String, Complaint> {
        match self.0.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            _ => self.required(name),
        }
    }

    /// An optional field that must pass a rule.
    pub fn checked(&self, name: &str, rule: &str, passes: impl Fn(&str) -> bool) -> Result<Option<String>, Complaint> {
        match self.optional(name)? {
            Some(text) if !passes(&text) => {
                Err(goa::bad_request(&format!("body.{name} must match {rule} but got value \"{text}\"")))
            }
            other => Ok(other),
        }
    }

    /// `effectiveFrom`, a month of this century.
    pub fn effective_from(&self) -> Result<Option<String>, Complaint> {
        self.checked("effectiveFrom", "YYYY-MM", |text| {
            let month = text.strip_prefix("20").and_then(|rest| rest.split_once('-'));
            month.is_some_and(|(year, month)| {
                let digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
                digits(year) && digits(month) && ("01"..="12").contains(&month)
            })
        })
    }

    /// `stsExternalId`.
    pub fn external_id(&self) -> Result<Option<String>, Complaint> {
        self.checked("stsExternalId", "^[^ ]+$ with 2 to 1224 characters", |text| {
            (2..=1224).contains(&text.len()) && !text.contains(' ')
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(value: Value) -> Body {
        match value {
            Value::Object(fields) => Body(fields),
            _ => unreachable!("the tests give objects"),
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let body = body(json!({"a": "x", "b": "", "c": 1}));
        assert_eq!(body.required("a").unwrap(), "x");
        for name in ["b", "c", "d"] {
            assert_eq!(body.required(name).unwrap_err().status, 400, "{name}");
        }
        assert!(body.optional("d").unwrap().is_none());
        assert!(body.present("b").is_ok());
    }

    #[test]
    fn months_and_external_ids() {
        for (month, good) in [
            ("2025-10", true),
            ("2025-13", false),
            ("2025-00", false),
            ("1999-10", false),
            ("2025-1", false),
            ("202510", false),
        ] {
            assert_eq!(body(json!({"effectiveFrom": month})).effective_from().is_ok(), good, "{month}");
        }
        for (id, good) in [("12", true), ("1", false), ("1 2", false)] {
            assert_eq!(body(json!({"stsExternalId": id})).external_id().is_ok(), good, "{id}");
        }
    }
}
