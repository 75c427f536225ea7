//! The configuration, read back by a parser and evaluated.

use hcl::eval::{Context, Evaluate, FuncArgs, FuncDef, ParamType};
use hcl::{Block, Body as Parsed, Value as Read, value};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::aws::buckets::Settings;
use crate::aws::policies::ManagedPolicy;
use crate::aws::reports::Report;
use crate::aws::roles::Role;
use crate::aws::users::User;
use crate::export::samples::{Made, VARIANTS, all_adopted, subject};
use crate::spec::tags::Tags;

/// A configuration read back by a parser that is not ours, evaluated as Terraform would in the account of the examples.
struct Configuration {
    body: Parsed,
    context: Context<'static>,
}

fn jsonencode(args: FuncArgs) -> Result<Read, String> {
    serde_json::to_string(&args[0]).map(Read::from).map_err(|error| error.to_string())
}

impl Configuration {
    fn read(subject: &Subject) -> Self {
        let body: Parsed = hcl::parse(&export(subject)).expect("valid HCL");
        let account = subject.onboarding.account_id.to_string();
        let mut context = Context::new();
        context.declare_func("jsonencode", FuncDef::builder().param(ParamType::Any).build(jsonencode));
        context.declare_var("data", value!({ aws_caller_identity = { current = { account_id = account } } }));
        let mut read = Self { body, context };
        let variables: hcl::Map<String, Read> = read
            .blocks("variable")
            .map(|block| (block.labels()[0].as_str().to_owned(), read.attribute(block, "default")))
            .collect();
        read.context.declare_var("var", variables);
        read.declare_locals();
        let made = |name: &str| read.resource("aws_s3_bucket").map(|block| read.attribute(block, name));
        let bucket = made("bucket").unwrap_or(Read::Null);
        read.context.declare_var("aws_s3_bucket", value!({ billing = { id = bucket } }));
        read
    }

    /// In their order: the bucket's name needs the account.
    fn declare_locals(&mut self) {
        let block = self.blocks("locals").next().expect("locals").clone();
        let mut locals = hcl::Map::new();
        for attribute in block.body().attributes() {
            let value = attribute.expr().evaluate(&self.context).expect("a value");
            locals.insert(attribute.key().to_owned(), value);
            self.context.declare_var("local", locals.clone());
        }
    }

    fn blocks<'a>(&'a self, kind: &str) -> impl Iterator<Item = &'a Block> {
        self.body.blocks().filter(move |block| block.identifier() == kind)
    }

    fn resource(&self, kind: &str) -> Option<&Block> {
        self.blocks("resource").find(|block| block.labels()[0].as_str() == kind)
    }

    fn attribute(&self, block: &Block, name: &str) -> Read {
        let found = block.body().attributes().find(|attribute| attribute.key() == name);
        found.unwrap_or_else(|| panic!("{name} stands in {block:?}")).expr().evaluate(&self.context).expect("a value")
    }

    fn text(&self, kind: &str, name: &str) -> String {
        let block = self.resource(kind).unwrap_or_else(|| panic!("a {kind}"));
        self.attribute(block, name).as_str().expect("a text").to_owned()
    }

    fn tags(&self, kind: &str) -> Tags {
        let block = self.resource(kind).expect("it is there");
        let Read::Object(tags) = self.attribute(block, "tags") else { panic!("tags of {kind}") };
        Tags::found(tags.into_iter().map(|(key, value)| (key, value.as_str().expect("a text").to_owned())))
    }

    fn nested(&self, kind: &str, inner: &str, name: &str) -> String {
        let block = self.resource(kind).expect("it is there");
        let rule = block.body().blocks().find(|block| block.identifier() == "rule").expect("a rule");
        let place = if inner.is_empty() { rule } else { rule.body().blocks().next().expect("a block in it") };
        self.attribute(place, name).as_str().expect("a text").to_owned()
    }

    fn bucket(&self) -> Settings {
        let block = self.resource("aws_s3_bucket_public_access_block").expect("it is there");
        let on = ["block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"];
        let encryption = "aws_s3_bucket_server_side_encryption_configuration";
        assert_eq!(self.nested(encryption, "apply_server_side_encryption_by_default", "sse_algorithm"), "AES256");
        Settings {
            tags: self.tags("aws_s3_bucket"),
            public_access_blocked: on.iter().all(|name| self.attribute(block, name) == Read::Bool(true)),
            ownership: Some(self.nested("aws_s3_bucket_ownership_controls", "", "object_ownership")),
            kms_key: None,
            policy: Some(self.text("aws_s3_bucket_policy", "policy")),
        }
    }

    fn report(&self) -> Report {
        let kind = "aws_cur_report_definition";
        let block = self.resource(kind).expect("it is there");
        let text = |name: &str| self.text(kind, name);
        let Read::Array(elements) = self.attribute(block, "additional_schema_elements") else { panic!("a list") };
        Report {
            name: text("report_name"),
            time_unit: text("time_unit"),
            format: text("format"),
            compression: text("compression"),
            schema_elements: elements.iter().map(|element| element.as_str().expect("a text").to_owned()).collect(),
            bucket: text("s3_bucket"),
            prefix: text("s3_prefix"),
            region: text("s3_region"),
            refresh_closed: self.attribute(block, "refresh_closed_reports") == Read::Bool(true),
            versioning: text("report_versioning"),
            ..Report::default()
        }
    }
}

#[test]
fn apply_adopts_what_every_configuration_makes() {
    for (name, answers) in VARIANTS {
        let subject = subject(answers);
        let one = &subject.onboarding;
        let read = Configuration::read(&subject);
        let arn = |kind: &str, name: String| format!("arn:{}:iam::{}:{kind}/{name}", one.partition, one.account_id);
        let attached = vec![arn("policy", read.text("aws_iam_policy", "name"))];
        let made = Made {
            bucket: subject.makes_report().then(|| read.bucket()),
            report: subject.makes_report().then(|| read.report()),
            report_tags: if subject.makes_report() { read.tags("aws_cur_report_definition") } else { Tags::default() },
            policy: ManagedPolicy {
                document: read.text("aws_iam_policy", "policy"),
                tags: read.tags("aws_iam_policy"),
                ..ManagedPolicy::default()
            },
            role: read.resource("aws_iam_role").map(|_| Role {
                arn: arn("role", read.text("aws_iam_role", "name")),
                trust: read.text("aws_iam_role", "assume_role_policy"),
                tags: read.tags("aws_iam_role"),
                attached: attached.clone(),
                ..Role::default()
            }),
            user: read.resource("aws_iam_user").map(|_| User {
                arn: arn("user", read.text("aws_iam_user", "name")),
                tags: read.tags("aws_iam_user"),
                attached,
                ..User::default()
            }),
        };
        all_adopted(name, &subject, made);
    }
}

#[test]
fn the_report_is_asked_for_where_its_service_is() {
    for (answers, region) in [(VARIANTS[1].1, "us-east-1"), (VARIANTS[5].1, "cn-northwest-1")] {
        let read = Configuration::read(&subject(answers));
        let regions: Vec<Read> = read.blocks("provider").map(|block| read.attribute(block, "region")).collect();
        assert_eq!(regions[1], Read::from(region));
        let report = read.resource("aws_cur_report_definition").expect("a report");
        let provider = report.body().attributes().find(|attribute| attribute.key() == "provider").expect("one");
        assert_eq!(provider.expr().to_string(), "aws.reports");
    }
}

#[test]
fn the_command_that_finishes_the_job_has_the_account() {
    let read = Configuration::read(&subject(&[("prefix", "it's")]));
    let output = read.blocks("output").find(|block| block.labels()[0].as_str() == "finish_command").expect("an output");
    let command = read.attribute(output, "value");
    let command = command.as_str().expect("a text");
    assert!(command.contains("--bill-account-id 111122223333 --bucket flexera-optima-111122223333-12345"), "{command}");
    assert!(command.contains(r"--prefix 'it'\''s'"), "{command}");
}

#[test]
fn a_configuration_reads_like_this() {
    insta::assert_snapshot!(export(&subject(&[("tag", "team=fin ops"), ("tag", "cost-center=42")])));
}

proptest! {
    #[test]
    fn every_text_comes_back_as_it_was(text in "\\PC*|.*|[\"\\\\$%{}~\n]*") {
        let file = Body::default().set("x", literal(&text)).text();
        let read: Json = hcl::from_str(&file).expect("valid HCL");
        prop_assert_eq!(read["x"].as_str(), Some(text.as_str()));
    }
}
