//! Who is calling, and what kind of account it is.

use crate::aws::Aws;
use crate::aws::fault::{Answer, Fault};
use crate::error::{Error, Result};
use crate::spec::names::{AccountId, Parse, Partition};

/// The caller as AWS sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The user's, role session's or root's ARN.
    pub arn: String,
    /// The partition, taken from that ARN.
    pub partition: Partition,
}

impl Caller {
    /// Somebody of that account in commercial AWS, where nothing more is known.
    pub fn of_account(account: AccountId) -> Self {
        let arn = format!("arn:aws:iam::{account}:root");
        Self { account, arn, partition: Partition::Aws }
    }
}

/// Where the account stands in its organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// The organization's management account, which pays for all.
    Payer,
    /// A member; the management account's id stands beside it.
    Member(String),
    /// In no organization: it pays for itself.
    Standalone,
    /// AWS did not say; the reason stands beside it.
    Unknown(String),
}

impl AccountKind {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::Member(_) => "member",
            Self::Standalone => "standalone",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl Aws {
    /// Asks who is calling, once for all who share these clients.
    ///
    /// # Errors
    /// A permission error when AWS does not know the credentials.
    pub async fn caller(&self) -> Result<Caller> {
        self.caller.get_or_try_init(|| self.ask_for_caller()).await.cloned()
    }

    async fn ask_for_caller(&self) -> Result<Caller> {
        let answer =
            self.sts.get_caller_identity().send().await.map_err(|e| Fault::of("sts:GetCallerIdentity", "", &e))?;
        let arn = answer.arn().unwrap_or_default().to_owned();
        let odd = || {
            Error::failed("AWS answered sts:GetCallerIdentity without a usable account")
                .because(format!("ARN {arn:?}, account {:?}", answer.account()))
                .remedy("check --endpoint-url and AWS_ENDPOINT_URL: something answers that is not AWS")
        };
        let account = answer.account().and_then(|id| AccountId::parse(id).ok()).ok_or_else(odd)?;
        let partition = arn.split(':').nth(1).and_then(|name| Partition::parse(name).ok()).ok_or_else(odd)?;
        Ok(Caller { account, arn, partition })
    }

    /// Asks AWS Organizations who pays; the answer is compared with the caller by [`account_kind`].
    pub async fn management_account(&self) -> Answer<Option<String>> {
        let answer = self.organizations.describe_organization().send().await;
        match answer.map_err(|e| Fault::of("organizations:DescribeOrganization", "", &e)) {
            Ok(answer) => Ok(answer.organization().and_then(|org| org.master_account_id()).map(str::to_owned)),
            Err(fault) if fault.is("AWSOrganizationsNotInUseException") => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

/// Payer, member or standalone, from the caller's account and what Organizations answered.
pub fn account_kind(account: &AccountId, management: Answer<Option<String>>) -> AccountKind {
    match management {
        Ok(None) => AccountKind::Standalone,
        Ok(Some(id)) if id == account.as_str() => AccountKind::Payer,
        Ok(Some(id)) => AccountKind::Member(id),
        Err(fault) => AccountKind::Unknown(fault.message),
    }
}
