//! What is planned for each bill connect that may be there.

use super::*;
use crate::aws::keys::AccessKey;
use crate::plan::Change;
use crate::spec::key_state::KEY_STATE;
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
        let planned = diff(onboarding, &found);
        assert_eq!(planned.change, change, "{name}");
        let remedy = planned.remedy.as_ref().map_or("", |remedy| remedy.as_str());
        let (keep, delete) = (remedy.find("to keep it so"), remedy.find("bill-connect delete"));
        assert!(change != Change::Refuse || (keep.is_some() && keep < delete), "{name}: what deletes nothing first");
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
    let ours = |state: &str| with_state(&one, state);
    let both = || vec![key("AKIA1"), key("AKIA2")];
    let goes = |ids: &[&str]| [Any::BillConnect(Write::CreateUser(ids.iter().map(|id| (*id).to_owned()).collect()))];
    for state in ["settled AKIA1", "pending AKIA1 beside AKIA2", "pending beside AKIA2"] {
        let planned = plan(user(ours(state), both()));
        assert_eq!(planned.writes, goes(&["AKIA1"]), "{state}: the other one is a person's");
        assert!(planned.details.contains(&Detail::gone("stale_access_key", "AKIA1")), "{state}: and it is shown");
    }
    assert_eq!(plan(user(ours("pending"), vec![key("AKIA1")])).writes, goes(&["AKIA1"]));
    for state in ["settled", "failed", "settled AKIA3"] {
        assert_eq!(plan(user(ours(state), vec![key("AKIA1")])).writes, goes(&[]), "{state}: no run made it");
        assert_eq!(plan(user(ours(state), both())).change, Change::Refuse, "{state}: there is no room");
    }
    assert_eq!(plan(user(Tags::default(), vec![key("AKIA1")])).writes, goes(&[]));
    assert_eq!(plan(user(Tags::default(), both())).change, Change::Refuse);
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

/// Our own user's tags, with the making of its key there.
fn with_state(one: &Onboarding, state: &str) -> Tags {
    let ours = one.all_tags();
    let ours = ours.iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    Tags::found(ours.chain([(KEY_STATE.to_owned(), state.to_owned())]))
}

#[test]
fn a_key_that_flexera_may_not_have_is_replaced() {
    let one = samples::onboarding(&[("access", "user"), ("api", "flexera-one")]);
    let connect = BillConnect { entry: Entry::User, ..by_role(&one) };
    let plan = |tags: Tags, keys: &[(&str, bool)]| {
        let keys = keys.iter().map(|(id, active)| AccessKey { id: (*id).to_owned(), active: *active }).collect();
        diff(&one, &Found { connect: Some(connect.clone()), user: Some(User { tags, keys, ..User::default() }) })
    };
    let replaced =
        |ids: &[&str]| vec![Any::BillConnect(Write::ReplaceKey(ids.iter().map(|id| (*id).to_owned()).collect()))];
    let cases = [
        ("pending", &[("AKIA1", true)][..], replaced(&["AKIA1"])),
        ("pending AKIA1 beside AKIA2", &[("AKIA1", true), ("AKIA2", true)], replaced(&["AKIA1"])),
        ("failed", &[("AKIA2", true)], replaced(&[])),
        ("settled AKIA1", &[("AKIA1", true)], vec![]),
        ("settled AKIA1", &[("AKIA1", false)], replaced(&["AKIA1"])),
        ("settled AKIA1", &[("AKIA1", false), ("AKIA2", true)], vec![]),
        ("failed AKIA1", &[("AKIA1", true), ("AKIA2", true)], replaced(&["AKIA1"])),
        ("settled", &[("AKIA2", true)], vec![]),
    ];
    for (state, keys, writes) in cases {
        let planned = plan(with_state(&one, state), keys);
        assert_eq!(planned.writes, writes, "{state}, {keys:?}");
        let shown = planned.details.iter().filter(|detail| detail.field == "stale_access_key").count();
        let gone = writes.iter().map(|write| match write {
            Any::BillConnect(Write::ReplaceKey(stale)) => stale.len(),
            _ => 0,
        });
        assert_eq!(shown, gone.sum::<usize>(), "{state}, {keys:?}: what goes is shown");
    }
    assert_eq!(plan(one.all_tags(), &[("AKIA1", true)]).change, Change::Keep);
    let foreign = Tags::found([(KEY_STATE.to_owned(), "pending".to_owned())]);
    assert_eq!(plan(foreign, &[("AKIA1", true)]).change, Change::Keep, "somebody else's user");
}
