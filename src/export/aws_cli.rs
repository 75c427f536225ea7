//! The onboarding as a bash script for the AWS CLI. It makes what is missing, keeps what is there and says so, and
//! stops before it would write over anything.

use serde_json::{Value, json};

use crate::export::hole::{self, Hole};
use crate::export::next::next;
use crate::export::subject::Subject;
use crate::steps::{policy, role};

/// What the parts below call: how it speaks, stops, and knows what is there and whose it is.
const FUNCTIONS: &str = include_str!("aws_cli/functions.bash");

/// The script as `export aws-cli` writes it.
pub fn export(subject: &Subject) -> String {
    let mut parts = vec![head(subject), names(subject)];
    if subject.makes_report() {
        parts.extend([bucket(subject), bucket_policy(subject), report(subject)]);
    }
    parts.push(managed_policy(subject));
    parts.push(if subject.by_role() { role_of(subject) } else { user_of(subject) });
    parts.push(farewell(subject));
    parts.join("\n")
}

fn head(subject: &Subject) -> String {
    let (makes, region) = if subject.makes_report() {
        let report = format!("the report service is in {} alone", subject.report_region());
        ("the billing bucket, the Cost and Usage Report and Flexera's access to them", report)
    } else {
        ("Flexera's access to an existing report's bucket", "IAM is the same in every region".to_owned())
    };
    let caution = subject.caution().map(|caution| format!("# Caution: {caution}.\n")).unwrap_or_default();
    format!(
        r#"#!/usr/bin/env bash
# Connects this account's billing data to Flexera Optima. Written by optima-onboard export.
{caution}# Makes {makes};
# {region}.
# Needs the AWS CLI with credentials of the account whose bill is connected. What it made is kept and said, so it can
# be run again; what is somebody else's stops it. Its tag is managed-by=optima-onboard, as what optima-onboard makes.
{FUNCTIONS}"#
    )
}

/// Every value once, at the top.
fn names(subject: &Subject) -> String {
    let one = &subject.onboarding;
    let bucket = match subject.named_bucket() {
        Some(name) => quoted(name),
        None => in_double_quotes(&subject.default_bucket()),
    };
    let mut lines = vec![
        "# Version 1 of the AWS CLI asks for a region even where a service has none.".to_owned(),
        format!("export AWS_DEFAULT_REGION={}", quoted(subject.report_region())),
        "account=$(aws sts get-caller-identity --query Account --output text)".to_owned(),
        "say \"account: $account\"".to_owned(),
        format!("org_id={}", quoted(one.org_id.as_str())),
        format!("bucket={bucket}"),
    ];
    if subject.makes_report() {
        lines.push(format!("bucket_region={}", quoted(one.bucket_region.as_str())));
        lines.push(format!("report_name={}", quoted(one.report_name.as_str())));
        lines.push(format!("report_region={}", quoted(subject.report_region())));
    }
    lines.push(format!("policy_name={}", quoted(one.policy_name.as_str())));
    lines.push(format!("policy_arn={}", in_double_quotes(&subject.policy_arn())));
    lines.push(format!("access_name={}", quoted(subject.access_name())));
    lines.push(format!("tags={}", quoted(&tags(subject).to_string())));
    lines.join("\n") + "\n"
}

/// A bucket of another's is adopted as it is: nothing is set on it but, below, a policy where it has none.
fn bucket(subject: &Subject) -> String {
    // us-east-1 is the one region that must not be named: S3 answers InvalidLocationConstraint.
    let place = match subject.onboarding.bucket_region.as_str() {
        "us-east-1" => String::new(),
        _ => " \\\n    --create-bucket-configuration \"LocationConstraint=$bucket_region\"".to_owned(),
    };
    let tag_set = quoted(&json!({ "TagSet": tags(subject) }).to_string());
    format!(
        r#"# The bucket: private, without access control lists. S3 encrypts every new one with its own keys (SSE-S3).
s3() {{
  local verb=$1
  shift
  aws s3api "$verb" --region "$bucket_region" --bucket "$bucket" --expected-bucket-owner "$account" "$@"
}}
if there '(404)' s3 head-bucket; then
  say "bucket $bucket: there already"
else
  aws s3api create-bucket --region "$bucket_region" --bucket "$bucket" \
    --object-ownership BucketOwnerEnforced{place} >/dev/null
  s3 put-bucket-tagging --tagging {tag_set}
  say "bucket $bucket: made"
fi
if ours "$(s3 get-bucket-tagging --query 'TagSet[].[Key,Value]' --output text 2>/dev/null)"; then
  s3 put-public-access-block --public-access-block-configuration \
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
  s3 put-bucket-ownership-controls --ownership-controls 'Rules=[{{ObjectOwnership=BucketOwnerEnforced}}]'
fi
"#
    )
}

/// A policy that is there cannot be merged in a shell: it has to say the same already, by its statements' names.
fn bucket_policy(subject: &Subject) -> String {
    let document = here_document("bucket_policy", &subject.bucket_policy());
    let (check, delivery) = (crate::documents::delivery::CHECK_SID, crate::documents::delivery::DELIVERY_SID);
    format!(
        r#"# Its policy: AWS billing may check the bucket and deliver, for reports of this account only.
{document}
if there '(NoSuchBucketPolicy)' s3 get-bucket-policy; then
  existing=$(s3 get-bucket-policy --query Policy --output text)
  if [[ $existing != *{check}* || $existing != *{delivery}* ]]; then
    say "$bucket_policy"
    stop "$bucket has another policy, which stays as it is: add the two statements above to it, then run this again"
  fi
  say "bucket policy: there already"
else
  s3 put-bucket-policy --policy "$bucket_policy"
  say "bucket policy: made"
fi
"#
    )
}

/// AWS looks at the bucket's policy before it takes the report, and a new policy takes a moment to be seen.
fn report(subject: &Subject) -> String {
    let report = subject.report();
    let definition = json!({
        "ReportName": report.name,
        "TimeUnit": report.time_unit,
        "Format": report.format,
        "Compression": report.compression,
        "AdditionalSchemaElements": report.schema_elements,
        "S3Bucket": Hole::Bucket.to_string(),
        "S3Prefix": report.prefix,
        "S3Region": report.region,
        "RefreshClosedReports": report.refresh_closed,
        "ReportVersioning": report.versioning,
    });
    let document = here_document("report", &definition);
    format!(
        r#"# The Cost and Usage Report as Flexera reads it.
{document}
reports=$(aws cur describe-report-definitions --region "$report_region" \
  --query 'ReportDefinitions[].ReportName' --output text)
if tr '[:space:]' '\n' <<<"$reports" | grep -Fxq -e "$report_name"; then
  keep "report $report_name" "$(aws cur list-tags-for-resource --region "$report_region" \
    --report-name="$report_name" --query 'Tags[].[Key,Value]' --output text)"
else
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    if answer=$(aws cur put-report-definition --region "$report_region" \
      --report-definition "$report" --tags "$tags" 2>&1); then
      say "report $report_name: made"
      break
    fi
    [[ $answer == *'verify customer bucket permission'* && $attempt -lt 10 ]] || stop "$answer"
    sleep 6
  done
fi
"#
    )
}

fn managed_policy(subject: &Subject) -> String {
    let document = here_document("permissions", &subject.permissions());
    format!(
        r#"# What Flexera may read.
{document}
if there '(NoSuchEntity)' aws iam get-policy --policy-arn="$policy_arn"; then
  keep "policy $policy_name" \
    "$(aws iam list-policy-tags --policy-arn="$policy_arn" --query 'Tags[].[Key,Value]' --output text)"
else
  aws iam create-policy --policy-name="$policy_name" --policy-document "$permissions" --tags "$tags" \
    --description {description} >/dev/null
  aws iam wait policy-exists --policy-arn="$policy_arn"
  say "policy $policy_name: made"
fi
"#,
        description = quoted(policy::DESCRIPTION),
    )
}

fn role_of(subject: &Subject) -> String {
    let document = here_document("trust", &subject.trust());
    let who: String = subject.who_gets_in().iter().map(|line| format!("# {line}\n")).collect();
    format!(
        r#"# The role.
{who}{document}
if there '(NoSuchEntity)' aws iam get-role --role-name="$access_name"; then
  keep "role $access_name" \
    "$(aws iam list-role-tags --role-name="$access_name" --query 'Tags[].[Key,Value]' --output text)"
else
  aws iam create-role --role-name="$access_name" --assume-role-policy-document "$trust" --tags "$tags" \
    --description {description} >/dev/null
  aws iam wait role-exists --role-name="$access_name"
  say "role $access_name: made"
fi
aws iam attach-role-policy --role-name="$access_name" --policy-arn="$policy_arn"
"#,
        description = quoted(role::DESCRIPTION),
    )
}

fn user_of(_: &Subject) -> String {
    r#"# The user, without an access key: its secret part is nothing for a script's output.
if there '(NoSuchEntity)' aws iam get-user --user-name="$access_name"; then
  keep "user $access_name" \
    "$(aws iam list-user-tags --user-name="$access_name" --query 'Tags[].[Key,Value]' --output text)"
else
  aws iam create-user --user-name="$access_name" --tags "$tags" >/dev/null
  aws iam wait user-exists --user-name="$access_name"
  say "user $access_name: made"
fi
aws iam attach-user-policy --user-name="$access_name" --policy-arn="$policy_arn"
"#
    .to_owned()
}

/// What finishes the job, with the account filled in.
fn farewell(subject: &Subject) -> String {
    let next = next(subject);
    let commands: Vec<String> = next.commands.iter().map(|command| in_here_document(command)).collect();
    format!("cat <<TEXT\n{}\n{}\nTEXT\n", in_here_document(&next.what.join("\n")), commands.join("\n"))
}

/// As the AWS CLI takes them where a text with `=` or a space must not be taken apart.
fn tags(subject: &Subject) -> Value {
    subject.tags_of_ours().into_iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

/// A variable that holds a document.
fn here_document(variable: &str, document: &Value) -> String {
    format!("{variable}=$(\n  cat <<JSON\n{}\nJSON\n)", in_here_document(&format!("{document:#}")))
}

/// A word that the shell takes as it is.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn in_double_quotes(text: &str) -> String {
    format!("\"{}\"", hole::fill(text, |text| escaped(text, "\\$`\""), variable))
}

/// Within a here document that fills in variables, quotes mean nothing.
fn in_here_document(text: &str) -> String {
    hole::fill(text, |text| escaped(text, "\\$`"), variable)
}

fn escaped(text: &str, special: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if special.contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn variable(hole: Hole) -> String {
    match hole {
        Hole::Account => "${account}",
        Hole::Org => "${org_id}",
        Hole::Bucket => "${bucket}",
        Hole::PolicyName => "${policy_name}",
        Hole::AccessName => "${access_name}",
    }
    .to_owned()
}

#[cfg(test)]
mod tests;
