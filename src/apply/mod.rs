//! Carries a plan out along the dependency graph: two chains side by side, then the bill connect, then its validation;
//! what is removed goes in the reverse. Nothing is decided here; the plan holds every write.
//!
//! ```text
//! bucket ── bucket policy ──┬── report ──┬── bill connect ── validation
//!    policy ┐               │            │
//! role/user ┴── attachment ─│────────────┘
//!                           └── what else the bucket needs
//! ```

mod ledger;
pub mod receipt;
mod reverse;

use std::convert::Infallible;
use std::time::Instant;

use tokio::sync::oneshot;

use crate::error::{Error, Kind, Result};
use crate::plan::{Aim, Plan};
use crate::steps::bill_connect::{self, Standing};
use crate::steps::{self, Step, World, Write};

pub use ledger::{Applied, Event, Ledger, Outcome};

/// Carries out every write of the plan; stops a chain at its first failure and finishes what runs beside it.
pub async fn run(world: &World, plan: &Plan, tell: &dyn Fn(Event)) -> Applied {
    let run = Run { world, plan, ledger: Ledger::new(plan), tell };
    let standing = tokio::select! {
        standing = run.all() => standing,
        never = run.announce_a_stop() => match never {},
    };
    run.ledger.close(plan, standing)
}

struct Run<'a> {
    world: &'a World,
    plan: &'a Plan,
    ledger: Ledger,
    tell: &'a dyn Fn(Event),
}

/// A chain that ended early; the error itself stands in the ledger.
struct Stopped;

impl Run<'_> {
    async fn all(&self) -> Option<Standing> {
        match self.plan.aim {
            Aim::Onboard => self.onboard().await,
            Aim::Destroy => {
                self.destroy().await;
                None
            }
        }
    }

    /// What else the bucket needs is written beside both chains: nothing waits for it.
    async fn onboard(&self) -> Option<Standing> {
        let (bucket_is_free, free) = oneshot::channel();
        tokio::join!(self.chains(bucket_is_free), self.settings(free)).0
    }

    /// The bill connect waits for both chains, because Flexera looks at bucket and role when it takes it.
    async fn chains(&self, bucket_is_free: oneshot::Sender<()>) -> Option<Standing> {
        match tokio::join!(self.bill(bucket_is_free), self.access()) {
            (Ok(()), Ok(())) => self.connect().await,
            _ => None,
        }
    }

    /// A request under way may take its time after the person said stop: they should know that they were heard.
    async fn announce_a_stop(&self) -> Infallible {
        self.world.stop.asked().await;
        (self.tell)(Event::Stopping);
        std::future::pending().await
    }

    /// The bucket, then its policy, then the report: AWS billing checks the policy when the report is made.
    async fn bill(&self, bucket_is_free: oneshot::Sender<()>) -> Result<(), Stopped> {
        self.carry(Step::Bucket, |write| matches!(write, Write::Bucket(write) if write.comes_first())).await?;
        self.carry(Step::BucketPolicy, |_| true).await?;
        // Fails only when nobody waits for it.
        let _ = bucket_is_free.send(());
        self.carry(Step::Report, |_| true).await
    }

    /// What else a bucket needs is written beside the report and the bill connect, which do not need it, but after the
    /// bucket's policy: S3 answers concurrent writes to one bucket with 409 OperationAborted.
    async fn settings(&self, free: oneshot::Receiver<()>) {
        if free.await.is_ok() {
            // How it ended stands in the ledger.
            let rest = |write: &Write| !matches!(write, Write::Bucket(write) if write.comes_first());
            let _ = self.carry(Step::Bucket, rest).await;
        }
    }

    /// The policy beside the role or user, then the attachment, which needs both.
    async fn access(&self) -> Result<(), Stopped> {
        let (policy, role, user) = tokio::join!(
            self.carry(Step::Policy, |_| true),
            self.carry(Step::Role, |write| !needs_policy(write)),
            self.carry(Step::User, |write| !needs_policy(write)),
        );
        policy.and(role).and(user)?;
        let (role, user) = tokio::join!(self.carry(Step::Role, needs_policy), self.carry(Step::User, needs_policy));
        role.and(user)
    }

    /// The bill connect, then its validation, which asks about the bill connect.
    async fn connect(&self) -> Option<Standing> {
        self.plan.step(Step::BillConnect)?;
        self.carry(Step::BillConnect, |_| true).await.ok()?;
        let id = self.plan.onboarding.bill_connect_id();
        (self.tell)(Event::Validating);
        let standing = Box::pin(bill_connect::validate(self.world, &self.plan.onboarding)).await;
        Some(standing.unwrap_or_else(|error| {
            self.ledger.fail_validation(error.clone());
            Standing { id: Some(id), validated: None, message: Some(error.to_string()) }
        }))
    }

    /// The writes of one step that `now` picks, one after another.
    async fn carry(&self, step: Step, now: impl Fn(&Write) -> bool) -> Result<(), Stopped> {
        let Some(planned) = self.plan.step(step) else { return Ok(()) };
        let writes: Vec<&Write> = planned.writes.iter().filter(|write| now(write)).collect();
        if writes.is_empty() {
            return Ok(());
        }
        let start = Instant::now();
        for (place, write) in writes.into_iter().enumerate() {
            if let Err(stop) = self.world.stop.check() {
                (self.tell)(Event::Left(step, self.ledger.left(step, stop)));
                return Err(Stopped);
            }
            if place == 0 {
                (self.tell)(Event::Started(step));
            }
            if let Err(error) = self.write(write).await {
                let end = if error.kind == Kind::Interrupted { Event::Interrupted } else { Event::Failed };
                self.ledger.failed(step, error);
                (self.tell)(end(step, self.ledger.spent(step, start.elapsed())));
                return Err(Stopped);
            }
            self.ledger.written(step);
        }
        let spent = self.ledger.spent(step, start.elapsed());
        (self.tell)(if self.ledger.is_done(step) { Event::Finished(step, spent) } else { Event::Paused(step) });
        Ok(())
    }

    async fn write(&self, write: &Write) -> Result<(), Error> {
        // Boxed, as every write is a future of many kilobytes and the chains hold several side by side.
        Box::pin(steps::apply(self.world, &self.plan.onboarding, write)).await
    }
}

fn needs_policy(write: &Write) -> bool {
    match write {
        Write::Role(write) => write.needs_policy(),
        Write::User(write) => write.needs_policy(),
        _ => false,
    }
}
