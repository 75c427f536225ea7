//! Running the binary, and the worlds it runs against.

pub mod accounts;
pub mod canary;
pub mod chain;
mod cost_reports;
mod door;
pub mod emulated;
mod front;
pub mod matrix;
#[cfg(unix)]
pub mod moment;
mod next_step;
mod python;
pub mod run;
pub mod scenario;
pub mod schemas;
mod servers;
mod strictness;
#[cfg(unix)]
pub mod svg;
#[cfg(unix)]
pub mod terminal;
pub mod tools;
pub mod wire;
pub mod world;

pub use emulated::Emulated;
pub use run::{Onboard, Ran};
pub use world::{Request, World};
