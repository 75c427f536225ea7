//! Question after question until none is open, and back again. Between two of them the world is only read.

use crate::cli::wizard::flexera;
use crate::cli::wizard::kept::Kept;
use crate::cli::wizard::questions::{Ask, Known};
use crate::error::Result;
use crate::prompt::{Prompter, Reply};
use crate::session::Session;
use crate::spec::Facts;
use crate::spec::answers::Answers;
use crate::spec::names::{Parse, Region};

/// What the questions know, and which were asked.
pub struct Conversation {
    /// What was found in the account.
    pub facts: Facts,
    buckets: Vec<String>,
    before: Answers,
    asked: Vec<Ask>,
    /// The credential was tried with the organization, API and zone as they are now.
    tried: bool,
}

impl Conversation {
    /// None was asked yet.
    pub fn new(facts: Facts, buckets: Vec<String>, before: Answers) -> Self {
        Self { facts, buckets, before, asked: Vec::new(), tried: false }
    }

    /// Asks until nothing is open and the credential was tried; every answer is kept at once.
    ///
    /// # Errors
    /// When the person leaves, and what reading between the questions meets.
    pub async fn fill(&mut self, session: &mut Session, prompter: &mut dyn Prompter, kept: &Kept) -> Result<()> {
        loop {
            let open = Ask::first_open(&session.answers, &self.facts);
            let reply = match open {
                Some(ask) if self.tried || ask.comes_before_flexera() => {
                    let known = Known { facts: &self.facts, buckets: &self.buckets, before: &self.before };
                    let reply = ask.ask(prompter, &mut session.answers, &known)?;
                    self.note(ask, &reply);
                    reply
                }
                _ if !self.tried => {
                    let reply = flexera::try_credential(session, prompter, &self.facts).await?;
                    self.tried = reply == Reply::Given(());
                    reply
                }
                _ => return Ok(()),
            };
            if reply == Reply::Back && !self.step_back(session) {
                first(session);
            }
            kept.keep(session);
            self.look_for_bucket(session).await?;
        }
    }

    /// Opens one answer again, which is then its question's default.
    pub fn reopen(&mut self, session: &mut Session, ask: Ask) {
        for answered in Ask::ALL {
            answered.carry(&session.answers, &mut self.before);
        }
        ask.forget(&mut session.answers);
        self.tried &= !ask.comes_before_flexera();
        if !matches!(ask, Ask::BucketRegion | Ask::Access | Ask::KeyFile) {
            self.facts.bucket_region = None;
        }
    }

    fn note(&mut self, ask: Ask, reply: &Reply<()>) {
        if *reply == Reply::Given(()) {
            self.asked.push(ask);
        }
    }

    /// Opens the question before again; whether there is one.
    pub fn step_back(&mut self, session: &mut Session) -> bool {
        let last = self.asked.pop();
        last.inspect(|last| self.reopen(session, *last)).is_some()
    }

    /// Whether a question was asked.
    pub fn has_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// A bucket that exists has its region: then it is no question.
    async fn look_for_bucket(&mut self, session: &Session) -> Result<()> {
        let (Some(bucket), None, None) =
            (&session.answers.bucket, &session.answers.bucket_region, &self.facts.bucket_region)
        else {
            return Ok(());
        };
        let world = session.connect().await?;
        let found = session.reading(async { Ok(world.aws.bucket_region(bucket).await?) }).await?;
        self.facts.bucket_region = found.and_then(|region| Region::parse(&region).ok());
        Ok(())
    }
}

/// Whoever wants to go back from the first question is told that it is the first.
pub fn first(session: &Session) {
    session.printer.say(&session.printer.paint_err().dim("  This is the first question; Ctrl-C leaves."));
}
