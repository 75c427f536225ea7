//! The onboarding API's errors: one shape for all.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use crate::sandbox::message::Answer;

static COUNT: AtomicU64 = AtomicU64::new(0);

/// What the API complains of, before it is an answer.
#[derive(Clone, Debug)]
pub struct Complaint {
    pub status: u16,
    name: &'static str,
    message: String,
}

impl Complaint {
    /// As it is sent; clients may go by `temporary`, `timeout` and `fault` when they retry.
    pub fn answer(&self) -> Answer {
        let id = format!("sandbox-{:06}", COUNT.fetch_add(1, Ordering::Relaxed) + 1);
        let body = json!({
            "name": self.name, "id": id, "message": self.message,
            "temporary": matches!(self.status, 429 | 502 | 503), "timeout": false, "fault": self.status >= 500,
        });
        Answer::of(self.status, "application/vnd.goa.error", body.to_string())
    }
}

pub fn error(status: u16, name: &'static str, message: &str) -> Complaint {
    Complaint { status, name, message: message.to_owned() }
}

pub fn bad_request(message: &str) -> Complaint {
    error(400, "bad_request", message)
}

pub fn not_found(message: &str) -> Complaint {
    error(404, "not_found", message)
}
