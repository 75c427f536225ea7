//! The same onboarding written out for those who may not run this program against the payer account: as CloudFormation,
//! as a StackSet, as Terraform, as a script for the AWS CLI. Pure: an onboarding in, a text out; nothing is asked.
//!
//! The documents are those of [`crate::documents`], built with a `hole` where the account or a parameter stands, so
//! that an export cannot differ from what `apply` makes. CloudFormation and Terraform keep a record of what they made
//! and take it back themselves: what they make does not carry this program's mark, `apply` adopts it as it is, and
//! `destroy` leaves it alone. The script keeps none, so what it makes is marked as what `apply` makes.

pub mod aws_cli;
pub mod cloudformation;
mod hcl;
mod hole;
mod next;
#[cfg(test)]
pub(crate) mod samples;
pub mod stackset;
mod subject;
pub mod terraform;
mod yaml;

pub use subject::Subject;
