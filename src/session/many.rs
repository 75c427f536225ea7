//! An onboarding file of many: everything in it is parsed before the first request, and each session is opened when its
//! turn comes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::apart::stands_for_all;
use super::{Embedded, RunOptions, Session, Shared, TakenOver, give_way_as_one_of_many, read_file, variable};
use crate::context;
use crate::credentials::{Sources, exposed};
use crate::error::Result;
use crate::fleet::Whose;
use crate::onboarding::Credential;
use crate::output::Printer;
use crate::spec::answers::{Answers, Raw, WHAT_EACH_TAKES, all_problems};
use crate::spec::file::{Entry, File};
use crate::spec::names::Partition;
use crate::steps::Scope;
use crate::wait::Stop;

/// One onboarding, or many from a file.
pub enum Opened {
    /// One.
    One(Box<Session>),
    /// Many.
    Many(Fleet),
}

/// Parses everything given and the file if one is named. No request is made.
///
/// # Errors
/// One usage error for every problem in flags, variables and file.
pub fn open(mut raw: Raw, run: &RunOptions, printer: Printer, terminal: context::Facts, stop: Stop) -> Result<Opened> {
    if let Some(path) = &run.file {
        match read_file(path)? {
            File::One(found) => raw.fill_from(found),
            File::Many(entries) => {
                return Fleet::open(path, entries, &raw, run, printer, terminal, stop).map(Opened::Many);
            }
        }
    }
    Session::open_one(raw, run, printer, terminal, stop).map(|session| Opened::One(Box::new(session)))
}

/// The onboardings of one file, in its order.
pub struct Fleet {
    /// Where results and words go.
    pub printer: Printer,
    /// What the terminal allows.
    pub terminal: context::Facts,
    /// The person's wish to stop.
    pub stop: Stop,
    /// The onboarding file.
    pub file: PathBuf,
    members: Vec<Member>,
    run: RunOptions,
    embedded: Option<Arc<Embedded>>,
    shared: Arc<Shared>,
}

struct Member {
    name: String,
    raw: Raw,
    answers: Answers,
    credential: Option<Credential>,
}

impl Fleet {
    fn open(
        path: &Path,
        entries: Vec<Entry>,
        given: &Raw,
        run: &RunOptions,
        printer: Printer,
        terminal: context::Facts,
        stop: Stop,
    ) -> Result<Self> {
        let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        if let Some(error) = stands_for_all(given, &entries, path, set) {
            return Err(error);
        }
        let embedded = if run.sandbox { Some(Arc::new(Embedded::start(Partition::Aws)?)) } else { None };
        let members = members(entries, given, embedded.as_deref())?;
        let exposed: BTreeSet<String> = members.iter().flat_map(|member| exposed(&member.answers)).collect();
        for file in exposed {
            printer.warn(&file);
        }
        let (file, run, shared) = (path.to_owned(), run.clone(), Arc::default());
        Ok(Self { printer, terminal, stop, file, members, run, embedded, shared })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none; a file without one is refused.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The name of the one at this place.
    pub fn name(&self, place: usize) -> &str {
        &self.members[place].name
    }

    /// Whose account it works in, as far as that is known before AWS is asked: the same words, the same account.
    pub fn account_key(&self, place: usize) -> String {
        let answers = &self.members[place].answers;
        // A role says its account; without one it is the profile's, whatever that is.
        match &answers.assume_role {
            Some(role) => role.account().to_owned(),
            None => format!("profile {}", answers.profile.as_deref().unwrap_or_default()),
        }
    }

    /// Whose it is, as far as that is known before AWS is asked.
    pub fn whose(&self, place: usize) -> Whose {
        Whose::of(&self.members[place].answers)
    }

    /// Whether this is the embedded sandbox; only for what is said, never for what is done.
    pub fn is_rehearsal(&self) -> bool {
        self.embedded.is_some()
    }

    /// Whether a person can be asked.
    pub fn may_ask(&self) -> bool {
        self.terminal.may_ask(self.run.no_input)
    }

    /// The session of the one at this place; it shares connections, tokens and rate budgets with the others.
    pub fn session(&self, place: usize) -> Session {
        let member = &self.members[place];
        Session {
            printer: self.printer,
            terminal: self.terminal.clone(),
            answers: member.answers.clone(),
            credential: member.credential.clone(),
            suggested_org: None,
            stop: self.stop.clone(),
            patience: self.run.patience,
            wait_at_most: self.run.wait_at_most,
            request_timeout: self.run.request_timeout,
            file: true,
            raw: member.raw.clone(),
            taken_over: TakenOver::default(),
            no_input: self.run.no_input,
            accessible: self.printer.plain,
            allow_member_account: self.run.allow_member_account,
            embedded: self.embedded.clone(),
            shared: Arc::clone(&self.shared),
        }
    }

    /// Refuses a run in which one lacks answers, naming all of them.
    ///
    /// # Errors
    /// One usage error.
    pub fn require(&self, scope: impl Fn(&Session) -> Scope) -> Result<()> {
        let mut problems = Vec::new();
        for (place, member) in self.members.iter().enumerate() {
            let session = self.session(place);
            if let Err(error) = session.require(&scope(&session)) {
                problems.push(format!("{}: {}", member.name, error.message));
            }
        }
        if problems.is_empty() {
            return Ok(());
        }
        Err(all_problems(&problems).remedy(format!(
            "write them into {}, for one or under [defaults]; optima-onboard help file shows how",
            self.file.display()
        )))
    }
}

fn members(entries: Vec<Entry>, given: &Raw, embedded: Option<&Embedded>) -> Result<Vec<Member>> {
    let sources = Sources::new(variable);
    let (mut members, mut problems, mut told) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut problem = |name: &str, what: String| {
        // A mistake under [defaults] is everybody's, and is told once.
        if told.insert(what.clone()) {
            problems.push(format!("{name}: {what}"));
        }
    };
    for Entry { name, raw: own } in entries {
        let mut raw = given.clone();
        raw.fill_from(own);
        give_way_as_one_of_many(&mut raw);
        let mut answers = match Answers::read(&raw) {
            Ok(answers) => answers,
            Err(found) => {
                found.into_iter().for_each(|what| problem(&name, what));
                continue;
            }
        };
        let credential = match embedded {
            // A real token has no place in a rehearsal, nor has looking for one.
            Some(embedded) => {
                let mut credential = None;
                embedded.answer_of_many(&raw, &mut answers, &mut credential)?;
                answers.org_id = answers.org_id.take().or_else(|| Some(embedded.organization()));
                Ok(credential)
            }
            None => sources.find(&answers, &raw),
        };
        match credential {
            Ok(credential) => members.push(Member { name, raw, answers, credential }),
            Err(error) => problem(&name, error.to_string()),
        }
    }
    if problems.is_empty() { Ok(members) } else { Err(all_problems(&problems).see_help(WHAT_EACH_TAKES)) }
}
