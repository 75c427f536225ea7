//! A session's answers as others see them: taken over from an earlier run, written down, and where they came from.

use crate::error::Result;
use crate::session::Session;
use crate::spec::answers::{Answers, Raw};
use crate::spec::written;

impl Session {
    /// Takes answers that were kept earlier, where this run has none of its own.
    ///
    /// # Errors
    /// A usage error when both together cannot be used.
    pub fn adopt(&mut self, kept: Raw) -> Result<()> {
        let mut given = self.raw.clone();
        given.fill_from(kept);
        let mut answers = Answers::parse(&given)?;
        if let Some(embedded) = &self.embedded {
            embedded.answer(&mut answers, &mut self.credential)?;
        }
        self.answers = answers;
        Ok(())
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
