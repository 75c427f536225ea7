//! A session's answers as others see them: taken over from an earlier run, written down, and where they came from.

use crate::error::Result;
use crate::session::Session;
use crate::session::given::give_way_to_environment;
use crate::spec::answers::{Answers, Raw};
use crate::spec::written;

/// What a run was given itself, before it took anything over.
#[derive(Debug)]
pub struct Own {
    raw: Raw,
    /// Its answers.
    pub answers: Answers,
}

impl Session {
    /// Takes answers that were kept earlier, where this run has none of its own; what it had before. Each stays known
    /// as one of the file it was kept in: an address among them is named before the yes.
    ///
    /// # Errors
    /// A usage error when both together cannot be used; nothing is taken then.
    pub fn adopt(&mut self, mut kept: Raw) -> Result<Own> {
        give_way_to_environment(&mut kept);
        let mut raw = self.raw.clone();
        raw.fill_from(kept);
        let mut answers = Answers::parse(&raw)?;
        if let Some(embedded) = &self.embedded {
            embedded.answer(&mut answers, &mut self.credential)?;
        }
        let own =
            Own { raw: std::mem::replace(&mut self.raw, raw), answers: std::mem::replace(&mut self.answers, answers) };
        Ok(own)
    }

    /// Gives back what was taken over.
    pub fn disown(&mut self, own: Own) {
        (self.raw, self.answers) = (own.raw, own.answers);
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
}
