//! Which S3 operation a request is: the method, how deep the path goes, and the sub-resource in the query.

use percent_encoding::percent_decode_str;

use crate::sandbox::message::Request;

/// An operation by AWS's name, and what it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub name: String,
    pub bucket: Option<String>,
    pub key: Option<String>,
}

/// Sub-resource, and its name in the operations `GetBucket…`, `PutBucket…`, `DeleteBucket…`.
const BUCKET_PARTS: [(&str, &str); 13] = [
    ("accelerate", "BucketAccelerateConfiguration"),
    ("acl", "BucketAcl"),
    ("cors", "BucketCors"),
    ("encryption", "BucketEncryption"),
    ("lifecycle", "BucketLifecycleConfiguration"),
    ("logging", "BucketLogging"),
    ("notification", "BucketNotificationConfiguration"),
    ("ownershipControls", "BucketOwnershipControls"),
    ("policy", "BucketPolicy"),
    ("publicAccessBlock", "PublicAccessBlock"),
    ("requestPayment", "BucketRequestPayment"),
    ("tagging", "BucketTagging"),
    ("versioning", "BucketVersioning"),
];

impl Operation {
    pub fn of(request: &Request) -> Self {
        let path = request.path.trim_start_matches('/');
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let decoded =
            |text: &str| (!text.is_empty()).then(|| percent_decode_str(text).decode_utf8_lossy().into_owned());
        let (bucket, key) = (decoded(bucket), decoded(key));
        Self { name: name(request, bucket.is_some(), key.is_some()), bucket, key }
    }

    /// The IAM action and resource; a few actions are not named as their operation.
    pub fn needs(&self) -> (String, String) {
        let action = match self.name.as_str() {
            "HeadBucket" | "ListObjects" | "ListObjectsV2" => "ListBucket",
            "ListObjectVersions" => "ListBucketVersions",
            "HeadObject" => "GetObject",
            "CopyObject" => "PutObject",
            "ListMultipartUploads" => "ListBucketMultipartUploads",
            "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload" => "PutObject",
            "ListBuckets" => "ListAllMyBuckets",
            "GetPublicAccessBlock" => "GetBucketPublicAccessBlock",
            "PutPublicAccessBlock" | "DeletePublicAccessBlock" => "PutBucketPublicAccessBlock",
            "GetBucketEncryption" => "GetEncryptionConfiguration",
            "PutBucketEncryption" | "DeleteBucketEncryption" => "PutEncryptionConfiguration",
            "GetBucketLifecycleConfiguration" => "GetLifecycleConfiguration",
            "PutBucketLifecycleConfiguration" | "DeleteBucketLifecycleConfiguration" => "PutLifecycleConfiguration",
            "DeleteBucketTagging" => "PutBucketTagging",
            "DeleteBucketOwnershipControls" => "PutBucketOwnershipControls",
            other => other,
        };
        let resource = match (&self.bucket, &self.key) {
            (Some(bucket), Some(key)) => format!("arn:aws:s3:::{bucket}/{key}"),
            (Some(bucket), None) => format!("arn:aws:s3:::{bucket}"),
            _ => "*".into(),
        };
        (format!("s3:{action}"), resource)
    }
}

fn name(request: &Request, bucket: bool, key: bool) -> String {
    let query = request.query_fields();
    let has = |part: &str| query.contains_key(part);
    let method = request.method.as_str();
    if !bucket {
        return "ListBuckets".into();
    }
    if key {
        return object(method, request.headers.contains_key("x-amz-copy-source"), &has);
    }
    let verb = match method {
        "GET" => "Get",
        "PUT" => "Put",
        "DELETE" => "Delete",
        _ => "",
    };
    if method == "GET" && has("policyStatus") {
        return "GetBucketPolicyStatus".into();
    }
    if let Some((_, part)) = BUCKET_PARTS.iter().find(|(part, _)| has(part)).filter(|_| !verb.is_empty()) {
        return format!("{verb}{part}");
    }
    match method {
        "PUT" => "CreateBucket",
        "HEAD" => "HeadBucket",
        "DELETE" => "DeleteBucket",
        "POST" if has("delete") => "DeleteObjects",
        "GET" if has("location") => "GetBucketLocation",
        "GET" if has("versions") => "ListObjectVersions",
        "GET" if has("uploads") => "ListMultipartUploads",
        "GET" if query.get("list-type").is_some_and(|v| v == "2") => "ListObjectsV2",
        "GET" => "ListObjects",
        _ => "Unknown",
    }
    .into()
}

fn object(method: &str, copies: bool, has: &dyn Fn(&str) -> bool) -> String {
    let part = if has("acl") {
        "ObjectAcl"
    } else if has("tagging") {
        "ObjectTagging"
    } else {
        "Object"
    };
    match method {
        "POST" if has("uploads") => "CreateMultipartUpload".into(),
        "PUT" if has("uploadId") => "UploadPart".into(),
        "POST" if has("uploadId") => "CompleteMultipartUpload".into(),
        "DELETE" if has("uploadId") => "AbortMultipartUpload".into(),
        "GET" => format!("Get{part}"),
        "HEAD" => "HeadObject".into(),
        "PUT" if copies => "CopyObject".into(),
        "PUT" => format!("Put{part}"),
        "DELETE" => format!("Delete{part}"),
        _ => "Unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(method: &str, path: &str, query: &str) -> Operation {
        Operation::of(&Request {
            method: method.into(),
            path: path.into(),
            query: query.into(),
            headers: Default::default(),
            body: Default::default(),
        })
    }

    #[test]
    fn names_as_aws_names_them() {
        for (method, path, query, name, action) in [
            ("GET", "/", "x-id=ListBuckets", "ListBuckets", "s3:ListAllMyBuckets"),
            ("PUT", "/b", "", "CreateBucket", "s3:CreateBucket"),
            ("PUT", "/b/", "policy", "PutBucketPolicy", "s3:PutBucketPolicy"),
            ("PUT", "/b", "publicAccessBlock", "PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
            ("HEAD", "/b", "", "HeadBucket", "s3:ListBucket"),
            ("GET", "/b", "list-type=2&prefix=x", "ListObjectsV2", "s3:ListBucket"),
            ("GET", "/b", "location", "GetBucketLocation", "s3:GetBucketLocation"),
            ("GET", "/b", "encryption", "GetBucketEncryption", "s3:GetEncryptionConfiguration"),
            ("GET", "/b/k/l", "x-id=GetObject", "GetObject", "s3:GetObject"),
            ("GET", "/b", "versions", "ListObjectVersions", "s3:ListBucketVersions"),
            ("GET", "/b", "uploads", "ListMultipartUploads", "s3:ListBucketMultipartUploads"),
            ("POST", "/b/k", "uploads", "CreateMultipartUpload", "s3:PutObject"),
            ("DELETE", "/b/k", "uploadId=1", "AbortMultipartUpload", "s3:AbortMultipartUpload"),
        ] {
            let found = operation(method, path, query);
            assert_eq!(found.name, name);
            assert_eq!(found.needs().0, action);
        }
        assert_eq!(operation("GET", "/b/k%20l", "").needs().1, "arn:aws:s3:::b/k l");
    }
}
