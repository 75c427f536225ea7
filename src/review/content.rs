//! What stands on the page, section by section.

use super::page::{Block, Line, Page, Section};
use super::picture::Picture;
use super::{changes, command, statements};
use crate::approval::Document;
use crate::documents::Purpose;
use crate::error::Result;
use crate::spec::Onboarding;
use crate::spec::names::{Access, Api, PolicySet};
use crate::steps::Step;

/// The page about a plan.
///
/// # Errors
/// As [`super::write`].
pub fn page(document: &Document) -> Result<Page> {
    let one = document.onboarding()?;
    let sections = [
        changes::cautions(document),
        Some(can(&one)),
        Some(changes::changes(document)),
        Some(statements::granted(&one, document)),
        Some(cannot(&one, document)),
        Some(statements::operator(&one)),
        Some(way_back(&one, document)?),
        Some(if document.is_refused() { changes::undecided(document) } else { approval(document)? }),
    ];
    Ok(Page {
        kind: kind(document),
        title: match one.stranger_in_place_of() {
            None => format!("Flexera reads the bill of AWS account {}", one.bill_account_id),
            Some(_) => format!("Somebody in place of Flexera reads the bill of AWS account {}", one.bill_account_id),
        },
        lead: Line::words(
            "For whoever must approve this: what is made in the AWS account, what Flexera can and cannot do afterwards, \
             and how it is taken back. Nothing has been changed yet.",
        ),
        facts: facts(&one, document),
        picture: Picture::of(&one, document),
        sections: sections.into_iter().flatten().collect(),
        foot: Line::words("Made by ").name(&format!("optima-onboard {}", env!("CARGO_PKG_VERSION"))).and(
            match document.is_refused() {
                false => " from the plan with this fingerprint, and from nothing else.",
                true => " from a plan that cannot be applied, and from nothing else.",
            },
        ),
    })
}

/// What one has in one's hands.
fn kind(document: &Document) -> &'static str {
    match (document.is_rehearsal(), document.is_refused()) {
        (true, _) => "Rehearsal, not for approval",
        (false, true) => "Not for approval: a person decides first",
        (false, false) => "Request for approval",
    }
}

fn facts(one: &Onboarding, document: &Document) -> Vec<(&'static str, Line)> {
    let mut facts = vec![
        ("Flexera organization", Line::code(one.org_id.as_str()).and(" in zone ").name(one.zone.as_str())),
        ("AWS account", Line::code(one.account_id.as_str())),
    ];
    if let Some(payer) = &one.payer {
        facts.push((
            "Its payer",
            Line::code(payer).and(": this is a member account, whose bill is its own costs alone"),
        ));
    }
    match one.access {
        Access::Role => {
            facts.push(("Access", Line::words("by a role; there is no key and no password")));
            let trusted = Line::code(one.trusted_principal.as_str());
            facts.push((
                "Trusted",
                match one.stranger_in_place_of() {
                    None => trusted,
                    Some(own) => trusted.and(", in place of Flexera's ").name(own),
                },
            ));
            facts.push(("External id", Line::code(one.external_id.as_str())));
        }
        Access::User => facts.push(("Access", Line::words("by an IAM user with an access key, ").and(key_is(one)))),
    }
    facts.push((
        "Can be read",
        Line::words("the bill in bucket ")
            .name(one.bucket.as_str())
            .and(", the organization's accounts, units and policies, the use of reservations"),
    ));
    facts.push(("The plan", changes::summary(document)));
    if !document.is_refused() {
        facts.push(("Fingerprint", Line::code(&document.fingerprint.to_string())));
    }
    facts
}

fn key_is(one: &Onboarding) -> &'static str {
    match one.api {
        Api::FlexeraOne => "which Flexera keeps",
        Api::Optima => "which a person registers at Flexera by hand",
    }
}

/// What it comes to, before the documents.
fn can(one: &Onboarding) -> Section {
    let bucket = || Line::words("list and read the bucket ").name(one.bucket.as_str());
    let mut points =
        vec![bucket().and(", into which AWS billing puts the Cost and Usage Report ").name(one.report_name.as_str())];
    if one.bucket_key.is_some() {
        points.push(Line::words("decrypt what is in that bucket, through the bucket's own key"));
    }
    points.push(Line::words("see the organization: its accounts with their names and e-mail addresses, its units and its service control policies"));
    points.push(Line::words(match one.policy_set {
        PolicySet::Optima => "see how much of the bought reservations is used",
        PolicySet::CloudCost => {
            "see how much of the bought reservations and savings plans is used, and which ones AWS recommends"
        }
    }));
    Section {
        id: "can",
        heading: "What Flexera can do",
        blocks: vec![
            match one.stranger_in_place_of() {
                None => Block::Text(Line::words("With the policy below, and nothing but it, Flexera can")),
                Some(_) => Block::Caution(
                    Line::words("What this page says of Flexera holds for whoever is trusted in its place, ")
                        .name(one.trusted_principal.as_str())
                        .and(". With the policy below, and nothing but it, that one can"),
                ),
            },
            Block::List(points),
            Block::Text(
                Line::words(
                    "The bill names every account, resource and tag that costs something, with its price. It holds no \
                             content of any of them. It lies under ",
                )
                .name(&format!("{}/", one.prefix))
                .and("; whatever else is in the bucket can be read as well, so a bucket of its own is best."),
            ),
        ],
    }
}

fn cannot(one: &Onboarding, document: &Document) -> Section {
    let mut points = vec![
        Line::words("write, change or delete anything in AWS: every permission above reads"),
        Line::words("read any other bucket, or any other service: servers, databases, logs, secrets, users"),
        Line::words("buy, cancel or exchange reservations and savings plans, or change a payment method"),
        Line::words("create users or keys, change permissions, or act as any other role"),
    ];
    points.push(match one.access {
        Access::Role => Line::words("get in with a key that leaked, since there is none: AWS gives Flexera credentials for an hour at most, and CloudTrail records it each time"),
        Access::User => Line::words("sign in to the console: the user has an access key and no password; whoever has the key can do what Flexera can"),
    });
    points.push(Line::words("reach the other accounts of the organization: their names are seen, nothing in them"));
    let mut blocks = vec![
        Block::Text(Line::words("By this plan Flexera cannot")),
        Block::List(points),
        Block::Text(
            Line::words(
                "What admits everybody in this account or organization by itself, for example a bucket elsewhere whose \
                 own policy names all of them, admits this ",
            )
            .and(if one.access == Access::Role { "role" } else { "user" })
            .and(" too, as it does every other in the account."),
        ),
    ];
    let holder = if one.access == Access::Role { Step::Role } else { Step::User };
    if document.step(holder).is_some_and(|part| !part.warnings.is_empty()) {
        blocks.push(Block::Caution(
            Line::words("This holds for the policy of this plan. See above for what else was found on the ")
                .and(changes::name(holder))
                .and("."),
        ));
    }
    Section { id: "cannot", heading: "What is not granted", blocks }
}

fn way_back(one: &Onboarding, document: &Document) -> Result<Section> {
    let (kind, name) = (one.access.as_str(), one.access_name());
    let at_once = format!("aws iam detach-{kind}-policy --{kind}-name {name} --policy-arn {}", one.policy_arn());
    Ok(Section {
        id: "back",
        heading: "How it is taken back",
        blocks: vec![
            Block::Text(Line::words("All of it, after a look at what goes and what stays:")),
            Block::Command(command::of("destroy", document)?),
            Block::Text(Line::words(
                "It removes what carries this program's tag, its two statements in the bucket's policy to the byte, and \
                 the bill connect. What was there before stays, and so do bucket and bills, unless --delete-bucket says \
                 otherwise.",
            )),
            Block::Text(
                Line::words("Without this program, at once: when the policy is off the ")
                    .and(kind)
                    .and(" ")
                    .name(name)
                    .and(", Flexera can read nothing more, sessions that are open included."),
            ),
            Block::Command(at_once),
            Block::Text(Line::words("The permissions for the removal: ").name(&Purpose::Destroy.command()).and(".")),
        ],
    })
}

fn approval(document: &Document) -> Result<Section> {
    let apply = command::of("apply", document)?;
    let sandbox = if document.is_rehearsal() { " --sandbox" } else { "" };
    Ok(Section {
        id: "approval",
        heading: "What is approved",
        blocks: vec![
            Block::Text(Line::words(
                "The fingerprint stands for the onboarding and for every step, down to the text that is written. It is \
                 another one if anything above is another.",
            )),
            Block::Command(document.fingerprint.to_string()),
            Block::Text(Line::words(
                "This command carries out the plan with this fingerprint. If anything has moved since, it writes nothing and says what the plan is now:",
            )),
            Block::Command(format!("{apply} --plan-fingerprint {}", document.fingerprint)),
            Block::Text(Line::words(
                "The same from the plan in a file, which holds every answer; then it also says what moved, and finishes a run of it that was cut off:",
            )),
            Block::Command(format!("optima-onboard apply{sandbox} --plan plan.json")),
            Block::Text(Line::words("To make the fingerprint from that file without this program:")),
            Block::Command("jq -jcS '{onboarding, steps}' plan.json | sha256sum".to_owned()),
            Block::Blanks(&["Approved by", "Date", "Signature"]),
        ],
    })
}
