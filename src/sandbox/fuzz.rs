//! Hostile requests to the sandbox: a person may point anything at it, and it answers.

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

use super::aws::Accounts;
use super::message::{Request, members, text_of};
use super::{ACCESS_KEY_ID, Options};
use crate::fuzz::{bounded, hostile};

const BODIES: &[&str] = &[
    "Action=CreateRole&RoleName=r&AssumeRolePolicyDocument=%7B%22Statement%22%3A%5B%5D%7D&Tags.member.1.Key=a&Tags.member.1.Value=b",
    "Action=GetRole&RoleName=r",
    "Action=SimulatePrincipalPolicy&PolicySourceArn=arn:aws:iam::111122223333:user/u&ActionNames.member.1=s3:Get",
    "Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/r&RoleSessionName=ab",
    r#"{"ReportDefinition":{"ReportName":"r","TimeUnit":"HOURLY","Format":"textORcsv","Compression":"GZIP","AdditionalSchemaElements":["RESOURCES"],"S3Bucket":"b","S3Prefix":"p","S3Region":"us-east-1"}}"#,
    "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::bucket-1"}]}"#,
];
const PATHS: &[&str] = &[
    "/",
    "/bucket-1",
    "/bucket-1?policy",
    "/bucket-1?tagging",
    "/bucket-1/key%2Fx?x-id=PutObject",
    "/_sandbox/faults",
];
const SCOPES: &[&str] = &["iam", "sts", "cur", "organizations", "s3"];
const TARGETS: &[&str] =
    &["X.PutReportDefinition", "X.DescribeReportDefinitions", "X.ModifyReportDefinition", "X.DescribeOrganization"];

fn request(method: &str, target: &str, path: &str, service: &str, body: String) -> Request {
    let mut headers = HeaderMap::new();
    let scope = format!(
        "AWS4-HMAC-SHA256 Credential={ACCESS_KEY_ID}/20260101/us-east-1/{service}/aws4_request, SignedHeaders=x"
    );
    for (name, value) in [("authorization", scope.as_str()), ("x-amz-target", target), ("host", "127.0.0.1")] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Request { method: method.into(), path: path.into(), query: query.into(), headers, body: body.into() }
}

proptest! {
    #[test]
    fn every_request_is_answered(
        method in prop::sample::select(vec!["GET", "PUT", "POST", "HEAD", "DELETE", "odd"]),
        target in hostile(TARGETS), path in hostile(PATHS), service in hostile(SCOPES), body in hostile(BODIES),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let aws = Accounts::new(&Options::default());
        let request = request(method, &target, &path, &service, body);
        let answer = bounded(&request, || runtime.block_on(aws.answer(&request)));
        prop_assert!((200..600).contains(&answer.status), "{}", answer.status);
    }

    #[test]
    fn forms_and_elements_are_read(body in hostile(BODIES)) {
        let request = request("POST", "x", "/", "iam", body.clone());
        bounded(&body, || {
            drop(members(&request.form_fields(), "Tags"));
            drop(request.query_fields());
            drop(text_of(&body, "LocationConstraint").map(str::to_owned));
        });
    }
}
