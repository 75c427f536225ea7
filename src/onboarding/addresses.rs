//! Where the onboarding API and the token endpoint are: Flexera's own hosts by zone. Pure: nothing here connects.

use url::Url;

use crate::spec::names::{Api, Rule, Zone};

/// The onboarding API's base address for a generation and a zone.
pub fn default_api_url(api: Api, zone: Zone) -> Result<Url, Rule> {
    match (api, zone) {
        (Api::Optima, Zone::Nam) => Ok(known("https://onboarding.rightscale.com")),
        (Api::Optima, Zone::Eu | Zone::Apac) => Err(format!(
            "the zone {zone} exists only with flexera-one: no address of the older API is published for it"
        )),
        (Api::FlexeraOne, Zone::Nam) => Ok(known("https://api.flexera.com")),
        (Api::FlexeraOne, Zone::Eu) => Ok(known("https://api.flexera.eu")),
        (Api::FlexeraOne, Zone::Apac) => Ok(known("https://api.flexera.au")),
    }
}

/// The token endpoint of a zone; both generations take its tokens.
pub fn default_login_url(zone: Zone) -> Url {
    match zone {
        Zone::Nam => known("https://login.flexera.com/oidc/token"),
        Zone::Eu => known("https://login.flexera.eu/oidc/token"),
        Zone::Apac => known("https://login.flexera.au/oidc/token"),
    }
}

/// `segments` below a base that may have a path of its own and a slash at its end; each is percent-encoded as one.
pub(crate) fn below<'a>(base: &Url, segments: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The address as an error or a log names it: no user, no password, no query.
pub(super) fn shown(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

fn known(text: &str) -> Url {
    Url::parse(text).expect("the addresses in this file are well formed, and a test reads each")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flexera_s_own_addresses() {
        let api = |api, zone| default_api_url(api, zone).map(String::from);
        assert_eq!(api(Api::Optima, Zone::Nam).unwrap(), "https://onboarding.rightscale.com/");
        assert_eq!(api(Api::FlexeraOne, Zone::Nam).unwrap(), "https://api.flexera.com/");
        assert_eq!(api(Api::FlexeraOne, Zone::Eu).unwrap(), "https://api.flexera.eu/");
        assert_eq!(api(Api::FlexeraOne, Zone::Apac).unwrap(), "https://api.flexera.au/");
        assert!(api(Api::Optima, Zone::Eu).unwrap_err().contains("flexera-one"));
        assert!(api(Api::Optima, Zone::Apac).unwrap_err().contains("flexera-one"));
        let logins: Vec<String> = Zone::ALL.iter().map(|zone| default_login_url(*zone).into()).collect();
        assert_eq!(
            logins,
            [
                "https://login.flexera.com/oidc/token",
                "https://login.flexera.eu/oidc/token",
                "https://login.flexera.au/oidc/token"
            ]
        );
    }

    #[test]
    fn paths_are_joined_and_encoded() {
        let under = |base: &str| below(&Url::parse(base).unwrap(), ["orgs", "a/b c?"]).to_string();
        assert_eq!(under("https://host"), "https://host/orgs/a%2Fb%20c%3F");
        assert_eq!(under("https://host/"), "https://host/orgs/a%2Fb%20c%3F");
        assert_eq!(under("https://host/base"), "https://host/base/orgs/a%2Fb%20c%3F");
        assert_eq!(under("https://host/base/"), "https://host/base/orgs/a%2Fb%20c%3F");
        assert_eq!(shown(&Url::parse("https://u:p@host:8443/a?b#c").unwrap()), "https://host:8443/a");
    }
}
