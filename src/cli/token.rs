//! `token`: exchanges what a person holds for a bearer token and prints it alone.

use serde_json::json;

use crate::credentials;
use crate::error::Result;
use crate::onboarding::token;
use crate::output::Format;
use crate::session::Session;
use crate::spec;

/// Exchanges and prints: the one place where a secret is a result, because it was asked for.
///
/// # Errors
/// A usage error without a credential; a permission error when the endpoint refuses it.
pub async fn run(session: &Session) -> Result<u8> {
    let credential = session.credential.clone().ok_or_else(|| spec::missing(&[credentials::MISSING]))?;
    session.tell_of_login();
    let exchanged =
        session.reading(token::exchange(session.login_url(), credential, session.request_timeout())).await?;
    let printer = &session.printer;
    match printer.format {
        Format::Text => printer.result(exchanged.access_token.expose()),
        Format::Json => printer.document(&json!({
            "schema_version": crate::output::json::SCHEMA_VERSION,
            "access_token": exchanged.access_token.expose(),
            "expires_in": exchanged.expires_in.map(|life| life.as_secs()),
        })),
    }
    Ok(0)
}
