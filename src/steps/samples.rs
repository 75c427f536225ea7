//! An onboarding and what may be found, for the tables of the steps' tests.

use crate::aws::identity::{AccountKind, Caller};
use crate::onboarding::{BillConnect, Entry};
use crate::spec::answers::{Answers, Given, Raw, Source};
use crate::spec::names::{AccountId, Parse, Partition, Region};
use crate::spec::{Facts, Onboarding, resolve};

/// Organization 12345 in account 123456789012, with these answers more or instead.
pub fn onboarding(answers: &[(&'static str, &str)]) -> Onboarding {
    let mut raw = Raw::default();
    for (key, text) in answers.iter().chain(&[("org_id", "12345")]) {
        raw.offer(key, Given { text: (*text).to_owned(), source: Source::Flag });
    }
    let answers = Answers::parse(&raw).expect("the test's answers are valid");
    resolve(&answers, &facts()).expect("the test's answers resolve")
}

/// The facts of a payer account in us-east-1 without reports.
pub fn facts() -> Facts {
    Facts {
        caller: Caller {
            account: AccountId::parse("123456789012").expect("twelve digits"),
            arn: "arn:aws:iam::123456789012:user/admin".into(),
            partition: Partition::Aws,
        },
        account_kind: AccountKind::Payer,
        region: Region::parse("us-east-1").expect("a region"),
        bucket_region: None,
        reports: Vec::new(),
    }
}

/// A bill connect of which the API shows nothing but its id.
pub fn bill_connect() -> BillConnect {
    BillConnect {
        id: "aws-123456789012".into(),
        kind: None,
        account_id: None,
        bucket: None,
        bucket_region: None,
        path: None,
        partition: None,
        effective_from: None,
        entry: Entry::Unknown,
        created_at: None,
        updated_at: None,
    }
}
