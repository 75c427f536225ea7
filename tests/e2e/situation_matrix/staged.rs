//! A sandbox brought into a situation through AWS's own requests, as whoever came before would have made it.

use aws_sdk_costandusagereport::types as cur;
use aws_sdk_s3::types as s3;
use optima_onboard::sandbox::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use serde_json::{Value, json};

use super::cell::Cell;
use super::values::{Bucket, Connect, Identity, Policy, Report};
use crate::support::World;

pub const BUCKET: &str = "flexera-optima-111122223333-12345";
pub const REPORT: &str = "flexera-optima";
pub const ROLE: &str = "FlexeraOptimaAccessRole";
pub const USER: &str = "FlexeraOptimaAccessUser";
pub const POLICY_ARN: &str = "arn:aws:iam::111122223333:policy/FlexeraOptimaAccessPolicy";
pub const CONNECT: &str = "12345/aws-111122223333";
const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/FlexeraOptimaAccessRole";
const BOUNDARY_ARN: &str = "arn:aws:iam::111122223333:policy/Boundary";
const ELSEWHERE: &str = "elsewhere-111122223333";

/// Written as no program of ours would: spaces, a number with a zero at its end, an escape.
pub const FOREIGN_STATEMENT: &str = r#"{ "Sid" : "Auditors",  "Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::flexera-optima-111122223333-12345","Condition":{"NumericLessThanEquals":{"s3:max-keys": 10.50},"StringEquals":{"s3:prefix":"\u0062ills"}} }"#;
const TLS_ONLY: &str = r#"{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::flexera-optima-111122223333-12345/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
const DENY_ALL: &str = r#"{"Sid":"Nobody","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::flexera-optima-111122223333-12345/*"}"#;

/// The clients of one sandbox.
struct Stage<'w> {
    world: &'w World,
    config: aws_config::SdkConfig,
    s3: aws_sdk_s3::Client,
    iam: aws_sdk_iam::Client,
    cur: aws_sdk_costandusagereport::Client,
}

/// Brings the sandbox into the cell's situation, and gives the environment that its run needs besides the usual.
pub async fn stage(cell: &Cell, world: &World) -> Vec<(&'static str, String)> {
    let stage = Stage::new(world).await;
    stage.report(cell.report).await;
    stage.bucket(cell.bucket, cell.report).await;
    stage.policy(cell.policy).await;
    if cell.by_role() {
        stage.role(cell).await;
    } else {
        stage.user(cell).await;
    }
    stage.connect(cell).await;
    if cell.operator_is_bounded() { stage.operator().await } else { Vec::new() }
}

impl<'w> Stage<'w> {
    async fn new(world: &'w World) -> Self {
        let url = world.environment().into_iter().find(|(name, _)| *name == "AWS_ENDPOINT_URL").expect("an endpoint").1;
        let credentials = aws_sdk_s3::config::Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test");
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest())
            .region("us-east-1")
            .endpoint_url(url)
            .credentials_provider(credentials)
            // Without TLS, whose roots take longer to read than the rest of a cell.
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .load()
            .await;
        Self {
            world,
            s3: world.s3(&config),
            iam: aws_sdk_iam::Client::new(&config),
            cur: aws_sdk_costandusagereport::Client::new(&config),
            config,
        }
    }

    /// The report service checks the bucket, so that a report needs one to be made, even if it is gone afterwards.
    async fn report(&self, report: Report) {
        if report == Report::None {
            return;
        }
        let elsewhere = matches!(report, Report::OtherBucket | Report::OtherBucketForeign | Report::FiveOthers);
        let bucket = if elsewhere { ELSEWHERE } else { BUCKET };
        self.make_bucket(bucket, bucket == BUCKET).await;
        self.put_policy(bucket, &[&delivery(bucket)]).await;
        let names: Vec<String> = match report {
            Report::FiveOthers => (0..5).map(|n| format!("other-{n}")).collect(),
            _ => vec![REPORT.to_owned()],
        };
        for name in names {
            let put = self.cur.put_report_definition().report_definition(definition(&name, bucket, report));
            let tag = |key: &str, value: &str| cur::Tag::builder().key(key).value(value).build().expect("complete");
            let tags = OUR_TAGS.map(|(key, value)| tag(key, value)).to_vec();
            put.set_tags(report.is_ours().then_some(tags)).send().await.expect("a report");
        }
        if let Some(status) = report.status() {
            let body = json!({ "ReportName": REPORT, "ReportStatus": { "lastStatus": status, "lastDelivery": "20260101T000000Z" } });
            self.world.control("report-status", &body).await;
        }
    }

    async fn bucket(&self, bucket: Bucket, report: Report) {
        let made =
            !matches!(report, Report::None | Report::OtherBucket | Report::OtherBucketForeign | Report::FiveOthers);
        if bucket == Bucket::JustDeleted && !made {
            self.make_bucket(BUCKET, true).await;
        }
        let goes = matches!(bucket, Bucket::Absent | Bucket::JustDeleted | Bucket::OtherRegion | Bucket::Adopted);
        if (made || bucket == Bucket::JustDeleted) && goes {
            self.s3.delete_bucket().bucket(BUCKET).send().await.expect("the bucket goes");
        }
        let ours = delivery(BUCKET);
        let drifted = ours.replace(":definition/*", ":definition/other");
        let statements: &[&str] = match bucket {
            Bucket::Absent | Bucket::JustDeleted | Bucket::SomebodyElses => return,
            Bucket::OtherRegion => return self.bucket_in_ireland().await,
            Bucket::OursEmpty => &[],
            Bucket::OursForeign | Bucket::Adopted => &[FOREIGN_STATEMENT],
            Bucket::OursHarmlessDeny => &[FOREIGN_STATEMENT, TLS_ONLY],
            Bucket::OursDenyHits => &[&ours, DENY_ALL],
            Bucket::OursDrifted => &[FOREIGN_STATEMENT, &drifted],
            _ => &[&ours],
        };
        if goes || !made {
            self.make_bucket(BUCKET, bucket != Bucket::Adopted).await;
        }
        if statements.is_empty() {
            self.s3.delete_bucket_policy().bucket(BUCKET).send().await.expect("no policy");
        } else {
            self.put_policy(BUCKET, statements).await;
        }
        self.furnish(bucket).await;
    }

    /// What else a bucket has: bills, a setting that is open, a key.
    async fn furnish(&self, bucket: Bucket) {
        if bucket == Bucket::OursData {
            let object = self.s3.put_object().bucket(BUCKET).key("billing/flexera-optima/bill-1.csv.gz");
            object.body(aws_sdk_s3::primitives::ByteStream::from_static(b"bill")).send().await.expect("a bill");
        }
        if bucket == Bucket::OursPublic {
            self.s3.delete_public_access_block().bucket(BUCKET).send().await.expect("open");
        }
        if let Some(key) = bucket.key() {
            let default = s3::ServerSideEncryptionByDefault::builder().sse_algorithm(s3::ServerSideEncryption::AwsKms);
            let default = if key == "aws/s3" { default } else { default.kms_master_key_id(key) };
            let rule = s3::ServerSideEncryptionRule::builder()
                .apply_server_side_encryption_by_default(default.build().expect("complete"));
            let all = s3::ServerSideEncryptionConfiguration::builder().rules(rule.build()).build().expect("complete");
            let put = self.s3.put_bucket_encryption().bucket(BUCKET).server_side_encryption_configuration(all);
            put.send().await.expect("encrypted");
        }
    }

    async fn make_bucket(&self, name: &str, ours: bool) {
        self.s3.create_bucket().bucket(name).send().await.expect("a bucket");
        if ours {
            let tag = |(key, value)| s3::Tag::builder().key(key).value(value).build().expect("complete");
            let tags = s3::Tagging::builder().set_tag_set(Some(OUR_TAGS.map(tag).to_vec())).build().expect("complete");
            self.s3.put_bucket_tagging().bucket(name).tagging(tags).send().await.expect("tags");
        }
    }

    async fn bucket_in_ireland(&self) {
        let region = aws_sdk_s3::config::Region::new("eu-west-1");
        let config = aws_sdk_s3::config::Builder::from(&self.config).region(region).force_path_style(true).build();
        let place = s3::CreateBucketConfiguration::builder().location_constraint("eu-west-1".into()).build();
        let create = aws_sdk_s3::Client::from_conf(config).create_bucket().bucket(BUCKET);
        create.create_bucket_configuration(place).send().await.expect("a bucket in Ireland");
    }

    async fn put_policy(&self, bucket: &str, statements: &[&str]) {
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        self.s3.put_bucket_policy().bucket(bucket).policy(policy).send().await.expect("a bucket policy");
    }

    async fn policy(&self, policy: Policy) {
        let document = permissions().to_string();
        let wider = document.replace("s3:GetObject", "s3:*");
        let first = match policy {
            Policy::Absent => return,
            Policy::Ours | Policy::ForeignEqual => &document,
            Policy::OursWider | Policy::OursFiveVersions | Policy::ForeignDifferent => &wider,
        };
        let tags = policy.is_ours().then(iam_tags);
        let create = self.iam.create_policy().policy_name("FlexeraOptimaAccessPolicy").policy_document(first);
        create.set_tags(tags).send().await.expect("a policy");
        if policy == Policy::OursFiveVersions {
            // The first stays the default, so that the oldest that may go is the second.
            for _ in 0..4 {
                let version = self.iam.create_policy_version().policy_arn(POLICY_ARN).policy_document(&wider);
                version.send().await.expect("a version");
            }
        }
    }

    async fn role(&self, cell: &Cell) {
        let flexera = cell.flexera_principal();
        let root = "arn:aws:iam::451234325714:root";
        let (principal, id) = match cell.identity {
            Identity::Absent => return,
            Identity::TrustRoot => (root, "12345"),
            Identity::TrustOtherId | Identity::ForeignDifferent => (flexera, "54321"),
            Identity::TrustBroken => ("arn:aws:iam::111122223333:role/Gone", "12345"),
            _ => (flexera, "12345"),
        };
        if cell.identity == Identity::TrustBroken {
            let gone = self.iam.create_role().role_name("Gone").assume_role_policy_document(trust(root, "1"));
            gone.send().await.expect("a role that goes again");
        }
        let tags = cell.identity.is_ours().then(iam_tags);
        let create = self.iam.create_role().role_name(ROLE).assume_role_policy_document(trust(principal, id));
        create.set_tags(tags).send().await.expect("a role");
        if cell.identity == Identity::TrustBroken {
            self.iam.delete_role().role_name("Gone").send().await.expect("the trusted role goes");
        }
        if cell.identity != Identity::Detached && cell.policy != Policy::Absent {
            self.iam.attach_role_policy().role_name(ROLE).policy_arn(POLICY_ARN).send().await.expect("attached");
        }
        match cell.identity {
            Identity::Boundary | Identity::TightBoundary => {
                self.boundary(cell.identity).await;
                let put = self.iam.put_role_permissions_boundary().role_name(ROLE).permissions_boundary(BOUNDARY_ARN);
                put.send().await.expect("bounded");
            }
            Identity::Inline => {
                let put = self.iam.put_role_policy().role_name(ROLE).policy_name("Leftover");
                put.policy_document(allow("s3:ListAllMyBuckets")).send().await.expect("an inline policy");
            }
            _ => {}
        }
    }

    async fn user(&self, cell: &Cell) {
        if cell.identity == Identity::Absent {
            return;
        }
        let tags = cell.identity.is_ours().then(iam_tags);
        self.iam.create_user().user_name(USER).set_tags(tags).send().await.expect("a user");
        let detached = matches!(cell.identity, Identity::Detached | Identity::ForeignDifferent);
        if !detached && cell.policy != Policy::Absent {
            self.iam.attach_user_policy().user_name(USER).policy_arn(POLICY_ARN).send().await.expect("attached");
        }
        match cell.identity {
            Identity::Boundary | Identity::TightBoundary => {
                self.boundary(cell.identity).await;
                let put = self.iam.put_user_permissions_boundary().user_name(USER).permissions_boundary(BOUNDARY_ARN);
                put.send().await.expect("bounded");
            }
            Identity::Inline => {
                let put = self.iam.put_user_policy().user_name(USER).policy_name("Leftover");
                put.policy_document(allow("s3:ListAllMyBuckets")).send().await.expect("an inline policy");
            }
            _ => {}
        }
    }

    async fn boundary(&self, identity: Identity) {
        let document = allow(if identity == Identity::TightBoundary { "ec2:DescribeInstances" } else { "*" });
        let create = self.iam.create_policy().policy_name("Boundary").policy_document(document);
        create.send().await.expect("a boundary");
    }

    async fn connect(&self, cell: &Cell) {
        let mut body =
            json!({ "billAccountId": "111122223333", "bucketName": cell.bucket_name(), "bucketPath": "billing" });
        match cell.connect {
            Connect::None => return,
            Connect::OtherBucket => body["bucketName"] = json!("another-bucket"),
            Connect::OtherPath => body["bucketPath"] = json!("another/path"),
            Connect::OtherMonth => body["effectiveFrom"] = json!("2025-06"),
            _ => {}
        }
        let by_role = cell.by_role() != (cell.connect == Connect::OtherWay);
        let kind = if by_role {
            body["stsRoleArn"] =
                json!(if cell.connect == Connect::OtherRole { "arn:aws:iam::111122223333:role/Old" } else { ROLE_ARN });
            body["stsExternalId"] = json!(if cell.connect == Connect::OtherExternalId { "54321" } else { "12345" });
            body["stsRoleSessionName"] =
                json!(if cell.connect == Connect::OtherSession { "other" } else { "flexera-finops" });
            "iam-role"
        } else {
            body["accessKey"] = json!(self.key(cell).await);
            body["secretAccessKey"] = json!("secret");
            "iam-user"
        };
        self.world.register(kind, &body).await;
    }

    /// The key of the user, where there is one.
    async fn key(&self, cell: &Cell) -> String {
        if cell.by_role() || cell.identity == Identity::Absent {
            return "AKIALONGGONE".to_owned();
        }
        let answer = self.iam.create_access_key().user_name(USER).send().await.expect("a key");
        answer.access_key.expect("a key").access_key_id
    }

    /// Somebody who may do everything but look into the organization.
    async fn operator(&self) -> Vec<(&'static str, String)> {
        let document = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Deny", "Action": "organizations:DescribeOrganization", "Resource": "*" },
        ] });
        self.iam.create_user().user_name("operator").send().await.expect("an operator");
        let put = self.iam.put_user_policy().user_name("operator").policy_name("Work");
        put.policy_document(document.to_string()).send().await.expect("permissions");
        let key = self.iam.create_access_key().user_name("operator").send().await.expect("a key").access_key;
        let key = key.expect("a key");
        vec![("AWS_ACCESS_KEY_ID", key.access_key_id), ("AWS_SECRET_ACCESS_KEY", key.secret_access_key)]
    }
}

const OUR_TAGS: [(&str, &str); 2] = [("managed-by", "optima-onboard"), ("flexera-org-id", "12345")];

fn iam_tags() -> Vec<aws_sdk_iam::types::Tag> {
    let tag = |(key, value)| aws_sdk_iam::types::Tag::builder().key(key).value(value).build().expect("complete");
    OUR_TAGS.map(tag).to_vec()
}

fn allow(action: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }] })
        .to_string()
}

fn trust(principal: &str, id: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "sts:ExternalId": id } },
    }] })
    .to_string()
}

/// What Flexera's document asks for.
fn permissions() -> Value {
    let bucket = format!("arn:aws:s3:::{BUCKET}");
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": [bucket] },
        { "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [format!("{bucket}/*")] },
        { "Effect": "Allow", "Action": ["organizations:Describe*", "organizations:List*"], "Resource": "*" },
        { "Effect": "Allow", "Action": ["ce:GetReservationUtilization"], "Resource": "*" },
    ] })
}

/// The two statements of an earlier run.
fn delivery(bucket: &str) -> String {
    let condition = r#""Condition":{"StringLike":{"aws:SourceAccount":"111122223333","aws:SourceArn":"arn:aws:cur:us-east-1:111122223333:definition/*"}}"#;
    let service = r#""Effect":"Allow","Principal":{"Service":"billingreports.amazonaws.com"}"#;
    format!(
        r#"{{"Sid":"OptimaOnboardBillingCheck",{service},"Action":["s3:GetBucketAcl","s3:GetBucketPolicy"],"Resource":"arn:aws:s3:::{bucket}",{condition}}},{{"Sid":"OptimaOnboardBillingDelivery",{service},"Action":"s3:PutObject","Resource":"arn:aws:s3:::{bucket}/*",{condition}}}"#
    )
}

fn definition(name: &str, bucket: &str, report: Report) -> cur::ReportDefinition {
    let parquet = report == Report::Parquet;
    let compression = match report {
        Report::Zip => cur::CompressionFormat::Zip,
        _ if parquet => cur::CompressionFormat::Parquet,
        _ => cur::CompressionFormat::Gzip,
    };
    let daily = matches!(report, Report::Daily | Report::DailyForeign);
    let builder = cur::ReportDefinition::builder()
        .report_name(name)
        .time_unit(if daily { cur::TimeUnit::Daily } else { cur::TimeUnit::Hourly })
        .format(if parquet { cur::ReportFormat::Parquet } else { cur::ReportFormat::Csv })
        .compression(compression)
        .set_additional_schema_elements(Some(match report {
            Report::NoResources => vec![],
            _ => vec![cur::SchemaElement::Resources],
        }))
        .set_additional_artifacts((report == Report::Artifacts).then(|| vec![cur::AdditionalArtifact::Redshift]))
        .s3_bucket(bucket)
        .s3_prefix(if report == Report::OtherPrefix { "elsewhere" } else { "billing" })
        .s3_region(cur::AwsRegion::from("us-east-1"))
        .refresh_closed_reports(report != Report::NotRefreshed);
    let builder = if report == Report::Overwriting {
        builder.report_versioning(cur::ReportVersioning::OverwriteReport)
    } else {
        builder.report_versioning(cur::ReportVersioning::CreateNewReport)
    };
    builder.build().expect("complete")
}
