//! The onboarding as a CloudFormation template: YAML with comments for a reviewer, or the same as JSON.
//! Resource types: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html>

mod resources;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::export::hole::{self, Hole};
use crate::export::next::next;
use crate::export::subject::{BUCKET_NAME, IAM_NAME, ORG_ID, Subject};
use crate::export::yaml::{self, Entry, Node, map, text};
use crate::spec::unknown;

/// Which resources stand in a template. CloudFormation makes a bucket only in the stack's own region and knows the
/// report's type only in the report service's region, so a bucket elsewhere takes two stacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything in one stack.
    Whole,
    /// Everything but the report, for the bucket's region.
    WithoutReport,
    /// The report alone, for the report service's region, once the other stack stands.
    Report,
}

/// One template.
#[derive(Clone, Debug)]
pub struct Template {
    root: Node,
    comment: Vec<String>,
}

impl Part {
    /// The part that `export` writes when no part is asked for.
    pub fn first(subject: &Subject) -> Self {
        let apart = subject.makes_report() && subject.onboarding.bucket_region.as_str() != subject.report_region();
        if apart { Self::WithoutReport } else { Self::Whole }
    }

    /// The report's own template.
    ///
    /// # Errors
    /// A usage error where the report stands in the one template, or is not made at all.
    pub fn report(subject: &Subject) -> Result<Self> {
        if Self::first(subject) == Self::WithoutReport {
            return Ok(Self::Report);
        }
        let why = if subject.makes_report() { "it stands in the one template" } else { "an existing one is reused" };
        Err(Error::usage("--report-only: the report has no template of its own here")
            .because(why)
            .remedy("leave --report-only out"))
    }

    /// The region in which this part is deployed.
    pub fn region(self, subject: &Subject) -> &str {
        match self {
            Self::Report => subject.report_region(),
            Self::Whole | Self::WithoutReport => subject.onboarding.bucket_region.as_str(),
        }
    }

    /// The stack's name in the commands that are shown.
    pub fn stack_name(self) -> &'static str {
        if self == Self::Report { "flexera-optima-report" } else { "flexera-optima" }
    }

    /// The template's file in them, and what CloudFormation wants to be told of what is in it.
    pub fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Report => ("report.yaml", ""),
            Self::Whole | Self::WithoutReport => ("template.yaml", " --capabilities CAPABILITY_NAMED_IAM"),
        }
    }

    fn makes_report(self, subject: &Subject) -> bool {
        subject.makes_report() && self != Self::WithoutReport
    }
}

impl Template {
    /// The template of one part; `deploying` is what its head says about how to run it.
    pub fn new(subject: &Subject, part: Part, deploying: Vec<String>) -> Self {
        let mut root = vec![
            Entry::new("AWSTemplateFormatVersion", text("2010-09-09")),
            Entry::new("Description", text(description(subject, part))),
            Entry::new("Parameters", Node::Map(parameters(subject, part))).apart(),
            Entry::new("Resources", Node::Map(resources::all(subject, part))).apart(),
        ];
        if part != Part::Report {
            root.push(Entry::new("Outputs", map(outputs(subject))).apart());
        }
        Self { root: Node::Map(root), comment: deploying }
    }

    /// With its comments.
    pub fn yaml(&self) -> String {
        yaml::yaml(&self.comment, &self.root)
    }

    /// Without its comments.
    pub fn json(&self) -> Value {
        yaml::as_json(&self.root)
    }
}

/// The template as `export cloudformation` writes it.
pub fn export(subject: &Subject, part: Part) -> Template {
    Template::new(subject, part, head(subject, part))
}

fn description(subject: &Subject, part: Part) -> String {
    match part {
        Part::Report => "Flexera Optima: the Cost and Usage Report. Written by optima-onboard.".to_owned(),
        _ if subject.by_role() => {
            "Flexera Optima: the billing data and the role that may read it. Written by optima-onboard.".to_owned()
        }
        _ => "Flexera Optima: the billing data and the user that may read it. Written by optima-onboard.".to_owned(),
    }
}

/// What the first lines say: how to deploy it, what comes after, and how it goes with this program.
fn head(subject: &Subject, part: Part) -> Vec<String> {
    let region = part.region(subject);
    let mut lines = what_it_is(subject, part);
    lines.push(format!("Deploy it in {region}, in the account whose bill is connected:"));
    lines.push(format!("  aws cloudformation deploy --region {region} --stack-name {} \\", part.stack_name()));
    let (file, capabilities) = part.file();
    lines.push(format!("    --template-file {file}{capabilities}"));
    lines.push(String::new());
    lines.extend(afterwards(subject, part));
    lines
}

/// What the template makes, and what is peculiar about its region.
pub fn what_it_is(subject: &Subject, part: Part) -> Vec<String> {
    let (bucket, report) = (subject.onboarding.bucket_region.as_str(), subject.report_region());
    let mut lines =
        vec!["Connects this account's billing data to Flexera Optima. Written by optima-onboard export.".to_owned()];
    if part != Part::Report {
        lines.extend(subject.caution().map(|caution| format!("Caution: {caution}.")));
    }
    match part {
        Part::Whole if subject.makes_report() => lines.push(format!(
            "The report service is in {report} alone, and so is AWS::CUR::ReportDefinition: this stack belongs there."
        )),
        Part::Whole => lines.push(format!(
            "The report {} and its bucket exist and are only read; IAM is the same in every region.",
            subject.onboarding.report_name
        )),
        Part::WithoutReport => {
            lines.push(format!("First of two stacks: everything but the report, in the bucket's region {bucket}."));
            lines.push(format!(
                "AWS::CUR::ReportDefinition exists in {report} alone. Its stack comes second: add --report-only."
            ));
        }
        Part::Report => lines
            .push(format!("Second of two stacks: the report alone, in {report}, once the stack in {bucket} stands.")),
    }
    lines.push(String::new());
    lines
}

/// What finishes the job, and whose the resources are.
pub fn afterwards(subject: &Subject, part: Part) -> Vec<String> {
    if part == Part::Report {
        return vec!["The head of the first stack's template says what comes after both.".to_owned()];
    }
    let next = next(subject);
    let mut lines: Vec<String> = next.what.iter().map(|line| (*line).to_owned()).collect();
    lines.extend(next.commands.iter().map(|command| format!("  {}", in_words(subject, command))));
    if subject.by_role() {
        lines.push("The stack's output FinishCommand is that command with the account filled in.".to_owned());
    }
    lines.push(String::new());
    lines.push(
        "optima-onboard apply adopts what this stack made, and leaves it to the stack: nothing here has the tag"
            .to_owned(),
    );
    lines.push(
        "managed-by=optima-onboard, so destroy does not touch it. Deleting the stack takes access and report back"
            .to_owned(),
    );
    lines.push("and keeps the bucket with the bills.".to_owned());
    lines
}

/// A text for a comment: what is open in words.
fn in_words(subject: &Subject, words: &str) -> String {
    let filled = |hole: Hole| match hole {
        Hole::Account => unknown::ACCOUNT.to_owned(),
        Hole::Org => subject.onboarding.org_id.to_string(),
        Hole::Bucket => {
            subject.named_bucket().map_or_else(|| in_words(subject, &subject.default_bucket()), str::to_owned)
        }
        Hole::PolicyName => subject.onboarding.policy_name.to_string(),
        Hole::AccessName => subject.access_name().to_owned(),
    };
    hole::fill(words, str::to_owned, filled)
}

fn parameters(subject: &Subject, part: Part) -> Vec<Entry> {
    let one = &subject.onboarding;
    let org_is = if part == Part::Report { "Flexera organization" } else { subject.org_is() };
    let mut all = vec![parameter("OrgId", one.org_id.as_str(), ORG_ID, org_is)];
    if let Some(bucket) = subject.named_bucket() {
        all.push(parameter("BucketName", bucket, BUCKET_NAME, "Billing bucket; unique among all of AWS"));
    }
    if part != Part::Report {
        all.push(parameter("PolicyName", one.policy_name.as_str(), IAM_NAME, "Managed policy"));
        all.push(parameter(access_parameter(subject), subject.access_name(), IAM_NAME, subject.access_is()));
    }
    all
}

fn parameter(name: &str, default: &str, pattern: &str, what: &str) -> Entry {
    let settings = [("Type", "String"), ("Default", default), ("AllowedPattern", pattern), ("Description", what)];
    Entry::new(name, map(settings.map(|(key, value)| (key, text(value)))))
}

fn access_parameter(subject: &Subject) -> &'static str {
    if subject.by_role() { "RoleName" } else { "UserName" }
}

/// A text whose holes are parameters and pseudo parameters: a `Ref` where it is one alone, else a `Sub`.
fn filled(subject: &Subject, words: &str) -> Node {
    if hole::none_in(words) {
        return text(words);
    }
    if let Some(name) = hole::alone(words).and_then(|hole| reference(subject, hole)) {
        return Node::Call("Ref", Box::new(text(name)));
    }
    // `${!x}` is how a Sub writes `${x}`.
    let literal = |words: &str| words.replace("${", "${!");
    let open = |hole: Hole| match reference(subject, hole) {
        Some(name) => format!("${{{name}}}"),
        None => hole::fill(&subject.default_bucket(), literal, |hole| {
            reference(subject, hole).map(|name| format!("${{{name}}}")).unwrap_or_default()
        }),
    };
    Node::Call("Sub", Box::new(text(hole::fill(words, literal, open))))
}

/// What a hole is in a template; the default bucket's name has none of its own.
fn reference(subject: &Subject, hole: Hole) -> Option<&'static str> {
    match hole {
        Hole::Account => Some("AWS::AccountId"),
        Hole::Org => Some("OrgId"),
        Hole::Bucket => subject.named_bucket().map(|_| "BucketName"),
        Hole::PolicyName => Some("PolicyName"),
        Hole::AccessName => Some(access_parameter(subject)),
    }
}

fn outputs(subject: &Subject) -> Vec<(&'static str, Node)> {
    let output = |what: &str, value: Node| map([("Description", text(what)), ("Value", value)]);
    let attribute = |path: &str| Node::Call("GetAtt", Box::new(text(path)));
    let mut all = vec![
        if subject.by_role() {
            ("RoleArn", output(subject.access_is(), attribute("AccessRole.Arn")))
        } else {
            ("UserArn", output(subject.access_is(), attribute("AccessUser.Arn")))
        },
        ("PolicyArn", output("What Flexera may read", Node::Call("Ref", Box::new(text("AccessPolicy"))))),
        ("BucketName", output("Billing bucket", filled(subject, &Hole::Bucket.to_string()))),
        ("BucketPath", output("Path of the report in the bucket", text(subject.onboarding.prefix.as_str()))),
    ];
    if let (true, [command]) = (subject.by_role(), next(subject).commands.as_slice()) {
        all.push(("FinishCommand", output("Registers the role with Flexera", filled(subject, command))));
    }
    all
}

#[cfg(test)]
mod tests;
