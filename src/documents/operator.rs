//! What an operator of this program needs: one table of steps, actions and resources, from which come the policy to
//! hand to an administrator and the list that is asked for before a run.
//! Actions and resource types: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use serde_json::{Value, json};

use super::arn;
use crate::spec::names::{Partition, PolicyName, ReportName, RoleName, UserName};

/// What the operator will work on; a role or a user, whichever way Flexera gets in.
#[derive(Clone, Copy, Debug)]
pub struct OperatorScope<'a> {
    /// The partition of every ARN.
    pub partition: Partition,
    /// The payer account, or what stands for it where it is not known.
    pub account: &'a str,
    /// The billing bucket; its name too may hold what is not known.
    pub bucket: &'a str,
    /// The Cost and Usage Report.
    pub report_name: &'a ReportName,
    /// The policy for Flexera.
    pub policy_name: &'a PolicyName,
    /// The role for Flexera, if it gets in by a role.
    pub role_name: Option<&'a RoleName>,
    /// The user for Flexera, if it gets in by a user.
    pub user_name: Option<&'a UserName>,
    /// What for.
    pub purpose: Purpose,
}

/// What the operator is going to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// `plan`, `apply` and `verify`.
    #[default]
    Apply,
    /// `verify`, and `plan`: reads alone.
    Verify,
    /// `destroy`.
    Destroy,
    /// `destroy --delete-bucket`, with or without data in it.
    DestroyWithBucket,
}

impl Purpose {
    /// The word in `permissions --for` and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Verify => "verify",
            Self::Destroy => "destroy",
            Self::DestroyWithBucket => "destroy-with-bucket",
        }
    }

    /// The verb of the command that prints what is needed for it.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Apply => "permissions",
            Self::Verify => "permissions --for verify",
            Self::Destroy => "permissions --for destroy",
            Self::DestroyWithBucket => "permissions --for destroy-with-bucket",
        }
    }

    /// That command, without answers.
    pub fn command(self) -> String {
        format!("optima-onboard {}", self.verb())
    }
}

/// The least policy under which the purpose can be carried out for this scope, a statement a step.
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
    let OperatorScope { partition, account, bucket, report_name, policy_name, role_name, user_name, purpose } = *scope;
    let need = |sid, actions, resource| Need { sid, actions, resource };
    let steps = match purpose {
        Purpose::Apply => &APPLY,
        Purpose::Verify => &VERIFY,
        Purpose::Destroy | Purpose::DestroyWithBucket => &DESTROY,
    };
    let mut needs = vec![
        need("WhoAmI", WHO_AM_I, "*".to_owned()),
        need("Bucket", steps.bucket, arn::bucket(partition, &bucket)),
        need("ReportList", REPORT_LIST, "*".to_owned()),
        need("Report", steps.report, arn::report(partition, &account, report_name)),
        need("Policy", steps.policy, arn::policy(partition, &account, policy_name)),
    ];
    needs.extend(role_name.map(|name| need("Role", steps.role, arn::role(partition, &account, name))));
    needs.extend(user_name.map(|name| need("User", steps.user, arn::user(partition, &account, name))));
    if purpose == Purpose::DestroyWithBucket {
        needs.push(need("BucketDeletion", BUCKET_DELETION, arn::bucket(partition, &bucket)));
        needs.push(need("DataDeletion", DATA_DELETION, arn::objects(partition, &bucket)));
    }
    needs.push(need("Preflight", PREFLIGHT, "*".to_owned()));
    needs
}

/// The actions of each step for one purpose.
struct Steps {
    bucket: &'static [&'static str],
    report: &'static [&'static str],
    policy: &'static [&'static str],
    role: &'static [&'static str],
    user: &'static [&'static str],
}

const APPLY: Steps = Steps { bucket: BUCKET, report: REPORT, policy: POLICY, role: ROLE, user: USER };

/// What is read, and nothing that writes.
const VERIFY: Steps = Steps {
    bucket: &[
        "s3:ListBucket",
        "s3:GetBucketTagging",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketOwnershipControls",
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketPolicy",
    ],
    report: &["cur:ListTagsForResource"],
    policy: &["iam:GetPolicy", "iam:GetPolicyVersion"],
    role: &["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
    user: &["iam:GetUser", "iam:ListAttachedUserPolicies", "iam:ListUserPolicies", "iam:ListAccessKeys"],
};

/// What is read to know whose it is, and the removal.
const DESTROY: Steps = Steps {
    bucket: &[
        "s3:ListBucket",
        "s3:GetBucketTagging",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketOwnershipControls",
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:DeleteBucketPolicy",
    ],
    report: &["cur:ListTagsForResource", "cur:DeleteReportDefinition"],
    policy: &[
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:ListPolicyVersions",
        "iam:ListEntitiesForPolicy",
        "iam:DeletePolicyVersion",
        "iam:DeletePolicy",
    ],
    role: &[
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:DetachRolePolicy",
        "iam:DeleteRole",
    ],
    user: &[
        "iam:GetUser",
        "iam:ListAttachedUserPolicies",
        "iam:ListUserPolicies",
        "iam:ListAccessKeys",
        "iam:DeleteAccessKey",
        "iam:DetachUserPolicy",
        "iam:DeleteUser",
    ],
};

const BUCKET_DELETION: &[&str] = &["s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:DeleteBucket"];

const DATA_DELETION: &[&str] = &["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload"];

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
            account: "123456789012",
            bucket: "billing-1",
            report_name: &ReportName::parse("flexera").unwrap(),
            policy_name: &PolicyName::parse("FlexeraRead").unwrap(),
            role_name: by_role.then_some(&role),
            user_name: (!by_role).then_some(&user),
            purpose: Purpose::Apply,
        })
    }

    #[test]
    fn each_purpose_has_its_own_least_policy() {
        let actions = |purpose| {
            with_scope(true, |scope| operator_actions(&OperatorScope { purpose, ..*scope }))
                .into_iter()
                .map(|(action, _)| action)
                .collect::<Vec<_>>()
        };
        let deletes = |actions: &[String]| actions.iter().filter(|action| action.contains(":Delete")).count();
        let (apply, destroy) = (actions(Purpose::Apply), actions(Purpose::Destroy));
        let verify = actions(Purpose::Verify);
        let reads = ["Get", "List", "Describe", "Simulate"];
        let reads = |action: &&String| reads.iter().any(|verb| action.contains(&format!(":{verb}")));
        assert!(verify.iter().all(|action| reads(&action) && apply.contains(action)), "{verify:?}");
        assert_eq!(deletes(&apply), 1, "a policy's sixth version pushes one out: {apply:?}");
        assert!(destroy.iter().all(|action| !action.contains(":Create") && !action.contains(":Tag")), "{destroy:?}");
        assert!(!destroy.iter().any(|action| action.starts_with("s3:DeleteObject") || action == "s3:DeleteBucket"));
        assert!(actions(Purpose::DestroyWithBucket).contains(&"s3:DeleteObjectVersion".to_owned()));
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
