//! `help file`.

use clap::Command;

use crate::spec::fields::{FIELDS, VARIABLE_KEYS};

const ONE: &str = r#"org_id = 12345
api = "flexera-one"
zone = "eu"
bucket = "acme-billing"
bucket_region = "eu-central-1"

[tags]
team = "finops"
"#;

const MANY: &str = r#"[defaults]
api = "flexera-one"

[[onboarding]]
name = "acme"
org_id = 12345
profile = "acme-payer"
refresh_token_env = "ACME_FLEXERA_TOKEN"

[[onboarding]]
name = "globex"
org_id = 67890
assume_role = "arn:aws:iam::222233334444:role/Onboarder"
refresh_token_file = "/run/secrets/globex"
"#;

/// As taplo reads it: <https://taplo.tamasfe.dev/configuration/directives.html>
const SCHEMA_LINE: &str = "#:schema ./optima-onboard.schema.json";

pub fn text(_: &Command) -> String {
    format!(
        "Onboarding file, TOML, given with --file (-f)\n\n{}\n\
         A secret never stands in it. A file of it is named with refresh_token_file or\n\
         access_token_file, the variable that holds it with {}.\n\n\
         Many onboardings, for plan, apply and verify; [defaults] holds for all, what an\n\
         onboarding says comes first:\n\n{}\n\
         A flag or variable stands for all of them, unless they have different answers\n\
         of that kind, or some have none, which tell them apart (organization, account,\n\
         bucket, zone, address, credential): then it is refused. The variables that an\n\
         onboarding names stand in the place of OPTIMA_REFRESH_TOKEN and its kin, and a\n\
         profile signs for its onboarding whatever keys or profile the environment has.\n\n\
         At most --concurrency run at once. All are planned, one yes is asked for, and\n\
         one that fails or is refused stops no other. --output jsonl writes a line for\n\
         each as it is done, and --only-failed RECEIPT runs the rest again.\n\n\
         An editor with taplo (Even Better TOML) names the keys and what is wrong, once\n\
         optima-onboard schema file > optima-onboard.schema.json was run, and the file\n\
         begins with:\n\n  {SCHEMA_LINE}\n\n\
         Keys\n{}",
        indented(ONE),
        VARIABLE_KEYS.join(", "),
        indented(MANY),
        keys()
    )
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect()
}

/// Every key with what its flag's help says.
fn keys() -> String {
    let mut lines = Vec::new();
    let mut heading = "";
    for field in FIELDS {
        if field.heading != heading {
            heading = field.heading;
            lines.push(format!("\n{heading}"));
        }
        lines.push(format!("  {:<18}  {}", field.key, field.help));
    }
    lines.push("\nTags".to_owned());
    lines.push(format!("  {:<18}  A table: extra tags on what is created", crate::spec::fields::TAGS));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::spec::file::{self, File};

    #[test]
    fn the_files_that_are_shown_are_taken() {
        assert!(matches!(file::read(Path::new("one.toml"), ONE), Ok(File::One(_))));
        assert!(matches!(file::read(Path::new("many.toml"), MANY), Ok(File::Many(many)) if many.len() == 2));
    }
}
