//! The client against a server on loopback: what is sent, byte for byte, and what each answer comes to.

use std::time::{Duration, Instant};

use super::loopback::{Loopback, Raw, answer, answer_with, cut, fast, truncated};
use super::*;
use crate::error::Kind;
use crate::secret::Secret;
use crate::spec::names::{BillMonth, BucketName, ExternalId, Parse, Partition, Prefix, SessionName};

const FORBIDDEN: &str = r#"{"name":"forbidden","message":"no","temporary":false}"#;
const ONE: &str = r#"{"id":"aws-123456789012"}"#;

fn settings(server: &Loopback, api: Api, credential: Credential) -> Settings {
    Settings {
        api,
        org: OrgId::parse("77").unwrap(),
        base: server.url("/base/"),
        login: server.url("/oidc/token"),
        credential,
        request_timeout: Duration::from_secs(5),
    }
}

/// A client that holds a bare access token already, and the server it talks to.
fn client(api: Api, answers: Vec<Raw>) -> (OnboardingApi, Loopback) {
    let server = Loopback::start(answers);
    let credential = Credential::AccessToken(Secret::new("canary-access"));
    (Pool::default().api_at(settings(&server, api, credential), fast()).unwrap(), server)
}

fn account() -> AccountId {
    AccountId::parse("123456789012").unwrap()
}

struct Names(AccountId, BucketName, Prefix, SessionName, ExternalId, BillMonth, Secret);

fn names() -> Names {
    Names(
        account(),
        BucketName::parse("bills").unwrap(),
        Prefix::parse("billing/path").unwrap(),
        SessionName::parse("flexera-finops").unwrap(),
        ExternalId::parse("77").unwrap(),
        BillMonth::parse("2026-01").unwrap(),
        Secret::new("canary-key"),
    )
}

impl Names {
    fn role(&self) -> RoleRequest<'_> {
        RoleRequest {
            account_id: &self.0,
            bucket: &self.1,
            path: &self.2,
            role_arn: "arn:aws:iam::123456789012:role/r",
            session_name: None,
            external_id: None,
            effective_from: None,
        }
    }

    fn full_role(&self) -> RoleRequest<'_> {
        RoleRequest {
            session_name: Some(&self.3),
            external_id: Some(&self.4),
            effective_from: Some(&self.5),
            ..self.role()
        }
    }

    fn user(&self) -> UserRequest<'_> {
        UserRequest {
            account_id: &self.0,
            bucket: &self.1,
            path: &self.2,
            partition: Partition::AwsCn,
            key: Some(("AKIA", &self.6)),
            effective_from: None,
        }
    }
}

async fn create(api: Api, answers: Vec<Raw>) -> (Result<BillConnect, CreateFailure>, usize) {
    let (client, server) = client(api, answers);
    let outcome = client.create_role(&names().role()).await;
    (outcome, server.sent().len())
}

#[tokio::test]
async fn the_older_creation_is_byte_for_byte_the_document_s() {
    let (client, server) = client(Api::Optima, vec![answer(201, ""), answer(200, ONE)]);
    let names = names();
    let made = client.create_role(&names.role()).await.unwrap();
    assert_eq!(made, BillConnect::bare("123456789012"));
    client.create_role(&names.full_role()).await.unwrap();
    let sent = server.sent();
    assert_eq!(sent[0].line, "POST /base/api/onboarding/orgs/77/bill_connects/aws/iam_role HTTP/1.1");
    assert_eq!(sent[0].header("authorization"), Some("Bearer canary-access"));
    assert_eq!(sent[0].header("api-version"), Some("1.0"));
    assert_eq!(sent[0].header("content-type"), Some("application/json"));
    assert_eq!(sent[0].header("user-agent"), Some(concat!("optima-onboard/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(
        sent[0].body,
        r#"{"aws_bill_account_id":"123456789012","aws_bucket_name":"bills","aws_bucket_path":"billing/path","aws_sts_role_arn":"arn:aws:iam::123456789012:role/r"}"#
    );
    assert!(sent[1].body.ends_with(r#","aws_sts_role_session_name":"flexera-finops"}"#), "{}", sent[1].body);
}

#[tokio::test]
async fn the_newer_role_requests_are_as_published() {
    let (client, server) = client(Api::FlexeraOne, vec![answer(201, ONE), answer(201, ONE), answer(204, "")]);
    let names = names();
    let other = ExternalId::parse("other").unwrap();
    client.create_role(&names.full_role()).await.unwrap();
    client.create_role(&RoleRequest { external_id: Some(&other), ..names.full_role() }).await.unwrap();
    client.update_role("aws-123456789012", &names.full_role()).await.unwrap();
    let sent = server.sent();
    assert_eq!(sent[0].line, "POST /base/finops-onboarding/v1/orgs/77/bill-connects/aws/iam-role HTTP/1.1");
    assert_eq!(sent[0].header("api-version"), None);
    let rest = r#""bucketName":"bills","bucketPath":"billing/path","stsRoleArn":"arn:aws:iam::123456789012:role/r","stsRoleSessionName":"flexera-finops""#;
    assert_eq!(sent[0].body, format!(r#"{{"billAccountId":"123456789012",{rest},"effectiveFrom":"2026-01"}}"#));
    assert!(sent[1].body.contains(r#","stsExternalId":"other","#), "{}", sent[1].body);
    assert_eq!(
        sent[2].line,
        "PATCH /base/finops-onboarding/v1/orgs/77/bill-connects/aws/iam-role/aws-123456789012 HTTP/1.1"
    );
    assert_eq!(sent[2].body, format!(r#"{{{rest},"stsExternalId":"77","effectiveFrom":"2026-01"}}"#));
}

#[tokio::test]
async fn the_newer_user_requests_are_as_published_and_hide_the_key() {
    let echo = r#"{"message":"bad key canary-key for canary-access"}"#;
    let (client, server) = client(Api::FlexeraOne, vec![answer(201, ONE), answer(204, ""), answer(422, echo)]);
    let names = names();
    client.create_user(&names.user()).await.unwrap();
    client.update_user("aws-123456789012", &names.user()).await.unwrap();
    let Err(CreateFailure::NotYet(error)) = client.create_user(&names.user()).await else { panic!("a 422 is not yet") };
    assert_eq!(error.cause.as_deref(), Some("bad key *** for ***"));
    assert!(!format!("{error:?} {:?} {client:?}", names.user()).contains("canary"));
    let sent = server.sent();
    assert_eq!(sent[0].line, "POST /base/finops-onboarding/v1/orgs/77/bill-connects/aws/iam-user HTTP/1.1");
    let (bucket, key) =
        (r#""bucketName":"bills","bucketPath":"billing/path""#, r#""accessKey":"AKIA","secretAccessKey":"canary-key""#);
    assert_eq!(sent[0].body, format!(r#"{{"billAccountId":"123456789012",{bucket},"partition":"aws-cn",{key}}}"#));
    assert_eq!(sent[1].body, format!("{{{bucket},{key}}}"));
}

#[tokio::test]
async fn what_the_older_generation_lacks_is_said_without_a_request() {
    let (client, server) = client(Api::Optima, vec![]);
    let names = names();
    let kinds = [
        client.create_user(&names.user()).await.unwrap_err().error().kind,
        client.update_user("aws-1", &names.user()).await.unwrap_err().error().kind,
        client.update_role("aws-1", &names.role()).await.unwrap_err().error().kind,
    ];
    assert_eq!(kinds, [Kind::Refused; 3]);
    assert_eq!(client.validation("aws-1").await.unwrap(), None);
    assert_eq!(client.bill_months("aws-1").await.unwrap(), None);
    assert!(server.sent().is_empty());
}

#[tokio::test]
async fn finding_one_or_none() {
    let absent = r#"{"name":"not_found","id":"x","message":"no such bill connect"}"#;
    let page = answer(404, "<html>");
    let answers = vec![answer(200, ONE), answer(404, "{}"), answer(400, absent), answer(200, absent), page];
    let (client, server) = client(Api::Optima, answers);
    assert_eq!(client.find(&account()).await.unwrap().unwrap().id, "aws-123456789012");
    for _ in 0..3 {
        assert_eq!(client.find(&account()).await.unwrap(), None);
    }
    assert!(client.find(&account()).await.is_err(), "a page of something else says nothing of bill connects");
    let sent = server.sent();
    assert_eq!(sent[0].line, "GET /base/api/onboarding/orgs/77/bill_connects/aws/aws-123456789012 HTTP/1.1");
    assert_eq!(sent[0].header("api-version"), Some("1.0"));
}

#[tokio::test]
async fn listing_validating_deleting_and_months() {
    let answers = vec![
        answer(200, r#"{"kind":"finops:generic-bill-list","values":[{"id":"aws-1"},{"id":"gcp-1"}]}"#),
        answer(200, r#"{"billId":"aws-1","kind":"x","valid":false,"error":"Invalid"}"#),
        answer(404, "{}"),
        answer(204, ""),
        answer(404, r#"{"name":"not_found"}"#),
        answer(200, r#"{"values":[{"billConnectId":"aws-1","billMonth":"202601","status":"processed"}]}"#),
    ];
    let (client, server) = client(Api::FlexeraOne, answers);
    assert_eq!(client.list().await.unwrap().len(), 2);
    let invalid = Validation { valid: false, error: Some("Invalid".into()) };
    assert_eq!(client.validation("aws-1").await.unwrap(), Some(invalid));
    assert!(!client.validation("aws-1").await.unwrap().unwrap().valid, "not known yet is not valid yet");
    assert!(client.delete("aws-1").await.unwrap());
    assert!(!client.delete("aws-1").await.unwrap());
    assert_eq!(client.bill_months("aws-1").await.unwrap().unwrap()[0].month, "2026-01");
    assert!(client.delete("..").await.is_err(), "an id that is another place is not sent");
    let lines: Vec<_> = server.sent().into_iter().map(|sent| sent.line).collect();
    let under = "/base/finops-onboarding/v1/orgs/77";
    assert_eq!(lines[0], format!("GET {under}/bill-connects HTTP/1.1"));
    assert_eq!(lines[1], format!("GET {under}/bill-connects/aws/aws-1/validation HTTP/1.1"));
    assert_eq!(lines[3], format!("DELETE {under}/bill-connects/aws/aws-1 HTTP/1.1"));
    assert_eq!(
        lines[5],
        format!(
            "GET {under}/processing/bill-months?limit=1000&orderBy=billMonth+desc&filter=billConnectId+eq+%27aws-1%27 HTTP/1.1"
        )
    );
    assert_eq!(lines.len(), 6);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let token = |text: &str| answer(200, &format!(r#"{{"access_token":"{text}","expires_in":3600}}"#));
    let refused = || answer(401, r#"{"name":"unauthorized","message":"expired","temporary":true}"#);
    let start = |answers| {
        let server = Loopback::start(answers);
        let credential = Credential::RefreshToken(Secret::new("canary-refresh"));
        (Pool::default().api_at(settings(&server, Api::Optima, credential), fast()).unwrap(), server)
    };
    let (client, server) = start(vec![token("one"), refused(), token("two"), answer(201, ONE)]);
    client.sign_in().await.unwrap();
    client.create_role(&names().role()).await.unwrap();
    let tokens: Vec<_> =
        server.sent().iter().filter_map(|sent| sent.header("authorization").map(str::to_owned)).collect();
    assert_eq!(tokens, ["Bearer one", "Bearer two"]);

    let (client, server) = start(vec![token("one"), refused(), token("two"), refused()]);
    let error = client.list().await.unwrap_err();
    assert_eq!(error.kind, Kind::Permission);
    assert_eq!(server.sent().len(), 4, "once");
}

#[tokio::test]
async fn a_bare_token_that_is_refused_asks_for_a_refresh_token() {
    let (client, server) = client(Api::FlexeraOne, vec![answer(401, "{}")]);
    let error = client.list().await.unwrap_err();
    assert_eq!(error.kind, Kind::Permission);
    assert!(error.remedy.unwrap().contains("--refresh-token-file"));
    assert_eq!(server.sent().len(), 1);
}

#[tokio::test]
async fn forbidden_names_the_role_that_is_needed_and_the_request() {
    let (client, _server) = client(Api::Optima, vec![answer(403, FORBIDDEN)]);
    let error = client.list().await.unwrap_err();
    assert_eq!(error.kind, Kind::Permission);
    assert!(error.message.contains("GET http://127.0.0.1:"), "{error}");
    assert!(error.message.contains("/base/api/onboarding/orgs/77/bill_connects was refused"), "{error}");
    assert_eq!(error.cause.as_deref(), Some("no"));
    assert!(error.remedy.unwrap().contains("Manage organization (enterprise_manager)"));
}

#[tokio::test]
async fn a_creation_is_sent_again_only_if_it_was_not_carried_out() {
    use CreateFailure::{Conflict, Lost, NotYet, Other};
    let api = Api::FlexeraOne;
    assert!(matches!(create(api, vec![answer(422, r#"{"temporary":true}"#)]).await, (Err(NotYet(_)), 1)));
    assert!(matches!(create(api, vec![answer(409, "{}")]).await, (Err(Conflict(_)), 1)));
    assert!(matches!(create(api, vec![answer(400, "{}")]).await, (Err(Other(_)), 1)));
    assert!(matches!(create(api, vec![answer(403, "{}")]).await, (Err(Other(_)), 1)));
    for status in [500, 502, 503, 504] {
        assert!(matches!(create(api, vec![answer(status, "")]).await, (Err(Lost(_)), 1)), "{status}");
    }
    assert!(matches!(create(api, vec![cut()]).await, (Err(Lost(_)), 1)));
    assert!(matches!(create(api, vec![truncated(201, ONE)]).await, (Err(Lost(_)), 1)));
    assert!(matches!(create(api, vec![answer(201, "{}")]).await, (Ok(_), 1)), "created, whatever is shown of it");
    for nonsense in ["<html>", r#"{"id":"aws-9"}"#, "[]", r#"{"id":"#] {
        assert!(matches!(create(api, vec![answer(200, nonsense)]).await, (Err(Lost(_)), 1)), "{nonsense}");
    }
    assert!(matches!(create(api, vec![answer(429, "{}"), answer(201, ONE)]).await, (Ok(_), 2)));
    let throttled = vec![answer(429, "{}"); 9];
    assert!(matches!(create(api, throttled).await, (Err(Other(_)), 4)));
}

#[tokio::test]
async fn nobody_listening_means_never_sent() {
    let server = Loopback::start(vec![]);
    let credential = Credential::AccessToken(Secret::new("t"));
    // Port 1 of loopback: nothing listens there.
    let settings =
        Settings { base: Url::parse("http://127.0.0.1:1").unwrap(), ..settings(&server, Api::Optima, credential) };
    let client = Pool::default().api_at(settings, fast()).unwrap();
    let failure = client.create_role(&names().role()).await.unwrap_err();
    assert!(matches!(&failure, CreateFailure::Other(error) if error.message.contains("no connection")), "{failure:?}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_lost() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = Url::parse(&format!("http://{}", silent.local_addr().unwrap())).unwrap();
    let bare = settings(&Loopback::start(vec![]), Api::Optima, Credential::AccessToken(Secret::new("t")));
    let settings = Settings { base, request_timeout: Duration::from_millis(100), ..bare };
    let failure = Pool::default().api_at(settings, fast()).unwrap().create_role(&names().role()).await.unwrap_err();
    assert!(matches!(&failure, CreateFailure::Lost(error) if error.message.contains("in time")), "{failure:?}");
}

#[tokio::test]
async fn reading_is_repeated_until_it_works_or_the_bound_is_reached() {
    let passing = vec![answer(500, ""), cut(), answer(400, r#"{"temporary":true}"#), answer(200, "[]")];
    let (patient, server) = client(Api::Optima, passing);
    assert!(patient.list().await.unwrap().is_empty());
    assert_eq!(server.sent().len(), 4);

    let (patient, server) = client(Api::Optima, vec![answer(503, r#"{"message":"busy"}"#); 9]);
    let error = patient.list().await.unwrap_err();
    assert_eq!((error.kind, error.cause.as_deref()), (Kind::Failed, Some("busy")));
    assert_eq!(server.sent().len(), 4);
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let slow = answer_with(429, "retry-after: 1\r\n", "{}");
    let (client, server) = client(Api::FlexeraOne, vec![slow, answer(200, "[]")]);
    let begun = Instant::now();
    client.list().await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.sent().len(), 2);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Loopback::start(vec![answer(200, "[]")]);
    let to = |status| answer_with(status, &format!("location: {}\r\n", elsewhere.url("/")), "");
    for status in [301, 302, 307, 308] {
        let (client, _server) = client(Api::Optima, vec![to(status)]);
        let error = client.list().await.unwrap_err();
        assert!(error.message.contains("redirect"), "{error}");
    }
    assert!(elsewhere.sent().is_empty(), "the token went nowhere else");
}

#[tokio::test]
async fn nonsense_is_an_error_and_never_a_panic() {
    for nonsense in ["", "<html>", "{", "null", "7", r#"{"values":7}"#, "\u{0}", &"[".repeat(5000)] {
        let (client, _server) = client(Api::FlexeraOne, vec![answer(200, nonsense); 4]);
        assert_eq!(client.list().await.unwrap_err().kind, Kind::Failed, "{nonsense}");
        assert_eq!(client.find(&account()).await.unwrap_err().kind, Kind::Failed, "{nonsense}");
        assert_eq!(client.validation("aws-1").await.unwrap_err().kind, Kind::Failed, "{nonsense}");
        assert_eq!(client.bill_months("aws-1").await.unwrap_err().kind, Kind::Failed, "{nonsense}");
    }
    let (patient, server) = client(Api::FlexeraOne, vec![truncated(200, "[]"); 9]);
    assert!(patient.list().await.unwrap_err().message.contains("the connection broke"));
    assert_eq!(server.sent().len(), 4);
    let (client, _server) = client(Api::FlexeraOne, vec![answer(200, &" ".repeat(1024 * 1024 + 1)); 4]);
    assert!(client.list().await.unwrap_err().message.contains("more than 1 MiB"));
}
