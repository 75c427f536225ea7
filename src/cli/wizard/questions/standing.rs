//! What a bill connect that exists says already: how Flexera gets in and from where it reads. The same once more changes
//! nothing, so that is what Enter takes.

use crate::aws::reports::Report;
use crate::aws::roles::Role;
use crate::onboarding::{BillConnect, Entry, same_path};
use crate::spec::names::{Access, AccountId, Parse, PolicyName, RoleName};

/// How Flexera gets in now, as far as the API says.
pub fn access(connect: Option<&BillConnect>) -> Option<Access> {
    match connect?.entry {
        Entry::Role { .. } => Some(Access::Role),
        Entry::User => Some(Access::User),
        Entry::Unknown => None,
    }
}

/// Whether it reads what this report delivers.
pub fn reads(connect: Option<&BillConnect>, report: &Report) -> bool {
    let Some((bucket, path)) = connect.and_then(|connect| connect.bucket.as_deref().zip(connect.path.as_deref()))
    else {
        return false;
    };
    bucket == report.bucket && same_path(path, &report.prefix)
}

/// The role by which Flexera gets in now, if it is one of this account and at the path where roles are made.
pub fn role(connect: Option<&BillConnect>, account: &AccountId) -> Option<RoleName> {
    let Entry::Role { role_arn, .. } = &connect?.entry else { return None };
    let (_, name) = role_arn.split_once(&format!(":iam::{account}:role/"))?;
    RoleName::parse(name).ok()
}

/// The policy that a role carries alone, if it is one of this account.
pub fn policy(role: &Role, account: &AccountId) -> Option<PolicyName> {
    let [only] = role.attached.as_slice() else { return None };
    let (_, name) = only.split_once(&format!(":iam::{account}:policy/"))?;
    PolicyName::parse(name).ok()
}

/// The bill connect in words: where it reads, and how it gets in.
pub fn in_words(connect: Option<&BillConnect>, account: &AccountId) -> String {
    let Some(connect) = connect else { return format!("none yet for account {account}") };
    let path = connect.path.as_deref().map(|path| format!("/{}", path.trim_matches('/'))).unwrap_or_default();
    let reads = connect.bucket.as_ref().map(|bucket| format!(", reads {bucket}{path}")).unwrap_or_default();
    let by = match &connect.entry {
        Entry::Role { role_arn, .. } => {
            format!(", gets in by the role {}", role_arn.rsplit('/').next().unwrap_or(role_arn))
        }
        Entry::User => ", gets in by a user's access key".to_owned(),
        Entry::Unknown => String::new(),
    };
    format!("{} exists{reads}{by}", connect.id)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// One that reads `bucket/path`.
    pub fn connect(place: &str, entry: Entry) -> BillConnect {
        let (bucket, path) = place.split_once('/').expect("a bucket and a path");
        BillConnect {
            id: "aws-111122223333".into(),
            kind: None,
            account_id: None,
            bucket: Some(bucket.into()),
            bucket_region: None,
            path: Some(path.into()),
            partition: None,
            effective_from: None,
            entry,
            created_at: None,
            updated_at: None,
        }
    }

    /// By this role.
    pub fn by_role(role_arn: &str) -> Entry {
        Entry::Role { role_arn: role_arn.into(), external_id: None, session_name: None }
    }

    #[test]
    fn a_role_is_taken_over_from_this_account_alone_and_without_a_path() {
        let account = AccountId::parse("111122223333").expect("twelve digits");
        for (arn, name) in [
            ("arn:aws:iam::111122223333:role/R9", Some("R9")),
            ("arn:aws:iam::444455556666:role/R9", None),
            ("arn:aws:iam::111122223333:role/team/R9", None),
            ("nonsense", None),
        ] {
            let connect = connect("b/p", by_role(arn));
            assert_eq!(role(Some(&connect), &account).map(|name| name.to_string()).as_deref(), name, "{arn}");
        }
        assert_eq!(role(None, &account), None);
    }

    #[test]
    fn a_policy_is_taken_over_if_the_role_carries_it_alone() {
        let account = AccountId::parse("111122223333").expect("twelve digits");
        let (own, aws) = ("arn:aws:iam::111122223333:policy/P9", "arn:aws:iam::aws:policy/ReadOnlyAccess");
        for (attached, name) in [(&[own][..], Some("P9")), (&[own, aws], None), (&[aws], None), (&[], None)] {
            let attached = attached.iter().map(|arn| (*arn).to_owned()).collect();
            let found = policy(&Role { attached, ..Role::default() }, &account);
            assert_eq!(found.map(|name| name.to_string()).as_deref(), name);
        }
    }

    #[test]
    fn what_exists_is_told_with_where_it_reads_and_how_it_gets_in() {
        let account = AccountId::parse("111122223333").expect("twelve digits");
        assert_eq!(in_words(None, &account), "none yet for account 111122223333");
        let words = in_words(Some(&connect("b/a/b/", Entry::User)), &account);
        assert_eq!(words, "aws-111122223333 exists, reads b/a/b, gets in by a user's access key");
    }
}
