//! Faults that a test asks for: what goes wrong, and at which request. Each happens once.

use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::json;

use super::aws::refusal::{Protocol, Refusal};
use super::message::Answer;
use super::onboarding::goa;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The connection ends and nothing has been done.
    LostBefore,
    /// Everything has been done, and the connection ends without an answer.
    LostAfter,
    /// The connection is reset and nothing has been done.
    Reset,
    /// Nothing has been done: 500.
    #[serde(rename = "status-500")]
    Status500,
    /// Nothing has been done: 503.
    #[serde(rename = "status-503")]
    Status503,
    /// Nothing has been done: too many requests, as the service says it.
    Throttled,
    /// Nothing has been done: no, as the service says it.
    AccessDenied,
    /// Nothing has been done, and no answer ever comes.
    Hang,
    /// Everything has been done, and no answer ever comes.
    HangAfter,
    /// Everything has been done; half the answer's body comes, then the connection ends.
    Truncated,
    /// Everything has been done; the answer is a 200 that no parser takes.
    Garbage,
}

/// A fault at request number `at`, counted from the last reset, from 1.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub at: usize,
    pub kind: Kind,
}

/// The faults still to come.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Replaces what was asked for before.
    pub fn set(&self, faults: Vec<Fault>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// The fault for request number `n`, which is then gone.
    pub fn take(&self, n: usize) -> Option<Kind> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = faults.iter().position(|fault| fault.at == n)?;
        Some(faults.remove(at).kind)
    }
}

/// The language a service says no in.
#[derive(Clone, Copy, Debug)]
pub enum Tongue {
    Aws(Protocol),
    Onboarding,
}

impl Kind {
    /// The answer of a fault that is an answer, given without doing anything.
    pub fn instead(self, tongue: Tongue) -> Option<Answer> {
        let (status, aws_code, goa_name) = match self {
            Self::Status500 => (500, "InternalError", "internal_error"),
            Self::Status503 => (503, "ServiceUnavailable", "bad_gateway"),
            Self::Throttled => return Some(throttled(tongue)),
            Self::AccessDenied => (403, "AccessDenied", "forbidden"),
            _ => return None,
        };
        let message = "A fault that the sandbox was asked for.";
        Some(match tongue {
            Tongue::Aws(Protocol::Json) if self == Self::AccessDenied => {
                Refusal::new(400, "AccessDeniedException", message).answer(Protocol::Json)
            }
            Tongue::Aws(protocol) => Refusal::new(status, aws_code, message).answer(protocol),
            Tongue::Onboarding => goa::error(status, goa_name, message).answer(),
        })
    }

    /// What no parser takes, in the place of a good answer.
    pub fn garbage() -> Answer {
        Answer::of(200, "text/html", "<html><body>Sign in to the hotel's network</bo")
    }
}

/// Each service has its own words for too many requests.
fn throttled(tongue: Tongue) -> Answer {
    let aws = |status, code| Refusal::new(status, code, "Rate exceeded");
    match tongue {
        Tongue::Aws(Protocol::RestXml) => aws(503, "SlowDown").answer(Protocol::RestXml),
        Tongue::Aws(Protocol::Query) => aws(400, "Throttling").answer(Protocol::Query),
        Tongue::Aws(Protocol::Json) => aws(400, "ThrottlingException").answer(Protocol::Json),
        Tongue::Onboarding => {
            goa::error(429, "too_many_requests", "too many requests").answer().with("retry-after", "1")
        }
    }
}

/// The answer to a list of faults that cannot be read.
pub fn unreadable(why: &serde_json::Error) -> Answer {
    Answer::json(400, &json!({"message": format!("not a list of faults: {why}")}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_happens_once() {
        let faults = Faults::default();
        faults.set(serde_json::from_str(r#"[{"at":2,"kind":"status-500"},{"at":2,"kind":"lost-before"}]"#).unwrap());
        assert_eq!(faults.take(1), None);
        assert_eq!(faults.take(2), Some(Kind::Status500));
        assert_eq!(faults.take(2), Some(Kind::LostBefore));
        assert_eq!(faults.take(2), None);
    }

    #[test]
    fn speaks_each_services_tongue() {
        let status = |kind: Kind, tongue| kind.instead(tongue).map(|answer| answer.status);
        assert_eq!(status(Kind::Throttled, Tongue::Aws(Protocol::RestXml)), Some(503));
        assert_eq!(status(Kind::Throttled, Tongue::Onboarding), Some(429));
        assert_eq!(status(Kind::AccessDenied, Tongue::Aws(Protocol::Query)), Some(403));
        assert_eq!(status(Kind::LostAfter, Tongue::Onboarding), None);
    }
}
