//! Answers that outlive a run that was stopped, or ended with a no: an onboarding file in the user's state folder,
//! readable by its owner alone, without any secret, and gone once the answers are carried out.

use std::path::PathBuf;

use crate::cli::wizard::asking;
use crate::cli::wizard::questions::Ask;
use crate::error::{Error, Result};
use crate::private_files;
use crate::prompt::{Prompter, Question, Reply, left};
use crate::session::Session;
use crate::spec::another_name::AnotherName;
use crate::spec::answers::{Answers, Raw};
use crate::spec::file::{self, File};

/// Where the answers of one wizard at a time are kept.
#[derive(Debug)]
pub struct Kept {
    /// `None` where the system has no place for it.
    path: Option<PathBuf>,
    /// What this run was given: that alone is not worth keeping.
    given: String,
    /// A file that was named wins over one that was kept.
    offered: bool,
}

impl Kept {
    /// Of this run; a rehearsal's answers are kept apart.
    pub fn of(session: &Session) -> Self {
        let name = if session.is_rehearsal() { "wizard-sandbox.toml" } else { "wizard.toml" };
        Self {
            path: private_files::state_folder().map(|folder| folder.join(name)),
            given: session.as_kept_file(),
            offered: !session.has_file(),
        }
    }

    /// Offers what an earlier run kept; what is returned are answers that are to be defaults only: `suggested` ones where
    /// nothing of before is.
    ///
    /// # Errors
    /// When the person leaves.
    pub fn offer(&self, session: &mut Session, prompter: &mut dyn Prompter, suggested: Answers) -> Result<Answers> {
        let Some((path, raw)) = self.read() else { return Ok(suggested) };
        let Ok(own) = session.adopt(raw) else {
            session.printer.say(&format!(
                "\nThe answers kept in {} do not go with those given now, and are left out.",
                path.display()
            ));
            return Ok(suggested);
        };
        let rows = beside(&session.answers, &own.answers);
        if rows.is_empty() {
            // Everything of it was given anew.
            session.disown(own);
            return Ok(suggested);
        }
        match ask(session, prompter, &rows)? {
            Choice::Keep => Ok(suggested),
            Choice::Change => Ok(opened(session, &own.answers, suggested)),
            Choice::StartOver => {
                self.forget();
                session.disown(own);
                Ok(suggested)
            }
        }
    }

    /// Keeps what is answered by now. That it cannot be kept is no reason to stop.
    pub fn keep(&self, session: &Session) {
        let text = session.as_kept_file();
        if let Some(path) = self.path.as_ref().filter(|_| text != self.given) {
            let _ = private_files::replace(path, &text);
        }
    }

    /// Drops them.
    pub fn forget(&self) {
        if let Some(path) = &self.path {
            // There may be none.
            let _ = std::fs::remove_file(path);
        }
    }

    /// Drops them for good: with them the next run would end as this one does.
    pub fn give_up(&mut self) {
        self.forget();
        self.path = None;
    }

    /// The error of a run that stopped, with how to go on from here.
    pub fn goes_on(&self, session: &Session, error: Error) -> Error {
        self.keep(session);
        let is_own = self.offered || session.as_kept_file() != self.given;
        let Some(path) = self.path.as_ref().filter(|path| is_own && path.exists()) else {
            return begins_again(session, error);
        };
        let sandbox = if session.is_rehearsal() { " --sandbox" } else { "" };
        let path = super::last_words::at_home(path);
        let words = format!(
            "your answers are kept in {path}, without any secret, and this offers them:\noptima-onboard wizard{sandbox}"
        );
        if error.remedy == left().remedy { error.remedy(words) } else { error.remedy_too(&words) }
    }

    fn read(&self) -> Option<(PathBuf, Raw)> {
        let path = self.path.clone().filter(|_| self.offered)?;
        let text = std::fs::read_to_string(&path).ok().filter(|text| !text.trim().is_empty())?;
        // What cannot be read any more is nothing to offer.
        match file::read(&path, &text) {
            Ok(File::One(raw)) => Some((path, raw)),
            Ok(File::Many(_)) | Err(_) => None,
        }
    }
}

/// Where nothing is kept, whoever left is told what begins again, as one whole command.
fn begins_again(session: &Session, error: Error) -> Error {
    if error.remedy != left().remedy {
        return error;
    }
    error.remedy(format!("nothing was answered yet, and this begins again:\n{}", session.command("wizard")))
}

enum Choice {
    Keep,
    Change,
    StartOver,
}

/// What was kept beside what was given, each under its name.
fn beside(all: &Answers, given: &Answers) -> Vec<(&'static str, String)> {
    let asked = Ask::ALL.into_iter().filter(|ask| ask.answered(given).is_none()).filter_map(|ask| ask.answered(all));
    let named = AnotherName::ALL.into_iter().filter(|name| name.answered(given).is_none());
    asked.chain(named.filter_map(|name| Some((name.word(), name.answered(all)?)))).collect()
}

fn ask(session: &Session, prompter: &mut dyn Prompter, rows: &[(&'static str, String)]) -> Result<Choice> {
    let paint = session.printer.paint_err();
    session.printer.say(&format!("\n{}", paint.strong("Kept of an earlier run that was not carried out")));
    for (name, value) in rows {
        session.printer.say(&format!("  {name:<12} {value}"));
    }
    let question = Question {
        text: "Go on with these answers",
        why: "No secret is among them; a file named with --file would win.",
        flag: "",
    };
    let options = [
        "keep        go on with them",
        "change      ask again, each with its answer as the default",
        "start over  forget them",
    ];
    loop {
        match prompter.choice(&question, &options.map(str::to_owned), 0)? {
            Reply::Given(0) => return Ok(Choice::Keep),
            Reply::Given(1) => return Ok(Choice::Change),
            Reply::Given(_) => return Ok(Choice::StartOver),
            Reply::Back => asking::first(prompter),
        }
    }
}

/// Opens every question that was not answered when the run began, and returns what was answered as an offer, over what is
/// suggested anyway.
fn opened(session: &mut Session, given: &Answers, suggested: Answers) -> Answers {
    let mut before = suggested;
    for ask in Ask::ALL {
        ask.carry(&session.answers, &mut before);
    }
    for ask in Ask::ALL.into_iter().filter(|ask| ask.answered(given).is_none()) {
        ask.forget(&mut session.answers);
    }
    before
}
