//! The topics of `help` that belong to no single command. What they say comes from the tables that the program itself
//! works with, so that they cannot tell anything else.

mod environment;
mod exit_codes;
mod file;
mod permissions;

use clap::Command;

pub use exit_codes::EXIT_CODES;

type Text = fn(&Command) -> String;

/// The topics, each with its text, made from the commands.
pub const TOPICS: [(&str, Text); 4] = [
    ("exit-codes", exit_codes::text),
    ("environment", environment::text),
    ("permissions", permissions::text),
    ("file", file::text),
];
