//! The onboarding as a Terraform configuration, one file.
//! Arguments: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>

mod resources;

use crate::export::hcl::{Body, Value, expression, literal, quoted};
use crate::export::hole::{self, Hole};
use crate::export::next::next;
use crate::export::subject::{BUCKET_NAME, IAM_NAME, ORG_ID, Subject};

/// The file as `export terraform` writes it, as `terraform fmt` would leave it.
pub fn export(subject: &Subject) -> String {
    let mut file = head(subject).blank();
    file = file.block("terraform", requirements()).blank();
    for (head, body) in providers(subject).into_iter().chain(variables(subject)) {
        file = file.block(&head, body).blank();
    }
    file = file.block("data \"aws_caller_identity\" \"current\"", Body::default()).blank();
    file = file.block("locals", locals(subject)).blank();
    file = resources::all(subject).into_iter().fold(file, |file, resource| {
        let commented = resource.comment.iter().fold(file, |file, line| file.comment(line));
        commented.block(&resource.head, resource.body).blank()
    });
    let outputs = outputs(subject);
    let last = outputs.len() - 1;
    for (number, Output { name, what, value }) in outputs.into_iter().enumerate() {
        let body = Body::default().set("description", literal(what)).set("value", value);
        file = file.block(&format!("output \"{name}\""), body);
        file = if number == last { file } else { file.blank() };
    }
    file.text()
}

fn head(subject: &Subject) -> Body {
    let next = next(subject);
    let mut lines =
        vec!["Connects this account's billing data to Flexera Optima. Written by optima-onboard export.".to_owned()];
    lines.extend(subject.caution().map(|caution| format!("Caution: {caution}.")));
    lines.extend([
        String::new(),
        "Make all of it, with credentials of the account whose bill is connected:".to_owned(),
        "  terraform init && terraform apply".to_owned(),
        String::new(),
    ]);
    if subject.by_role() {
        lines.push(
            "Then register it with Flexera by the command that Terraform prints, which takes a Flexera token"
                .to_owned(),
        );
        lines.push("and no AWS credentials:".to_owned());
        lines.push("  terraform output -raw finish_command".to_owned());
    } else {
        lines.extend(next.what.iter().map(|line| (*line).to_owned()));
        lines.extend(next.commands.iter().map(|command| format!("  {}", in_words(subject, command))));
    }
    lines.push(String::new());
    lines.push(
        "optima-onboard apply adopts what this made, and leaves it to Terraform: nothing here has the tag".to_owned(),
    );
    lines.push("managed-by=optima-onboard, so destroy does not touch it.".to_owned());
    lines.iter().fold(Body::default(), |file, line| file.comment(line))
}

fn in_words(subject: &Subject, words: &str) -> String {
    let name = subject.access_name().to_owned();
    hole::fill(words, str::to_owned, |hole| if hole == Hole::AccessName { name.clone() } else { format!("{hole:?}") })
}

/// Wide enough for every provider that has these arguments: a report takes tags since version 5.60; 6 is the newest.
/// Source: <https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md>
fn requirements() -> Body {
    let aws = vec![("source".to_owned(), literal("hashicorp/aws")), ("version".to_owned(), literal(">= 5.60, < 7.0"))];
    Body::default()
        .set("required_version", literal(">= 1.3"))
        .blank()
        .block("required_providers", Body::default().set("aws", Value::Object(aws)))
}

fn providers(subject: &Subject) -> Vec<(String, Body)> {
    let here = Body::default().set("region", literal(subject.onboarding.bucket_region.as_str()));
    let mut all = vec![("provider \"aws\"".to_owned(), here)];
    if subject.makes_report() {
        let reports = Body::default()
            .comment("The report service is here alone, wherever the bucket is.")
            .set("alias", literal("reports"))
            .set("region", literal(subject.report_region()));
        all.push(("provider \"aws\"".to_owned(), reports));
    }
    all
}

fn variables(subject: &Subject) -> Vec<(String, Body)> {
    let one = &subject.onboarding;
    let mut all = vec![variable("org_id", subject.org_is(), one.org_id.as_str(), ORG_ID)];
    all.extend(subject.named_bucket().map(|bucket| variable("bucket_name", "Billing bucket", bucket, BUCKET_NAME)));
    all.push(variable("policy_name", "Managed policy", one.policy_name.as_str(), IAM_NAME));
    let name = if subject.by_role() { "role_name" } else { "user_name" };
    all.push(variable(name, subject.access_is(), subject.access_name(), IAM_NAME));
    all
}

fn variable(name: &str, what: &str, default: &str, pattern: &str) -> (String, Body) {
    let validation = Body::default()
        .set("condition", expression(&format!("can(regex(\"{pattern}\", var.{name}))")))
        .set("error_message", literal(&format!("The value of {name} has to match {pattern}.")));
    let body = Body::default()
        .set("type", expression("string"))
        .set("description", literal(what))
        .set("default", literal(default))
        .blank()
        .block("validation", validation);
    (format!("variable \"{name}\""), body)
}

/// The bucket's name by its own words where it was answered, else by account and organization.
fn locals(subject: &Subject) -> Body {
    let bucket = match subject.named_bucket() {
        Some(_) => expression("var.bucket_name"),
        None => filled(subject, &subject.default_bucket()),
    };
    Body::default()
        .set("account_id", expression("data.aws_caller_identity.current.account_id"))
        .set("bucket", bucket)
        .set(
            "tags",
            Value::Object(subject.tags_of_others().into_iter().map(|(k, v)| (k, filled(subject, &v))).collect()),
        )
}

/// A text with its holes as Terraform's references.
fn filled(subject: &Subject, words: &str) -> Value {
    quoted(words, open(subject))
}

fn open(subject: &Subject) -> impl Fn(Hole) -> &'static str {
    let access = if subject.by_role() { "var.role_name" } else { "var.user_name" };
    move |hole| match hole {
        Hole::Account => "local.account_id",
        Hole::Org => "var.org_id",
        Hole::Bucket => "local.bucket",
        Hole::PolicyName => "var.policy_name",
        Hole::AccessName => access,
    }
}

struct Output {
    name: &'static str,
    what: &'static str,
    value: Value,
}

fn outputs(subject: &Subject) -> Vec<Output> {
    let output = |name, what, value| Output { name, what, value };
    let access = if subject.by_role() {
        output("role_arn", subject.access_is(), expression("aws_iam_role.access.arn"))
    } else {
        output("user_arn", subject.access_is(), expression("aws_iam_user.access.arn"))
    };
    let mut all = vec![
        access,
        output("policy_arn", "What Flexera may read", expression("aws_iam_policy.access.arn")),
        output("bucket_name", "Billing bucket", expression("local.bucket")),
        output("bucket_path", "Path of the report in the bucket", literal(subject.onboarding.prefix.as_str())),
    ];
    if let (true, [command]) = (subject.by_role(), next(subject).commands.as_slice()) {
        all.push(output("finish_command", "Registers the role with Flexera", filled(subject, command)));
    }
    all
}

#[cfg(test)]
mod tests;
