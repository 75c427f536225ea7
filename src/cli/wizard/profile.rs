//! As whom AWS is asked, where nothing says so and its configuration offers a choice; and what is found so.

use crate::aws::profiles;
use crate::cli::wizard::{asking, findings, questions};
use crate::error::{Kind, Result};
use crate::prompt::{Prompter, Reply};
use crate::session::Session;
use crate::spec::Facts;

/// The profiles among which a person chooses; none where there is nothing to choose.
pub struct Profiles(Vec<String>);

impl Profiles {
    /// Those of the AWS CLI's files.
    pub fn of(session: &Session) -> Self {
        if session.is_rehearsal() || session.answers.profile.is_some() || profiles::chosen_by_environment() {
            return Self(Vec::new());
        }
        Self(Some(profiles::names()).filter(|names| names.len() > 1).unwrap_or_default())
    }

    /// Whether it is a question.
    pub fn are_asked(&self) -> bool {
        !self.0.is_empty()
    }

    /// Asks for one and says what it finds. With one that AWS does not take, or whose account cannot be onboarded, it is
    /// asked again.
    ///
    /// # Errors
    /// When the person leaves, and what [`findings::introduce`] meets.
    pub async fn introduce(&self, session: &mut Session, prompter: &mut dyn Prompter) -> Result<(Facts, Vec<String>)> {
        loop {
            if self.are_asked() {
                self.ask(session, prompter)?;
            }
            match findings::introduce(session).await {
                Err(error) if self.are_asked() && matches!(error.kind, Kind::Permission | Kind::Refused) => {
                    session.printer.say("");
                    session.printer.error(&error);
                }
                found => return found,
            }
        }
    }

    fn ask(&self, session: &mut Session, prompter: &mut dyn Prompter) -> Result<()> {
        // One of before is marked, and no answer as long as it is not chosen once more.
        let before = session.answers.profile.take();
        let marked = self.0.iter().position(|name| Some(name) == before.as_ref()).unwrap_or(0);
        while questions::profile(prompter, &mut session.answers, &self.0, marked)? == Reply::Back {
            asking::first(prompter);
        }
        Ok(())
    }
}
