//! The policy documents: built from plain values, and judged by what they mean rather than by how they are written.
//! What Flexera may do (`permissions`), whom the role trusts (`trust`), what lets AWS billing deliver into the bucket
//! (`delivery`), what an operator of this program needs (`operator`), and when two policies say the same (`same`).
//! Nothing here asks AWS; `evaluate`, `conditions`, `verdict` and `wildcard` are the small part of IAM's evaluation that the
//! judgements need.

pub mod arn;
mod conditions;
pub mod delivery;
mod evaluate;
#[cfg(test)]
mod fuzz;
mod lists;
pub mod operator;
pub mod permissions;
mod same;
pub mod trust;
mod verdict;
pub mod wildcard;

pub use delivery::{Addition, Cut, MergeRefusal, MergeResult, Merged, delivery_statements, merge, without_ours};
pub use operator::{OperatorScope, Purpose, operator_actions, operator_policy};
pub use permissions::{flexera_permissions, what_flexera_does, with_decryption};
pub use same::{decode, same_policy};
pub use trust::{TrustFault, judge_trust, trust};
