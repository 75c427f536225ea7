//! Which bucket names and regions S3 takes.

/// Names that belong to somebody else, so that a test can meet one.
pub const TAKEN: &str = "taken-";

/// Whether `name` may name a general purpose bucket.
pub fn is_valid(name: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|&c| plain(c) || c == b'-' || c == b'.')
        && bytes.first().copied().is_some_and(plain)
        && bytes.last().copied().is_some_and(plain)
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !["xn--", "sthree-", "amzn-s3-demo-"].iter().any(|prefix| name.starts_with(prefix))
        && !["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].iter().any(|suffix| name.ends_with(suffix))
}

/// Whether S3 has such a region, by the shape of its name.
pub fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let known = ["af", "ap", "ca", "cn", "eu", "il", "me", "mx", "sa", "us"];
    matches!(parts[..], [area, place, number] if known.contains(&area) && place.len() > 3 && number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["abc", "my-bucket.1", "0-a", &"a".repeat(63)] {
            assert!(is_valid(name), "{name}");
        }
        let long = "a".repeat(64);
        for name in [
            "ab",
            "Abc",
            "a_b",
            "-ab",
            "ab-",
            "a..b",
            "192.168.0.1",
            "xn--a",
            "sthree-a",
            "amzn-s3-demo-a",
            "a-s3alias",
            "a--x-s3",
            &long,
        ] {
            assert!(!is_valid(name), "{name}");
        }
    }

    #[test]
    fn regions() {
        for name in ["eu-west-1", "ap-southeast-5", "il-central-1"] {
            assert!(is_region(name), "{name}");
        }
        for name in ["EU", "eu-west", "eu-wset1", "mars-north-1", "us-east-11"] {
            assert!(!is_region(name), "{name}");
        }
    }
}
