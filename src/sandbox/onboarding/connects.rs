//! Bill connects: one record that both generations of the API show, each in its own words.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// One bill connect.
#[derive(Clone, Debug)]
pub struct Connect {
    pub account: String,
    pub bucket: String,
    /// As the server keeps it: a slash in front, none at the end.
    pub path: String,
    pub region: String,
    pub partition: String,
    pub effective_from: Option<String>,
    pub access: Access,
    pub created: String,
    pub updated: String,
}

/// How Flexera gets at the bucket.
#[derive(Clone, Debug)]
pub enum Access {
    Role { arn: String, session: String, external_id: String },
    User { key_id: String },
}

/// All of them, by organization and id.
#[derive(Debug, Default)]
pub struct Connects(Mutex<BTreeMap<(String, String), Connect>>);

impl Connects {
    pub fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, String), Connect>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn get(&self, org: &str, id: &str) -> Option<Connect> {
        self.lock().get(&(org.to_owned(), id.to_owned())).cloned()
    }

    /// An organization's, in the order of their ids.
    pub fn of(&self, org: &str) -> Vec<Connect> {
        self.lock().iter().filter(|((owner, _), _)| owner == org).map(|(_, connect)| connect.clone()).collect()
    }

    /// False if there is one with that id already.
    pub fn add(&self, org: &str, connect: Connect) -> bool {
        let key = (org.to_owned(), connect.id());
        let mut all = self.lock();
        let free = !all.contains_key(&key);
        if free {
            all.insert(key, connect);
        }
        free
    }

    /// Puts a changed one in its place.
    pub fn put(&self, org: &str, connect: Connect) {
        self.lock().insert((org.to_owned(), connect.id()), connect);
    }

    /// False if there is none with that id.
    pub fn remove(&self, org: &str, id: &str) -> bool {
        self.lock().remove(&(org.to_owned(), id.to_owned())).is_some()
    }
}

impl Connect {
    pub fn id(&self) -> String {
        format!("aws-{}", self.account)
    }

    /// As the current API shows it.
    pub fn json(&self) -> Value {
        let mut aws = json!({
            "kind": match self.access {
                Access::Role { .. } => "finops:bill-connect-aws-iam-role",
                Access::User { .. } => "finops:bill-connect-aws-iam-user",
            },
            "billAccountId": self.account, "bucketName": self.bucket, "bucketRegion": self.region, "bucketPath": self.path,
            "partition": self.partition, "onboardingOrigin": "finops",
        });
        if let Some(month) = &self.effective_from {
            aws["effectiveFrom"] = json!(month);
        }
        if let Access::Role { arn, session, external_id } = &self.access {
            aws["iamRole"] = json!({"stsRoleArn": arn, "stsRoleSessionName": session, "stsExternalId": external_id});
        }
        json!({"id": self.id(), "kind": "finops:bill-connect-aws", "createdAt": self.created, "updatedAt": self.updated, "aws": aws})
    }

    /// All that it holds but its times.
    pub fn state(&self) -> Value {
        let mut shown = self.json()["aws"].take();
        if let Access::User { key_id } = &self.access {
            shown["accessKey"] = json!(key_id);
        }
        shown
    }

    /// As the legacy API shows it, alone or in a list.
    pub fn legacy_json(&self, org: &str, in_list: bool) -> Value {
        let mut connect = json!({
            "id": self.id(), "href": format!("/api/onboarding/orgs/{org}/bill_connects/aws/{}", self.id()), "cloud_vendor_id": "aws",
            "created_at": self.created, "updated_at": self.updated,
        });
        if !in_list {
            connect["aws_bill_account_id"] = json!(self.account);
            connect["aws_bucket_name"] = json!(self.bucket);
            connect["aws_bucket_path"] = json!(self.path);
            if let Access::Role { arn, session, .. } = &self.access {
                connect["aws_sts_role_arn"] = json!(arn);
                connect["aws_sts_role_session_name"] = json!(session);
            }
        }
        connect
    }

    /// How long ago it was made.
    pub fn age(&self) -> Duration {
        OffsetDateTime::parse(&self.created, &Rfc3339)
            .map_or(Duration::ZERO, |created| OffsetDateTime::now_utc() - created)
    }

    /// The path as it begins an object's key.
    pub fn key_prefix(&self) -> &str {
        self.path.trim_start_matches('/')
    }
}

/// The path as the server keeps it.
pub fn kept_path(path: &str) -> String {
    format!("/{}", path.trim_matches('/'))
}

/// Now.
pub fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_else(|_| "2026-01-01T00:00:00Z".into())
}

/// This month as bill months are written, `YYYYMM`.
pub fn bill_month() -> String {
    let today = OffsetDateTime::now_utc();
    format!("{}{:02}", today.year(), u8::from(today.month()))
}
