//! A denial taken from AWS's own words: which action, on what, and which kind of policy denied it.
//! The forms: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>

use crate::error::Command;

/// Which kind of policy said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// A service control policy of the organization.
    ServiceControl,
    /// A resource control policy of the organization.
    ResourceControl,
    /// The caller's permissions boundary.
    Boundary,
    /// The policy that a session was begun with.
    Session,
    /// The policy of a VPC endpoint on the way.
    Endpoint,
    /// S3 Block Public Access.
    PublicAccess,
    /// A role's trust policy.
    Trust,
    /// The resource's own policy.
    Resource,
    /// The caller's own policies.
    Identity,
    /// AWS does not say.
    Unsaid,
}

/// What AWS's words say about a denial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The action, where it is named.
    pub action: Option<String>,
    /// The resource, where it is named.
    pub resource: Option<String>,
    /// Which kind of policy.
    pub layer: Layer,
    /// Whether a Deny was found, rather than no Allow.
    pub explicit: bool,
    /// The policy's ARN, which newer answers give.
    pub policy: Option<String>,
}

/// How AWS calls each kind, most telling first: a longer name may hold a shorter one.
const NAMES: [(&str, Layer); 9] = [
    ("service control policy", Layer::ServiceControl),
    ("resource control policy", Layer::ResourceControl),
    ("permissions boundary", Layer::Boundary),
    ("session policy", Layer::Session),
    ("vpc endpoint policy", Layer::Endpoint),
    ("block public access", Layer::PublicAccess),
    ("role trust policy", Layer::Trust),
    ("resource-based policy", Layer::Resource),
    ("identity-based policy", Layer::Identity),
];

impl Denial {
    /// Reads an error's text.
    pub fn read(message: &str) -> Self {
        let text = message.to_lowercase();
        // Where two are named, as in "a resource-based policy … because no identity-based policy", the first decided.
        let named = NAMES.iter().filter_map(|(name, layer)| Some((text.find(name)?, *layer)));
        let layer = named.min_by_key(|(at, _)| *at).map_or(Layer::Unsaid, |(_, layer)| layer);
        Self {
            action: word_after(message, "is not authorized to perform: ").filter(|word| word.contains(':')),
            resource: word_after(message, " on resource: "),
            layer,
            explicit: text.contains("explicit deny"),
            policy: word_after(message, "policy: ")
                .or(word_after(message, "boundary: "))
                .filter(|word| word.starts_with("arn:")),
        }
    }

    /// Who can change it, and what to ask for.
    pub fn remedy(&self) -> String {
        let which = self.policy.as_ref().map(|arn| format!(" ({arn})")).unwrap_or_default();
        let does = if self.explicit { "denies it" } else { "does not allow it" };
        match self.layer {
            Layer::ServiceControl => format!("a service control policy of the organization{which} {does}: ask whoever administers AWS Organizations"),
            Layer::ResourceControl => format!("a resource control policy of the organization{which} {does}: ask whoever administers AWS Organizations"),
            Layer::Boundary => format!("your own permissions boundary{which} {does}: ask whoever set it, or use a role without one"),
            Layer::Session => format!("the session policy that your credentials were made with{which} {does}: sign in without one"),
            Layer::Endpoint => format!("the policy of a VPC endpoint on your way to AWS{which} {does}: run this from another network, or ask whoever keeps the endpoint"),
            Layer::PublicAccess => "S3 Block Public Access takes the bucket's policy for public, because of a statement that was there before: ask whoever wrote it, or choose another bucket with --bucket".to_owned(),
            Layer::Trust => format!("the role's trust policy{which} {does}: ask whoever keeps the role to trust you"),
            Layer::Resource => format!("the resource's own policy (of the bucket, key or role){which} {does}: read that policy, and ask whoever wrote it"),
            Layer::Identity if self.explicit => format!("a policy on your own user or role{which} denies it: ask whoever wrote it; no further permission helps against a Deny"),
            Layer::Identity | Layer::Unsaid => "optima-onboard permissions (for a removal: --for destroy) prints the policy an operator needs; attach it and run the same command again".to_owned(),
        }
    }

    /// What can be typed for the remedy.
    pub fn command(&self) -> Option<Command> {
        let lacks = matches!(self.layer, Layer::Identity | Layer::Unsaid) && !self.explicit;
        lacks.then_some(Command::Permissions)
    }
}

/// The word after `lead`, without the full stop of a sentence.
fn word_after(message: &str, lead: &str) -> Option<String> {
    let (_, rest) = message.split_once(lead)?;
    let word = rest.split_whitespace().next()?.trim_end_matches(['.', ',', ';']).trim_matches('"');
    (!word.is_empty()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "User: arn:aws:iam::777788889999:user/JohnDoe is not authorized to perform:";

    #[test]
    fn every_form_that_aws_documents() {
        let list = "codecommit:ListRepositories";
        for (words, layer, explicit) in [
            (
                "because no service control policy allows the codecommit:ListRepositories action",
                Layer::ServiceControl,
                false,
            ),
            ("with an explicit deny in a service control policy", Layer::ServiceControl, true),
            (
                "because no resource control policy allows the codecommit:ListRepositories action",
                Layer::ResourceControl,
                false,
            ),
            ("with an explicit deny in a resource control policy", Layer::ResourceControl, true),
            ("because no VPC endpoint policy allows the codecommit:ListRepositories action", Layer::Endpoint, false),
            ("with an explicit deny in a VPC endpoint policy", Layer::Endpoint, true),
            ("because no permissions boundary allows the codecommit:ListRepositories action", Layer::Boundary, false),
            ("with an explicit deny in a permissions boundary", Layer::Boundary, true),
            ("because no session policy allows the codecommit:ListRepositories action", Layer::Session, false),
            ("with an explicit deny in a session policy", Layer::Session, true),
            ("because no resource-based policy allows the codecommit:ListRepositories action", Layer::Resource, false),
            ("with an explicit deny in a resource-based policy", Layer::Resource, true),
            ("because no role trust policy allows the codecommit:ListRepositories action", Layer::Trust, false),
            ("with an explicit deny in the role trust policy", Layer::Trust, true),
            ("because no identity-based policy allows the codecommit:ListRepositories action", Layer::Identity, false),
            ("with an explicit deny in an identity-based policy", Layer::Identity, true),
            ("with an explicit deny", Layer::Unsaid, true),
            ("", Layer::Unsaid, false),
        ] {
            for resource in [None, Some("arn:aws:codecommit:us-east-1:777788889999:MyRepo")] {
                let on = resource.map(|arn| format!(" on resource: {arn}")).unwrap_or_default();
                let denial = Denial::read(&format!("{USER} {list}{on} {words}"));
                assert_eq!((denial.action.as_deref(), denial.resource.as_deref()), (Some(list), resource), "{words}");
                assert_eq!((denial.layer, denial.explicit, denial.policy.as_ref()), (layer, explicit, None), "{words}");
            }
        }
    }

    #[test]
    fn the_newer_form_names_the_policy() {
        for (kind, arn, layer) in [
            (
                "a service control policy",
                "arn:aws:organizations::777788889999:policy/o-exampleorgid/service_control_policy/p-examplepolicyid",
                Layer::ServiceControl,
            ),
            ("a permissions boundary", "arn:aws:iam::777788889999:policy/Boundary", Layer::Boundary),
            ("an identity-based policy", "arn:aws:iam::123456789012:policy/ExampleDenyPolicy", Layer::Identity),
        ] {
            let text = format!(
                "{USER} iam:CreateInstanceProfile on resource: arn:aws:iam::123456789012:instance-profile/p with an explicit deny in {kind}: {arn}. Go to https://us-east-1.console.aws.amazon.com/iam/home for details"
            );
            let denial = Denial::read(&text);
            assert_eq!((denial.layer, denial.policy.as_deref()), (layer, Some(arn)));
            assert!(denial.remedy().contains(arn), "{}", denial.remedy());
        }
    }

    #[test]
    fn forms_of_single_services() {
        let public = "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:PutBucketPolicy on resource: \"arn:aws:s3:::b\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.";
        assert_eq!(Denial::read(public).layer, Layer::PublicAccess);
        assert_eq!(Denial::read(public).resource.as_deref(), Some("arn:aws:s3:::b"));
        for plain in [
            "Access Denied",
            "",
            "You don't have permissions to access this resource.",
            "is not authorized to perform: nothing",
        ] {
            let denial = Denial::read(plain);
            assert_eq!((denial.layer, denial.action, denial.policy), (Layer::Unsaid, None, None), "{plain}");
        }
        assert!(Denial::read("Access Denied").remedy().contains("optima-onboard permissions"));
    }

    #[test]
    fn who_can_help_is_named_for_every_layer() {
        for (name, layer) in NAMES {
            let (implicit, explicit) = (
                Denial::read(&format!("because no {name} allows")),
                Denial::read(&format!("explicit deny in a {name}")),
            );
            assert_eq!((implicit.layer, explicit.layer), (layer, layer));
            assert!(
                implicit.remedy().contains("ask ") || implicit.remedy().contains("sign in") || layer == Layer::Identity
            );
        }
    }
}
