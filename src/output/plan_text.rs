//! A plan and its outcome as a person reads them.

use std::time::Duration;

use crate::apply::{Applied, Event, Outcome};
use crate::harmless;
use crate::output::{Loudness, Paint, going, removal_text, statement};
use crate::plan::{Aim, Change, Detail, Plan, Planned};
use crate::spec::Onboarding;
use crate::steps::Step;

/// So many statements of one policy are told in words.
const MOST_STATEMENTS: usize = 40;

/// A step that was told to stop while it waited.
pub const INTERRUPTED: &str = "interrupted";

/// How far a step is of which the rest comes later, and what it is: whoever watches sees why others begin before it is done.
pub fn paused(step: Step) -> &'static str {
    match step {
        Step::Bucket => "made; checked later",
        _ => "made; policy follows",
    }
}

/// What the rest of it is, while it is done.
pub fn resumed(step: Step) -> &'static str {
    match step {
        Step::Bucket => "checking",
        _ => "attaching",
    }
}

/// The whole plan.
pub fn plan(plan: &Plan, loudness: Loudness, paint: Paint) -> String {
    let one = &plan.onboarding;
    let head = match plan.aim {
        Aim::Onboard => {
            format!("Flexera organization {} reads the bill of AWS account {}", one.org_id, one.bill_account_id)
        }
        Aim::Destroy => removal_text::head(one),
    };
    let mut lines = vec![format!("{} {head}", paint.strong("Plan:")), String::new()];
    for planned in &plan.steps {
        lines.extend(step(planned, loudness, paint));
    }
    if lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
    lines.extend(
        plan.warnings.iter().map(|warning| format!("  {} {}", paint.look("warning:"), harmless::shown(warning))),
    );
    lines.extend(plan.by_hand.iter().map(|rest| format!("  {} {rest}", paint.look("left to you:"))));
    if !plan.warnings.is_empty() || plan.by_hand.is_some() {
        lines.push(String::new());
    }
    lines.push(summary(plan));
    lines.join("\n")
}

/// The last line of a plan.
pub fn summary(plan: &Plan) -> String {
    let count = plan.summary();
    if count.refuse > 0 {
        return format!("{} for a person to decide; nothing will be written.", count.refuse);
    }
    if plan.aim == Aim::Destroy {
        return removal_text::summary(count);
    }
    if !plan.has_changes() {
        return "Nothing to change.".to_owned();
    }
    let settings = plan.steps.iter().flat_map(|planned| &planned.details).map(|detail| detail.field.as_str());
    let going = going::words(settings);
    format!("{} to create, {} to update, {} kept; {going}.", count.create, count.update, count.keep)
}

/// One event of an apply, as a line.
pub fn event(event: Event, paint: Paint) -> Option<String> {
    match event {
        Event::Started(_) | Event::Validating => None,
        // Lines come in the order in which things happen: what the next ones stand on is there before.
        Event::Paused(step) => {
            Some(format!("  {} {:<14} {}", paint.look("part"), step.word(), paint.dim(paused(step))))
        }
        Event::Stopping => {
            Some(paint.look("stopping after the request that is under way; Ctrl-C again leaves at once"))
        }
        Event::Finished(step, time) => {
            Some(format!("  {} {:<14} {}", paint.good("done"), step.word(), paint.dim(&seconds(time))))
        }
        Event::Left(step, how_far) => Some(format!("  {} {}", paint.dim(how_far), step.word())),
        Event::Failed(step, time) => {
            Some(format!("  {} {:<12} {}", paint.bad("failed"), step.word(), paint.dim(&seconds(time))))
        }
        Event::Interrupted(step, time) => {
            Some(format!("  {} {} {}", paint.look(INTERRUPTED), step.word(), paint.dim(&seconds(time))))
        }
    }
}

/// One step's row while an apply goes on: its sign, its name, what it is about, and how far it is.
pub fn row(step: Step, sign: &str, end: &str, paint: Paint) -> String {
    format!("{sign} {:<14} {} {end}", step.word(), paint.dim(&format!("{:<28}", doing(step))))
}

/// What exists after a good run, and what happens next and when.
pub fn done(plan: &Plan, applied: &Applied, paint: Paint) -> String {
    if plan.aim == Aim::Destroy {
        return removal_text::done(plan, applied, paint);
    }
    let one = &plan.onboarding;
    let left = applied.outcomes.iter().any(|(_, outcome)| !matches!(outcome, Outcome::Done | Outcome::Unchanged));
    let head = match (left || applied.error.is_some(), plan.has_changes()) {
        (true, _) => "In place now:",
        (false, true) => "Done.",
        (false, false) => "Everything is in place.",
    };
    let mut lines = vec![paint.strong(head), String::new()];
    for (step, outcome) in &applied.outcomes {
        if matches!(outcome, Outcome::Done | Outcome::Unchanged) {
            lines.extend(in_place(one, applied, *step).map(|(name, value)| format!("  {name:<13} {value}")));
        }
    }
    if let Some(path) = one.access_key_file.as_ref().filter(|_| !left && plan.step(Step::User).is_some()) {
        lines.push(format!("  {:<13} in {}", "access key", harmless::shown(&path.display().to_string())));
    }
    lines.extend(delivery(plan).into_iter().flat_map(|words| [String::new(), words]));
    lines.join("\n")
}

/// What comes by itself, and when. Nothing is announced that may have come long ago.
fn delivery(plan: &Plan) -> Option<String> {
    let report = plan.step(Step::Report)?;
    let is_connected = plan.step(Step::BillConnect).is_some() && plan.by_hand.is_none();
    let then = if is_connected { "; costs are in Flexera up to 24 hours after that" } else { "" };
    match report.change {
        Change::Create => Some(format!("AWS delivers the first report within 24 hours{then}.")),
        // AWS brings a report up to date at least once a day: "What are AWS Cost and Usage Reports?" in its user guide.
        _ if plan.has_changes() => Some(format!("AWS delivers the report within 24 hours, if it has not yet{then}.")),
        _ => None,
    }
}

/// What a step leaves behind, under its name; the bucket's policy is the bucket's.
fn in_place(one: &Onboarding, applied: &Applied, step: Step) -> Option<(&'static str, String)> {
    Some(match step {
        Step::Bucket => ("bucket", format!("{} ({})", one.bucket, one.bucket_region)),
        Step::BucketPolicy => return None,
        Step::Report => ("report", format!("{} under {}/", one.report_name, one.prefix)),
        Step::Policy => ("policy", one.policy_arn()),
        Step::Role => ("role", one.role_arn()),
        Step::User => ("user", one.user_arn()),
        Step::BillConnect => {
            let id = applied.standing.id.clone().unwrap_or_else(|| one.bill_connect_id());
            ("bill connect", format!("{id} {}", validity(applied)).trim_end().to_owned())
        }
    })
}

fn validity(applied: &Applied) -> String {
    match (applied.standing.validated, &applied.standing.message) {
        (Some(true), _) => "(validated: Flexera can read the bill)".to_owned(),
        (Some(false), _) => "(not validated yet)".to_owned(),
        (None, Some(message)) => format!("({})", harmless::shown(message)),
        (None, None) => String::new(),
    }
}

/// One step's part of a plan, and a blank line after one that says more than its name.
pub fn step(planned: &Planned, loudness: Loudness, paint: Paint) -> Vec<String> {
    let (sign, word) = match planned.change {
        Change::Create => (paint.good("+"), paint.good("create")),
        Change::Update => (paint.look("~"), paint.look("update")),
        Change::Delete => (paint.bad("-"), paint.bad("delete")),
        Change::Keep => (paint.dim("="), paint.dim("keep  ")),
        Change::Refuse => (paint.bad("!"), paint.bad("refuse")),
    };
    let mut lines = vec![format!(
        "  {sign} {word} {:<13} {}",
        planned.step.word(),
        paint.strong(&harmless::shown(&planned.resource))
    )];
    let aside = |word: &str, text: &str| format!("      {word} {}", harmless::shown(text));
    lines.extend(planned.reason.iter().map(|reason| aside(&paint.dim("why:"), reason)));
    lines.extend(planned.details.iter().flat_map(|detail| detail_lines(detail, loudness)));
    lines.extend(planned.remedy.iter().map(|remedy| aside(&paint.strong("next:"), remedy.as_str())));
    lines.extend(planned.warnings.iter().map(|warning| aside(&paint.look("warning:"), warning)));
    if planned.change != Change::Keep || !planned.warnings.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// The setting's name in its column, its value beside it; a policy document is told in words unless all is asked for.
fn detail_lines(detail: &Detail, loudness: Loudness) -> Vec<String> {
    let values = match (&detail.from, &detail.to) {
        (None, Some(to)) => shown(to, loudness),
        (Some(from), None) => shown(from, loudness).into_iter().map(|line| format!("{line} goes")).collect(),
        (Some(from), Some(to)) => changed(shown(from, loudness), shown(to, loudness), loudness),
        (None, None) => Vec::new(),
    };
    let row = |name: &str, value: &str| format!("      {name:<24} {value}").trim_end().to_owned();
    let field = harmless::shown(&detail.field);
    // What goes and what comes stand under each other, with room for a whole statement.
    if let (Some(_), Some(_), [_, _, ..]) = (&detail.from, &detail.to, values.as_slice()) {
        return [row(&field, "")].into_iter().chain(values.iter().map(|value| format!("        {value}"))).collect();
    }
    // A name that fills its column and more stands alone.
    let (alone, mut name) = if field.len() > 24 { (Some(row(&field, "")), "") } else { (None, &*field) };
    alone.into_iter().chain(values.iter().map(|value| row(std::mem::take(&mut name), value))).collect()
}

/// What goes and what comes; told in words, what stays is left out, unless that is all.
fn changed(from: Vec<String>, to: Vec<String>, loudness: Loudness) -> Vec<String> {
    let (mut goes, mut comes) = (from.clone(), to.clone());
    if loudness < Loudness::Verbose {
        let mut stays =
            |line: &String| comes.iter().position(|other| other == line).map(|at| comes.remove(at)).is_some();
        goes.retain(|line| !stays(line));
    }
    if goes.is_empty() && comes.is_empty() {
        (goes, comes) = (from, to);
    }
    match (goes.as_slice(), comes.as_slice()) {
        ([goes], [comes]) if goes.len() + comes.len() < 60 => vec![format!("{goes} -> {comes}")],
        _ => goes.iter().map(|line| format!("- {line}")).chain(comes.iter().map(|line| format!("+ {line}"))).collect(),
    }
}

fn shown(value: &str, loudness: Loudness) -> Vec<String> {
    if loudness < Loudness::Verbose {
        let words = statement::in_words(value).unwrap_or_else(|| vec![value.to_owned()]);
        let more = words.len().saturating_sub(MOST_STATEMENTS);
        let rest = (more > 0).then(|| format!("… and {more} more; -v shows all"));
        return words.iter().take(MOST_STATEMENTS).map(|words| harmless::shown(words)).chain(rest).collect();
    }
    let pretty = serde_json::from_str::<serde_json::Value>(value)
        .ok()
        .filter(|value| value.is_object())
        .map(|value| harmless::json(&value));
    pretty.map_or_else(|| vec![harmless::shown(value)], |pretty| pretty.lines().map(harmless::shown).collect())
}

/// A time as it stands behind a step.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// What a step is about, in a few words, while it runs.
pub fn doing(step: Step) -> &'static str {
    match step {
        Step::Bucket => "billing bucket",
        Step::BucketPolicy => "letting AWS billing deliver",
        Step::Report => "Cost and Usage Report",
        Step::Policy => "what Flexera may read",
        Step::Role => "role for Flexera",
        Step::User => "user for Flexera",
        Step::BillConnect => "bill connect",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_changed_document_what_goes_and_what_comes_is_told_under_each_other() {
        let document = |action: &str| {
            let statement = |action: &str| serde_json::json!({ "Effect": "Allow", "Action": action, "Resource": "*" });
            serde_json::json!({ "Statement": [statement("ce:Stays"), statement(action)] }).to_string()
        };
        let detail = Detail {
            field: "document".into(),
            from: Some(document("s3:GetObjectThatGoes")),
            to: Some(document("s3:GetObjectThatComes")),
        };
        let lines = detail_lines(&detail, Loudness::Normal);
        let expected = [
            "      document",
            "        - Allow s3:GetObjectThatGoes on *",
            "        + Allow s3:GetObjectThatComes on *",
        ];
        assert_eq!(lines, expected, "what stays is left out, and all stands in one column");
        let short = Detail { field: "TimeUnit".into(), from: Some("DAILY".into()), to: Some("HOURLY".into()) };
        assert_eq!(detail_lines(&short, Loudness::Normal), ["      TimeUnit                 DAILY -> HOURLY"]);
        assert!(detail_lines(&detail, Loudness::Verbose).len() > 10, "asked for all, all is shown");
        let lines = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (from, to, expected) in [("a a b", "a b", "- a"), ("a b", "b a", "- a,- b,+ b,+ a")] {
            let told = changed(lines(from), lines(to), Loudness::Normal).join(",");
            assert_eq!(told, expected, "no change is without its lines");
        }
    }

    #[test]
    fn no_first_delivery_is_announced_of_a_report_that_was_there() {
        let of = |report: Planned, connect: Planned| {
            let steps = vec![report, connect];
            let onboarding = crate::steps::samples::onboarding(&[]);
            delivery(&Plan { onboarding, steps, aim: Aim::Onboard, warnings: vec![], by_hand: None })
        };
        let (new, there) = (|step| Planned::create(step, "n", vec![], vec![]), |step| Planned::keep(step, "n"));
        let words = of(new(Step::Report), new(Step::BillConnect)).unwrap_or_default();
        assert!(words.contains("the first report within 24 hours; costs are in Flexera"), "{words}");
        let words = of(there(Step::Report), new(Step::BillConnect)).unwrap_or_default();
        assert!(words.contains("if it has not yet") && !words.contains("first"), "{words}");
        assert_eq!(of(there(Step::Report), there(Step::BillConnect)), None);
    }
}
