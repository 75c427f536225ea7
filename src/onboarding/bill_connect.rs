//! What the onboarding API knows about a bill connect, in one shape for both generations.
//!
//! The newer one's answer is published, the older one's is not: so each field is looked for under both spellings, at any depth,
//! and whatever is not there stays empty. Other vendors' bill connects are read the same way and come out with little in them.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;

use super::http::Call;
use crate::error::{Error, Result};
use crate::harmless;

/// How Flexera gets at the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "access", rename_all = "kebab-case")]
pub enum Entry {
    /// By assuming a role.
    Role {
        /// The role's ARN.
        role_arn: String,
        /// The external id it gives.
        external_id: Option<String>,
        /// The session's name.
        session_name: Option<String>,
    },
    /// With an IAM user's access key; the key never comes back.
    User,
    /// Another vendor's way, or nothing was said about it.
    Unknown,
}

/// A bill connect that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BillConnect {
    /// `aws-` and the account, for those of AWS.
    pub id: String,
    /// What the API calls it: `finops:bill-connect-aws`, or the vendor.
    pub kind: Option<String>,
    /// The account whose bill it is.
    pub account_id: Option<String>,
    /// The bucket the bill is read from.
    pub bucket: Option<String>,
    /// The bucket's region as the API found it.
    pub bucket_region: Option<String>,
    /// Where in the bucket, spelled as a report's prefix is; compare with [`same_path`].
    pub path: Option<String>,
    /// The AWS partition.
    pub partition: Option<String>,
    /// The earliest month, `YYYY-MM`.
    pub effective_from: Option<String>,
    /// How Flexera gets in.
    #[serde(flatten)]
    pub entry: Entry,
    /// When it was made.
    pub created_at: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<String>,
}

/// What the API says about the credential of a bill connect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Validation {
    /// Whether Flexera gets in.
    pub valid: bool,
    /// Why not, in the API's words.
    pub error: Option<String>,
}

/// How far one month's bill is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BillMonthStatus {
    /// `YYYY-MM`.
    pub month: String,
    /// `processing` or `processed`.
    pub status: String,
    /// When it was last processed to the end.
    pub last_processed_at: Option<String>,
}

/// Whether two bucket paths mean the same: the API shows `/bucket/path` for what was given as `bucket/path/`.
pub fn same_path(a: &str, b: &str) -> bool {
    a.trim_matches('/') == b.trim_matches('/')
}

/// A bucket path in the one spelling of every screen, that of the requests and of the report's prefix, whatever the API
/// puts around it; the bucket's root is `/`.
fn bare_path(shown: &str) -> &str {
    match shown.trim_matches('/') {
        "" => shown,
        bare => bare,
    }
}

/// The id that the API gives to an AWS account's bill connect.
pub fn id_of(account: &str) -> String {
    format!("aws-{account}")
}

impl BillConnect {
    /// One of which nothing but the account is known: the older API may answer a creation without a body.
    pub(super) fn bare(account: &str) -> Self {
        Self {
            id: id_of(account),
            kind: None,
            account_id: Some(account.to_owned()),
            bucket: None,
            bucket_region: None,
            path: None,
            partition: None,
            effective_from: None,
            entry: Entry::Unknown,
            created_at: None,
            updated_at: None,
        }
    }

    /// Reads the one of an account; `None` if it is another's, or an error in disguise (errors have ids as well).
    pub(super) fn read_of(json: &Value, account: &str) -> Option<Self> {
        Self::read(json).filter(|read| read.id.contains(account) || read.account_id.as_deref() == Some(account))
    }

    /// Reads one; `None` if it is nothing that has an id or an account.
    pub(super) fn read(json: &Value) -> Option<Self> {
        let text = |names: &[&str]| find(json, names);
        let account = text(&["billAccountId", "aws_bill_account_id"]);
        let id = own_text(json, "id").or_else(|| account.as_deref().map(id_of))?;
        let account_id = account.or_else(|| id.strip_prefix("aws-").map(str::to_owned));
        Some(Self {
            account_id,
            kind: own_text(json, "kind").or_else(|| own_text(json, "cloud_vendor_id")),
            bucket: text(&["bucketName", "aws_bucket_name"]),
            bucket_region: text(&["bucketRegion", "aws_bucket_region"]),
            path: text(&["bucketPath", "aws_bucket_path"]).map(|path| bare_path(&path).to_owned()),
            partition: text(&["partition", "aws_partition"]),
            effective_from: text(&["effectiveFrom", "effective_from"]),
            entry: entry(json),
            created_at: text(&["createdAt", "created_at"]),
            updated_at: text(&["updatedAt", "updated_at"]),
            id,
        })
    }
}

fn entry(json: &Value) -> Entry {
    if let Some(role_arn) = find(json, &["stsRoleArn", "aws_sts_role_arn"]) {
        return Entry::Role {
            role_arn,
            external_id: find(json, &["stsExternalId", "aws_sts_external_id"]),
            session_name: find(json, &["stsRoleSessionName", "aws_sts_role_session_name"]),
        };
    }
    let is_user = json.get("aws").and_then(|aws| own_text(aws, "kind")).is_some_and(|kind| kind.ends_with("-iam-user"));
    if is_user { Entry::User } else { Entry::Unknown }
}

/// A bill connect list: `{"values": [...]}`, or the older API's bare array. What has no id is left out.
pub(super) fn read_list(json: &Value) -> Option<Vec<BillConnect>> {
    values(json).map(|items| items.iter().filter_map(BillConnect::read).collect())
}

pub(super) fn read_validation(json: &Value) -> Option<Validation> {
    let error = json.get("error").and_then(Value::as_str).map(harmless::sentence).filter(|error| !error.is_empty());
    Some(Validation { valid: json.get("valid")?.as_bool()?, error })
}

/// The months of one bill connect, the newest first.
pub(super) fn read_bill_months(json: &Value, id: &str) -> Option<Vec<BillMonthStatus>> {
    let of_this = |item: &&Value| own_text(item, "billConnectId").is_none_or(|owner| owner == id);
    let read = |item: &Value| {
        Some(BillMonthStatus {
            month: dashed(own_text(item, "billMonth")?),
            status: own_text(item, "status")?,
            last_processed_at: own_text(item, "lastProcessedAt"),
        })
    };
    let mut months: Vec<_> = values(json)?.iter().filter(of_this).filter_map(read).collect();
    months.sort_by(|a, b| b.month.cmp(&a.month));
    Some(months)
}

/// An id that goes into a path: not one that means another place there, or ends the filter's text.
pub(super) fn check_id(id: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    if !id.is_empty() && id.chars().all(fits) && id.chars().any(|c| c != '.') {
        return Ok(());
    }
    Err(Error::usage(format!("`{}` is no bill connect's id", harmless::shown(id)))
        .because("an id has letters, digits, - _ . and : only, for example aws-123456789012")
        .remedy("run `optima-onboard bill-connect list` to see the ids"))
}

/// What no reader of this file could make sense of.
pub(super) fn unreadable(call: &Call<'_>, what: &str) -> Error {
    Error::failed(format!("{} was answered with JSON that is no {what}", call.name()))
        .remedy("check --api and --api-url: something else may be answering")
}

/// An empty list may be `null`.
fn values(json: &Value) -> Option<&[Value]> {
    match json {
        Value::Array(items) => Some(items),
        Value::Object(object) => match object.get("values")? {
            Value::Array(items) => Some(items),
            Value::Null => Some(&[]),
            _ => None,
        },
        _ => None,
    }
}

/// `YYYY-MM` of the API's `YYYYMM`; anything else as it is.
fn dashed(month: String) -> String {
    if month.len() == 6 && month.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}-{}", &month[..4], &month[4..]);
    }
    month
}

/// The first text under one of the names, what lies nearest to the top first.
fn find(json: &Value, names: &[&str]) -> Option<String> {
    let mut level = VecDeque::from([json]);
    while let Some(value) = level.pop_front() {
        if let Some(text) = names.iter().find_map(|name| own_text(value, name)) {
            return Some(text);
        }
        level
            .extend(value.as_object().into_iter().flat_map(|object| object.values()).filter(|value| value.is_object()));
    }
    None
}

fn own_text(json: &Value, name: &str) -> Option<String> {
    json.get(name)?.as_str().filter(|text| !text.is_empty()).map(harmless::shown)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn published() -> Value {
        json!({
            "aws": {
                "billAccountId": "123456789012", "bucketName": "bills", "bucketPath": "/bucket/path",
                "bucketRegion": "us-east-1", "effectiveFrom": "2025-10",
                "iamRole": {"stsExternalId": "77", "stsRoleArn": "arn:aws:iam::123456789012:role/r", "stsRoleSessionName": "s"},
                "kind": "finops:bill-connect-aws-iam-role", "partition": "aws"
            },
            "createdAt": "2020-11-26T12:17:38.369Z", "updatedAt": "2020-11-27T12:17:38.369Z",
            "id": "aws-123456789012", "kind": "finops:bill-connect-aws"
        })
    }

    #[test]
    fn the_published_shape_is_read_whole() {
        let read = BillConnect::read(&published()).unwrap();
        let shown = serde_json::to_value(&read).unwrap();
        assert_eq!(
            shown,
            json!({
                "id": "aws-123456789012", "kind": "finops:bill-connect-aws", "account_id": "123456789012",
                "bucket": "bills", "bucket_region": "us-east-1", "path": "bucket/path", "partition": "aws",
                "effective_from": "2025-10", "access": "role", "role_arn": "arn:aws:iam::123456789012:role/r",
                "external_id": "77", "session_name": "s",
                "created_at": "2020-11-26T12:17:38.369Z", "updated_at": "2020-11-27T12:17:38.369Z"
            })
        );
    }

    #[test]
    fn a_user_s_and_other_vendors_are_read_too() {
        let user = json!({"id": "aws-1", "aws": {"kind": "finops:bill-connect-aws-iam-user", "bucketName": "b"}});
        assert_eq!(BillConnect::read(&user).unwrap().entry, Entry::User);
        let other = json!({"id": "gcp-1", "kind": "finops:bill-connect-gcp", "gcp": {"x": [1]}});
        let other = BillConnect::read(&other).unwrap();
        assert_eq!((other.entry, other.account_id), (Entry::Unknown, None));
    }

    #[test]
    fn the_older_shape_is_read_flat_or_nested() {
        let flat = json!({"id": "aws-123456789012", "cloud_vendor_id": "aws", "aws_bucket_name": "b", "aws_bucket_path": "p",
            "aws_sts_role_arn": "arn", "aws_sts_role_session_name": "s", "created_at": "then"});
        let nested = json!({"id": "aws-123456789012", "cloud_vendor_id": "aws", "created_at": "then",
            "bill": {"aws": {"aws_bucket_name": "b", "aws_bucket_path": "p", "aws_sts_role_arn": "arn",
            "aws_sts_role_session_name": "s"}}});
        let flat = BillConnect::read(&flat).unwrap();
        assert_eq!(Some(&flat), BillConnect::read(&nested).as_ref());
        assert_eq!(flat.account_id.as_deref(), Some("123456789012"));
        assert_eq!(flat.kind.as_deref(), Some("aws"));
        let bare = json!({"aws_bill_account_id": "123456789012"});
        assert_eq!(BillConnect::read(&bare), Some(BillConnect::bare("123456789012")));
    }

    #[test]
    fn lists_of_both_generations_and_nonsense() {
        let ids = |json: Value| read_list(&json).map(|list| list.into_iter().map(|b| b.id).collect::<Vec<_>>());
        assert_eq!(ids(json!({"values": [{"id": "a"}, {"kind": "x"}, 7]})), Some(vec!["a".to_owned()]));
        assert_eq!(ids(json!([{"id": "a"}])), Some(vec!["a".to_owned()]));
        assert_eq!(ids(json!({"values": null})), Some(vec![]));
        for nonsense in [json!({}), json!("x"), json!({"values": "x"}), json!(null)] {
            assert_eq!(ids(nonsense), None);
        }
        assert_eq!(BillConnect::read(&json!(["id"])), None);
        assert_eq!(BillConnect::read(&json!({"id": 7})), None);
    }

    #[test]
    fn months_are_of_one_bill_connect_and_the_newest_first() {
        let json = json!({"values": [
            {"billConnectId": "a", "billMonth": "202506", "status": "processed", "lastProcessedAt": "t"},
            {"billConnectId": "b", "billMonth": "202507", "status": "processed"},
            {"billConnectId": "a", "billMonth": "202507", "status": "processing"}]});
        let months = read_bill_months(&json, "a").unwrap();
        let months: Vec<_> = months.iter().map(|m| (m.month.as_str(), m.status.as_str())).collect();
        assert_eq!(months, [("2025-07", "processing"), ("2025-06", "processed")]);
    }

    #[test]
    fn paths_and_ids() {
        for (shown, told) in
            [("/bucket/path", "bucket/path"), ("billing/", "billing"), ("billing", "billing"), ("/", "/")]
        {
            let read = BillConnect::read(&json!({"id": "aws-1", "aws": {"bucketPath": shown}})).unwrap();
            assert_eq!(read.path.as_deref(), Some(told));
        }
        assert!(same_path("/bucket/path", "bucket/path/"));
        assert!(!same_path("bucket/path", "bucketpath"));
        assert!(check_id("aws-123456789012").is_ok());
        for bad in ["", ".", "..", "a/b", "a'b", "a b", "ä"] {
            assert!(check_id(bad).is_err(), "{bad}");
        }
    }
}
