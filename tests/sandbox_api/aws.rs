//! AWS: who calls, buckets, reports, roles and users, and what each refuses.

use aws_sdk_costandusagereport as cur;
use aws_sdk_iam as iam;
use aws_sdk_s3 as s3;
use aws_sdk_sts as sts;
use optima_onboard::sandbox::{ACCOUNT_ID, ADMIN_ARN, Options};
use s3::error::ProvideErrorMetadata;
use serde_json::Value;

use crate::hand::{
    BUCKET, POLICY_ARN, ROLE_ARN, as_admin, as_key, bucket_policy, make_bucket, make_role, permissions, report, sandbox,
};

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
