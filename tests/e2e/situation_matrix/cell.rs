//! One situation of the whole account: what its run has to come to, where one part's situation matters to another, and
//! the run itself.

use optima_onboard::sandbox::{AccountKind, Options};
use optima_onboard::spec::names::Partition;
use std::time::Duration;

use super::values::{Account, Bucket, Connect, Identity, Policy, Report, Way};
use super::{foreign, pairs, staged};
use crate::support::World;
use crate::support::world::block_on;

/// The whole account, and how it is onboarded.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    pub way: Way,
    pub account: Account,
    pub bucket: Bucket,
    pub report: Report,
    pub policy: Policy,
    pub identity: Identity,
    pub connect: Connect,
    pub partition: Partition,
}

const EMPTY: Cell = Cell {
    way: Way::RoleNam,
    account: Account::Payer,
    bucket: Bucket::Absent,
    report: Report::None,
    policy: Policy::Absent,
    identity: Identity::Absent,
    connect: Connect::None,
    partition: Partition::Aws,
};

/// Everything made by an earlier run.
const WHOLE: Cell = Cell {
    bucket: Bucket::OursData,
    report: Report::Fits,
    policy: Policy::Ours,
    identity: Identity::Ours,
    connect: Connect::Same,
    ..EMPTY
};

/// Every value alone, in an account that is otherwise empty or otherwise whole, by every way that differs for it.
pub fn singles() -> Vec<Cell> {
    let mut all = vec![EMPTY, WHOLE];
    all.extend(Bucket::ALL.iter().map(|bucket| Cell { bucket: *bucket, ..EMPTY }));
    all.extend(Bucket::ALL.iter().filter(|b| b.key().is_some()).map(|b| Cell {
        bucket: *b,
        way: Way::UserNam,
        ..EMPTY
    }));
    all.extend(Report::ALL.iter().map(|report| Cell { report: *report, bucket: Bucket::OursData, ..EMPTY }));
    all.extend(Policy::ALL.iter().map(|policy| Cell { policy: *policy, ..EMPTY }));
    all.extend(Account::ALL.iter().map(|account| Cell { account: *account, ..EMPTY }));
    for way in [Way::RoleNam, Way::UserNam] {
        all.extend(Identity::ALL.iter().map(|identity| Cell { identity: *identity, way, ..WHOLE }));
    }
    for way in [Way::RoleNam, Way::RoleOptima, Way::UserNam] {
        all.extend(Connect::ALL.iter().map(|connect| Cell { connect: *connect, way, ..WHOLE }));
    }
    all.extend(Way::ALL.iter().map(|way| Cell { way: *way, ..EMPTY }));
    for partition in [Partition::AwsCn, Partition::AwsUsGov] {
        all.extend([Way::RoleNam, Way::UserOptima, Way::UserNam].map(|way| Cell { way, partition, ..EMPTY }));
    }
    all.into_iter().map(Cell::normal).collect()
}

/// Every pair of values of two parts, of those values that a run does not refuse by themselves.
pub fn pairs() -> Vec<Cell> {
    let (buckets, reports) = (&Bucket::ALL[..12], &Report::ALL[..8]);
    let (policies, identities) = (&Policy::ALL[..5], &Identity::ALL[..9]);
    let (connects, accounts) = (&Connect::ALL[..5], &Account::ALL[..4]);
    let sizes = [
        Way::ALL.len(),
        accounts.len(),
        buckets.len(),
        reports.len(),
        policies.len(),
        identities.len(),
        connects.len(),
    ];
    let cell = |row: Vec<usize>| Cell {
        way: Way::ALL[row[0]],
        account: accounts[row[1]],
        bucket: buckets[row[2]],
        report: reports[row[3]],
        policy: policies[row[4]],
        identity: identities[row[5]],
        connect: connects[row[6]],
        partition: Partition::Aws,
    };
    pairs::rows(&sizes).into_iter().map(cell).map(Cell::normal).collect()
}

impl Cell {
    pub fn by_role(&self) -> bool {
        !matches!(self.way, Way::UserOptima | Way::UserNam)
    }

    fn older_api(&self) -> bool {
        matches!(self.way, Way::RoleOptima | Way::UserOptima)
    }

    /// Whether the run's own user may not ask who pays.
    pub fn operator_is_bounded(&self) -> bool {
        self.account == Account::Denied
    }

    pub fn bucket_name(&self) -> &'static str {
        if self.bucket == Bucket::SomebodyElses { "taken-by-others" } else { staged::BUCKET }
    }

    pub fn flexera_principal(&self) -> &'static str {
        match self.way {
            Way::RoleEu => "arn:aws:iam::451234325714:role/production_eu_customer_access",
            Way::RoleApac => "arn:aws:iam::451234325714:role/production_apac_customer_access",
            _ => "arn:aws:iam::451234325714:role/production_customer_access",
        }
    }

    /// A user has no trust, and its bill connect shows no role.
    fn normal(mut self) -> Self {
        if !self.by_role() {
            if matches!(self.identity, Identity::TrustRoot | Identity::TrustBroken | Identity::TrustOtherId) {
                self.identity = Identity::Ours;
            }
            if matches!(self.connect, Connect::OtherRole | Connect::OtherExternalId | Connect::OtherSession) {
                self.connect = Connect::Same;
            }
        }
        // The older API knows no first month.
        if self.older_api() && self.connect == Connect::OtherMonth {
            self.connect = Connect::Same;
        }
        self
    }

    /// Step by step what has to be planned; nothing where the account's kind or partition ends the run before a plan.
    fn becomes(&self) -> Option<Vec<(&'static str, &'static str)>> {
        let china = self.partition == Partition::AwsCn && self.way == Way::UserNam;
        if self.account == Account::Member || !(self.partition == Partition::Aws || china) {
            return None;
        }
        let (bucket, bucket_policy) = self.bucket.becomes();
        let mut steps = vec![
            ("bucket", bucket),
            ("bucket-policy", bucket_policy),
            ("report", self.report.becomes()),
            ("policy", self.policy_becomes()),
            (if self.by_role() { "role" } else { "user" }, self.identity_becomes()),
        ];
        if self.way != Way::UserOptima {
            steps.push(("bill-connect", self.connect_becomes()));
        }
        Some(steps)
    }

    /// With a key on the bucket, what was right before lacks a statement.
    fn policy_becomes(&self) -> &'static str {
        match (self.policy, self.bucket.adds_key()) {
            (Policy::Absent, _) => "create",
            (Policy::Ours | Policy::ForeignEqual, false) => "keep",
            (Policy::Ours, true) | (Policy::OursWider | Policy::OursFiveVersions, _) => "update",
            (Policy::ForeignEqual, true) | (Policy::ForeignDifferent, _) => "refuse",
        }
    }

    /// A policy that is not there cannot be attached.
    fn identity_becomes(&self) -> &'static str {
        let attached = self.policy != Policy::Absent && self.identity != Identity::Detached;
        match (self.identity, attached) {
            (Identity::Absent, _) => "create",
            (Identity::ForeignDifferent, _) | (Identity::ForeignEqual, false) => "refuse",
            (Identity::TrustRoot | Identity::TrustBroken | Identity::TrustOtherId, _) | (_, false) => "update",
            (_, true) => "keep",
        }
    }

    /// The older API shows no external id, has its own session name, and changes nothing.
    fn connect_becomes(&self) -> &'static str {
        let differs = if self.older_api() { "refuse" } else { "update" };
        match self.connect {
            Connect::None => "create",
            // Of a user's bill connect the older API shows nothing to compare, which the plan says.
            Connect::OtherWay if self.older_api() && self.by_role() => "keep",
            Connect::OtherWay => "refuse",
            // Its user is gone, and so is the key that it carries.
            Connect::Same if !self.by_role() && self.identity == Identity::Absent => "update",
            Connect::Same => "keep",
            Connect::OtherExternalId | Connect::OtherSession if self.older_api() => "keep",
            _ => differs,
        }
    }

    fn exit_code(&self, steps: Option<&Vec<(&str, &str)>>) -> i32 {
        match steps {
            None => 5,
            Some(steps) if steps.iter().any(|(_, becomes)| *becomes == "refuse") => 5,
            _ if self.bucket == Bucket::JustDeleted => 1,
            // A quota that AWS may have raised is refused only when AWS says so.
            _ if self.report == Report::FiveOthers => 5,
            // Left to a person, or Flexera cannot read yet.
            _ if self.way == Way::UserOptima || self.identity == Identity::TightBoundary => 8,
            _ => 0,
        }
    }

    fn words(&self) -> Vec<&'static str> {
        let mut words = match self.way {
            Way::RoleOptima => vec!["--access", "role"],
            Way::RoleNam => vec!["--api", "flexera-one"],
            Way::RoleEu => vec!["--api", "flexera-one", "--zone", "eu"],
            Way::RoleApac => vec!["--api", "flexera-one", "--zone", "apac"],
            Way::UserOptima => vec!["--access", "user"],
            Way::UserNam => vec!["--api", "flexera-one", "--access", "user"],
        };
        match self.account {
            Account::MemberAllowed => words.push("--allow-member-account"),
            _ if self.identity == Identity::TightBoundary => words.extend(["--timeout", "2"]),
            _ => {}
        }
        if self.connect == Connect::OtherMonth {
            words.extend(["--effective-from", "2026-01"]);
        }
        if self.bucket == Bucket::SomebodyElses {
            words.extend(["--bucket", "taken-by-others"]);
        }
        words
    }

    fn world(&self) -> World {
        World::with(|options| Options {
            account_kind: match self.account {
                Account::Payer | Account::Denied => AccountKind::Payer,
                Account::Standalone => AccountKind::Standalone,
                Account::Member | Account::MemberAllowed => AccountKind::Member,
            },
            partition: self.partition,
            bucket_name_rest: if self.bucket == Bucket::JustDeleted {
                Duration::from_secs(600)
            } else {
                Duration::ZERO
            },
            ..options
        })
    }

    /// Stages it, runs, and holds plan, exit code and what is there afterwards against the table.
    pub fn check(&self) -> Result<(), String> {
        let world = self.world();
        let mut environment = block_on(staged::stage(self, &world));
        if self.partition == Partition::AwsCn {
            environment.push(("AWS_REGION", "cn-north-1".to_owned()));
        }
        world.requests();
        let before = world.state();
        let run = || world.apply(&self.words()).envs(environment.clone()).run();
        let ran = run();
        let (steps, writes, after) = (self.becomes(), world.writes(), world.state());
        let expected = self.exit_code(steps.as_ref());
        let shown = || format!("{}\n{}", ran.stdout, ran.stderr);
        if ran.code != expected {
            return Err(format!("should end with {expected}, ends with {}\n{}", ran.code, shown()));
        }
        let changes = if steps.is_some() { changes(&ran.json()) } else { Vec::new() };
        let planned: Vec<String> = steps.iter().flatten().map(|(step, becomes)| format!("{step} {becomes}")).collect();
        if changes != planned {
            return Err(format!("should be {planned:?}\n  is        {changes:?}\n{}", shown()));
        }
        foreign::untouched(&before, &after)?;
        let refused = planned.is_empty() || planned.iter().any(|step| step.ends_with(" refuse"));
        if refused {
            return if writes.is_empty() && before == after {
                Ok(())
            } else {
                Err(format!("refused, and wrote {writes:?}"))
            };
        }
        self.versions_made_room(&before, &after)?;
        if ![0, 8].contains(&expected) {
            return Ok(());
        }
        let again = run();
        let (writes, end) = (world.writes(), world.state());
        if again.code != expected || !writes.is_empty() || end != after {
            return Err(format!(
                "a second run ends with {} and writes {writes:?}\n{}\n{}",
                again.code, again.stdout, again.stderr
            ));
        }
        Ok(())
    }

    /// Of five versions the oldest that was not the default went, and no other.
    fn versions_made_room(&self, before: &serde_json::Value, after: &serde_json::Value) -> Result<(), String> {
        if self.policy != Policy::OursFiveVersions {
            return Ok(());
        }
        let ids = |state: &serde_json::Value| -> Vec<String> {
            let versions = state["policies"][staged::POLICY_ARN]["versions"].as_array().cloned().unwrap_or_default();
            versions.iter().filter_map(|version| Some(version["id"].as_str()?.to_owned())).collect()
        };
        let (before, after) = (ids(before), ids(after));
        let right = before == ["v1", "v2", "v3", "v4", "v5"] && after == ["v1", "v3", "v4", "v5", "v6"];
        if right { Ok(()) } else { Err(format!("the policy's versions were {before:?}, are {after:?}")) }
    }
}

fn changes(document: &serde_json::Value) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let steps = document["steps"].as_array().cloned().unwrap_or_default();
    steps.iter().map(|step| format!("{} {}", text(&step["step"]), text(&step["change"]))).collect()
}
