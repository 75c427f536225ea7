//! `help exit-codes`.

use clap::Command;

/// What each exit code means; the contract with scripts.
pub const EXIT_CODES: [(u8, &str); 9] = [
    (0, "done; plan --detailed-exitcode: nothing to change"),
    (1, "failed; the message says what exists now and what to type next"),
    (2, "usage: bad flags, bad file, missing answers without a terminal"),
    (3, "plan --detailed-exitcode: changes are pending"),
    (4, "credentials or permissions: AWS or the onboarding API refused who you are"),
    (5, "refused: the state found needs a person"),
    (6, "a file of many: some done, some not"),
    (8, "applied, but not yet validated by the onboarding API"),
    (130, "interrupted, or answered with no"),
];

pub fn text(_: &Command) -> String {
    let rows: String = EXIT_CODES.iter().map(|(code, meaning)| format!("  {code:>3}  {meaning}\n")).collect();
    format!(
        "Exit codes\n\n{rows}\n\
         With --output json an error is a document on stdout, and its exit_code is the\n\
         run's; else it is text on stderr. verify ends with 1 when a check fails, and\n\
         with 0 when checks are only pending; verify --wait with 8 when --timeout is over\n\
         before the first bill month is processed, and with 130 when it is interrupted."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn every_kind_of_error_has_its_code_explained() {
        use Kind::{Failed, Interrupted, NotValidated, Permission, Refused, Usage};
        for kind in [Failed, Usage, Permission, Refused, NotValidated, Interrupted] {
            assert!(EXIT_CODES.iter().any(|(code, _)| *code == kind.exit_code()), "{kind:?}");
        }
    }
}
