//! The sandbox through the real clients: an onboarding done by hand, and where AWS and Flexera say no.

#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails, helpers included")]
#![cfg(feature = "sandbox")]

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_costandusagereport as cur;
use aws_sdk_iam as iam;
use aws_sdk_s3 as s3;
use aws_sdk_sts as sts;
use optima_onboard::sandbox::{
    ACCESS_KEY_ID, ACCESS_TOKEN, ACCOUNT_ID, ADMIN_ARN, FLEXERA_PRINCIPALS, Options, REFRESH_TOKEN, SECRET_ACCESS_KEY,
    Sandbox, Validator, start_onboarding_only,
};
use s3::error::ProvideErrorMetadata;
use serde_json::{Value, json};

const BUCKET: &str = "optima-billing-test";
const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/optima";
const POLICY_ARN: &str = "arn:aws:iam::111122223333:policy/optima";

fn sandbox(options: Options) -> Sandbox {
    Sandbox::start(options).expect("loopback has free ports")
}

/// A configuration for the sandbox as the holder of an access key.
async fn as_key(sandbox: &Sandbox, region: &str, key_id: &str, token: Option<&str>) -> SdkConfig {
    let credentials = sts::config::Credentials::new(key_id, SECRET_ACCESS_KEY, token.map(str::to_owned), None, "test");
    aws_config::defaults(BehaviorVersion::latest())
        .credentials_provider(credentials)
        .region(Region::new(region.to_owned()))
        .endpoint_url(sandbox.aws_url())
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .load()
        .await
}

async fn as_admin(sandbox: &Sandbox, region: &str) -> SdkConfig {
    as_key(sandbox, region, ACCESS_KEY_ID, None).await
}

/// The code of an error that AWS answered.
macro_rules! code {
    ($call:expr) => {{
        let error = $call.send().await.expect_err("AWS would refuse this");
        error.code().map(str::to_owned).unwrap_or_else(|| format!("{error:?}"))
    }};
}

async fn make_bucket(config: &SdkConfig, region: &str) {
    use s3::types::{BucketLocationConstraint, CreateBucketConfiguration, Tag};
    let tag = Tag::builder().key("made-by").value("test").build().unwrap();
    let place = CreateBucketConfiguration::builder()
        .set_location_constraint((region != "us-east-1").then(|| BucketLocationConstraint::from(region)))
        .tags(tag)
        .build();
    s3::Client::new(config).create_bucket().bucket(BUCKET).create_bucket_configuration(place).send().await.unwrap();
}

fn bucket_policy() -> String {
    let condition = json!({"StringLike": {
        "aws:SourceAccount": ACCOUNT_ID, "aws:SourceArn": format!("arn:aws:cur:us-east-1:{ACCOUNT_ID}:definition/*")}});
    let principal = json!({"Service": "billingreports.amazonaws.com"});
    let resources = json!([format!("arn:aws:s3:::{BUCKET}"), format!("arn:aws:s3:::{BUCKET}/*")]);
    json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "CostAndUsageReports", "Effect": "Allow", "Principal": principal,
        "Action": ["s3:GetBucketAcl", "s3:GetBucketPolicy", "s3:PutObject"], "Resource": resources, "Condition": condition}]})
    .to_string()
}

fn permissions() -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": format!("arn:aws:s3:::{BUCKET}")},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::{BUCKET}/*")},
    ]})
    .to_string()
}

fn trust(external_id: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": FLEXERA_PRINCIPALS[0].1},
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}}}]})
    .to_string()
}

/// The policy, the role and the attachment.
async fn make_role(config: &SdkConfig, external_id: &str) {
    let iam = iam::Client::new(config);
    iam.create_policy().policy_name("optima").policy_document(permissions()).send().await.unwrap();
    iam.create_role().role_name("optima").assume_role_policy_document(trust(external_id)).send().await.unwrap();
    iam.attach_role_policy().role_name("optima").policy_arn(POLICY_ARN).send().await.unwrap();
}

fn report(name: &str, region: &str) -> cur::types::ReportDefinition {
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

#[tokio::test]
async fn says_who_calls() {
    let sandbox = sandbox(Options::default());
    let config = as_admin(&sandbox, "us-east-1").await;
    let identity = sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!((identity.account(), identity.arn()), (Some(ACCOUNT_ID), Some(ADMIN_ARN)));
    let organization = aws_sdk_organizations::Client::new(&config).describe_organization().send().await.unwrap();
    assert_eq!(organization.organization().unwrap().master_account_id(), Some(ACCOUNT_ID));

    let stranger = as_key(&sandbox, "us-east-1", "AKIDEXAMPLE", None).await;
    assert_eq!(code!(sts::Client::new(&stranger).get_caller_identity()), "InvalidClientTokenId");
    assert_eq!(code!(s3::Client::new(&stranger).list_buckets()), "InvalidAccessKeyId");
    assert_eq!(code!(cur::Client::new(&stranger).describe_report_definitions()), "UnrecognizedClientException");
}

#[tokio::test]
async fn a_new_bucket_is_closed_and_tagged() {
    let sandbox = sandbox(Options::default());
    let config = as_admin(&sandbox, "eu-west-1").await;
    let s3 = s3::Client::new(&config);
    make_bucket(&config, "eu-west-1").await;
    let head = s3.head_bucket().bucket(BUCKET).expected_bucket_owner(ACCOUNT_ID).send().await.unwrap();
    assert_eq!(head.bucket_region(), Some("eu-west-1"));
    let location = s3.get_bucket_location().bucket(BUCKET).send().await.unwrap();
    assert_eq!(location.location_constraint().unwrap().as_str(), "eu-west-1");
    let tags = s3.get_bucket_tagging().bucket(BUCKET).send().await.unwrap();
    assert_eq!((tags.tag_set()[0].key(), tags.tag_set()[0].value()), ("made-by", "test"));
    let block = s3.get_public_access_block().bucket(BUCKET).send().await.unwrap();
    assert_eq!(block.public_access_block_configuration().unwrap().block_public_policy(), Some(true));
    let owner = s3.get_bucket_ownership_controls().bucket(BUCKET).send().await.unwrap();
    assert_eq!(owner.ownership_controls().unwrap().rules()[0].object_ownership().as_str(), "BucketOwnerEnforced");
    let encryption = s3.get_bucket_encryption().bucket(BUCKET).send().await.unwrap();
    let rule = &encryption.server_side_encryption_configuration().unwrap().rules()[0];
    assert_eq!(rule.apply_server_side_encryption_by_default().unwrap().sse_algorithm().as_str(), "AES256");
    assert_eq!(s3.get_bucket_acl().bucket(BUCKET).send().await.unwrap().grants().len(), 1);
    let listed = s3.list_buckets().send().await.unwrap();
    assert_eq!(listed.buckets()[0].name(), Some(BUCKET));
    s3.delete_bucket().bucket(BUCKET).send().await.unwrap();
    let gone = s3.head_bucket().bucket(BUCKET).send().await.unwrap_err();
    assert!(gone.as_service_error().is_some_and(|error| error.is_not_found()), "{gone:?}");
}

#[tokio::test]
async fn s3_is_as_strict_as_aws() {
    let sandbox = sandbox(Options::default());
    let config = as_admin(&sandbox, "eu-west-1").await;
    let s3 = s3::Client::new(&config);
    assert_eq!(code!(s3.create_bucket().bucket(BUCKET)), "IllegalLocationConstraintException");
    make_bucket(&config, "eu-west-1").await;
    let head = |code: u16, error: s3::error::SdkError<s3::operation::head_bucket::HeadBucketError>| {
        assert_eq!(error.raw_response().unwrap().status().as_u16(), code);
    };
    let elsewhere = s3::Client::new(&as_admin(&sandbox, "us-east-1").await);
    head(301, elsewhere.head_bucket().bucket(BUCKET).send().await.unwrap_err());
    assert_eq!(code!(elsewhere.get_bucket_policy().bucket(BUCKET)), "PermanentRedirect");
    assert!(elsewhere.get_bucket_location().bucket(BUCKET).send().await.is_ok());
    head(403, s3.head_bucket().bucket("taken-by-another").send().await.unwrap_err());
    assert_eq!(code!(elsewhere.create_bucket().bucket("taken-by-another")), "BucketAlreadyExists");
    assert_eq!(code!(elsewhere.create_bucket().bucket("192.168.0.1")), "InvalidBucketName");
    assert_eq!(code!(elsewhere.create_bucket().bucket(BUCKET)), "BucketAlreadyOwnedByYou");
    let foreign = s3.get_bucket_policy().bucket(BUCKET).expected_bucket_owner("444455556666");
    assert_eq!(code!(foreign), "AccessDenied");
    assert_eq!(code!(s3.get_bucket_policy().bucket(BUCKET)), "NoSuchBucketPolicy");
    let put = |policy: String| s3.put_bucket_policy().bucket(BUCKET).policy(policy);
    assert_eq!(code!(put("nonsense".into())), "MalformedPolicy");
    assert_eq!(code!(put(bucket_policy().replace(BUCKET, "another-bucket"))), "MalformedPolicy");
    let public = bucket_policy()
        .replace("\"Condition\"", "\"Sid\"")
        .replace(r#"{"Service":"billingreports.amazonaws.com"}"#, "\"*\"");
    let public: Value = serde_json::from_str(&public).map(without_fence).unwrap();
    assert_eq!(code!(put(public.to_string())), "AccessDenied");
    let acl = s3.put_bucket_acl().bucket(BUCKET).acl(s3::types::BucketCannedAcl::Private);
    assert_eq!(code!(acl), "AccessControlListNotSupported");
    put(bucket_policy()).send().await.unwrap();
    let kept = s3.get_bucket_policy().bucket(BUCKET).send().await.unwrap();
    assert_eq!(kept.policy(), Some(bucket_policy().as_str()));
}

/// The same policy without what limits it.
fn without_fence(mut policy: Value) -> Value {
    let statement = policy["Statement"][0].as_object_mut().unwrap();
    statement.remove("Sid");
    statement.remove("Condition");
    policy
}

#[tokio::test]
async fn a_report_needs_the_bucket_policy_first() {
    let sandbox = sandbox(Options::default());
    let config = as_admin(&sandbox, "eu-west-1").await;
    let reports = cur::Client::new(&as_admin(&sandbox, "us-east-1").await);
    make_bucket(&config, "eu-west-1").await;
    let put = |name: &str, region: &str| reports.put_report_definition().report_definition(report(name, region));
    let early = put("optima", "eu-west-1").send().await.unwrap_err();
    assert!(
        early.message().unwrap().starts_with("Failed to verify customer bucket permission. accountId= 111122223333"),
        "{early:?}"
    );
    s3::Client::new(&config).put_bucket_policy().bucket(BUCKET).policy(bucket_policy()).send().await.unwrap();
    assert_eq!(code!(put("optima", "us-east-1")), "ValidationException");
    let tag = cur::types::Tag::builder().key("made-by").value("test").build().unwrap();
    put("optima", "eu-west-1").tags(tag).send().await.unwrap();
    assert_eq!(code!(put("optima", "eu-west-1")), "DuplicateReportNameException");
    let tags = reports.list_tags_for_resource().report_name("optima").send().await.unwrap();
    assert_eq!(tags.tags()[0].key(), "made-by");
    for name in ["b", "c", "d", "e"] {
        put(name, "eu-west-1").send().await.unwrap();
    }
    assert_eq!(code!(put("f", "eu-west-1")), "ReportLimitReachedException");
    let page = reports.describe_report_definitions().send().await.unwrap();
    assert_eq!((page.report_definitions().len(), page.next_token()), (5, None));
    assert!(page.report_definitions()[4].report_status().is_none());
    reports.delete_report_definition().report_name("b").send().await.unwrap();
    assert_eq!(code!(reports.delete_report_definition().report_name("b")), "ValidationException");
    let elsewhere = cur::Client::new(&as_admin(&sandbox, "eu-west-1").await);
    assert!(elsewhere.describe_report_definitions().send().await.is_err());
}

#[tokio::test]
async fn flexera_comes_in_with_the_external_id_alone() {
    let sandbox = sandbox(Options::default());
    let config = as_admin(&sandbox, "us-east-1").await;
    make_bucket(&config, "us-east-1").await;
    make_role(&config, "12345").await;
    let flexera = sts::Client::new(&as_key(&sandbox, "us-east-1", FLEXERA_PRINCIPALS[0].0, None).await);
    let assume = |client: &sts::Client, id: Option<&str>| {
        client.assume_role().role_arn(ROLE_ARN).role_session_name("flexera").set_external_id(id.map(str::to_owned))
    };
    assert_eq!(code!(assume(&flexera, None)), "AccessDenied");
    assert_eq!(code!(assume(&flexera, Some("54321"))), "AccessDenied");
    let europe = sts::Client::new(&as_key(&sandbox, "us-east-1", FLEXERA_PRINCIPALS[1].0, None).await);
    assert_eq!(code!(assume(&europe, Some("12345"))), "AccessDenied");
    assert_eq!(code!(assume(&sts::Client::new(&config), Some("12345"))), "AccessDenied");

    let assumed = assume(&flexera, Some("12345")).send().await.unwrap();
    let key = assumed.credentials().unwrap();
    let session = as_key(&sandbox, "us-east-1", key.access_key_id(), Some(key.session_token())).await;
    let s3 = s3::Client::new(&session);
    assert!(s3.list_objects_v2().bucket(BUCKET).send().await.is_ok());
    assert_eq!(code!(s3.get_object().bucket(BUCKET).key("billing/none")), "NoSuchKey");
    let write = s3.put_object().bucket(BUCKET).key("x").body(s3::primitives::ByteStream::from_static(b"x"));
    assert_eq!(code!(write), "AccessDenied");
    assert_eq!(code!(s3.put_bucket_policy().bucket(BUCKET).policy(bucket_policy())), "AccessDenied");
    let identity = sts::Client::new(&session).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.arn(), Some("arn:aws:sts::111122223333:assumed-role/optima/flexera"));

    s3::Client::new(&config)
        .put_object()
        .bucket(BUCKET)
        .key("billing/a")
        .body(s3::primitives::ByteStream::from_static(b"bill"))
        .send()
        .await
        .unwrap();
    let read = s3.get_object().bucket(BUCKET).key("billing/a").send().await.unwrap();
    assert_eq!(read.body.collect().await.unwrap().into_bytes().as_ref(), b"bill");
    assert_eq!(code!(s3::Client::new(&config).delete_bucket().bucket(BUCKET)), "BucketNotEmpty");
}

#[tokio::test]
async fn iam_gives_back_what_it_took() {
    let sandbox = sandbox(Options::default());
    let config = as_admin(&sandbox, "us-east-1").await;
    make_role(&config, "12345").await;
    let iam = iam::Client::new(&config);
    iam.tag_role()
        .role_name("optima")
        .tags(iam::types::Tag::builder().key("k").value("v").build().unwrap())
        .send()
        .await
        .unwrap();
    let role = iam.get_role().role_name("optima").send().await.unwrap().role.unwrap();
    assert_eq!((role.arn(), role.tags()[0].key()), (ROLE_ARN, "k"));
    let document = role.assume_role_policy_document().unwrap();
    assert!(document.starts_with("%7B%22"), "{document}");
    let attached = iam.list_attached_role_policies().role_name("optima").send().await.unwrap();
    assert_eq!(attached.attached_policies()[0].policy_arn(), Some(POLICY_ARN));
    let policy = iam.get_policy().policy_arn(POLICY_ARN).send().await.unwrap().policy.unwrap();
    assert_eq!((policy.default_version_id(), policy.attachment_count()), (Some("v1"), Some(1)));
    iam.create_policy_version()
        .policy_arn(POLICY_ARN)
        .policy_document(permissions())
        .set_as_default(true)
        .send()
        .await
        .unwrap();
    let versions = iam.list_policy_versions().policy_arn(POLICY_ARN).send().await.unwrap();
    let ids: Vec<_> = versions.versions().iter().filter_map(|v| v.version_id()).collect();
    assert_eq!(ids, ["v2", "v1"]);
    assert!(
        iam.get_role()
            .role_name("none")
            .send()
            .await
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_no_such_entity_exception()
    );
    let simulated =
        iam.simulate_principal_policy().policy_source_arn(ROLE_ARN).action_names("s3:PutObject").send().await.unwrap();
    assert_eq!(simulated.evaluation_results()[0].eval_decision().as_str(), "implicitDeny");

    iam.create_user().user_name("u").send().await.unwrap();
    let key = iam.create_access_key().user_name("u").send().await.unwrap().access_key.unwrap();
    let user = as_key(&sandbox, "us-east-1", key.access_key_id(), None).await;
    assert_eq!(code!(iam::Client::new(&user).get_role().role_name("optima")), "AccessDenied");
    assert_eq!(code!(cur::Client::new(&user).describe_report_definitions()), "AccessDeniedException");
    let mine = iam.list_access_keys().user_name("u").send().await.unwrap();
    assert_eq!(mine.access_key_metadata()[0].access_key_id(), Some(key.access_key_id()));
}

async fn send(method: reqwest::Method, url: String, body: &Value) -> (u16, Value) {
    let request = reqwest::Client::new().request(method, url).bearer_auth(ACCESS_TOKEN).header("Api-Version", "1.0");
    let answer = request.json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn get(url: String) -> Value {
    send(reqwest::Method::GET, url, &Value::Null).await.1
}

/// Longer than any test takes: what IAM was told does not spread while one runs.
const NEVER_SPREADS: Duration = Duration::from_secs(24 * 3600);

/// A sandbox with bucket and role, in which what IAM is told spreads after this long.
async fn with_role(propagation: Duration) -> (Sandbox, SdkConfig) {
    let sandbox = sandbox(Options { propagation, ..Options::default() });
    let config = as_admin(&sandbox, "eu-west-1").await;
    make_bucket(&config, "eu-west-1").await;
    make_role(&config, "12345").await;
    (sandbox, config)
}

#[tokio::test]
async fn legacy_refuses_until_iam_has_spread() {
    let body = json!({"aws_bill_account_id": ACCOUNT_ID, "aws_bucket_name": BUCKET, "aws_bucket_path": "billing", "aws_sts_role_arn": ROLE_ARN});
    let post = |sandbox: &Sandbox, org: &str| {
        let url = format!("{}/api/onboarding/orgs/{org}/bill_connects/aws/iam_role", sandbox.onboarding_url());
        send(reqwest::Method::POST, url, &body)
    };
    let (early, _) = with_role(NEVER_SPREADS).await;
    let (status, error) = post(&early, "12345").await;
    assert_eq!((status, &error["name"]), (422, &json!("unprocessable_entity")));
    let (spread, _) = with_role(Duration::ZERO).await;
    let (status, error) = post(&spread, "777").await;
    assert_eq!(status, 422);
    assert!(error["message"].as_str().unwrap().contains("external id 777"), "{error}");
    assert_eq!(post(&spread, "12345").await.0, 201);
    assert_eq!(post(&spread, "12345").await.0, 409);
}

#[tokio::test]
async fn the_current_api_says_valid_when_iam_has_spread() {
    let body = json!({"billAccountId": ACCOUNT_ID, "bucketName": BUCKET, "bucketPath": "billing/", "stsRoleArn": ROLE_ARN, "stsRoleSessionName": "flexera-finops"});
    for (propagation, valid) in [(NEVER_SPREADS, false), (Duration::ZERO, true)] {
        let (sandbox, config) = with_role(propagation).await;
        let base = format!("{}/finops-onboarding/v1/orgs/12345/bill-connects/aws", sandbox.onboarding_url());
        let (status, made) = send(reqwest::Method::POST, format!("{base}/iam-role"), &body).await;
        assert_eq!((status, &made["aws"]["bucketRegion"]), (201, &json!("eu-west-1")));
        let validation = || get(format!("{base}/aws-{ACCOUNT_ID}/validation"));
        assert_eq!(validation().await["valid"], valid, "spread after {propagation:?}");
        if valid {
            let iam = iam::Client::new(&config);
            iam.detach_role_policy().role_name("optima").policy_arn(POLICY_ARN).send().await.unwrap();
            let denied = validation().await;
            assert!(denied["error"].as_str().unwrap().contains("s3:ListBucket"), "{denied}");
        }
    }
}

#[tokio::test]
async fn a_user_connects_with_an_access_key() {
    let sandbox = sandbox(Options { propagation: Duration::ZERO, ..Options::default() });
    let config = as_admin(&sandbox, "us-east-1").await;
    make_bucket(&config, "us-east-1").await;
    let iam = iam::Client::new(&config);
    iam.create_policy().policy_name("optima").policy_document(permissions()).send().await.unwrap();
    iam.create_user().user_name("u").send().await.unwrap();
    iam.attach_user_policy().user_name("u").policy_arn(POLICY_ARN).send().await.unwrap();
    let key = iam.create_access_key().user_name("u").send().await.unwrap().access_key.unwrap();
    let base = format!("{}/finops-onboarding/v1/orgs/12345/bill-connects/aws", sandbox.onboarding_url());
    let body = json!({"billAccountId": ACCOUNT_ID, "bucketName": BUCKET, "bucketPath": "billing", "accessKey": key.access_key_id(), "secretAccessKey": key.secret_access_key()});
    assert_eq!(send(reqwest::Method::POST, format!("{base}/iam-user"), &body).await.0, 201);
    assert_eq!(get(format!("{base}/aws-{ACCOUNT_ID}/validation")).await["valid"], true);
    iam.update_access_key()
        .user_name("u")
        .access_key_id(key.access_key_id())
        .status(iam::types::StatusType::Inactive)
        .send()
        .await
        .unwrap();
    assert_eq!(get(format!("{base}/aws-{ACCOUNT_ID}/validation")).await["valid"], false);
    let holder = as_key(&sandbox, "us-east-1", key.access_key_id(), None).await;
    assert_eq!(code!(sts::Client::new(&holder).get_caller_identity()), "InvalidClientTokenId");
    let seen = get(format!("{}/_sandbox/requests", sandbox.aws_url())).await;
    let posted = seen.as_array().unwrap().iter().find(|entry| entry["service"] == "onboarding").unwrap();
    assert_eq!((&posted["body"]["secretAccessKey"], &posted["status"]), (&json!("***"), &json!(201)));
}

#[tokio::test]
async fn writes_requests_down_and_makes_faults() {
    let sandbox = sandbox(Options::default());
    let iam = iam::Client::new(&as_admin(&sandbox, "us-east-1").await);
    let door = |path: &str| format!("{}/_sandbox/{path}", sandbox.onboarding_url());
    let kinds = [
        "lost-before",
        "lost-after",
        "reset",
        "status-500",
        "status-503",
        "throttled",
        "access-denied",
        "truncated",
        "garbage",
    ];
    let faults: Vec<Value> = kinds.iter().enumerate().map(|(at, kind)| json!({"at": at + 1, "kind": kind})).collect();
    assert_eq!(send(reqwest::Method::POST, door("faults"), &Value::Array(faults)).await.0, 204);
    assert_eq!(send(reqwest::Method::POST, door("faults-"), &Value::Null).await.0, 404);
    for kind in kinds {
        let failed = iam.create_user().user_name(kind).send().await;
        assert!(failed.is_err(), "{kind}");
    }
    send(reqwest::Method::POST, door("faults"), &json!([{"at": kinds.len() + 1, "kind": "hang"}])).await;
    let hanging = iam.list_users().send();
    assert!(tokio::time::timeout(Duration::from_millis(200), hanging).await.is_err());
    let seen = get(door("requests")).await;
    assert_eq!((&seen[0]["action"], &seen[0]["write"], &seen[0]["n"]), (&json!("CreateUser"), &json!(true), &json!(1)));
    send(reqwest::Method::DELETE, door("requests"), &Value::Null).await;
    assert_eq!(get(door("requests")).await, json!([]));
}

#[tokio::test]
async fn a_lost_answer_is_lost_after_the_deed() {
    let sandbox = sandbox(Options::default());
    let iam = iam::Client::new(&as_admin(&sandbox, "us-east-1").await);
    for (kind, done) in [
        ("lost-before", false),
        ("reset", false),
        ("status-500", false),
        ("lost-after", true),
        ("truncated", true),
        ("garbage", true),
    ] {
        let door = |path: &str| format!("{}/_sandbox/{path}", sandbox.aws_url());
        send(reqwest::Method::DELETE, door("requests"), &Value::Null).await;
        send(reqwest::Method::POST, door("faults"), &json!([{"at": 1, "kind": kind}])).await;
        assert!(iam.create_user().user_name(kind).send().await.is_err(), "{kind}");
        assert_eq!(iam.get_user().user_name(kind).send().await.is_ok(), done, "{kind}");
    }
}

#[tokio::test]
async fn tokens_and_the_onboarding_server_alone() {
    let server = start_onboarding_only(Options::default(), Validator::AlwaysValid).unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", REFRESH_TOKEN)];
    let answer = reqwest::Client::new().post(server.login_url()).form(&form).send().await.unwrap();
    let token: Value = answer.json().await.unwrap();
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let list = format!("{}/finops-onboarding/v1/orgs/12345/bill-connects", server.url());
    let listed =
        reqwest::Client::new().get(list).bearer_auth(token["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(listed.status().as_u16(), 200);
    let seen = get(format!("{}/_sandbox/requests", server.url())).await;
    assert_eq!((&seen[0]["service"], &seen[0]["body"]["refresh_token"]), (&json!("login"), &json!("***")));
}

#[tokio::test]
async fn stops_when_dropped() {
    let sandbox = sandbox(Options::default());
    let url = format!("{}/_sandbox/requests", sandbox.aws_url());
    assert!(reqwest::get(&url).await.is_ok());
    drop(sandbox);
    assert!(reqwest::get(&url).await.is_err());
}
