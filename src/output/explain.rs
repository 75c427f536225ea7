//! What resources and permissions are for: an overview of a line each, one in full, and both as JSON.

use serde_json::{Value, json};

use crate::documents::Purpose;
use crate::explain::{Entry, Holder, PERMISSIONS, Permission, RESOURCES, Resource};
use crate::output::Paint;
use crate::output::json::SCHEMA_VERSION;

/// Wide enough for nearly every action, and narrow enough that what follows has room on 80 columns.
const ACTION: usize = 30;

/// Every resource and permission, briefly.
pub fn overview(paint: Paint) -> String {
    let mut lines = vec![paint.strong("What is made, or adopted")];
    lines.extend(RESOURCES.iter().map(|resource| format!("  {:<13}  {}", resource.name, resource.why)));
    let mut under = "";
    for holder in Holder::ALL {
        let mut step = "";
        for permission in PERMISSIONS.iter().copied().flatten().filter(|permission| permission.holder == holder) {
            let heading = heading(permission);
            if heading != under {
                (under, step) = (heading, "");
                lines.push(format!("\n{}", paint.strong(heading)));
            }
            if permission.step != step {
                step = permission.step;
                lines.push(format!("  {}", paint.dim(step)));
            }
            lines.push(format!("    {:<ACTION$}  {}", permission.action, permission.why));
        }
    }
    lines.push("\nMore of one, with what breaks without it: optima-onboard explain s3:GetObject".to_owned());
    lines.push("What you need, as a policy: optima-onboard permissions".to_owned());
    lines.join("\n")
}

fn heading(permission: &Permission) -> &'static str {
    let removes = |purpose: &Purpose| matches!(purpose, Purpose::Destroy | Purpose::DestroyWithBucket);
    match permission.holder {
        Holder::Flexera => "What Flexera may do",
        Holder::Billing => "What AWS billing may do in the bucket",
        Holder::Operator if !permission.purposes.is_empty() && permission.purposes.iter().all(removes) => {
            "What you need besides for destroy"
        }
        Holder::Operator => "What you need, statement by statement",
    }
}

/// Each in full.
pub fn in_full(entries: &[Entry], paint: Paint) -> String {
    let text = |entry: &Entry| match entry {
        Entry::Resource(resource) => of_resource(resource, paint),
        Entry::Permission(permission) => of_permission(permission, paint),
    };
    entries.iter().map(text).collect::<Vec<_>>().join("\n\n")
}

fn of_resource(resource: &Resource, paint: Paint) -> String {
    let rows = [
        ("what", resource.what.to_owned()),
        ("why", resource.why.to_owned()),
        ("without", resource.without.to_owned()),
        ("alone", resource.command.to_owned()),
    ];
    titled(resource.name, &rows, paint)
}

fn of_permission(permission: &Permission, paint: Paint) -> String {
    let mut rows = vec![
        ("who", permission.holder.in_words().to_owned()),
        ("why", permission.why.to_owned()),
        ("without", permission.without.to_owned()),
    ];
    if permission.purposes.is_empty() {
        rows.push(("where", permission.step.to_owned()));
    } else {
        rows.push(("where", format!("statement {} of optima-onboard permissions", permission.step)));
        rows.push(("for", permission.purposes.iter().copied().map(command).collect::<Vec<_>>().join(", ")));
    }
    titled(permission.action, &rows, paint)
}

fn command(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Apply => "apply",
        Purpose::Verify => "plan, verify",
        Purpose::Destroy => "destroy",
        Purpose::DestroyWithBucket => "destroy --delete-bucket",
    }
}

fn titled(name: &str, rows: &[(&str, String)], paint: Paint) -> String {
    let rows = rows.iter().map(|(label, text)| format!("\n  {label:<8} {text}"));
    paint.strong(name) + &rows.collect::<String>()
}

/// The same as a document.
pub fn document(entries: &[Entry]) -> Value {
    let resource = |entry: &Entry| match entry {
        Entry::Resource(Resource { name, what, why, command, without }) => {
            Some(json!({ "resource": name, "what": what, "why": why, "command": command, "without": without }))
        }
        Entry::Permission(_) => None,
    };
    let permission = |entry: &Entry| match entry {
        Entry::Permission(Permission { holder, action, step, purposes, why, without }) => Some(json!({
            "holder": holder.word(),
            "action": action,
            "step": step,
            "needed_for": purposes.iter().map(|purpose| purpose.word()).collect::<Vec<_>>(),
            "why": why,
            "without": without,
        })),
        Entry::Resource(_) => None,
    };
    json!({
        "schema_version": SCHEMA_VERSION,
        "resources": entries.iter().filter_map(resource).collect::<Vec<_>>(),
        "permissions": entries.iter().filter_map(permission).collect::<Vec<_>>(),
    })
}
