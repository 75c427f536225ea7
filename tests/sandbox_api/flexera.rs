//! Flexera: who gets in, what each generation of the onboarding API takes, and when it finds a bill connect valid.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_iam as iam;
use aws_sdk_s3 as s3;
use aws_sdk_sts as sts;
use optima_onboard::sandbox::{
    ACCOUNT_ID, FLEXERA_PRINCIPALS, Options, REFRESH_TOKEN, Sandbox, Validator, start_onboarding_only,
};
use s3::error::ProvideErrorMetadata;
use serde_json::{Value, json};

use crate::hand::{
    BUCKET, POLICY_ARN, ROLE_ARN, as_admin, as_key, bucket_policy, get, make_bucket, make_role, permissions, sandbox,
    send,
};

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
