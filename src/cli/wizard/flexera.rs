//! The credential for the onboarding API: asked for if there is none, and tried at once, so that a wrong one is known
//! before anything else is asked.

use crate::cli::wizard::questions::standing;
use crate::error::{Kind, Result};
use crate::harmless;
use crate::onboarding::{BillConnect, Credential};
use crate::prompt::{Prompter, Question, Reply};
use crate::session::Session;
use crate::spec::Facts;
use crate::spec::names::AccountId;

/// Asks for a token where there is none, and tries the credential until one is taken; says which bill connect exists, and
/// returns it.
///
/// # Errors
/// When the person leaves, and when the API fails for another reason than the credential.
pub async fn try_credential(
    session: &mut Session,
    prompter: &mut dyn Prompter,
    facts: &Facts,
) -> Result<Reply<Option<BillConnect>>> {
    let account = session.answers.bill_account_id.clone().unwrap_or_else(|| facts.caller.account.clone());
    loop {
        if session.credential.is_none() {
            match prompter.secret(&question())? {
                Reply::Given(secret) => session.credential = Some(Credential::RefreshToken(secret)),
                Reply::Back => return Ok(Reply::Back),
            }
        }
        match session.looking("asking Flexera", look(session, &account)).await {
            Ok(found) => {
                let paint = session.printer.paint_err();
                let words = harmless::shown(&standing::in_words(found.as_ref(), &account));
                session.printer.say(&format!("  {:<12} {words}{}", "bill connect", paint.dim(" [the onboarding API]")));
                return Ok(Reply::Given(found));
            }
            Err(error) if error.kind == Kind::Permission => {
                session.printer.say("");
                session.printer.error(&error);
                session.credential = None;
            }
            Err(error) => return Err(error),
        }
    }
}

fn question() -> Question<'static> {
    Question {
        text: "Flexera refresh token (hidden)",
        why: "Flexera One > User Settings > API Credentials. It is tried at once, used for this run, kept nowhere.",
        flag: "--refresh-token-file",
    }
}

/// The exchange, and the cheapest read that needs the organization's permission.
async fn look(session: &Session, account: &AccountId) -> Result<Option<BillConnect>> {
    let world = session.connect().await?;
    let api = world.onboarding_api()?;
    api.sign_in().await?;
    api.find(account).await
}
