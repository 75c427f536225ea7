//! Where requests go, if not to AWS's and Flexera's own addresses: how such an address is written, and that all are on this
//! machine or none; a mixture is refused before the first request.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::error::{Error, Result};
use crate::spec::names::Rule;

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

/// An address that was not taken, as it may be told: what opens a door behind it, a user, a password or a query, is stars.
pub fn told(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return text.to_owned() };
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !has_user && url.query().is_none() {
        return text.to_owned();
    }
    if has_user {
        // Where there is a user there is a host, without which these two would refuse.
        let _ = url.set_username("***").and_then(|()| url.set_password(None));
    }
    url.set_query(url.query().map(|_| "***"));
    url.to_string()
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

/// The addresses a run would use.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// What replaces AWS's own, for all services or for one; none when nothing does.
    pub aws: Vec<Url>,
    /// The onboarding API and, where a token is exchanged, the token endpoint; empty when the run asks neither.
    pub flexera: Vec<Url>,
}

impl Addresses {
    /// Takes what the AWS configuration says; it may come from the environment or a profile, unchecked.
    ///
    /// # Errors
    /// A usage error for an address that would carry credentials in the clear.
    pub fn new(aws: &[String], flexera: Vec<Url>) -> Result<Self> {
        let parse = |text: &String| {
            parse_url(text).map_err(|rule| {
                Error::usage(format!("the AWS endpoint {:?}: {rule}", told(text)))
                    .remedy("check --endpoint-url, AWS_ENDPOINT_URL and its kin for single services")
            })
        };
        Ok(Self { aws: aws.iter().map(parse).collect::<Result<_>>()?, flexera })
    }

    /// Refuses a mixture: a rehearsal with a real bill connect, or a real account with a fake one, helps nobody.
    ///
    /// # Errors
    /// A usage error that names both sides.
    pub fn check(&self) -> Result<()> {
        Self::one_side(&self.aws)?;
        let aws_here = self.aws.first().is_some_and(is_loopback);
        match self.flexera.iter().find(|url| is_loopback(url) != aws_here) {
            None => Ok(()),
            Some(url) => {
                let aws = if aws_here { "on this machine" } else { "the live one" };
                Err(mixture(format!("AWS is {aws}, but the onboarding API is at {url}")))
            }
        }
    }

    /// Refuses addresses of which some are on this machine and some are not.
    ///
    /// # Errors
    /// A usage error that names two of them.
    pub fn one_side(addresses: &[Url]) -> Result<()> {
        let Some(first) = addresses.first() else { return Ok(()) };
        match addresses.iter().find(|url| is_loopback(url) != is_loopback(first)) {
            None => Ok(()),
            Some(other) => Err(mixture(format!("{first} and {other} do not go together"))),
        }
    }
}

fn mixture(what: String) -> Error {
    Error::usage(format!("{what}: a run goes all to this machine or all to AWS and Flexera")).remedy(
        "give --endpoint-url, --api-url and --login-url all on this machine, or none of them; --sandbox sets all",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(aws: Option<&str>, flexera: &[&str]) -> bool {
        let flexera = flexera.iter().map(|url| Url::parse(url).expect("a URL")).collect();
        Addresses::new(&aws.map(str::to_owned).into_iter().collect::<Vec<_>>(), flexera)
            .and_then(|addresses| addresses.check())
            .is_ok()
    }

    #[test]
    fn what_opens_an_address_is_not_told() {
        for (text, shown) in [
            ("https://host/path", "https://host/path"),
            ("https://user:canary@host/path", "https://***@host/path"),
            ("https://canary@host", "https://***@host/"),
            ("https://:canary@host", "https://***@host/"),
            ("https://host/?token=canary", "https://host/?***"),
            ("no address", "no address"),
        ] {
            assert_eq!(told(text), shown);
        }
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
    fn all_here_or_all_live() {
        let (here, live) = ("http://127.0.0.1:4566", "https://api.flexera.com");
        assert!(check(None, &[live]));
        assert!(check(Some(here), &[here]));
        assert!(check(Some(here), &[]), "a run that asks AWS alone");
        assert!(!check(Some(here), &[live]));
        assert!(!check(None, &[here]));
        assert!(!check(Some(here), &[here, live]));
        assert!(check(Some("https://vpce.example.com"), &[live]), "a private endpoint is live");
        assert!(!check(Some("http://vpce.example.com"), &[live]), "not in the clear");
    }
}
