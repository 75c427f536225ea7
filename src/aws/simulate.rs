//! IAM's policy simulation: what a principal may do, asked without doing it.
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use crate::aws::Aws;
use crate::aws::fault::{Answer, Fault};

/// One simulated request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The action.
    pub action: String,
    /// The resource it was asked for.
    pub resource: String,
    /// Whether it is allowed.
    pub allowed: bool,
}

impl Aws {
    /// Which of `actions` the principal may do on `resource`.
    pub async fn simulate(&self, principal_arn: &str, actions: &[String], resource: &str) -> Answer<Vec<Verdict>> {
        simulate(&self.iam, principal_arn, actions, resource).await
    }

    /// The same, asked once: for advice, where an IAM that does not answer is not waited for.
    pub async fn simulate_once(&self, principal_arn: &str, actions: &[String], resource: &str) -> Answer<Vec<Verdict>> {
        simulate(&self.iam_once, principal_arn, actions, resource).await
    }
}

async fn simulate(
    client: &aws_sdk_iam::Client,
    principal_arn: &str,
    actions: &[String],
    resource: &str,
) -> Answer<Vec<Verdict>> {
    let request = client.simulate_principal_policy().policy_source_arn(principal_arn);
    let request = request.set_action_names(Some(actions.to_vec())).resource_arns(resource).max_items(1000);
    let answer = request.send().await.map_err(|e| Fault::of("iam:SimulatePrincipalPolicy", principal_arn, &e))?;
    let verdict = |result: aws_sdk_iam::types::EvaluationResult| Verdict {
        allowed: result.eval_decision.as_str() == "allowed",
        action: result.eval_action_name,
        resource: resource.to_owned(),
    };
    Ok(answer.evaluation_results.unwrap_or_default().into_iter().map(verdict).collect())
}
