//! The table of everything a person can answer: one row is a flag, its environment variable and its key in the
//! onboarding file. Flags, variables, file and help are all made from it, so they cannot drift apart.

/// One answer, as it can be given.
#[derive(Debug)]
pub struct Field {
    /// The key in an onboarding file; the flag is the same with hyphens.
    pub key: &'static str,
    /// The flag as it is typed, `--bucket`.
    pub flag: &'static str,
    /// The environment variable, where there is one that this program reads itself.
    pub env: Option<&'static str>,
    /// What the help calls the value.
    pub value: &'static str,
    /// One line of help, without a full stop; the default stands in it.
    pub help: &'static str,
    /// The heading in the help under which it stands.
    pub heading: &'static str,
}

macro_rules! field {
    ($key:literal, $flag:literal, $env:expr, $value:literal, $heading:expr, $help:literal) => {
        Field { key: $key, flag: $flag, env: $env, value: $value, heading: $heading, help: $help }
    };
}

const FLEXERA: &str = "Flexera";
const BILLING: &str = "Bucket and report";
const IAM: &str = "Access for Flexera";
const AWS: &str = "AWS";

/// Every answer, in the order of the help.
pub const FIELDS: &[Field] = &[
    field!(
        "org_id",
        "--org-id",
        Some("OPTIMA_ORG_ID"),
        "ID",
        FLEXERA,
        "Flexera organization, digits as in https://app.flexera.com/orgs/<id>/"
    ),
    field!("api", "--api", Some("OPTIMA_API"), "API", FLEXERA, "Onboarding API: optima (default) or flexera-one"),
    field!(
        "zone",
        "--zone",
        Some("OPTIMA_ZONE"),
        "ZONE",
        FLEXERA,
        "nam (default), eu or apac; eu and apac exist only with --api flexera-one"
    ),
    field!(
        "api_url",
        "--api-url",
        Some("OPTIMA_API_URL"),
        "URL",
        FLEXERA,
        "Base address of the onboarding API [default: from --api and --zone]"
    ),
    field!(
        "login_url",
        "--login-url",
        Some("OPTIMA_LOGIN_URL"),
        "URL",
        FLEXERA,
        "Address of the token endpoint [default: from --zone]"
    ),
    field!(
        "access_token_file",
        "--access-token-file",
        None,
        "FILE",
        FLEXERA,
        "File with a bearer token, - for stdin [or OPTIMA_ACCESS_TOKEN]"
    ),
    field!(
        "refresh_token_file",
        "--refresh-token-file",
        None,
        "FILE",
        FLEXERA,
        "File with a refresh token, - for stdin [or OPTIMA_REFRESH_TOKEN, or OPTIMA_CLIENT_ID and OPTIMA_CLIENT_SECRET]"
    ),
    field!(
        "bill_account_id",
        "--bill-account-id",
        Some("OPTIMA_BILL_ACCOUNT_ID"),
        "ID",
        FLEXERA,
        "AWS account whose bill is connected [default: the caller's account]"
    ),
    field!(
        "effective_from",
        "--effective-from",
        Some("OPTIMA_EFFECTIVE_FROM"),
        "YYYY-MM",
        FLEXERA,
        "Earliest bill month to process (flexera-one)"
    ),
    field!(
        "bucket",
        "--bucket",
        Some("OPTIMA_BUCKET"),
        "NAME",
        BILLING,
        "Billing bucket: made if absent, adopted if it is yours [default: flexera-optima-<account>-<org>]"
    ),
    field!(
        "bucket_region",
        "--bucket-region",
        Some("OPTIMA_BUCKET_REGION"),
        "REGION",
        BILLING,
        "Region of the bucket [default: where it is, else the AWS region in use, else us-east-1]"
    ),
    field!(
        "prefix",
        "--prefix",
        Some("OPTIMA_PREFIX"),
        "PATH",
        BILLING,
        "Report path prefix in the bucket [default: billing]"
    ),
    field!(
        "report_name",
        "--report-name",
        Some("OPTIMA_REPORT_NAME"),
        "NAME",
        BILLING,
        "Cost and Usage Report [default: flexera-optima]"
    ),
    field!(
        "reuse_report",
        "--reuse-report",
        Some("OPTIMA_REUSE_REPORT"),
        "NAME",
        BILLING,
        "Take this existing report, its bucket and its prefix"
    ),
    field!(
        "access",
        "--access",
        Some("OPTIMA_ACCESS"),
        "KIND",
        IAM,
        "role (default), or user for an IAM user with an access key"
    ),
    field!(
        "policy_set",
        "--policy-set",
        Some("OPTIMA_POLICY_SET"),
        "SET",
        IAM,
        "Permissions Flexera gets: optima (default) or cloud-cost"
    ),
    field!(
        "policy_name",
        "--policy-name",
        Some("OPTIMA_POLICY_NAME"),
        "NAME",
        IAM,
        "Managed policy [default: FlexeraOptimaAccessPolicy]"
    ),
    field!(
        "role_name",
        "--role-name",
        Some("OPTIMA_ROLE_NAME"),
        "NAME",
        IAM,
        "Role [default: FlexeraOptimaAccessRole]"
    ),
    field!(
        "user_name",
        "--user-name",
        Some("OPTIMA_USER_NAME"),
        "NAME",
        IAM,
        "User, with --access user [default: FlexeraOptimaAccessUser]"
    ),
    field!(
        "external_id",
        "--external-id",
        Some("OPTIMA_EXTERNAL_ID"),
        "ID",
        IAM,
        "External id in the role's trust [default: the organization id]"
    ),
    field!(
        "trusted_principal",
        "--trusted-principal",
        Some("OPTIMA_TRUSTED_PRINCIPAL"),
        "ARN",
        IAM,
        "Whom the role trusts [default: Flexera's principal of the zone]"
    ),
    field!(
        "session_name",
        "--session-name",
        Some("OPTIMA_SESSION_NAME"),
        "NAME",
        IAM,
        "Role session name [default: flexera-finops with flexera-one, none with optima]"
    ),
    field!(
        "access_key_file",
        "--access-key-file",
        Some("OPTIMA_ACCESS_KEY_FILE"),
        "FILE",
        IAM,
        "With --access user --api optima: write the new access key to this file, readable by its owner only"
    ),
    field!("profile", "--profile", None, "NAME", AWS, "AWS profile [or AWS_PROFILE]"),
    field!("region", "--region", None, "REGION", AWS, "AWS region [or AWS_REGION]"),
    field!("endpoint_url", "--endpoint-url", None, "URL", AWS, "AWS endpoint, https or loopback [or AWS_ENDPOINT_URL]"),
    field!("assume_role", "--assume-role", Some("OPTIMA_ASSUME_ROLE"), "ARN", AWS, "Act as this role"),
];

/// Extra tags: the one answer that repeats, `--tag KEY=VALUE`, a table `tags` in a file.
pub const TAGS: &str = "tags";

/// Keys of an onboarding file alone: each names the environment variable that holds a credential.
pub const VARIABLE_KEYS: [&str; 4] = ["access_token_env", "refresh_token_env", "client_id_env", "client_secret_env"];

/// Every key that says whose credential for the onboarding API it is.
pub const CREDENTIAL_KEYS: [&str; 6] = [
    "access_token_env",
    "refresh_token_env",
    "client_id_env",
    "client_secret_env",
    "access_token_file",
    "refresh_token_file",
];

/// The row with this key.
pub fn field(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.key == key)
}
