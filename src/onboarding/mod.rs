//! The onboarding API: one client over its two generations. Its wire types and the HTTP library stop in this folder.
//!
//! `optima` is the API of Flexera's role-based onboarding document, `flexera-one` the FinOps Onboarding API.
//! Where one of them has no such request, the method says so without sending anything.

pub mod addresses;
mod answer;
mod bill_connect;
mod budget;
mod failure;
#[cfg(test)]
mod fuzz;
mod http;
#[cfg(test)]
mod loopback;
mod pool;
mod requests;
#[cfg(test)]
mod tests;
pub mod token;

use std::fmt;
use std::time::Duration;

use url::Url;

pub use self::bill_connect::{BillConnect, BillMonthStatus, Entry, Validation, same_path};
pub use self::failure::CreateFailure;
pub use self::pool::Pool;
pub use self::requests::{RoleRequest, UserRequest};
pub use self::token::{Credential, TokenSource};

use self::answer::Answer;
use self::bill_connect::{check_id, id_of, unreadable};
use self::http::{Body, Call, Http, Method, Repeat, Trouble};
use crate::error::Error;
use crate::secret::Cleared;
use crate::spec::names::{AccountId, Api, OrgId};

/// As the crate's, with room for what says more than an error.
type Result<T, E = Error> = std::result::Result<T, E>;

/// Which API, where, for whom, and with what credential.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The generation.
    pub api: Api,
    /// The Flexera organization.
    pub org: OrgId,
    /// The API's base address; it may have a path.
    pub base: Url,
    /// The token endpoint.
    pub login: Url,
    /// What the bearer token comes from.
    pub credential: Credential,
    /// The bound for one request, answer and all.
    pub request_timeout: Duration,
}

/// The client, from a [`Pool`]; clones share connections and the token.
#[derive(Clone)]
pub struct OnboardingApi {
    api: Api,
    org: OrgId,
    base: Url,
    http: Http,
    tokens: TokenSource,
}

impl fmt::Debug for OnboardingApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnboardingApi")
            .field("api", &self.api)
            .field("org", &self.org)
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

impl OnboardingApi {
    /// The generation it speaks.
    pub fn api(&self) -> Api {
        self.api
    }

    /// Fetches the token ahead of the first request.
    pub async fn sign_in(&self) -> Result<()> {
        self.tokens.bearer().await.map(drop)
    }

    /// Every bill connect of the organization, other vendors' too.
    pub async fn list(&self) -> Result<Vec<BillConnect>> {
        let call = self.plain(Method::GET, &[]);
        let answer = succeeded(self.send(&call).await?)?;
        bill_connect::read_list(&answer.json()?).ok_or_else(|| unreadable(&call, "list of bill connects"))
    }

    /// The account's bill connect, if there is one.
    pub async fn find(&self, account: &AccountId) -> Result<Option<BillConnect>> {
        let call = self.plain(Method::GET, &["aws", &id_of(account.as_str())]);
        let answer = self.send(&call).await?;
        if answer.is_absent() {
            return Ok(None);
        }
        let json = succeeded(answer)?.json()?;
        BillConnect::read_of(&json, account.as_str()).map(Some).ok_or_else(|| unreadable(&call, "bill connect"))
    }

    /// Creates the account's bill connect by role.
    pub async fn create_role(&self, request: &RoleRequest<'_>) -> Result<BillConnect, CreateFailure> {
        let (kind, body) = match self.api {
            Api::Optima => ("iam_role", request.older()),
            Api::FlexeraOne => ("iam-role", request.newer_creation(&self.org)),
        };
        let call = self.carrying(Method::POST, &["aws", kind], body);
        self.create(&call, request.account_id).await
    }

    /// Creates the account's bill connect by access key; `flexera-one` only.
    pub async fn create_user(&self, request: &UserRequest<'_>) -> Result<BillConnect, CreateFailure> {
        self.needs_flexera_one("a bill connect by IAM user")?;
        let call = self.carrying(Method::POST, &["aws", "iam-user"], request.newer_creation()?);
        self.create(
            &Call { secrets: request.key.iter().map(|(_, secret)| *secret).collect(), ..call },
            request.account_id,
        )
        .await
    }

    /// Changes everything about a bill connect by role but its account; `flexera-one` only.
    pub async fn update_role(&self, id: &str, request: &RoleRequest<'_>) -> Result<(), CreateFailure> {
        self.needs_flexera_one("changing a bill connect")?;
        check_id(id)?;
        let call = self.carrying(Method::PATCH, &["aws", "iam-role", id], request.newer_update());
        self.update(&call).await
    }

    /// Changes everything about a bill connect by access key but its account and partition; `flexera-one` only.
    pub async fn update_user(&self, id: &str, request: &UserRequest<'_>) -> Result<(), CreateFailure> {
        self.needs_flexera_one("changing a bill connect")?;
        check_id(id)?;
        let call = self.carrying(Method::PATCH, &["aws", "iam-user", id], request.newer_update());
        self.update(&Call { secrets: request.key.iter().map(|(_, secret)| *secret).collect(), ..call }).await
    }

    /// Deletes a bill connect; `false` if there was none.
    pub async fn delete(&self, id: &str) -> Result<bool> {
        check_id(id)?;
        let answer = self.send(&self.plain(Method::DELETE, &["aws", id])).await?;
        if answer.is_absent() { Ok(false) } else { succeeded(answer).map(|_| true) }
    }

    /// Whether Flexera gets in; `None` where the generation publishes no such request.
    pub async fn validation(&self, id: &str) -> Result<Option<Validation>> {
        if self.api == Api::Optima {
            return Ok(None);
        }
        check_id(id)?;
        let call = self.plain(Method::GET, &["aws", id, "validation"]);
        let answer = self.send(&call).await?;
        if answer.is_absent() {
            // Not among the documented answers: whoever waits for a new bill connect goes on waiting.
            let error = format!("the onboarding API knows no bill connect {id}, or not yet");
            return Ok(Some(Validation { valid: false, error: Some(error) }));
        }
        let json = succeeded(answer)?.json()?;
        bill_connect::read_validation(&json).map(Some).ok_or_else(|| unreadable(&call, "validation"))
    }

    /// How far each month's bill is, the newest first; `None` where the generation publishes no such request.
    pub async fn bill_months(&self, id: &str) -> Result<Option<Vec<BillMonthStatus>>> {
        if self.api == Api::Optima {
            return Ok(None);
        }
        check_id(id)?;
        let mut url = addresses::below(
            &self.base,
            ["finops-onboarding", "v1", "orgs", self.org.as_str(), "processing", "bill-months"],
        );
        // The largest page holds eighty years of one bill connect's months.
        url.query_pairs_mut()
            .append_pair("limit", "1000")
            .append_pair("orderBy", "billMonth desc")
            .append_pair("filter", &format!("billConnectId eq '{id}'"));
        let call = Call::plain(Method::GET, url);
        let json = succeeded(self.send(&call).await?)?.json()?;
        bill_connect::read_bill_months(&json, id).map(Some).ok_or_else(|| unreadable(&call, "list of bill months"))
    }

    async fn create(&self, call: &Call<'_>, account: &AccountId) -> Result<BillConnect, CreateFailure> {
        let answer = self.send(call).await?;
        if !answer.is_success() {
            return Err(CreateFailure::of(&answer));
        }
        if answer.status == 201 && answer.is_empty() {
            return Ok(BillConnect::bare(account.as_str()));
        }
        // A success that is no JSON may be the page of a proxy in between.
        let json = answer.json().map_err(CreateFailure::Lost)?;
        match BillConnect::read_of(&json, account.as_str()) {
            Some(connect) => Ok(connect),
            // It was created, whatever the API shows of it.
            None if answer.status == 201 => Ok(BillConnect::bare(account.as_str())),
            None => Err(CreateFailure::Lost(unreadable(call, "bill connect"))),
        }
    }

    async fn update(&self, call: &Call<'_>) -> Result<(), CreateFailure> {
        let answer = self.send(call).await?;
        if answer.is_success() { Ok(()) } else { Err(CreateFailure::of(&answer)) }
    }

    /// Sends with the bearer token, and once more with a new one if it is refused.
    async fn send(&self, call: &Call<'_>) -> Result<Answer, Trouble> {
        let token = self.tokens.bearer().await.map_err(Trouble::NeverSent)?;
        let answer = self.http.send(call, Some(&token)).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let renewed = self.tokens.renew(&token).await.map_err(Trouble::NeverSent)?;
        self.http.send(call, Some(&renewed)).await
    }

    fn plain(&self, method: Method, segments: &[&str]) -> Call<'static> {
        Call { headers: self.headers(), ..Call::plain(method, self.address(segments)) }
    }

    fn carrying<'a>(&self, method: Method, segments: &[&str], json: Cleared<Vec<u8>>) -> Call<'a> {
        let repeat = if method == Method::POST { Repeat::IfNotCarriedOut } else { Repeat::Freely };
        Call { headers: self.headers(), body: Body::json(json), repeat, ..Call::plain(method, self.address(segments)) }
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        match self.api {
            Api::Optima => &[("api-version", "1.0")],
            Api::FlexeraOne => &[],
        }
    }

    /// The address of something below the bill connects.
    fn address(&self, segments: &[&str]) -> Url {
        let org = self.org.as_str();
        let above = match self.api {
            Api::Optima => ["api", "onboarding", "orgs", org, "bill_connects"],
            Api::FlexeraOne => ["finops-onboarding", "v1", "orgs", org, "bill-connects"],
        };
        addresses::below(&self.base, above.iter().chain(segments).copied())
    }

    fn needs_flexera_one(&self, what: &str) -> Result<()> {
        match self.api {
            Api::FlexeraOne => Ok(()),
            Api::Optima => Err(Error::refused(format!("{what} is not possible with --api optima"))
                .because("how that generation of the onboarding API wants it is not published")
                .remedy("use --api flexera-one")),
        }
    }
}

fn succeeded(answer: Answer) -> Result<Answer> {
    if answer.is_success() { Ok(answer) } else { Err(answer.refusal()) }
}
