//! An account and an API full of hostile words: every text of every answer, in turn, carries what a terminal would act on
//! and a line that looks like ours; nothing of it comes out but as something to read.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use optima_onboard::harmless;
use serde_json::Value;

use crate::support::wire::{Wire, carried, header, whole};
use crate::support::{Onboard, Ran, World};

/// A title for the window, a bell, a screen wiped, a line of our own made up, C1's CSI, a turned direction, other ends of
/// a line, what is not seen, and a flood.
const POISON: &str = "\u{1b}]0;OWNED\u{7}\u{1b}[2J\u{8}\r\n  pass    all is well\u{9b}31m\u{202e}\u{2028}\u{85}\u{200b}\u{e0041}\u{1b}[35m";

/// No text of an answer is shown so far.
const FLOOD: usize = 2500;

/// The fields that are poisoned in one run.
type Chosen = Arc<Mutex<BTreeSet<String>>>;

/// A world behind two servers that poison what they pass on.
struct Poisoned {
    world: World,
    aws: Wire,
    api: Wire,
    /// Every field that was seen to hold a text.
    fields: Chosen,
    chosen: Chosen,
}

impl Poisoned {
    fn new() -> Self {
        let world = World::new();
        let (fields, chosen) = (Chosen::default(), Chosen::default());
        let poisoning = |name: &str| {
            let environment = world.environment();
            let url = environment.iter().find(|(key, _)| *key == name).map(|(_, url)| url.clone()).expect("an address");
            let (fields, chosen) = (Arc::clone(&fields), Arc::clone(&chosen));
            Wire::start(move |request| {
                let (head, body) = carried(request, &url);
                poisoned(&head, &body, &fields, &chosen)
            })
        };
        let (aws, api) = (poisoning("AWS_ENDPOINT_URL"), poisoning("OPTIMA_API_URL"));
        Self { world, aws, api, fields, chosen }
    }

    fn choose(&self, fields: &[String]) {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = fields.iter().cloned().collect();
    }

    fn fields(&self) -> Vec<String> {
        self.fields.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn onboard(&self, words: &[&str]) -> Onboard {
        let run = self.world.onboard(words).args(&["--timeout", "1"]);
        let run = run.env("AWS_ENDPOINT_URL", &self.aws.url()).env("OPTIMA_API_URL", &self.api.url());
        run.env("OPTIMA_LOGIN_URL", &format!("{}/oidc/token", self.api.url()))
    }
}

/// The answer with poison in every chosen field; the names of all fields are written down.
fn poisoned(head: &[u8], body: &[u8], fields: &Chosen, chosen: &Chosen) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let chosen = chosen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut fields = fields.lock().unwrap_or_else(PoisonError::into_inner);
    let changed = match serde_json::from_str::<Value>(&text) {
        Ok(mut json) => {
            poison_json("", &mut json, &mut fields, &chosen);
            json.to_string()
        }
        Err(_) => poison_xml(&text, &mut fields, &chosen),
    };
    let head = String::from_utf8_lossy(head);
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(500);
    let kept: String = ["content-type", "x-amz-bucket-region", "x-amzn-requestid"]
        .iter()
        .filter_map(|name| Some(format!("{name}: {}\r\n", header(head.as_bytes(), name)?)))
        .collect();
    whole(status, &kept, changed.as_bytes())
}

fn flood() -> String {
    format!("{POISON}{}", "x".repeat(FLOOD * 2))
}

fn poison_json(name: &str, value: &mut Value, fields: &mut BTreeSet<String>, chosen: &BTreeSet<String>) {
    match value {
        Value::String(text) => {
            fields.insert(name.to_owned());
            if chosen.contains(name) {
                text.push_str(&flood());
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| poison_json(name, value, fields, chosen)),
        Value::Object(map) => map.iter_mut().for_each(|(name, value)| poison_json(name, value, fields, chosen)),
        _ => {}
    }
}

/// Before each `</name>` that ends a text.
fn poison_xml(xml: &str, fields: &mut BTreeSet<String>, chosen: &BTreeSet<String>) -> String {
    let references: String = flood()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("&#x{:x};", u32::from(c)) })
        .collect();
    let mut changed = String::new();
    let mut rest = xml;
    while let Some(at) = rest.find("</") {
        let (before, end) = rest.split_at(at);
        let name = end[2..].split('>').next().unwrap_or_default();
        changed.push_str(before);
        if !before.ends_with('>') {
            fields.insert(name.to_owned());
            if chosen.contains(name) {
                changed.push_str(&references);
            }
        }
        changed.push_str("</");
        rest = &end[2..];
    }
    changed + rest
}

/// Fails if a terminal would act on anything, if a flood came out, or if a line of theirs passes for one of ours.
#[track_caller]
fn is_harmless(what: &str, ran: &Ran) {
    let ours = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"];
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        let bare = ours.iter().fold(text.clone(), |text, style| text.replace(style, ""));
        let acting = bare.chars().find(|c| *c != '\n' && harmless::acts(*c));
        assert_eq!(acting, None, "{what}, {stream}:\n{bare}");
        assert!(!bare.lines().any(|line| line.starts_with("  pass    all is well")), "{what}, {stream}:\n{bare}");
        let is_json = bare.starts_with('{');
        assert!(is_json || !bare.contains(&"x".repeat(FLOOD)), "{what}: a flood on {stream}");
    }
}

/// What reads everything, in every way of showing it.
const COMMANDS: [&[&str]; 4] = [
    &["plan", "-v"],
    &["verify", "--color", "always"],
    &["apply", "--yes", "--output", "json", "--receipt", "receipt.json"],
    &["bill-connect", "show", "--bill-account-id", "111122223333"],
];

#[test]
fn no_text_of_any_answer_does_anything_to_a_terminal() {
    let poisoned = Poisoned::new();
    poisoned.onboard(&["apply", "--yes"]).run().ends(0);
    for words in COMMANDS {
        poisoned.onboard(words).run().ends(0);
    }
    let fields = poisoned.fields();
    assert!(fields.len() > 40 && fields.contains(&"ReportName".to_owned()), "{fields:?}");
    // A few at a time: one that ends a run early would hide the others.
    for (index, few) in fields.chunks(3).enumerate() {
        poisoned.choose(few);
        let words = COMMANDS[index % COMMANDS.len()];
        let both = if words[0] == "plan" { COMMANDS[1] } else { COMMANDS[0] };
        for words in [words, both] {
            let ran = poisoned.onboard(words).run();
            is_harmless(&format!("{words:?} with {few:?}"), &ran);
            if let Ok(receipt) = std::fs::read_to_string(ran.home.path().join("receipt.json")) {
                let acting = receipt.chars().find(|c| *c != '\n' && harmless::acts(*c));
                assert_eq!(acting, None, "the receipt with {few:?}");
            }
        }
    }
}

#[test]
fn no_error_of_any_service_does_anything_to_a_terminal() {
    let world = World::new();
    let poison = flood();
    let json = serde_json::json!({ "__type": poison, "name": poison, "message": poison, "error": poison }).to_string();
    let references: String = poison.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect();
    let xml = format!(
        "<ErrorResponse><Error><Code>{references}</Code><Message>{references}</Message></Error></ErrorResponse>"
    );
    for status in [400, 403, 409, 503] {
        for body in [json.clone(), xml.clone(), poison.clone()] {
            let server = Wire::start(move |_| whole(status, "", body.as_bytes()));
            let login = format!("{}/oidc/token", server.url());
            let asked = world.onboard(&["bill-connect", "list"]).env("OPTIMA_API_URL", &server.url());
            is_harmless(&format!("the API's {status}"), &asked.run());
            is_harmless(
                &format!("the login's {status}"),
                &world.onboard(&["token"]).env("OPTIMA_LOGIN_URL", &login).run(),
            );
            if status != 503 {
                let aws = world.onboard(&["plan", "--color", "always"]).env("AWS_ENDPOINT_URL", &server.url());
                is_harmless(&format!("AWS's {status}"), &aws.run());
            }
        }
    }
}

#[test]
fn a_header_that_is_no_text_is_survived() {
    let world = World::new();
    for value in [&b"eu-west-1\x9b31m"[..], b"\xff\xfe", b"eu-west-1\tx", b"../../x"] {
        let headers = value.to_vec();
        let server = Wire::start(move |_| {
            let head =
                [&b"HTTP/1.1 403 X\r\nx-amz-bucket-region: "[..], &headers, b"\r\nretry-after: ", &headers].concat();
            [&head[..], b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"].concat()
        });
        let aws =
            world.onboard(&["bucket", "--yes", "--bucket", "some-bucket"]).env("AWS_ENDPOINT_URL_S3", &server.url());
        let ran = aws.run();
        assert_ne!(ran.code, 0);
        is_harmless("the bucket's region", &ran);
        let ran = world.onboard(&["bill-connect", "list"]).env("OPTIMA_API_URL", &server.url()).run();
        is_harmless("the API's wait", &ran.ends(4));
    }
}

#[cfg(unix)]
#[test]
fn a_person_at_a_terminal_sees_words_and_nothing_else() {
    use crate::support::terminal::Terminal;
    let poisoned = Poisoned::new();
    poisoned.onboard(&["apply", "--yes"]).run().ends(0);
    poisoned.onboard(&["plan"]).run().ends(0);
    let told = [
        "Arn",
        "BoundaryArn",
        "LastStatus",
        "MasterAccountId",
        "Message",
        "PolicyDocument",
        "ReportName",
        "S3Prefix",
        "bucketPath",
    ];
    let told: Vec<String> = poisoned.fields().into_iter().filter(|field| told.contains(&field.as_str())).collect();
    assert!(told.len() >= 4, "{told:?}");
    for few in told.chunks(told.len().div_ceil(2)) {
        poisoned.choose(few);
        for words in [&["verify"][..], &["plan"], &["wizard"], &["wizard", "--accessible"]] {
            let mut terminal = Terminal::open(poisoned.onboard(words), 80, 160);
            if words[0] == "wizard" {
                // To the menu of reports, or to the end if it ends before.
                for _ in 0..3 {
                    terminal.answer_or_end();
                }
            }
            terminal.leave();
            let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
            for harmful in [
                "\u{1b}]",
                "\u{7}",
                "\u{1b}[2J",
                "\u{8}",
                "\u{9b}",
                "\u{202e}",
                "\u{2028}",
                "\u{85}",
                "\u{200b}",
                "\u{1b}[35m",
            ] {
                assert!(!raw.contains(harmful), "{harmful:?} of {few:?} in {words:?}:\n{raw:?}");
            }
        }
    }
}
