//! The built binary, run as a user runs it: against the embedded sandbox, and against independent AWS servers.

mod access_by_user;
mod flexera_side;
mod main_job;
mod situations;
mod support;
