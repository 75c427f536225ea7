//! Where the onboarding API and the token endpoint are: Flexera's own hosts by zone, or an address that replaces them.
//! Pure: nothing here connects.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

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

/// Takes an address that replaces a default. Tokens and keys go there, so it is TLS, or never leaves the machine.
pub fn parse_url(text: &str) -> Result<Url, Rule> {
    let url = Url::parse(text).map_err(|why| format!("an address is written like https://host/path ({why})"))?;
    if url.host().is_none() {
        return Err("an address is written like https://host/path".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address has no user or password in it".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("an address has no query (?) and no fragment (#)".to_owned());
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => {
            Err("an address is https; http is taken for this machine only (127.0.0.1, [::1], localhost)".to_owned())
        }
        _ => Err("an address begins with https://".to_owned()),
    }
}

/// Whether the address is this machine's own.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => Ipv4Addr::is_loopback(&address),
        Some(Host::Ipv6(address)) => Ipv6Addr::is_loopback(&address),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
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
    fn addresses_are_tls_or_this_machine() {
        for good in [
            "https://api.flexera.com",
            "https://proxy.example:8443/flexera/",
            "http://127.0.0.1:4566",
            "http://127.9.9.9",
            "http://[::1]:80/x",
            "http://localhost:1",
            "HTTP://LOCALHOST:1",
        ] {
            assert!(parse_url(good).is_ok(), "{good} should be taken");
        }
        for bad in [
            "",
            "api.flexera.com",
            "https://",
            "http://api.flexera.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://0.0.0.0",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "https://a:b@host",
            "https://user@host",
            "https://host/?q",
            "https://host/#f",
            "data:text/plain,x",
        ] {
            assert!(parse_url(bad).is_err(), "{bad} should be refused");
        }
        assert!(!parse_url("https://u:canary@host").unwrap_err().contains("canary"), "the rule repeats no password");
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
