//! Hostile answers where AWS's are expected: any status, any body; each adapter reads it or says what went wrong.

use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use proptest::prelude::*;

use super::*;
use crate::aws::fault::{Answer, Fault};
use crate::fuzz::{bounded, hostile};
use crate::harmless;
use crate::spec::names::{AccountId, BucketName};

const ANSWERS: &[&str] = &[
    "<GetRoleResponse><GetRoleResult><Role><Path>/</Path><Arn>a</Arn><RoleName>r</RoleName><RoleId>i</RoleId><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument><Tags><member><Key>k</Key><Value>v</Value></member></Tags></Role></GetRoleResult></GetRoleResponse>",
    "<GetUserResponse><GetUserResult><User><Path>/</Path><UserName>u</UserName><UserId>i</UserId><Arn>a</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></User></GetUserResult></GetUserResponse>",
    "<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata><member><AccessKeyId>A</AccessKeyId><Status>Odd</Status></member></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>",
    "<GetPolicyResponse><GetPolicyResult><Policy><DefaultVersionId>v2</DefaultVersionId></Policy></GetPolicyResult></GetPolicyResponse>",
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>i</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
    "<Error><Code>NoSuchBucketPolicy</Code><Message>&#x1b;[2J</Message></Error>",
    r#"{"ReportDefinitions":[{"ReportName":"r","TimeUnit":"HOURLY","Format":"textORcsv","Compression":"GZIP","AdditionalSchemaElements":["RESOURCES"],"S3Bucket":"b","S3Prefix":"p","S3Region":"us-east-1","ReportStatus":{"lastStatus":"SUCCESS"}}]}"#,
    r#"{"Organization":{"MasterAccountId":"123456789012"}}"#,
    r#"{"__type":"AWSOrganizationsNotInUseException","Message":"none"}"#,
    r#"{"Version":"2012-10-17","Statement":[]}"#,
    "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>",
    "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
];

/// Answers every request alike.
#[derive(Clone, Debug)]
struct Canned {
    status: u16,
    body: String,
}

impl HttpConnector for Canned {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let status = StatusCode::try_from(self.status).expect("a status between 200 and 599");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(self.body.clone()))))
    }
}

fn aws(canned: Canned) -> Aws {
    let region = Region::parse("us-east-1").expect("a region");
    let connector = SharedHttpConnector::new(canned);
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(aws_config::Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("A", "s", None, None, "test")))
        .retry_config(RetryConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    clients(&config, region, Vec::new())
}

async fn read_everything(aws: &Aws) -> Vec<Fault> {
    fn fault<T>(answer: Answer<T>) -> Option<Fault> {
        answer.err()
    }
    let bucket = BucketName::parse("some-bucket").expect("a bucket");
    let owner = AccountId::parse("123456789012").expect("an account");
    let answers = [
        fault(aws.role("r").await),
        fault(aws.user("u").await),
        fault(aws.policy("arn:aws:iam::123456789012:policy/p").await),
        fault(aws.spare_versions("arn:aws:iam::123456789012:policy/p").await),
        fault(aws.access_keys("u").await),
        fault(aws.create_access_key("u").await),
        fault(aws.report_tags("r").await),
        fault(aws.management_account().await),
        fault(aws.bucket_region(&bucket).await),
        fault(aws.bucket(&bucket, aws.region(), &owner).await),
        fault(aws.bucket_settings(&bucket, aws.region(), &owner).await),
        fault(aws.simulate("arn:aws:iam::123456789012:user/u", &["s3:GetObject".to_owned()], "*").await),
    ];
    drop(aws.caller().await);
    answers.into_iter().flatten().collect()
}

proptest! {
    // Each case is a dozen requests through the whole SDK.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.min(50_000) / 4, ..ProptestConfig::default() })]

    #[test]
    fn any_answer_is_read_or_a_harmless_fault(status in prop::sample::select(vec![200, 204, 301, 400, 403, 404, 409, 500]), body in hostile(ANSWERS)) {
        // The pauses before a wrong body is asked for again pass at once.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime");
        let aws = aws(Canned { status, body: body.clone() });
        for fault in bounded(&(status, body), || runtime.block_on(read_everything(&aws))) {
            prop_assert!(!fault.message.contains(harmless::acts), "{:?}", fault);
            prop_assert!(!fault.code.unwrap_or_default().contains(harmless::acts));
        }
    }
}
