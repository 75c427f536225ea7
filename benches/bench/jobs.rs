//! The jobs, how one run of each is measured, and its line in the table.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::chain::{self, Span};
use super::child::{self, Cost};
use super::rivals;
use super::world::World;

/// One job.
#[derive(Clone, Copy, Debug)]
pub enum Job {
    /// From an empty account to a bill connect.
    Apply,
    /// The same with the API that also validates.
    ApplyNewerApi,
    /// Once more, when nothing is left to do.
    Again,
    /// What apply would do in an empty account.
    Plan,
    /// The AWS CLI and curl.
    Cli,
    /// boto3.
    Boto3,
}

/// What runs the jobs.
pub struct Bench {
    pub binary: PathBuf,
    /// The folder with `aws` and `python`.
    pub rivals: PathBuf,
    pub runs: usize,
}

/// The table's first line.
pub const HEADER: &str =
    "                                     wall       CPU     peak  requests  chain  wall / (chain × L)  against apply";

impl Job {
    fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply, empty account",
            Self::ApplyNewerApi => "apply, empty account, validated",
            Self::Again => "apply, nothing to change",
            Self::Plan => "plan, empty account",
            Self::Cli => "AWS CLI and curl, one by one",
            Self::Boto3 => "boto3, one by one",
        }
    }

    fn words(self, bench: &Bench) -> Vec<String> {
        let own = |words: &[&str]| {
            [&[path(&bench.binary)], &words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()[..]].concat()
        };
        match self {
            Self::Apply | Self::Again => own(&["apply", "--yes", "--quiet"]),
            Self::ApplyNewerApi => own(&["apply", "--yes", "--quiet", "--api", "flexera-one"]),
            Self::Plan => own(&["plan", "--quiet"]),
            Self::Cli => vec!["bash".to_owned(), path(&rivals::source("onboard.sh"))],
            Self::Boto3 => vec![path(&bench.rivals.join("python")), path(&rivals::source("onboard.py"))],
        }
    }
}

impl Bench {
    /// One run in a world of its own: what it cost, and what it asked.
    pub fn once(&self, job: Job, latency: u32) -> (Cost, Vec<Span>) {
        let world = World::start(&self.binary, latency);
        let home = TempDir::new().expect("a temporary home");
        let variables = self.variables(&world);
        if matches!(job, Job::Again) {
            child::run(&Job::Apply.words(self), home.path(), &variables);
            world.requests();
        }
        let cost = child::run(&job.words(self), home.path(), &variables);
        (cost, world.requests())
    }

    /// All runs; prints the medians as a line and hands back the wall time.
    pub fn report(&self, job: Job, latency: u32, against: Option<Duration>) -> Duration {
        let runs: Vec<(Cost, Vec<Span>)> = (0..self.runs).map(|_| self.once(job, latency)).collect();
        let wall = median(runs.iter().map(|(cost, _)| cost.wall));
        let cpu = median(runs.iter().map(|(cost, _)| cost.cpu));
        let memory = median(runs.iter().map(|(cost, _)| cost.memory));
        let requests = median(runs.iter().map(|(_, asked)| asked.len()));
        let chain = median(runs.iter().map(|(_, asked)| chain::longest(asked)));
        let ideal = chain as f64 * f64::from(latency);
        // Without a latency requests follow each other by chance, and a chain says nothing.
        let (chain, ratio) = match latency {
            0 => ("-".to_owned(), "-".to_owned()),
            _ => (chain.to_string(), format!("{:.2}", ms(wall) / ideal)),
        };
        let times =
            against.map(|apply| format!("{:.1} ×", wall.as_secs_f64() / apply.as_secs_f64())).unwrap_or_default();
        println!(
            "{:<32} {:>6.0} ms {:>6.0} ms {:>5.1} MB {requests:>9} {chain:>6} {ratio:>19} {times:>14}",
            job.name(),
            ms(wall),
            ms(cpu),
            memory as f64 / 1e6,
        );
        wall
    }

    fn variables(&self, world: &World) -> Vec<(String, String)> {
        let others = std::env::var("PATH").unwrap_or_default();
        let mut variables = world.variables.clone();
        variables.push(("PATH".to_owned(), format!("{}:{others}", self.rivals.display())));
        // The name by which the AWS CLI's first version and boto3 know the region.
        variables.push(("AWS_DEFAULT_REGION".to_owned(), "us-east-1".to_owned()));
        variables
    }
}

pub fn median<T: PartialOrd + Copy>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_by(|a, b| a.partial_cmp(b).expect("no value is NaN"));
    values[values.len() / 2]
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

pub fn path(path: &Path) -> String {
    path.to_str().expect("the checkout's path is text").to_owned()
}
