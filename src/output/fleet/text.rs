//! The plan of many, identical ones folded, and how each ended.

use std::collections::BTreeMap;
use std::path::Path;

use super::brief::{Brief, ErrorText, Place, Sameness};
use crate::error::{Error, Kind};
use crate::fleet::{Ending, Tally, Word};
use crate::output::{Loudness, Paint, error_text, going};
use crate::plan::Change;

/// So many of a kind are named; more only when everything is asked for.
const NAMED: usize = 12;

/// The whole plan.
pub fn plan(briefs: &[Brief], file: &Path, loudness: Loudness, paint: Paint) -> String {
    let mut lines = vec![format!("{} {} of {}", paint.strong("Plan:"), counted(briefs.len()), file.display())];
    let mut kinds: BTreeMap<usize, Vec<&Brief>> = BTreeMap::new();
    let mut first: BTreeMap<&Sameness, usize> = BTreeMap::new();
    for (at, brief) in briefs.iter().enumerate().filter(|(_, brief)| brief.error.is_none()) {
        // In the order of the first of each kind.
        let kind = *first.entry(&brief.sameness).or_insert(at);
        kinds.entry(kind).or_default().push(brief);
    }
    for alike in kinds.values() {
        lines.push(String::new());
        lines.extend(kind(alike, loudness, paint));
    }
    for (brief, error) in briefs.iter().filter_map(|brief| Some((brief, brief.error.as_ref()?))) {
        lines.push(String::new());
        lines.extend(left_out(brief, error, paint));
    }
    lines.push(String::new());
    lines.push(summary(briefs));
    lines.join("\n")
}

fn counted(count: usize) -> String {
    if count == 1 { "1 onboarding".to_owned() } else { format!("{count} onboardings") }
}

/// Those with the same changes: the changes once, then whose they are.
fn kind(alike: &[&Brief], loudness: Loudness, paint: Paint) -> Vec<String> {
    let Some(first) = alike.first() else { return Vec::new() };
    let how_many = if alike.len() == 1 { String::new() } else { format!("{} alike: ", alike.len()) };
    let mut lines = vec![format!("  {how_many}{}", changes(&first.sameness, paint))];
    lines.extend(first.sameness.warnings.iter().map(|warning| format!("    {} {warning}", paint.look("warning:"))));
    let named = if loudness < Loudness::Verbose && alike.len() > NAMED { NAMED - 2 } else { alike.len() };
    let width = alike[..named].iter().map(|brief| brief.name.chars().count()).max().unwrap_or_default();
    lines.extend(alike[..named].iter().map(|brief| member(brief, width)));
    if alike.len() > named {
        lines.push(format!("    … and {} more; -v names them all", alike.len() - named));
    }
    lines
}

fn member(brief: &Brief, width: usize) -> String {
    let Some(Place { account, org, bucket, region }) = &brief.place else { return format!("    {}", brief.name) };
    format!("    {:<width$}  account {account} -> organization {org}, bucket {bucket} in {region}", brief.name)
}

/// `create bucket, policy; update report (Compression)`.
fn changes(same: &Sameness, paint: Paint) -> String {
    let steps = |wanted: Change| {
        let step = |(_, step, settings): &(Change, crate::steps::Step, Vec<String>)| match settings.as_slice() {
            [] => step.word().to_owned(),
            settings => format!("{} ({})", step.word(), settings.join(", ")),
        };
        same.changes.iter().filter(|(change, ..)| *change == wanted).map(step).collect::<Vec<_>>().join(", ")
    };
    let parts = [(Change::Create, paint.good("create")), (Change::Update, paint.look("update"))];
    let told: Vec<String> = parts
        .into_iter()
        .map(|(change, word)| (word, steps(change)))
        .filter(|(_, steps)| !steps.is_empty())
        .map(|(word, steps)| format!("{word} {steps}"))
        .collect();
    if told.is_empty() { paint.dim("nothing to change") } else { told.join("; ") }
}

fn left_out(brief: &Brief, error: &ErrorText, paint: Paint) -> Vec<String> {
    let mut lines = vec![format!("  {} {}: {}", paint.bad("left out"), brief.name, error.message)];
    lines.extend(error.cause.iter().map(|cause| format!("      why: {}", indented(cause, 11))));
    lines.extend(error.remedy.iter().map(|remedy| format!("     next: {}", indented(remedy, 11))));
    lines
}

fn indented(text: &str, by: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(by)))
}

/// The last line of the plan.
pub fn summary(briefs: &[Brief]) -> String {
    let left_out = briefs.iter().filter(|brief| brief.error.is_some()).count();
    let fine = briefs.iter().filter(|brief| brief.error.is_none() && brief.sameness.changes.is_empty()).count();
    let changing = briefs.len() - left_out - fine;
    let mut parts = vec![format!("{changing} to change"), format!("{fine} as they should be")];
    if left_out > 0 {
        parts.push(format!("{left_out} left out"));
    }
    let told = briefs.iter().filter(|brief| brief.error.is_none()).flat_map(|brief| &brief.sameness.changes);
    let settings = told.flat_map(|(_, _, settings)| settings).map(String::as_str);
    format!("{}; {}.", parts.join(", "), going::words(settings))
}

/// How one ended, in a line, with the error under it.
pub fn ended(name: &str, ending: Ending, what: &str, error: Option<&Error>, paint: Paint) -> String {
    let mut text = format!("  {} {name}", word(ending, paint));
    if !what.is_empty() {
        text.push_str(&format!("  {what}"));
    }
    if let Some(error) = error {
        text.push_str(&format!("\n    {}", indented(&error_text(error, paint), 4)));
    }
    text
}

fn word(ending: Ending, paint: Paint) -> String {
    match ending.word {
        Word::Failed if ending.code == Kind::Interrupted.exit_code() => paint.look("interrupted  "),
        Word::Done => paint.good("done         "),
        Word::NotValidated => paint.look("not validated"),
        Word::Failed => paint.bad("FAILED       "),
        Word::Refused => paint.bad("refused      "),
        Word::Skipped => paint.dim("skipped      "),
    }
}

/// The last line: how many ended how.
pub fn tally(tally: &Tally) -> String {
    let counts = [
        (tally.done, "done"),
        (tally.not_validated, "not validated"),
        (tally.failed, "failed"),
        (tally.refused, "refused"),
        (tally.skipped, "skipped"),
    ];
    let told: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if told.is_empty() { "Nothing was left to do.".to_owned() } else { format!("{}.", told.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::Step;

    fn brief(name: &str, changes: &[(Change, Step, Vec<String>)]) -> Brief {
        let place =
            Place { account: format!("account-of-{name}"), org: "1".into(), bucket: "b".into(), region: "r".into() };
        let sameness = Sameness { changes: changes.to_vec(), warnings: vec![] };
        Brief { name: name.to_owned(), place: Some(place), sameness, error: None }
    }

    fn shown(briefs: &[Brief], loudness: Loudness) -> String {
        plan(briefs, Path::new("fleet.toml"), loudness, Paint(false))
    }

    #[test]
    fn the_same_changes_are_told_once_and_everyone_is_named() {
        let create = [(Change::Create, Step::Bucket, vec![]), (Change::Create, Step::Report, vec![])];
        let update = [(Change::Update, Step::Role, vec!["trust policy".to_owned()])];
        let text =
            shown(&[brief("a", &create), brief("b", &update), brief("c", &create), brief("d", &[])], Loudness::Normal);
        assert_eq!(text.matches("create bucket, report").count(), 1, "{text}");
        for part in
            ["2 alike: create bucket, report", "update role (trust policy)", "nothing to change", "account-of-c"]
        {
            assert!(text.contains(part), "{part} missing in:\n{text}");
        }
        assert!(text.ends_with("3 to change, 1 as they should be; nothing is deleted."), "{text}");
    }

    #[test]
    fn a_thousand_alike_are_not_a_thousand_lines_unless_asked_for() {
        let many: Vec<Brief> = (0..1000).map(|n| brief(&format!("n{n}"), &[])).collect();
        let text = shown(&many, Loudness::Normal);
        assert!(text.lines().count() < 20 && text.contains("… and 990 more"), "{text}");
        assert!(shown(&many, Loudness::Verbose).contains("n999"));
    }

    #[test]
    fn who_is_left_out_is_told_with_why_and_what_to_do() {
        let error = Error::refused("the role R needs a person").because("it is foreign").remedy("choose another");
        let left = Brief { error: Some(ErrorText::from(&error)), ..brief("a", &[]) };
        let text = shown(&[left], Loudness::Normal);
        for part in
            ["left out a: the role R needs a person", "why: it is foreign", "next: choose another", "1 left out"]
        {
            assert!(text.contains(part), "{part} missing in:\n{text}");
        }
    }
}
