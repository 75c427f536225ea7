//! Connects an AWS payer account's billing data to Flexera Optima: plan first, one yes, apply, verify.
//!
//! ```text
//! flags + environment ─┐
//! questions (wizard) ──┼─▶ Answers ── resolve ──▶ Onboarding ─┐
//! onboarding file ─────┘   (holes allowed)        (complete)  │      ┌ inspect   reads only, all steps at once
//!                           who am I, token ──────────────────┴─ Step┼ diff      pure: wanted + found → Planned
//!                                                                    └ apply     the writes of one change
//!      Plan = [Planned] ─▶ shown as text or JSON ─▶ one yes ─▶ apply along the graph ─▶ Receipt ─▶ verify
//! ```
//!
//! Three kinds of code, never in one function: *asking* ([`prompt`], and the wizard's questions in [`cli`]), *deciding*
//! (pure: [`spec`], [`documents`], every `diff` in [`steps`], every check in [`verify`]) and *doing* ([`aws`],
//! [`onboarding`], every `apply` in [`steps`], [`apply`]).
//!
//! Two words have two homes: [`spec::Onboarding`] is one onboarding, complete and valid; [`onboarding`] is Flexera's API that
//! takes it, as [`aws`] is AWS's. [`session`] is one run from flags to the two of them, [`fleet`] many onboardings in one run.
//!
//! A plan is a document with a fingerprint: [`approval`] holds an apply to the one that was approved, and [`review`] makes
//! the page for whoever approves it.
//!
//! [`export`] is another reader of the same [`spec::Onboarding`] and [`documents`]: it writes out what `apply` would make.
//!
//! AWS and the onboarding API are the truth. Names are derived from the answers, so every ARN is known before anything
//! exists, a second run converges, and no state file is needed. The way back is the same flow: every `undo` in [`steps`]
//! decides what goes, and [`apply`] goes along the graph backwards.

pub mod addresses;
pub mod apply;
pub mod approval;
pub mod aws;
pub mod cli;
pub mod context;
pub mod credentials;
mod defect;
pub mod documents;
pub mod error;
pub mod explain;
pub mod export;
pub mod fleet;
#[cfg(test)]
mod fuzz;
pub mod harmless;
mod log;
pub mod onboarding;
pub mod output;
pub mod plan;
pub mod preflight;
pub mod private_files;
pub mod prompt;
pub mod review;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod schema;
pub mod secret;
pub mod session;
mod signals;
pub mod spec;
pub mod steps;
pub mod verify;
pub mod wait;
