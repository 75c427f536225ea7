//! What a session warns of: in the plan, and above the question before the yes.

use super::Session;
use super::elsewhere::{self, Elsewhere};
use super::stranger::{self, Stranger};
use crate::aws::identity;
use crate::error::{Error, Kind, Result};
use crate::plan::REHEARSAL;
use crate::prompt::Prompter;
use crate::spec::{Facts, Onboarding};
use crate::steps::World;

impl Session {
    /// The warning that a rehearsal needs so that nobody takes it for the real thing.
    pub fn rehearsal(&self) -> Option<String> {
        self.is_rehearsal().then(|| REHEARSAL.to_owned())
    }

    /// What is not wrong, but should be read before the yes.
    pub(super) fn cautions(&self, world: &World, facts: &Facts, onboarding: &Onboarding) -> Vec<String> {
        let mut found = Vec::new();
        if let identity::AccountKind::Unknown(reason) = &facts.account_kind {
            found.push(format!("AWS Organizations did not say whether this is the payer account: {reason}"));
        }
        if let identity::AccountKind::Member(payer) = &facts.account_kind {
            found.push(format!("this is a member account; the organization's whole bill is in {payer}"));
        }
        if onboarding.bill_account_id != onboarding.account_id {
            found.push(format!(
                "the bill connect is for account {}, but everything is made in {}",
                onboarding.bill_account_id, onboarding.account_id
            ));
        }
        found.extend(stranger::of(&self.answers, &self.raw).iter().map(Stranger::warning));
        found.extend(elsewhere::warnings(&self.elsewhere(world)));
        found
    }

    /// In the sandbox every address is its own, and nobody's keys are sent anywhere.
    pub(super) fn elsewhere(&self, world: &World) -> Vec<Elsewhere> {
        if self.is_rehearsal() { Vec::new() } else { elsewhere::all(world.aws.endpoints(), &self.raw) }
    }

    /// Those of Flexera's that this run asks: the token endpoint only where a token is exchanged.
    pub(super) fn flexera_elsewhere(&self) -> Vec<Elsewhere> {
        match (self.is_rehearsal(), self.exchanges_token()) {
            (true, _) => Vec::new(),
            (false, true) => elsewhere::flexera(&[elsewhere::API, elsewhere::LOGIN], &self.raw),
            (false, false) => elsewhere::flexera(&[elsewhere::API], &self.raw),
        }
    }

    /// Says on stderr where AWS is asked, if that is not at its own address, for a run that shows no plan.
    pub fn tell_of_aws(&self, world: &World) {
        let all = if self.is_rehearsal() { Vec::new() } else { elsewhere::aws(world.aws.endpoints(), &self.raw) };
        self.tell(&all);
    }

    /// The same of AWS and of Flexera.
    pub fn tell_of_all(&self, world: &World) {
        self.tell_of_aws(world);
        if world.onboarding.is_some() {
            self.tell(&self.flexera_elsewhere());
        }
    }

    /// The same of the token endpoint alone.
    pub fn tell_of_login(&self) {
        if self.exchanges_token() && !self.is_rehearsal() {
            self.tell(&elsewhere::flexera(&[elsewhere::LOGIN], &self.raw));
        }
    }

    /// What came of asking: where nothing good did, whoever reads that is told whom was asked in place of AWS and Flexera,
    /// which else stands in the plan.
    ///
    /// # Errors
    /// As it came.
    pub fn heard<T>(&self, world: &World, answer: Result<T>) -> Result<T> {
        let is_theirs = |error: &Error| matches!(error.kind, Kind::Failed | Kind::Permission);
        if answer.as_ref().is_err_and(is_theirs) {
            self.tell(&self.elsewhere(world));
        }
        answer
    }

    pub(super) fn tell(&self, all: &[Elsewhere]) {
        for warning in elsewhere::warnings(all) {
            self.printer.warn(&warning);
        }
    }

    /// What is taken over in this run without having been typed.
    pub fn inherited(&self, world: &World) -> Inherited {
        let strangers = stranger::of(&self.answers, &self.raw).into_iter().collect();
        Inherited { elsewhere: self.elsewhere(world), strangers }
    }

    /// A question before something is written, below what was inherited.
    pub fn question(&self, world: &World, question: &str) -> String {
        self.inherited(world).question(question)
    }

    /// Asks for the yes, as [`Self::question`] puts it.
    ///
    /// # Errors
    /// An interruption.
    pub fn agreed(&self, prompter: &mut dyn Prompter, world: &World, question: &str) -> Result<bool> {
        prompter.confirm(&self.question(world, question))
    }
}

/// The addresses in place of AWS's and Flexera's own, and whoever is trusted in place of Flexera.
#[derive(Clone, Debug, Default)]
pub struct Inherited {
    elsewhere: Vec<Elsewhere>,
    strangers: Vec<Stranger>,
}

impl Inherited {
    /// What any of many inherits, each once, as the first of them has it.
    pub fn of_all<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut found = Self::default();
        for Self { elsewhere, strangers } in all {
            for one in elsewhere {
                if !found.elsewhere.iter().any(|known| known.is_same(one)) {
                    found.elsewhere.push(one.clone());
                }
            }
            for one in strangers {
                if !found.strangers.iter().any(|known| known.is_same(one)) {
                    found.strangers.push(one.clone());
                }
            }
        }
        found
    }

    /// A line for each address in place of its owner's own, whoever said so.
    pub fn warnings(&self) -> Vec<String> {
        elsewhere::warnings(&self.elsewhere).collect()
    }

    /// Those of the warnings that [`Self::question`] says once more.
    pub fn asked_about(&self) -> Vec<String> {
        elsewhere::warnings(self.elsewhere.iter().filter(|elsewhere| !elsewhere.typed)).collect()
    }

    /// A question before something is written, below whatever address, and whoever is trusted in place of Flexera, was
    /// inherited and not typed.
    pub fn question(&self, question: &str) -> String {
        stranger::question(&self.strangers, &elsewhere::question(&self.elsewhere, question))
    }
}
