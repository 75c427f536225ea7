//! Attaching a policy that was made a moment ago.

use crate::aws::fault::Answer;
use crate::error::Result;
use crate::steps::World;
use crate::wait::{self, Progress};

/// IAM answers NoSuchEntity for a policy, role or user it made a moment ago, until all of it knows.
///
/// # Errors
/// What IAM still answers when the time is over.
pub async fn once_visible(world: &World, attach: impl AsyncFn() -> Answer<()>) -> Result<()> {
    let answer = wait::until(&world.stop, world.patience, || async {
        match attach().await {
            Err(fault) if fault.is("NoSuchEntity") => Progress::NotYet(fault),
            other => Progress::Done(other),
        }
    })
    .await?;
    Ok(answer.map_err(crate::error::Error::from)??)
}
