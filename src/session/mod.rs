//! One run from flags to worlds: every front end goes through here, so that wizard, plan, apply and the single steps
//! cannot differ in how they come to their answers, facts and plan.

mod answers;
mod apart;
mod asking;
mod cautions;
mod destroy;
mod elsewhere;
#[cfg(feature = "sandbox")]
mod embedded;
#[cfg(not(feature = "sandbox"))]
#[path = "no_sandbox.rs"]
mod embedded;
mod flexera;
mod for_real;
mod furnished;
mod given;
mod many;
mod profile;
mod stranger;
mod taken_over;

use std::sync::Arc;
use std::time::Duration;

use crate::addresses::Addresses;
use crate::aws::reports::Report;
use crate::aws::{self, Aws, identity};
use crate::context;
use crate::credentials::{self, Sources};
use crate::documents::Purpose;
use crate::error::{Error, Result};
use crate::onboarding::{self, Credential};
use crate::output::Printer;
use crate::plan::{Aim, Plan};
use crate::preflight;
use crate::spec::answers::{Answers, Raw};
use crate::spec::names::{AccountId, OrgId, Parse, Partition, Region};
use crate::spec::{self, Facts, Onboarding, command};
use crate::steps::{self, Scope, Step, World};
use crate::wait::{self, Stop};
use embedded::Embedded;
use given::{give_way_as_one_of_many, read_file, say_access, variable};

pub use cautions::Inherited;
pub use given::{RunOptions, give_way_to_environment, with_file};
pub use many::{Fleet, Opened, open};
pub use taken_over::TakenOver;

/// What every front end starts from.
pub struct Session {
    /// Where results and words go.
    pub printer: Printer,
    /// What the terminal allows.
    pub terminal: context::Facts,
    /// What has been answered.
    pub answers: Answers,
    /// The credential for the onboarding API, if there is one.
    pub credential: Option<Credential>,
    /// The sandbox's own organization, where none was given: a script takes it, the wizard offers it.
    pub suggested_org: Option<OrgId>,
    /// The person's wish to stop.
    pub stop: Stop,
    /// The bound for waiting on propagation and validation.
    pub patience: Duration,
    /// The bound for a wait of hours, where one was given.
    pub wait_at_most: Option<Duration>,
    file: bool,
    /// Everything given, with where it came from.
    raw: Raw,
    taken_over: TakenOver,
    request_timeout: Option<Duration>,
    no_input: bool,
    accessible: bool,
    allow_member_account: bool,
    embedded: Option<Arc<Embedded>>,
    shared: Arc<Shared>,
}

/// What all sessions of one run have in common.
#[derive(Default)]
struct Shared {
    aws: aws::Connections,
    flexera: onboarding::Pool,
}

impl Session {
    /// Parses everything given, reads the file if one is named, starts the sandbox if asked for. No request is made.
    ///
    /// # Errors
    /// One usage error for every problem in flags, variables and file.
    pub fn open(raw: Raw, run: &RunOptions, printer: Printer, terminal: context::Facts, stop: Stop) -> Result<Self> {
        Self::open_one(with_file(raw, run.file.as_deref())?, run, printer, terminal, stop)
    }

    /// The same for one step alone, which says by itself how Flexera gets in where it makes that.
    ///
    /// # Errors
    /// As [`Session::open`], and where another way in was given.
    pub fn open_step(
        raw: Raw,
        step: Step,
        run: &RunOptions,
        printer: Printer,
        terminal: context::Facts,
        stop: Stop,
    ) -> Result<Self> {
        let mut raw = with_file(raw, run.file.as_deref())?;
        say_access(&mut raw, step)?;
        Self::open_one(raw, run, printer, terminal, stop)
    }

    fn open_one(
        mut raw: Raw,
        run: &RunOptions,
        printer: Printer,
        terminal: context::Facts,
        stop: Stop,
    ) -> Result<Self> {
        give_way_to_environment(&mut raw);
        let mut answers = Answers::parse(&raw)?;
        let mut credential = Sources::new(variable).find(&answers, &raw)?;
        for exposed in credentials::exposed(&answers) {
            printer.warn(&exposed);
        }
        let partition = answers.region.as_ref().map_or(Partition::Aws, Region::partition);
        let embedded = if run.sandbox { Some(Arc::new(Embedded::start(partition)?)) } else { None };
        let mut suggested_org = None;
        if let Some(embedded) = &embedded {
            embedded.answer(&raw, &mut answers, &mut credential)?;
            suggested_org = answers.org_id.is_none().then(|| embedded.organization());
        }
        answers.org_id = answers.org_id.or_else(|| suggested_org.clone());
        Ok(Self {
            printer,
            terminal,
            answers,
            credential,
            suggested_org,
            stop,
            file: run.file.is_some(),
            patience: run.patience,
            wait_at_most: run.wait_at_most,
            raw,
            taken_over: TakenOver::default(),
            request_timeout: run.request_timeout,
            no_input: run.no_input,
            accessible: printer.plain,
            allow_member_account: run.allow_member_account,
            embedded,
            shared: Arc::default(),
        })
    }

    /// Whether this is the embedded sandbox; only for what is said, never for what is done.
    pub fn is_rehearsal(&self) -> bool {
        self.embedded.is_some()
    }

    /// The sandbox's account, in the sandbox.
    pub fn sandbox_account(&self) -> Option<AccountId> {
        self.embedded.as_deref().map(Embedded::account)
    }

    /// The command that repeats this run without questions.
    pub fn command(&self, verb: &str) -> String {
        self.command_with(verb, &self.answers)
    }

    /// The same with other answers.
    pub fn command_with(&self, verb: &str, answers: &Answers) -> String {
        let rehearsal = self.is_rehearsal().then_some(command::SANDBOX);
        let switches: Vec<&str> = rehearsal.into_iter().chain(self.allowance()).collect();
        command::equivalent(verb, &switches, answers)
    }

    /// What this run was allowed besides its answers.
    fn allowance(&self) -> Option<&'static str> {
        self.allow_member_account.then_some("--allow-member-account")
    }

    /// Runs something that only reads, and drops it when the person says stop.
    ///
    /// # Errors
    /// What it returns, or the interruption.
    pub async fn reading<T>(&self, read: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            answer = read => answer,
            () = self.stop.asked() => Err(wait::interrupted().because("nothing was changed").remedy("run the same command again")),
        }
    }

    /// The same, with a line for a person who waits longer for it than a moment.
    ///
    /// # Errors
    /// As [`Self::reading`].
    pub async fn looking<T>(&self, at: &str, read: impl Future<Output = Result<T>>) -> Result<T> {
        self.printer.looking(at, self.reading(read)).await
    }

    /// Refuses a run that lacks answers, naming all of them.
    ///
    /// # Errors
    /// One usage error.
    pub fn require(&self, scope: &Scope) -> Result<()> {
        let mut missing = Vec::new();
        if self.answers.org_id.is_none() {
            missing.push("--org-id");
        }
        if scope.reads(Step::BillConnect) && self.credential.is_none() {
            missing.push(credentials::MISSING);
        }
        if missing.is_empty() { Ok(()) } else { Err(spec::missing(&missing)) }
    }

    /// Refuses a run that asks the onboarding API alone and lacks what that needs.
    ///
    /// # Errors
    /// One usage error.
    pub fn require_api(&self) -> Result<()> {
        self.require(&Scope::single(Step::BillConnect))
    }

    /// The clients, after all addresses were held against each other.
    ///
    /// # Errors
    /// A usage error for addresses that do not go together, and for a profile that does not exist; a refusal of a partition
    /// without a way, which its region tells before anybody is asked.
    pub async fn connect(&self) -> Result<World> {
        self.check_profile()?;
        let world = self.connect_aws().await?;
        spec::check_partition(&self.answers, world.aws.region().partition())?;
        let flexera = if world.onboarding.is_some() { self.flexera_addresses()? } else { Vec::new() };
        let aws: Vec<String> = world.aws.endpoints().iter().map(|endpoint| endpoint.url.clone()).collect();
        Addresses::new(&aws, flexera)?.check()?;
        Ok(world)
    }

    /// The clients for commands that ask the onboarding API alone, so that where AWS would be does not matter.
    ///
    /// # Errors
    /// A usage error for what is missing.
    pub async fn connect_api(&self) -> Result<World> {
        self.require_api()?;
        Addresses::one_side(&self.flexera_addresses()?)?;
        self.tell(&self.flexera_elsewhere());
        self.connect_aws().await
    }

    async fn connect_aws(&self) -> Result<World> {
        // In a rehearsal a profile is only the name of somebody, who has an account of his own there.
        let (profile, fixed_credentials) = match (&self.embedded, &self.answers.profile) {
            (Some(embedded), profile) => (None, Some(embedded.aws_credentials(profile.as_deref()))),
            (None, profile) => (profile.clone(), None),
        };
        let settings = aws::Settings {
            profile,
            region: self.answers.region.clone(),
            endpoint_url: self.answers.endpoint_url.clone(),
            assume_role: self.answers.assume_role.clone(),
            fixed_credentials,
            request_timeout: self.request_timeout,
        };
        let aws = Box::pin(self.shared.aws.connect(&settings)).await?;
        let onboarding = match (&self.credential, &self.answers.org_id) {
            (Some(credential), Some(org)) => {
                Some(self.shared.flexera.api(self.api_settings(credential.clone(), org.clone())?)?)
            }
            _ => None,
        };
        Ok(World { aws, onboarding, patience: self.patience, stop: self.stop.clone() })
    }

    /// The first wave: who am I, what kind of account, its reports, where the bucket is; the token beside it.
    ///
    /// # Errors
    /// A permission error when AWS or the token endpoint refuses; a refusal for a member account.
    pub async fn facts(&self, world: &World, step: Option<Step>) -> Result<Facts> {
        let facts = self.facts_for(world, &self.scope(step)).await?;
        self.refuse_member(&facts.account_kind)?;
        Ok(facts)
    }

    async fn facts_for(&self, world: &World, scope: &Scope) -> Result<Facts> {
        // Who am I decides: when AWS does not know the caller, nobody waits for the rest to fail the same way.
        let rest = async {
            Ok(tokio::join!(
                Box::pin(world.aws.management_account()),
                Box::pin(self.reports(&world.aws, scope)),
                Box::pin(self.bucket_region(&world.aws)),
                Box::pin(sign_in(world, scope)),
            ))
        };
        let (caller, (management, reports, bucket_region, token)) =
            tokio::try_join!(Box::pin(world.aws.caller()), rest)?;
        // A partition without a way is refused before what fails because of it.
        spec::check_partition(&self.answers, caller.partition)?;
        token?;
        let account_kind = identity::account_kind(&caller.account, management);
        Ok(Facts {
            region: world.aws.region().clone(),
            reports: reports?,
            bucket_region: bucket_region?,
            caller,
            account_kind,
        })
    }

    /// The plan of a run without questions: both waves, and the warning of a rehearsal first, which for one step alone
    /// begins with what that step needs.
    ///
    /// # Errors
    /// What is missing, cannot be resolved or cannot be read.
    pub async fn plan(&self, world: &World, step: Option<Step>) -> Result<Plan> {
        let furnished = self.furnish(world, &step.map(Scope::single).unwrap_or_default().needs).await?;
        let facts = self.facts(world, step).await?;
        let mut plan = self.prepare(world, &facts, step).await?.2;
        plan.warnings.splice(0..0, self.rehearsal().into_iter().chain(furnished));
        Ok(plan)
    }

    /// From answers and facts to the onboarding and its plan: the second wave, and the pure decisions on it. It waits for
    /// the first, because ARNs and the bucket's default name hold the account, and the onboarding API wants the token.
    ///
    /// # Errors
    /// What cannot be resolved or read.
    pub async fn prepare(&self, world: &World, facts: &Facts, step: Option<Step>) -> Result<(Onboarding, Scope, Plan)> {
        let onboarding = spec::resolve(&self.answers, facts)?;
        let by_hand = if step.is_none() { steps::by_hand(&onboarding) } else { None };
        let scope = Scope::of(step, onboarding.access, onboarding.api);
        let (found, preflight) = preflight::beside(
            steps::inspect(world, &onboarding, &scope, facts.reports.clone()),
            Box::pin(preflight::ask(&world.aws, &facts.caller, &onboarding, Purpose::Apply)),
        )
        .await;
        let found = found?;
        let onboarding = onboarding.encrypted_with(found.bucket_key.as_deref());
        let steps = steps::diff(&onboarding, &found, &scope);
        let mut warnings: Vec<String> = preflight.warning(Purpose::Apply).into_iter().collect();
        warnings.extend(self.cautions(world, facts, &onboarding));
        Ok((onboarding.clone(), scope, Plan { aim: Aim::Onboard, onboarding, steps, warnings, by_hand }))
    }

    fn refuse_member(&self, kind: &identity::AccountKind) -> Result<()> {
        match kind {
            identity::AccountKind::Member(payer) if !self.allow_member_account => {
                Err(Error::refused(format!("this account is a member of an organization whose payer is {payer}"))
                    .because("a member's report holds only its own costs, and Flexera asks for the payer's")
                    .remedy(format!(
                        "use credentials of {payer}; or add --allow-member-account to connect this account alone"
                    )))
            }
            _ => Ok(()),
        }
    }

    /// What this run looks at, as far as the answers say by now.
    pub fn scope(&self, step: Option<Step>) -> Scope {
        let (access, api) = (self.answers.access.unwrap_or_default(), self.answers.api.unwrap_or_default());
        Scope::of(step, access, api)
    }

    /// Whoever makes one step's part of it need not be allowed to see the reports.
    async fn reports(&self, aws: &Aws, scope: &Scope) -> Result<Vec<Report>> {
        if !scope.reads(Step::Report) && self.answers.reuse_report.is_none() {
            return Ok(Vec::new());
        }
        Ok(aws.reports().await?)
    }

    /// Only a bucket that was named, without a region, has to be looked for.
    async fn bucket_region(&self, aws: &Aws) -> Result<Option<Region>> {
        let (Some(bucket), None) = (&self.answers.bucket, &self.answers.bucket_region) else { return Ok(None) };
        Ok(aws.bucket_region(bucket).await?.and_then(|region| Region::parse(&region).ok()))
    }
}

/// A token is fetched only for a run that asks the API.
async fn sign_in(world: &World, scope: &Scope) -> Result<()> {
    match &world.onboarding {
        Some(api) if scope.reads(Step::BillConnect) => api.sign_in().await,
        _ => Ok(()),
    }
}
