//! Every request so far, in order, as a test reads it back.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::Serialize;
use serde_json::Value;

/// One request. `status` is 0 while it is being answered, and stays so if no answer was given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Entry {
    pub n: usize,
    /// Its number among the requests of the same operation, from 1.
    pub nth: usize,
    pub service: String,
    pub action: String,
    pub write: bool,
    pub status: u16,
    /// Of onboarding requests: the body, its secrets as stars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    #[serde(rename = "api-version", skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    #[serde(rename = "content-type", skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// When it had come in whole, in milliseconds since the sandbox began.
    pub started_ms: f64,
    /// When its answer was handed over, or its connection ended; absent while neither has happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_ms: Option<f64>,
}

/// The list itself. Each reset begins a new generation, so that an answer still under way writes into no newer list.
#[derive(Debug)]
pub struct Requests {
    list: Mutex<List>,
    began: Instant,
}

#[derive(Debug, Default)]
struct List {
    generation: usize,
    entries: Vec<Entry>,
    /// How many there are of each name.
    counts: BTreeMap<String, usize>,
}

/// Where an entry stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The request's number, from 1.
    pub n: usize,
    /// `service action`.
    pub name: String,
    /// Its number among the requests of that name, from 1.
    pub nth: usize,
    generation: usize,
}

impl Default for Requests {
    fn default() -> Self {
        Self { list: Mutex::default(), began: Instant::now() }
    }
}

impl Entry {
    /// `iam CreateRole`.
    fn name(&self) -> String {
        format!("{} {}", self.service, self.action)
    }
}

impl Requests {
    /// Writes a request down.
    pub fn add(&self, mut entry: Entry) -> Place {
        entry.started_ms = self.now_ms();
        let mut list = self.lock();
        let name = entry.name();
        entry.n = list.entries.len() + 1;
        let count = list.counts.entry(name.clone()).or_default();
        *count += 1;
        entry.nth = *count;
        let place = Place { n: entry.n, name, nth: entry.nth, generation: list.generation };
        list.entries.push(entry);
        place
    }

    /// Writes down how it was answered, and when; no status is a connection that ended without an answer.
    pub fn ended(&self, place: &Place, status: Option<u16>) {
        let now = self.now_ms();
        let mut list = self.lock();
        if list.generation == place.generation
            && let Some(entry) = list.entries.get_mut(place.n - 1)
        {
            entry.status = status.unwrap_or_default();
            entry.ended_ms = Some(now);
        }
    }

    /// Everything, as JSON.
    pub fn json(&self) -> Value {
        serde_json::to_value(&self.lock().entries).unwrap_or_default()
    }

    /// Forgets everything; the next request is number 1.
    pub fn clear(&self) {
        let mut list = self.lock();
        list.generation += 1;
        list.entries.clear();
        list.counts.clear();
    }

    /// To the microsecond, which is finer than anything here takes.
    fn now_ms(&self) -> f64 {
        (self.began.elapsed().as_secs_f64() * 1e6).round() / 1e3
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The names of fields that hold a secret, in either generation's spelling and in OAuth's.
const SECRETS: [&str; 6] =
    ["secretAccessKey", "aws_secret_access_key", "refresh_token", "client_secret", "access_token", "password"];

/// The same with stars for secrets, however deep.
pub fn masked(mut value: Value) -> Value {
    mask(&mut value);
    value
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, field)| {
            if SECRETS.contains(&name.as_str()) { *field = "***".into() } else { mask(field) }
        }),
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn counts_and_masks() {
        let requests = Requests::default();
        let first = requests.add(Entry { service: "iam".into(), ..Entry::default() });
        assert!(requests.json()[0]["ended_ms"].is_null());
        requests.ended(&first, Some(200));
        let seen = requests.json();
        assert_eq!(seen[0]["status"], 200);
        assert!(seen[0]["started_ms"].as_f64() <= seen[0]["ended_ms"].as_f64() && seen[0]["ended_ms"].is_f64());
        requests.clear();
        assert_eq!(requests.add(Entry::default()).n, 1);
        requests.ended(&first, Some(500));
        assert_eq!(requests.json()[0]["status"], 0);
        assert_eq!(
            masked(json!({"a": [{"secretAccessKey": "x", "b": 1}]})),
            json!({"a": [{"secretAccessKey": "***", "b": 1}]})
        );
    }
}
