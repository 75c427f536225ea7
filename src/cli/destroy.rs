//! `destroy`: shows what would be removed, asks, and removes it.

use clap::Args;

use crate::cli::ApplyJob;
use crate::cli::apply::conclude;
use crate::cli::next;
use crate::cli::run_flags::ApplyFlags;
use crate::documents::Purpose;
use crate::error::{Error, Result};
use crate::plan::{Change, Plan};
use crate::prompt::{Question, Reply};
use crate::session::Session;
use crate::steps::undo::{BucketWish, ConnectWish, Wish};
use crate::steps::{Step, World};

/// What is removed besides what always is, and how.
#[derive(Clone, Debug, Args)]
pub(super) struct DestroyJob {
    #[command(flatten)]
    pub job: ApplyJob,
    #[command(flatten)]
    pub removal: RemovalFlags,
}

/// What is removed besides what always is.
#[derive(Clone, Debug, Args)]
pub(super) struct RemovalFlags {
    /// Leave the bill connect as it is
    #[arg(long, help_heading = "Remove")]
    keep_bill_connect: bool,
    /// Delete the bucket too, if optima-onboard made it and nothing is in it
    #[arg(long, help_heading = "Remove")]
    delete_bucket: bool,
    /// The name of the bucket to delete, for scripts; a person types it when asked
    #[arg(long, value_name = "NAME", requires = "delete_bucket", help_heading = "Remove")]
    confirm: Option<String>,
    /// Delete the bucket with everything in it: objects, versions, unfinished uploads
    #[arg(long, requires = "delete_bucket", help_heading = "Remove")]
    delete_bucket_data: bool,
}

impl RemovalFlags {
    fn wish(&self) -> Wish {
        Wish {
            bill_connect: if self.keep_bill_connect { ConnectWish::Stays } else { ConnectWish::Goes },
            bucket: match (self.delete_bucket, self.delete_bucket_data) {
                (false, _) => BucketWish::Stays,
                (true, false) => BucketWish::GoesIfEmpty,
                (true, true) => BucketWish::GoesWithData,
            },
        }
    }
}

/// Removes what this program made for the onboarding that the answers describe.
///
/// # Errors
/// What is missing or cannot be read; the plan and its outcome are shown before an error is returned.
pub(super) async fn run(session: &Session, flags: &ApplyFlags, removal: &RemovalFlags) -> Result<u8> {
    let wish = removal.wish();
    session.require(&session.removal_scope(wish))?;
    let world = session.connect().await?;
    let purpose = if removal.delete_bucket { Purpose::DestroyWithBucket } else { Purpose::Destroy };
    let read = session.reading(session.prepare_removal(&world, wish)).await;
    let plan = next::heard(session, &world, purpose, read)?;
    conclude(session, flags, &world, &plan, || agreed(session, flags, removal, &world, &plan)).await
}

/// A yes by flag or by a person. A bucket needs its name: typed, that is the yes to all of it.
fn agreed(session: &Session, flags: &ApplyFlags, removal: &RemovalFlags, world: &World, plan: &Plan) -> Result<bool> {
    let bucket = plan.onboarding.bucket.as_str();
    if let Some(name) = &removal.confirm
        && name != bucket
    {
        return Err(Error::usage(format!("--confirm {name} is not the bucket's name"))
            .because(format!("the bucket is {bucket}; nothing was changed"))
            .remedy("give the name of the bucket that is to be deleted, as the plan shows it"));
    }
    if !plan.has_changes() {
        return Ok(true);
    }
    let bucket_goes = plan.step(Step::Bucket).is_some_and(|planned| planned.change == Change::Delete);
    let named = !bucket_goes || removal.confirm.is_some();
    match (named, flags.yes) {
        (true, true) => Ok(true),
        (false, true) if !session.may_ask() => Err(Error::usage("the bucket's name is missing")
            .because("a bucket is deleted only by its name; nothing was changed")
            .remedy(format!("read the plan, then add --confirm {bucket}"))),
        _ if !session.may_ask() => Err(nobody(bucket, named)),
        (true, false) => typed_yes(session, world, plan),
        (false, _) => typed_name(session, world, bucket),
    }
}

/// Nobody can be asked: what a script has to add.
fn nobody(bucket: &str, named: bool) -> Error {
    let remedy = if named { "--yes".to_owned() } else { format!("--yes --confirm {bucket}") };
    Error::usage("the plan removes something, and there is nobody to say yes")
        .because("nothing was changed")
        .remedy(format!("read the plan, then add {remedy}"))
}

/// The whole word, as Terraform asks for it: a single key is pressed too easily.
fn typed_yes(session: &Session, world: &World, plan: &Plan) -> Result<bool> {
    let text = format!("Type yes to remove this from AWS account {}", plan.onboarding.account_id);
    let text = session.removal_question(world, &text);
    let question = Question { text: &text, why: "Only yes removes anything; Enter alone leaves.", flag: "" };
    let answer = session.prompter().text(&question, None, &|_| Ok(None))?;
    Ok(answer == Reply::Given("yes".to_owned()))
}

fn typed_name(session: &Session, world: &World, bucket: &str) -> Result<bool> {
    let text = session.removal_question(world, "Type the bucket's name to remove all of this");
    let why = "The bucket and what is in it cannot be brought back; Enter alone leaves.";
    let question = Question { text: &text, why, flag: "--confirm" };
    let check = |typed: &str| match typed {
        "" => Ok(None),
        name if name == bucket => Ok(None),
        _ => Err(format!("the bucket's name is {bucket}")),
    };
    let answer = session.prompter().text(&question, None, &check)?;
    Ok(answer == Reply::Given(bucket.to_owned()))
}
