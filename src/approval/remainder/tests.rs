//! Worlds before an approval and after it: which of them lie on the plan's own way, resource by resource, and which do not.

use proptest::prelude::*;

use super::super::{Approval, Document};
use super::*;
use crate::aws::buckets::{Bucket, Settings};
use crate::aws::keys::AccessKey;
use crate::aws::policies::ManagedPolicy;
use crate::aws::reports::Report;
use crate::aws::roles::Role;
use crate::aws::users::User;
use crate::documents::{self, Merged};
use crate::onboarding::{BillConnect, Entry};
use crate::plan::Aim;
use crate::spec::Onboarding;
use crate::spec::key_state::{KEY_STATE, KeyState};
use crate::spec::tags::Tags;
use crate::steps::{self, Found, KeyFile, Scope, policy, report, samples};

const THEIRS: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::x/*"}]}"#;

fn plan(one: &Onboarding, found: &Found) -> Plan {
    let steps = steps::diff(one, found, &Scope::whole(one.access, one.api));
    Plan { aim: Aim::Onboard, steps, warnings: Vec::new(), by_hand: None, onboarding: one.clone() }
}

/// What a run held to the plan of `before` makes of the world as it is `now`.
fn rest(one: &Onboarding, before: &Found, now: &Found) -> Option<Remainder> {
    let approval = Approval::new(Some(Document::of(&plan(one, before))), None).expect("a plan alone");
    let fresh = plan(one, now);
    match approval.hold(&fresh) {
        Ok(rest) => Some(rest.unwrap_or_else(|| Remainder {
            of: Document::of(&fresh).fingerprint,
            done: Vec::new(),
            begun: Vec::new(),
            is_all: false,
        })),
        Err(error) => {
            assert_eq!(error.kind, crate::error::Kind::Refused);
            assert!(error.cause.is_some_and(|cause| !cause.starts_with("the plans differ")), "it says what moved");
            None
        }
    }
}

/// The states of one resource, and from which to which the plan itself leads.
struct States<T> {
    all: Vec<T>,
    ways: &'static [(usize, usize)],
}

impl<T> States<T> {
    fn is_way(&self, (before, now): (usize, usize)) -> bool {
        before == now || self.ways.contains(&(before, now))
    }

    /// Mostly a way of the plan's own, else any two states.
    fn pair(&self) -> BoxedStrategy<(usize, usize)> {
        let count = self.all.len();
        prop_oneof![
            4 => (0..count).prop_map(|at| (at, at)),
            8 => (0..self.ways.len()).prop_map({ let ways = self.ways; move |at| ways[at] }),
            1 => (0..count, 0..count),
        ]
        .boxed()
    }
}

fn merged(one: &Onboarding, before: Option<&str>) -> String {
    let merge = documents::merge(before, one.partition, &one.account_id, &one.bucket).expect("a policy");
    let Merged::Text { text, .. } = merge.merged else { panic!("it is there already") };
    text
}

fn buckets(one: &Onboarding) -> States<Bucket> {
    let private = Settings {
        tags: one.all_tags(),
        public_access_blocked: true,
        ownership: Some("BucketOwnerEnforced".into()),
        ..Settings::default()
    };
    let with = |policy: String| Settings { policy: Some(policy), ..private.clone() };
    let foreign = Settings { tags: Tags::default(), ..private.clone() };
    let all = [
        None,
        Some(Settings { public_access_blocked: false, ownership: None, ..private.clone() }),
        Some(private.clone()),
        Some(with(merged(one, None))),
        Some(with(THEIRS.to_owned())),
        Some(with(merged(one, Some(THEIRS)))),
        Some(foreign.clone()),
        Some(Settings { policy: Some(merged(one, None)), ..foreign }),
    ];
    let all = all.into_iter().map(|settings| settings.map_or(Bucket::Absent, Bucket::Here)).collect();
    // Of a policy that is kept a plan does not tell what else is in it.
    States { all, ways: &[(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (4, 5), (6, 7), (3, 5), (5, 3)] }
}

fn reports(one: &Onboarding) -> States<report::Found> {
    let right = report::wanted(one);
    let moved = Report { refresh_closed: false, ..right.clone() };
    let daily = Report { time_unit: "DAILY".into(), ..right.clone() };
    let found = |report: &Report, tags| report::Found { reports: vec![report.clone()], tags };
    let all = vec![
        report::Found::default(),
        found(&moved, one.all_tags()),
        found(&right, one.all_tags()),
        found(&right, Tags::default()),
        found(&daily, one.all_tags()),
    ];
    States { all, ways: &[(0, 2), (1, 2)] }
}

fn policies(one: &Onboarding) -> States<Option<ManagedPolicy>> {
    let right = policy::wanted(one).to_string();
    let found = |document: &str, tags| Some(ManagedPolicy { version: "v1".into(), document: document.into(), tags });
    let all = vec![
        None,
        found(&right.replace("s3:ListBucket", "s3:*"), one.all_tags()),
        found(&right, one.all_tags()),
        found(&right, Tags::default()),
        found(&right.replace("s3:GetObject", "s3:*"), one.all_tags()),
    ];
    States { all, ways: &[(0, 2), (1, 2), (4, 2)] }
}

fn roles(one: &Onboarding) -> States<Option<Role>> {
    let right = Role {
        arn: one.role_arn(),
        attached: vec![one.policy_arn()],
        tags: one.all_tags(),
        trust: documents::trust(&one.trusted_principal, &one.external_id).to_string(),
        ..Role::default()
    };
    let all = [
        None,
        Some(Role { attached: Vec::new(), ..right.clone() }),
        Some(right.clone()),
        Some(Role { tags: Tags::default(), ..right.clone() }),
        Some(Role { inline: vec!["Admin".into()], ..right.clone() }),
        Some(Role { trust: THEIRS.to_owned(), attached: Vec::new(), ..right.clone() }),
        Some(Role { trust: THEIRS.to_owned(), ..right }),
    ];
    States { all: all.into(), ways: &[(0, 1), (0, 2), (1, 2), (5, 1), (5, 2), (6, 2), (5, 6)] }
}

fn connects(one: &Onboarding) -> States<Option<BillConnect>> {
    let right = BillConnect {
        bucket: Some(one.bucket.to_string()),
        path: Some(one.prefix.to_string()),
        entry: Entry::Role {
            role_arn: one.role_arn(),
            external_id: Some(one.external_id.to_string()),
            session_name: one.session_name.as_ref().map(ToString::to_string),
        },
        ..samples::bill_connect()
    };
    let all = [
        None,
        Some(BillConnect { path: Some("elsewhere".into()), ..right.clone() }),
        Some(right.clone()),
        Some(samples::bill_connect()),
        Some(BillConnect { bucket: Some("another".into()), ..right }),
    ];
    States { all: all.into(), ways: &[(0, 2), (1, 2), (4, 2)] }
}

/// From which state to which each resource went.
type Went = [(usize, usize); 5];

/// Only what the plan itself makes of the world it was made for passes; and nothing is written that was not approved.
fn check(went: Went) {
    let one = samples::onboarding(&[("api", "flexera-one")]);
    let (b, r, p, o, c) = (buckets(&one), reports(&one), policies(&one), roles(&one), connects(&one));
    let found = |pick: fn((usize, usize)) -> usize| {
        let [bucket, report, policy, role, connect] = went.map(pick);
        Found {
            bucket: b.all[bucket].clone(),
            bucket_key: None,
            report: r.all[report].clone(),
            policy: p.all[policy].clone(),
            role: o.all[role].clone(),
            bill_connect: steps::bill_connect::Found { connect: c.all[connect].clone(), user: None },
            key_file: KeyFile::Free,
        }
    };
    let (before, now) = (found(|went| went.0), found(|went| went.1));
    let [bucket, report, policy, role, connect] = went;
    let is_way = b.is_way(bucket) && r.is_way(report) && p.is_way(policy) && o.is_way(role) && c.is_way(connect);
    let passes = rest(&one, &before, &now).is_some();
    assert_eq!(passes, is_way, "{went:?}");
    let (approved, fresh) = (plan(&one, &before), plan(&one, &now));
    for (then, now) in approved.steps.iter().zip(&fresh.steps).filter(|_| passes) {
        for write in &now.writes {
            assert!(then.writes.iter().any(|approved| is_approved(approved, write)), "{went:?}: {write:?}");
        }
    }
}

#[test]
fn each_resource_may_only_have_gone_the_plans_own_way() {
    let one = samples::onboarding(&[("api", "flexera-one")]);
    let counts = [
        buckets(&one).all.len(),
        reports(&one).all.len(),
        policies(&one).all.len(),
        roles(&one).all.len(),
        connects(&one).all.len(),
    ];
    for (place, count) in counts.into_iter().enumerate() {
        for pair in (0..count).flat_map(|before| (0..count).map(move |now| (before, now))) {
            let mut went = [(0, 0); 5];
            went[place] = pair;
            check(went);
        }
    }
}

proptest! {
    #[test]
    fn a_rest_is_what_the_plan_leads_to_and_nothing_else(
        went in {
            let one = samples::onboarding(&[("api", "flexera-one")]);
            (buckets(&one).pair(), reports(&one).pair(), policies(&one).pair(), roles(&one).pair(), connects(&one).pair())
        }
    ) {
        check(went.into());
    }
}

/// The same write, or one that the approved one is made of.
fn is_approved(approved: &steps::Write, write: &steps::Write) -> bool {
    use steps::Write::{Bucket, BucketPolicy};
    match (approved, write) {
        (Bucket(bucket::Write::Settle), Bucket(write)) => {
            !matches!(write, bucket::Write::Create | bucket::Write::Tag(_))
        }
        (BucketPolicy(approved), BucketPolicy(write)) => {
            (&approved.before, &approved.after) == (&write.before, &write.after)
        }
        _ => approved == write,
    }
}

#[test]
fn it_says_what_is_done_and_what_is_begun() {
    let one = samples::onboarding(&[]);
    let found = |bucket: usize, policy: usize, role: usize, connect: usize| Found {
        bucket: buckets(&one).all[bucket].clone(),
        bucket_key: None,
        report: report::Found::default(),
        policy: policies(&one).all[policy].clone(),
        role: roles(&one).all[role].clone(),
        bill_connect: steps::bill_connect::Found { connect: connects(&one).all[connect].clone(), user: None },
        key_file: KeyFile::Free,
    };
    let before = found(0, 0, 0, 0);
    let said = |now: &Found| rest(&one, &before, now).expect("a rest").to_string();
    let begun = said(&found(2, 2, 1, 0));
    assert!(
        begun.ends_with(", done already: bucket, policy, done in part: role; this is the rest of it, and nothing else"),
        "{begun}"
    );
    let done = Found { report: reports(&one).all[2].clone(), ..found(3, 2, 2, 2) };
    let done = said(&done);
    assert!(done.ends_with("role, bill-connect; nothing of it is left"), "{done}");
}

/// The user's key is made and handed over in one write: what a run that was cut off in it left goes with the next one.
#[test]
fn a_key_that_a_run_left_is_part_of_the_rest_and_any_other_change_is_not() {
    let one = samples::onboarding(&[("access", "user"), ("api", "flexera-one")]);
    let user = |state: KeyState, keys: &[&str]| User {
        arn: one.user_arn(),
        attached: vec![one.policy_arn()],
        tags: Tags::found(
            one.all_tags()
                .iter()
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .chain([(KEY_STATE.to_owned(), state.written())]),
        ),
        keys: keys.iter().map(|id| AccessKey { id: (*id).to_owned(), active: true }).collect(),
        ..User::default()
    };
    let connect = BillConnect { entry: Entry::User, ..connects(&one).all[2].clone().expect("one") };
    let elsewhere = BillConnect { path: Some("elsewhere".into()), ..connect.clone() };
    let found = |user: Option<User>, connect: Option<BillConnect>| Found {
        bucket: buckets(&one).all[3].clone(),
        bucket_key: None,
        report: reports(&one).all[2].clone(),
        policy: policies(&one).all[2].clone(),
        role: None,
        bill_connect: steps::bill_connect::Found { connect, user },
        key_file: KeyFile::Free,
    };
    let before = found(None, None);
    let begun = KeyState::Begun { beside: Vec::new() };
    let handing = KeyState::HandingOver { id: "A".into(), beside: Vec::new() };
    let cases = [
        ("the user alone", user(KeyState::Quiet, &[]), None, true),
        ("a key begun", user(begun.clone(), &["A"]), None, true),
        ("a key registered, but not said so", user(handing.clone(), &["A"]), Some(&connect), true),
        ("all of it", user(KeyState::Settled("A".into()), &["A"]), Some(&connect), true),
        ("a key of a person's that leaves no room", user(KeyState::Quiet, &["A", "B"]), None, false),
        ("a bill connect somewhere else", user(handing, &["A"]), Some(&elsewhere), false),
        ("a registered key that somebody deleted", user(KeyState::Settled("A".into()), &[]), Some(&connect), false),
        ("somebody else's user", User { tags: Tags::default(), ..user(KeyState::Quiet, &[]) }, None, false),
    ];
    for (name, user, connect, passes) in cases {
        assert_eq!(rest(&one, &before, &found(Some(user), connect.cloned())).is_some(), passes, "{name}");
    }
}
