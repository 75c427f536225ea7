//! The onboarding as a StackSet: the template of [`super::cloudformation`], and the commands that bring it to many
//! accounts. Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html>

use crate::export::cloudformation::{Part, Template, afterwards, what_it_is};
use crate::export::subject::Subject;
use crate::spec::unknown;

/// The template as `export stackset` writes it.
pub fn export(subject: &Subject, part: Part) -> Template {
    let mut head = what_it_is(subject, part);
    if subject.named_bucket().is_some() && subject.makes_report() {
        head.push(
            "Bucket names are unique among all of AWS: give every account its own BucketName below, or export"
                .to_owned(),
        );
        head.push("without --bucket, which names each after its account.".to_owned());
        head.push(String::new());
    }
    head.extend(commands(subject, part));
    head.push(String::new());
    head.extend(afterwards(subject, part));
    Template::new(subject, part, head)
}

/// One region only: IAM is the same in every region, and a second region would meet the first one's names; the report service
/// is in one alone.
fn commands(subject: &Subject, part: Part) -> Vec<String> {
    let (name, region, (file, capabilities)) = (part.stack_name(), part.region(subject), part.file());
    let org = &subject.onboarding.org_id;
    let why_one = match part {
        Part::Report => "the report service is there alone",
        Part::Whole | Part::WithoutReport => "IAM's names hold in all of them",
    };
    let lines = [
        "To accounts that you administer by role (AWSCloudFormationStackSetExecutionRole in each):".to_owned(),
        format!("  aws cloudformation create-stack-set --region {region} --stack-set-name {name} \\"),
        format!("    --template-body file://{file}{capabilities} \\"),
        format!("    --parameters ParameterKey=OrgId,ParameterValue={org}"),
        format!("  aws cloudformation create-stack-instances --region {region} --stack-set-name {name} \\"),
        format!("    --accounts {account} {account} --regions {region} \\", account = unknown::ACCOUNT),
        "    --operation-preferences FailureTolerancePercentage=10,MaxConcurrentPercentage=25".to_owned(),
        String::new(),
        format!("One region, and no other: {why_one}. Accounts of another Flexera organization come"),
        format!(
            "with their own create-stack-instances and --parameter-overrides ParameterKey=OrgId,ParameterValue={}.",
            unknown::ORG
        ),
        "To the accounts of an AWS Organization instead: create-stack-set with --permission-model SERVICE_MANAGED"
            .to_owned(),
        "--auto-deployment Enabled=false, and create-stack-instances with".to_owned(),
        "--deployment-targets OrganizationalUnitIds=OU_ID in place of --accounts. Each of them then connects its own"
            .to_owned(),
        "bill; the bill of the whole organization is the payer's, which no service-managed StackSet reaches."
            .to_owned(),
    ];
    lines.to_vec()
}
