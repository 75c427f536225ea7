//! What each name takes and refuses.

use super::*;

fn accepts<T: Parse>(values: &[&str]) {
    for value in values {
        assert!(T::parse(value).is_ok(), "{value} should be accepted");
    }
}

fn refuses<T: Parse>(values: &[&str]) {
    for value in values {
        assert!(T::parse(value).is_err(), "{value} should be refused");
    }
}

#[test]
fn bucket_names_follow_s3() {
    accepts::<BucketName>(&["abc", "my.bucket-1", "0-9", "x-123456789012-us-east-1-an", &"a".repeat(63)]);
    refuses::<BucketName>(&[
        "",
        "ab",
        &"a".repeat(64),
        "Abc",
        "a_b",
        "-abc",
        "abc-",
        "a..b",
        "192.168.0.1",
        "xn--abc",
        "sthree-x",
        "amzn-s3-demo-x",
        "x-s3alias",
        "x--ol-s3",
        "x.mrap",
        "x--x-s3",
        "a b",
        "a/b",
        "ä-bucket",
    ]);
}

#[test]
fn organizations_are_digits() {
    accepts::<OrgId>(&["1", "12345", "999999999999999999"]);
    refuses::<OrgId>(&["", "0", "0123", "12a", "-1", "12 ", "1/2", "1234567890123456789", "１２"]);
}

#[test]
fn accounts_have_twelve_digits() {
    accepts::<AccountId>(&["123456789012", "000000000000"]);
    refuses::<AccountId>(&["12345678901", "1234567890123", "12345678901a", ""]);
}

#[test]
fn prefixes_have_no_loose_slashes() {
    accepts::<Prefix>(&["billing", "a/b", "x!-_.*'()"]);
    refuses::<Prefix>(&["", "/a", "a/", "a//b", "a b", &"a".repeat(257), "a\nb"]);
    assert!(Prefix::of_existing_report("cloudcost/").is_ok(), "what AWS accepted once is taken as it is");
    assert!(Prefix::of_existing_report("").is_err(), "Flexera needs a prefix");
}

#[test]
fn iam_names_follow_iam() {
    accepts::<RoleName>(&["Role_1", "a+=,.@-", &"r".repeat(64)]);
    refuses::<RoleName>(&["", "a b", "a/b", &"r".repeat(65), "rôle"]);
    accepts::<PolicyName>(&[&"p".repeat(128)]);
    refuses::<PolicyName>(&[&"p".repeat(129)]);
}

#[test]
fn ids_for_sts_have_two_characters_or_more() {
    accepts::<ExternalId>(&["12", "a:b/c"]);
    refuses::<ExternalId>(&["1", "", "a b", &"x".repeat(1225)]);
    accepts::<SessionName>(&["flexera-finops"]);
    refuses::<SessionName>(&["f", "a/b", &"s".repeat(65)]);
}

#[test]
fn months_and_regions() {
    accepts::<BillMonth>(&["2026-01", "2099-12"]);
    refuses::<BillMonth>(&["2026-13", "2026-1", "1999-01", "2026-00", "2026", "2026-+1", "202é-01"]);
    accepts::<Region>(&["us-east-1", "us-gov-west-1", "ap-southeast-11", "eusc-de-east-1"]);
    refuses::<Region>(&["", "us-east", "us-east-0", "US-EAST-1", "useast1", "us--east-1", "us-east-1a", "../x-y-1"]);
}

#[test]
fn principals_are_iam_arns() {
    accepts::<PrincipalArn>(&[
        "arn:aws:iam::451234325714:role/production_customer_access",
        "arn:aws:iam::451234325714:root",
        "arn:aws-cn:iam::451234325714:user/x/y",
    ]);
    refuses::<PrincipalArn>(&[
        "",
        "*",
        "451234325714",
        "arn:aws:iam::45123432571:root",
        "arn:aws:sts::451234325714:role/x",
        "arn:aws:iam::451234325714:role/",
        "arn:aws:iam::451234325714:roots",
        "arn:aws:iam::451234325714:group/x",
    ]);
    refuses::<RoleArn>(&["arn:aws:iam::451234325714:root"]);
}
