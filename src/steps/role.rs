//! The role Flexera assumes: who is trusted with which external id, and the one policy it carries.

pub mod undo;

use serde::Serialize;

use crate::aws::roles::Role;
use crate::documents;
use crate::error::{Error, Result};
use crate::plan::{Change, Detail, Planned, Remedy};
use crate::spec::Onboarding;
use crate::spec::another_name::AnotherName;
use crate::spec::tags::{Owner, Tags};
use crate::steps::other_permissions::{self, Beside};
use crate::steps::{PLANS_ANEW, Step, World, attach, not_ours};

/// One write to the role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// Make it.
    Create,
    /// Replace its trust.
    SetTrust,
    /// Add these tags.
    Tag(Tags),
    /// Attach the policy.
    Attach,
}

impl Write {
    /// Whether it needs the policy to be there, and so waits for it.
    pub fn needs_policy(&self) -> bool {
        *self == Self::Attach
    }
}

/// IAM's role description, at most 1000 characters.
pub const DESCRIPTION: &str = "Lets Flexera read billing data. Made by optima-onboard.";

/// What is between the role found and the one wanted.
pub fn diff(onboarding: &Onboarding, found: Option<&Role>) -> Planned {
    let arn = onboarding.role_arn();
    let Some(role) = found else {
        let details = vec![
            Detail::new("trust", trust(onboarding)),
            Detail::new("attached_policy", onboarding.policy_arn()),
            Detail::new("tags", onboarding.all_tags().in_words()),
        ];
        return Planned::create(Step::Role, arn, details, vec![Write::Create.into(), Write::Attach.into()]);
    };
    let drift = drift(onboarding, role);
    let planned = match role.tags.owner(&onboarding.org_id) {
        Owner::Ours => repair(onboarding, role, drift),
        _ if drift.is_empty() => Planned::keep(Step::Role, arn).because("an existing role that is the same; adopted"),
        owner => {
            Planned::refuse(Step::Role, arn, not_ours::and_differs("role", &owner), Remedy::another(AnotherName::Role))
                .showing(drift.into_iter().map(|(detail, _)| detail).collect())
        }
    };
    let Role { boundary, attached, inline, .. } = role;
    let beside = Beside { what: "role", boundary: boundary.as_deref(), attached, inline };
    other_permissions::tell(planned, onboarding, &beside)
}

/// Carries out one write.
///
/// # Errors
/// What IAM answers, and a refusal when the name turns out to be taken by another role.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let name = onboarding.role_name.as_str();
    match write {
        Write::Create => create(world, onboarding).await,
        Write::SetTrust => Ok(world.aws.set_trust(name, &trust(onboarding)).await?),
        Write::Tag(tags) => Ok(world.aws.tag_role(name, tags).await?),
        Write::Attach => {
            attach::once_visible(world, async || world.aws.attach_to_role(name, &onboarding.policy_arn()).await).await
        }
    }
}

/// What differs, each with the write that mends it; a path cannot be mended.
fn drift(onboarding: &Onboarding, role: &Role) -> Vec<(Detail, Option<Write>)> {
    let mut found = Vec::new();
    if role.arn != onboarding.role_arn() {
        found.push((Detail::drift("arn", &role.arn, onboarding.role_arn()), None));
    }
    let actual = documents::decode(&role.trust);
    let same = actual.as_ref().is_ok_and(|actual| {
        documents::judge_trust(actual, &onboarding.trusted_principal, &onboarding.external_id).is_empty()
    });
    if !same {
        let shown = actual.map_or_else(|_| role.trust.clone(), |actual| actual.to_string());
        found.push((Detail::drift("trust", shown, trust(onboarding)), Some(Write::SetTrust)));
    }
    if !role.attached.contains(&onboarding.policy_arn()) {
        found.push((Detail::new("attached_policy", onboarding.policy_arn()), Some(Write::Attach)));
    }
    found
}

fn repair(onboarding: &Onboarding, role: &Role, drift: Vec<(Detail, Option<Write>)>) -> Planned {
    let arn = onboarding.role_arn();
    if let Some((detail, None)) = drift.iter().find(|(_, write)| write.is_none()) {
        return Planned::refuse(
            Step::Role,
            arn,
            "the role stands under another path, which IAM does not let be changed",
            Remedy::another(AnotherName::Role),
        )
        .showing(vec![detail.clone()]);
    }
    let (mut details, mut writes): (Vec<Detail>, Vec<_>) =
        drift.into_iter().filter_map(|(detail, write)| Some((detail, write?.into()))).unzip();
    let missing = onboarding.all_tags().missing_in(&role.tags);
    if !missing.is_empty() {
        details.push(Detail::new("tags", missing.in_words()));
        writes.push(Write::Tag(missing).into());
    }
    Planned::update(Step::Role, arn, details, writes)
}

async fn create(world: &World, onboarding: &Onboarding) -> Result<()> {
    let name = onboarding.role_name.as_str();
    let answer = world.aws.create_role(name, &trust(onboarding), DESCRIPTION, &onboarding.all_tags()).await;
    let Err(fault) = answer else { return Ok(()) };
    if fault.is("MalformedPolicyDocument") && fault.message.contains("principal") {
        return Err(Error::failed(format!("IAM knows no principal {}", onboarding.trusted_principal))
            .because(fault.message)
            .remedy("check --trusted-principal; Flexera's own is the default"));
    }
    if !fault.is("EntityAlreadyExists") {
        return Err(fault.into());
    }
    // Either the answer to our own request was lost, or somebody was faster: what is there decides, and the
    // policy may still have to be attached.
    let found = world.aws.role(name).await?;
    let planned = diff(onboarding, found.as_ref());
    let only_attach = planned.writes.iter().all(|write| *write == Write::Attach.into());
    match planned.change {
        Change::Keep => Ok(()),
        Change::Update if only_attach => Ok(()),
        _ => Err(Error::refused(format!("a role named {name} has appeared since the plan was made"))
            .because(fault.message)
            .remedy(PLANS_ANEW)),
    }
}

fn trust(onboarding: &Onboarding) -> String {
    documents::trust(&onboarding.trusted_principal, &onboarding.external_id).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{Write as Any, samples};

    fn right(onboarding: &Onboarding) -> Role {
        Role {
            arn: onboarding.role_arn(),
            trust: trust(onboarding),
            tags: onboarding.all_tags(),
            attached: vec![onboarding.policy_arn()],
            ..Role::default()
        }
    }

    #[test]
    fn a_role_is_made_kept_updated_or_refused() {
        let one = samples::onboarding(&[]);
        let ok = right(&one);
        let broken = ok.trust.replace("arn:aws:iam::451234325714:role/production_customer_access", "AROAEXAMPLEID");
        let whole = ok.trust.replace("role/production_customer_access", "root");
        let other_id = ok.trust.replace("12345\"", "54321\"");
        let cases = [
            ("absent", None, Change::Create, 2),
            ("ours", Some(ok.clone()), Change::Keep, 0),
            ("ours, trust broken to an id", Some(Role { trust: broken, ..ok.clone() }), Change::Update, 1),
            ("ours, whole account trusted", Some(Role { trust: whole, ..ok.clone() }), Change::Update, 1),
            ("ours, wrong external id", Some(Role { trust: other_id.clone(), ..ok.clone() }), Change::Update, 1),
            ("ours, not attached", Some(Role { attached: vec![], ..ok.clone() }), Change::Update, 1),
            (
                "ours, another path",
                Some(Role { arn: "arn:aws:iam::123456789012:role/x/FlexeraOptimaAccessRole".into(), ..ok.clone() }),
                Change::Refuse,
                0,
            ),
            ("foreign, the same", Some(Role { tags: Tags::default(), ..ok.clone() }), Change::Keep, 0),
            (
                "foreign, wrong external id",
                Some(Role { tags: Tags::default(), trust: other_id, ..ok.clone() }),
                Change::Refuse,
                0,
            ),
            ("foreign, not attached", Some(Role { tags: Tags::default(), attached: vec![], ..ok }), Change::Refuse, 0),
        ];
        for (name, role, change, writes) in cases {
            let planned = diff(&one, role.as_ref());
            assert_eq!((planned.change, planned.writes.len()), (change, writes), "{name}");
        }
    }

    #[test]
    fn what_else_flexera_would_get_is_said() {
        let one = samples::onboarding(&[]);
        let role = Role { boundary: Some("arn:b".into()), inline: vec!["Leftover".into()], ..right(&one) };
        let planned = diff(&one, Some(&role));
        assert_eq!((planned.change, planned.warnings.len()), (Change::Keep, 2));
        assert!(planned.warnings[1].contains("Leftover"));
    }

    #[test]
    fn a_new_role_is_made_before_the_policy_is_attached() {
        let planned = diff(&samples::onboarding(&[]), None);
        assert_eq!(planned.writes, [Any::Role(Write::Create), Any::Role(Write::Attach)]);
    }
}
