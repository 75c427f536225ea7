//! S3: AWS's rules in front, the `winterbaume-s3` service behind.
//!
//! On AWS a bucket's name is global and its state is in one region; the inner service keeps a world for each region. So all
//! buckets live in one inner region, and which region they are really in is kept here.

mod buckets;
mod encryption;
mod names;
mod operation;
mod policy;
mod versions;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;
use winterbaume_core::{MockRequest, MockService};
use winterbaume_s3::S3Service;

pub use self::operation::Operation;
use super::caller::Caller;
use super::iam::Iam;
use super::refusal::{Protocol, Refusal};
use crate::sandbox::account::Account;
use crate::sandbox::message::{Answer, Request, element};

/// The S3 service.
#[derive(Default)]
pub struct S3 {
    inner: S3Service,
    account: Account,
    /// A bucket's region by its name.
    regions: Mutex<BTreeMap<String, String>>,
    /// When a name was last deleted.
    deleted: Mutex<BTreeMap<String, Instant>>,
    /// How long it then is not given out again.
    name_rest: Duration,
    /// Names are global: whose each is, in every account.
    owners: Owners,
}

/// Whose each bucket is, by its name.
pub type Owners = Arc<Mutex<BTreeMap<String, Account>>>;

/// Who asks, and for what region the request is signed.
pub struct Asker<'a> {
    pub caller: &'a Caller,
    pub region: &'a str,
    pub iam: &'a Iam,
}

impl S3 {
    /// An account's, with no buckets, in which a deleted name rests that long.
    pub fn of(account: Account, owners: Owners, name_rest: Duration) -> Self {
        Self { account, owners, name_rest, ..Self::default() }
    }

    /// Whose buckets these are.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Carries out one request.
    pub async fn answer(&self, request: &Request, operation: &Operation, asker: &Asker<'_>) -> Result<Answer, Refusal> {
        let Some(bucket) = operation.bucket.as_deref() else {
            let (action, resource) = operation.needs();
            asker.caller.may(asker.iam, &action, &resource, None)?;
            return Ok(self.inner(request).await);
        };
        if operation.name == "CreateBucket" {
            return self.create(request, bucket, asker).await;
        }
        if let Some(answer) = self.misdirected(bucket, operation, asker.region)? {
            return Ok(answer);
        }
        if operation.name == "DeleteObjects" {
            self.check_owner(request)?;
            return self.delete_objects(request, bucket, asker).await;
        }
        self.check_caller(request, bucket, operation, asker).await?;
        match operation.name.as_str() {
            "HeadBucket" => {
                Ok(Answer::empty(200).with("x-amz-bucket-region", &self.region_of(bucket).unwrap_or_default()))
            }
            "GetBucketLocation" => Ok(location(&self.region_of(bucket).unwrap_or_default())),
            "GetBucketAcl" => Ok(owner_acl()),
            "PutBucketAcl" if self.owner_enforced(bucket).await => {
                Err(Refusal::new(400, "AccessControlListNotSupported", "The bucket does not allow ACLs"))
            }
            "ListObjectVersions" => Ok(self.list_versions(request, bucket).await),
            "PutBucketPolicy" => self.put_policy(request, bucket, asker.iam).await,
            "DeleteBucket" => {
                let answer = self.inner(request).await;
                if answer.status < 300 {
                    self.free(bucket);
                    self.deleted().insert(bucket.to_owned(), Instant::now());
                }
                Ok(answer)
            }
            _ => Ok(self.inner(request).await),
        }
    }

    /// A bucket's region, if it is one of ours.
    pub fn region_of(&self, bucket: &str) -> Option<String> {
        self.regions().get(bucket).cloned()
    }

    /// A bucket's policy, if it has one.
    pub async fn policy(&self, bucket: &str) -> Option<Value> {
        let answer = self.ask("GET", bucket, "policy", "").await;
        (answer.status == 200).then(|| serde_json::from_slice(&answer.body).ok())?
    }

    /// Every bucket with its settings as S3 would answer them, and the keys of its objects.
    pub async fn state(&self) -> Value {
        const PARTS: [&str; 7] =
            ["policy", "tagging", "publicAccessBlock", "ownershipControls", "encryption", "versioning", "lifecycle"];
        let homes = self.regions().clone();
        let mut buckets = serde_json::Map::new();
        for (bucket, region) in homes {
            let mut shown = serde_json::Map::from_iter([("region".to_owned(), region.into())]);
            for part in PARTS {
                let answer = self.ask("GET", &bucket, part, "").await;
                let text = (answer.status == 200).then(|| String::from_utf8_lossy(&answer.body).into_owned());
                shown.insert(part.to_owned(), text.into());
            }
            let listing = self.ask("GET", &bucket, "list-type=2", "").await;
            shown.insert("objects".to_owned(), keys_in(&String::from_utf8_lossy(&listing.body)).into());
            buckets.insert(bucket, Value::Object(shown));
        }
        Value::Object(buckets)
    }

    fn deleted(&self) -> MutexGuard<'_, BTreeMap<String, Instant>> {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the name for this account, unless another has it.
    fn claim(&self, bucket: &str) -> bool {
        let mut owners = self.owners();
        owners.entry(bucket.to_owned()).or_insert_with(|| self.account.clone()) == &self.account
    }

    fn free(&self, bucket: &str) {
        self.regions().remove(bucket);
        self.owners().remove(bucket);
    }

    fn is_another_account_s(&self, bucket: &str) -> bool {
        self.owners().get(bucket).is_some_and(|owner| *owner != self.account)
    }

    fn owners(&self) -> MutexGuard<'_, BTreeMap<String, Account>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn regions(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.regions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a request for a bucket that is not there, is someone else's, or is in another region than the one the
    /// request is signed for.
    fn misdirected(&self, bucket: &str, operation: &Operation, region: &str) -> Result<Option<Answer>, Refusal> {
        if bucket.starts_with(names::TAKEN) || self.is_another_account_s(bucket) {
            return Err(access_denied());
        }
        let Some(home) = self.region_of(bucket) else {
            return Err(Refusal::new(404, "NoSuchBucket", "The specified bucket does not exist"));
        };
        // GetBucketLocation answers from everywhere: it is how old clients find the region.
        if home == region || operation.name == "GetBucketLocation" {
            return Ok(None);
        }
        let moved = Refusal::new(
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
        );
        Ok(Some(moved.answer(Protocol::RestXml).with("x-amz-bucket-region", &home)))
    }

    async fn check_caller(
        &self,
        request: &Request,
        bucket: &str,
        operation: &Operation,
        asker: &Asker<'_>,
    ) -> Result<(), Refusal> {
        self.check_owner(request)?;
        let (action, resource) = operation.needs();
        asker.caller.may(asker.iam, &action, &resource, self.policy(bucket).await.as_ref())
    }

    fn check_owner(&self, request: &Request) -> Result<(), Refusal> {
        match request.header("x-amz-expected-bucket-owner") {
            Some(owner) if owner != self.account.id() => Err(access_denied()),
            _ => Ok(()),
        }
    }

    /// Hands a request to the inner service.
    async fn inner(&self, request: &Request) -> Answer {
        let mut headers = request.headers.clone();
        // The inner service would take the region, and so another world, from the signature.
        headers.remove("authorization");
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        let uri = format!("https://s3.us-east-1.amazonaws.com{}{query}", request.path);
        let asked = MockRequest { method: request.method.clone(), uri, headers, body: request.body.clone() };
        let answer = self.inner.handle(asked).await;
        Answer { status: answer.status, headers: answer.headers, body: answer.body }
    }

    /// A request of our own to the inner service.
    async fn ask(&self, method: &str, bucket: &str, query: &str, body: &str) -> Answer {
        self.inner(&Request {
            method: method.into(),
            path: format!("/{bucket}"),
            query: query.into(),
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        })
        .await
    }
}

/// The keys of a listing.
fn keys_in(listing: &str) -> Vec<String> {
    let after = listing.split("<Key>").skip(1);
    after.filter_map(|rest| Some(rest.split_once("</Key>")?.0.to_owned())).collect()
}

fn access_denied() -> Refusal {
    Refusal::new(403, "AccessDenied", "Access Denied")
}

/// us-east-1 is told as nothing, and eu-west-1 by its first name, `EU`, only for buckets made so; ours are not.
fn location(region: &str) -> Answer {
    let inside = if region == "us-east-1" { "" } else { region };
    Answer::of(
        200,
        "application/xml",
        format!("<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{inside}</LocationConstraint>"),
    )
}

/// Under BucketOwnerEnforced there is one ACL: all to the owner.
fn owner_acl() -> Answer {
    let id = element("ID", "5a0db0c5a0db0c5a0db0c5a0db0c5a0db0c5a0db0c5a0db0c5a0db0c5a0db0c5");
    let grantee = format!(
        "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">{id}</Grantee>"
    );
    Answer::of(
        200,
        "application/xml",
        format!(
            "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner>{id}</Owner><AccessControlList><Grant>{grantee}<Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>"
        ),
    )
}
