//! Tables of conversations with a scripted person.

use super::*;
use crate::aws::reports::Report;
use crate::onboarding::Entry;
use crate::prompt::scripted::Scripted;
use crate::spec::names::{BucketName, Region, ReportName};
use crate::steps::{report, samples};

fn ask(answers: &mut Answers, facts: &Facts, script: &[(&'static str, &'static str)]) {
    ask_with(answers, &Known { facts, buckets: &[], before: &Answers::default(), connect: None }, script);
}

fn ask_with(answers: &mut Answers, known: &Known<'_>, script: &[(&'static str, &'static str)]) {
    let mut person = Scripted::new(script);
    while let Some(ask) = Ask::first_open(answers, known.facts) {
        assert_eq!(ask.ask(&mut person, answers, known).expect("answered"), Reply::Given(()));
    }
    person.finish();
}

#[test]
fn answers_of_before_are_offered_and_a_changed_one_opens_what_hangs_on_it() {
    let facts = samples::facts();
    let mut answers = Answers::default();
    let script = [
        ("--org-id", "777"),
        ("--api", "flexera-one"),
        ("--zone", "apac"),
        ("--access", ""),
        ("--bucket", "mine-alone"),
        ("--bucket-region", "eu-west-3"),
    ];
    ask(&mut answers, &facts, &script);
    let before = answers.clone();
    Ask::Api.forget(&mut answers);
    Ask::Bucket.forget(&mut answers);
    let known = Known { facts: &facts, buckets: &[], before: &before, connect: None };
    let enters = [("--api", ""), ("--zone", ""), ("--bucket", ""), ("--bucket-region", "")];
    ask_with(&mut answers, &known, &enters);
    assert_eq!(format!("{answers:?}"), format!("{before:?}"), "Enter takes what was answered before");
}

#[test]
fn every_answer_can_be_changed() {
    let facts = Facts { reports: vec![report::wanted(&samples::onboarding(&[]))], ..samples::facts() };
    for ask in Ask::ALL {
        let mut answers = Answers {
            org_id: OrgId::parse("1").ok(),
            api: Some(Api::FlexeraOne),
            zone: Some(Zone::Eu),
            access: Some(Access::User),
            report_name: ReportName::parse("r").ok(),
            bucket: BucketName::parse("bucket").ok(),
            bucket_region: Region::parse("eu-west-1").ok(),
            ..Answers::default()
        };
        if ask == Ask::KeyFile {
            (answers.api, answers.access_key_file) = (Some(Api::Optima), Some("key".into()));
        }
        assert!(ask.answered(&answers).is_some() && Ask::first_open(&answers, &facts).is_none(), "{ask:?}");
        ask.forget(&mut answers);
        assert_eq!(Ask::first_open(&answers, &facts), Some(ask));
    }
}

#[test]
fn own_buckets_are_offered_after_the_one_that_would_be_made() {
    let facts = samples::facts();
    let buckets = ["acme-billing".to_owned(), "acme-logs".to_owned()];
    let known = Known { facts: &facts, buckets: &buckets, before: &Answers::default(), connect: None };
    let start = Answers {
        org_id: OrgId::parse("12345").ok(),
        api: Some(Api::Optima),
        access: Some(Access::Role),
        bucket_region: Region::parse("eu-west-1").ok(),
        ..Answers::default()
    };
    for (script, bucket) in [
        (&[("--bucket", "")][..], "flexera-optima-123456789012-12345"),
        (&[("--bucket", "acme-logs")], "acme-logs"),
        (&[("--bucket", "another name"), ("--bucket", "brand-new")], "brand-new"),
    ] {
        let mut answers = start.clone();
        ask_with(&mut answers, &known, script);
        assert_eq!(answers.bucket.as_ref().map(BucketName::as_str), Some(bucket));
    }
}

#[test]
fn only_holes_are_asked_for() {
    let mut answers = Answers {
        org_id: OrgId::parse("12345").ok(),
        api: Some(Api::Optima),
        access: Some(Access::Role),
        bucket: BucketName::parse("mine").ok(),
        bucket_region: Region::parse("eu-west-1").ok(),
        ..Answers::default()
    };
    ask(&mut answers, &samples::facts(), &[]);
}

#[test]
fn an_empty_account_is_asked_for_a_place() {
    let mut answers = Answers::default();
    ask(
        &mut answers,
        &samples::facts(),
        &[
            ("--org-id", "12345"),
            ("--api", "flexera-one"),
            ("--zone", "eu"),
            ("--access", ""),
            ("--bucket", ""),
            ("--bucket-region", "eu-central-1"),
        ],
    );
    assert_eq!(answers.bucket.as_ref().map(BucketName::as_str), Some("flexera-optima-123456789012-12345"));
    assert_eq!(
        (answers.zone, answers.bucket_region.as_ref().map(Region::as_str)),
        (Some(Zone::Eu), Some("eu-central-1"))
    );
}

#[test]
fn a_report_that_fits_is_the_default() {
    let right = report::wanted(&samples::onboarding(&[]));
    let daily = Report { name: "a-daily".into(), time_unit: "DAILY".into(), ..right.clone() };
    let fits = |bucket: &str| Report { name: "b-fits".into(), bucket: bucket.into(), ..right.clone() };
    let chosen = |report: Report| {
        let facts = Facts { reports: vec![daily.clone(), report], ..samples::facts() };
        let mut answers = Answers::default();
        let given = [("--org-id", "12345"), ("--api", "optima"), ("--access", "role"), ("--reuse-report", "")];
        ask(&mut answers, &facts, &given);
        answers
    };
    let reused = chosen(fits("somebodys-bill"));
    assert_eq!(reused.reuse_report.as_ref().map(ReportName::as_str), Some("b-fits"));
    let own = chosen(fits(&right.bucket));
    assert_eq!(own.report_name.as_ref().map(ReportName::as_str), Some("b-fits"), "made by a run, and not reused");
    assert_eq!(own.bucket.as_ref().map(BucketName::as_str), Some(right.bucket.as_str()));
    assert_eq!(own.reuse_report, None);
}

#[test]
fn a_report_that_does_not_fit_is_not_the_default() {
    let daily = Report { time_unit: "DAILY".into(), ..report::wanted(&samples::onboarding(&[])) };
    let facts = Facts { reports: vec![daily], ..samples::facts() };
    let mut answers = Answers::default();
    ask(
        &mut answers,
        &facts,
        &[
            ("--org-id", "12345"),
            ("--api", "optima"),
            ("--access", "role"),
            ("--reuse-report", ""),
            ("--bucket", ""),
            ("--bucket-region", ""),
        ],
    );
    assert_eq!(answers.reuse_report, None);
    assert_eq!(answers.report_name.as_ref().map(ReportName::as_str), Some("flexera-optima-2"), "the first is taken");
}

#[test]
fn what_the_bill_connect_has_is_what_enter_takes() {
    let one = samples::onboarding(&[]);
    let fits = |name: &str, prefix: &str| Report {
        name: name.into(),
        bucket: "acme-billing".into(),
        prefix: prefix.into(),
        ..report::wanted(&one)
    };
    let facts = Facts { reports: vec![fits("a-first", "cur"), fits("b-second", "billing")], ..samples::facts() };
    let connect = standing::tests::connect("acme-billing/billing/", Entry::User);
    let known = Known { facts: &facts, buckets: &[], before: &Answers::default(), connect: Some(&connect) };
    let mut answers = Answers {
        org_id: OrgId::parse("1").ok(),
        api: Some(Api::FlexeraOne),
        zone: Some(Zone::Nam),
        ..Answers::default()
    };
    ask_with(&mut answers, &known, &[("--access", ""), ("--reuse-report", "")]);
    assert_eq!(answers.access, Some(Access::User));
    assert_eq!(answers.reuse_report.map(|name| name.to_string()).as_deref(), Some("b-second"));
}

#[test]
fn the_bucket_that_the_bill_connect_reads_is_what_enter_takes() {
    let facts = samples::facts();
    let connect = standing::tests::connect("acme-billing/billing", Entry::User);
    for (buckets, taken) in
        [(&["a-first", "acme-billing"][..], "acme-billing"), (&["a-first"], "flexera-optima-123456789012-1")]
    {
        let buckets: Vec<String> = buckets.iter().map(|name| (*name).to_owned()).collect();
        let known = Known { facts: &facts, buckets: &buckets, before: &Answers::default(), connect: Some(&connect) };
        let mut answers = Answers { org_id: OrgId::parse("1").ok(), ..Answers::default() };
        assert_eq!(
            Ask::Bucket.ask(&mut Scripted::new(&[("--bucket", "")]), &mut answers, &known).expect("answered"),
            Reply::Given(())
        );
        assert_eq!(answers.bucket.map(|name| name.to_string()).as_deref(), Some(taken));
    }
}
