//! A command's flags, built when the command is typed and not before: `--help` and `--version` need none of them.

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, Id};

/// The flags of a command, built late.
#[derive(Clone, Debug)]
pub struct Later<T>(pub T);

impl<T: Args> Args for Later<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(built::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Flags that are flattened into a command bring words about themselves along; the command's own stay. Those of every
/// command are there before its own are built, and belong at the end of its help all the same.
fn built<T: Args>(command: Command) -> Command {
    let about = command.get_about().cloned();
    let of_every_command: Vec<Id> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    let command = T::augment_args(command).long_about(None).about(about.unwrap_or_default());
    let (last, first): (Vec<Arg>, Vec<Arg>) =
        command.get_arguments().cloned().partition(|arg| of_every_command.contains(arg.get_id()));
    let mut ordered = first.into_iter().chain(last);
    command.mut_args(|arg| ordered.next().unwrap_or(arg))
}

impl<T: FromArgMatches> FromArgMatches for Later<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
