//! What is planned for each bill connect that may be there.

use super::*;
use crate::aws::keys::AccessKey;
use crate::plan::Change;
use crate::spec::tags::{KEY_STATE, PENDING, Tags};
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
    assert_eq!(plan(user(Tags::default(), vec![key("AKIA1")])).writes, [Any::BillConnect(Write::CreateUser(vec![]))]);
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
    assert_eq!(diff(&one, &with(false)).writes, [Any::BillConnect(Write::ReplaceKey(vec![]))]);
    let moved = BillConnect { path: Some("elsewhere".into()), ..connect.clone() };
    let planned = diff(&one, &Found { connect: Some(moved), ..with(false) });
    assert_eq!(planned.writes, [Any::BillConnect(Write::ReplaceKey(vec![]))], "one request for both");
    assert_eq!(planned.details.len(), 2);
    let mut full = with(false);
    let keys = full.user.as_mut().map(|user| &mut user.keys).expect("a user");
    keys.push(AccessKey { id: "AKIA2".into(), active: false });
    assert_eq!(diff(&one, &full).change, Change::Refuse, "IAM has no room for a third");
}

#[test]
fn a_key_that_a_killed_run_may_have_registered_is_replaced() {
    let one = samples::onboarding(&[("access", "user"), ("api", "flexera-one")]);
    let connect = BillConnect { entry: Entry::User, ..by_role(&one) };
    let pending = [(KEY_STATE.to_owned(), PENDING.to_owned())];
    let ours = one.all_tags().iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect::<Vec<_>>();
    let plan = |tags: Vec<(String, String)>| {
        let keys = vec![AccessKey { id: "AKIA1".into(), active: true }];
        diff(
            &one,
            &Found {
                connect: Some(connect.clone()),
                user: Some(User { tags: Tags::found(tags), keys, ..User::default() }),
            },
        )
    };
    let left = ours.iter().cloned().chain(pending.clone()).collect();
    assert_eq!(plan(left).writes, [Any::BillConnect(Write::ReplaceKey(vec!["AKIA1".into()]))]);
    assert_eq!(plan(ours).change, Change::Keep);
    assert_eq!(plan(pending.to_vec()).change, Change::Keep, "somebody else's user");
}
