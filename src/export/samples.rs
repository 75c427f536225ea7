//! Onboardings to export, and the proof that what an export makes is adopted: what it describes, read back out of it, is
//! given to the steps as if it had been found in AWS.

use crate::aws::buckets::{Bucket, Settings};
use crate::aws::policies::ManagedPolicy;
use crate::aws::reports::Report;
use crate::aws::roles::Role;
use crate::aws::users::User;
use crate::export::Subject;
use crate::plan::Change;
use crate::spec::answers::{Answers, Given, Raw, Source};
use crate::spec::names::{Parse, Region};
use crate::spec::tags::{Owner, Tags};
use crate::steps::{self, Found, KeyFile, Scope, Step, bill_connect, report};

/// Ways to onboard, each with what is peculiar about it.
pub const VARIANTS: [(&str, &[(&str, &str)]); 8] = [
    ("the defaults", &[]),
    (
        "Europe, tags, the newer list of permissions",
        &[
            ("api", "flexera-one"),
            ("zone", "eu"),
            ("bucket_region", "eu-west-1"),
            ("policy_set", "cloud-cost"),
            ("effective_from", "2026-01"),
            ("tag", "team=fin ops"),
        ],
    ),
    (
        "odd but legal names",
        &[
            ("bucket", "1.odd-bucket"),
            ("prefix", "it's/!(a)*_.b"),
            ("report_name", "r'(x)*!-"),
            ("policy_name", "-p+=,.@_"),
            ("role_name", "R+=,.@_-"),
            ("external_id", "x:/@=,+.-"),
            ("trusted_principal", "arn:aws:iam::451234325714:role/path/r+=,.@_-"),
            ("tag", "a: b=c = - @x/é"),
            ("tag", "for=yes"),
        ],
    ),
    ("a user for the newer API", &[("access", "user"), ("api", "flexera-one")]),
    ("a user for the older API", &[("access", "user"), ("user_name", "u+=,.@_-")]),
    ("China", &[("access", "user"), ("api", "flexera-one"), ("bucket_region", "cn-north-1")]),
    ("China, where its reports are", &[("access", "user"), ("api", "flexera-one"), ("region", "cn-northwest-1")]),
    (
        "an existing report",
        &[
            ("reuse_report", "theirs"),
            ("bucket", "acme-billing"),
            ("prefix", "cur"),
            ("bill_account_id", "444455556666"),
        ],
    ),
];

/// Organization 12345 with these answers more or instead.
pub fn subject(pairs: &[(&'static str, &str)]) -> Subject {
    let mut raw = Raw::default();
    for (key, text) in pairs.iter().chain(&[("org_id", "12345")]) {
        let given = Given { text: (*text).to_owned(), source: Source::Flag };
        if *key == "tag" { raw.tags.push(given) } else { raw.offer(key, given) }
    }
    let answers = Answers::parse_for_export(&raw).expect("the test's answers are valid");
    Subject::new(answers, Region::parse("us-east-1").expect("a region")).expect("the test's answers resolve")
}

/// What an export makes, as AWS would then show it.
#[derive(Default)]
pub struct Made {
    pub bucket: Option<Settings>,
    pub report: Option<Report>,
    pub report_tags: Tags,
    pub policy: ManagedPolicy,
    pub role: Option<Role>,
    pub user: Option<User>,
}

/// Holds it against the onboarding by the steps' own judgement: nothing is left to write, and nothing is taken for ours.
#[track_caller]
pub fn all_adopted(name: &str, subject: &Subject, made: Made) {
    let one = &subject.onboarding;
    let mut acts = vec![Step::Policy, if subject.by_role() { Step::Role } else { Step::User }];
    if subject.makes_report() {
        acts.extend([Step::Bucket, Step::BucketPolicy, Step::Report]);
    }
    let tags = [
        made.bucket.as_ref().map(|bucket| &bucket.tags),
        made.report.as_ref().map(|_| &made.report_tags),
        made.role.as_ref().map(|role| &role.tags),
        made.user.as_ref().map(|user| &user.tags),
    ];
    for tags in tags.into_iter().flatten() {
        assert_eq!(tags.owner(&one.org_id), Owner::Foreign, "{name}: it would fight with who made it");
        assert_eq!(one.tags.missing_in(tags), Tags::default(), "{name}: every tag that was asked for");
    }
    let found = Found {
        bucket: made.bucket.map_or(Bucket::Absent, Bucket::Here),
        bucket_key: None,
        report: report::Found { reports: made.report.into_iter().collect(), tags: made.report_tags },
        policy: Some(made.policy),
        role: made.role,
        bill_connect: bill_connect::Found { connect: None, user: made.user },
        key_file: KeyFile::Free,
    };
    for planned in steps::diff(one, &found, &Scope { acts, needs: Vec::new() }) {
        assert_eq!(planned.change, Change::Keep, "{name}: {planned:#?}");
        // Of an adopted bucket every setting that is less than this program's is only a warning.
        assert!(planned.step != Step::Bucket || planned.warnings.is_empty(), "{name}: {:?}", planned.warnings);
        let said = planned.reason.unwrap_or_default();
        assert!(said.contains("adopted") || planned.step == Step::BucketPolicy, "{name}: {said}");
    }
}

/// Tags from a list of `Key` and `Value`.
pub fn listed_tags(list: &serde_json::Value) -> Tags {
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    Tags::found(list.as_array().expect("tags").iter().map(|tag| (text(&tag["Key"]), text(&tag["Value"]))))
}
