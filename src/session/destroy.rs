//! From flags to the plan of a removal.

use super::{Session, elsewhere};
use crate::documents::Purpose;
use crate::error::Result;
use crate::plan::{Aim, Plan};
use crate::preflight;
use crate::spec;
use crate::steps::undo::{self, BucketWish, Wish};
use crate::steps::{Scope, World};

impl Session {
    /// A question before something is removed, below every address that was inherited and not typed.
    pub fn removal_question(&self, world: &World, question: &str) -> String {
        elsewhere::question(&self.elsewhere(world), question)
    }

    /// What a removal looks at, as far as the answers say.
    pub fn removal_scope(&self, wish: Wish) -> Scope {
        let (access, api) = (self.answers.access.unwrap_or_default(), self.answers.api.unwrap_or_default());
        undo::scope(access, api, wish)
    }

    /// Reads, and decides what goes; a rehearsal begins with what was onboarded. A member account is no reason to refuse:
    /// nothing is onboarded.
    ///
    /// # Errors
    /// What cannot be resolved or read.
    pub async fn prepare_removal(&self, world: &World, wish: Wish) -> Result<Plan> {
        let furnished = self.furnish(world, &self.whole()).await?;
        let scope = self.removal_scope(wish);
        let facts = self.facts_for(world, &scope).await?;
        let onboarding = spec::resolve(&self.answers, &facts)?;
        let purpose = match wish.bucket {
            BucketWish::Stays => Purpose::Destroy,
            BucketWish::GoesIfEmpty | BucketWish::GoesWithData => Purpose::DestroyWithBucket,
        };
        let (found, preflight) = preflight::beside(
            undo::inspect(world, &onboarding, &scope, facts.reports, wish.bucket),
            preflight::ask(&world.aws, &facts.caller, &onboarding, purpose),
        )
        .await;
        let steps = undo::diff(&onboarding, &found?, wish);
        let rehearsed = self.rehearsal().into_iter().chain(furnished);
        let mut warnings: Vec<String> = rehearsed.chain(preflight.warning(purpose)).collect();
        warnings.extend(elsewhere::warnings(&self.elsewhere(world)));
        warnings.extend(undo::by_hand(&onboarding));
        Ok(Plan { aim: Aim::Destroy, onboarding, steps, warnings, by_hand: None })
    }
}
