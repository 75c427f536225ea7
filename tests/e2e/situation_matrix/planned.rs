//! What may be found, as the plain values that the steps compare: every situation with what it has to become. The
//! expectations stand beside the situations and know nothing of the code that decides.

use optima_onboard::aws::buckets::{Bucket, Settings};
use optima_onboard::aws::keys::AccessKey;
use optima_onboard::aws::policies::ManagedPolicy;
use optima_onboard::aws::reports::Report;
use optima_onboard::aws::roles::Role;
use optima_onboard::aws::users::User;
use optima_onboard::onboarding::{BillConnect, Entry};
use optima_onboard::plan::Change::{self, Create, Keep, Refuse, Update};
use optima_onboard::spec::Onboarding;
use optima_onboard::spec::key_state::KEY_STATE;
use optima_onboard::spec::tags::Tags;
use optima_onboard::steps::report;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A situation: its name, what is found, what becomes of it.
pub struct Situation<T> {
    pub name: &'static str,
    pub found: T,
    pub becomes: Change,
}

fn one<T>(name: &'static str, found: T, becomes: Change) -> Situation<T> {
    Situation { name, found, becomes }
}

/// What a bucket's situation means for its neighbours.
pub struct Around {
    pub bucket: Bucket,
    pub policy_becomes: Change,
    /// Whether its key is one that Flexera's policy has to name.
    pub adds_key: bool,
}

impl Around {
    /// The key, as the bucket names it.
    pub fn key(&self) -> Option<&str> {
        match &self.bucket {
            Bucket::Here(settings) => settings.kms_key.as_deref(),
            _ => None,
        }
    }
}

const FOREIGN: &str = r#"{"Sid":"Auditors","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;

/// The two statements, as AWS's own document for reports has them but for the star's operator.
fn delivery(one: &Onboarding) -> String {
    let (partition, bucket) = (one.partition, &one.bucket);
    let home = if partition.as_str() == "aws" { "us-east-1" } else { "cn-northwest-1" };
    let condition = format!(
        r#""Condition":{{"StringLike":{{"aws:SourceAccount":"{0}","aws:SourceArn":"arn:{partition}:cur:{home}:{0}:definition/*"}}}}"#,
        one.account_id
    );
    let service = r#""Effect":"Allow","Principal":{"Service":"billingreports.amazonaws.com"}"#;
    format!(
        r#"{{"Sid":"OptimaOnboardBillingCheck",{service},"Action":["s3:GetBucketAcl","s3:GetBucketPolicy"],"Resource":"arn:{partition}:s3:::{bucket}",{condition}}},{{"Sid":"OptimaOnboardBillingDelivery",{service},"Action":"s3:PutObject","Resource":"arn:{partition}:s3:::{bucket}/*",{condition}}}"#
    )
}

fn document(statements: &[&str]) -> Option<String> {
    Some(format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(",")))
}

pub fn buckets(wanted: &Onboarding) -> Vec<Situation<Around>> {
    let ours = delivery(wanted);
    let deny = |condition: &str| {
        format!(
            r#"{{"Sid":"No","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*","Condition":{condition}}}"#
        )
    };
    let good = Settings {
        tags: wanted.all_tags(),
        public_access_blocked: true,
        ownership: Some("BucketOwnerEnforced".into()),
        kms_key: None,
        policy: document(&[&ours]),
    };
    let drifted = ours.replace(":definition/*", ":definition/other");
    let [tls, always, maybe] = [
        r#"{"Bool":{"aws:SecureTransport":"false"}}"#,
        r#"{"StringEquals":{"aws:PrincipalServiceName":"billingreports.amazonaws.com"}}"#,
        r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}"#,
    ]
    .map(deny);
    let here = |name, settings: Settings, becomes, policy_becomes| {
        one(name, Around { bucket: Bucket::Here(settings), policy_becomes, adds_key: false }, becomes)
    };
    let with_policy =
        |name, policy: Option<String>, becomes| here(name, Settings { policy, ..good.clone() }, Keep, becomes);
    let with_key = |name, key: &str, adds_key| {
        let settings = Settings { kms_key: Some(key.into()), ..good.clone() };
        one(name, Around { bucket: Bucket::Here(settings), policy_becomes: Keep, adds_key }, Keep)
    };
    let closed =
        |name, bucket, policy_becomes, becomes| one(name, Around { bucket, policy_becomes, adds_key: false }, becomes);
    let other_org =
        Tags::found([("managed-by".into(), "optima-onboard".into()), ("flexera-org-id".into(), "999".into())]);
    let arn = format!("arn:{}:kms:us-east-1:{}:key/1234abcd", wanted.partition, wanted.account_id);
    vec![
        closed("absent", Bucket::Absent, Create, Create),
        here("ours, whole", good.clone(), Keep, Keep),
        with_policy("ours, without a policy", None, Create),
        with_policy("ours, foreign statements", document(&[FOREIGN]), Update),
        with_policy("ours, foreign statements beside ours", document(&[FOREIGN, &ours]), Keep),
        with_policy("ours, a harmless Deny", document(&[&tls]), Update),
        with_policy("ours, a Deny that hits", document(&[&ours, &always]), Refuse),
        with_policy("ours, a Deny that may hit", document(&[&ours, &maybe]), Keep),
        with_policy("ours, a statement drifted", document(&[&drifted]), Update),
        with_policy("ours, a policy that is none", Some("[]".into()), Refuse),
        here("ours, public", Settings { public_access_blocked: false, ..good.clone() }, Update, Keep),
        here("ours, access control lists", Settings { ownership: None, ..good.clone() }, Update, Keep),
        here("another organization's", Settings { tags: other_org, ownership: None, ..good.clone() }, Keep, Keep),
        here("the account's own", Settings::default(), Keep, Create),
        closed("in another region", Bucket::Elsewhere("eu-west-1".into()), Refuse, Refuse),
        closed("somebody else's", Bucket::Denied, Refuse, Refuse),
        with_key("AWS's own key", "aws/s3", false),
        with_key("a key by its ARN", &arn, true),
        with_key("a key by its id", "1234abcd", true),
        with_key("a key by its alias", "alias/billing", true),
        with_key("a key that is none", "key/*", false),
    ]
}

pub fn reports(wanted: &Onboarding) -> Vec<Situation<report::Found>> {
    let fits = Report {
        name: wanted.report_name.as_str().into(),
        time_unit: "HOURLY".into(),
        format: "textORcsv".into(),
        compression: "GZIP".into(),
        schema_elements: vec!["RESOURCES".into()],
        bucket: wanted.bucket.as_str().into(),
        prefix: wanted.prefix.as_str().into(),
        region: wanted.bucket_region.as_str().into(),
        refresh_closed: true,
        versioning: "CREATE_NEW_REPORT".into(),
        ..Report::default()
    };
    type Edit = fn(&mut Report);
    // What AWS lets be changed is changed; the rest needs another name.
    let wrong: [(&str, Edit, Change); 10] = [
        ("daily", |r| r.time_unit = "DAILY".into(), Refuse),
        ("Parquet", |r| r.format = "Parquet".into(), Update),
        ("ZIP", |r| r.compression = "ZIP".into(), Update),
        ("without resources", |r| r.schema_elements = vec![], Refuse),
        ("with artifacts", |r| r.artifacts = vec!["REDSHIFT".into()], Update),
        ("not refreshed", |r| r.refresh_closed = false, Update),
        ("overwriting", |r| r.versioning = "OVERWRITE_REPORT".into(), Refuse),
        ("another prefix", |r| r.prefix = "elsewhere".into(), Update),
        ("another bucket", |r| r.bucket = "elsewhere".into(), Update),
        ("another region", |r| r.region = "eu-west-3".into(), Update),
    ];
    let only = |report: Report, tags: Tags| report::Found { reports: vec![report], tags };
    let mut all = vec![
        one("none", report::Found::default(), Create),
        one("fits", only(fits.clone(), wanted.all_tags()), Keep),
        one("fits, not ours", only(fits.clone(), Tags::default()), Keep),
    ];
    for (name, edit, becomes) in wrong {
        let mut report = fits.clone();
        edit(&mut report);
        all.push(one(name, only(report.clone(), wanted.all_tags()), becomes));
        all.push(one(name, only(report, Tags::default()), Refuse));
    }
    for status in ["SUCCESS", "ERROR_PERMISSIONS", "ERROR_NO_BUCKET"] {
        let report = Report { last_status: Some(status.into()), ..fits.clone() };
        all.push(one(status, only(report, wanted.all_tags()), Keep));
    }
    let five: Vec<Report> = (0..5).map(|n| Report { name: format!("other-{n}"), ..fits.clone() }).collect();
    let six = five.iter().cloned().chain([fits]).collect();
    all.push(one("five others", report::Found { reports: five, tags: Tags::default() }, Create));
    all.push(one("five others and ours", report::Found { reports: six, tags: wanted.all_tags() }, Keep));
    all
}

/// `wanted` carries the bucket's key, and what is right is written down for both kinds of bucket.
pub fn policies(wanted: &Onboarding, adds_key: bool) -> Vec<Situation<Option<ManagedPolicy>>> {
    let plain = optima_onboard::steps::policy::wanted(&wanted.clone().encrypted_with(None)).to_string();
    let right = optima_onboard::steps::policy::wanted(wanted).to_string();
    let found = |document: &str, tags: Tags| {
        // As IAM hands it out.
        let document = utf8_percent_encode(document, NON_ALPHANUMERIC).to_string();
        Some(ManagedPolicy { version: "v1".into(), document, tags })
    };
    let other_org =
        Tags::found([("managed-by".into(), "optima-onboard".into()), ("flexera-org-id".into(), "999".into())]);
    let (ours, foreign) = (wanted.all_tags(), Tags::default());
    let wider = right.replace("s3:GetObject", "s3:*");
    let less = right.replace(r#""organizations:Describe*","#, "");
    vec![
        one("absent", None, Create),
        one("ours", found(&right, ours.clone()), Keep),
        one("ours, without the key", found(&plain, ours.clone()), if adds_key { Update } else { Keep }),
        one("ours, wider", found(&wider, ours.clone()), Update),
        one("ours, less", found(&less, ours.clone()), Update),
        one("ours, another bucket", found(&right.replace(wanted.bucket.as_str(), "elsewhere"), ours.clone()), Update),
        one("ours, not JSON", found("{", ours), Update),
        one("not ours, equal", found(&right, foreign.clone()), Keep),
        one("not ours, different", found(&wider, foreign), Refuse),
        one("another organization's, equal", found(&right, other_org.clone()), Keep),
        one("another organization's, different", found(&less, other_org), Refuse),
    ]
}

pub fn roles(wanted: &Onboarding) -> Vec<Situation<Option<Role>>> {
    let trust = |principal: &str, id: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"sts:ExternalId":"{id}"}}}}}}]}}"#
        )
    };
    let flexera = wanted.trusted_principal.as_str();
    let right = Role {
        arn: wanted.role_arn(),
        trust: trust(flexera, "12345"),
        tags: wanted.all_tags(),
        attached: vec![wanted.policy_arn()],
        ..Role::default()
    };
    let drifts = [
        ("another external id", Role { trust: trust(flexera, "54321"), ..right.clone() }),
        ("no external id", Role { trust: right.trust.replace("sts:ExternalId", "aws:SourceIp"), ..right.clone() }),
        ("trust by root", Role { trust: trust("arn:aws:iam::451234325714:root", "12345"), ..right.clone() }),
        ("trust broken", Role { trust: trust("AROAEXAMPLEEXAMPLE123", "12345"), ..right.clone() }),
        ("trust in somebody else", Role { trust: trust("arn:aws:iam::999999999999:role/x", "12345"), ..right.clone() }),
        ("trust not JSON", Role { trust: "%".into(), ..right.clone() }),
        ("not attached", Role { attached: vec![], ..right.clone() }),
    ];
    let more = [
        ("boundary", Role { boundary: Some("arn:aws:iam::123456789012:policy/B".into()), ..right.clone() }),
        ("inline leftovers", Role { inline: vec!["Old".into()], ..right.clone() }),
        ("another policy too", Role { attached: vec!["arn:x".into(), wanted.policy_arn()], ..right.clone() }),
    ];
    let elsewhere = Role { arn: wanted.role_arn().replace(":role/", ":role/path/"), ..right.clone() };
    let mut all = vec![
        one("absent", None, Create),
        one("ours", Some(right), Keep),
        one("another path", Some(elsewhere.clone()), Refuse),
    ];
    all.push(one("another path, not ours", Some(Role { tags: Tags::default(), ..elsewhere }), Refuse));
    for (name, role) in drifts {
        all.push(one(name, Some(role.clone()), Update));
        all.push(one(name, Some(Role { tags: Tags::default(), ..role }), Refuse));
    }
    for (name, role) in more {
        all.push(one(name, Some(role.clone()), Keep));
        all.push(one(name, Some(Role { tags: Tags::default(), ..role }), Keep));
    }
    all
}

pub fn users(wanted: &Onboarding) -> Vec<Situation<Option<User>>> {
    let key = |active| AccessKey { id: if active { "AKIAEXAMPLE1" } else { "AKIAEXAMPLE2" }.into(), active };
    let right = User {
        arn: wanted.user_arn(),
        tags: wanted.all_tags(),
        attached: vec![wanted.policy_arn()],
        keys: vec![key(true)],
        ..User::default()
    };
    let elsewhere = User { arn: wanted.user_arn().replace(":user/", ":user/path/"), ..right.clone() };
    let same = [
        ("as it should be", right.clone()),
        ("without a key", User { keys: vec![], ..right.clone() }),
        ("an inactive key", User { keys: vec![key(false)], ..right.clone() }),
        ("two inactive keys", User { keys: vec![key(false), key(false)], ..right.clone() }),
        ("two keys", User { keys: vec![key(true), key(false)], ..right.clone() }),
        ("boundary", User { boundary: Some("arn:b".into()), ..right.clone() }),
        ("inline leftovers", User { inline: vec!["Old".into()], ..right.clone() }),
    ];
    let ours = right.tags.iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    let state = (KEY_STATE.to_owned(), "settled AKIAEXAMPLE2".to_owned());
    let by_a_run = User {
        tags: Tags::found(ours.chain([state])),
        keys: vec![AccessKey { active: false, ..key(true) }, key(false)],
        ..right.clone()
    };
    let mut all = vec![
        one("absent", None, Create),
        one("two inactive keys, one by a run", Some(by_a_run), Keep),
        one("not attached", Some(User { attached: vec![], ..right.clone() }), Update),
        one("not attached, not ours", Some(User { attached: vec![], tags: Tags::default(), ..right }), Refuse),
        one("another path", Some(elsewhere), Refuse),
    ];
    for (name, user) in same {
        all.push(one(name, Some(user.clone()), Keep));
        all.push(one(name, Some(User { tags: Tags::default(), ..user }), Keep));
    }
    all
}

/// What becomes of a bill connect depends on the API, and with a user on the user's keys.
pub struct Connecting {
    pub found: Option<BillConnect>,
    /// Through the newer API, which changes what differs.
    pub newer: Change,
    /// Through the older one, which cannot.
    pub older: Change,
}

pub fn connects(wanted: &Onboarding, by_role: bool) -> Vec<Situation<Connecting>> {
    let role = || Entry::Role {
        role_arn: wanted.role_arn(),
        external_id: Some("12345".into()),
        session_name: wanted.session_name.as_ref().map(|name| name.as_str().into()),
    };
    let same = BillConnect {
        id: wanted.bill_connect_id(),
        kind: None,
        account_id: Some(wanted.bill_account_id.as_str().into()),
        bucket: Some(wanted.bucket.as_str().into()),
        bucket_region: None,
        path: Some(format!("/{}", wanted.prefix)),
        partition: None,
        effective_from: wanted.effective_from.as_ref().map(|month| month.as_str().into()),
        entry: if by_role { role() } else { Entry::User },
        created_at: None,
        updated_at: None,
    };
    let entry = |role_arn: &str, id: &str, session: &str| Entry::Role {
        role_arn: role_arn.into(),
        external_id: Some(id.into()),
        session_name: Some(session.into()),
    };
    let session = wanted.session_name.as_ref().map_or("any", |name| name.as_str());
    let with = |entry: Entry| BillConnect { entry, ..same.clone() };
    let case = |name, found: Option<BillConnect>, newer, older| one(name, Connecting { found, newer, older }, newer);
    let mut all = vec![
        case("none", None, Create, Create),
        case("the same", Some(same.clone()), Keep, Keep),
        case("another bucket", Some(BillConnect { bucket: Some("elsewhere".into()), ..same.clone() }), Update, Refuse),
        case("another path", Some(BillConnect { path: Some("elsewhere".into()), ..same.clone() }), Update, Refuse),
        case("the other way in", Some(with(if by_role { Entry::User } else { role() })), Refuse, Refuse),
        case("nothing shown", Some(BillConnect { bucket: None, path: None, ..with(Entry::Unknown) }), Keep, Keep),
    ];
    if wanted.effective_from.is_some() {
        let later = BillConnect { effective_from: Some("2099-12".into()), ..same.clone() };
        all.push(case("another month", Some(later), Update, Refuse));
    }
    if by_role {
        let arn = wanted.role_arn();
        all.push(case("another role", Some(with(entry("arn:aws:iam::1:role/x", "12345", session))), Update, Refuse));
        all.push(case("another external id", Some(with(entry(&arn, "54321", session))), Update, Refuse));
        // The older API's session name is its own default unless one was asked for.
        let older = if wanted.session_name.is_some() { Refuse } else { Keep };
        all.push(case("another session", Some(with(entry(&arn, "12345", "other"))), Update, older));
    }
    all
}
