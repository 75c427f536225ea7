//! The ARNs of what this program makes: known from the names alone, before anything exists. An account or a bucket may be
//! a text that stands for one that is open.

use std::fmt::Display;

use crate::spec::names::{Partition, PolicyName, ReportName, RoleName, UserName};

/// The bucket itself.
pub fn bucket(partition: Partition, bucket: &impl Display) -> String {
    format!("arn:{partition}:s3:::{bucket}")
}

/// Every object in the bucket.
pub fn objects(partition: Partition, bucket: &impl Display) -> String {
    format!("arn:{partition}:s3:::{bucket}/*")
}

/// One Cost and Usage Report.
pub fn report(partition: Partition, account: &impl Display, name: &ReportName) -> String {
    format!("arn:{partition}:cur:{}:{account}:definition/{name}", partition.report_region())
}

/// Every Cost and Usage Report of the account.
pub fn reports(partition: Partition, account: &impl Display) -> String {
    format!("arn:{partition}:cur:{}:{account}:definition/*", partition.report_region())
}

/// A customer managed policy with the path `/`.
pub fn policy(partition: Partition, account: &impl Display, name: &PolicyName) -> String {
    format!("arn:{partition}:iam::{account}:policy/{name}")
}

/// A role with the path `/`.
pub fn role(partition: Partition, account: &impl Display, name: &RoleName) -> String {
    format!("arn:{partition}:iam::{account}:role/{name}")
}

/// A user with the path `/`.
pub fn user(partition: Partition, account: &impl Display, name: &UserName) -> String {
    format!("arn:{partition}:iam::{account}:user/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::names::{AccountId, Parse};

    #[test]
    fn a_report_lives_in_its_partitions_one_region() {
        let account = AccountId::parse("123456789012").unwrap();
        let name = ReportName::parse("flexera").unwrap();
        assert_eq!(report(Partition::Aws, &account, &name), "arn:aws:cur:us-east-1:123456789012:definition/flexera");
        assert_eq!(
            report(Partition::AwsCn, &account, &name),
            "arn:aws-cn:cur:cn-northwest-1:123456789012:definition/flexera"
        );
        assert_eq!(reports(Partition::Aws, &account), "arn:aws:cur:us-east-1:123456789012:definition/*");
    }
}
