//! Removing the bill connect: only the one that this onboarding describes, field by field.

use super::{DELETE, drift};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::onboarding::{BillConnect, Entry};
use crate::plan::{Change, Detail, Planned};
use crate::spec::Onboarding;
use crate::spec::names::Access;
use crate::steps::undo::{self, ConnectWish};
use crate::steps::{PLANS_ANEW, Step, World};

/// The one write: delete it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// It goes.
    Delete,
}

/// Whether the bill connect goes.
pub fn diff(onboarding: &Onboarding, found: Option<&BillConnect>, wish: ConnectWish) -> Planned {
    let id = onboarding.bill_connect_id();
    if wish == ConnectWish::Stays {
        return Planned::keep(Step::BillConnect, id)
            .because("left as asked with --keep-bill-connect; Flexera cannot read on once its access is gone");
    }
    let Some(connect) = found else { return undo::absent(Step::BillConnect, id) };
    let differences = differences(onboarding, connect);
    if !differences.is_empty() {
        let fields: Vec<&str> = differences.iter().map(|detail| detail.field.as_str()).collect();
        return Planned::keep(Step::BillConnect, id)
            .because(format!(
                "it is not the one that these answers describe: it differs in {}; left as it is, {DELETE} removes it",
                fields.join(", ")
            ))
            .showing(differences);
    }
    if connect.bucket.is_none() || connect.path.is_none() || connect.entry == Entry::Unknown {
        return Planned::keep(Step::BillConnect, id).because(format!(
            "the API does not show its values, so it may be another one; left as it is, {DELETE} removes it"
        ));
    }
    let details = [("bucketName", &connect.bucket), ("bucketPath", &connect.path)];
    let details = details.into_iter().filter_map(|(field, value)| Some(Detail::gone(field, value.as_deref()?)));
    Planned::delete(Step::BillConnect, id, details.collect(), vec![undo::Write::BillConnect(Write::Delete).into()])
        .because("Flexera imports no more; bills already processed are Flexera's to keep or drop")
}

/// Deletes it, if it is still the one that was planned for.
///
/// # Errors
/// A refusal when it has changed; else what the API answers.
pub async fn apply(world: &World, onboarding: &Onboarding, _: &Write) -> Result<()> {
    let api = world.onboarding_api()?;
    let now = api.find(&onboarding.bill_account_id).await?;
    if now.is_none() {
        return Ok(());
    }
    let id = onboarding.bill_connect_id();
    if diff(onboarding, now.as_ref(), ConnectWish::Goes).change != Change::Delete {
        return Err(Error::refused(format!("the bill connect {id} changed after the plan was made"))
            .because("it was left as it is")
            .remedy(PLANS_ANEW));
    }
    // One that is gone by now is as good as deleted: the answer to our own request may have been lost.
    api.delete(&id).await.map(drop)
}

/// The way in, then field by field as a creation compares.
fn differences(onboarding: &Onboarding, connect: &BillConnect) -> Vec<Detail> {
    let other_way = match (&connect.entry, onboarding.access) {
        (Entry::User, Access::Role) => Some(Detail::drift("access", "user", "role")),
        (Entry::Role { .. }, Access::User) => Some(Detail::drift("access", "role", "user")),
        _ => None,
    };
    other_way.into_iter().chain(drift(onboarding, connect)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::samples;

    #[test]
    fn only_the_one_that_is_described_goes() {
        let one = samples::onboarding(&[("api", "flexera-one")]);
        let ours = BillConnect {
            bucket: Some(one.bucket.as_str().into()),
            path: Some(format!("/{}", one.prefix)),
            entry: Entry::Role {
                role_arn: one.role_arn(),
                external_id: Some("12345".into()),
                session_name: Some("flexera-finops".into()),
            },
            ..samples::bill_connect()
        };
        let entry = |arn: &str, id: &str| Entry::Role {
            role_arn: arn.into(),
            external_id: Some(id.into()),
            session_name: None,
        };
        let cases = [
            ("none", None, Change::Keep),
            ("ours", Some(ours.clone()), Change::Delete),
            ("another bucket", Some(BillConnect { bucket: Some("theirs".into()), ..ours.clone() }), Change::Keep),
            ("another path", Some(BillConnect { path: Some("theirs".into()), ..ours.clone() }), Change::Keep),
            (
                "another role",
                Some(BillConnect { entry: entry("arn:aws:iam::1:role/x", "12345"), ..ours.clone() }),
                Change::Keep,
            ),
            (
                "another external id",
                Some(BillConnect { entry: entry(&one.role_arn(), "9"), ..ours.clone() }),
                Change::Keep,
            ),
            ("by user", Some(BillConnect { entry: Entry::User, ..ours.clone() }), Change::Keep),
            ("its way in not shown", Some(BillConnect { entry: Entry::Unknown, ..ours.clone() }), Change::Keep),
            ("its values not shown", Some(samples::bill_connect()), Change::Keep),
        ];
        for (name, connect, change) in cases {
            let planned = diff(&one, connect.as_ref(), ConnectWish::Goes);
            assert_eq!(planned.change, change, "{name}");
            assert!(planned.reason.is_some(), "{name}: says why");
        }
        assert_eq!(diff(&one, Some(&ours), ConnectWish::Stays).change, Change::Keep);
        let by_user = samples::onboarding(&[("api", "flexera-one"), ("access", "user")]);
        assert_eq!(
            diff(&by_user, Some(&ours), ConnectWish::Goes).change,
            Change::Keep,
            "by role where a user is meant"
        );
        let registered = BillConnect { entry: Entry::User, ..ours };
        assert_eq!(diff(&by_user, Some(&registered), ConnectWish::Goes).change, Change::Delete);
    }
}
