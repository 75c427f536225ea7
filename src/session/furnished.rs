//! What a rehearsal of a part starts from. The embedded sandbox begins empty, and where one step, a removal or the
//! onboarding API alone is rehearsed, all that it needs would be missing: there it is made first, by the same answers.

use super::Session;
use crate::apply;
use crate::error::{Kind, Result};
use crate::plan::{Aim, Plan};
use crate::spec;
use crate::spec::answers::Answers;
use crate::steps::{self, Scope, Step, World};

impl Session {
    /// In a rehearsal makes these steps in the sandbox, and says so; else nothing. A report that exists at AWS exists in no
    /// sandbox, so that what delivers to it cannot be made either: the run's own plan tells that.
    ///
    /// # Errors
    /// What cannot be resolved, and what the sandbox answers.
    pub async fn furnish(&self, world: &World, steps: &[Step]) -> Result<Option<String>> {
        if !self.is_rehearsal() || steps.is_empty() || self.answers.reuse_report.is_some() {
            return Ok(None);
        }
        let plan = self.furniture(world, steps).await?;
        if plan.refusals().next().is_some() {
            return Ok(None);
        }
        let words: Vec<&str> = plan.writing_steps().iter().map(|step| step.word()).collect();
        match apply::run(world, &plan, &|_| ()).await.error {
            Some(error) if error.kind != Kind::NotValidated => Err(error),
            _ => Ok(Some(format!(
                "the sandbox began empty; made in it first, by the same answers: {}",
                words.join(", ")
            ))),
        }
    }

    /// The same where no plan is shown that could say so: it is told beside the output, after what a rehearsal is.
    ///
    /// # Errors
    /// What cannot be resolved, and what the sandbox answers.
    pub async fn furnish_aloud(&self, world: &World, steps: &[Step]) -> Result<()> {
        let furnished = self.reading(self.furnish(world, steps)).await?;
        for said in self.rehearsal().into_iter().chain(furnished) {
            self.printer.warn(&said);
        }
        Ok(())
    }

    /// Every step of the onboarding that the answers describe.
    pub fn whole(&self) -> Vec<Step> {
        let (access, api) = (self.answers.access.unwrap_or_default(), self.answers.api.unwrap_or_default());
        Scope::whole(access, api).acts
    }

    async fn furniture(&self, world: &World, steps: &[Step]) -> Result<Plan> {
        let scope = Scope { acts: steps.to_vec(), needs: Vec::new() };
        let facts = self.facts_for(world, &scope).await?;
        // A rehearsal leaves nothing outside the sandbox but what was asked of it.
        let answers = Answers { access_key_file: None, ..self.answers.clone() };
        let onboarding = spec::resolve(&answers, &facts)?;
        let found = steps::inspect(world, &onboarding, &scope, facts.reports).await?;
        let steps = steps::diff(&onboarding, &found, &scope);
        Ok(Plan { aim: Aim::Onboard, onboarding, steps, warnings: Vec::new(), by_hand: None })
    }
}
