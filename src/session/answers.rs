//! A session's answers as others see them: taken over from an earlier run, written down, and where they came from.

use crate::credentials::Sources;
use crate::error::Result;
use crate::onboarding::Credential;
use crate::session::given::give_way_to_environment;
use crate::session::{Session, variable};
use crate::spec::answers::{Answers, Raw};
use crate::spec::written;

/// What a run was given itself, before it took anything over.
#[derive(Debug)]
pub struct Own {
    raw: Raw,
    /// Its answers.
    pub answers: Answers,
    credential: Option<Credential>,
}

impl Session {
    /// Takes answers that were kept earlier, where this run has none of its own; what it had before. Each stays known
    /// as one of the file it was kept in: an address among them is named before the yes.
    ///
    /// # Errors
    /// A usage error when both together cannot be used, or a file with a token that they name cannot be read; nothing is
    /// taken then.
    pub fn adopt(&mut self, mut kept: Raw) -> Result<Own> {
        give_way_to_environment(&mut kept);
        // What came through a pipe then does not come again.
        for key in ["access_token_file", "refresh_token_file"] {
            if kept.get(key).is_some_and(|given| given.text == "-") {
                kept.forget(key);
            }
        }
        let mut raw = self.raw.clone();
        raw.fill_from(kept);
        let mut answers = Answers::parse(&raw)?;
        let mut credential = self.credential.clone();
        match &self.embedded {
            Some(embedded) => embedded.answer(&raw, &mut answers, &mut credential)?,
            None if credential.is_none() => credential = Sources::new(variable).find(&answers, &raw)?,
            None => (),
        }
        Ok(Own {
            raw: std::mem::replace(&mut self.raw, raw),
            answers: std::mem::replace(&mut self.answers, answers),
            credential: std::mem::replace(&mut self.credential, credential),
        })
    }

    /// Gives back what was taken over.
    pub fn disown(&mut self, own: Own) {
        (self.raw, self.answers, self.credential) = (own.raw, own.answers, own.credential);
    }

    /// Whether an onboarding file was named.
    pub fn has_file(&self) -> bool {
        self.file
    }

    /// Where the region in use comes from, in a person's words.
    pub fn region_source(&self) -> &'static str {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.answers.region {
            _ if self.is_rehearsal() => "the sandbox",
            Some(_) => "as given",
            None if set("AWS_REGION") => "AWS_REGION",
            None if set("AWS_DEFAULT_REGION") => "AWS_DEFAULT_REGION",
            None => "your AWS configuration, else us-east-1",
        }
    }

    /// The answers as an onboarding file.
    pub fn as_file(&self) -> String {
        written::toml(&self.answers, self.is_rehearsal())
    }

    /// The same of those that another run can be offered.
    pub fn as_kept_file(&self) -> String {
        written::toml(&self.worth_keeping(), self.is_rehearsal())
    }
}
