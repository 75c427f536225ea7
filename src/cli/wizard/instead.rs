//! The same onboarding written out as something else, for whoever may not or would not apply it here. One row a form.

use crate::cli::wizard::review::write_new;
use crate::error::Result;
use crate::prompt::{Prompter, Question, Reply};
use crate::session::Session;
use crate::spec::Onboarding;

/// One form.
#[derive(Clone, Copy)]
pub struct Form {
    /// `cloudformation`, `terraform`.
    pub word: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// What its file is called unless the person says otherwise.
    pub file: &'static str,
    /// Its text.
    pub text: fn(&Onboarding) -> String,
}

/// Every form that is offered; without one, the way is not.
pub const FORMS: &[Form] = &[];

/// Asks for the form and the file, and writes it.
///
/// # Errors
/// When the person leaves.
pub fn write(session: &Session, prompter: &mut dyn Prompter, onboarding: &Onboarding, forms: &[Form]) -> Result<()> {
    let question = Question {
        text: "Written out as",
        why: "Calls nothing; what is in it is what would have been applied.",
        flag: "optima-onboard export",
    };
    let options: Vec<String> = forms.iter().map(|form| format!("{:<14}  {}", form.word, form.about)).collect();
    let Reply::Given(index) = prompter.choice(&question, &options, 0)? else { return Ok(()) };
    let form = forms[index];
    let question = Question { text: "File", why: "One that is there is not written over.", flag: "stdout of export" };
    if let Some(path) = write_new(prompter, &question, form.file, &(form.text)(onboarding))? {
        session.printer.say(&format!("  Written: {path}. Nothing was changed in AWS.\n"));
    }
    Ok(())
}
