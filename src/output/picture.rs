//! An onboarding as a small picture in text: what reads what, from the bill to Flexera. Where lines and arrows would be
//! read out one by one, the same in sentences.

use console::measure_text_width;

use crate::documents;
use crate::output::Paint;
use crate::plan::{Change, Finding, Plan};
use crate::spec::names::{Access, PolicySet};
use crate::steps::{Step, policy};

/// How far the picture stands from the left.
const INDENT: &str = "  ";

/// The picture for a terminal so many columns wide; one that is too narrow for the frames gets it without them.
pub fn drawn(plan: &Plan, paint: Paint, width: usize) -> String {
    let (account, flexera, stranger) = (account(plan, paint), flexera(plan, paint), stranger(plan, paint));
    let rows = account.iter().chain(&flexera).chain(&stranger);
    let inner = rows.map(|row| measure_text_width(row)).max().unwrap_or_default();
    let title = paint.strong(&format!("AWS account {}", plan.onboarding.account_id));
    let joint = entry(plan);
    let framed = inner + 4 + INDENT.len() <= width;
    let rows = match framed {
        true => {
            let below = match stranger.is_empty() {
                true => frame(&flexera, inner, "┴", ""),
                false => [frame(&stranger, inner, "┴", ""), frame(&flexera, inner, "", "")].concat(),
            };
            [vec![title], frame(&account, inner, "", "↑"), vec![format!("       │ {joint}")], below].concat()
        }
        false => [vec![title], account, vec![format!("     ↑ {joint}")], stranger, flexera].concat(),
    };
    rows.iter().map(|row| format!("{INDENT}{row}")).collect::<Vec<_>>().join("\n")
}

/// The same for whoever has it read out.
pub fn told(plan: &Plan) -> String {
    let one = &plan.onboarding;
    let carrier = if one.access == Access::Role { one.role_arn() } else { one.user_arn() };
    [
        format!("  1. AWS billing delivers the report {} to the bucket {}.", one.report_name, one.bucket),
        format!("  2. The policy {} lets its bearer list and read that bucket.", one.policy_name),
        format!("  3. {carrier} carries that policy, and {}.", if gets_more(plan) { "others too" } else { "no other" }),
        match one.stranger_in_place_of() {
            None => format!("  4. Flexera organization {} {}.", one.org_id, entry(plan)),
            Some(own) => format!("  4. {}, which is not Flexera's {own}, {}.", one.trusted_principal, entry(plan)),
        },
    ]
    .join("\n")
}

/// What Flexera will be able to do in the account, and what not.
pub fn reach(plan: &Plan, paint: Paint) -> String {
    let one = &plan.onboarding;
    let mut can = vec![
        format!("list and read everything in {}", one.bucket),
        "see your organization's accounts, units and policies (organizations:Describe*, List*)".to_owned(),
        "see how reservations are used (ce:GetReservationUtilization)".to_owned(),
    ];
    if one.policy_set == PolicySet::CloudCost {
        can.push("see savings plans and AWS's advice to buy (three more ce:Get… reads)".to_owned());
    }
    if policy::wanted(one) != documents::flexera_permissions(one.policy_set, one.partition, &one.bucket) {
        can.push("decrypt with the key of that bucket, and no other (kms:Decrypt)".to_owned());
    }
    let more = gets_more(plan);
    if more {
        can.push("whatever the other policies allow of which the warning below speaks".to_owned());
    }
    let cannot = [
        "write, change or delete anything in your account",
        "read another bucket, or start, stop or look into a resource",
    ];
    let who = if one.stranger_in_place_of().is_some() { "Whoever is trusted" } else { "Flexera" };
    let mut lines = vec![format!("  {}", paint.strong(&format!("{who} can")))];
    lines.extend(can.iter().map(|what| format!("    {} {what}", paint.good("yes"))));
    lines.push(format!(
        "  {}",
        paint.strong(&format!("{who} cannot{}", if more { ", by this policy alone" } else { "" }))
    ));
    lines.extend(cannot.iter().map(|what| format!("    {}  {what}", paint.bad("no"))));
    lines.join("\n")
}

fn account(plan: &Plan, paint: Paint) -> Vec<String> {
    let one = &plan.onboarding;
    let arrow = |text: &str| paint.dim(&format!("     {text}"));
    let carrier = match one.access {
        Access::Role => row(plan, Step::Role, "role", one.role_name.as_str(), paint),
        Access::User => row(plan, Step::User, "user", one.user_name.as_str(), paint),
    };
    vec![
        row(plan, Step::Report, "report", one.report_name.as_str(), paint),
        arrow("↓ AWS billing delivers to"),
        row(plan, Step::Bucket, "bucket", one.bucket.as_str(), paint),
        arrow("↑ may be listed and read, by"),
        row(plan, Step::Policy, "policy", one.policy_name.as_str(), paint),
        arrow(if gets_more(plan) { "↑ which is carried, with others, by" } else { "↑ which alone is carried by" }),
        carrier,
    ]
}

fn flexera(plan: &Plan, paint: Paint) -> Vec<String> {
    let one = &plan.onboarding;
    let connect = match plan.step(Step::BillConnect) {
        Some(_) => row(plan, Step::BillConnect, "bill connect", &one.bill_connect_id(), paint),
        None => format!("! bill connect  {} {}", one.bill_connect_id(), paint.look("by hand")),
    };
    vec![paint.strong(&format!("Flexera organization {}", one.org_id)), connect]
}

/// Whoever is trusted in place of Flexera; nobody as a rule.
fn stranger(plan: &Plan, paint: Paint) -> Vec<String> {
    let one = &plan.onboarding;
    let rows = || vec![paint.look(one.trusted_principal.as_str()), "! trusted in place of Flexera".to_owned()];
    one.stranger_in_place_of().map(|_| rows()).unwrap_or_default()
}

/// Whether the role or the user carries something beside the policy.
fn gets_more(plan: &Plan) -> bool {
    plan.steps.iter().any(|planned| planned.findings.contains(&Finding::OtherPolicies))
}

/// How Flexera gets in.
fn entry(plan: &Plan) -> String {
    let one = &plan.onboarding;
    match one.access {
        Access::Role => format!("assumes the role, only with external id {}", one.external_id),
        Access::User => "signs in with an access key of the user".to_owned(),
    }
}

fn row(plan: &Plan, step: Step, word: &str, name: &str, paint: Paint) -> String {
    let sign = match plan.step(step).map(|planned| planned.change) {
        Some(Change::Create) => paint.good("+"),
        Some(Change::Update) => paint.look("~"),
        Some(Change::Delete) => paint.bad("-"),
        Some(Change::Refuse) => paint.bad("!"),
        Some(Change::Keep) | None => paint.dim("="),
    };
    format!("{sign} {word:<7} {name}")
}

/// A frame around rows; something may come in through its top, or go out at its bottom.
fn frame(rows: &[String], inner: usize, top: &str, bottom: &str) -> Vec<String> {
    let edge = |left: &str, door: &str, right: &str| {
        let rest = (inner + 2).saturating_sub(6 + measure_text_width(door));
        format!("{left}{}{door}{}{right}", "─".repeat(6), "─".repeat(rest))
    };
    let body = rows.iter().map(|row| format!("│ {row}{} │", " ".repeat(inner - measure_text_width(row))));
    std::iter::once(edge("┌", top, "┐")).chain(body).chain([edge("└", bottom, "┘")]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::roles::Role;
    use crate::plan::{Aim, Planned};
    use crate::steps::{role, samples};

    fn plan(answers: &[(&'static str, &str)]) -> Plan {
        Plan {
            onboarding: samples::onboarding(answers),
            steps: vec![Planned::create(Step::Bucket, "b", vec![], vec![]), Planned::keep(Step::BillConnect, "c")],
            aim: Aim::Onboard,
            warnings: vec![],
            by_hand: None,
        }
    }

    #[test]
    fn every_row_of_a_frame_is_as_wide_as_the_others() {
        for answers in [&[][..], &[("access", "user")], &[("bucket", "a-bucket-with-a-name-of-its-own-that-is-long")]] {
            let text = drawn(&plan(answers), Paint(true), 80);
            let framed = text.lines().filter(|line| ["  │", "  ┌", "  └"].iter().any(|edge| line.starts_with(edge)));
            let widths: Vec<usize> = framed.map(measure_text_width).collect();
            assert!(widths.len() > 8 && widths.iter().all(|width| *width == widths[0]), "{text}\n{widths:?}");
        }
    }

    #[test]
    fn a_stranger_is_not_drawn_as_flexera() {
        let plan = plan(&[("trusted_principal", "arn:aws:iam::999999999999:root")]);
        let text = drawn(&plan, Paint(false), 80);
        let at = |part: &str| text.lines().position(|line| line.contains(part)).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(at("assumes the role") + 2, at("arn:aws:iam::999999999999:root"), "{text}");
        assert!(at("Flexera organization") > at("trusted in place of Flexera"), "{text}");
        assert!(told(&plan).contains("4. arn:aws:iam::999999999999:root, which is not Flexera's"));
        assert!(!reach(&plan, Paint(false)).contains("Flexera can"));
    }

    #[test]
    fn a_role_that_carries_more_is_not_drawn_as_one_that_carries_one_policy() {
        let mut plan = plan(&[]);
        let found = Role { attached: vec!["Admin".to_owned()], ..Role::default() };
        plan.steps.push(role::diff(&plan.onboarding, Some(&found)));
        assert!(drawn(&plan, Paint(false), 80).contains("carried, with others, by"));
        assert!(told(&plan).contains("carries that policy, and others too."));
        let reach = reach(&plan, Paint(false));
        assert!(reach.contains("the other policies") && reach.contains("cannot, by this policy alone"), "{reach}");
    }

    #[test]
    fn a_narrow_terminal_gets_no_frames() {
        let text = drawn(&plan(&[]), Paint(false), 40);
        assert!(!text.contains('┌') && text.contains("+ bucket"), "{text}");
    }

    #[test]
    fn all_that_is_drawn_is_told_too() {
        let told = told(&plan(&[]));
        for part in ["flexera-optima", "FlexeraOptimaAccessPolicy", "FlexeraOptimaAccessRole", "external id 12345"] {
            assert!(told.contains(part), "{part} missing in {told}");
        }
        assert!(told.is_ascii(), "no lines and arrows to read out");
    }
}
