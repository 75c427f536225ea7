//! What can go wrong, in words a person can act on: what happened, why, and the next thing to type.
//! The kind decides the exit code; nothing else does.

use std::fmt;

use serde::Serialize;

/// Why a run ended, one kind for each documented exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something went wrong that is neither of the kinds below; exit code 1.
    Failed,
    /// Bad flags, bad file, missing answers without a terminal; exit code 2.
    Usage,
    /// AWS or the onboarding API refused who you are; exit code 4.
    Permission,
    /// The state found needs a person; exit code 5.
    Refused,
    /// Applied, but the onboarding API has not validated it yet; exit code 8.
    NotValidated,
    /// The person said stop; exit code 130.
    Interrupted,
}

impl Kind {
    /// The process's exit code for this kind.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Permission => 4,
            Self::Refused => 5,
            Self::NotValidated => 8,
            Self::Interrupted => 130,
        }
    }
}

/// An error as a person reads it: `message` says what happened, `cause` why, `remedy` what to type next.
#[derive(Clone, Debug)]
pub struct Error {
    /// Decides the exit code.
    pub kind: Kind,
    /// What happened, a sentence without a full stop at an identifier's end.
    pub message: String,
    /// Why, where it is known: usually the service's own words.
    pub cause: Option<String>,
    /// The next thing to type or do.
    pub remedy: Option<String>,
    /// What the help of the command in use has to say about it; see [`Error::in_command`].
    pub help: Option<&'static str>,
    /// Where more is to be read, a page of AWS or Flexera.
    pub link: Option<&'static str>,
}

/// What every fallible function here returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None, remedy: None, help: None, link: None }
    }

    /// A failure: exit code 1.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// A usage error: exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Missing rights or credentials: exit code 4.
    pub fn permission(message: impl Into<String>) -> Self {
        Self::new(Kind::Permission, message)
    }

    /// A state that needs a person: exit code 5.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// Adds why it happened.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says what to do next, in place of what was said before.
    #[must_use]
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), help: None, ..self }
    }

    /// Adds what to do besides, on a line below.
    #[must_use]
    pub fn remedy_too(self, more: &str) -> Self {
        let remedy = self.remedy.map_or_else(|| more.to_owned(), |remedy| format!("{remedy}\n{more}"));
        Self { remedy: Some(remedy), ..self }
    }

    /// Sends to the help of the command in use, which `tells` something. Which command that is, only the command line
    /// knows: [`Error::in_command`].
    #[must_use]
    pub fn see_help(mut self, tells: &'static str) -> Self {
        self.help = Some(tells);
        self
    }

    /// The error of the command of these words, `destroy` or `export terraform`: its help is the first thing to type, where
    /// it is to be read.
    #[must_use]
    pub fn in_command(mut self, words: &str) -> Self {
        if let Some(tells) = self.help.take() {
            let more = self.remedy.take();
            self = self.remedy(format!("optima-onboard {words} --help {tells}"));
            return more.into_iter().fold(self, |error, more| error.remedy_too(&more));
        }
        self
    }

    /// Adds the page to read.
    #[must_use]
    pub fn link(mut self, page: &'static str) -> Self {
        self.link = Some(page);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_to_read_is_that_of_the_command_in_use_and_comes_first() {
        let error = Error::usage("it cannot be used").see_help("says what it takes");
        let help = "optima-onboard export terraform --help says what it takes";
        assert_eq!(error.clone().in_command("export terraform").remedy.as_deref(), Some(help));
        let more = error.clone().remedy_too("your answers are kept").in_command("export terraform");
        assert_eq!(more.remedy, Some(format!("{help}\nyour answers are kept")));
        assert_eq!(error.remedy("wait").in_command("plan").remedy.as_deref(), Some("wait"), "in place of the help");
    }
}
