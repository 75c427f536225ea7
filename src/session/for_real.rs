//! What a rehearsal's answers are worth outside of it: what a person gave holds there too, what was only the sandbox's own
//! offer does not.

use std::path::{Path, PathBuf};

use super::Session;
use super::embedded::Embedded;
use crate::spec::answers::{Answers, Source};
use crate::spec::names::{ExternalId, OrgId, Region};
use crate::spec::{command, default_bucket};

const REHEARSAL_KEY_FILE: &str = "rehearsal-access-key";

fn is_a_rehearsals(key_file: &Path) -> bool {
    key_file.to_str().is_some_and(|name| name.starts_with(REHEARSAL_KEY_FILE))
}

impl Session {
    /// Where a rehearsal's access key goes unless the person says otherwise: a file of its own, since it opens nothing and must
    /// not be in the way of the real one, nor of the next rehearsal's.
    pub fn rehearsal_key_file() -> PathBuf {
        let numbered = (2..).map(|number| format!("{REHEARSAL_KEY_FILE}-{number}"));
        let mut names = std::iter::once(REHEARSAL_KEY_FILE.to_owned()).chain(numbered).map(PathBuf::from);
        names.find(|name| name.symlink_metadata().is_err()).unwrap_or_default()
    }

    /// The command that does for real what was rehearsed, `verb` with the person's own answers.
    pub fn for_real(&self, verb: &str) -> String {
        command::equivalent(verb, self.allowance().as_slice(), &self.own_answers())
    }

    /// The answers without what a rehearsal brings with it.
    pub fn own_answers(&self) -> Answers {
        let mut own = self.answers.clone();
        let Some(embedded) = self.embedded.as_deref() else { return own };
        (own.endpoint_url, own.api_url, own.login_url) = (None, None, None);
        self.drop_offers(embedded, &mut own);
        own
    }

    /// The answers without what this run alone brought: the access key's file that a rehearsal offers, and names that were
    /// taken over.
    pub fn worth_keeping(&self) -> Answers {
        let mut kept = self.answers.clone();
        self.taken_over.take_back(&mut kept);
        if self.is_rehearsal() && !self.was_given("access_key_file") {
            kept.access_key_file.take_if(|path| is_a_rehearsals(path));
        }
        kept
    }

    /// An answer that is what the sandbox offered is the person's only where it was given.
    fn drop_offers(&self, embedded: &Embedded, own: &mut Answers) {
        let mut drop = |key: &str, offered: bool, forget: fn(&mut Answers)| {
            if offered && !self.was_given(key) {
                forget(own);
            }
        };
        let is_region = |region: &Option<Region>| region.as_ref() == Some(&Region::fallback());
        let bucket = self.answers.org_id.as_ref().map(|org| default_bucket(&embedded.account(), org));
        let is_bucket = self.answers.bucket.as_ref().map(|name| name.as_str()) == bucket.as_deref();
        let is_key_file = self.answers.access_key_file.as_deref().is_some_and(is_a_rehearsals);
        let is_org = |id: Option<&str>| id == Some(embedded.organization().as_str());
        drop("org_id", is_org(self.answers.org_id.as_ref().map(OrgId::as_str)), |own| own.org_id = None);
        let external_id = self.answers.external_id.as_ref().map(ExternalId::as_str);
        drop("external_id", is_org(external_id), |own| own.external_id = None);
        let is_account = self.answers.bill_account_id.as_ref() == Some(&embedded.account());
        drop("bill_account_id", is_account, |own| own.bill_account_id = None);
        drop("region", is_region(&self.answers.region), |own| own.region = None);
        drop("bucket_region", is_region(&self.answers.bucket_region), |own| own.bucket_region = None);
        drop("bucket", is_bucket, |own| own.bucket = None);
        drop("access_key_file", is_key_file, |own| own.access_key_file = None);
    }

    /// Whether this run was given it by a person, in a flag, a variable or the file it names; what an earlier run kept is taken
    /// over, and a plan holds what nobody gave too.
    fn was_given(&self, key: &str) -> bool {
        self.raw.get(key).is_some_and(|given| match given.source {
            Source::Flag | Source::Environment(_) => true,
            Source::File(..) => self.file,
            Source::Plan(_) => false,
        })
    }
}
