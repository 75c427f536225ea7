//! The bill connect: Flexera's record of where the bill is and how to get in.

use crate::aws::keys::NewKey;
use crate::aws::users::User;
use crate::error::{Error, Kind, Result};
use crate::onboarding::{BillConnect, CreateFailure, Entry, RoleRequest, UserRequest, same_path};
use crate::plan::{Change, Detail, Planned};
use crate::spec::Onboarding;
use crate::spec::names::{Access, Api};
use crate::spec::tags::Owner;
use crate::steps::{Step, World, key};
use crate::wait::{self, Progress};

/// What the plan looks at: the bill connect, and with access by user the user whose key it carries.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The bill connect of the account.
    pub connect: Option<BillConnect>,
    /// The IAM user.
    pub user: Option<User>,
}

/// One write to the onboarding API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Register the role.
    CreateRole,
    /// Change the role's bill connect.
    UpdateRole,
    /// Make an access key and register it; these keys of our user, whose secret nobody has, go first.
    CreateUser(Vec<String>),
    /// Make an access key and put it in the place of the one registered.
    ReplaceKey,
    /// Change where the bill is; the key stays.
    MoveUser,
}

/// How the bill connect stands after an apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its id, once there is one.
    pub id: Option<String>,
    /// Whether Flexera can read; `None` where the API does not say.
    pub validated: Option<bool>,
    /// What the API said, or why it says nothing.
    pub message: Option<String>,
}

/// What is between the bill connect found and the one wanted.
pub fn diff(onboarding: &Onboarding, found: &Found) -> Planned {
    let id = onboarding.bill_connect_id();
    let Some(connect) = &found.connect else { return create(onboarding, found.user.as_ref()) };
    let wants_role = onboarding.access == Access::Role;
    if matches!((&connect.entry, wants_role), (Entry::User, true) | (Entry::Role { .. }, false)) {
        let (is, wanted) = if wants_role { ("user", "role") } else { ("role", "user") };
        return Planned::refuse(
            Step::BillConnect,
            &id,
            format!("the bill connect gets in by {is}, and the API does not change that to {wanted}"),
            delete_first(onboarding),
        )
        .showing(vec![Detail::drift("access", is, wanted)]);
    }
    let details = drift(onboarding, connect);
    if details.is_empty() {
        return unchanged(onboarding, connect, found.user.as_ref());
    }
    if onboarding.api == Api::Optima {
        return Planned::refuse(
            Step::BillConnect,
            &id,
            "the bill connect differs, and the optima API has no public request to change one",
            delete_first(onboarding),
        )
        .showing(details);
    }
    let write = if wants_role { Write::UpdateRole } else { Write::MoveUser };
    Planned::update(Step::BillConnect, id, details, vec![write.into()])
}

/// Carries out one write.
///
/// # Errors
/// What the API answers; not validated when it still cannot use the role when the time is over.
pub async fn apply(world: &World, onboarding: &Onboarding, write: &Write) -> Result<()> {
    let api = world.onboarding_api()?;
    let id = onboarding.bill_connect_id();
    match write {
        Write::CreateRole => {
            created(world, onboarding, async || api.create_role(&RoleAsked::of(onboarding).request()).await).await
        }
        Write::UpdateRole => {
            changed(world, async || api.update_role(&id, &RoleAsked::of(onboarding).request()).await).await
        }
        Write::MoveUser => changed(world, async || api.update_user(&id, &user_request(onboarding, None)).await).await,
        Write::CreateUser(stale) => {
            key::delete_stale(world, onboarding.user_name.as_str(), stale).await?;
            let register = async |key: NewKey| {
                created(world, onboarding, async || api.create_user(&user_request(onboarding, Some(&key))).await).await
            };
            key::made_and(world, onboarding, register).await
        }
        Write::ReplaceKey => {
            let replace = async |key: NewKey| {
                changed(world, async || api.update_user(&id, &user_request(onboarding, Some(&key))).await).await
            };
            key::made_and(world, onboarding, replace).await
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

fn create(onboarding: &Onboarding, user: Option<&User>) -> Planned {
    let id = onboarding.bill_connect_id();
    let mut details = vec![
        Detail::new("billAccountId", onboarding.bill_account_id.as_str()),
        Detail::new("bucketName", onboarding.bucket.as_str()),
        Detail::new("bucketPath", onboarding.prefix.as_str()),
    ];
    if let Some(month) = &onboarding.effective_from {
        details.push(Detail::new("effectiveFrom", month.as_str()));
    }
    if onboarding.access == Access::Role {
        details.push(Detail::new("stsRoleArn", onboarding.role_arn()));
        details.push(Detail::new("stsExternalId", onboarding.external_id.as_str()));
        details.extend(onboarding.session_name.iter().map(|name| Detail::new("stsRoleSessionName", name.as_str())));
        return Planned::create(Step::BillConnect, id, details, vec![Write::CreateRole.into()]);
    }
    let keys: Vec<String> = user.map(|user| user.keys.iter().map(|key| key.id.clone()).collect()).unwrap_or_default();
    let is_ours = user.is_none_or(|user| user.tags.owner(&onboarding.org_id) == Owner::Ours);
    details.push(Detail::new("accessKey", format!("a new one of {}", onboarding.user_name)));
    if is_ours {
        // Ours and not registered: whoever made these keys was killed before handing them over.
        details.extend(keys.iter().map(|id| Detail {
            field: "stale_access_key".into(),
            from: Some(id.clone()),
            to: None,
        }));
        return Planned::create(Step::BillConnect, id, details, vec![Write::CreateUser(keys).into()]);
    }
    if keys.len() >= 2 {
        return Planned::refuse(
            Step::BillConnect,
            id,
            format!("the user {} has two access keys already, and IAM allows no third", onboarding.user_name),
            "delete one of them, or choose another user with --user-name",
        );
    }
    Planned::create(Step::BillConnect, id, details, vec![Write::CreateUser(Vec::new()).into()])
}

fn unchanged(onboarding: &Onboarding, connect: &BillConnect, user: Option<&User>) -> Planned {
    let id = onboarding.bill_connect_id();
    let key_lost = onboarding.access == Access::User
        && onboarding.api == Api::FlexeraOne
        && !user.is_some_and(|user| user.keys.iter().any(|key| key.active));
    if key_lost {
        let details =
            vec![Detail::drift("accessKey", "none that is active", format!("a new one of {}", onboarding.user_name))];
        return Planned::update(Step::BillConnect, id, details, vec![Write::ReplaceKey.into()]);
    }
    let unseen = connect.bucket.is_none() || matches!(connect.entry, Entry::Unknown);
    let warning =
        unseen.then(|| "the API did not show the bill connect's values, so they could not be compared".to_owned());
    Planned::keep(Step::BillConnect, id).warn(warning)
}

/// Field by field, in the API's words; what the API does not show is not compared.
fn drift(onboarding: &Onboarding, connect: &BillConnect) -> Vec<Detail> {
    let mut found = Vec::new();
    let mut compare = |field: &str, is: Option<&str>, wanted: Option<&str>, same: fn(&str, &str) -> bool| {
        if let (Some(is), Some(wanted)) = (is, wanted)
            && !same(is, wanted)
        {
            found.push(Detail::drift(field, is, wanted));
        }
    };
    let equal: fn(&str, &str) -> bool = |a, b| a == b;
    compare("bucketName", connect.bucket.as_deref(), Some(onboarding.bucket.as_str()), equal);
    compare("bucketPath", connect.path.as_deref(), Some(onboarding.prefix.as_str()), same_path);
    compare(
        "effectiveFrom",
        connect.effective_from.as_deref(),
        onboarding.effective_from.as_ref().map(|month| month.as_str()),
        equal,
    );
    if let Entry::Role { role_arn, external_id, session_name } = &connect.entry {
        compare("stsRoleArn", Some(role_arn), Some(&onboarding.role_arn()), equal);
        compare("stsExternalId", external_id.as_deref(), Some(onboarding.external_id.as_str()), equal);
        compare(
            "stsRoleSessionName",
            session_name.as_deref(),
            onboarding.session_name.as_ref().map(|name| name.as_str()),
            equal,
        );
    }
    found
}

fn delete_first(onboarding: &Onboarding) -> String {
    format!(
        "optima-onboard bill-connect delete --org-id {} --api {} --bill-account-id {}, then run this again; bills already processed are Flexera's to keep or drop",
        onboarding.org_id, onboarding.api, onboarding.bill_account_id
    )
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

/// Sends a creation until the API takes it. A creation whose answer was lost is looked for before it is sent again.
async fn created(
    world: &World,
    onboarding: &Onboarding,
    send: impl AsyncFn() -> Result<BillConnect, CreateFailure>,
) -> Result<()> {
    let answer = wait::until(&world.stop, world.patience, || async {
        match send().await {
            Ok(_) => Progress::Done(Ok(())),
            Err(CreateFailure::NotYet(error)) => Progress::NotYet(not_validated(error)),
            Err(CreateFailure::Lost(error)) => match same_is_there(world, onboarding).await {
                Ok(true) => Progress::Done(Ok(())),
                Ok(false) => Progress::NotYet(error),
                Err(asking) => Progress::Done(Err(asking)),
            },
            Err(CreateFailure::Conflict(error)) => Progress::Done(match same_is_there(world, onboarding).await {
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

/// Whether a bill connect with exactly these values exists. By access key the values shown cannot tell whose key it
/// holds, so one that exists is never taken for our own creation.
async fn same_is_there(world: &World, onboarding: &Onboarding) -> Result<bool> {
    let connect = world.onboarding_api()?.find(&onboarding.bill_account_id).await?;
    let is_kept =
        |connect: BillConnect| diff(onboarding, &Found { connect: Some(connect), user: None }).change == Change::Keep;
    Ok(onboarding.access == Access::Role && connect.is_some_and(is_kept))
}

fn appeared(error: Error) -> Error {
    let remedy = "a bill connect for this account has appeared since the plan was made: run the same command again, it plans from what is there now";
    Error { kind: Kind::Refused, ..error }.remedy(remedy)
}

/// Everything in AWS is done; only Flexera cannot use it yet.
fn not_validated(error: Error) -> Error {
    Error { kind: Kind::NotValidated, ..error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::keys::AccessKey;
    use crate::spec::tags::Tags;
    use crate::steps::{Write as Any, samples};

    fn by_role(onboarding: &Onboarding) -> BillConnect {
        BillConnect {
            bucket: Some(onboarding.bucket.as_str().into()),
            path: Some(format!("/{}", onboarding.prefix)),
            entry: Entry::Role {
                role_arn: onboarding.role_arn(),
                external_id: Some("12345".into()),
                session_name: Some("flexera-finops".into()),
            },
            ..samples::bill_connect()
        }
    }

    fn found(connect: BillConnect) -> Found {
        Found { connect: Some(connect), user: None }
    }

    #[test]
    fn a_bill_connect_by_role_is_made_kept_updated_or_refused() {
        let newer = samples::onboarding(&[("api", "flexera-one")]);
        let older = samples::onboarding(&[]);
        let same = by_role(&newer);
        let moved = BillConnect { path: Some("elsewhere".into()), ..same.clone() };
        let other_id = BillConnect {
            entry: Entry::Role { role_arn: newer.role_arn(), external_id: Some("9".into()), session_name: None },
            ..same.clone()
        };
        let user = BillConnect { entry: Entry::User, ..same.clone() };
        let cases = [
            ("newer, none", &newer, Found::default(), Change::Create),
            ("newer, the same but for slashes", &newer, found(same.clone()), Change::Keep),
            ("newer, another path", &newer, found(moved.clone()), Change::Update),
            ("newer, another external id", &newer, found(other_id), Change::Update),
            ("newer, a user where a role is wanted", &newer, found(user), Change::Refuse),
            ("older, none", &older, Found::default(), Change::Create),
            ("older, the same", &older, found(same), Change::Keep),
            ("older, another path", &older, found(moved), Change::Refuse),
            ("older, values not shown", &older, found(samples::bill_connect()), Change::Keep),
        ];
        for (name, onboarding, found, change) in cases {
            assert_eq!(diff(onboarding, &found).change, change, "{name}");
        }
    }

    #[test]
    fn values_that_are_not_shown_are_told_not_guessed() {
        let planned = diff(&samples::onboarding(&[]), &found(samples::bill_connect()));
        assert_eq!(planned.warnings.len(), 1);
    }

    #[test]
    fn keys_that_nobody_has_are_deleted_only_on_our_own_user() {
        let one = samples::onboarding(&[("access", "user"), ("api", "flexera-one")]);
        let key = |id: &str| AccessKey { id: id.into(), active: true };
        let user = |tags: Tags, keys: Vec<AccessKey>| Some(User { tags, keys, ..User::default() });
        let plan = |user| diff(&one, &Found { connect: None, user });
        assert_eq!(
            plan(user(one.all_tags(), vec![key("AKIA1")])).writes,
            [Any::BillConnect(Write::CreateUser(vec!["AKIA1".into()]))]
        );
        assert_eq!(
            plan(user(Tags::default(), vec![key("AKIA1")])).writes,
            [Any::BillConnect(Write::CreateUser(vec![]))]
        );
        assert_eq!(plan(user(Tags::default(), vec![key("AKIA1"), key("AKIA2")])).change, Change::Refuse);
    }

    #[test]
    fn a_registered_user_without_an_active_key_gets_a_new_one() {
        let one = samples::onboarding(&[("access", "user"), ("api", "flexera-one")]);
        let connect = BillConnect { entry: Entry::User, ..by_role(&one) };
        let with = |active| Found {
            connect: Some(connect.clone()),
            user: Some(User { keys: vec![AccessKey { id: "AKIA1".into(), active }], ..User::default() }),
        };
        assert_eq!(diff(&one, &with(true)).change, Change::Keep);
        assert_eq!(diff(&one, &with(false)).writes, [Any::BillConnect(Write::ReplaceKey)]);
    }
}
