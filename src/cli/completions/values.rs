//! What a value can be completed to: words of ours, profiles in the AWS CLI's files, files, reports of the account.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgMatches, Command, FromArgMatches, ValueHint};
use clap_complete::engine::ValueCompleter;
use clap_complete::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter};

use crate::addresses::Addresses;

use crate::aws::{self, Connections, profiles};
use crate::cli::flags::OnboardingFlags;
use crate::cli::topics::TOPICS;
use crate::explain;
use crate::session::{give_way_to_environment, with_file};
use crate::spec::answers::Answers;
use crate::spec::names::{Access, Api, PolicySet, REPORT_REGIONS, Zone};

/// Nobody waits longer for a Tab, unless --request-timeout or its variable says so.
const PATIENCE: Duration = Duration::from_secs(2);

/// The same commands, with what their values can be. `words` is the line so far: it may say whose reports.
pub fn known(mut tree: Command, words: &[OsString]) -> Command {
    tree.build();
    with_values(tree.clone(), &|arg| with_value(arg, &tree, words))
}

fn with_values(command: Command, add: &impl Fn(Arg) -> Arg) -> Command {
    command.mut_args(add).mut_subcommands(|command| with_values(command, add))
}

fn with_value(arg: Arg, tree: &Command, words: &[OsString]) -> Arg {
    let fixed = |arg: Arg, words: &'static [&'static str]| {
        arg.add(ArgValueCandidates::new(|| {
            words.iter().map(|word| CompletionCandidate::new(*word)).collect::<Vec<_>>()
        }))
    };
    match arg.get_id().as_str() {
        "api" => fixed(arg, Api::WORDS),
        "zone" => fixed(arg, Zone::WORDS),
        "access" => fixed(arg, Access::WORDS),
        "policy_set" => fixed(arg, PolicySet::WORDS),
        "region" | "bucket_region" => fixed(arg, &REPORT_REGIONS),
        "profile" => arg.add(ArgValueCandidates::new(|| plain(profiles::names()))),
        "command" => offered(arg, commands(tree)),
        "words" => offered(arg, commands(tree).into_iter().chain(TOPICS.map(|(name, _)| name.to_owned())).collect()),
        "subjects" => offered(arg, explain::words().into_iter().map(str::to_owned).collect()),
        "reuse_report" | "report_name" => {
            let (tree, words) = (tree.clone(), words.to_vec());
            arg.add(ArgValueCandidates::new(move || plain(reports(&tree, &words).unwrap_or_default())))
        }
        id if id.ends_with("_token_file") => files(arg, || PathCompleter::any().stdio()),
        id if id.ends_with("_file") => files(arg, PathCompleter::any),
        _ if arg.get_value_hint() == ValueHint::DirPath => files(arg, PathCompleter::dir),
        _ if arg.get_value_hint() == ValueHint::AnyPath => files(arg, PathCompleter::any),
        _ => arg,
    }
}

fn offered(arg: Arg, words: Vec<String>) -> Arg {
    arg.add(ArgValueCandidates::new(move || words.iter().map(CompletionCandidate::new).collect::<Vec<_>>()))
}

fn commands(tree: &Command) -> Vec<String> {
    tree.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// Bash offers by itself, in its own quotes, where nothing is offered here.
fn files(arg: Arg, completer: fn() -> PathCompleter) -> Arg {
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let found = completer().complete(typed).into_iter();
        found.filter(|candidate| candidate.get_value().to_str().is_some_and(is_plain)).collect::<Vec<_>>()
    }))
}

fn plain(names: Vec<String>) -> Vec<CompletionCandidate> {
    names.into_iter().filter(|name| is_plain(name) && !name.starts_with('-')).map(CompletionCandidate::new).collect()
}

/// A shell takes what is offered for what was typed: only what means nothing else in any of them is offered.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._-+@/".contains(c))
}

/// The reports of the account that the line so far, its onboarding file and the environment name. Whatever is in the way
/// of asking, there are none then: a Tab is no place for an error.
fn reports(tree: &Command, words: &[OsString]) -> Option<Vec<String>> {
    let matches = tree.clone().ignore_errors(true).try_get_matches_from(words).ok()?;
    let matches = deepest(&matches);
    let given = matches.try_get_one::<u64>("request_timeout").ok().flatten();
    let patience = given.map_or(PATIENCE, |seconds| Duration::from_secs(*seconds));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let line = matches.clone();
    let found = runtime.block_on(async {
        let asked = async {
            // The file may be a pipe that nobody writes to.
            let settings = tokio::task::spawn_blocking(move || settings(&line)).await.ok()??;
            let aws = Connections::default().connect(&settings).await.ok()?;
            let endpoints: Vec<String> = aws.endpoints().iter().map(|endpoint| endpoint.url.clone()).collect();
            Addresses::new(&endpoints, Vec::new()).ok()?;
            aws.reports().await.ok()
        };
        tokio::time::timeout(patience, asked).await.ok()?
    });
    // Nor is a read that hangs waited for here.
    runtime.shutdown_background();
    Some(found?.into_iter().map(|report| report.name).collect())
}

fn deepest(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, matches)| deepest(matches))
}

fn settings(matches: &ArgMatches) -> Option<aws::Settings> {
    let file = matches.try_get_one::<PathBuf>("file").ok().flatten();
    let mut raw = with_file(OnboardingFlags::from_arg_matches(matches).ok()?.raw, file.map(PathBuf::as_path)).ok()?;
    give_way_to_environment(&mut raw);
    // What is just being typed has no part in it.
    ["reuse_report", "report_name"].into_iter().for_each(|key| raw.forget(key));
    let answers = Answers::parse(&raw).ok()?;
    Some(aws::Settings {
        profile: answers.profile,
        region: answers.region,
        endpoint_url: answers.endpoint_url,
        assume_role: answers.assume_role,
        ..aws::Settings::default()
    })
}
