//! Running the binary, and the worlds it runs against.

pub mod accounts;
pub mod canary;
pub mod chain;
#[cfg(unix)]
mod cost_reports;
mod door;
#[cfg(unix)]
pub mod emulated;
#[cfg(unix)]
mod front;
pub mod matrix;
#[cfg(unix)]
pub mod moment;
mod next_step;
#[cfg(unix)]
mod python;
pub mod run;
pub mod scenario;
pub mod schemas;
#[cfg(unix)]
mod servers;
#[cfg(unix)]
mod strictness;
#[cfg(unix)]
pub mod svg;
#[cfg(unix)]
pub mod terminal;
#[cfg(unix)]
pub mod tools;
pub mod wire;
pub mod world;

#[cfg(unix)]
pub use emulated::Emulated;
pub use run::{Onboard, Ran};
pub use world::{Request, World};
