//! The commands that take a file of one onboarding or of many, each on its way; flags of the other way are refused.

use super::fleet::{self, FleetFlags};
use super::run_flags::ApplyFlags;
use super::verify::{self, VerifyFlags};
use super::{apply, plan};
use crate::approval::Approval;
use crate::error::Result;
use crate::session::Opened;

pub(super) async fn plan(opened: Opened, many: &FleetFlags, detailed_exitcode: bool) -> Result<u8> {
    match opened {
        Opened::One(session) => {
            many.fit_one()?;
            plan::run(&session, detailed_exitcode).await
        }
        Opened::Many(fleet) => fleet::plan(&fleet, many, detailed_exitcode).await,
    }
}

pub(super) async fn apply(opened: Opened, flags: &ApplyFlags, many: &FleetFlags, approval: &Approval) -> Result<u8> {
    match opened {
        Opened::One(session) => {
            many.fit_one()?;
            apply::run(&session, flags, None, approval).await
        }
        Opened::Many(fleet) => {
            approval.fit_many()?;
            fleet::apply(&fleet, flags, many).await
        }
    }
}

pub(super) async fn verify(opened: Opened, flags: &VerifyFlags, many: &FleetFlags) -> Result<u8> {
    match opened {
        Opened::One(session) => {
            many.fit_one()?;
            verify::run(&session, flags).await
        }
        Opened::Many(fleet) => {
            flags.fit_many()?;
            fleet::verify(&fleet, many).await
        }
    }
}
