//! What an AWS request can answer besides yes: the error's code, the service's words, and who denied it.

use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::denial::Denial;
use crate::error::{Error, Kind};
use crate::harmless;

/// A request to AWS that did not succeed.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The IAM action of the request, `s3:CreateBucket`.
    pub action: &'static str,
    /// The bucket, policy, role, … it was about.
    pub resource: String,
    /// The error's code as AWS spells it; a HEAD request's answer has none.
    pub code: Option<String>,
    /// The HTTP status, where there was an answer at all.
    pub status: Option<u16>,
    /// The service's own words.
    pub message: String,
}

const ASSUME_ROLE: &str = "sts:AssumeRole";

/// The answer of a request to AWS.
pub type Answer<T> = std::result::Result<T, Fault>;

/// The answer of an IAM deletion, for which what is gone already is as good as deleted now.
pub fn gone(answer: Answer<()>) -> Answer<()> {
    match answer {
        Err(fault) if fault.is("NoSuchEntity") => Ok(()),
        other => other,
    }
}

/// Codes by which AWS says that it does not know or does not let you.
const DENIED: [&str; 14] = [
    "AccessDenied",
    "AccessDeniedException",
    "AccessDeniedFault",
    "UnauthorizedOperation",
    "NotAuthorized",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "ExpiredToken",
    "ExpiredTokenException",
    "AuthFailure",
    "IncompleteSignature",
    "OptInRequired",
];

/// Codes by which AWS asks to come back later.
const PASSING: [&str; 7] = [
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "ServiceUnavailable",
    "ConcurrentModification",
    "EntityTemporarilyUnmodifiable",
];

impl Fault {
    /// Takes over what the SDK reports.
    pub fn of<E>(action: &'static str, resource: &str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let status = error.raw_response().map(|response| response.status().as_u16());
        // A coded answer may come without words (the report service does that); anything else is told in full.
        let words = match (error.message(), error.code()) {
            (Some(message), _) => message.to_owned(),
            (None, Some(_)) => String::new(),
            (None, None) => of_the_role_to_act_as(error).unwrap_or_else(|| chain(error)),
        };
        Self {
            action,
            resource: resource.to_owned(),
            code: error.code().map(harmless::sentence),
            status,
            message: harmless::sentence(&words),
        }
    }

    /// Whether AWS gave this code.
    pub fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }

    /// Whether AWS gave one of these codes.
    pub fn is_any(&self, codes: &[&str]) -> bool {
        self.code.as_deref().is_some_and(|code| codes.contains(&code))
    }

    /// Whether the caller is not known or not allowed.
    pub fn is_denied(&self) -> bool {
        self.is_any(&DENIED) || (self.code.is_none() && self.status == Some(403))
    }

    /// Whether it was a success that does not hold what the service promises.
    pub fn is_wrong_body(&self) -> bool {
        self.code.is_none() && self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether it is open what came of the request, or asking again in a while may help: no answer, one that says
    /// nothing, too many requests, another change under way.
    pub fn is_open(&self) -> bool {
        self.status.is_none_or(|status| status >= 500) || self.is_wrong_body() || self.is_any(&PASSING)
    }

    /// Whether the role to act as was refused, before the request itself could be signed.
    fn is_unassumable_role(&self) -> bool {
        self.status.is_none() && self.message.contains(ASSUME_ROLE)
    }

    /// Whether there were no credentials to sign with.
    fn is_without_credentials(&self) -> bool {
        self.status.is_none() && self.message.to_lowercase().contains("credential")
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        if fault.is_unassumable_role() {
            return Self::permission("AWS denied sts:AssumeRole on the role to act as").because(fault.message).remedy(
                "check --assume-role: its trust policy must let you in, and your own policies must allow sts:AssumeRole on it",
            );
        }
        if fault.is_without_credentials() {
            return Self::permission("no AWS credentials were found")
                .because(without_credentials(&fault.message))
                .remedy(
                    "aws sso login, aws login, or name a profile that has credentials; then run the same command again",
                )
                .link("https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html");
        }
        let Fault { action, resource, code, status, message } = &fault;
        let what = if resource.is_empty() { String::new() } else { format!(" on {resource}") };
        if fault.is_denied() {
            // AWS's words are nearer to the truth than ours: making a bucket with tags is denied as s3:TagResource.
            let denial = Denial::read(message);
            let action = denial.action.as_deref().unwrap_or(action);
            let what = denial.resource.as_ref().map_or(what, |resource| format!(" on {resource}"));
            let error = Self::permission(format!("AWS denied {action}{what}")).because(message.clone());
            let unknown = unknown_caller(code.as_deref());
            let command = denial.command().filter(|_| unknown.is_none());
            return error.remedy(unknown.unwrap_or_else(|| denial.remedy())).typing(command).link(ACCESS_DENIED);
        }
        if code.is_none() && status.is_none() {
            return Self::failed(format!("{action}{what} got no answer from AWS"))
                .because(message.clone())
                .remedy("check the network, the proxy and the endpoint, then run the same command again");
        }
        let name = code
            .clone()
            .or_else(|| status.map(|status| format!("HTTP {status}")))
            .unwrap_or_else(|| "no answer".to_owned());
        Self::new(Kind::Failed, format!("{action}{what} failed with {name}"))
            .because(message.clone())
            .remedy(failure_remedy(&fault))
    }
}

/// What helps where asking again alone would end the same way, and where it would not.
fn failure_remedy(fault: &Fault) -> &'static str {
    if fault.is_open() {
        return "run the same command again: it goes on where this one stopped";
    }
    match fault.code.as_deref() {
        None => "check --endpoint-url, AWS_ENDPOINT_URL and --region: what answers there is not this service of AWS",
        Some("InvalidSignatureException" | "AuthorizationHeaderMalformed") => {
            "check --region and AWS_REGION: it is not one of the partition that the credentials are of"
        }
        Some(_) => "put right what AWS says, then run the same command again: it goes on where this one stopped",
    }
}

/// Where the SDK looked, in our words, if it found nothing anywhere; else its own, as they may say what to mend.
fn without_credentials(said: &str) -> String {
    let nowhere = said.contains("no credentials found in chain")
        && said.contains("Environment: the credential provider was not enabled: environment variable not set")
        && said.contains("Profile: the credential provider was not enabled WebIdentityToken: ");
    // The last place, which is asked only where none before it has any.
    let of_the_machine = said.split_once("failed to load IMDS session token: ").map(|(_, why)| why);
    match (nowhere, of_the_machine) {
        (true, _) => {
            "neither the environment has any, nor the AWS CLI's files, a web identity, a container or an instance"
                .to_owned()
        }
        (false, Some(why)) => format!(
            "no place that is looked at before has any, and the metadata service of this machine, if it is an EC2 instance, gives none: {why}"
        ),
        (false, None) => said.to_owned(),
    }
}

/// What STS said of the role to act as, which stands deep in the error of the request that the role was for.
fn of_the_role_to_act_as(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let said = causes.filter_map(|error| error.downcast_ref::<AssumeRoleError>()?.message()).next()?;
    said.contains(ASSUME_ROLE).then(|| said.to_owned())
}

/// Every cause in a row, as the SDK's errors name only their outermost layer.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let said = error.to_string();
        if words.last() != Some(&said) {
            words.push(said);
        }
        next = error.source();
    }
    words.join(": ")
}

/// What AWS says about its denials.
const ACCESS_DENIED: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html";

/// What helps where it is not the rights: other credentials.
fn unknown_caller(code: Option<&str>) -> Option<String> {
    let remedy = match code? {
        "ExpiredToken" | "ExpiredTokenException" => {
            "the credentials have expired: sign in again (aws sso login, aws login), then run the same command again"
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" | "SignatureDoesNotMatch" | "InvalidAccessKeyId" => {
            "AWS does not know these credentials: check the profile and its keys with aws sts get-caller-identity, and \
             that --region is one of their partition"
        }
        _ => return None,
    };
    Some(remedy.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(code: &str, message: &str) -> Error {
        Fault {
            action: "iam:CreateRole",
            resource: "role X".into(),
            code: Some(code.into()),
            status: Some(403),
            message: message.into(),
        }
        .into()
    }

    #[test]
    fn a_denial_names_action_resource_and_layer() {
        for (message, layer) in [
            ("... with an explicit deny in a service control policy", "service control policy"),
            ("... because no permissions boundary allows the iam:CreateRole action", "permissions boundary"),
            ("... with an explicit deny in a resource-based policy", "resource's own policy"),
            ("... because no identity-based policy allows the iam:CreateRole action", "optima-onboard permissions"),
        ] {
            let error = denied("AccessDenied", message);
            assert_eq!((error.kind, error.message.as_str()), (Kind::Permission, "AWS denied iam:CreateRole on role X"));
            assert!(error.remedy.is_some_and(|remedy| remedy.contains(layer)), "{layer}");
        }
    }

    #[test]
    fn to_run_it_again_is_said_alone_only_where_that_can_help() {
        for (status, code, remedy) in [
            (503, None, "run the same command again"),
            (400, Some("ThrottlingException"), "run the same command again"),
            (200, None, "run the same command again"),
            (404, None, "check --endpoint-url"),
            (400, Some("InvalidSignatureException"), "check --region"),
            (409, Some("LimitExceeded"), "put right what AWS says"),
        ] {
            let fault = Fault {
                action: "iam:CreateRole",
                resource: String::new(),
                code: code.map(str::to_owned),
                status: Some(status),
                message: String::new(),
            };
            let said = Error::from(fault).remedy.expect("a remedy");
            assert!(said.starts_with(remedy), "{status} {code:?}: {said}");
        }
    }

    #[test]
    fn a_role_that_lets_nobody_in_is_not_a_lack_of_credentials() {
        let message =
            "an error occurred while loading credentials: User: x is not authorized to perform: sts:AssumeRole";
        let fault = Fault {
            action: "sts:GetCallerIdentity",
            resource: String::new(),
            code: None,
            status: None,
            message: message.into(),
        };
        let error = Error::from(fault);
        assert_eq!(error.kind, Kind::Permission);
        assert!(error.message.contains("sts:AssumeRole"), "{}", error.message);
    }

    #[test]
    fn without_credentials_the_sdk_s_layers_are_not_shown() {
        let said = "dispatch failure: other: an error occurred while loading credentials: failed to load IMDS session token: service error: IMDS is disabled";
        let told = without_credentials(said);
        assert!(told.ends_with("gives none: service error: IMDS is disabled") && !told.contains("dispatch"), "{told}");
        assert_eq!(without_credentials("the profile x: no key"), "the profile x: no key");
    }

    #[test]
    fn action_and_resource_are_those_of_the_answer() {
        let said = "User: arn:aws:iam::111122223333:user/a is not authorized to perform: iam:TagRole on resource: arn:aws:iam::111122223333:role/X because no identity-based policy allows the iam:TagRole action";
        assert_eq!(denied("AccessDenied", said).message, "AWS denied iam:TagRole on arn:aws:iam::111122223333:role/X");
        assert_eq!(denied("AccessDenied", "Access Denied").message, "AWS denied iam:CreateRole on role X");
    }
}
