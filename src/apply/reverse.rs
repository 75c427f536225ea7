//! The graph backwards: whatever needs something goes before it.

use super::{Run, Stopped};
use crate::steps::Step;

impl Run<'_> {
    /// The bill connect first: from then on Flexera does not miss what goes. A step that failed stops its chain, as what
    /// comes after it is still in use.
    pub(super) async fn destroy(&self) {
        if self.carry(Step::BillConnect, |_| true).await.is_ok() {
            // Neither chain needs the other; a failure in one is in the ledger and does not stop the other.
            let _ = tokio::join!(self.undo_bill(), self.undo_access());
        }
    }

    /// The report, then what lets AWS deliver it, then the bucket, into which nothing comes any more.
    async fn undo_bill(&self) -> Result<(), Stopped> {
        self.carry(Step::Report, |_| true).await?;
        self.carry(Step::BucketPolicy, |_| true).await?;
        self.carry(Step::Bucket, |_| true).await
    }

    /// The role and the user, then the policy, which IAM deletes only when nothing has it.
    async fn undo_access(&self) -> Result<(), Stopped> {
        let (role, user) = tokio::join!(self.carry(Step::Role, |_| true), self.carry(Step::User, |_| true));
        role.and(user)?;
        self.carry(Step::Policy, |_| true).await
    }
}
