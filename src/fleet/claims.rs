//! What two onboardings of one run may not both have: if one writes a resource, no other relies on it. Pure.

use std::collections::BTreeMap;

use crate::plan::Plan;
use crate::steps::Step;

/// Whose each resource is: the first in the file's order.
#[derive(Debug, Default)]
pub struct Claims(BTreeMap<Resource, Claim>);

type Resource = (String, Step, String);

#[derive(Clone, Copy, Debug)]
struct Claim {
    place: usize,
    writes: bool,
}

/// A resource that another has already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The resource's step.
    pub step: Step,
    /// Its name.
    pub resource: String,
    /// Who has it.
    pub with: usize,
}

impl Claims {
    /// Takes everything of this plan, or nothing of it: then somebody else has a part, and one of the two writes there.
    ///
    /// # Errors
    /// The first resource that both have.
    pub fn take(&mut self, place: usize, plan: &Plan) -> Result<(), Clash> {
        let claimed: Vec<(Resource, bool)> = plan
            .steps
            .iter()
            // A bucket's policy is where the bucket is.
            .filter(|planned| planned.step != Step::BucketPolicy)
            .map(|planned| (resource(plan, planned.step, &planned.resource), !planned.writes.is_empty()))
            .collect();
        for (resource, writes) in &claimed {
            if let Some(claim) = self.0.get(resource).filter(|claim| claim.writes || *writes) {
                return Err(Clash { step: resource.1, resource: resource.2.clone(), with: claim.place });
            }
        }
        for (resource, writes) in claimed {
            self.0.entry(resource).or_insert(Claim { place, writes }).writes |= writes;
        }
        Ok(())
    }
}

/// What is at Flexera is the organization's, a bucket's name the partition's, everything else the account's.
/// Source: docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, names are unique within a partition.
fn resource(plan: &Plan, step: Step, name: &str) -> Resource {
    let one = &plan.onboarding;
    match step {
        Step::BillConnect => (format!("{} {}", one.api, one.org_id), step, one.bill_connect_id()),
        Step::Bucket => (one.partition.to_string(), step, name.to_owned()),
        _ => (one.account_id.to_string(), step, name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Planned;
    use crate::steps::{policy, samples};

    fn plan(account: &str, org: &str, steps: Vec<Planned>) -> Plan {
        let mut onboarding = samples::onboarding(&[("org_id", org), ("bill_account_id", account)]);
        onboarding.account_id = crate::spec::names::Parse::parse(account).expect("twelve digits");
        Plan { aim: crate::plan::Aim::Onboard, onboarding, steps, warnings: vec![], by_hand: None }
    }

    fn writing(step: Step, name: &str) -> Planned {
        Planned::create(step, name, vec![], vec![policy::Write::Create.into()])
    }

    #[test]
    fn what_one_writes_no_other_has() {
        let mut claims = Claims::default();
        let first = plan("111111111111", "11", vec![writing(Step::Role, "R"), Planned::keep(Step::Policy, "P")]);
        assert_eq!(claims.take(0, &first), Ok(()));
        for steps in
            [vec![writing(Step::Role, "R")], vec![Planned::keep(Step::Role, "R")], vec![writing(Step::Policy, "P")]]
        {
            assert_eq!(claims.take(1, &plan("111111111111", "12", steps)).map_err(|clash| clash.with), Err(0));
        }
        assert_eq!(claims.take(2, &plan("111111111111", "12", vec![Planned::keep(Step::Policy, "P")])), Ok(()));
        assert_eq!(
            claims.take(3, &plan("222222222222", "11", vec![writing(Step::Role, "R")])),
            Ok(()),
            "another account"
        );
    }

    #[test]
    fn a_bill_connect_is_its_organization_s() {
        let mut claims = Claims::default();
        let connect = || vec![writing(Step::BillConnect, "aws-111111111111")];
        assert_eq!(claims.take(0, &plan("111111111111", "11", connect())), Ok(()));
        assert_eq!(claims.take(1, &plan("111111111111", "12", connect())), Ok(()), "another organization");
        assert!(claims.take(2, &plan("111111111111", "11", connect())).is_err());
    }

    #[test]
    fn a_bucket_s_name_is_taken_in_every_account() {
        let mut claims = Claims::default();
        let bucket = || vec![writing(Step::Bucket, "B")];
        assert_eq!(claims.take(0, &plan("111111111111", "11", bucket())), Ok(()));
        assert_eq!(claims.take(1, &plan("222222222222", "11", bucket())).map_err(|clash| clash.with), Err(0));
    }

    #[test]
    fn who_is_refused_holds_nothing() {
        let mut claims = Claims::default();
        assert_eq!(claims.take(0, &plan("111111111111", "11", vec![writing(Step::Role, "R")])), Ok(()));
        let both = vec![writing(Step::Bucket, "B"), writing(Step::Role, "R")];
        assert!(claims.take(1, &plan("111111111111", "12", both)).is_err());
        assert_eq!(claims.take(2, &plan("111111111111", "13", vec![writing(Step::Bucket, "B")])), Ok(()));
    }
}
