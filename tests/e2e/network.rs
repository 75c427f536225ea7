//! Where a token and a key may travel: to the address that was given, over TLS or not off this machine, through the
//! environment's proxy, and never after a redirect.

use optima_onboard::sandbox::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};

use crate::support::wire::{Authority, Wire, carried, whole};
use crate::support::{Onboard, World};

const TOKEN: &str = "canary-access-token-on-its-way";

/// A run that knows a token and an account's key, and no address.
fn run(words: &[&str]) -> Onboard {
    Onboard::new(words).args(&["-vv", "--org-id", "12345"]).envs([
        ("OPTIMA_ACCESS_TOKEN", TOKEN.to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE000000001".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "canary-of-an-access-key".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
    ])
}

/// One that keeps what it is asked, and answers nothing of use.
fn stranger() -> Wire {
    Wire::start(|_| whole(502, "", b""))
}

#[test]
fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let stranger = stranger();
        let elsewhere = format!("location: {}/steal\r\n", stranger.url());
        let asked = Wire::start(move |_| whole(status, &elsewhere, b""));
        let list = run(&["bill-connect", "list"]).env("OPTIMA_API_URL", &asked.url()).run().ends(1);
        assert!(list.stderr.contains("redirect"), "{}", list.stderr);
        assert!(asked.seen()[0].contains(TOKEN), "the token goes to the address that was given");
        let token = run(&["token"]).without("OPTIMA_ACCESS_TOKEN").env("OPTIMA_REFRESH_TOKEN", "canary-refresh-token");
        token.env("OPTIMA_LOGIN_URL", &asked.url()).run().ends(1);
        let plan = run(&["plan"]).env("OPTIMA_API_URL", &asked.url()).env("AWS_ENDPOINT_URL", &asked.url()).run();
        assert_ne!(plan.code, 0, "{}", plan.stderr);
        assert!(asked.seen().iter().any(|request| request.contains("Action=GetCallerIdentity")));
        assert_eq!(stranger.seen(), Vec::<String>::new(), "after a {status}");
    }
}

#[test]
fn the_environment_s_proxy_is_used_and_sees_only_a_tunnel_asked_for() {
    let proxy = stranger();
    let address = proxy.url().replace("http://", "http://user:canary-of-a-proxy@");
    let through = |run: Onboard| run.env("HTTPS_PROXY", &address).env("OPTIMA_API_URL", "https://flexera.invalid");
    through(run(&["bill-connect", "list"])).run().ends(1);
    through(run(&["plan"])).env("AWS_ENDPOINT_URL", "https://aws.invalid").run().ends(1);
    let seen = proxy.seen();
    for host in ["flexera.invalid:443", "aws.invalid:443"] {
        assert!(seen.iter().any(|request| request.starts_with(&format!("CONNECT {host} "))), "{host}: {seen:?}");
    }
    let told = |request: &String| request.contains(TOKEN) || request.contains("AKIAEXAMPLE");
    assert!(!seen.iter().any(told), "{seen:?}");
}

#[test]
fn no_proxy_stands_before_this_machine() {
    let (world, proxy) = (World::new(), stranger());
    let proxied = |run: Onboard| {
        ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"]
            .iter()
            .fold(run, |run, name| run.env(name, &proxy.url()))
    };
    proxied(world.onboard(&["plan"])).run().ends(0);
    // A single service's address is this machine's as much as the one for all.
    let url = world.environment()[0].1.clone();
    let services = ["COST_AND_USAGE_REPORT_SERVICE", "IAM", "ORGANIZATIONS", "S3", "STS", "SSO", "SSO_OIDC", "SIGNIN"];
    let single = services.iter().fold(world.onboard(&["plan"]).without("AWS_ENDPOINT_URL"), |run, service| {
        run.env(&format!("AWS_ENDPOINT_URL_{service}"), &url)
    });
    let ran = proxied(single).run().ends(0);
    assert!(ran.stdout.contains("(from AWS_ENDPOINT_URL_STS)"), "{}", ran.stdout);
    assert_eq!(proxy.seen(), Vec::<String>::new());
}

#[test]
fn tls_is_trusted_by_the_system_s_authorities_alone() {
    let (world, authority) = (World::new(), Authority::new());
    let environment = world.environment();
    let behind = |name: &str| {
        let url = environment.iter().find(|(key, _)| *key == name).map(|(_, url)| url.clone()).expect("an address");
        Wire::start_tls(&authority, move |request| {
            let (head, body) = carried(request, &url);
            [head, body].concat()
        })
    };
    let (aws, api) = (behind("AWS_ENDPOINT_URL"), behind("OPTIMA_API_URL"));
    let secured = |words: &[&str]| {
        let run = world.onboard(words).env("AWS_ENDPOINT_URL", &aws.tls_url()).env("OPTIMA_API_URL", &api.tls_url());
        run.env("OPTIMA_LOGIN_URL", &format!("{}/oidc/token", api.tls_url()))
    };
    for words in [&["plan"][..], &["bill-connect", "list"]] {
        let stranger = secured(words).run();
        assert_eq!(stranger.code, 1, "{}", stranger.stderr);
        assert!(stranger.stderr.to_lowercase().contains("certificate"), "{}", stranger.stderr);
    }
    assert_eq!((aws.seen().len(), api.seen().len()), (0, 0), "nothing is sent to whom nobody vouches for");
    // Elsewhere the system's own store alone is asked, which a test must not write to.
    if cfg!(target_os = "linux") {
        let run = secured(&["plan"]);
        let bundle = run.folder().join("authorities.pem");
        std::fs::write(&bundle, &authority.pem).expect("written");
        run.env("SSL_CERT_FILE", &bundle.display().to_string()).run().ends(0);
        assert!(aws.seen().len() > 5 && !api.seen().is_empty());
    }
}

#[test]
fn nothing_is_sent_in_the_clear_off_this_machine() {
    let proxy = stranger();
    let clear = |name: &str| run(&["plan"]).env("HTTP_PROXY", &proxy.url()).env(name, "http://stranger.invalid");
    for name in
        ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO_OIDC", "OPTIMA_API_URL", "OPTIMA_LOGIN_URL"]
    {
        let ran = clear(name).run().ends(2);
        assert!(ran.stderr.contains("http is taken for this machine only"), "{name}: {}", ran.stderr);
    }
    let profile = run(&["plan", "--profile", "odd"]).env("HTTP_PROXY", &proxy.url());
    std::fs::create_dir(profile.folder().join(".aws")).expect("made");
    let text = "[profile odd]\nservices = theirs\n[services theirs]\nsts =\n  endpoint_url = http://stranger.invalid\n";
    std::fs::write(profile.folder().join(".aws/config"), text).expect("written");
    let ran = profile.run().ends(2);
    assert!(ran.stderr.contains("http://stranger.invalid"), "{}", ran.stderr);
    assert_eq!(proxy.seen(), Vec::<String>::new());
}

#[test]
fn an_address_from_the_environment_is_named_in_the_plan() {
    let world = World::new();
    let warnings = |run: Onboard| run.run().ends(0).json()["warnings"].to_string();
    let inherited = warnings(world.onboard(&["plan", "--output", "json"]));
    for name in ["AWS_ENDPOINT_URL", "OPTIMA_API_URL", "OPTIMA_LOGIN_URL"] {
        assert!(inherited.contains(&format!("(from {name})")), "{inherited}");
    }
    let url = world.environment()[0].1.clone();
    let typed = world.onboard(&["plan", "--output", "json", "--endpoint-url", &url]).without("AWS_ENDPOINT_URL");
    assert!(warnings(typed).contains("(from --endpoint-url)"));
    let profile = world.onboard(&["plan", "--output", "json", "--profile", "p"]).without("AWS_ENDPOINT_URL");
    std::fs::create_dir(profile.folder().join(".aws")).expect("made");
    std::fs::write(profile.folder().join(".aws/config"), format!("[profile p]\nendpoint_url = {url}\n"))
        .expect("written");
    let keys = format!("[p]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n");
    std::fs::write(profile.folder().join(".aws/credentials"), keys).expect("written");
    assert!(warnings(profile).contains("(from the AWS configuration file)"));
}

#[cfg(unix)]
#[test]
fn an_address_from_the_environment_is_named_in_the_question() {
    use crate::support::terminal::Terminal;
    let world = World::new();
    for plain in [&["apply"][..], &["apply", "--accessible"]] {
        let mut terminal = Terminal::open(world.onboard(plain), 80, 160);
        terminal.wait_for("Apply this to AWS account 111122223333?");
        let text = terminal.text();
        let asked = text.split("Not at its owner's address").nth(1).unwrap_or_else(|| panic!("nothing named:\n{text}"));
        let asked = asked.split_whitespace().collect::<Vec<_>>().join(" ");
        for name in ["AWS_ENDPOINT_URL", "OPTIMA_API_URL", "OPTIMA_LOGIN_URL"] {
            assert!(asked.contains(&format!("(from {name})")), "{name} missing in:\n{asked}");
        }
        terminal.send(b"n\n");
        terminal.ends(130);
    }
}
