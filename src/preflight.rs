//! Before any change: which of the operator's needed permissions are missing, if IAM's simulation answers.

use std::collections::BTreeMap;
use std::pin::pin;
use std::time::Duration;

use crate::aws::Aws;
use crate::aws::identity::Caller;
use crate::documents::{OperatorScope, Purpose, operator_actions};
use crate::spec::Onboarding;
use crate::spec::names::Access;

/// What IAM's simulation says of the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// Everything needed is allowed.
    Allowed,
    /// These are not, as `action on resource`.
    Missing(Vec<String>),
    /// It was not asked or did not answer; the reason.
    Unknown(String),
}

impl Preflight {
    /// What the person should read before the yes.
    pub fn warning(&self, purpose: Purpose) -> Option<String> {
        match self {
            Self::Missing(missing) => Some(format!(
                "IAM's simulation says you may lack {}; {} prints what is needed",
                missing.join(", "),
                purpose.command()
            )),
            Self::Allowed | Self::Unknown(_) => None,
        }
    }
}

/// What an operator of this onboarding needs permissions for. Removing looks for role and user both: a person may have gone
/// from one to the other.
pub fn operator_scope(onboarding: &Onboarding, purpose: Purpose) -> OperatorScope<'_> {
    let removes = matches!(purpose, Purpose::Destroy | Purpose::DestroyWithBucket);
    let uses = |access: Access| removes || onboarding.access == access;
    OperatorScope {
        partition: onboarding.partition,
        account: onboarding.account_id.as_str(),
        bucket: onboarding.bucket.as_str(),
        report_name: &onboarding.report_name,
        policy_name: &onboarding.policy_name,
        role_name: uses(Access::Role).then_some(&onboarding.role_name),
        user_name: uses(Access::User).then_some(&onboarding.user_name),
        purpose,
    }
}

/// How much longer than the reads beside it advice may take before a run goes on without it.
const GRACE: Duration = Duration::from_secs(2);

/// Waits for `reads`, and for the advice beside them, but not much longer: nothing depends on advice.
pub async fn beside<T>(reads: impl Future<Output = T>, advice: impl Future<Output = Preflight>) -> (T, Preflight) {
    let (mut reads, mut advice) = (pin!(reads), pin!(advice));
    tokio::select! {
        found = &mut reads => {
            let late = |_| Preflight::Unknown("IAM's simulation took too long".to_owned());
            (found, tokio::time::timeout(GRACE, advice).await.unwrap_or_else(late))
        }
        said = &mut advice => (reads.await, said),
    }
}

/// Asks IAM, one question for each resource, all at once.
pub async fn ask(aws: &Aws, caller: &Caller, onboarding: &Onboarding, purpose: Purpose) -> Preflight {
    let scope = operator_scope(onboarding, purpose);
    match simulated_principal(&caller.arn) {
        Principal::Known(arn) => simulate(aws, &arn, &scope).await,
        Principal::RoleNamed(name) => ask_for_role(aws, caller, &name, &scope).await,
        Principal::Root => Preflight::Allowed,
        Principal::Other => Preflight::Unknown(format!("IAM does not simulate {}", caller.arn)),
    }
}

/// Only IAM tells a role's path, and most have none: the simulation is asked for beside it on that guess, and once more
/// where the guess was wrong. Roles of IAM Identity Center always have one, so that nothing is guessed for them.
async fn ask_for_role(aws: &Aws, caller: &Caller, name: &str, scope: &OperatorScope<'_>) -> Preflight {
    let plain = format!("arn:{}:iam::{}:role/{name}", caller.partition, caller.account);
    let guess =
        async { if name.starts_with("AWSReservedSSO_") { None } else { Some(simulate(aws, &plain, scope).await) } };
    let (found, guess) = tokio::join!(Box::pin(aws.role_arn(name)), guess);
    match (found, guess) {
        (Ok(arn), Some(guess)) if arn == plain => guess,
        (Ok(arn), _) => simulate(aws, &arn, scope).await,
        (Err(_), Some(guess)) => guess,
        (Err(fault), None) => Preflight::Unknown(fault.message),
    }
}

async fn simulate(aws: &Aws, principal: &str, scope: &OperatorScope<'_>) -> Preflight {
    let mut by_resource: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (action, resource) in operator_actions(scope) {
        by_resource.entry(resource).or_default().push(action);
    }
    let mut asked = tokio::task::JoinSet::new();
    for (resource, actions) in by_resource {
        let (aws, principal) = (aws.clone(), principal.to_owned());
        asked.spawn(async move { aws.simulate_once(&principal, &actions, &resource).await });
    }
    let mut missing = Vec::new();
    for answer in asked.join_all().await {
        match answer {
            Ok(verdicts) => missing.extend(
                verdicts
                    .into_iter()
                    .filter(|verdict| !verdict.allowed)
                    .map(|verdict| format!("{} on {}", verdict.action, verdict.resource)),
            ),
            Err(fault) => return Preflight::Unknown(fault.message),
        }
    }
    missing.sort();
    if missing.is_empty() { Preflight::Allowed } else { Preflight::Missing(missing) }
}

/// Whom IAM can simulate.
#[derive(Debug, PartialEq, Eq)]
enum Principal {
    /// By this ARN.
    Known(String),
    /// By the ARN of the role of this name: a session's own ARN lacks the role's path.
    RoleNamed(String),
    /// The account's root, who may do everything.
    Root,
    /// Nobody that IAM simulates.
    Other,
}

fn simulated_principal(arn: &str) -> Principal {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, service, _, _, resource] = parts[..] else { return Principal::Other };
    match (service, resource.split('/').collect::<Vec<_>>().as_slice()) {
        ("iam", ["root"]) => Principal::Root,
        ("iam", ["user", ..]) => Principal::Known(arn.to_owned()),
        ("sts", ["assumed-role", role, ..]) => Principal::RoleNamed((*role).to_owned()),
        _ => Principal::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_simulated_as_their_role() {
        for (arn, expected) in [
            (
                "arn:aws:iam::123456789012:user/ops/anna",
                Principal::Known("arn:aws:iam::123456789012:user/ops/anna".into()),
            ),
            ("arn:aws:sts::123456789012:assumed-role/Admin/anna", Principal::RoleNamed("Admin".into())),
            ("arn:aws:iam::123456789012:root", Principal::Root),
            ("arn:aws:sts::123456789012:federated-user/x", Principal::Other),
        ] {
            assert_eq!(simulated_principal(arn), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn advice_is_taken_when_it_comes_and_never_waited_for_long() {
        let after = async |seconds: u64, said: Preflight| {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            said
        };
        let reads = async || {
            tokio::time::sleep(Duration::from_secs(5)).await;
            "found"
        };
        let start = tokio::time::Instant::now();
        let early = beside(reads(), after(1, Preflight::Allowed)).await;
        assert_eq!((early, start.elapsed().as_secs()), (("found", Preflight::Allowed), 5));
        let late = beside(reads(), after(6, Preflight::Allowed)).await;
        assert_eq!((late, start.elapsed().as_secs()), (("found", Preflight::Allowed), 11));
        let (found, never) = beside(reads(), std::future::pending()).await;
        assert!(found == "found" && matches!(never, Preflight::Unknown(_)), "{never:?}");
        assert_eq!(start.elapsed().as_secs(), 18);
    }
}
