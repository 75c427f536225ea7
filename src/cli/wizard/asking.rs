//! Question after question until none is open, and back again. Between two of them the world is only read.

use crate::cli::wizard::flexera;
use crate::cli::wizard::kept::Kept;
use crate::cli::wizard::questions::{Ask, Known, standing};
use crate::error::Result;
use crate::onboarding::BillConnect;
use crate::prompt::{Prompter, Reply};
use crate::session::{Session, TakenOver};
use crate::spec::answers::Answers;
use crate::spec::names::{Api, Parse, Region};
use crate::spec::tags::Owner;
use crate::spec::{Facts, resolve};

/// What a person waits for meanwhile.
pub const AT_AWS: &str = "asking AWS";

/// What the questions know, and which were asked.
pub struct Conversation {
    /// What was found in the account.
    pub facts: Facts,
    buckets: Vec<String>,
    before: Answers,
    asked: Vec<Ask>,
    /// The credential was tried with the organization, API and zone as they are now.
    tried: bool,
    /// The bill connect that this found.
    connect: Option<BillConnect>,
    change: Option<Change>,
}

/// One answer that is being changed from the review, and all as it was before.
struct Change {
    answers: Answers,
    bucket_region: Option<Region>,
    tried: bool,
    connect: Option<BillConnect>,
    taken_over: TakenOver,
    asked: Vec<Ask>,
    /// How many questions were answered since; whoever goes back from the first of them wants none of it.
    since: usize,
}

impl Conversation {
    /// None was asked yet.
    pub fn new(facts: Facts, buckets: Vec<String>, before: Answers) -> Self {
        Self { facts, buckets, before, asked: Vec::new(), tried: false, connect: None, change: None }
    }

    /// None was asked yet, in another account.
    pub fn begin_again(self, session: &mut Session, facts: Facts, buckets: Vec<String>) -> Self {
        session.take_over(TakenOver::default());
        Self::new(facts, buckets, self.before)
    }

    /// Asks until nothing is open and the credential was tried; every answer is kept at once. Whoever goes back from the
    /// first question wants what comes before all of them.
    ///
    /// # Errors
    /// When the person leaves, and what reading between the questions meets.
    pub async fn fill(&mut self, session: &mut Session, prompter: &mut dyn Prompter, kept: &Kept) -> Result<Reply<()>> {
        loop {
            let open = Ask::first_open(&session.answers, &self.facts);
            let reply = match open {
                Some(ask) if self.tried || ask.comes_before_flexera() => {
                    let (facts, buckets, before) = (&self.facts, &*self.buckets, &self.before);
                    let known = Known { facts, buckets, before, connect: self.connect.as_ref() };
                    let reply = ask.ask(prompter, &mut session.answers, &known)?;
                    self.note(ask, &reply);
                    reply
                }
                _ if !self.tried => match flexera::try_credential(session, prompter, &self.facts).await? {
                    Reply::Given(connect) => {
                        (self.tried, self.connect) = (true, connect);
                        self.take_names_over(session).await?;
                        Reply::Given(())
                    }
                    Reply::Back => Reply::Back,
                },
                _ => {
                    self.change = None;
                    return Ok(Reply::Given(()));
                }
            };
            if reply == Reply::Back && !self.put_back(session) && !self.step_back(session) {
                return Ok(Reply::Back);
            }
            kept.keep(session);
            self.look_for_bucket(session).await?;
        }
    }

    /// Opens one answer again from the review; whoever goes back from its question has changed nothing.
    pub fn change(&mut self, session: &mut Session, ask: Ask) {
        self.change = Some(Change {
            answers: session.answers.clone(),
            bucket_region: self.facts.bucket_region.clone(),
            tried: self.tried,
            connect: self.connect.clone(),
            taken_over: session.taken_over().clone(),
            asked: self.asked.clone(),
            since: 0,
        });
        self.reopen(session, ask);
    }

    /// Puts all back as it was before a change of which nothing is answered; whether there is one.
    fn put_back(&mut self, session: &mut Session) -> bool {
        let Some(change) = self.change.take_if(|change| change.since == 0) else { return false };
        session.take_over(change.taken_over);
        session.answers = change.answers;
        self.facts.bucket_region = change.bucket_region;
        self.connect = change.connect;
        self.asked = change.asked;
        // A credential that was refused meanwhile is none.
        self.tried = change.tried && session.credential.is_some();
        true
    }

    /// Opens one answer again, which is then its question's default.
    fn reopen(&mut self, session: &mut Session, ask: Ask) {
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
            self.asked.retain(|asked| *asked != ask);
            self.asked.push(ask);
            self.change.as_mut().into_iter().for_each(|change| change.since += 1);
        }
    }

    /// Opens the question before again; whether there is one.
    pub fn step_back(&mut self, session: &mut Session) -> bool {
        let last = self.asked.pop();
        self.change.as_mut().into_iter().for_each(|change| change.since = change.since.saturating_sub(1));
        last.inspect(|last| self.reopen(session, *last)).is_some()
    }

    /// Whether a question was asked.
    pub fn has_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// The role that a bill connect names is taken in place of a new one beside it, where it is this program's, with its
    /// policy, and where the API changes no bill connect.
    async fn take_names_over(&mut self, session: &mut Session) -> Result<()> {
        session.take_over(TakenOver::default());
        let (None, Some(org)) = (&session.answers.role_name, &session.answers.org_id) else { return Ok(()) };
        let Some(name) = standing::role(self.connect.as_ref(), &self.facts.caller.account) else { return Ok(()) };
        let world = session.connect().await?;
        // Whoever may not read it is told so where the plan does.
        let role = async { Ok(world.aws.role(name.as_str()).await.ok().flatten()) };
        let Some(role) = session.looking(AT_AWS, role).await? else { return Ok(()) };
        let is_ours = role.tags.owner(org) == Owner::Ours;
        let is_fixed = session.answers.api.unwrap_or_default() == Api::Optima;
        let policy = standing::policy(&role, &self.facts.caller.account).filter(|_| is_ours);
        let by_default = resolve(&session.answers, &self.facts).ok();
        session.take_over(TakenOver {
            role: Some(name)
                .filter(|name| (is_ours || is_fixed) && by_default.as_ref().is_none_or(|one| one.role_name != *name)),
            policy: policy.filter(|name| by_default.as_ref().is_none_or(|one| one.policy_name != *name)),
        });
        Ok(())
    }

    /// A bucket that exists has its region: then it is no question.
    async fn look_for_bucket(&mut self, session: &Session) -> Result<()> {
        let (Some(bucket), None, None) =
            (&session.answers.bucket, &session.answers.bucket_region, &self.facts.bucket_region)
        else {
            return Ok(());
        };
        let world = session.connect().await?;
        let found = session.looking(AT_AWS, async { Ok(world.aws.bucket_region(bucket).await?) }).await?;
        self.facts.bucket_region = found.and_then(|region| Region::parse(&region).ok());
        Ok(())
    }
}

/// Whoever wants to go back from the first question is told that it is the first.
pub fn first(prompter: &mut dyn Prompter) {
    prompter.tell("This is the first question; Ctrl-C leaves.");
}
