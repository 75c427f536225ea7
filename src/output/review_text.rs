//! A plan as it is reviewed before the yes: the picture, what Flexera can reach, and everything under what becomes of it.

use crate::documents;
use crate::harmless;
use crate::output::{Loudness, Paint, picture, plan_text};
use crate::plan::{Change, Plan, Planned};
use crate::spec::names::Access;
use crate::spec::{Facts, Onboarding};
use crate::steps::{Step, policy};

/// How the review is shown.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Drawn, for a terminal so many columns wide.
    Drawn(usize),
    /// In sentences, for a screen reader.
    Told,
}

/// The whole review.
pub fn review(plan: &Plan, facts: &Facts, shape: Shape, paint: Paint) -> String {
    let head = format!("{} nothing has been changed yet.", paint.strong("Review:"));
    let picture = match shape {
        Shape::Drawn(width) => picture::drawn(plan, paint, width),
        Shape::Told => picture::told(plan),
    };
    let mut parts = vec![head, picture, picture::reach(plan, paint), groups(plan, facts, paint).join("\n")];
    let mut notes: Vec<String> = plan
        .warnings
        .iter()
        .map(|warning| format!("  {} {}", paint.look("warning:"), harmless::shown(warning)))
        .collect();
    notes.extend(plan.by_hand.iter().map(|rest| format!("  {} {rest}", paint.look("left to you:"))));
    if !notes.is_empty() {
        parts.push(notes.join("\n"));
    }
    parts.push(plan_text::summary(plan));
    parts.join("\n\n")
}

/// Everything in full: each setting of the plan, and the documents that say what Flexera may do and who may be Flexera.
pub fn in_full(plan: &Plan, paint: Paint) -> String {
    let one = &plan.onboarding;
    let permissions = harmless::json(&policy::wanted(one));
    let mut parts = vec![
        plan_text::plan(plan, Loudness::Normal, paint),
        format!("{}\n{permissions}", paint.strong(&format!("What Flexera may do: the policy {}", one.policy_name))),
    ];
    if one.access == Access::Role {
        let trust = documents::trust(&one.trusted_principal, &one.external_id);
        let trust = harmless::json(&trust);
        parts.push(format!("{}\n{trust}", paint.strong(&format!("Who may do it: the trust of {}", one.role_name))));
    }
    parts.join("\n\n")
}

fn groups(plan: &Plan, facts: &Facts, paint: Paint) -> Vec<String> {
    let refused = plan.refusals().next().is_some();
    let titles = [
        (Change::Refuse, "Needs you first"),
        (Change::Create, if refused { "Would be created" } else { "Will be created" }),
        (Change::Update, if refused { "Would be changed" } else { "Will be changed" }),
        (Change::Delete, if refused { "Would be deleted" } else { "Will be deleted" }),
        (Change::Keep, "Adopted, right as it is"),
    ];
    let mut lines = Vec::new();
    for (change, title) in titles {
        let mut steps = plan.steps.iter().filter(|planned| planned.change == change).peekable();
        if steps.peek().is_some() {
            lines.push(format!("  {}", paint.strong(title)));
            lines.extend(steps.flat_map(|planned| step(planned, &plan.onboarding, paint)));
        }
    }
    lines.push(format!("  {}", paint.strong("Left alone")));
    lines.extend(left_alone(plan, facts).into_iter().map(|what| format!("    {} {what}", paint.dim("="))));
    lines
}

/// What is new or right needs no detail here; what changes in something that exists does.
fn step(planned: &Planned, one: &Onboarding, paint: Paint) -> Vec<String> {
    let (sign, about) = match planned.change {
        Change::Create => (paint.good("+"), about(planned.step, one)),
        Change::Keep => (
            paint.dim("="),
            planned.reason.iter().map(|reason| paint.dim(&format!(" ({})", harmless::shown(reason)))).collect(),
        ),
        Change::Update | Change::Delete | Change::Refuse => {
            let lines = plan_text::step(planned, Loudness::Normal, paint).into_iter();
            return lines.filter(|line| !line.is_empty()).map(|line| format!("  {line}")).collect();
        }
    };
    let name = harmless::shown(planned.resource.rsplit('/').next().unwrap_or(&planned.resource));
    let mut lines = vec![format!("    {sign} {:<13} {name}{about}", planned.step.word())];
    lines.extend(
        planned.warnings.iter().map(|warning| format!("      {} {}", paint.look("warning:"), harmless::shown(warning))),
    );
    lines
}

/// What cannot be told from the name, above all what cannot be changed later.
fn about(step: Step, one: &Onboarding) -> String {
    match step {
        Step::Bucket => format!(" in {}, private, encrypted", one.bucket_region),
        Step::BucketPolicy => ", lets AWS billing deliver".to_owned(),
        Step::Report => format!(" under {}/, hourly, with resource ids", one.prefix),
        Step::Role => format!(", trusts only {}", one.trusted_principal),
        Step::User => match &one.access_key_file {
            Some(file) => format!(", its access key goes to {}", harmless::shown(&file.display().to_string())),
            None => ", with an access key for Flexera".to_owned(),
        },
        Step::Policy | Step::BillConnect => String::new(),
    }
}

fn left_alone(plan: &Plan, facts: &Facts) -> Vec<String> {
    let one = &plan.onboarding;
    let others: Vec<&str> = facts
        .reports
        .iter()
        .map(|report| report.name.as_str())
        .filter(|name| *name != one.report_name.as_str())
        .collect();
    let mut found = Vec::new();
    if !others.is_empty() {
        found.push(harmless::shown(&format!("the other reports: {}", others.join(", "))));
    }
    if plan.step(Step::BucketPolicy).is_some_and(|planned| planned.change != Change::Create) {
        found.push("every other statement of the bucket's policy".to_owned());
    }
    found.push("every other bucket, policy, role and user of the account".to_owned());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::reports::Report;
    use crate::plan::Aim;
    use crate::steps::{Found, KeyFile, Scope, bill_connect, diff, report, samples};

    fn review_of(reports: Vec<Report>) -> String {
        let onboarding = samples::onboarding(&[]);
        let found = Found {
            bucket: crate::aws::buckets::Bucket::Absent,
            report: report::Found { reports: reports.clone(), tags: Default::default() },
            policy: None,
            role: None,
            bill_connect: bill_connect::Found::default(),
            bucket_key: None,
            key_file: KeyFile::Free,
        };
        let steps = diff(&onboarding, &found, &Scope::whole(onboarding.access, onboarding.api));
        let plan = Plan { aim: Aim::Onboard, onboarding, steps, warnings: vec!["a caution".into()], by_hand: None };
        let facts = Facts { reports, ..samples::facts() };
        review(&plan, &facts, Shape::Drawn(100), Paint(false)) + &in_full(&plan, Paint(false))
    }

    #[test]
    fn everything_stands_under_what_becomes_of_it() {
        let right = report::wanted(&samples::onboarding(&[]));
        let text = review_of(vec![Report { name: "an-older-one".into(), ..right }]);
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} missing in\n{text}"));
        assert!(at("Will be created") < at("+ bucket        flexera-optima"), "{text}");
        assert!(at("+ role") < at("Left alone"));
        assert!(at("Left alone") < at("the other reports: an-older-one"));
        assert!(at("warning: a caution") < at("6 to create"));
        at("\"s3:GetObject\"");
        at("\"sts:ExternalId\": \"12345\"");
    }

    #[test]
    fn a_refusal_comes_first_with_its_remedy() {
        let right = report::wanted(&samples::onboarding(&[]));
        let text = review_of(vec![Report { time_unit: "DAILY".into(), ..right }]);
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} missing in\n{text}"));
        assert!(at("Needs you first") < at("choose another name with --report-name"));
        assert!(at("choose another name with --report-name") < at("Would be created"));
    }
}
