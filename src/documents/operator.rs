//! What an operator of this program needs: one table of steps, actions and resources, from which come the policy to
//! hand to an administrator and the list that is asked for before a run.
//! Actions and resource types: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use serde_json::{Value, json};

use super::arn;
use crate::spec::names::{AccountId, BucketName, Partition, PolicyName, ReportName, RoleName, UserName};

/// What the operator will work on; a role or a user, whichever way Flexera gets in.
#[derive(Clone, Copy, Debug)]
pub struct OperatorScope<'a> {
    /// The partition of every ARN.
    pub partition: Partition,
    /// The payer account.
    pub account: &'a AccountId,
    /// The billing bucket.
    pub bucket: &'a BucketName,
    /// The Cost and Usage Report.
    pub report_name: &'a ReportName,
    /// The policy for Flexera.
    pub policy_name: &'a PolicyName,
    /// The role for Flexera, if it gets in by a role.
    pub role_name: Option<&'a RoleName>,
    /// The user for Flexera, if it gets in by a user.
    pub user_name: Option<&'a UserName>,
}

/// The least policy under which `plan`, `apply` and `verify` work for this scope, a statement a step.
pub fn operator_policy(scope: &OperatorScope) -> Value {
    let statement =
        |need: Need| json!({ "Sid": need.sid, "Effect": "Allow", "Action": need.actions, "Resource": need.resource });
    let statements: Vec<Value> = needs(scope).into_iter().map(statement).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The same, as pairs of action and resource, for a simulation before a run.
pub fn operator_actions(scope: &OperatorScope) -> Vec<(String, String)> {
    let pairs = |need: Need| {
        let Need { actions, resource, .. } = need;
        actions.iter().map(move |action| ((*action).to_owned(), resource.clone())).collect::<Vec<_>>()
    };
    needs(scope).into_iter().flat_map(pairs).collect()
}

/// What one step does to one resource.
struct Need {
    sid: &'static str,
    actions: &'static [&'static str],
    resource: String,
}

fn needs(scope: &OperatorScope) -> Vec<Need> {
    let OperatorScope { partition, account, bucket, report_name, policy_name, role_name, user_name } = *scope;
    let need = |sid, actions, resource| Need { sid, actions, resource };
    let mut needs = vec![
        need("WhoAmI", WHO_AM_I, "*".to_owned()),
        need("Bucket", BUCKET, arn::bucket(partition, bucket)),
        need("ReportList", REPORT_LIST, "*".to_owned()),
        need("Report", REPORT, arn::report(partition, account, report_name)),
        need("Policy", POLICY, arn::policy(partition, account, policy_name)),
    ];
    needs.extend(role_name.map(|name| need("Role", ROLE, arn::role(partition, account, name))));
    needs.extend(user_name.map(|name| need("User", USER, arn::user(partition, account, name))));
    needs.push(need("Preflight", PREFLIGHT, "*".to_owned()));
    needs
}

/// Neither takes a resource.
const WHO_AM_I: &[&str] = &["sts:GetCallerIdentity", "organizations:DescribeOrganization"];

/// HeadBucket is `s3:ListBucket`; a bucket made with tags needs `s3:TagResource`
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html>).
const BUCKET: &[&str] = &[
    "s3:CreateBucket",
    "s3:ListBucket",
    "s3:GetBucketTagging",
    "s3:PutBucketTagging",
    "s3:TagResource",
    "s3:GetBucketPublicAccessBlock",
    "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketOwnershipControls",
    "s3:PutBucketOwnershipControls",
    "s3:GetEncryptionConfiguration",
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
];

/// Lists all reports or none: it takes no resource.
const REPORT_LIST: &[&str] = &["cur:DescribeReportDefinitions"];

const REPORT: &[&str] =
    &["cur:PutReportDefinition", "cur:ModifyReportDefinition", "cur:ListTagsForResource", "cur:TagResource"];

/// Of five versions a sixth pushes out one, hence the deletion.
const POLICY: &[&str] = &[
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:ListPolicyVersions",
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:DeletePolicyVersion",
    "iam:TagPolicy",
];

const ROLE: &[&str] = &[
    "iam:GetRole",
    "iam:CreateRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:TagRole",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:AttachRolePolicy",
];

/// A key that could not be registered is deleted again.
const USER: &[&str] = &[
    "iam:GetUser",
    "iam:CreateUser",
    "iam:TagUser",
    "iam:ListAttachedUserPolicies",
    "iam:ListUserPolicies",
    "iam:AttachUserPolicy",
    "iam:ListAccessKeys",
    "iam:CreateAccessKey",
    "iam:DeleteAccessKey",
];

/// Who will ask is not known when the policy is written, so that it cannot be scoped to them.
const PREFLIGHT: &[&str] = &["iam:SimulatePrincipalPolicy"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::names::Parse;

    fn with_scope<T>(by_role: bool, run: impl FnOnce(&OperatorScope) -> T) -> T {
        let (role, user) = (RoleName::parse("Flexera").unwrap(), UserName::parse("flexera").unwrap());
        run(&OperatorScope {
            partition: Partition::Aws,
            account: &AccountId::parse("123456789012").unwrap(),
            bucket: &BucketName::parse("billing-1").unwrap(),
            report_name: &ReportName::parse("flexera").unwrap(),
            policy_name: &PolicyName::parse("FlexeraRead").unwrap(),
            role_name: by_role.then_some(&role),
            user_name: (!by_role).then_some(&user),
        })
    }

    fn sids_and_resources(policy: &Value) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        policy["Statement"].as_array().unwrap().iter().map(|s| (text(&s["Sid"]), text(&s["Resource"]))).collect()
    }

    #[test]
    fn a_statement_a_step_each_on_its_own_resource() {
        let expected = [
            ("WhoAmI", "*"),
            ("Bucket", "arn:aws:s3:::billing-1"),
            ("ReportList", "*"),
            ("Report", "arn:aws:cur:us-east-1:123456789012:definition/flexera"),
            ("Policy", "arn:aws:iam::123456789012:policy/FlexeraRead"),
            ("Role", "arn:aws:iam::123456789012:role/Flexera"),
            ("Preflight", "*"),
        ];
        let found = sids_and_resources(&with_scope(true, operator_policy));
        assert_eq!(found, expected.map(|(sid, resource)| (sid.to_owned(), resource.to_owned())));
    }

    #[test]
    fn only_what_takes_no_resource_is_allowed_everywhere() {
        let everywhere: Vec<String> = with_scope(true, operator_actions)
            .into_iter()
            .filter_map(|(action, resource)| (resource == "*").then_some(action))
            .collect();
        assert_eq!(
            everywhere,
            [
                "sts:GetCallerIdentity",
                "organizations:DescribeOrganization",
                "cur:DescribeReportDefinitions",
                "iam:SimulatePrincipalPolicy"
            ]
        );
    }

    #[test]
    fn a_user_instead_of_a_role() {
        let actions = with_scope(false, operator_actions);
        let key = ("iam:CreateAccessKey".to_owned(), "arn:aws:iam::123456789012:user/flexera".to_owned());
        assert!(actions.contains(&key));
        assert!(actions.iter().all(|(action, _)| !action.contains("Role")), "{actions:?}");
    }

    #[test]
    fn policy_and_list_are_the_same_table() {
        for by_role in [true, false] {
            let policy = with_scope(by_role, operator_policy);
            let in_policy: usize =
                policy["Statement"].as_array().unwrap().iter().map(|s| s["Action"].as_array().unwrap().len()).sum();
            let pairs = with_scope(by_role, operator_actions);
            assert_eq!(in_policy, pairs.len());
            assert!(pairs.iter().all(|(action, _)| !action.contains('*')), "no action is a wildcard");
            assert!(policy.to_string().len() < 6144, "fits into a managed policy");
        }
    }
}
