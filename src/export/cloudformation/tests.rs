//! The templates, read back and held against the documents of `apply`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::*;
use crate::aws::buckets::Settings;
use crate::aws::policies::ManagedPolicy;
use crate::aws::reports::Report;
use crate::aws::roles::Role;
use crate::aws::users::User;
use crate::export::samples::{Made, VARIANTS, all_adopted, listed_tags, subject};
use crate::export::stackset;
use crate::spec::tags::Tags;

/// Resolves a template as CloudFormation would, in the account of the examples.
struct Stack {
    resources: Value,
    names: BTreeMap<String, String>,
}

impl Stack {
    fn of(subject: &Subject, template: &Value) -> Self {
        let mut names = BTreeMap::from([("AWS::AccountId".to_owned(), subject.onboarding.account_id.to_string())]);
        for (name, parameter) in template["Parameters"].as_object().expect("parameters") {
            names.insert(name.clone(), parameter["Default"].as_str().expect("a default").to_owned());
        }
        let mut stack = Self { resources: template["Resources"].clone(), names };
        // A Ref to a bucket is its name, one to a managed policy its ARN.
        let bucket = stack.property("BillingBucket", "BucketName");
        stack.names.extend(bucket.as_str().map(|name| ("BillingBucket".to_owned(), name.to_owned())));
        if let Some(name) = stack.property("AccessPolicy", "ManagedPolicyName").as_str() {
            let one = &subject.onboarding;
            let arn = format!("arn:{}:iam::{}:policy/{name}", one.partition, one.account_id);
            stack.names.insert("AccessPolicy".to_owned(), arn);
        }
        stack
    }

    fn has(&self, resource: &str) -> bool {
        !self.resources[resource].is_null()
    }

    fn property(&self, resource: &str, property: &str) -> Value {
        self.resolved(&self.resources[resource]["Properties"][property])
    }

    fn text(&self, resource: &str, property: &str) -> String {
        self.property(resource, property).as_str().unwrap_or_default().to_owned()
    }

    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => match members.iter().next() {
                Some((function, name)) if function == "Ref" => self.named(name.as_str().expect("a name")).into(),
                Some((function, text)) if function == "Fn::Sub" => self.sub(text.as_str().expect("a text")).into(),
                _ => {
                    members.iter().map(|(key, value)| (key.clone(), self.resolved(value))).collect::<Map<_, _>>().into()
                }
            },
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            other => other.clone(),
        }
    }

    fn named(&self, name: &str) -> String {
        self.names.get(name).unwrap_or_else(|| panic!("nothing is called {name}")).clone()
    }

    fn sub(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
        let (name, after) = rest.split_once('}').expect("a closed name");
        let filled = name.strip_prefix('!').map_or_else(|| self.named(name), |literal| format!("${{{literal}}}"));
        format!("{before}{filled}{}", self.sub(after))
    }

    /// What AWS would show of it.
    fn made(&self, subject: &Subject) -> Made {
        let one = &subject.onboarding;
        let arn = |kind: &str, name: &str| format!("arn:{}:iam::{}:{kind}/{name}", one.partition, one.account_id);
        let attached =
            |resource: &str| vec![self.property(resource, "ManagedPolicyArns")[0].as_str().expect("one").to_owned()];
        Made {
            bucket: self.has("BillingBucket").then(|| self.bucket()),
            report: None,
            report_tags: Tags::default(),
            policy: ManagedPolicy {
                document: self.property("AccessPolicy", "PolicyDocument").to_string(),
                ..ManagedPolicy::default()
            },
            role: self.has("AccessRole").then(|| Role {
                arn: arn("role", &self.text("AccessRole", "RoleName")),
                trust: self.property("AccessRole", "AssumeRolePolicyDocument").to_string(),
                tags: listed_tags(&self.property("AccessRole", "Tags")),
                attached: attached("AccessRole"),
                ..Role::default()
            }),
            user: self.has("AccessUser").then(|| User {
                arn: arn("user", &self.text("AccessUser", "UserName")),
                tags: listed_tags(&self.property("AccessUser", "Tags")),
                attached: attached("AccessUser"),
                ..User::default()
            }),
        }
    }

    fn bucket(&self) -> Settings {
        let block = self.property("BillingBucket", "PublicAccessBlockConfiguration");
        let algorithm = &self.property("BillingBucket", "BucketEncryption")["ServerSideEncryptionConfiguration"][0];
        assert_eq!(algorithm["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256");
        assert_eq!(self.property("BillingBucketPolicy", "Bucket"), self.property("BillingBucket", "BucketName"));
        Settings {
            tags: listed_tags(&self.property("BillingBucket", "Tags")),
            public_access_blocked: block
                .as_object()
                .is_some_and(|all| all.len() == 4 && all.values().all(|on| on == true)),
            ownership: self.property("BillingBucket", "OwnershipControls")["Rules"][0]["ObjectOwnership"]
                .as_str()
                .map(str::to_owned),
            kms_key: None,
            policy: Some(self.property("BillingBucketPolicy", "PolicyDocument").to_string()),
        }
    }

    fn report(&self) -> Report {
        let text = |name: &str| self.text("BillingReport", name);
        Report {
            name: text("ReportName"),
            time_unit: text("TimeUnit"),
            format: text("Format"),
            compression: text("Compression"),
            schema_elements: vec![
                self.property("BillingReport", "AdditionalSchemaElements")[0].as_str().unwrap().into(),
            ],
            bucket: text("S3Bucket"),
            prefix: text("S3Prefix"),
            region: text("S3Region"),
            refresh_closed: self.property("BillingReport", "RefreshClosedReports") == true,
            versioning: text("ReportVersioning"),
            ..Report::default()
        }
    }
}

#[test]
fn apply_adopts_what_every_template_makes() {
    for (name, answers) in VARIANTS {
        let subject = subject(answers);
        let first = Part::first(&subject);
        let stack = Stack::of(&subject, &export(&subject, first).json());
        let mut made = stack.made(&subject);
        let reports = match first {
            Part::WithoutReport => Some(Stack::of(&subject, &export(&subject, Part::Report).json())),
            _ => stack.has("BillingReport").then_some(stack),
        };
        made.report = reports.as_ref().map(Stack::report);
        made.report_tags =
            reports.map_or_else(Tags::default, |stack| listed_tags(&stack.property("BillingReport", "Tags")));
        assert_eq!(made.bucket.is_some(), subject.makes_report(), "{name}");
        all_adopted(name, &subject, made);
    }
}

#[test]
fn the_report_stands_where_its_type_exists() {
    for (answers, region, part) in
        [(&[][..], "us-east-1", Part::Whole), (&[("bucket_region", "eu-west-1")][..], "eu-west-1", Part::WithoutReport)]
    {
        let subject = subject(answers);
        assert_eq!((Part::first(&subject), Part::first(&subject).region(&subject)), (part, region));
        assert_eq!(Part::report(&subject).is_ok(), part == Part::WithoutReport);
    }
    assert!(Part::report(&subject(VARIANTS[7].1)).is_err(), "an existing report is not made");
}

#[test]
fn a_changed_organization_changes_external_id_bucket_and_tags_together() {
    let subject = subject(&[]);
    let mut template = export(&subject, Part::Whole).json();
    template["Parameters"]["OrgId"]["Default"] = "777".into();
    let stack = Stack::of(&subject, &template);
    let trust = stack.property("AccessRole", "AssumeRolePolicyDocument");
    assert_eq!(trust["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"], "777");
    assert_eq!(stack.text("BillingBucket", "BucketName"), "flexera-optima-111122223333-777");
    assert_eq!(listed_tags(&stack.property("AccessRole", "Tags")).value("flexera-org-id"), Some("777"));
}

#[test]
fn the_bucket_outlives_its_stack_and_no_key_stands_in_a_template() {
    for (name, answers) in VARIANTS {
        let subject = subject(answers);
        let template = export(&subject, Part::first(&subject));
        let bucket = &template.json()["Resources"]["BillingBucket"];
        assert!(bucket.is_null() || bucket["DeletionPolicy"] == "Retain", "{name}");
        assert!(!template.yaml().contains("AWS::IAM::AccessKey"), "{name}");
    }
}

#[test]
fn a_template_reads_like_this() {
    insta::assert_snapshot!(export(&subject(&[]), Part::Whole).yaml());
}

#[test]
fn a_stack_set_says_how_it_reaches_many_accounts() {
    let subject = subject(&[("bucket_region", "eu-west-1")]);
    let text = stackset::export(&subject, Part::WithoutReport).yaml();
    let head: String = text.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    insta::assert_snapshot!(head);
}
