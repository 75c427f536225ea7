//! What CUR asks of a report definition, and of the bucket that it names.

use serde_json::Value;

use super::refusal::Refusal;
use super::s3::S3;
use crate::sandbox::policy::{Question, Verdict, Who, verdict};

/// The regions of CUR's closed list; a bucket elsewhere cannot take a report.
const REGIONS: [&str; 28] = [
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ca-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Everything that can be said without looking at the bucket; gives the report's name.
pub fn check(definition: &Value) -> Result<String, Refusal> {
    let name = text(definition, "ReportName", "!-_.*'()")?;
    text(definition, "S3Bucket", "_.-")?;
    let prefix = text(definition, "S3Prefix", "!-_.*'()/")?;
    if prefix.is_empty() || name.is_empty() {
        return Err(validation("Report name and S3 prefix must not be empty."));
    }
    one_of(definition, "S3Region", &REGIONS)?;
    one_of(definition, "TimeUnit", &["HOURLY", "DAILY", "MONTHLY"])?;
    one_of(definition, "Format", &["textORcsv", "Parquet"])?;
    one_of(definition, "Compression", &["ZIP", "GZIP", "Parquet"])?;
    if !definition["ReportVersioning"].is_null() {
        one_of(definition, "ReportVersioning", &["CREATE_NEW_REPORT", "OVERWRITE_REPORT"])?;
    }
    if !definition["AdditionalSchemaElements"].is_array() {
        return Err(validation(
            "1 validation error detected: Value null at 'reportDefinition.additionalSchemaElements' failed to satisfy constraint: Member must not be null",
        ));
    }
    each_of(
        definition,
        "AdditionalSchemaElements",
        &["RESOURCES", "SPLIT_COST_ALLOCATION_DATA", "MANUAL_DISCOUNT_COMPATIBILITY"],
    )?;
    each_of(definition, "AdditionalArtifacts", &["REDSHIFT", "QUICKSIGHT", "ATHENA"])?;
    check_combination(definition)?;
    Ok(name)
}

/// AWS answers these with a ValidationException that is often empty: so is ours.
fn check_combination(definition: &Value) -> Result<(), Refusal> {
    let parquet = |field: &str| definition[field] == "Parquet";
    let has = |artifact: &str| list(definition, "AdditionalArtifacts").contains(&artifact);
    let fine = parquet("Format") == parquet("Compression")
        && !(parquet("Format") && (has("REDSHIFT") || has("QUICKSIGHT")))
        && !(has("ATHENA")
            && (list(definition, "AdditionalArtifacts").len() > 1
                || !parquet("Format")
                || definition["ReportVersioning"] != "OVERWRITE_REPORT"));
    if fine { Ok(()) } else { Err(validation("")) }
}

/// Whether the bucket is there, in that region, and lets CUR look at its policy and write.
pub async fn check_bucket(s3: &S3, definition: &Value) -> Result<(), Refusal> {
    let field = |name: &str| definition[name].as_str().unwrap_or_default();
    let (name, bucket, region) = (field("ReportName"), field("S3Bucket"), field("S3Region"));
    let account = s3.account();
    let refused = || {
        validation(format!(
            "Failed to verify customer bucket permission. accountId= {account}, bucket name: {bucket}, bucket region: {region}"
        ))
    };
    if s3.region_of(bucket).as_deref() != Some(region) {
        return Err(refused());
    }
    let policy = s3.policy(bucket).await.ok_or_else(refused)?;
    let arns = [
        format!("arn:aws:cur:us-east-1:{account}:definition/{name}"),
        // AWS documents a policy that compares with this very text, and it works.
        format!("arn:aws:cur:us-east-1:{account}:definition/*"),
    ];
    let bucket_arn = format!("arn:aws:s3:::{bucket}");
    let may = |action: &str, resource: &str| {
        arns.iter().any(|arn| {
            let context =
                [("aws:SourceAccount", account.id()), ("aws:SourceArn", arn.as_str()), ("aws:SecureTransport", "true")];
            let question =
                Question { who: Who::Service("billingreports.amazonaws.com"), action, resource, context: &context };
            verdict([&policy], question) == Verdict::Allow
        })
    };
    // The delivery check writes at the bucket's root: a grant for the prefix alone is not enough.
    let writes = may("s3:PutObject", &format!("{bucket_arn}/aws-programmatic-access-test-object"));
    if may("s3:GetBucketPolicy", &bucket_arn) && writes { Ok(()) } else { Err(refused()) }
}

fn text(definition: &Value, field: &str, also: &str) -> Result<String, Refusal> {
    let wrong = |value: &str| {
        validation(format!(
            "1 validation error detected: Value '{value}' at 'reportDefinition.{field}' failed to satisfy constraint"
        ))
    };
    let value = definition[field].as_str().ok_or_else(|| wrong("null"))?;
    let fits = value.len() <= 256 && value.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c));
    if fits { Ok(value.to_owned()) } else { Err(wrong(value)) }
}

fn one_of(definition: &Value, field: &str, known: &[&str]) -> Result<(), Refusal> {
    if definition[field].as_str().is_some_and(|value| known.contains(&value)) {
        return Ok(());
    }
    Err(validation(format!(
        "1 validation error detected: Value {} at 'reportDefinition.{field}' failed to satisfy constraint: Member must satisfy enum value set: {known:?}",
        definition[field]
    )))
}

fn each_of(definition: &Value, field: &str, known: &[&str]) -> Result<(), Refusal> {
    match list(definition, field).into_iter().find(|value| !known.contains(value)) {
        None => Ok(()),
        Some(value) => Err(validation(format!(
            "1 validation error detected: Value '{value}' at 'reportDefinition.{field}' failed to satisfy constraint"
        ))),
    }
}

fn list<'v>(definition: &'v Value, field: &str) -> Vec<&'v str> {
    definition[field].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// CUR's answer to nearly everything.
pub fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationException", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        json!({"ReportName": "optima", "TimeUnit": "HOURLY", "Format": "textORcsv", "Compression": "GZIP",
               "AdditionalSchemaElements": ["RESOURCES"], "S3Bucket": "b-1", "S3Prefix": "billing", "S3Region": "eu-west-1"})
    }

    #[test]
    fn takes_a_good_one_and_no_other() {
        assert_eq!(check(&good()).unwrap(), "optima");
        for (field, value) in [
            ("ReportName", json!("a b")),
            ("ReportName", json!("")),
            ("S3Prefix", json!("")),
            ("S3Prefix", json!("a b")),
            ("S3Bucket", json!("b/1")),
            ("S3Region", json!("il-central-1")),
            ("TimeUnit", json!("WEEKLY")),
            ("Compression", json!("Parquet")),
            ("AdditionalSchemaElements", Value::Null),
            ("AdditionalSchemaElements", json!(["TAGS"])),
            ("AdditionalArtifacts", json!(["ATHENA"])),
            ("ReportVersioning", json!("NEW")),
        ] {
            let mut bad = good();
            bad[field] = value.clone();
            assert_eq!(check(&bad).expect_err(field).code, "ValidationException", "{field}={value}");
        }
    }
}
