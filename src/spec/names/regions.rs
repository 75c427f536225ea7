//! AWS's regions: those whose buckets take reports, those that do not, and in which partition each is.

use super::{Partition, Region};

/// Regions whose buckets can receive a Cost and Usage Report: the closed list of the service's own model
/// (`AWSRegion` of the cost and usage report API, 2017-01-06, as of 2026).
pub const REPORT_REGIONS: [&str; 28] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ca-central-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "cn-north-1",
    "cn-northwest-1",
];

/// Regions of AWS that take no reports, as of 2026.
/// Source: <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
const OTHER_REGIONS: [&str; 10] = [
    "us-gov-east-1",
    "us-gov-west-1",
    "ap-east-2",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "il-central-1",
    "mx-central-1",
];

/// The region where neither flag, environment nor profile names one.
pub const FALLBACK_REGION: &str = "us-east-1";

impl Region {
    /// [`FALLBACK_REGION`], for where nothing depends on it but the default of a new bucket's place.
    pub fn fallback() -> Self {
        Self(FALLBACK_REGION.to_owned())
    }

    /// Whether AWS is known to have it.
    pub fn is_known(&self) -> bool {
        self.takes_reports() || OTHER_REGIONS.contains(&self.as_str())
    }

    /// The partition it is in, by the way AWS names regions.
    pub fn partition(&self) -> Partition {
        match self.as_str() {
            name if name.starts_with("cn-") => Partition::AwsCn,
            name if name.starts_with("us-gov-") => Partition::AwsUsGov,
            _ => Partition::Aws,
        }
    }

    /// Whether AWS can deliver a Cost and Usage Report to a bucket there.
    pub fn takes_reports(&self) -> bool {
        REPORT_REGIONS.contains(&self.as_str())
    }
}

impl Partition {
    /// Where its Cost and Usage Reports live, wherever their bucket is: the service has no other endpoint
    /// (<https://docs.aws.amazon.com/general/latest/gr/billing.html>).
    pub fn report_region(self) -> &'static str {
        match self {
            Self::AwsCn => "cn-northwest-1",
            Self::Aws | Self::AwsUsGov => "us-east-1",
        }
    }
}
