//! What is asked of the onboarding API, and the bodies that each generation wants for it.

use serde::{Serialize, Serializer};

use crate::error::{Error, Result};
use crate::secret::{Cleared, Secret};
use crate::spec::names::{AccountId, BillMonth, BucketName, ExternalId, OrgId, Partition, Prefix, SessionName};

/// A bill connect by role.
#[derive(Clone, Copy, Debug)]
pub struct RoleRequest<'a> {
    /// The account whose bill it is.
    pub account_id: &'a AccountId,
    /// Where the report lies.
    pub bucket: &'a BucketName,
    /// The report's prefix.
    pub path: &'a Prefix,
    /// The role that Flexera assumes.
    pub role_arn: &'a str,
    /// Sent as given; the newer generation needs one.
    pub session_name: Option<&'a SessionName>,
    /// Newer generation only; the older one always uses the organization id.
    pub external_id: Option<&'a ExternalId>,
    /// Newer generation only.
    pub effective_from: Option<&'a BillMonth>,
}

/// A bill connect by an IAM user's access key; newer generation only.
#[derive(Clone, Copy, Debug)]
pub struct UserRequest<'a> {
    /// The account whose bill it is.
    pub account_id: &'a AccountId,
    /// Where the report lies.
    pub bucket: &'a BucketName,
    /// The report's prefix.
    pub path: &'a Prefix,
    /// `aws` or `aws-cn`.
    pub partition: Partition,
    /// The access key, id and secret part; a creation needs one, a change without one leaves the old in place.
    pub key: Option<(&'a str, &'a Secret)>,
    /// The earliest month.
    pub effective_from: Option<&'a BillMonth>,
}

/// The older generation's body, key for key as its document has it.
#[derive(Serialize)]
struct OlderRole<'a> {
    aws_bill_account_id: &'a str,
    aws_bucket_name: &'a str,
    aws_bucket_path: &'a str,
    aws_sts_role_arn: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_sts_role_session_name: Option<&'a str>,
}

/// The newer generation's, for creating (with the account) and for updating (without: it cannot change).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewerRole<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    bill_account_id: Option<&'a str>,
    bucket_name: &'a str,
    bucket_path: &'a str,
    sts_role_arn: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sts_role_session_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sts_external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<&'a str>,
}

/// As above; the partition cannot change either.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewerUser<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    bill_account_id: Option<&'a str>,
    bucket_name: &'a str,
    bucket_path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    secret_access_key: Option<&'a Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<&'a str>,
}

impl<'a> RoleRequest<'a> {
    pub(super) fn older(&self) -> Cleared<Vec<u8>> {
        bytes(&OlderRole {
            aws_bill_account_id: self.account_id.as_str(),
            aws_bucket_name: self.bucket.as_str(),
            aws_bucket_path: self.path.as_str(),
            aws_sts_role_arn: self.role_arn,
            aws_sts_role_session_name: self.session_name.map(SessionName::as_str),
        })
    }

    pub(super) fn newer_creation(&self, org: &OrgId) -> Cleared<Vec<u8>> {
        // The organization id is what the API uses unasked.
        let own = self.external_id.map(ExternalId::as_str).filter(|id| *id != org.as_str());
        bytes(&NewerRole { bill_account_id: Some(self.account_id.as_str()), sts_external_id: own, ..self.newer() })
    }

    pub(super) fn newer_update(&self) -> Cleared<Vec<u8>> {
        // What an update leaves out stays as it was: to get back from another id to the organization's, it must be sent.
        bytes(&NewerRole { sts_external_id: self.external_id.map(ExternalId::as_str), ..self.newer() })
    }

    fn newer(&self) -> NewerRole<'a> {
        NewerRole {
            bill_account_id: None,
            bucket_name: self.bucket.as_str(),
            bucket_path: self.path.as_str(),
            sts_role_arn: self.role_arn,
            sts_role_session_name: self.session_name.map(SessionName::as_str),
            sts_external_id: None,
            effective_from: self.effective_from.map(BillMonth::as_str),
        }
    }
}

impl<'a> UserRequest<'a> {
    pub(super) fn newer_creation(&self) -> Result<Cleared<Vec<u8>>> {
        if self.partition == Partition::AwsUsGov {
            return Err(Error::refused("the onboarding API takes no bill connect of the partition aws-us-gov")
                .because("its partitions are aws and aws-cn")
                .remedy("run this with credentials of the commercial payer account that is linked to it"));
        }
        Ok(bytes(&NewerUser {
            bill_account_id: Some(self.account_id.as_str()),
            partition: Some(self.partition.as_str()),
            ..self.newer()
        }))
    }

    pub(super) fn newer_update(&self) -> Cleared<Vec<u8>> {
        bytes(&self.newer())
    }

    fn newer(&self) -> NewerUser<'a> {
        NewerUser {
            bill_account_id: None,
            bucket_name: self.bucket.as_str(),
            bucket_path: self.path.as_str(),
            partition: None,
            access_key: self.key.map(|(id, _)| id),
            secret_access_key: self.key.map(|(_, secret)| secret),
            effective_from: self.effective_from.map(BillMonth::as_str),
        }
    }
}

/// The one place in which an access key's secret part becomes text again: the body that sends it.
fn exposed<S: Serializer>(secret: &Option<&Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.map(Secret::expose).serialize(serializer)
}

/// Room for a body with every name at its longest: a buffer that grows leaves copies behind.
const LONGEST_BODY: usize = 8 * 1024;

fn bytes(body: &impl Serialize) -> Cleared<Vec<u8>> {
    let mut bytes = Cleared::new(Vec::with_capacity(LONGEST_BODY));
    serde_json::to_writer(&mut *bytes, body).expect("a body of texts is JSON");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::names::Parse;

    #[test]
    fn a_body_with_a_key_is_made_in_one_place_and_holds_it_once() {
        let secret = Secret::new("canary/with+signs");
        let request = UserRequest {
            account_id: &AccountId::parse("123456789012").unwrap(),
            bucket: &BucketName::parse(&"b".repeat(63)).unwrap(),
            path: &Prefix::parse(&"p".repeat(256)).unwrap(),
            partition: Partition::Aws,
            key: Some(("AKIAEXAMPLE", &secret)),
            effective_from: Some(&BillMonth::parse("2026-01").unwrap()),
        };
        let body = request.newer_creation().unwrap();
        assert_eq!(body.capacity(), LONGEST_BODY, "it did not grow");
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert_eq!(text.matches(r#""secretAccessKey":"canary/with+signs""#).count(), 1, "{text}");
        assert!(!format!("{request:?}").contains("canary"));
    }
}
