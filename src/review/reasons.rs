//! What each permission is for: one table, in words that need no knowledge of AWS.

/// What an action that Flexera may do, or AWS billing, is for.
pub fn of_action(action: &str) -> &'static str {
    match action {
        "sts:AssumeRole" => "lets Flexera act as the role, for an hour at a time, and nothing else",
        "s3:ListBucket" => "finds the bill's files: their names, sizes and dates",
        "s3:GetBucketLocation" => "finds the bucket's region, to ask for the files there",
        "s3:GetObject" => "reads the bill's files",
        "organizations:Describe*" | "organizations:List*" => {
            "reads the organization's accounts, units and policies, so that costs carry names in place of numbers"
        }
        "ce:GetReservationUtilization" => "reads how much of the reservations that were bought is used",
        "ce:GetSavingsPlansUtilizationDetails" => "reads how much of the savings plans that were bought is used",
        "ce:GetReservationPurchaseRecommendation" => "reads which reservations AWS recommends; buys none",
        "ce:GetSavingsPlansPurchaseRecommendation" => "reads which savings plans AWS recommends; buys none",
        "kms:Decrypt" => "reads through the key that the bucket encrypts with; no other key",
        "s3:GetBucketAcl" | "s3:GetBucketPolicy" => "lets AWS billing check, before each delivery, whose bucket it is",
        "s3:PutObject" => "lets AWS billing put the bill's files into the bucket",
        _ => "has no reason in this program's table",
    }
}

/// What an operator's statement is for, by its name.
pub fn of_need(sid: &str) -> &'static str {
    match sid {
        "WhoAmI" => "finds out which account these credentials belong to, and whether it is the one that pays",
        "Bucket" => {
            "makes the bucket private, or looks at the one that is there, and merges two statements into its policy"
        }
        "ReportList" => "looks for Cost and Usage Reports that exist already",
        "Report" => "makes the report, and marks it with tags",
        "Policy" => "makes Flexera's policy; of its five versions the oldest makes room for a new one",
        "Role" => "makes Flexera's role, sets whom it trusts, and attaches the policy",
        "User" => "makes Flexera's user and its access key; a key that could not be registered is deleted again",
        "Preflight" => "asks before any change whether a permission is missing",
        _ => "has no reason in this program's table",
    }
}
