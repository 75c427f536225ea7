//! The built binary, run as a user runs it: against the embedded sandbox, and against independent AWS servers.

mod access_by_user;
mod bad_input;
#[cfg(unix)]
mod conversation;
mod flexera_side;
mod hostile;
mod independent;
mod independent_rights;
mod main_job;
mod network;
#[cfg(unix)]
mod screens;
mod scripts;
mod secret_files;
mod secrets;
mod situations;
mod support;
