//! `help permissions`: who may do what, by name; `explain` says what for.

use clap::Command;

use crate::documents::Purpose;
use crate::explain::{Holder, PERMISSIONS, Permission};

pub fn text(_: &Command) -> String {
    let part = |title: &str, belongs: fn(&Permission) -> bool| format!("\n{title}\n{}", by_step(belongs));
    [
        "Permissions\n".to_owned(),
        part("Flexera, as the role or the user: it reads, and writes nothing", |p| p.holder == Holder::Flexera),
        part("AWS billing, in the bucket and only for this account's reports", |p| p.holder == Holder::Billing),
        part("You, for plan, apply and verify", |p| p.purposes.contains(&Purpose::Apply)),
        part("You, for destroy besides; the last two only with --delete-bucket", |p| {
            !p.purposes.is_empty() && !p.purposes.contains(&Purpose::Apply)
        }),
        part("You, where an option or Flexera asks for it", |p| p.holder == Holder::Operator && p.purposes.is_empty()),
        "\nBefore the yes, IAM's simulation is asked which of yours you lack, where you\n\
         may ask it. Yours as a policy on exactly your names: optima-onboard permissions,\n\
         with --for verify or destroy what that needs. The others' as documents: plan -v.\n\
         What each is for: optima-onboard explain."
            .to_owned(),
    ]
    .concat()
}

/// A line for each step, with its actions.
fn by_step(belongs: fn(&Permission) -> bool) -> String {
    let mut rows: Vec<(&str, Vec<&str>)> = Vec::new();
    for permission in PERMISSIONS.iter().copied().flatten().filter(|permission| belongs(permission)) {
        match rows.last_mut() {
            Some((step, actions)) if *step == permission.step => actions.push(permission.action),
            _ => rows.push((permission.step, vec![permission.action])),
        }
    }
    rows.iter().map(|(step, actions)| format!("  {step:<14}  {}\n", actions.join(", "))).collect()
}
