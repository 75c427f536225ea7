//! A command and the world it starts in, with what it does there when nothing goes wrong; and that world again, as often
//! as something is to go wrong in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use optima_onboard::sandbox::Options;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::canary::Watch;
use crate::support::run::loudly;
use crate::support::{Onboard, Ran, World, next_step, schemas};

/// Longer than two busy cores ever take.
const BOUND: Duration = Duration::from_secs(120);

/// What is run, and where.
pub struct Scenario {
    pub name: String,
    /// The command's.
    pub words: Vec<String>,
    start: World,
    files: TempDir,
    /// How the undisturbed run ended.
    pub code: i32,
    state: Value,
    /// What the undisturbed run asked, in order.
    pub operations: Vec<Operation>,
}

/// One request of the undisturbed run.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `iam CreateRole`.
    pub name: String,
    /// Its number among those of that name.
    pub nth: usize,
    pub write: bool,
}

impl Operation {
    /// `iam CreateRole 1`, as cells are named.
    pub fn label(&self) -> String {
        format!("{} {}", self.name, self.nth)
    }

    /// Whether it goes to the onboarding API or to the token endpoint.
    pub fn is_flexera(&self) -> bool {
        self.name.starts_with("onboarding ") || self.name.starts_with("login ")
    }

    /// The fault of this kind at this request.
    pub fn fault(&self, kind: &str) -> Value {
        json!([{ "of": self.name, "nth": self.nth, "kind": kind }])
    }

    /// The fault of this kind at every request like it.
    pub fn lasting(&self, kind: &str) -> Value {
        json!([{ "of": self.name, "nth": self.nth, "kind": kind, "lasting": true }])
    }
}

impl Scenario {
    /// Prepares the world, and runs the command in it undisturbed.
    pub fn new(name: &str, words: &[&str], prepare: impl FnOnce(&World, &Path)) -> Self {
        let files = tempfile::tempdir().expect("a temporary home");
        let start = World::with(quick);
        prepare(&start, files.path());
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let mut scenario =
            Self { name: name.to_owned(), words, start, files, code: 0, state: Value::Null, operations: Vec::new() };
        let stage = scenario.stage();
        let code = stage.run(&[]).code;
        let (operations, state) = (stage.world.requests().iter().map(operation).collect(), stage.state());
        (scenario.code, scenario.operations, scenario.state) = (code, operations, state);
        scenario
    }

    /// The world as it was before, once more.
    pub fn stage(&self) -> Stage<'_> {
        self.stage_with(quick)
    }

    /// The same in a sandbox as `change` has it.
    pub fn stage_with(&self, change: impl FnOnce(Options) -> Options) -> Stage<'_> {
        let home = tempfile::tempdir().expect("a temporary home");
        for entry in std::fs::read_dir(self.files.path()).expect("a folder").flatten() {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), home.path().join(entry.file_name())).expect("a copy");
            }
        }
        Stage { scenario: self, world: self.start.another(change), home }
    }
}

/// Flexera sees a change at once: every run then asks the same.
fn quick(options: Options) -> Options {
    Options { propagation: Duration::ZERO, ..options }
}

fn operation(request: &crate::support::world::Request) -> Operation {
    let nth = request.raw["nth"].as_u64().and_then(|nth| usize::try_from(nth).ok()).expect("a number");
    Operation { name: request.name(), nth, write: request.write }
}

/// A run under way.
pub struct Running {
    command: Command,
    child: Child,
    watch: Watch,
}

impl Running {
    /// Whether it is over.
    pub fn is_over(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Ends it as nothing can that it could answer to: SIGKILL.
    pub fn kill(&mut self) {
        // One that is over already is told by whoever waited for it.
        let _ = self.child.kill();
    }

    /// Asks it to end, as a container's or a job's keeper does: SIGTERM.
    #[cfg(unix)]
    pub fn terminate(&self) {
        let pid = i32::try_from(self.child.id()).expect("a process id");
        // One that is over already is told by whoever waited for it.
        let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGTERM);
    }

    /// Waits for its end; what it printed and left is searched for secrets, and what one that was not killed printed is
    /// held against its schema.
    pub fn end(self) -> Result<Output, String> {
        let output = self.child.wait_with_output().map_err(|error| error.to_string())?;
        self.watch.search(&output.stdout, &[("stderr", &output.stderr)]);
        if output.status.code().is_some() {
            let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            schemas::check(&self.command, &stdout);
            next_step::check(&stdout, &stderr);
        }
        Ok(output)
    }
}

/// A scenario's world in which something goes wrong, and the home that every run in it has.
pub struct Stage<'s> {
    scenario: &'s Scenario,
    pub world: World,
    pub home: TempDir,
}

impl Stage<'_> {
    /// The command for a person, with these words more.
    pub fn command(&self, more: &[&str]) -> Onboard {
        let words: Vec<&str> = self.scenario.words.iter().map(String::as_str).collect();
        self.world.onboard(&words).args(more).at_home(self.home.path())
    }

    /// Runs it to its end, for a script.
    pub fn run(&self, more: &[&str]) -> Ran {
        self.command(&["--output", "json"]).args(more).run()
    }

    /// Starts it, for a script.
    pub fn start(&self) -> Running {
        let (mut command, _) = self.command(&["--output", "json"]).into_parts();
        command.args(loudly(&command));
        let watch = Watch::over(&command, self.home.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().expect("the binary runs");
        Running { command, child, watch }
    }

    /// Waits until a request stands still.
    ///
    /// # Errors
    /// When the run is over before one does.
    pub fn wait_held(&self, mut is_over: impl FnMut() -> bool) -> Result<(), String> {
        let start = Instant::now();
        while !self.world.has_held(Duration::from_millis(500)) {
            if is_over() && !self.world.has_held(Duration::from_millis(500)) {
                return Err("the run was over before it came to that request".to_owned());
            }
            if start.elapsed() > BOUND {
                return Err("it never came to that request".to_owned());
            }
        }
        Ok(())
    }

    /// A clean run ends as the undisturbed one did, in the same state.
    pub fn converges(&self) -> Result<(), String> {
        self.world.clear_faults();
        self.ended_well(&self.run(&[]))
    }

    /// This run ended as the undisturbed one did, in the same state.
    pub fn ended_well(&self, ran: &Ran) -> Result<(), String> {
        if ran.code != self.scenario.code {
            return Err(format!("exit {} instead of {}\n{}{}", ran.code, self.scenario.code, ran.stdout, ran.stderr));
        }
        self.is_as_undisturbed()
    }

    /// The state is that of the undisturbed run, and no key is active that nobody has.
    pub fn is_as_undisturbed(&self) -> Result<(), String> {
        let state = self.state();
        match difference("", &self.scenario.state, &state) {
            Some(difference) => Err(difference),
            None => self.has_no_orphan(),
        }
    }

    /// As [`Self::is_as_undisturbed`], but for what IAM has no condition for. Two runs at the same time add the same text
    /// to a managed policy twice; and the one that tags the user last may be the one whose key went.
    pub fn is_as_undisturbed_by_one(&self) -> Result<(), String> {
        let by_one = |state: &Value| without_key_ids(without_versions(state));
        match difference("", &by_one(&self.scenario.state), &by_one(&self.state())) {
            Some(difference) => Err(difference),
            None => self.has_no_orphan(),
        }
    }

    /// No access key is active that neither a bill connect nor the key file holds.
    pub fn has_no_orphan(&self) -> Result<(), String> {
        let state = self.world.state();
        let keys = state["access_keys"].as_object().expect("keys");
        let file = std::fs::read_to_string(self.home.path().join("key")).unwrap_or_default();
        let connects = state["bill_connects"].to_string();
        let orphan = |(id, key): (&String, &Value)| {
            let has_it = connects.contains(id.as_str()) || file.contains(id.as_str());
            (key["active"] == true && !has_it).then(|| format!("the access key {id} is active and nobody has it"))
        };
        keys.iter().find_map(orphan).map_or(Ok(()), Err)
    }

    /// Everything both worlds hold, and whose key the file holds; keys by their place, as their ids tell how many were
    /// made on the way.
    fn state(&self) -> Value {
        let mut state = self.world.state();
        let file = std::fs::read_to_string(self.home.path().join("key")).ok();
        state["key_file"] = json!(file.map(|text| text.lines().nth(1).unwrap_or_default().to_owned()));
        let ids: Vec<String> = state["access_keys"].as_object().expect("keys").keys().cloned().collect();
        let mut text = state.to_string();
        for (place, id) in ids.iter().enumerate() {
            text = text.replace(id.as_str(), &format!("KEY{place}"));
        }
        serde_json::from_str(&text).expect("JSON as before")
    }
}

/// Each policy as its default version has it.
fn without_versions(state: &Value) -> Value {
    let mut state = state.clone();
    for policy in state["policies"].as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
        let versions = policy["versions"].as_array().cloned().unwrap_or_default();
        let default = versions.into_iter().find(|version| version["id"] == policy["default"]);
        policy["default"] = Value::Null;
        policy["versions"] = default.map(|version| version["document"].clone()).unwrap_or_default();
    }
    state
}

/// Each user's key as settled, whichever it is.
fn without_key_ids(mut state: Value) -> Value {
    for user in state["users"].as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
        if let Some(tag) = user["tags"].get_mut("flexera-access-key-state")
            && tag.as_str().is_some_and(|tag| tag.starts_with("settled"))
        {
            *tag = json!("settled");
        }
    }
    state
}

/// The first place where two documents differ.
fn difference(path: &str, wanted: &Value, found: &Value) -> Option<String> {
    match (wanted, found) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeMap<&String, ()> = one.keys().chain(other.keys()).map(|key| (key, ())).collect();
            keys.into_keys().find_map(|key| difference(&format!("{path}/{key}"), &wanted[key], &found[key]))
        }
        _ if wanted == found => None,
        _ => Some(format!("{path}: {found} instead of {wanted}")),
    }
}
