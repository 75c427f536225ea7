//! `sandbox`: serves the embedded AWS and onboarding API until Ctrl-C.

use std::time::Duration;

use serde_json::json;

use crate::error::{Error, Result};
use crate::output::{Format, Printer};
use crate::sandbox::{ACCESS_KEY_ID, ACCOUNT_ID, Accounts, ORG_ID, Options, REFRESH_TOKEN, SECRET_ACCESS_KEY, Sandbox};
use crate::wait::Stop;

/// Where to serve.
#[derive(Clone, Debug, clap::Args)]
pub struct Ports {
    /// Port of the embedded AWS; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0, help_heading = "Sandbox")]
    aws_port: u16,
    /// Port of the embedded onboarding API; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0, help_heading = "Sandbox")]
    api_port: u16,
    /// How long a new role stays unknown to Flexera, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 1500, help_heading = "Sandbox")]
    propagation: u64,
    /// How long after it was made a report is delivered, and its bill processed after as long again, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 10_000, help_heading = "Sandbox")]
    delivery: u64,
    /// Added to every answer, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, help_heading = "Sandbox")]
    latency: u64,
    /// Let every AWS account exist, each empty until somebody assumes a role there (arn:aws:iam::ACCOUNT:role/ANY)
    #[arg(long, help_heading = "Sandbox")]
    all_accounts: bool,
}

/// Serves, prints addresses and environment, waits.
///
/// # Errors
/// When a port is taken.
pub async fn run(ports: &Ports, printer: &Printer, stop: &Stop) -> Result<u8> {
    let options = Options {
        aws_port: ports.aws_port,
        onboarding_port: ports.api_port,
        propagation: Duration::from_millis(ports.propagation),
        delivery: Some(Duration::from_millis(ports.delivery)),
        latency: Duration::from_millis(ports.latency),
        accounts: if ports.all_accounts { Accounts::All } else { Accounts::Own },
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).map_err(|error| {
        Error::failed("the sandbox could not start")
            .because(error.to_string())
            .remedy("take another port with --aws-port and --api-port")
    })?;
    let environment = [
        ("AWS_ENDPOINT_URL", sandbox.aws_url()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("OPTIMA_API_URL", sandbox.onboarding_url()),
        ("OPTIMA_LOGIN_URL", sandbox.login_url()),
        ("OPTIMA_REFRESH_TOKEN", REFRESH_TOKEN.to_owned()),
        ("OPTIMA_ORG_ID", ORG_ID.to_owned()),
    ];
    match printer.format {
        Format::Json => printer.document(&json!({
            "schema_version": crate::output::json::SCHEMA_VERSION,
            "aws_url": sandbox.aws_url(),
            "api_url": sandbox.onboarding_url(),
            "login_url": sandbox.login_url(),
            "account_id": ACCOUNT_ID,
            "environment": environment.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>(),
        })),
        Format::Text => printer.result(&environment.iter().map(|(name, value)| format!("export {name}={value}\n")).collect::<String>()),
    }
    printer.say("Serving until Ctrl-C. In another terminal set the variables above; then: optima-onboard apply --yes");
    stop.asked().await;
    Ok(0)
}
