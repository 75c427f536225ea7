//! Running the binary, and the worlds it runs against.

pub mod run;
pub mod world;

pub use run::Onboard;
pub use world::World;
