//! What can go wrong, in words a person can act on: what happened, why, and the next thing to type.
//! The kind decides the exit code; nothing else does.

use std::fmt;
use std::path::{Path, PathBuf};

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
    /// What can be typed for what the remedy's first line says; see [`Error::spelled_out`].
    pub command: Option<Command>,
    /// Where more is to be read, a page of AWS or Flexera.
    pub link: Option<&'static str>,
}

/// A command to type, as far as whoever says so knows it: its answers are the run's, which spells it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// This one of ours, by its verb, with the same answers.
    Ours(&'static str),
    /// What prints the policy that this run needs.
    Permissions,
    /// The same command with this file for the access key.
    WithKeyFile(PathBuf),
}

impl Command {
    /// The same command with another file for the access key than this one: where that is taken, the next name beside it.
    pub fn with_key_beside(taken: &Path) -> Self {
        let name = taken.file_name().unwrap_or_default().to_string_lossy();
        let (stem, number) = match name.rsplit_once('-') {
            Some((stem, digits)) => (stem, digits.parse::<u32>().ok()),
            None => (&*name, None),
        };
        let stem = if number.is_some() { stem } else { &name };
        let next = number.map_or(2, |number| number.saturating_add(1));
        Self::WithKeyFile(taken.with_file_name(format!("{stem}-{next}")))
    }

    /// The same command with a file of that name elsewhere, where none can be written; `None` where no place is known.
    pub fn with_key_elsewhere(path: &Path) -> Option<Self> {
        let is_here = path.parent().is_none_or(|folder| folder.as_os_str().is_empty());
        let folder = if is_here { etcetera::home_dir().ok()? } else { PathBuf::new() };
        Some(Self::WithKeyFile(folder.join(path.file_name()?)))
    }
}

/// What every fallible function here returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None, remedy: None, help: None, command: None, link: None }
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
        Self { remedy: Some(remedy.into()), help: None, command: None, ..self }
    }

    /// Adds what to do besides, on a line below.
    #[must_use]
    pub fn remedy_too(self, more: &str) -> Self {
        let remedy = self.remedy.map_or_else(|| more.to_owned(), |remedy| format!("{remedy}\n{more}"));
        Self { remedy: Some(remedy), ..self }
    }

    /// Says what can be typed for the remedy. With which answers, only the run knows.
    #[must_use]
    pub fn typing(self, command: impl Into<Option<Command>>) -> Self {
        Self { command: command.into(), ..self }
    }

    /// The error of a run that spells commands out: below what it is for, before what is said besides.
    #[must_use]
    pub fn spelled_out(self, spell: impl FnOnce(&Command) -> String) -> Self {
        let (Some(command), Some(remedy)) = (&self.command, &self.remedy) else { return self };
        let (first, rest) = remedy.split_once('\n').unwrap_or((remedy, ""));
        let lines = [first.to_owned(), spell(command), rest.to_owned()];
        let remedy = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
        Self { remedy: Some(remedy), command: None, ..self }
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

    #[test]
    fn a_command_stands_below_what_it_is_for_and_before_what_is_said_besides() {
        let error = Error::failed("no place").remedy("make one, or name another").typing(Command::Ours("plan"));
        let error = error.remedy_too("in place now: nothing").spelled_out(|command| {
            assert_eq!(*command, Command::Ours("plan"));
            "optima-onboard plan".to_owned()
        });
        let said = "make one, or name another\noptima-onboard plan\nin place now: nothing";
        assert_eq!((error.remedy.as_deref(), &error.command), (Some(said), &None));
    }

    #[test]
    fn another_file_for_a_key_is_the_next_beside_it_or_one_elsewhere() {
        for (taken, next) in [("key", "key-2"), ("a/flexera-key", "a/flexera-key-2"), ("key-2", "key-3")] {
            assert_eq!(Command::with_key_beside(Path::new(taken)), Command::WithKeyFile(next.into()));
        }
        let elsewhere = Command::with_key_elsewhere(Path::new("no/such/key"));
        assert_eq!(elsewhere, Some(Command::WithKeyFile("key".into())));
    }
}
