//! What whoever runs this program needs to make an onboarding and to look at it (`documents::operator`).

use crate::documents::Purpose;
use crate::explain::terms::{Holder, Permission};

const ALL: &[Purpose] = &[Purpose::Verify, Purpose::Apply, Purpose::Destroy, Purpose::DestroyWithBucket];
/// What a look alone has no use for.
const WRITING: &[Purpose] = &[Purpose::Apply, Purpose::Destroy, Purpose::DestroyWithBucket];
const APPLY: &[Purpose] = &[Purpose::Apply];
/// Not for a purpose but for one option.
const OPTION: &[Purpose] = &[];

macro_rules! operator {
    ($action:literal, $step:literal, $purposes:expr, $why:literal, $without:literal) => {
        Permission {
            holder: Holder::Operator,
            action: $action,
            step: $step,
            purposes: $purposes,
            why: $why,
            without: $without,
        }
    };
}
pub(super) use operator;

/// Step by step.
pub const PERMISSIONS: &[Permission] = &[
    operator!(
        "sts:GetCallerIdentity",
        "WhoAmI",
        ALL,
        "says which account this is; every name and ARN follows from it",
        "nothing: AWS tells everybody who they are, and the line is there for whoever reads the policy"
    ),
    operator!(
        "organizations:DescribeOrganization",
        "WhoAmI",
        ALL,
        "says whether the account is the payer, a member, or alone",
        "a member account is not recognized as one; the run says that it could not look"
    ),
    operator!(
        "s3:CreateBucket",
        "Bucket",
        APPLY,
        "makes the billing bucket",
        "only a bucket that is there already can be used (--bucket)"
    ),
    operator!(
        "s3:ListBucket",
        "Bucket",
        ALL,
        "says whether the bucket is there and whose it is",
        "the run stops: a bucket of somebody else could not be told from yours"
    ),
    operator!(
        "s3:GetBucketTagging",
        "Bucket",
        ALL,
        "reads the tag by which this program knows what it made",
        "the run stops: it cannot know whether the bucket is its own"
    ),
    operator!(
        "s3:PutBucketTagging",
        "Bucket",
        APPLY,
        "writes that tag, and yours (--tag)",
        "tags that are missing cannot be added"
    ),
    operator!(
        "s3:TagResource",
        "Bucket",
        APPLY,
        "makes the bucket with its tags in one request",
        "the bucket cannot be made"
    ),
    operator!(
        "s3:GetBucketPublicAccessBlock",
        "Bucket",
        ALL,
        "reads whether the bucket is closed to the public",
        "the run stops: it cannot say whether the bill would be public"
    ),
    operator!(
        "s3:PutBucketPublicAccessBlock",
        "Bucket",
        APPLY,
        "closes it",
        "a bucket that is open cannot be put right"
    ),
    operator!(
        "s3:GetBucketOwnershipControls",
        "Bucket",
        ALL,
        "reads who owns the files that AWS delivers",
        "the run stops: Flexera could read only files that this account owns"
    ),
    operator!(
        "s3:PutBucketOwnershipControls",
        "Bucket",
        APPLY,
        "gives the files to the bucket's owner",
        "a bucket with other owners' files cannot be put right"
    ),
    operator!(
        "s3:GetEncryptionConfiguration",
        "Bucket",
        ALL,
        "reads whether the bucket encrypts with a key of KMS, which Flexera then has to use",
        "the run stops: Flexera's policy might lack the key"
    ),
    operator!(
        "s3:GetBucketPolicy",
        "Bucket",
        ALL,
        "reads the bucket's policy, in which others may have statements",
        "the run stops: what it cannot read it does not overwrite"
    ),
    operator!(
        "s3:PutBucketPolicy",
        "Bucket",
        WRITING,
        "adds or takes away the two statements for AWS billing; all others stay, byte by byte",
        "AWS cannot deliver into the bucket"
    ),
    operator!(
        "cur:DescribeReportDefinitions",
        "ReportList",
        ALL,
        "lists the reports that are there",
        "the run stops: it could make a report twice"
    ),
    operator!(
        "cur:PutReportDefinition",
        "Report",
        APPLY,
        "makes the report",
        "only a report that is there already can be used (--reuse-report)"
    ),
    operator!(
        "cur:ModifyReportDefinition",
        "Report",
        APPLY,
        "puts a report right that this program made",
        "a report that differs cannot be put right"
    ),
    operator!(
        "cur:ListTagsForResource",
        "Report",
        ALL,
        "reads the tag by which this program knows what it made",
        "a report that is right is used as it is; one that differs stops the run"
    ),
    operator!(
        "cur:TagResource",
        "Report",
        APPLY,
        "makes the report with its tags",
        "the report cannot be made with its tag"
    ),
    operator!(
        "iam:GetPolicy",
        "Policy",
        ALL,
        "says whether the policy is there, and its tags",
        "the run stops: it could not know whether the policy is its own"
    ),
    operator!(
        "iam:GetPolicyVersion",
        "Policy",
        ALL,
        "reads what the policy says",
        "the run stops: what it cannot read it does not replace"
    ),
    operator!(
        "iam:ListPolicyVersions",
        "Policy",
        WRITING,
        "lists its versions, of which IAM keeps five",
        "the sixth version cannot be made, nor the policy be deleted"
    ),
    operator!("iam:CreatePolicy", "Policy", APPLY, "makes the policy", "Flexera gets no permissions"),
    operator!(
        "iam:CreatePolicyVersion",
        "Policy",
        APPLY,
        "puts a policy right that this program made",
        "a policy that differs cannot be put right"
    ),
    operator!(
        "iam:DeletePolicyVersion",
        "Policy",
        WRITING,
        "makes room for a sixth version; versions go before the policy",
        "the sixth version cannot be made, nor the policy be deleted"
    ),
    operator!(
        "iam:TagPolicy",
        "Policy",
        APPLY,
        "makes the policy with its tags",
        "the policy cannot be made with its tag"
    ),
    operator!(
        "iam:GetRole",
        "Role",
        ALL,
        "says whether the role is there, whom it trusts, and its tags",
        "the run stops: it could not know whether the role is its own"
    ),
    operator!("iam:CreateRole", "Role", APPLY, "makes the role", "Flexera does not get in"),
    operator!(
        "iam:UpdateAssumeRolePolicy",
        "Role",
        APPLY,
        "puts right whom a role of this program trusts",
        "a trust that differs cannot be put right"
    ),
    operator!("iam:TagRole", "Role", APPLY, "makes the role with its tags", "the role cannot be made with its tag"),
    operator!(
        "iam:ListAttachedRolePolicies",
        "Role",
        ALL,
        "reads which policies the role has",
        "the run stops: it cannot say what Flexera would be able to do"
    ),
    operator!(
        "iam:ListRolePolicies",
        "Role",
        ALL,
        "reads which policies stand in the role itself",
        "the run stops: it cannot say what Flexera would be able to do"
    ),
    operator!("iam:AttachRolePolicy", "Role", APPLY, "gives the role its policy", "Flexera gets in and may do nothing"),
    operator!(
        "iam:GetUser",
        "User",
        ALL,
        "says whether the user is there, and its tags",
        "the run stops: it could not know whether the user is its own"
    ),
    operator!("iam:CreateUser", "User", APPLY, "makes the user", "with --access user Flexera does not get in"),
    operator!(
        "iam:TagUser",
        "User",
        APPLY,
        "makes the user with its tags, and notes a key that is on its way",
        "the user cannot be made with its tag"
    ),
    operator!(
        "iam:ListAttachedUserPolicies",
        "User",
        ALL,
        "reads which policies the user has",
        "the run stops: it cannot say what Flexera would be able to do"
    ),
    operator!(
        "iam:ListUserPolicies",
        "User",
        ALL,
        "reads which policies stand in the user itself",
        "the run stops: it cannot say what Flexera would be able to do"
    ),
    operator!("iam:AttachUserPolicy", "User", APPLY, "gives the user its policy", "Flexera gets in and may do nothing"),
    operator!(
        "iam:ListAccessKeys",
        "User",
        ALL,
        "says whether the user has a key already, never the key itself",
        "the run stops: it could make one key too many"
    ),
    operator!(
        "iam:CreateAccessKey",
        "User",
        APPLY,
        "makes the key that Flexera gets",
        "with --access user Flexera does not get in"
    ),
    operator!(
        "iam:DeleteAccessKey",
        "User",
        WRITING,
        "deletes a key that could not be handed over; keys go before the user",
        "a key that nobody has would stay"
    ),
    operator!(
        "iam:SimulatePrincipalPolicy",
        "Preflight",
        ALL,
        "asks IAM, before the yes, which of all these you lack",
        "what is missing shows only when it is needed; nothing else changes"
    ),
    operator!(
        "sts:AssumeRole",
        "--assume-role",
        OPTION,
        "acts as a role in another account, on that role alone",
        "only the account of your own credentials can be onboarded"
    ),
    operator!(
        "cloudformation:DescribeStacks",
        "--from-stack",
        OPTION,
        "reads the outputs of a stack that export made",
        "account, role, bucket and prefix have to be given as flags"
    ),
    operator!(
        "enterprise_manager",
        "bill-connect",
        OPTION,
        "no permission of AWS but Flexera's role Manage organization: whoever the token belongs to needs it to see and make bill connects",
        "the onboarding API answers 403: all that AWS needs can be made, and somebody else registers it (bill-connect create)"
    ),
];
