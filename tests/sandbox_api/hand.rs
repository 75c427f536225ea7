//! An onboarding done by hand, piece by piece.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_costandusagereport as cur;
use aws_sdk_iam as iam;
use aws_sdk_s3 as s3;
use aws_sdk_sts as sts;
use optima_onboard::sandbox::{
    ACCESS_KEY_ID, ACCESS_TOKEN, ACCOUNT_ID, FLEXERA_PRINCIPALS, Options, SECRET_ACCESS_KEY, Sandbox,
};
use serde_json::{Value, json};

pub const BUCKET: &str = "optima-billing-test";
pub const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/optima";
pub const POLICY_ARN: &str = "arn:aws:iam::111122223333:policy/optima";

pub fn sandbox(options: Options) -> Sandbox {
    Sandbox::start(options).expect("loopback has free ports")
}

/// A configuration for the sandbox as the holder of an access key.
pub async fn as_key(sandbox: &Sandbox, region: &str, key_id: &str, token: Option<&str>) -> SdkConfig {
    let credentials = sts::config::Credentials::new(key_id, SECRET_ACCESS_KEY, token.map(str::to_owned), None, "test");
    aws_config::defaults(BehaviorVersion::latest())
        .credentials_provider(credentials)
        .region(Region::new(region.to_owned()))
        .endpoint_url(sandbox.aws_url())
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .load()
        .await
}

pub async fn as_admin(sandbox: &Sandbox, region: &str) -> SdkConfig {
    as_key(sandbox, region, ACCESS_KEY_ID, None).await
}

pub async fn make_bucket(config: &SdkConfig, region: &str) {
    use s3::types::{BucketLocationConstraint, CreateBucketConfiguration, Tag};
    let tag = Tag::builder().key("made-by").value("test").build().unwrap();
    let place = CreateBucketConfiguration::builder()
        .set_location_constraint((region != "us-east-1").then(|| BucketLocationConstraint::from(region)))
        .tags(tag)
        .build();
    s3::Client::new(config).create_bucket().bucket(BUCKET).create_bucket_configuration(place).send().await.unwrap();
}

pub fn bucket_policy() -> String {
    let condition = json!({"StringLike": {
        "aws:SourceAccount": ACCOUNT_ID, "aws:SourceArn": format!("arn:aws:cur:us-east-1:{ACCOUNT_ID}:definition/*")}});
    let principal = json!({"Service": "billingreports.amazonaws.com"});
    let resources = json!([format!("arn:aws:s3:::{BUCKET}"), format!("arn:aws:s3:::{BUCKET}/*")]);
    json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "CostAndUsageReports", "Effect": "Allow", "Principal": principal,
        "Action": ["s3:GetBucketAcl", "s3:GetBucketPolicy", "s3:PutObject"], "Resource": resources, "Condition": condition}]})
    .to_string()
}

pub fn permissions() -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": format!("arn:aws:s3:::{BUCKET}")},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::{BUCKET}/*")},
    ]})
    .to_string()
}

pub fn trust(external_id: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": FLEXERA_PRINCIPALS[0].1},
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}}}]})
    .to_string()
}

/// The policy, the role and the attachment.
pub async fn make_role(config: &SdkConfig, external_id: &str) {
    let iam = iam::Client::new(config);
    iam.create_policy().policy_name("optima").policy_document(permissions()).send().await.unwrap();
    iam.create_role().role_name("optima").assume_role_policy_document(trust(external_id)).send().await.unwrap();
    iam.attach_role_policy().role_name("optima").policy_arn(POLICY_ARN).send().await.unwrap();
}

pub fn report(name: &str, region: &str) -> cur::types::ReportDefinition {
    use cur::types::{AwsRegion, CompressionFormat, ReportDefinition, ReportFormat, SchemaElement, TimeUnit};
    ReportDefinition::builder()
        .report_name(name)
        .time_unit(TimeUnit::Hourly)
        .format(ReportFormat::Csv)
        .compression(CompressionFormat::Gzip)
        .additional_schema_elements(SchemaElement::Resources)
        .s3_bucket(BUCKET)
        .s3_prefix("billing")
        .s3_region(AwsRegion::from(region))
        .build()
        .unwrap()
}

pub async fn send(method: reqwest::Method, url: String, body: &Value) -> (u16, Value) {
    let request = reqwest::Client::new().request(method, url).bearer_auth(ACCESS_TOKEN).header("Api-Version", "1.0");
    let answer = request.json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

pub async fn get(url: String) -> Value {
    send(reqwest::Method::GET, url, &Value::Null).await.1
}
