//! What is there before any question, each with where it was found. Reads only, all at once.

use crate::aws::identity::AccountKind;
use crate::cli::wizard::asking::AT_AWS;
use crate::cli::wizard::questions;
use crate::documents::Purpose;
use crate::error::Result;
use crate::harmless;
use crate::preflight::{self, Preflight};
use crate::session::Session;
use crate::spec::answers::Answers;
use crate::spec::names::{Access, OrgId};
use crate::spec::tags::{Owner, Tags};
use crate::spec::{self, Facts, Onboarding, unknown};
use crate::steps::World;
use crate::steps::report::best_first;

/// Says who is calling and what was found; the facts, and the names of the account's buckets.
///
/// # Errors
/// What the facts say: credentials that AWS does not know, a member account.
pub async fn introduce(session: &Session) -> Result<(Facts, Vec<String>)> {
    // Flexera's side is looked at once it is known which one.
    let world = World { onboarding: None, ..session.connect().await? };
    let facts = session.looking(AT_AWS, session.facts(&world, None)).await?;
    let likely = likely(session, &facts);
    let (permissions, buckets, bearer) = session
        .looking(AT_AWS, async {
            Ok(tokio::join!(
                permissions(session, &world, &facts, likely.as_ref()),
                buckets(&world),
                bearer(&world, likely.as_ref(), session.answers.org_id.as_ref())
            ))
        })
        .await?;
    let printer = &session.printer;
    let paint = printer.paint_err();
    printer.say(&format!("\n{}, and where", paint.strong("Found")));
    let row = |name: &str, value: &str, from: &str| {
        let from = if from.is_empty() { String::new() } else { paint.dim(&format!(" [{from}]")) };
        printer.say(&format!("  {name:<12} {}{from}", harmless::shown(value)));
    };
    row("account", &format!("{}, {}", facts.caller.account, in_words(&facts.account_kind)), "AWS Organizations");
    row("you are", &facts.caller.arn, "AWS STS");
    row("region", facts.region.as_str(), session.region_source());
    row("buckets", &buckets_in_words(&buckets, &facts), "Amazon S3");
    let mut name = "reports";
    for report in reports_in_words(&facts) {
        row(std::mem::take(&mut name), &report, "AWS billing");
    }
    let word = if likely.is_some_and(|one| one.access == Access::User) { "user" } else { "role" };
    row(word, &bearer, "AWS IAM");
    row("permissions", &permissions, "AWS IAM's simulation");
    Ok((facts, buckets.unwrap_or_default()))
}

/// What would be made with the answers so far: the defaults where answers are still open.
fn likely(session: &Session, facts: &Facts) -> Option<Onboarding> {
    let mut answers = session.answers.clone();
    answers.org_id = answers.org_id.take().or_else(spec::placeholder_org);
    spec::resolve(&answers, facts).ok()
}

fn in_words(kind: &AccountKind) -> String {
    match kind {
        AccountKind::Payer => "the payer of its organization".to_owned(),
        AccountKind::Standalone => "standalone, it pays for itself".to_owned(),
        AccountKind::Member(payer) => format!("a member; the payer is {payer}"),
        AccountKind::Unknown(reason) => format!("of a kind that AWS Organizations did not say: {reason}"),
    }
}

async fn permissions(session: &Session, world: &World, facts: &Facts, likely: Option<&Onboarding>) -> String {
    let Some(onboarding) = likely else { return "not looked at".to_owned() };
    match preflight::ask(&world.aws, &facts.caller, onboarding, Purpose::Apply).await {
        Preflight::Allowed => "all that is needed".to_owned(),
        Preflight::Missing(missing) => {
            format!("you may lack {}", with_open_org(&missing.join(", "), &session.answers, onboarding))
        }
        Preflight::Unknown(reason) => format!("could not be looked at: {reason}"),
    }
}

/// What was asked of a default bucket, with the organization open in its name where that is yet to be asked.
fn with_open_org(words: &str, given: &Answers, onboarding: &Onboarding) -> String {
    if given.org_id.is_some() || given.bucket.is_some() {
        return words.to_owned();
    }
    let open = spec::default_bucket(&onboarding.account_id, &unknown::ORG);
    words.replace(onboarding.bucket.as_str(), &open)
}

/// Only offered in a menu: whoever may not list them types a name.
async fn buckets(world: &World) -> Option<Vec<String>> {
    world.aws.bucket_names().await.ok()
}

fn buckets_in_words(buckets: &Option<Vec<String>>, facts: &Facts) -> String {
    let mut with_reports: Vec<&str> = facts.reports.iter().map(|report| report.bucket.as_str()).collect();
    with_reports.sort_unstable();
    with_reports.dedup();
    let count = match buckets.as_deref() {
        None => "could not be listed".to_owned(),
        Some([]) => "none".to_owned(),
        Some([one]) => one.clone(),
        Some(many) => many.len().to_string(),
    };
    match with_reports.as_slice() {
        [] => count,
        names => format!("{count}; reports go to {}", names.join(", ")),
    }
}

fn reports_in_words(facts: &Facts) -> Vec<String> {
    if facts.reports.is_empty() {
        return vec!["none".to_owned()];
    }
    let words = |(report, misfits): (&crate::aws::reports::Report, Vec<_>)| {
        format!("{} in {}/{}: {}", report.name, report.bucket, report.prefix, questions::verdict(&misfits))
    };
    best_first(&facts.reports).into_iter().map(words).collect()
}

/// What is called as the role, or the user, by which Flexera would get in.
async fn bearer(world: &World, likely: Option<&Onboarding>, org: Option<&OrgId>) -> String {
    let Some(onboarding) = likely else { return "not looked at".to_owned() };
    let (name, found) = match onboarding.access {
        Access::Role => {
            let name = onboarding.role_name.as_str();
            (name, world.aws.role(name).await.map(|role| role.map(|role| (role.tags, role.attached.len()))))
        }
        Access::User => {
            let name = onboarding.user_name.as_str();
            (name, world.aws.user(name).await.map(|user| user.map(|user| (user.tags, user.attached.len()))))
        }
    };
    match found {
        Ok(None) => format!("none is called {name}"),
        Ok(Some((tags, policies))) => format!("{name} exists, {}, {}", whose(&tags, org), attached(policies)),
        Err(fault) => format!("{name} could not be looked at: {}", fault.message),
    }
}

/// Who made it; as long as nobody said for which organization, nothing is another's.
fn whose(tags: &Tags, org: Option<&OrgId>) -> String {
    let nobody = spec::placeholder_org();
    match org.or(nobody.as_ref()).map(|org| tags.owner(org)) {
        Some(Owner::OtherOrganization(other)) if org.is_some() => {
            format!("made by this program for organization {other}")
        }
        Some(Owner::Ours | Owner::OtherOrganization(_)) => "made by this program".to_owned(),
        Some(Owner::Foreign) | None => "not made by this program".to_owned(),
    }
}

fn attached(policies: usize) -> String {
    match policies {
        0 => "without a policy".to_owned(),
        1 => "with one policy".to_owned(),
        many => format!("with {many} policies"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::names::Parse;
    use crate::steps::samples;

    #[test]
    fn who_made_what_is_found_is_told_by_its_tags() {
        let org = |id: &str| OrgId::parse(id).expect("digits");
        let ours = Tags::default().marked(&org("1"));
        for (tags, asked, words) in [
            (&Tags::default(), Some("1"), "not made by this program"),
            (&Tags::default(), None, "not made by this program"),
            (&ours, Some("1"), "made by this program"),
            (&ours, None, "made by this program"),
            (&ours, Some("2"), "made by this program for organization 1"),
        ] {
            assert_eq!(whose(tags, asked.map(org).as_ref()), words, "{asked:?}");
        }
    }

    #[test]
    fn no_organization_is_made_up_in_what_may_be_lacked() {
        let likely = samples::onboarding(&[]);
        let lacked = format!("s3:CreateBucket on arn:aws:s3:::{}", likely.bucket);
        let open = with_open_org(&lacked, &Answers::default(), &likely);
        assert_eq!(open, "s3:CreateBucket on arn:aws:s3:::flexera-optima-123456789012-ORG_ID");
        let given = Answers { org_id: OrgId::parse("12345").ok(), ..Answers::default() };
        assert_eq!(with_open_org(&lacked, &given, &likely), lacked);
    }
}
