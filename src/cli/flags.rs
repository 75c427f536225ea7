//! The flags that describe an onboarding, made from the table of fields; clap hands their texts over unparsed, so that
//! every problem can be told at once.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::spec::answers::{Given, Raw, Source};
use crate::spec::fields::FIELDS;

/// What was given by flags and environment.
#[derive(Clone, Debug, Default)]
pub struct OnboardingFlags {
    /// The texts.
    pub raw: Raw,
}

/// Just those whose keys are asked for, for commands that take a few.
fn arguments(keys: Option<&[&str]>) -> impl Iterator<Item = Arg> {
    let wanted = move |key: &str| keys.is_none_or(|keys| keys.contains(&key));
    FIELDS.iter().filter(move |field| wanted(field.key)).map(|field| {
        let arg = Arg::new(field.key)
            .long(field.flag.trim_start_matches("--"))
            .value_name(field.value)
            .help(field.help)
            .help_heading(field.heading);
        // An empty value reaches our own parser, which says so; hyphens may begin one (a wrong one is then named).
        let arg = arg.action(ArgAction::Set).hide_env(true).allow_hyphen_values(field.key.ends_with("_file"));
        match field.env {
            Some(env) => arg.env(env),
            None => arg,
        }
    })
}

fn tag() -> Arg {
    Arg::new("tag")
        .long("tag")
        .value_name("KEY=VALUE")
        .action(ArgAction::Append)
        .help("Extra tag on what is created; repeat for more")
        .help_heading("Access for Flexera")
}

impl FromArgMatches for OnboardingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for field in FIELDS {
            // A command that takes only some of the flags does not know the others.
            let Ok(Some(text)) = matches.try_get_one::<String>(field.key) else { continue };
            let source = match (matches.value_source(field.key), field.env) {
                (Some(ValueSource::EnvVariable), Some(env)) => Source::Environment(env),
                _ => Source::Flag,
            };
            self.raw.offer(field.key, Given { text: text.clone(), source });
        }
        if let Ok(Some(tags)) = matches.try_get_many::<String>("tag") {
            self.raw.tags = tags.map(|text| Given { text: text.clone(), source: Source::Flag }).collect();
        }
        Ok(())
    }
}

impl Args for OnboardingFlags {
    fn augment_args(command: Command) -> Command {
        command.args(arguments(None)).arg(tag())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// The flags of commands that only write an onboarding out: everything that shapes it, nothing that reaches anybody.
#[derive(Clone, Debug, Default)]
pub struct ExportFlags {
    /// The texts.
    pub raw: Raw,
}

/// What shapes an onboarding and the command that finishes it.
const EXPORT_KEYS: &[&str] = &[
    "org_id",
    "api",
    "zone",
    "api_url",
    "login_url",
    "bill_account_id",
    "effective_from",
    "bucket",
    "bucket_region",
    "prefix",
    "report_name",
    "reuse_report",
    "access",
    "policy_set",
    "policy_name",
    "role_name",
    "user_name",
    "external_id",
    "trusted_principal",
    "session_name",
    "region",
];

impl FromArgMatches for ExportFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        OnboardingFlags::from_arg_matches(matches).map(|flags| Self { raw: flags.raw })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for ExportFlags {
    fn augment_args(command: Command) -> Command {
        command.args(arguments(Some(EXPORT_KEYS))).arg(tag())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// The flags of commands that talk to the onboarding API alone.
#[derive(Clone, Debug, Default)]
pub struct ApiFlags {
    /// The texts.
    pub raw: Raw,
}

/// What the onboarding API alone needs to know.
const API_KEYS: &[&str] =
    &["org_id", "api", "zone", "api_url", "login_url", "access_token_file", "refresh_token_file", "bill_account_id"];

impl FromArgMatches for ApiFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        OnboardingFlags::from_arg_matches(matches).map(|flags| Self { raw: flags.raw })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for ApiFlags {
    fn augment_args(command: Command) -> Command {
        command.args(arguments(Some(API_KEYS)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
