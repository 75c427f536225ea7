//! The checks on what Flexera gets in with: policy, trust or user, attachment, boundary, simulation.

use time::OffsetDateTime;

use crate::aws::simulate::Verdict;
use crate::aws::users::User;
use crate::documents::{self, TrustFault};
use crate::plan::{Change, Planned, Remedy};
use crate::spec::Onboarding;
use crate::spec::another_name::AnotherName;
use crate::spec::names::Access;
use crate::spec::tags::Owner;
use crate::steps::{Found, Step, policy};
use crate::verify::{Advice, Check};

/// All of them.
pub fn checks(onboarding: &Onboarding, found: &Found, simulation: &Result<Vec<Verdict>, String>) -> Vec<Check> {
    let mut checks = vec![document(policy::diff(onboarding, found.policy.as_ref()))];
    match onboarding.access {
        Access::Role => checks.extend(role(onboarding, found)),
        Access::User => checks.extend(user(onboarding, found)),
    }
    checks.push(simulated(simulation));
    checks
}

/// When the role or user was made, if it is ours: what else this onboarding made is no older.
pub fn onboarded(onboarding: &Onboarding, found: &Found) -> Option<OffsetDateTime> {
    let (tags, created) = match onboarding.access {
        Access::Role => found.role.as_ref().map(|role| (&role.tags, role.created))?,
        Access::User => found.bill_connect.user.as_ref().map(|user| (&user.tags, user.created))?,
    };
    created.filter(|_| tags.owner(&onboarding.org_id) == Owner::Ours)
}

fn document(planned: Planned) -> Check {
    let drifted = planned.details.iter().any(|detail| detail.field == "document");
    match planned.change {
        Change::Create => Check::fail("policy", "the policy is not there", Advice::Apply(planned.step)),
        Change::Keep => Check::pass("policy", "says what Flexera needs, and no more"),
        Change::Update if !drifted => Check::pass("policy", "says what Flexera needs, and no more"),
        Change::Update => Check::fail("policy", "the policy's document differs", Advice::Apply(planned.step)),
        // An onboarding removes nothing, so that this is a refusal.
        Change::Delete | Change::Refuse => {
            Check::fail("policy", planned.reason.clone().unwrap_or_default(), Advice::of(&planned))
        }
    }
}

fn role(onboarding: &Onboarding, found: &Found) -> Vec<Check> {
    let Some(role) = &found.role else {
        return vec![Check::fail(
            "role",
            format!("{} does not exist", onboarding.role_arn()),
            Advice::Apply(Step::Role),
        )];
    };
    vec![
        at_its_path(AnotherName::Role, &role.arn, &onboarding.role_arn()),
        trust(onboarding, &role.trust),
        attachment(Step::Role, role.attached.contains(&onboarding.policy_arn())),
        boundary(role.boundary.as_deref()),
    ]
}

fn trust(onboarding: &Onboarding, text: &str) -> Check {
    let Ok(document) = documents::decode(text) else {
        return Check::fail("trust", "the role's trust cannot be read as a policy document", Advice::Apply(Step::Role));
    };
    let faults = documents::judge_trust(&document, &onboarding.trusted_principal, &onboarding.external_id);
    if faults.is_empty() {
        let trusted = format!("{} with external id {}", onboarding.trusted_principal, onboarding.external_id);
        return match onboarding.stranger_in_place_of() {
            None => Check::pass("trust", trusted),
            Some(own) => Check::warn(
                "trust",
                format!("{trusted}, in place of Flexera's {own}; whoever that is gets in"),
                "unless that is meant, apply the same answers without --trusted-principal and its variable",
            ),
        };
    }
    let words: Vec<String> = faults.iter().map(ToString::to_string).collect();
    if faults.iter().all(|fault| matches!(fault, TrustFault::WholeAccount)) {
        return Check::warn("trust", words.join("; "), Advice::Apply(Step::Role));
    }
    Check::fail("trust", words.join("; "), Advice::Apply(Step::Role))
}

fn user(onboarding: &Onboarding, found: &Found) -> Vec<Check> {
    let Some(user) = &found.bill_connect.user else {
        return vec![Check::fail(
            "user",
            format!("{} does not exist", onboarding.user_arn()),
            Advice::Apply(Step::User),
        )];
    };
    let active = user.keys.iter().filter(|key| key.active).count();
    let key = match active {
        0 => Check::fail("access-key", "the user has no active access key", key_for(onboarding, user)),
        1 => Check::pass("access-key", "one is active"),
        _ => Check::warn(
            "access-key",
            format!("{active} are active; Flexera uses one"),
            "delete the one that AWS shows as unused",
        ),
    };
    vec![
        at_its_path(AnotherName::User, &user.arn, &onboarding.user_arn()),
        key,
        attachment(Step::User, user.attached.contains(&onboarding.policy_arn())),
        boundary(user.boundary.as_deref()),
    ]
}

/// What makes the key: where a person registers it, only who names a file for it gets one.
fn key_for(onboarding: &Onboarding, user: &User) -> Advice {
    let nobody_would = onboarding.is_registered_by_hand() && onboarding.access_key_file.is_none();
    match nobody_would && user.keys.is_empty() {
        true => Advice::Again(vec!["user --access-key-file flexera-access-key"]),
        false => Advice::Apply(Step::User),
    }
}

/// A role or user of that name under another path has another ARN than the bill connect carries.
fn at_its_path(name: AnotherName, arn: &str, wanted: &str) -> Check {
    let check = if name == AnotherName::Role { "role" } else { "user" };
    if arn == wanted {
        return Check::pass(check, arn);
    }
    Check::fail(check, format!("the name stands at {arn}, not at {wanted}"), Remedy::another(name).as_str())
}

fn attachment(step: Step, attached: bool) -> Check {
    let what = step.word();
    if attached {
        Check::pass("attachment", format!("the policy is attached to the {what}"))
    } else {
        Check::fail("attachment", format!("the policy is not attached to the {what}"), Advice::Apply(step))
    }
}

fn boundary(boundary: Option<&str>) -> Check {
    match boundary {
        None => Check::pass("permissions-boundary", "none"),
        Some(arn) => Check::warn(
            "permissions-boundary",
            format!("{arn} limits what Flexera may read"),
            "see the simulation's result; ask whoever set the boundary to let the policy's actions through",
        ),
    }
}

fn simulated(simulation: &Result<Vec<Verdict>, String>) -> Check {
    match simulation {
        Err(reason) => Check::skip("simulation", format!("IAM did not simulate: {reason}")),
        Ok(verdicts) if verdicts.is_empty() => Check::skip("simulation", "IAM gave no results"),
        Ok(verdicts) => {
            let denied: Vec<String> = verdicts
                .iter()
                .filter(|verdict| !verdict.allowed)
                .map(|verdict| format!("{} on {}", verdict.action, verdict.resource))
                .collect();
            if denied.is_empty() {
                return Check::pass("simulation", format!("IAM allows all {} actions Flexera uses", verdicts.len()));
            }
            Check::fail(
                "simulation",
                format!("IAM denies {}", denied.join(", ")),
                "mend what fails above; if nothing does, look for a permissions boundary or a Deny",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::samples;
    use crate::verify::Status;

    fn text(principal: &str, external_id: &str) -> String {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"sts:ExternalId":"{external_id}"}}}}}}]}}"#
        )
    }

    #[test]
    fn a_trust_is_right_wider_or_broken() {
        let one = samples::onboarding(&[]);
        let flexera = one.trusted_principal.as_str();
        for (principal, id, status) in [
            (flexera, "12345", Status::Pass),
            (flexera, "54321", Status::Fail),
            ("AROAEXAMPLEEXAMPLEID", "12345", Status::Fail),
            ("arn:aws:iam::451234325714:root", "12345", Status::Warn),
            ("arn:aws:iam::111122223333:root", "12345", Status::Fail),
        ] {
            assert_eq!(trust(&one, &text(principal, id)).status, status, "{principal} {id}");
        }
    }

    #[test]
    fn a_simulation_that_did_not_happen_is_no_pass() {
        assert_eq!(simulated(&Err("not allowed".into())).status, Status::Skip);
        assert_eq!(simulated(&Ok(vec![])).status, Status::Skip);
        let verdict = |allowed| Verdict { action: "s3:GetObject".into(), resource: "r".into(), allowed };
        assert_eq!(simulated(&Ok(vec![verdict(true), verdict(false)])).status, Status::Fail);
    }
}
