//! The writes to the onboarding API, and waiting until Flexera can read.

use std::cell::Cell;

use crate::aws::keys::NewKey;
use crate::error::{Error, Kind, Result};
use crate::onboarding::{BillConnect, CreateFailure, Entry, RoleRequest, UserRequest};
use crate::plan::Change;
use crate::spec::Onboarding;
use crate::steps::bill_connect::{Found, Standing, Write, diff};
use crate::steps::{World, key};
use crate::wait::{self, Progress};

/// Carries out one write.
///
/// # Errors
/// What the API answers; not validated when it still cannot use the role when the time is over.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let api = world.onboarding_api()?;
    let id = onboarding.bill_connect_id();
    match write {
        Write::CreateRole => {
            let send = async || api.create_role(&RoleAsked::of(onboarding).request()).await;
            created(world, send, async |_| same_is_there(world, onboarding).await).await
        }
        Write::UpdateRole => {
            changed(world, async || api.update_role(&id, &RoleAsked::of(onboarding).request()).await).await
        }
        Write::MoveUser => changed(world, async || api.update_user(&id, &user_request(onboarding, None)).await).await,
        Write::CreateUser(stale) => {
            let register = async |key: NewKey| {
                let send = async || api.create_user(&user_request(onboarding, Some(&key))).await;
                created(world, send, async |lost| Ok(lost && take_over(world, onboarding, &key).await?)).await
            };
            key::made_and(world, onboarding, stale, register).await
        }
        Write::ReplaceKey(stale) => {
            let replace = async |key: NewKey| {
                changed(world, async || api.update_user(&id, &user_request(onboarding, Some(&key))).await).await
            };
            key::made_instead(world, onboarding, stale, replace).await
        }
    }
}

/// Asks the API whether it can read, until it can or the time is over: a new role needs up to a minute or more.
///
/// # Errors
/// What the API answers, or an interruption; `valid: false` is no error but a standing.
pub async fn validate(world: &World, onboarding: &Onboarding) -> Result<Standing> {
    let api = world.onboarding_api()?;
    let id = onboarding.bill_connect_id();
    let answer = wait::until(&world.stop, world.patience, || async {
        match api.validation(&id).await {
            Ok(Some(validation)) if !validation.valid => Progress::NotYet(validation.error),
            other => Progress::Done(other),
        }
    })
    .await?;
    Ok(match answer {
        Ok(Ok(Some(_))) => Standing { id: Some(id), validated: Some(true), message: None },
        Ok(Ok(None)) => Standing {
            id: Some(id),
            validated: None,
            message: Some("the optima API publishes no validation; it accepted the bill connect".to_owned()),
        },
        Ok(Err(error)) => return Err(error),
        Err(message) => Standing { id: Some(id), validated: Some(false), message },
    })
}

/// The request borrows the ARN, which is made from names: it lives as long as this.
struct RoleAsked<'a> {
    onboarding: &'a Onboarding,
    arn: String,
}

impl<'a> RoleAsked<'a> {
    fn of(onboarding: &'a Onboarding) -> Self {
        Self { onboarding, arn: onboarding.role_arn() }
    }

    fn request(&self) -> RoleRequest<'_> {
        let Onboarding { bill_account_id, bucket, prefix, session_name, external_id, effective_from, .. } =
            self.onboarding;
        RoleRequest {
            account_id: bill_account_id,
            bucket,
            path: prefix,
            role_arn: &self.arn,
            session_name: session_name.as_ref(),
            external_id: Some(external_id),
            effective_from: effective_from.as_ref(),
        }
    }
}

fn user_request<'a>(onboarding: &'a Onboarding, key: Option<&'a NewKey>) -> UserRequest<'a> {
    UserRequest {
        account_id: &onboarding.bill_account_id,
        bucket: &onboarding.bucket,
        path: &onboarding.prefix,
        partition: onboarding.partition,
        key: key.map(|key| (key.id.as_str(), &key.secret)),
        effective_from: onboarding.effective_from.as_ref(),
    }
}

/// Sends a creation until the API takes it. When the answer to one was lost, or there is one already, `is_ours` says
/// whether what is there is this creation; it is told whether an answer was lost before.
async fn created(
    world: &World,
    send: impl AsyncFn() -> Result<BillConnect, CreateFailure>,
    is_ours: impl AsyncFn(bool) -> Result<bool>,
) -> Result<()> {
    let lost = Cell::new(false);
    let answer = wait::until(&world.stop, world.patience, || async {
        match send().await {
            Ok(_) => Progress::Done(Ok(())),
            Err(CreateFailure::NotYet(error)) => Progress::NotYet(not_validated(error)),
            Err(CreateFailure::Lost(error)) => {
                lost.set(true);
                match is_ours(true).await {
                    Ok(true) => Progress::Done(Ok(())),
                    Ok(false) => Progress::NotYet(error),
                    Err(asking) => Progress::Done(Err(asking)),
                }
            }
            Err(CreateFailure::Conflict(error)) => Progress::Done(match is_ours(lost.get()).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(appeared(error)),
                Err(asking) => Err(asking),
            }),
            Err(CreateFailure::Other(error)) => Progress::Done(Err(error)),
        }
    })
    .await?;
    answer.unwrap_or_else(Err)
}

/// Sends a change until the API takes it; a change can be sent twice without harm.
async fn changed(world: &World, send: impl AsyncFn() -> Result<(), CreateFailure>) -> Result<()> {
    let answer = wait::until(&world.stop, world.patience, || async {
        match send().await {
            Ok(()) => Progress::Done(Ok(())),
            Err(CreateFailure::NotYet(error)) => Progress::NotYet(not_validated(error)),
            Err(CreateFailure::Lost(error)) => Progress::NotYet(error),
            Err(other) => Progress::Done(Err(other.into())),
        }
    })
    .await?;
    answer.unwrap_or_else(Err)
}

/// Whether a bill connect by role with exactly these values exists.
async fn same_is_there(world: &World, onboarding: &Onboarding) -> Result<bool> {
    let connect = world.onboarding_api()?.find(&onboarding.bill_account_id).await?;
    let is_kept =
        |connect: BillConnect| diff(onboarding, &Found { connect: Some(connect), user: None }).change == Change::Keep;
    Ok(connect.is_some_and(is_kept))
}

/// Whether the creation by key whose answer was lost is there. Which key it holds is never shown, so this one's is put
/// into it once more.
async fn take_over(world: &World, onboarding: &Onboarding, key: &NewKey) -> Result<bool> {
    let api = world.onboarding_api()?;
    let connect = api.find(&onboarding.bill_account_id).await?;
    if !connect.is_some_and(|connect| connect.entry == Entry::User) {
        return Ok(false);
    }
    let id = onboarding.bill_connect_id();
    changed(world, async || api.update_user(&id, &user_request(onboarding, Some(key))).await).await?;
    Ok(true)
}

fn appeared(error: Error) -> Error {
    let remedy = "a bill connect for this account has appeared since the plan was made: run the same command again, it plans from what is there now";
    Error { kind: Kind::Refused, ..error }.remedy(remedy)
}

/// Everything in AWS is done; only Flexera cannot use it yet.
fn not_validated(error: Error) -> Error {
    Error { kind: Kind::NotValidated, ..error }
}
