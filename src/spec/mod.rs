//! What is to be done, as data.
pub mod names;
