//! A request and an answer as plain values, and how the three AWS protocols read a form and escape a text.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;

/// One request, read to its end.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// The path as it was sent, percent-encoding and all.
    pub path: String,
    /// What follows the question mark, or nothing.
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// One answer, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The fields of a form or of a query string.
pub type Fields = BTreeMap<String, String>;

impl Request {
    /// A header's text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The query string's fields; a bare `?policy` has an empty value.
    pub fn query_fields(&self) -> Fields {
        fields(self.query.as_bytes())
    }

    /// The body's fields, as the AWS query protocol and OAuth send them.
    pub fn form_fields(&self) -> Fields {
        fields(&self.body)
    }

    /// The body as JSON, if it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl Answer {
    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// An answer of `content_type`.
    pub fn of(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut answer = Self { body: body.into(), ..Self::empty(status) };
        answer.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        answer
    }

    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    /// An XML answer.
    pub fn xml(status: u16, body: String) -> Self {
        Self::of(status, "text/xml", body)
    }

    /// The same with a header more; a value that is no header value is left out.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

fn fields(text: &[u8]) -> Fields {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// The members of a list in the AWS query protocol: `Tags.member.1.Key` is member 1's `Key`; a plain list's members have the
/// empty name.
pub fn members(fields: &Fields, list: &str) -> Vec<Fields> {
    let prefix = format!("{list}.member.");
    let mut found: BTreeMap<usize, Fields> = BTreeMap::new();
    for (name, value) in fields {
        let Some(rest) = name.strip_prefix(&prefix) else { continue };
        let (number, field) = rest.split_once('.').unwrap_or((rest, ""));
        if let Ok(number) = number.parse() {
            found.entry(number).or_default().insert(field.to_owned(), value.clone());
        }
    }
    found.into_values().collect()
}

/// `text` as it stands inside an XML element.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `<name>text</name>`, escaped.
pub fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escape(text))
}

/// What stands between the first `<name>` and its `</name>`, unescaped; enough for the few small documents we read.
pub fn text_of<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_query_protocols_lists() {
        let form =
            fields(b"Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=x%20y&ActionNames.member.1=s3:Get");
        let tags = members(&form, "Tags");
        assert_eq!(tags[0]["Key"], "a");
        assert_eq!(tags[0]["Value"], "x y");
        assert_eq!(tags[1]["Key"], "b");
        assert_eq!(members(&form, "ActionNames")[0][""], "s3:Get");
    }

    #[test]
    fn finds_an_elements_text() {
        assert_eq!(text_of("<a><b>x</b></a>", "b"), Some("x"));
        assert_eq!(text_of("<a/>", "b"), None);
    }
}
