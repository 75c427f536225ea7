//! Running the binary, and the worlds it runs against.

pub mod run;
#[cfg(unix)]
pub mod terminal;
pub mod world;

pub use run::{Onboard, Ran};
pub use world::World;
