//! The built binary, run as a user runs it: against the embedded sandbox, and against independent AWS servers.

mod access_by_user;
mod bad_input;
#[cfg(unix)]
mod conversation;
mod faults;
mod flexera_side;
mod independent;
mod independent_rights;
#[cfg(unix)]
mod interrupted;
mod killed;
mod main_job;
#[cfg(unix)]
mod screens;
mod scripts;
mod secrets;
mod situations;
mod support;
mod together;
