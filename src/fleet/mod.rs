//! Many onboardings in one run. What is done with each is the caller's; here is how many run at once, what two of them
//! may not both write, how each ended, what that makes of the whole run, and the record of it.
//!
//! All are planned before the one yes, so that a plan is all that is held of an onboarding: clients live as long as the
//! job that uses them, and a result is written out when it comes.

mod claims;
pub mod ending;
#[cfg(test)]
mod fuzz;
mod queue;
pub mod receipt;
mod whose;

pub use claims::{Claims, Clash};
pub use ending::{Ending, Tally, Word};
pub use queue::{Queue, run};
pub use whose::Whose;
