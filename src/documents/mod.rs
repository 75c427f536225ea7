//! The policy documents.
