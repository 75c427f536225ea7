//! The permissions of everybody in an onboarding. A table for each holder; what breaks is what is seen when it is missing.

mod billing;
mod flexera;
mod operator;
mod removal;

use crate::explain::terms::Permission;

/// Every one of them, holder by holder, an operator's for making before those for removing.
pub const PERMISSIONS: [&[Permission]; 4] =
    [flexera::PERMISSIONS, billing::PERMISSIONS, operator::PERMISSIONS, removal::PERMISSIONS];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::documents::{self, OperatorScope, Purpose};
    use crate::explain::terms::Holder;
    use crate::spec::bucket_key::BucketKey;
    use crate::spec::names::{BucketName, Parse, Partition, PolicyName, PolicySet, ReportName, RoleName, UserName};

    fn all() -> impl Iterator<Item = &'static Permission> {
        PERMISSIONS.into_iter().flatten()
    }

    fn of(holder: Holder) -> BTreeSet<&'static str> {
        all().filter(|permission| permission.holder == holder).map(|permission| permission.action).collect()
    }

    /// The actions that the statements allow.
    fn actions(statements: &[Value]) -> BTreeSet<String> {
        let texts = |value: &Value| match value {
            Value::String(text) => vec![text.clone()],
            Value::Array(texts) => texts.iter().map(|text| text.as_str().expect("a text").to_owned()).collect(),
            _ => panic!("an action is a text or texts"),
        };
        statements.iter().flat_map(|statement| texts(&statement["Action"])).collect()
    }

    fn statements(document: &Value) -> Vec<Value> {
        document["Statement"].as_array().expect("statements").clone()
    }

    fn texts(actions: &BTreeSet<String>) -> BTreeSet<&str> {
        actions.iter().map(String::as_str).collect()
    }

    #[test]
    fn what_flexera_may_do_is_explained_and_nothing_else() {
        let bucket = BucketName::parse("billing-1").expect("a name");
        let key = BucketKey::Key { arn: "arn:aws:kms:us-east-1:123456789012:key/k".to_owned(), qualified: true };
        let policy = |set: &PolicySet| {
            let plain = documents::flexera_permissions(*set, Partition::Aws, &bucket);
            statements(&documents::with_decryption(plain, Some(&key)))
        };
        let mut made: Vec<Value> = PolicySet::ALL.iter().flat_map(policy).collect();
        made.extend(statements(&documents::trust(&"arn:aws:iam::451234325714:root", &"12345")));
        assert_eq!(texts(&actions(&made)), of(Holder::Flexera));
    }

    #[test]
    fn what_aws_billing_may_do_is_explained_and_nothing_else() {
        let made = documents::delivery_statements(Partition::Aws, &"123456789012", &"billing-1");
        assert_eq!(texts(&actions(&made)), of(Holder::Billing));
    }

    /// Each action that an operator needs for the purpose, with the statement it stands in.
    fn needed(purpose: Purpose) -> BTreeSet<(String, String)> {
        let (role, user) = (RoleName::parse("r").expect("a name"), UserName::parse("u").expect("a name"));
        let policy = documents::operator_policy(&OperatorScope {
            partition: Partition::Aws,
            account: "123456789012",
            bucket: "billing-1",
            report_name: &ReportName::parse("report").expect("a name"),
            policy_name: &PolicyName::parse("p").expect("a name"),
            role_name: Some(&role),
            user_name: Some(&user),
            purpose,
        });
        let pairs = |statement: &Value| {
            let sid = statement["Sid"].as_str().expect("a name").to_owned();
            actions(std::slice::from_ref(statement))
                .into_iter()
                .map(move |action| (action, sid.clone()))
                .collect::<Vec<_>>()
        };
        statements(&policy).iter().flat_map(pairs).collect()
    }

    #[test]
    fn what_an_operator_needs_is_explained_for_each_purpose_and_nothing_else() {
        for purpose in [Purpose::Apply, Purpose::Verify, Purpose::Destroy, Purpose::DestroyWithBucket] {
            let explained: BTreeSet<(String, String)> = all()
                .filter(|permission| permission.holder == Holder::Operator && permission.purposes.contains(&purpose))
                .map(|permission| (permission.action.to_owned(), permission.step.to_owned()))
                .collect();
            assert_eq!(explained, needed(purpose), "{purpose:?}");
        }
    }

    #[test]
    fn what_only_an_option_needs_names_the_option() {
        let others: Vec<&str> = all()
            .filter(|permission| permission.holder == Holder::Operator && permission.purposes.is_empty())
            .map(|permission| permission.step)
            .collect();
        assert_eq!(others, ["--assume-role", "--from-stack", "bill-connect"]);
    }

    #[test]
    fn no_action_of_a_holder_is_explained_twice() {
        let mut seen = BTreeSet::new();
        for permission in all() {
            assert!(seen.insert((permission.holder, permission.action)), "{}", permission.action);
            assert!(!permission.why.is_empty() && !permission.without.is_empty());
        }
    }
}
