//! What Flexera may do in the payer account. The actions are those of Flexera's own documents (`documents::permissions`
//! names them); what they answer: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use crate::explain::terms::{Holder, Permission};

const fn flexera(action: &'static str, step: &'static str, why: &'static str, without: &'static str) -> Permission {
    Permission { holder: Holder::Flexera, action, step, purposes: &[], why, without }
}

/// Reads only.
pub const PERMISSIONS: &[Permission] = &[
    flexera(
        "sts:AssumeRole",
        "role",
        "Flexera's principal becomes the role; it has to name the organization's external id, so that nobody else's organization gets in through Flexera",
        "Flexera does not get in: the bill connect fails its validation",
    ),
    flexera(
        "s3:ListBucket",
        "policy",
        "lists the report's files, on the billing bucket alone",
        "new files of the bill are not found: costs stay as they were",
    ),
    flexera(
        "s3:GetBucketLocation",
        "policy",
        "says in which region the billing bucket is, so that the right S3 is asked",
        "the bucket is looked for in the wrong region",
    ),
    flexera(
        "s3:GetObject",
        "policy",
        "reads the bill's files, on the billing bucket alone",
        "the files are seen and cannot be read: no costs",
    ),
    flexera(
        "organizations:Describe*",
        "policy",
        "reads the organization and the names of its accounts, so that costs have names instead of numbers",
        "costs stand under account numbers alone",
    ),
    flexera(
        "organizations:List*",
        "policy",
        "lists the organization's accounts and units, for the same",
        "accounts without a name, and none of the organization's structure",
    ),
    flexera(
        "ce:GetReservationUtilization",
        "policy",
        "reads how well reserved instances are used",
        "no report on the use of reservations; costs are still there",
    ),
    flexera(
        "ce:GetSavingsPlansUtilizationDetails",
        "policy (--policy-set cloud-cost)",
        "reads how well savings plans are used",
        "no report on the use of savings plans; costs are still there",
    ),
    flexera(
        "ce:GetReservationPurchaseRecommendation",
        "policy (--policy-set cloud-cost)",
        "reads which reservations AWS recommends to buy",
        "no such recommendations; costs are still there",
    ),
    flexera(
        "ce:GetSavingsPlansPurchaseRecommendation",
        "policy (--policy-set cloud-cost)",
        "reads which savings plans AWS recommends to buy",
        "no such recommendations; costs are still there",
    ),
    flexera(
        "kms:Decrypt",
        "policy (a bucket with SSE-KMS)",
        "decrypts the bill's files, with the bucket's own key and no other; only where the bucket encrypts with one",
        "the files are seen and cannot be read: no costs",
    ),
];
