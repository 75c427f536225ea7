//! `help`: the commands' long help and the topics that belong to no single command; and what is said to who types
//! the bare name.

use clap::{Args, Command};

use crate::credentials::VARIABLES;
use crate::error::{Error, Result};
use crate::output::Printer;
use crate::spec::fields::{FIELDS, VARIABLE_KEYS};

/// What to explain.
#[derive(Clone, Debug, Args)]
pub struct Topic {
    /// A command, or exit-codes, environment, permissions, file
    #[arg(value_name = "TOPIC", num_args = 0..)]
    words: Vec<String>,
}

type Text = fn() -> String;

/// The topics, each with its text.
const TOPICS: [(&str, Text); 4] =
    [("exit-codes", exit_codes), ("environment", environment), ("permissions", permissions), ("file", file)];

/// In a few lines what this is and the ways to start.
pub fn greet(printer: &Printer) -> u8 {
    printer.result(
        "optima-onboard connects an AWS payer account's billing data to Flexera Optima.\n\n  \
         optima-onboard wizard --sandbox   rehearse it; no account, no token, nothing leaves this machine\n  \
         optima-onboard wizard             do it: asks, shows the plan, asks once, applies, verifies\n  \
         optima-onboard apply --help       the same for scripts\n  \
         optima-onboard help               everything else",
    );
    0
}

/// Shows a topic or a command's help.
///
/// # Errors
/// A usage error for a topic that does not exist.
pub fn show(topic: &Topic, printer: &Printer, mut root: Command) -> Result<u8> {
    if let [word] = topic.words.as_slice()
        && let Some((_, text)) = TOPICS.iter().find(|(name, _)| name == word)
    {
        printer.result(&text());
        return Ok(0);
    }
    root.build();
    let mut command = &mut root;
    for word in &topic.words {
        command = command.find_subcommand_mut(word).ok_or_else(|| {
            let names: Vec<&str> = TOPICS.iter().map(|(name, _)| *name).collect();
            Error::usage(format!("there is no help on {word:?}"))
                .remedy(format!("optima-onboard help lists the commands; topics are {}", names.join(", ")))
        })?;
    }
    printer.result(&command.render_long_help().to_string());
    if topic.words.is_empty() {
        printer.result("\nTopics: optima-onboard help exit-codes | environment | permissions | file");
    }
    Ok(0)
}

fn exit_codes() -> String {
    "Exit codes\n\n    \
     0  done; plan --detailed-exitcode: nothing to change\n    \
     1  failed; the message says what exists now and what to type next\n    \
     2  usage: bad flags, bad file, missing answers without a terminal\n    \
     3  plan --detailed-exitcode: changes are pending\n    \
     4  credentials or permissions: AWS or the onboarding API refused who you are\n    \
     5  refused: the state found needs a person\n    \
     6  a file of many: some done, some not\n    \
     8  applied, but not yet validated by the onboarding API\n  \
     130  interrupted, or answered with no"
        .to_owned()
}

fn environment() -> String {
    let mut lines = vec!["Environment variables; a flag wins over its variable, a variable over --file\n".to_owned()];
    let row = |name: &str, what: &str| format!("  {name:<26} {what}");
    lines.extend(FIELDS.iter().filter_map(|field| field.env.map(|env| row(env, &format!("as {}", field.flag)))));
    let others = [
        ("OPTIMA_FILE", "as --file"),
        ("OPTIMA_OUTPUT", "as --output"),
        ("OPTIMA_RECEIPT", "as --receipt"),
        ("OPTIMA_REQUEST_TIMEOUT", "as --request-timeout"),
        ("OPTIMA_NO_INPUT", "1: as --no-input"),
        ("OPTIMA_LOG", "error, warn, info or debug, on stderr"),
        ("NO_COLOR, TERM=dumb", "no colour"),
        ("ACCESSIBLE", "1: as --accessible"),
        ("AWS_PROFILE, AWS_REGION, …", "as the AWS CLI"),
        ("HTTPS_PROXY, SSL_CERT_FILE", "the proxy, and the certificate authorities to trust"),
    ];
    lines.push("\nThe credential for the onboarding API, the first that is set:\n".to_owned());
    let meanings = [
        "a bearer token, used as it is",
        "exchanged for a bearer token, renewed when it expires",
        "a service account's client id",
        "and its secret",
    ];
    lines.extend(VARIABLES.iter().zip(meanings).map(|(name, what)| row(name, what)));
    lines.push("\nThe rest:\n".to_owned());
    lines.extend(others.iter().map(|(name, what)| row(name, what)));
    lines.join("\n")
}

fn permissions() -> String {
    "Permissions\n\n\
     Yours: optima-onboard permissions --org-id ID [the options of your apply] prints the least IAM policy that an\n\
     operator needs, as JSON, each statement named for what it is for; with --for destroy, what\n\
     that needs. Before the yes, IAM's policy simulation is asked which of them you lack, where you may ask it. At\n\
     Flexera you need the role Manage organization (enterprise_manager).\n\n\
     Flexera's: what the role or user may do is in the plan, statement by statement, and with -v as the document\n\
     itself. It reads the billing bucket, the organization's accounts and reservation utilization; it writes nothing."
        .to_owned()
}

fn file() -> String {
    let keys: Vec<&str> = FIELDS.iter().map(|field| field.key).collect();
    format!(
        "Onboarding file, TOML, given with --file\n\n  \
         org_id = 12345\n  \
         api = \"flexera-one\"\n  \
         zone = \"eu\"\n  \
         bucket = \"acme-billing\"\n  \
         bucket_region = \"eu-central-1\"\n\n  \
         [tags]\n  \
         team = \"finops\"\n\n\
         Keys are the long flags with _ for -: {}, and the table tags.\n\
         A secret never stands in it. A file of it is named with refresh_token_file or access_token_file, the variable\n\
         that holds it with {}.\n\n\
         Many onboardings, for plan, apply and verify; [defaults] holds for all, what an onboarding says comes first:\n\n  \
         [defaults]\n  \
         api = \"flexera-one\"\n\n  \
         [[onboarding]]\n  \
         name = \"acme\"\n  \
         org_id = 12345\n  \
         profile = \"acme-payer\"\n  \
         refresh_token_env = \"ACME_FLEXERA_TOKEN\"\n\n  \
         [[onboarding]]\n  \
         name = \"globex\"\n  \
         org_id = 67890\n  \
         assume_role = \"arn:aws:iam::222233334444:role/Onboarder\"\n  \
         refresh_token_file = \"/run/secrets/globex\"\n\n\
         A flag or variable stands for all of them, unless they have different answers of that kind which tell them\n\
         apart (organization, account, bucket, credential): then it is refused. The variables that an onboarding names\n\
         stand in the place of OPTIMA_REFRESH_TOKEN and its kin.\n\
         At most --concurrency run at once. All are planned, one yes is asked for, and one that fails or is refused stops\n\
         no other. --output jsonl writes a line for each as it is done, and --only-failed RECEIPT runs the rest again.",
        keys.join(", "),
        VARIABLE_KEYS.join(", ")
    )
}
