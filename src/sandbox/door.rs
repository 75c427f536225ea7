//! What stands in front of both servers: writes each request down, makes the fault asked for, hands the rest on. The
//! sandbox's own paths begin with `/_sandbox/`; they are neither written down nor counted.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderValue};
use serde_json::{Value, json};

use super::aws::{Accounts, Called, account_of};
use super::faults::{self, Faults, Kind, Tongue};
use super::holds::Holds;
use super::load::Load;
use super::message::{Answer, Request};
use super::onboarding::{Onboarding, goa};
use super::requests::{Entry, Place, Requests, masked};
use super::{ACCESS_TOKEN, state};

/// The token endpoint.
const LOGIN: &str = "/oidc/token";

/// Which of the two servers a request came in at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Aws,
    Onboarding,
}

/// Both worlds and the book of requests.
pub struct Door {
    aws: Option<Arc<Accounts>>,
    onboarding: Onboarding,
    load: Load,
    requests: Requests,
    faults: Faults,
    holds: Holds,
    /// What has changed something, in order: the way from empty worlds to these.
    history: Mutex<Vec<(Side, Request)>>,
    latency: Duration,
}

/// How an answer leaves.
#[derive(Debug)]
pub enum Delivery {
    Whole(Answer),
    /// Half the body, then the connection ends.
    Cut(Answer),
    /// The connection ends.
    Closed,
    /// The connection is reset.
    Reset,
    /// Nothing, for as long as the caller waits.
    Never,
}

impl Door {
    pub fn new(aws: Option<Arc<Accounts>>, onboarding: Onboarding, latency: Duration) -> Self {
        Self {
            aws,
            onboarding,
            load: Load::default(),
            requests: Requests::default(),
            faults: Faults::default(),
            holds: Holds::default(),
            history: Mutex::default(),
            latency,
        }
    }

    /// Everything that changed something so far.
    pub fn history(&self) -> Vec<(Side, Request)> {
        self.kept().clone()
    }

    /// Goes another door's way again, so that both stand before the same worlds; nothing of it is counted.
    pub async fn relive(&self, history: Vec<(Side, Request)>) {
        for (side, mut request) in history {
            // The bearer token it came with was good in the other sandbox alone.
            if side == Side::Onboarding
                && let Ok(lasting) = HeaderValue::from_str(&format!("Bearer {ACCESS_TOKEN}"))
            {
                request.headers.insert(AUTHORIZATION, lasting);
            }
            self.carry_out(side, &request).await;
        }
    }

    /// Answers one request.
    pub async fn answer(&self, side: Side, request: Request) -> Delivery {
        if let Some(path) = request.path.strip_prefix("/_sandbox/") {
            return Delivery::Whole(self.control(path, &request).await);
        }
        let (entry, tongue) = describe(side, &request);
        let place = self.requests.add(entry);
        let _busy = (side == Side::Aws).then(|| self.load.enter(&account_of(&request)));
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let delivery = self.deliver(side, &request, tongue, &place).await;
        match &delivery {
            Delivery::Whole(answer) | Delivery::Cut(answer) => self.requests.ended(&place, Some(answer.status)),
            Delivery::Closed | Delivery::Reset => self.requests.ended(&place, None),
            Delivery::Never => {}
        }
        delivery
    }

    /// Does what was asked and answers, as far as the fault for this request allows.
    async fn deliver(&self, side: Side, request: &Request, tongue: Tongue, place: &Place) -> Delivery {
        let fault = self.faults.take(place);
        if let Some(answer) = fault.and_then(|kind| kind.instead(tongue)) {
            return Delivery::Whole(answer);
        }
        match fault {
            Some(Kind::LostBefore) => return Delivery::Closed,
            Some(Kind::Reset) => return Delivery::Reset,
            Some(Kind::Hang) => return Delivery::Never,
            Some(Kind::Hold) => self.holds.stand().await,
            _ => {}
        }
        let answer = self.carry_out(side, request).await;
        match fault {
            Some(Kind::LostAfter) => Delivery::Closed,
            Some(Kind::HangAfter) => Delivery::Never,
            Some(Kind::Truncated) => Delivery::Cut(answer),
            Some(Kind::Garbage) => Delivery::Whole(Kind::garbage()),
            Some(Kind::HoldAfter) => {
                self.holds.stand().await;
                Delivery::Whole(answer)
            }
            _ => Delivery::Whole(answer),
        }
    }

    async fn carry_out(&self, side: Side, request: &Request) -> Answer {
        if changes_something(side, request) {
            self.kept().push((side, request.clone()));
        }
        match (side, &self.aws) {
            (Side::Aws, Some(aws)) => aws.answer(request).await,
            (Side::Aws, None) => Answer::empty(404),
            (Side::Onboarding, _) => self.onboarding.answer(request).await,
        }
    }

    /// Only AWS itself says how a delivery went, so that no request of its own does: `{"ReportName", "ReportStatus"}`.
    fn set_report_status(&self, request: &Request) -> Answer {
        let body = request.json().unwrap_or_default();
        let name = body["ReportName"].as_str().unwrap_or_default();
        match &self.aws {
            Some(aws) if aws.own().reports.set_status(name, &body["ReportStatus"]) => Answer::empty(204),
            _ => goa::error(404, "not_found", "no such report").answer(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<(Side, Request)>> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn control(&self, path: &str, request: &Request) -> Answer {
        match (request.method.as_str(), path) {
            ("GET", "state") => Answer::json(200, &state::of(self.aws.as_deref(), &self.onboarding).await),
            ("GET", "load") => Answer::json(200, &self.load.json()),
            ("GET", "requests") => Answer::json(200, &self.requests.json()),
            ("DELETE", "requests") => {
                self.requests.clear();
                Answer::empty(204)
            }
            ("POST", "report-status") => self.set_report_status(request),
            ("POST", "process-bills") => {
                self.onboarding.process_bills();
                Answer::empty(204)
            }
            ("GET", "faults") => Answer::json(200, &json!({ "made": self.faults.made() })),
            ("GET", "held") => {
                self.holds.met().await;
                Answer::empty(204)
            }
            ("DELETE", "held") => {
                self.holds.let_go();
                Answer::empty(204)
            }
            ("POST", "faults") => match serde_json::from_slice(&request.body) {
                Ok(faults) => {
                    self.faults.set(faults);
                    Answer::empty(204)
                }
                Err(why) => faults::unreadable(&why),
            },
            _ => {
                let words = "the sandbox has requests, faults, held, load, state, report-status and process-bills here";
                goa::error(404, "not_found", words).answer()
            }
        }
    }
}

fn changes_something(side: Side, request: &Request) -> bool {
    match side {
        Side::Aws => Called::of(request).write,
        Side::Onboarding => request.method != "GET" && request.path != LOGIN,
    }
}

fn describe(side: Side, request: &Request) -> (Entry, Tongue) {
    if side == Side::Aws {
        let called = Called::of(request);
        let tongue = Tongue::Aws(called.protocol);
        return (
            Entry { service: called.service, action: called.action, write: called.write, ..Entry::default() },
            tongue,
        );
    }
    let login = request.path == LOGIN;
    let body = match request.json() {
        Some(json) => Some(masked(json)),
        None if login => Some(masked(request.form_fields().into_iter().map(|(k, v)| (k, Value::from(v))).collect())),
        None => None,
    };
    let header = |name| request.header(name).map(str::to_owned);
    let entry = Entry {
        service: if login { "login" } else { "onboarding" }.into(),
        action: format!("{} {}", request.method, request.path),
        write: !login && request.method != "GET",
        body,
        api_version: header("api-version"),
        content_type: header("content-type"),
        ..Entry::default()
    };
    (entry, Tongue::Onboarding)
}
