//! The decisions alone, without a world: the found values of all steps at once through the one function that plans.

use optima_onboard::aws::identity::{AccountKind, Caller};
use optima_onboard::aws::policies::ManagedPolicy;
use optima_onboard::aws::roles::Role;
use optima_onboard::aws::users::User;
use optima_onboard::error::Kind;
use optima_onboard::plan::Change::{self, Create, Keep, Refuse, Update};
use optima_onboard::plan::{Aim, Plan};
use optima_onboard::spec::answers::{Answers, Given, Raw, Source};
use optima_onboard::spec::key_state::KEY_STATE;
use optima_onboard::spec::names::{Access, AccountId, Api, Parse, Partition, Region};
use optima_onboard::spec::{self, Facts, Onboarding};
use optima_onboard::steps::{self, Found, KeyFile, Scope, Step, bill_connect};

use super::planned::{self, Around, Connecting, Situation};

/// One way of onboarding, with every situation of each of its parts.
pub struct World {
    name: String,
    wanted: Onboarding,
    buckets: Vec<Situation<Around>>,
    /// By bucket: what is right depends on its key.
    policies: Vec<Vec<Situation<Option<ManagedPolicy>>>>,
    roles: Vec<Situation<Option<Role>>>,
    users: Vec<Situation<Option<User>>>,
    reports: Vec<Situation<steps::report::Found>>,
    connects: Vec<Situation<Connecting>>,
}

/// One situation of each part, by its place: bucket, report, policy, role or user, bill connect.
pub struct Combination<'w> {
    world: &'w World,
    at: [usize; 5],
}

/// An onboarding of these answers in a payer account of this partition.
fn resolve(answers: &[(&'static str, &str)], partition: Partition) -> optima_onboard::error::Result<Onboarding> {
    let mut raw = Raw::default();
    for (key, text) in answers.iter().chain(&[("org_id", "12345")]) {
        raw.offer(key, Given { text: (*text).to_owned(), source: Source::Flag });
    }
    let region = if partition == Partition::AwsCn { "cn-north-1" } else { "us-east-1" };
    let facts = Facts {
        caller: Caller {
            account: AccountId::parse("123456789012").expect("twelve digits"),
            arn: format!("arn:{partition}:iam::123456789012:user/a"),
            partition,
        },
        account_kind: AccountKind::Payer,
        region: Region::parse(region).expect("a region"),
        bucket_region: None,
        reports: Vec::new(),
    };
    spec::resolve(&Answers::parse(&raw).expect("valid answers"), &facts)
}

/// Every API, zone and way in that there is.
pub fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for access in ["role", "user"] {
        for (api, zone) in [("optima", "nam"), ("flexera-one", "nam"), ("flexera-one", "eu"), ("flexera-one", "apac")] {
            worlds.push(World::new(&[("access", access), ("api", api), ("zone", zone)], Partition::Aws));
        }
    }
    let with_a_month = [("api", "flexera-one"), ("effective_from", "2026-01")];
    worlds.push(World::new(&with_a_month, Partition::Aws));
    worlds.push(World::new(&[("access", "user"), ("api", "flexera-one")], Partition::AwsCn));
    worlds
}

impl World {
    fn new(answers: &[(&'static str, &str)], partition: Partition) -> Self {
        let wanted = resolve(answers, partition).expect("a way that there is");
        let by_role = wanted.access == Access::Role;
        let buckets = planned::buckets(&wanted);
        let policies = |bucket: &Situation<Around>| {
            let wanted = wanted.clone().encrypted_with(bucket.found.key());
            planned::policies(&wanted, bucket.found.adds_key)
        };
        Self {
            name: format!("{partition} {answers:?}"),
            policies: buckets.iter().map(policies).collect(),
            buckets,
            roles: planned::roles(&wanted),
            users: planned::users(&wanted),
            reports: planned::reports(&wanted),
            connects: planned::connects(&wanted, by_role),
            wanted,
        }
    }

    fn sizes(&self) -> [usize; 5] {
        let identities = match self.wanted.access {
            Access::Role => self.roles.len(),
            Access::User => self.users.len(),
        };
        [self.buckets.len(), self.reports.len(), self.policies[0].len(), identities, self.connects.len()]
    }

    /// Every pair of situations of two parts, the others nothing and then all well; and every combination of the first
    /// few of each part.
    pub fn combinations(&self) -> Vec<Combination<'_>> {
        let sizes = self.sizes();
        let mut all = Vec::new();
        for (first, second) in (0..5).flat_map(|a| (a + 1..5).map(move |b| (a, b))) {
            for (i, j) in (0..sizes[first]).flat_map(|i| (0..sizes[second]).map(move |j| (i, j))) {
                for rest in [0, 1] {
                    let mut at = [rest; 5];
                    (at[first], at[second]) = (i, j);
                    all.push(at);
                }
            }
        }
        let few = sizes.map(|size| size.min(4));
        let product: usize = few.iter().product();
        all.extend((0..product).map(|n| {
            let mut rest = n;
            few.map(|size| {
                let at = rest % size;
                rest /= size;
                at
            })
        }));
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|at| Combination { world: self, at }).collect()
    }
}

impl Combination<'_> {
    /// Plans it, and holds the plan against the table.
    pub fn check(&self) -> Result<(), String> {
        let World { wanted, buckets, policies, reports, connects, .. } = self.world;
        let [bucket, report, policy, identity, connect] = self.at;
        let policy = &policies[bucket][policy];
        let (bucket, report, connect) = (&buckets[bucket], &reports[report], &connects[connect]);
        let key = bucket.found.key().map(str::to_owned);
        let wanted = wanted.clone().encrypted_with(key.as_deref());
        let (role, user, identity) = self.identity(identity);
        let found = Found {
            bucket: bucket.found.bucket.clone(),
            bucket_key: key,
            report: report.found.clone(),
            policy: policy.found.clone(),
            role,
            bill_connect: bill_connect::Found { connect: connect.found.found.clone(), user },
            key_file: KeyFile::Free,
        };
        let scope = Scope::whole(wanted.access, wanted.api);
        let plan = Plan {
            aim: Aim::Onboard,
            steps: steps::diff(&wanted, &found, &scope),
            onboarding: wanted,
            warnings: vec![],
            by_hand: None,
        };
        let expected = [
            (Step::Bucket, Some(bucket.becomes)),
            (Step::BucketPolicy, Some(bucket.found.policy_becomes)),
            (Step::Report, Some(report.becomes)),
            (Step::Policy, Some(policy.becomes)),
            (Step::Role, identity.filter(|_| plan.onboarding.access == Access::Role)),
            (Step::User, identity.filter(|_| plan.onboarding.access == Access::User)),
            (Step::BillConnect, self.connecting(&plan.onboarding, &found, &connect.found)),
        ];
        check(&plan, &expected)
    }

    /// The situation of each part, by its name; of role or user by its place.
    pub fn name(&self) -> String {
        let World { name, buckets, policies, reports, connects, .. } = self.world;
        let [bucket, report, policy, identity, connect] = self.at;
        let (report, policy, connect) = (reports[report].name, policies[bucket][policy].name, connects[connect].name);
        format!("{name}: {} / {report} / {policy} / {identity} / {connect}", buckets[bucket].name)
    }

    fn identity(&self, at: usize) -> (Option<Role>, Option<User>, Option<Change>) {
        match self.world.wanted.access {
            Access::Role => (self.world.roles[at].found.clone(), None, Some(self.world.roles[at].becomes)),
            Access::User => (None, self.world.users[at].found.clone(), Some(self.world.users[at].becomes)),
        }
    }

    /// A user's bill connect carries a key: without an active one it gets a new one, and a user with two has no room for
    /// another, unless a run made one of them.
    fn connecting(&self, wanted: &Onboarding, found: &Found, connect: &Connecting) -> Option<Change> {
        if (wanted.access, wanted.api) == (Access::User, Api::Optima) {
            return None;
        }
        let table = if wanted.api == Api::Optima { connect.older } else { connect.newer };
        if wanted.access == Access::Role {
            return Some(table);
        }
        let user = found.bill_connect.user.as_ref();
        let keys = user.map_or(0, |user| user.keys.len());
        let active = user.is_some_and(|user| user.keys.iter().any(|key| key.active));
        let makes_room = user.is_some_and(|user| user.tags.value(KEY_STATE).is_some());
        let is_full = keys >= 2 && !makes_room;
        Some(match table {
            Create if is_full => Refuse,
            Keep | Update if !active && is_full => Refuse,
            Keep if !active => Update,
            other => other,
        })
    }
}

fn check(plan: &Plan, expected: &[(Step, Option<Change>)]) -> Result<(), String> {
    for (step, becomes) in expected {
        let planned = plan.step(*step);
        if planned.map(|planned| planned.change) != *becomes {
            return Err(format!("{step:?} should be {becomes:?}, is {:?}", planned.map(|planned| planned.change)));
        }
        let Some(planned) = planned else { continue };
        let writes = matches!(planned.change, Create | Update);
        if writes == planned.writes.is_empty() {
            return Err(format!("{step:?} is {:?} with the writes {:?}", planned.change, planned.writes));
        }
        if planned.change == Refuse && (planned.reason.is_none() || planned.remedy.is_none()) {
            return Err(format!("{step:?} is refused without a reason and a remedy"));
        }
    }
    let refused = expected.iter().any(|(_, becomes)| *becomes == Some(Refuse));
    let changes = expected.iter().any(|(_, becomes)| matches!(becomes, Some(Create | Update)));
    if plan.refusals().next().is_some() != refused || plan.has_changes() != changes {
        return Err("the plan as a whole says otherwise than its steps".to_owned());
    }
    Ok(())
}

/// A partition with a way in and an API.
pub struct Way {
    partition: Partition,
    access: &'static str,
    api: &'static str,
}

/// Every one of them.
pub fn partitions() -> Vec<Way> {
    let mut all = Vec::new();
    for partition in Partition::ALL {
        for access in ["role", "user"] {
            all.extend(["optima", "flexera-one"].map(|api| Way { partition: *partition, access, api }));
        }
    }
    all
}

impl Way {
    /// In its answers' words.
    pub fn name(&self) -> String {
        format!("{} {} {}", self.partition, self.access, self.api)
    }

    /// Commercial AWS has every way, China one, GovCloud none.
    pub fn check(&self) -> Result<(), String> {
        let open = match self.partition {
            Partition::Aws => true,
            Partition::AwsCn => (self.access, self.api) == ("user", "flexera-one"),
            Partition::AwsUsGov => false,
        };
        let answer = resolve(&[("access", self.access), ("api", self.api)], self.partition);
        let fits = match &answer {
            Ok(_) => open,
            Err(error) => !open && error.kind == Kind::Refused && error.cause.is_some() && error.remedy.is_some(),
        };
        if fits { Ok(()) } else { Err(format!("{answer:?}")) }
    }
}
