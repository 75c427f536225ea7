//! What AWS refuses and the servers behind the front let through: the rules that this program could break.

use std::collections::BTreeMap;

use serde_json::Value;

use super::front::{Answer, Seen};

/// A refusal as AWS words it.
#[derive(Debug)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
}

/// The rules, and what they need to remember of the buckets made through the front.
pub struct Strictness {
    account: String,
    regions: BTreeMap<String, String>,
    policies: BTreeMap<String, Value>,
}

impl Refusal {
    /// A refusal.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// In the format of the request's service.
    pub fn answer(&self, request: &Seen) -> Answer {
        let Self { status, code, message } = self;
        match request.service.as_str() {
            "cur" | "organizations" => Answer::of(
                *status,
                "application/x-amz-json-1.1",
                serde_json::json!({ "__type": code, "message": message }).to_string(),
            ),
            "s3" => Answer::of(
                *status,
                "application/xml",
                format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"),
            ),
            _ => Answer::of(
                *status,
                "text/xml",
                format!(
                    "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
                ),
            ),
        }
    }
}

impl Strictness {
    /// For buckets that belong to `account`.
    pub fn new(account: &str) -> Self {
        Self { account: account.to_owned(), regions: BTreeMap::new(), policies: BTreeMap::new() }
    }

    /// Whether AWS would refuse it.
    pub fn check(&self, request: &Seen) -> Result<(), Refusal> {
        match request.service.as_str() {
            "s3" => self.check_s3(request),
            "iam" => check_iam(request),
            "cur" => self.check_cur(request),
            _ => Ok(()),
        }
    }

    /// Takes note of a request that succeeded.
    pub fn happened(&mut self, request: &Seen) {
        let Some(bucket) = bucket(request) else { return };
        if request.action == format!("PUT /{bucket}") {
            self.regions.insert(bucket.clone(), request.region.clone());
        }
        if request.action == format!("PUT /{bucket}?policy") {
            self.policies.insert(bucket, serde_json::from_slice(&request.body).expect("checked before"));
        }
    }

    fn check_s3(&self, request: &Seen) -> Result<(), Refusal> {
        let expected = request.headers.get("x-amz-expected-bucket-owner");
        if expected.is_some_and(|owner| owner != self.account.as_str()) {
            return Err(Refusal::new(403, "AccessDenied", "Access Denied"));
        }
        let Some(bucket) = bucket(request) else { return Ok(()) };
        let elsewhere = self.regions.get(&bucket).filter(|region| **region != request.region);
        if let (Some(region), false) = (elsewhere, request.method == http::Method::HEAD) {
            let message = format!("The bucket is in {region}; it must be addressed there.");
            return Err(Refusal::new(301, "PermanentRedirect", message));
        }
        if request.action == format!("PUT /{bucket}?policy") {
            return check_bucket_policy(&bucket, &request.body);
        }
        Ok(())
    }

    /// The service has one address, and looks at the bucket that a report names.
    fn check_cur(&self, request: &Seen) -> Result<(), Refusal> {
        if request.region != "us-east-1" {
            return Err(Refusal::new(403, "InvalidSignatureException", "cur is served by us-east-1 alone"));
        }
        if !matches!(request.action.as_str(), "PutReportDefinition" | "ModifyReportDefinition") {
            return Ok(());
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let field = |name: &str| body["ReportDefinition"][name].as_str().unwrap_or_default().to_owned();
        let (name, bucket, region) = (field("ReportName"), field("S3Bucket"), field("S3Region"));
        let refused = || {
            Refusal::new(
                400,
                "ValidationException",
                format!(
                    "Failed to verify customer bucket permission. accountId= {}, bucket name: {bucket}, bucket region: {region}",
                    self.account
                ),
            )
        };
        let policy = self.policies.get(&bucket).ok_or_else(refused)?;
        let arn = format!("arn:aws:s3:::{bucket}");
        let may = |action: &str, resource: &str| {
            statements(policy).iter().any(|statement| self.delivers(statement, action, resource, &name))
        };
        // The service tries to write at the bucket's root, whatever the prefix.
        let writes = may("s3:PutObject", &format!("{arn}/aws-programmatic-access-test-object"));
        let fits = self.regions.get(&bucket) == Some(&region) && writes && may("s3:GetBucketPolicy", &arn);
        if fits { Ok(()) } else { Err(refused()) }
    }

    fn delivers(&self, statement: &Value, action: &str, resource: &str, report: &str) -> bool {
        let source = format!("arn:aws:cur:us-east-1:{}:definition/{report}", self.account);
        let holds = |operator: &str, key: &str, values: &Value| {
            let is = match key {
                "aws:SourceAccount" => self.account.as_str(),
                "aws:SourceArn" => source.as_str(),
                _ => return false,
            };
            list(values).iter().any(|wanted| match operator {
                "StringLike" | "ArnLike" => like(wanted, is),
                "StringEquals" => *wanted == is,
                _ => false,
            })
        };
        let conditions = statement["Condition"].as_object();
        statement["Effect"] == "Allow"
            && list(&statement["Principal"]["Service"]).contains(&"billingreports.amazonaws.com")
            && list(&statement["Action"]).iter().any(|pattern| like(pattern, action))
            && list(&statement["Resource"]).iter().any(|pattern| like(pattern, resource))
            && conditions.into_iter().flatten().all(|(operator, keys)| {
                keys.as_object().into_iter().flatten().all(|(key, values)| holds(operator, key, values))
            })
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>: sizes count without white space.
fn check_iam(request: &Seen) -> Result<(), Refusal> {
    let size =
        |name: &str| request.parameter(name).map_or(0, |text| text.chars().filter(|c| !c.is_whitespace()).count());
    for (parameter, limit) in [("PolicyDocument", 6144), ("AssumeRolePolicyDocument", 2048)] {
        if request.action != "PutUserPolicy" && size(parameter) > limit {
            return Err(Refusal::new(409, "LimitExceeded", format!("Cannot exceed quota for {parameter}: {limit}")));
        }
    }
    let description = request.parameter("Description").unwrap_or_default();
    let printable = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
    if description.len() > 1000 || !description.chars().all(printable) {
        return Err(Refusal::new(400, "ValidationError", "Description failed to satisfy its constraint"));
    }
    Ok(())
}

fn check_bucket_policy(bucket: &str, text: &[u8]) -> Result<(), Refusal> {
    let malformed = |message: &str| Refusal::new(400, "MalformedPolicy", message);
    if text.len() > 20 * 1024 {
        return Err(malformed("Policy exceeds the maximum allowed document size."));
    }
    let policy: Value = serde_json::from_slice(text).map_err(|_| malformed("This policy contains invalid Json"))?;
    if !["2012-10-17", "2008-10-17"].contains(&policy["Version"].as_str().unwrap_or("2008-10-17")) {
        return Err(malformed("The policy must contain a valid version string"));
    }
    let arn = format!("arn:aws:s3:::{bucket}");
    let here = |resource: &str| resource == arn || resource.starts_with(&format!("{arn}/"));
    for statement in statements(&policy) {
        if !list(&statement["Resource"]).into_iter().all(here) {
            return Err(malformed("Policy has invalid resource"));
        }
        if !list(&statement["Action"]).iter().all(|action| action.starts_with("s3:")) {
            return Err(malformed("Policy has invalid action"));
        }
        let services = list(&statement["Principal"]["Service"]);
        if statement["Principal"].is_null() || !services.iter().all(|name| name.ends_with(".amazonaws.com")) {
            return Err(malformed("Invalid principal in policy"));
        }
    }
    Ok(())
}

fn bucket(request: &Seen) -> Option<String> {
    let name = request.uri.path().trim_start_matches('/').split('/').next()?;
    (request.service == "s3" && !name.is_empty()).then(|| name.to_owned())
}

fn statements(policy: &Value) -> Vec<&Value> {
    match &policy["Statement"] {
        Value::Array(all) => all.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn list(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `*` stands for anything.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| like(rest, &text[at..]))
        }),
    }
}
