//! The built binary, run as a user runs it: against the embedded sandbox, and against independent AWS servers.

mod access_by_user;
#[cfg(unix)]
mod accessible;
mod addresses;
mod approved;
mod approved_cut_off;
mod bad_input;
#[cfg(unix)]
mod completions;
#[cfg(unix)]
mod conversation;
mod denied;
mod destroy;
#[cfg(unix)]
mod destroy_conversation;
#[cfg(unix)]
mod destroy_faults;
mod destroy_foreign;
mod destroy_independent;
mod docs;
mod encryption;
#[cfg(unix)]
mod export;
#[cfg(unix)]
mod export_script;
#[cfg(unix)]
mod export_stack;
mod faults;
mod fleet;
mod fleet_profiles;
mod fleet_receipts;
mod fleet_under_way;
mod flexera_side;
#[cfg(unix)]
mod going_back;
mod hostile;
mod independent;
mod independent_rights;
#[cfg(unix)]
mod interrupted;
mod killed;
mod main_job;
mod manual;
#[cfg(unix)]
mod meanwhile;
mod misread;
mod network;
mod one_by_one;
mod partitions;
#[cfg(unix)]
mod pictures;
mod rehearsed_parts;
#[cfg(unix)]
mod review;
mod round_trips;
mod schemas;
#[cfg(unix)]
mod screens;
mod scripts;
mod secret_files;
mod secrets;
mod situation_matrix;
mod situations;
mod support;
mod together;
#[cfg(unix)]
mod typing;
mod unknown_profile;
#[cfg(unix)]
mod verify;
#[cfg(unix)]
mod wizard_answers;
#[cfg(unix)]
mod wizard_end;
#[cfg(unix)]
mod wizard_instead;
