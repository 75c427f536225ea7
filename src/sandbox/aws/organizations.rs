//! Organizations: the one question whether the sandbox's account pays for itself.

use serde_json::json;

use super::refusal::Refusal;
use crate::sandbox::AccountKind;
use crate::sandbox::account::Account;
use crate::sandbox::message::Answer;

/// The payer, when the sandbox's account is a member.
pub const OTHER_PAYER: &str = "444455556666";

/// Carries out one action.
pub fn answer(account: &Account, kind: AccountKind, action: &str) -> Result<Answer, Refusal> {
    if action != "DescribeOrganization" {
        return Err(Refusal::new(
            400,
            "UnknownOperationException",
            format!("The sandbox does not know organizations:{action}"),
        ));
    }
    let payer = match kind {
        AccountKind::Payer => account.id(),
        AccountKind::Member => OTHER_PAYER,
        AccountKind::Standalone => {
            return Err(Refusal::new(
                400,
                "AWSOrganizationsNotInUseException",
                "Your account is not a member of an organization.",
            ));
        }
    };
    let body = json!({"Organization": {
        "Id": "o-sandbox0001",
        "Arn": format!("arn:aws:organizations::{payer}:organization/o-sandbox0001"),
        "FeatureSet": "ALL",
        "MasterAccountArn": format!("arn:aws:organizations::{payer}:account/o-sandbox0001/{payer}"),
        "MasterAccountId": payer,
        "MasterAccountEmail": "payer@example.com",
    }});
    Ok(Answer::of(200, "application/x-amz-json-1.1", body.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_who_pays() {
        let payer = |kind| {
            String::from_utf8(answer(&Account::default(), kind, "DescribeOrganization").unwrap().body.to_vec()).unwrap()
        };
        assert!(payer(AccountKind::Payer).contains("\"MasterAccountId\":\"111122223333\""));
        assert!(payer(AccountKind::Member).contains("\"MasterAccountId\":\"444455556666\""));
        let refusal = answer(&Account::default(), AccountKind::Standalone, "DescribeOrganization").unwrap_err();
        assert_eq!(refusal.code, "AWSOrganizationsNotInUseException");
    }
}
