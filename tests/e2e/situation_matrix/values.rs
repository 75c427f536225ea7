//! What each part of an account may be, and what becomes of it by itself.

macro_rules! values {
    ($name:ident { $($value:ident),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($value),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];
        }
    };
}

// The quiet ones first: what a run refuses by itself stands at each list's end and does not meet the rest in pairs.
values!(Bucket {
    Absent,
    OursData,
    OursEmpty,
    OursForeign,
    OursHarmlessDeny,
    OursDrifted,
    OursPublic,
    Adopted,
    KmsArn,
    KmsId,
    KmsAlias,
    KmsAws,
    OursDenyHits,
    OtherRegion,
    SomebodyElses,
    JustDeleted,
});
values!(Report {
    None,
    Fits,
    FitsForeign,
    NotRefreshed,
    OtherPrefix,
    OtherBucket,
    ErrorPermissions,
    ErrorNoBucket,
    Parquet,
    Zip,
    Artifacts,
    Daily,
    NoResources,
    Overwriting,
    DailyForeign,
    OtherBucketForeign,
    FiveOthers,
});
values!(Policy { Absent, Ours, OursWider, OursFiveVersions, ForeignEqual, ForeignDifferent });
values!(Identity {
    Absent,
    Ours,
    TrustRoot,
    TrustBroken,
    TrustOtherId,
    Detached,
    Boundary,
    Inline,
    ForeignEqual,
    TightBoundary,
    ForeignDifferent,
});
values!(Connect { None, Same, OtherBucket, OtherPath, OtherRole, OtherExternalId, OtherSession, OtherMonth, OtherWay });
values!(Account { Payer, Standalone, Denied, MemberAllowed, Member });
values!(Way { RoleOptima, RoleNam, RoleEu, RoleApac, UserOptima, UserNam });

impl Bucket {
    /// The key of its default encryption.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::KmsArn => Some("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
            Self::KmsId => Some("1234abcd-12ab-34cd-56ef-1234567890ab"),
            Self::KmsAlias => Some("alias/billing"),
            Self::KmsAws => Some("aws/s3"),
            _ => None,
        }
    }

    /// Whether Flexera needs a permission for it.
    pub fn adds_key(self) -> bool {
        self.key().is_some() && self != Self::KmsAws
    }

    /// What becomes of it, and of its policy.
    pub fn becomes(self) -> (&'static str, &'static str) {
        match self {
            Self::Absent | Self::JustDeleted => ("create", "create"),
            Self::OursData | Self::KmsArn | Self::KmsId | Self::KmsAlias | Self::KmsAws => ("keep", "keep"),
            Self::OursEmpty => ("keep", "create"),
            Self::OursForeign | Self::OursHarmlessDeny | Self::OursDrifted | Self::Adopted => ("keep", "update"),
            Self::OursPublic => ("update", "keep"),
            Self::OursDenyHits => ("keep", "refuse"),
            Self::OtherRegion | Self::SomebodyElses => ("refuse", "refuse"),
        }
    }
}

impl Report {
    /// By its tags.
    pub fn is_ours(self) -> bool {
        !matches!(self, Self::FitsForeign | Self::DailyForeign | Self::OtherBucketForeign | Self::FiveOthers)
    }

    /// How AWS says that the last delivery went.
    pub fn status(self) -> Option<&'static str> {
        match self {
            Self::ErrorPermissions => Some("ERROR_PERMISSIONS"),
            Self::ErrorNoBucket => Some("ERROR_NO_BUCKET"),
            _ => None,
        }
    }

    pub fn becomes(self) -> &'static str {
        match self {
            Self::None | Self::FiveOthers => "create",
            Self::Fits | Self::FitsForeign | Self::ErrorPermissions | Self::ErrorNoBucket => "keep",
            Self::NotRefreshed
            | Self::OtherPrefix
            | Self::OtherBucket
            | Self::Parquet
            | Self::Zip
            | Self::Artifacts => "update",
            Self::Daily | Self::NoResources | Self::Overwriting | Self::DailyForeign | Self::OtherBucketForeign => {
                "refuse"
            }
        }
    }
}

impl Policy {
    /// By its tags.
    pub fn is_ours(self) -> bool {
        !matches!(self, Self::ForeignEqual | Self::ForeignDifferent)
    }
}

impl Identity {
    /// By its tags.
    pub fn is_ours(self) -> bool {
        !matches!(self, Self::ForeignEqual | Self::ForeignDifferent)
    }
}
