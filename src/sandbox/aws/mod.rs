//! The embedded AWS: routes a request by the service in its signature's scope, finds the caller, asks whether they may,
//! and answers in the service's protocol.

mod accounts;
mod caller;
mod cur;
mod cur_rules;
pub mod iam;
mod organizations;
mod partition;
pub mod refusal;
mod s3;
pub mod sts;

use std::sync::atomic::{AtomicU64, Ordering};

use self::caller::{Caller, Scope, Sessions, unknown_key};
use self::cur::Reports;
use self::iam::Iam;
use self::partition::Translation;
use self::refusal::{Protocol, Refusal};
use self::s3::{Asker, Operation, Owners, S3};
use super::account::Account;
use super::message::{Answer, Request};
use super::{ACCOUNT_ID, AccountKind, Options};
use crate::spec::names::Partition;

pub use self::accounts::{Accounts, account_of};

/// One AWS account and all it holds.
pub struct Aws {
    pub iam: Iam,
    pub s3: S3,
    pub reports: Reports,
    pub sessions: Sessions,
    kind: AccountKind,
    translation: Translation,
    answered: AtomicU64,
}

/// What a request is, before anything is done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    pub service: String,
    pub action: String,
    pub write: bool,
    pub protocol: Protocol,
}

impl Called {
    /// From the request alone; an unsigned request belongs to no service.
    pub fn of(request: &Request) -> Self {
        let service = Scope::of(request).map(|scope| scope.service).unwrap_or_default();
        let (protocol, action) = match service.as_str() {
            "iam" | "sts" => (Protocol::Query, request.form_fields().remove("Action").unwrap_or_default()),
            "cur" | "organizations" => {
                let target = request.header("x-amz-target").unwrap_or_default();
                (Protocol::Json, target.rsplit('.').next().unwrap_or_default().to_owned())
            }
            _ => (Protocol::RestXml, Operation::of(request).name),
        };
        Self { write: is_write(&action), service, action, protocol }
    }
}

fn is_write(action: &str) -> bool {
    !["Get", "List", "Head", "Describe", "Simulate", "Assume", "Unknown"].iter().any(|verb| action.starts_with(verb))
}

impl Aws {
    /// An empty account.
    fn new(account: Account, options: &Options, owners: Owners) -> Self {
        // Process-wide in the inner services, and the same for every sandbox.
        winterbaume_core::set_default_account_id(ACCOUNT_ID);
        Self {
            iam: Iam::of(account.clone()),
            s3: S3::of(account, owners, options.bucket_name_rest),
            reports: Reports::new(options.delivery),
            sessions: Sessions::default(),
            kind: options.account_kind,
            translation: Translation::of(options.partition),
            answered: AtomicU64::default(),
        }
    }

    /// The partition that the account is in.
    pub fn partition(&self) -> Partition {
        self.translation.partition()
    }

    /// Carries out one request.
    async fn answer(&self, accounts: &Accounts, request: &Request) -> Answer {
        let called = Called::of(request);
        let answer = match self.translation.inward(request, &called) {
            Ok(request) => self.carry_out(accounts, &request, &called).await,
            Err(refusal) => Err(refusal),
        };
        let answer = self.translation.outward(answer.unwrap_or_else(|refusal| refusal.answer(called.protocol)));
        let id = format!("SANDBOX{:09}", self.answered.fetch_add(1, Ordering::Relaxed) + 1);
        let header = if called.protocol == Protocol::RestXml { "x-amz-request-id" } else { "x-amzn-requestid" };
        answer.with(header, &id)
    }

    async fn carry_out(&self, accounts: &Accounts, request: &Request, called: &Called) -> Result<Answer, Refusal> {
        let Some(scope) = Scope::of(request) else {
            return Err(Refusal::new(
                403,
                "AccessDenied",
                "The request is not signed: the sandbox answers signed requests alone.",
            ));
        };
        let caller = Caller::of(&scope, &self.iam, &self.sessions).ok_or_else(|| unknown_key(called.protocol))?;
        let action = called.action.as_str();
        match called.service.as_str() {
            "sts" => sts::answer(accounts, self, &caller, action, &request.form_fields()),
            "iam" => {
                let fields = request.form_fields();
                let needs = iam::needs(&self.iam.store(), action, &fields);
                for (action, resource) in needs {
                    caller.may(&self.iam, &action, &resource, None)?;
                }
                self.iam.answer(action, &fields)
            }
            "cur" => {
                self.may_on_report(&caller, action, request)?;
                cur::answer(self, &scope.region, action, request).await
            }
            "organizations" => {
                self.may(&caller, &format!("organizations:{action}"), "*")?;
                organizations::answer(self.s3.account(), self.kind, action)
            }
            "s3" => {
                let asker = Asker { caller: &caller, region: &scope.region, iam: &self.iam };
                self.s3.answer(request, &Operation::of(request), &asker).await
            }
            other => Err(Refusal::new(404, "UnknownService", format!("The sandbox has no service '{other}'"))),
        }
    }

    fn may_on_report(&self, caller: &Caller, action: &str, request: &Request) -> Result<(), Refusal> {
        let body = request.json().unwrap_or_default();
        let name = body["ReportDefinition"]["ReportName"].as_str().or(body["ReportName"].as_str());
        let account = self.s3.account();
        let resource = name.map_or("*".into(), |name| format!("arn:aws:cur:us-east-1:{account}:definition/{name}"));
        self.may(caller, &format!("cur:{action}"), &resource)?;
        let tags = action == "PutReportDefinition" && body["Tags"].as_array().is_some_and(|tags| !tags.is_empty());
        if tags { self.may(caller, "cur:TagResource", &resource) } else { Ok(()) }
    }

    /// The JSON services name their refusal otherwise than the XML ones.
    fn may(&self, caller: &Caller, action: &str, resource: &str) -> Result<(), Refusal> {
        caller.may(&self.iam, action, resource, None).map_err(|refusal| Refusal {
            status: 400,
            code: "AccessDeniedException",
            ..refusal
        })
    }
}
