//! Many onboardings as a person reads them and as a script does, and what is being done with them meanwhile.

pub mod brief;
pub mod documents;
pub mod progress;
pub mod text;

pub use brief::Brief;
pub use documents::Stream;
pub use progress::Progress;
