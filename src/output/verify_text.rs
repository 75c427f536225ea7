//! A verification as a person reads it: what is fine in one line each, what is not with its remedy.

use crate::harmless;
use crate::output::Paint;
use crate::verify::{Advice, Check, Report, Status};

/// All checks, the verdict, and what to type.
pub fn report(report: &Report, paint: Paint) -> String {
    let mut lines: Vec<String> = Vec::new();
    for area in &report.areas {
        lines.push(paint.strong(&harmless::shown(&area.name).to_string()));
        lines.extend(area.checks.iter().flat_map(|check| self::lines(check, paint)));
    }
    lines.push(String::new());
    lines.push(verdict(report));
    lines.extend(commands(report.checks(), paint));
    lines.join("\n")
}

/// What is fine in one line for all, everything else in full, and the verdict.
pub fn in_short(report: &Report, paint: Paint) -> String {
    let (fine, rest): (Vec<&Check>, Vec<&Check>) =
        report.checks().partition(|check| matches!(check.status, Status::Pass | Status::Skip));
    let passed = fine.iter().filter(|check| check.status == Status::Pass).count();
    let mut text = vec![format!("{} {}", paint.strong(heading(report)), verdict(report)), String::new()];
    text.push(format!(
        "  {} {passed} checks of the account, the bucket, the report and the access",
        paint.good("pass   ")
    ));
    text.extend(rest.iter().flat_map(|check| lines(check, paint)));
    text.extend(commands(rest.into_iter(), paint));
    text.join("\n")
}

fn lines(check: &Check, paint: Paint) -> Vec<String> {
    let word = match check.status {
        Status::Pass => paint.good("pass   "),
        Status::Fail => paint.bad("FAIL   "),
        Status::Warn => paint.look("warn   "),
        Status::Pending => paint.look("pending"),
        Status::Skip => paint.dim("skip   "),
    };
    let mut lines = vec![format!("  {word} {:<21} {}", check.check, harmless::shown(&check.message))];
    let advice = check.remedy.iter().filter(|remedy| remedy.commands().is_empty()).map(Advice::to_string);
    lines.extend(
        advice.map(|remedy| format!("          {:<21} {} {}", "", paint.strong("next:"), harmless::shown(&remedy))),
    );
    lines
}

/// What to type, the same commands once and each in a line of its own, in their order, below what they are for.
fn commands<'a>(checks: impl Iterator<Item = &'a Check>, paint: Paint) -> Vec<String> {
    let mut found: Vec<(&[String], Vec<&str>)> = Vec::new();
    for check in checks {
        let commands = check.remedy.as_ref().map(Advice::commands).unwrap_or_default();
        if commands.is_empty() {
            continue;
        }
        match found.iter_mut().find(|(known, _)| *known == commands) {
            Some((_, names)) => names.push(check.check),
            None => found.push((commands, vec![check.check])),
        }
    }
    let told = |(commands, names): (&[String], Vec<&str>)| {
        let head = format!("{} for {}", paint.strong("Next:"), names.join(", "));
        let lines = commands.iter().map(|command| format!("  {}", harmless::shown(command)));
        [String::new(), head].into_iter().chain(lines).collect::<Vec<_>>()
    };
    found.into_iter().flat_map(told).collect()
}

/// Only what was looked at to its end, and found in order, is verified.
fn heading(report: &Report) -> &'static str {
    if report.ok() && !is_skipped(report, "bill-connect") { "Verified." } else { "Checked." }
}

fn is_skipped(report: &Report, name: &str) -> bool {
    report.checks().any(|check| check.check == name && check.status == Status::Skip)
}

/// In a sentence, whether the bill flows.
pub fn verdict(report: &Report) -> String {
    let (failed, pending) = (report.count(Status::Fail), report.count(Status::Pending));
    match (failed, pending) {
        (0, 0) if is_skipped(report, "bill-connect") => {
            "In AWS nothing is in the way; Flexera's side was not looked at.".to_owned()
        }
        (0, _) if is_skipped(report, "bill-connect") => {
            "In AWS nothing is in the way, and what is pending comes by itself; Flexera's side was not looked at."
                .to_owned()
        }
        (0, 0) if is_skipped(report, "bill-months") => {
            "Nothing is in the way; whether Flexera has processed the bill cannot be asked of this API.".to_owned()
        }
        (0, 0) => "The bill flows.".to_owned(),
        (0, _) => "Nothing is in the way; what is pending comes by itself.".to_owned(),
        (1, _) => "One thing is in the way.".to_owned(),
        (n, _) => format!("{n} things are in the way."),
    }
}
