//! The resources of an onboarding, in the order in which a person would make them by hand.

use crate::explain::terms::Resource;

/// Every one of them.
pub const RESOURCES: &[Resource] = &[
    Resource {
        name: "bucket",
        what: "an S3 bucket, private, with the tag managed-by=optima-onboard if this program made it",
        why: "AWS billing writes the bill there, and Flexera reads it from there",
        command: "optima-onboard bucket",
        without: "there is no place for the bill: no report can be made",
    },
    Resource {
        name: "bucket-policy",
        what: "two statements in the bucket's policy, beside whatever others have in it",
        why: "AWS billing delivers only into a bucket that lets it, and only this account's reports get in",
        command: "optima-onboard bucket",
        without: "AWS refuses to make the report, or stops delivering without a word",
    },
    Resource {
        name: "report",
        what: "a Cost and Usage Report: the bill line by line, by the hour, with resource ids, as compressed CSV",
        why: "it is what Flexera reads; AWS brings it up to date several times a day",
        command: "optima-onboard report",
        without: "there is nothing to read: no costs in Flexera",
    },
    Resource {
        name: "policy",
        what: "a customer managed IAM policy with what Flexera may do, which is reading",
        why: "the role or user gets its permissions from it",
        command: "optima-onboard policy",
        without: "Flexera gets in and may do nothing",
    },
    Resource {
        name: "role",
        what: "an IAM role that only Flexera's principal can assume, and only with the organization's external id",
        why: "Flexera gets in by it, without any key that could be lost",
        command: "optima-onboard role",
        without: "Flexera does not get in: the bill connect fails its validation",
    },
    Resource {
        name: "user",
        what: "an IAM user with an access key, in the place of the role (--access user)",
        why: "for organizations that cannot use a role; the key is handed over once and kept nowhere",
        command: "optima-onboard user",
        without: "with --access user Flexera does not get in",
    },
    Resource {
        name: "bill-connect",
        what: "Flexera's record of the account: its number, the bucket, the path, and the role",
        why: "Flexera reads only bills that are registered with it",
        command: "optima-onboard bill-connect create",
        without: "AWS delivers, and nobody at Flexera looks",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::Step;

    #[test]
    fn every_step_has_its_resource_and_no_resource_is_without_its_step() {
        use Step::{BillConnect, Bucket, BucketPolicy, Policy, Report, Role, User};
        let steps = [Bucket, BucketPolicy, Report, Policy, Role, User, BillConnect].map(Step::word);
        assert_eq!(RESOURCES.iter().map(|resource| resource.name).collect::<Vec<_>>(), steps);
    }
}
