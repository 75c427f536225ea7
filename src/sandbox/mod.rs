//! The embedded AWS and onboarding API on loopback.
