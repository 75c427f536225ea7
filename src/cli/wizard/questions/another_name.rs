//! The question for another name, in place of one that is somebody else's.

use crate::cli::wizard::questions::text;
use crate::error::Result;
use crate::prompt::{Prompter, Question, Reply};
use crate::spec::another_name::AnotherName;
use crate::spec::answers::Answers;
use crate::spec::names::{BucketName, PolicyName, ReportName, RoleName, UserName};

impl AnotherName {
    /// Asks for it and keeps it.
    ///
    /// # Errors
    /// When the person leaves.
    pub fn ask(self, prompter: &mut dyn Prompter, answers: &mut Answers, offer: &str) -> Result<Reply<()>> {
        let word = self.word();
        let title = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let why = "What has the name now stays as it is.";
        let question = Question { text: &title, why, flag: self.flag() };
        let reply = match self {
            Self::Bucket => text::<BucketName>(prompter, &question, Some(offer))?.map(|name| name.to_string()),
            Self::Report => text::<ReportName>(prompter, &question, Some(offer))?.map(|name| name.to_string()),
            Self::Policy => text::<PolicyName>(prompter, &question, Some(offer))?.map(|name| name.to_string()),
            Self::Role => text::<RoleName>(prompter, &question, Some(offer))?.map(|name| name.to_string()),
            Self::User => text::<UserName>(prompter, &question, Some(offer))?.map(|name| name.to_string()),
        };
        match reply {
            Reply::Given(name) => self.give(answers, &name).map(Reply::Given),
            Reply::Back => Ok(Reply::Back),
        }
    }
}
