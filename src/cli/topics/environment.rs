//! `help environment`.

use clap::{Arg, Command};

use crate::credentials::VARIABLES;
use crate::spec::fields::{FIELDS, field};

/// What no flag of ours stands for, or what the AWS SDK reads.
const OTHERS: [(&str, &str); 8] = [
    ("OPTIMA_LOG", "error, warn, info or debug, on stderr"),
    ("NO_COLOR", "anything: no colour"),
    ("TERM", "dumb: no colour, plain numbered lines"),
    ("ACCESSIBLE", "anything: as --accessible"),
    ("AWS_PROFILE", "as --profile, but after AWS_ACCESS_KEY_ID, as for the AWS CLI"),
    ("AWS_REGION", "as --region"),
    ("AWS_ENDPOINT_URL", "as --endpoint-url; and every other variable that the AWS CLI reads"),
    ("HTTPS_PROXY", "the proxy; on Linux SSL_CERT_FILE names the certificate authorities to trust"),
];

pub fn text(root: &Command) -> String {
    let mut lines = vec![
        "Environment variables\n\nA flag wins over its variable, a variable over --file. An empty one is an error."
            .to_owned(),
    ];
    let mut heading = "";
    for field in FIELDS {
        let Some(variable) = field.env else { continue };
        if field.heading != heading {
            heading = field.heading;
            lines.push(format!("\n{heading}"));
        }
        lines.push(row(variable, &format!("as {}", field.flag)));
    }
    lines.push("\nThe credential for the onboarding API; the first that is set".to_owned());
    lines.extend(VARIABLES.iter().zip(CREDENTIALS).map(|(name, what)| row(name, what)));
    lines.push("\nHow to run".to_owned());
    lines.extend(of_flags(root).into_iter().map(|(name, what)| row(&name, &what)));
    lines.extend(OTHERS.iter().map(|(name, what)| row(name, what)));
    lines.join("\n")
}

/// As [`VARIABLES`] has them.
const CREDENTIALS: [&str; 4] = [
    "a bearer token, used as it is",
    "exchanged for a bearer token, renewed when it expires",
    "a service account's client id",
    "and its secret",
];

fn row(name: &str, what: &str) -> String {
    format!("  {name:<24} {what}")
}

/// The variables of flags that describe no onboarding, each once, in the order of the commands.
fn of_flags(command: &Command) -> Vec<(String, String)> {
    let own = command.get_arguments().filter(|arg| field(arg.get_id().as_str()).is_none()).filter_map(of_flag);
    let mut found: Vec<(String, String)> = Vec::new();
    for row in own.chain(command.get_subcommands().flat_map(of_flags)) {
        if !found.contains(&row) {
            found.push(row);
        }
    }
    found
}

fn of_flag(arg: &Arg) -> Option<(String, String)> {
    let variable = arg.get_env()?.to_string_lossy().into_owned();
    let flag = arg.get_long()?;
    let takes_value = arg.get_action().takes_values();
    Some((variable, if takes_value { format!("as --{flag}") } else { format!("1: as --{flag}") }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;

    use super::*;

    /// Every name of a variable of ours that stands in the source.
    fn in_source(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                in_source(&entry, found);
                continue;
            }
            let text = std::fs::read_to_string(&entry).expect("source is text");
            let names = text.split('"').filter(|piece| piece.starts_with("OPTIMA_") && !piece.ends_with('_'));
            found.extend(
                names.filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_')).map(str::to_owned),
            );
        }
    }

    #[test]
    fn every_variable_that_is_read_is_explained() {
        let mut tree = crate::cli::Cli::command();
        tree.build();
        let text = text(&tree);
        let mut names = Vec::new();
        in_source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
        assert!(names.len() > 20, "{names:?}");
        for name in names {
            assert!(text.contains(&format!("  {name} ")), "{name} is not explained");
        }
    }
}
