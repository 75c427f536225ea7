//! Names that nobody answered, and that the bill connect's role gives. They hold for that bill connect alone, and no
//! other run is offered them as answers.

use super::Session;
use crate::spec::answers::Answers;
use crate::spec::names::{PolicyName, RoleName};

/// What was taken over.
#[derive(Clone, Debug, Default)]
pub struct TakenOver {
    /// The role's name.
    pub role: Option<RoleName>,
    /// Its policy's.
    pub policy: Option<PolicyName>,
}

impl TakenOver {
    /// Answers with them what was left open.
    fn give(&self, answers: &mut Answers) {
        answers.role_name = answers.role_name.take().or_else(|| self.role.clone());
        answers.policy_name = answers.policy_name.take().or_else(|| self.policy.clone());
    }

    /// Opens that again, unless another name has been answered since.
    pub(super) fn take_back(&self, answers: &mut Answers) {
        answers.role_name.take_if(|name| Some(&*name) == self.role.as_ref());
        answers.policy_name.take_if(|name| Some(&*name) == self.policy.as_ref());
    }
}

impl Session {
    /// The names that were taken over.
    pub fn taken_over(&self) -> &TakenOver {
        &self.taken_over
    }

    /// Takes names over, in place of those taken over before.
    pub fn take_over(&mut self, names: TakenOver) {
        self.taken_over.take_back(&mut self.answers);
        names.give(&mut self.answers);
        self.taken_over = names;
    }
}
