//! What a plan that makes and mends takes away, in words: access keys that nobody has, and an old version of a policy.

use crate::steps::{key, policy};

/// The end of a plan's last line, by the settings that change or go.
pub fn words<'a>(settings: impl Iterator<Item = &'a str>) -> String {
    let (mut keys, mut versions) = (0, 0);
    for setting in settings {
        keys += usize::from(setting == key::STALE_KEY);
        versions += usize::from(setting == policy::VERSION);
    }
    let keys = match keys {
        0 => None,
        1 => Some("1 access key that nobody has is deleted".to_owned()),
        many => Some(format!("{many} access keys that nobody has are deleted")),
    };
    let version = (versions > 0).then(|| "of five versions of a policy the oldest unused one goes".to_owned());
    let going: Vec<String> = keys.into_iter().chain(version).collect();
    if going.is_empty() { "nothing is deleted".to_owned() } else { going.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_is_said_and_nothing_only_where_nothing_does() {
        let of = |settings: &[&str]| words(settings.iter().copied());
        assert_eq!(of(&[]), "nothing is deleted");
        assert_eq!(of(&["Compression", "tags"]), "nothing is deleted");
        assert_eq!(of(&["accessKey", "stale_access_key"]), "1 access key that nobody has is deleted");
        let both = of(&["stale_access_key", "stale_access_key", "version"]);
        assert_eq!(
            both,
            "2 access keys that nobody has are deleted, of five versions of a policy the oldest unused one goes"
        );
    }
}
