//! What was approved before: a plan in a file, or its fingerprint.

use std::path::PathBuf;

use clap::Args;

use super::ManyApplyJob;
use crate::approval::{Approval, Document, Fingerprint};
use crate::error::Result;
use crate::session;
use crate::spec::names::Parse;

/// An apply that can be held to a plan.
#[derive(Clone, Debug, Args)]
pub(super) struct ApprovedJob {
    #[command(flatten)]
    job: ManyApplyJob,
    #[command(flatten)]
    approval: ApprovalFlags,
}

#[derive(Clone, Debug, Args)]
struct ApprovalFlags {
    /// Carry out exactly this plan, as plan --output json wrote it; it holds every answer but the credentials
    #[arg(long, value_name = "FILE", help_heading = "Run")]
    plan: Option<PathBuf>,
    /// Carry out only the plan with this fingerprint, as plan and review show it
    #[arg(long, value_name = "F", value_parser = Fingerprint::parse, help_heading = "Run")]
    plan_fingerprint: Option<Fingerprint>,
}

impl ApprovedJob {
    /// The job with the answers of the plan it is held to.
    ///
    /// # Errors
    /// A usage error for a file that is no plan, and for answers that contradict it; a refusal for a plan that was
    /// changed.
    pub(super) fn read(self) -> Result<(ManyApplyJob, Approval)> {
        let Self { job: mut apply, approval } = self;
        let plan = approval.plan.as_deref().map(Document::read).transpose()?;
        if let Some(plan) = &plan {
            // A file's answers are held against the plan's like every other.
            let job = &mut apply.job.job;
            let given = session::with_file(std::mem::take(&mut job.flags.raw), job.run.file.take().as_deref())?;
            job.flags.raw = plan.answers_over(given)?;
            // Whoever approved a plan for a member account approved that too.
            job.run.allow_member_account |= plan.payer().is_some();
        }
        Ok((apply, Approval::new(plan, approval.plan_fingerprint)?))
    }
}
