//! A build without the sandbox: the type is there, and no value of it can be.

use crate::error::{Error, Result};
use crate::onboarding::Credential;
use crate::secret::Secret;
use crate::spec::answers::{Answers, Raw};
use crate::spec::names::{AccountId, OrgId, Partition};

/// Without the feature there is none.
pub(super) enum Embedded {}

impl Embedded {
    pub(super) fn start(_: Partition) -> Result<Self> {
        Err(Error::usage("this build has no sandbox")
            .because("it was built without the feature sandbox")
            .remedy("leave --sandbox out, or run a build with default features"))
    }

    pub(super) fn answer(&self, _: &Raw, _: &mut Answers, _: &mut Option<Credential>) -> Result<()> {
        match *self {}
    }

    pub(super) fn answer_of_many(&self, _: &Raw, _: &mut Answers, _: &mut Option<Credential>) -> Result<()> {
        match *self {}
    }

    pub(super) fn account(&self) -> AccountId {
        match *self {}
    }

    pub(super) fn organization(&self) -> OrgId {
        match *self {}
    }

    pub(super) fn aws_credentials(&self, _: Option<&str>) -> (String, Secret) {
        match *self {}
    }
}
