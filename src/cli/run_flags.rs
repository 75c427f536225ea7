//! The flags that say how to run, not what to onboard.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum};

use crate::context::{Color, Facts};
use crate::output::{Format, JsonShape, Loudness, Printer};
use crate::session::RunOptions;

/// How results and progress are written; the same for every command.
#[derive(Clone, Debug, Args)]
pub struct OutputFlags {
    /// Result as text, as one JSON document, or as jsonl: a line for each onboarding as it comes
    #[arg(
        long,
        short,
        global = true,
        value_enum,
        env = "OPTIMA_OUTPUT",
        hide_env = true,
        default_value = "text",
        help_heading = "Output"
    )]
    output: OutputFormat,
    /// Colour [default: auto; NO_COLOR and TERM=dumb turn it off]
    #[arg(long, global = true, value_enum, default_value = "auto", hide_default_value = true, help_heading = "Output")]
    color: Colors,
    /// Plain numbered lines, nothing redrawn [or ACCESSIBLE]
    #[arg(long, global = true, help_heading = "Output")]
    pub accessible: bool,
    /// Say more: every document in full; twice also each request to Flexera
    #[arg(long, short, global = true, action = ArgAction::Count, help_heading = "Output")]
    verbose: u8,
    /// Only the result
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = "Output")]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OutputFormat {
    Text,
    Json,
    Jsonl,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Colors {
    Auto,
    Always,
    Never,
}

impl OutputFlags {
    /// The printer these flags and the terminal make.
    pub fn printer(&self, facts: &Facts) -> Printer {
        let color = match self.color {
            Colors::Auto => Color::Auto,
            Colors::Always => Color::Always,
            Colors::Never => Color::Never,
        };
        let plain = facts.plain(self.accessible);
        Printer {
            format: match self.output {
                OutputFormat::Text => Format::Text,
                OutputFormat::Json | OutputFormat::Jsonl => Format::Json,
            },
            shape: match self.output {
                OutputFormat::Text | OutputFormat::Json => JsonShape::Document,
                OutputFormat::Jsonl => JsonShape::Lines,
            },
            loudness: match (self.quiet, self.verbose) {
                (true, _) => Loudness::Quiet,
                (false, 0) => Loudness::Normal,
                (false, _) => Loudness::Verbose,
            },
            color_out: facts.colors(color, facts.stdout_terminal),
            color_err: facts.colors(color, facts.stderr_terminal),
            animate: facts.stderr_terminal && !plain && self.verbose == 0,
            plain,
        }
    }

    /// How often `-v` was given.
    pub fn verbosity(&self) -> u8 {
        self.verbose
    }
}

/// Propagation takes a minute or two.
const PATIENCE: Duration = Duration::from_secs(180);
/// A week in seconds: what takes longer does not come by itself.
const LONGEST_WAIT: u64 = 7 * 24 * 3600;

/// How a run finds its answers and how patient it is.
#[derive(Clone, Debug, Args)]
pub struct RunFlags {
    /// Onboarding file (TOML); keys are the flags' names with _ for -
    #[arg(long, short, value_name = "FILE", env = "OPTIMA_FILE", hide_env = true, help_heading = "Run")]
    pub file: Option<PathBuf>,
    /// Never ask: what is missing is an error
    #[arg(long, env = "OPTIMA_NO_INPUT", hide_env = true, value_parser = clap::builder::BoolishValueParser::new(), help_heading = "Run")]
    pub no_input: bool,
    /// Run against an AWS and an onboarding API embedded in this program; nothing leaves the machine
    #[cfg(feature = "sandbox")]
    #[arg(long, help_heading = "Run")]
    pub sandbox: bool,
    /// Bound in seconds for waiting on propagation and validation [default: 180; none for verify --wait]
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(0..=LONGEST_WAIT), help_heading = "Run")]
    timeout: Option<u64>,
    /// Bound in seconds for one request, answer and all [default: 20 for AWS, 60 for the onboarding API]
    #[arg(long, value_name = "S", env = "OPTIMA_REQUEST_TIMEOUT", hide_env = true, value_parser = clap::value_parser!(u64).range(1..=3600), help_heading = "Run")]
    request_timeout: Option<u64>,
    /// Onboard though the account is a member of an organization, not its payer
    #[arg(long, help_heading = "Run")]
    pub allow_member_account: bool,
}

impl From<RunFlags> for RunOptions {
    fn from(flags: RunFlags) -> Self {
        Self {
            sandbox: flags.in_sandbox(),
            patience: flags.timeout.map_or(PATIENCE, Duration::from_secs),
            wait_at_most: flags.timeout.map(Duration::from_secs),
            request_timeout: flags.request_timeout.map(Duration::from_secs),
            file: flags.file,
            no_input: flags.no_input,
            allow_member_account: flags.allow_member_account,
        }
    }
}

impl RunFlags {
    fn in_sandbox(&self) -> bool {
        #[cfg(feature = "sandbox")]
        return self.sandbox;
        #[cfg(not(feature = "sandbox"))]
        return false;
    }
}

/// The flags of commands that write.
#[derive(Clone, Debug, Args)]
pub struct ApplyFlags {
    /// Say yes to the plan
    #[arg(long, short, help_heading = "Run")]
    pub yes: bool,
    /// Where the receipt goes [default: the user's state folder; none in the sandbox]
    #[arg(long, value_name = "FILE", env = "OPTIMA_RECEIPT", hide_env = true, help_heading = "Run")]
    pub receipt: Option<PathBuf>,
}
