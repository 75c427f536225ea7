//! The onboarding API.
