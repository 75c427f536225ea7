//! What a person may want to type from now on.

use std::path::Path;

use crate::cli::next;
use crate::error::{Error, Kind};
use crate::output::Paint;
use crate::plan::Plan;
use crate::session::Session;

/// The commands that repeat, check and take back, and where the receipt is.
pub fn farewell(session: &Session, receipt: Option<&Path>, paint: Paint) -> String {
    let command = |verb: &str| session.command(verb);
    let mut lines = Vec::new();
    let mut say = |what: &str, command: String| lines.extend([paint.strong(what), format!("  {command}")]);
    say("The same without questions:", format!("{} --yes", command("apply")));
    if session.is_rehearsal() {
        say(next::FOR_REAL, session.for_real("wizard"));
        return format!("\n{}", lines.join("\n"));
    }
    say("To look again, now or after the first delivery; --wait stays until it is there:", command("verify"));
    say("To take it back; the bucket and your data stay:", command("destroy"));
    if let Some(path) = receipt {
        say("The receipt, what was found and what was done:", at_home(path));
    }
    lines.push(paint.dim("The commands read the token from OPTIMA_REFRESH_TOKEN or --refresh-token-file."));
    format!("\n{}", lines.join("\n"))
}

/// What is left to a person, and how to go about it; `None` where nothing is.
pub fn left_to_you(plan: &Plan, error: Option<&Error>, paint: Paint) -> Option<String> {
    let rest = plan.by_hand.as_deref()?;
    let next =
        error.and_then(|error| error.remedy.as_deref()).map(|next| format!("\n {} {next}", paint.strong("next:")));
    Some(format!("\n{} {rest}{}", paint.look("Left to you:"), next.unwrap_or_default()))
}

/// What is said when the last look was left or failed: by then everything is written.
pub fn not_looked_at(session: &Session, error: Error) -> Error {
    if error.kind != Kind::Interrupted {
        return error;
    }
    error
        .because("everything was written; only the last look was left")
        .remedy(format!("this looks again:\n{}", session.command("verify")))
}

/// A path as a person writes it, `~` for home.
pub fn at_home(path: &Path) -> String {
    match etcetera::home_dir().ok().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(below) => format!("~/{}", below.display()),
        None => path.display().to_string(),
    }
}
