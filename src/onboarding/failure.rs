//! Why a bill connect was not created or changed, sorted by what the caller can do about it.

use super::answer::Answer;
use super::http::Trouble;
use crate::error::{Command, Error};

/// Why a creation or an update did not happen, as far as is known.
#[derive(Clone, Debug)]
pub enum CreateFailure {
    /// 422: Flexera cannot use the role or the bucket, or cannot yet; AWS takes its time to know a new role everywhere.
    NotYet(Error),
    /// 409: the account has a bill connect in this organization already.
    Conflict(Error),
    /// The answer was lost, or was a failure after which it may exist all the same: ask first, then decide.
    Lost(Error),
    /// It did not happen, and waiting does not help.
    Other(Error),
}

impl CreateFailure {
    /// The error itself, whatever may be done about it.
    pub fn error(&self) -> &Error {
        match self {
            Self::NotYet(error) | Self::Conflict(error) | Self::Lost(error) | Self::Other(error) => error,
        }
    }
}

impl From<CreateFailure> for Error {
    fn from(failure: CreateFailure) -> Self {
        match failure {
            CreateFailure::NotYet(error)
            | CreateFailure::Conflict(error)
            | CreateFailure::Lost(error)
            | CreateFailure::Other(error) => error,
        }
    }
}

impl From<Error> for CreateFailure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<Trouble> for CreateFailure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NeverSent(error) => Self::Other(error),
            Trouble::Lost(error) => Self::Lost(error),
        }
    }
}

impl CreateFailure {
    /// Sorts an answer that is not a success.
    pub(super) fn of(answer: &Answer) -> Self {
        let error = answer.refusal();
        match answer.status {
            409 => Self::Conflict(error.remedy("see the bill connect that exists: optima-onboard bill-connect list")),
            422 => Self::NotYet(error.remedy(
                "run the same command again: a new role takes AWS up to a few minutes; verify says what else it may be, \
                 the role's trust (principal and external id), its policy, the bucket or the path",
            ).typing(Command::Ours("verify"))),
            500.. => Self::Lost(error),
            _ => Self::Other(error),
        }
    }
}
