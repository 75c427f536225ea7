//! An error answer before it is put into a service's protocol.

use serde_json::json;

use crate::sandbox::message::{Answer, element};

/// How a service writes its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// S3: the error stands at the top of the XML.
    RestXml,
    /// IAM and STS: the error stands inside an `ErrorResponse`.
    Query,
    /// CUR and Organizations: JSON 1.1 with `__type`.
    Json,
}

/// Why AWS says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
}

impl Refusal {
    /// A refusal of `status` with AWS's `code`.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// As the service's protocol writes it.
    pub fn answer(&self, protocol: Protocol) -> Answer {
        let words = format!("{}{}", element("Code", self.code), element("Message", &self.message));
        match protocol {
            Protocol::RestXml => Answer::of(
                self.status,
                "application/xml",
                format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>{words}</Error>"),
            ),
            Protocol::Query => Answer::xml(
                self.status,
                format!("<ErrorResponse><Error><Type>Sender</Type>{words}</Error></ErrorResponse>"),
            ),
            Protocol::Json => json_error(self.status, self.code, &self.message),
        }
    }
}

fn json_error(status: u16, code: &str, message: &str) -> Answer {
    let body = json!({"__type": code, "message": message}).to_string();
    Answer::of(status, "application/x-amz-json-1.1", body).with("x-amzn-errortype", code)
}
