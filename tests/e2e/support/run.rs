//! One run of the binary with an environment of its own: nothing of the developer's AWS configuration gets in.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::canary::Watch;
use super::{next_step, schemas};

/// A run that is being put together.
pub struct Onboard {
    command: Command,
    // Held until the run is over: the home it runs in.
    home: TempDir,
}

/// A run that is over.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    pub home: TempDir,
}

impl Onboard {
    /// `optima-onboard WORDS…`, without a terminal.
    pub fn new(words: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a temporary home");
        let mut command = Command::new(env!("CARGO_BIN_EXE_optima-onboard"));
        command.args(words).env_clear().current_dir(home.path());
        command.env("HOME", home.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("TERM", "xterm");
        // Without these Windows has no network and no shell; nobody else has them.
        let system = ["SystemRoot", "ComSpec", "PATHEXT"];
        command.envs(system.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        Self { command, home }
    }

    /// More words.
    pub fn args(mut self, words: &[&str]) -> Self {
        self.command.args(words);
        self
    }

    /// The same run through another program, which starts it with its words.
    #[cfg_attr(windows, expect(dead_code, reason = "the tests that use it are Unix's"))]
    pub fn through(mut self, program: &[&str]) -> Self {
        let mut command = Command::new(program[0]);
        command.args(&program[1..]).arg(self.command.get_program()).args(self.command.get_args());
        command.env_clear().current_dir(self.home.path());
        command.envs(self.command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        self.command = command;
        self
    }

    /// More environment.
    pub fn envs<'a>(mut self, variables: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        self.command.envs(variables);
        self
    }

    /// One variable more.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// One variable less.
    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// In a home that outlives the run, so that the next one finds what it left there.
    pub fn at_home(mut self, home: &Path) -> Self {
        self.command.current_dir(home).env("HOME", home);
        self
    }

    /// The command and its home, for a run that is started otherwise than by [`Self::run`].
    pub fn into_parts(self) -> (Command, TempDir) {
        (self.command, self.home)
    }

    /// Where it runs.
    pub fn folder(&self) -> &Path {
        self.home.path()
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self) -> Ran {
        self.run_with("")
    }

    /// Runs it to its end with this on stdin.
    #[track_caller]
    pub fn run_with(self, input: &str) -> Ran {
        self.watched(|mut child| {
            // A run that does not read its input may be over already.
            let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
            child.wait_with_output().expect("the binary ends")
        })
    }

    /// Runs it to its end, with `hears` told each line of stderr as it comes.
    #[cfg_attr(windows, expect(dead_code, reason = "the tests that use it are Unix's"))]
    #[track_caller]
    pub fn run_heard(self, mut hears: impl FnMut(&str)) -> Ran {
        self.watched(|mut child| {
            drop(child.stdin.take());
            let mut output = child.stdout.take().expect("its output");
            let reader = std::thread::spawn(move || {
                let mut stdout = Vec::new();
                output.read_to_end(&mut stdout).expect("its output is read");
                stdout
            });
            let mut stderr = String::new();
            for line in BufReader::new(child.stderr.take().expect("its errors")).lines() {
                let line = line.expect("its errors are UTF-8");
                hears(&line);
                stderr += &format!("{line}\n");
            }
            let status = child.wait().expect("the binary ends");
            Output { status, stdout: reader.join().expect("its output was read"), stderr: stderr.into_bytes() }
        })
    }

    /// A run for a script is as loud as it gets, since that is searched for secrets and stdout is the same.
    #[track_caller]
    fn watched(mut self, attend: impl FnOnce(Child) -> Output) -> Ran {
        self.command.args(loudly(&self.command));
        let watch = Watch::over(&self.command, self.command.get_current_dir().unwrap_or(self.home.path()));
        let streams = self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let Output { status, stdout, stderr } = attend(streams.spawn().expect("the binary runs"));
        watch.search(&stdout, &[("stderr", &stderr)]);
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        let (stdout, stderr) = (text(stdout), text(stderr));
        schemas::check(&self.command, &stdout);
        next_step::check(&stdout, &stderr);
        Ran { code: status.code().expect("not killed"), stdout, stderr, home: self.home }
    }
}

/// What makes a run for a script as loud as it gets; nothing for one whose stderr a person reads.
pub fn loudly(command: &Command) -> &'static [&'static str] {
    if command.get_args().any(|word| word == "json") { &["-vv"] } else { &[] }
}

impl Ran {
    /// Fails with both streams unless the run ended so.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// The one document on stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("not one JSON document: {error}\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr)
        })
    }

    /// `step change` or `step change outcome`, line by line, in the document's order.
    #[track_caller]
    pub fn steps(&self) -> Vec<String> {
        let document = self.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let line = |step: &Value| {
            let words = [text(&step["step"]), text(&step["change"]), text(&step["outcome"])];
            words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(" ")
        };
        document["steps"].as_array().expect("steps").iter().map(line).collect()
    }
}
