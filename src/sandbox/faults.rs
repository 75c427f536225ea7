//! Faults that a test asks for: what goes wrong, and at which request. Each happens once, unless it is to last.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::json;

use super::aws::refusal::{Protocol, Refusal};
use super::message::Answer;
use super::onboarding::goa;
use super::requests::Place;

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
    /// Nothing has been done: what it is about is not there.
    NotFound,
    /// Nothing has been done: the request is not as it should be.
    Malformed,
    /// Nothing has been done: it is there already, or the state does not allow it.
    Conflict,
    /// Nothing has been done: another change to the same thing is under way.
    Busy,
    /// Nothing has been done: the token is not good any more. AWS says so of its own credentials.
    Unauthorized,
    /// Nothing has been done: the onboarding API cannot use what it was given (422).
    Unusable,
    /// Nothing has been done, and no answer ever comes.
    Hang,
    /// Everything has been done, and no answer ever comes.
    HangAfter,
    /// Everything has been done; half the answer's body comes, then the connection ends.
    Truncated,
    /// Everything has been done; the answer is a 200 that no parser takes.
    Garbage,
    /// Nothing has been done yet: the request stands still until it is let go.
    Hold,
    /// Everything has been done; the answer stands still until it is let go.
    HoldAfter,
}

/// A fault and the request that meets it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Request number `at`, counted from the last reset, from 1; or else
    #[serde(default)]
    at: usize,
    /// request number `nth` of this operation, `iam CreateRole`.
    #[serde(default)]
    of: String,
    #[serde(default = "first")]
    nth: usize,
    kind: Kind,
    /// Every later request of the same operation meets it too.
    #[serde(default)]
    lasting: bool,
}

fn first() -> usize {
    1
}

/// The faults still to come, and how many came.
#[derive(Debug, Default)]
pub struct Faults(Mutex<List>);

#[derive(Debug, Default)]
struct List {
    faults: Vec<Fault>,
    made: usize,
}

impl Faults {
    /// Replaces what was asked for before.
    pub fn set(&self, faults: Vec<Fault>) {
        *self.lock() = List { faults, made: 0 };
    }

    /// How many have come since they were asked for.
    pub fn made(&self) -> usize {
        self.lock().made
    }

    /// The fault for the request at this place, which is then gone unless it lasts.
    pub fn take(&self, place: &Place) -> Option<Kind> {
        let mut list = self.lock();
        let at = list.faults.iter().position(|fault| fault.meets(place))?;
        list.made += 1;
        if list.faults[at].lasting {
            let fault = &mut list.faults[at];
            (fault.at, fault.of, fault.nth) = (0, place.name.clone(), place.nth);
            return Some(fault.kind);
        }
        Some(list.faults.remove(at).kind)
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    fn meets(&self, place: &Place) -> bool {
        let of_operation = self.of == place.name;
        self.at == place.n || (of_operation && (self.nth == place.nth || (self.lasting && self.nth < place.nth)))
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
        let (rest, query, json, goa) = self.refusals()?;
        let message = "A fault that the sandbox was asked for.";
        let refusal = |(status, code)| Refusal::new(status, code, message);
        Some(match tongue {
            Tongue::Aws(Protocol::RestXml) => refusal(rest).answer(Protocol::RestXml),
            Tongue::Aws(Protocol::Query) => refusal(query).answer(Protocol::Query),
            Tongue::Aws(Protocol::Json) => refusal(json).answer(Protocol::Json),
            Tongue::Onboarding => {
                let answer = goa::error(goa.0, goa.1, message).answer();
                if self == Self::Throttled { answer.with("retry-after", "1") } else { answer }
            }
        })
    }

    /// Status and code as S3, IAM and STS, the JSON services, and the onboarding API say it: a table, a row for each kind.
    fn refusals(self) -> Option<(Said, Said, Said, Said)> {
        let same = |status, aws, goa| Some(((status, aws), (status, aws), (status, aws), (status, goa)));
        match self {
            Self::Status500 => same(500, "InternalError", "internal_error"),
            Self::Status503 => same(503, "ServiceUnavailable", "bad_gateway"),
            Self::Throttled => {
                Some(((503, "SlowDown"), (400, "Throttling"), (400, "ThrottlingException"), (429, "too_many_requests")))
            }
            Self::AccessDenied => {
                Some(((403, "AccessDenied"), (403, "AccessDenied"), (400, "AccessDeniedException"), (403, "forbidden")))
            }
            Self::NotFound => Some((
                (404, "NoSuchBucket"),
                (404, "NoSuchEntity"),
                (400, "ResourceNotFoundException"),
                (404, "not_found"),
            )),
            Self::Malformed => Some((
                (400, "MalformedPolicy"),
                (400, "MalformedPolicyDocument"),
                (400, "ValidationException"),
                (400, "bad_request"),
            )),
            Self::Conflict => Some((
                (409, "BucketAlreadyExists"),
                (409, "EntityAlreadyExists"),
                (400, "DuplicateReportNameException"),
                (409, "conflict"),
            )),
            Self::Busy => Some((
                (409, "OperationAborted"),
                (409, "ConcurrentModification"),
                (400, "ConcurrentModificationException"),
                (429, "too_many_requests"),
            )),
            Self::Unauthorized => Some((
                (400, "ExpiredToken"),
                (403, "ExpiredToken"),
                (400, "ExpiredTokenException"),
                (401, "unauthorized"),
            )),
            Self::Unusable => Some((
                (400, "InvalidRequest"),
                (400, "ValidationError"),
                (400, "ValidationException"),
                (422, "unprocessable_entity"),
            )),
            _ => None,
        }
    }

    /// What no parser takes, in the place of a good answer.
    pub fn garbage() -> Answer {
        Answer::of(200, "text/html", "<html><body>Sign in to the hotel's network</bo")
    }
}

/// A status and the code, or the name, that goes with it.
type Said = (u16, &'static str);

/// The answer to a list of faults that cannot be read.
pub fn unreadable(why: &serde_json::Error) -> Answer {
    Answer::json(400, &json!({"message": format!("not a list of faults: {why}")}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::requests::{Entry, Requests};

    fn faults(list: &str) -> Faults {
        let faults = Faults::default();
        faults.set(serde_json::from_str(list).unwrap());
        faults
    }

    fn places(actions: &[&str]) -> Vec<Place> {
        let requests = Requests::default();
        let entry = |action: &&str| Entry { service: "iam".into(), action: (*action).into(), ..Entry::default() };
        actions.iter().map(|action| requests.add(entry(action))).collect()
    }

    #[test]
    fn each_happens_once() {
        let faults = faults(r#"[{"at":2,"kind":"status-500"},{"at":2,"kind":"lost-before"}]"#);
        let places = places(&["A", "B"]);
        assert_eq!(faults.take(&places[0]), None);
        assert_eq!(faults.take(&places[1]), Some(Kind::Status500));
        assert_eq!(faults.take(&places[1]), Some(Kind::LostBefore));
        assert_eq!((faults.take(&places[1]), faults.made()), (None, 2));
    }

    #[test]
    fn an_operation_is_counted_by_itself_and_a_lasting_fault_stays() {
        let places = places(&["A", "B", "A", "A"]);
        let met = |list: &str| {
            let faults = faults(list);
            places.iter().map(|place| faults.take(place).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(met(r#"[{"of":"iam A","nth":2,"kind":"hang"}]"#), [false, false, true, false]);
        assert_eq!(met(r#"[{"of":"iam A","nth":2,"kind":"hang","lasting":true}]"#), [false, false, true, true]);
        assert_eq!(met(r#"[{"at":1,"kind":"hang","lasting":true}]"#), [true, false, true, true]);
    }

    #[test]
    fn speaks_each_services_tongue() {
        let status = |kind: Kind, tongue| kind.instead(tongue).map(|answer| answer.status);
        assert_eq!(status(Kind::Throttled, Tongue::Aws(Protocol::RestXml)), Some(503));
        assert_eq!(status(Kind::Throttled, Tongue::Onboarding), Some(429));
        assert_eq!(status(Kind::AccessDenied, Tongue::Aws(Protocol::Query)), Some(403));
        assert_eq!(status(Kind::AccessDenied, Tongue::Aws(Protocol::Json)), Some(400));
        assert_eq!(status(Kind::LostAfter, Tongue::Onboarding), None);
    }
}
