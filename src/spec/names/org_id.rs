//! The organization's id, and where a person finds it: in the address of every page of Flexera One.

use url::Url;

use super::{OrgId, Parse};

/// Whose pages have it in their address.
const HOSTS: [&str; 4] = ["flexera.com", "flexera.eu", "flexera.au", "rightscale.com"];

/// Digits, and few enough for a number.
pub(super) fn fits(text: &str) -> bool {
    (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
}

impl OrgId {
    /// The id in an address of Flexera's, `https://app.flexera.com/orgs/12345/…`, with or without its scheme.
    pub fn in_address(text: &str) -> Option<Self> {
        let text = text.trim();
        let url =
            Url::parse(text).ok().filter(Url::has_host).or_else(|| Url::parse(&format!("https://{text}")).ok())?;
        let host = url.host_str()?;
        let is_under = |theirs: &str| host.strip_suffix(theirs).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
        HOSTS.iter().find(|theirs| is_under(theirs))?;
        // Behind the # too: some pages keep their place there.
        let place = format!("{}/{}", url.path(), url.fragment().unwrap_or_default());
        let mut parts = place.split(['/', '?', '&']).skip_while(|part| !matches!(*part, "orgs" | "org"));
        Self::parse(parts.nth(1)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_flexeras_holds_the_id_and_another_does_not() {
        for (text, id) in [
            ("https://app.flexera.com/orgs/12345/", Some("12345")),
            ("https://app.flexera.com/orgs/12345/optima/billing?from=2026-01#top", Some("12345")),
            ("  app.flexera.eu/orgs/777 ", Some("777")),
            ("https://app.flexera.au/orgs/9?x=1", Some("9")),
            ("https://analytics.rightscale.com/orgs/12345/dashboard", Some("12345")),
            ("https://app.flexera.com/#/orgs/12345/home", Some("12345")),
            ("https://github.com/orgs/12345", None),
            ("https://notflexera.com/orgs/12345", None),
            ("https://app.flexera.com/orgs/acme/", None),
            ("https://app.flexera.com/orgs/", None),
            ("https://app.flexera.com/orgs/0123", None),
            ("12345", None),
            ("Acme", None),
            ("", None),
        ] {
            assert_eq!(OrgId::in_address(text).as_ref().map(OrgId::as_str), id, "{text:?}");
        }
        let rule = OrgId::parse("https://app.flexera.com/orgs/12345/").expect_err("no id itself");
        assert!(rule.ends_with("did you mean 12345?"), "{rule}");
    }
}
