//! Programs of other people that exports are held against, from the pinned Python environment.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::python;

/// Reads a CloudFormation template as YAML and prints it as JSON with the long forms of the functions, by a parser that
/// is not ours.
const YAML_TO_JSON: &str = r#"
import json, sys, yaml

def function(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt":
        value = value.split(".")
    return {suffix if suffix == "Ref" else "Fn::" + suffix: value}

yaml.SafeLoader.add_multi_constructor("!", function)
print(json.dumps(yaml.safe_load(sys.stdin.buffer)))
"#;

/// A plan's fingerprint as anybody can make it from the document.
const FINGERPRINT: &str = r#"
import hashlib, json, sys

plan = json.load(sys.stdin.buffer)
approved = {key: plan[key] for key in ("onboarding", "steps")}
text = json.dumps(approved, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
print("sha256:" + hashlib.sha256(text.encode()).hexdigest(), end="")
"#;

/// A plan's fingerprint, made by another program.
pub fn fingerprint(plan: &str) -> String {
    let mut command = Command::new(python::program("python"));
    command.args(["-c", FINGERPRINT]);
    with_input(command, plan)
}

/// What an HTML page is made of, by a parser that is not ours: its tags in order, what is not closed or closes nothing,
/// every attribute, and the text in each `pre`.
const OUTLINE: &str = r#"
import html.parser, json, sys

VOID = {"meta", "link", "br", "hr", "img", "input", "base"}

class Outline(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.tags, self.stray, self.attributes, self.pres = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [[tag, name, value or ""] for name, value in attributes]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "pre":
            self.pres.append("")

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.stray.append(tag)

    def handle_data(self, data):
        if "pre" in self.open:
            self.pres[-1] += data

outline = Outline()
outline.feed(sys.stdin.buffer.read().decode())
outline.close()
print(json.dumps({"tags": outline.tags, "stray": outline.stray + outline.open,
                  "attributes": outline.attributes, "pres": outline.pres}))
"#;

/// What an HTML page is made of.
pub fn outline(page: &str) -> Value {
    let mut command = Command::new(python::program("python"));
    command.args(["-c", OUTLINE]);
    serde_json::from_str(&with_input(command, page)).expect("JSON")
}

/// The same template as JSON.
pub fn as_json(yaml: &str) -> Value {
    let mut command = Command::new(python::program("python"));
    command.args(["-c", YAML_TO_JSON]);
    let printed = with_input(command, yaml);
    serde_json::from_str(&printed).expect("JSON")
}

/// Fails with what cfn-lint says about these templates for a region, warnings too.
#[track_caller]
pub fn cfn_lint(region: &str, templates: &[&Path]) {
    let mut command = Command::new(python::program("cfn-lint"));
    command.args(["--regions", region, "--"]).args(templates);
    done(command.output().expect("cfn-lint runs"));
}

/// Fails with what ShellCheck says about a script.
#[track_caller]
pub fn shellcheck(script: &Path) {
    done(Command::new(python::program("shellcheck")).arg(script).output().expect("ShellCheck runs"));
}

/// A bash with the AWS CLI and the binary on its path and nothing of the developer's configuration.
pub fn bash(home: &Path, environment: &[(&str, String)]) -> Command {
    let tools = python::program("aws");
    let binary = Path::new(env!("CARGO_BIN_EXE_optima-onboard"));
    let folders = [tools.parent(), binary.parent()].map(|folder| folder.expect("a folder").to_owned());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(folders.into_iter().chain(std::env::split_paths(&path))).expect("a path");
    let mut command = Command::new("bash");
    command.env_clear().current_dir(home).env("HOME", home).env("PATH", path).env("AWS_EC2_METADATA_DISABLED", "true");
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    command
}

/// Runs it with this on stdin; what it printed.
#[track_caller]
fn with_input(mut command: Command, input: &str) -> String {
    use std::io::Write;
    let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = streams.spawn().expect("it runs");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads its input");
    done(child.wait_with_output().expect("it ends"))
}

/// What it printed, if it succeeded.
#[track_caller]
pub fn done(output: Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{}\nstdout:\n{stdout}\nstderr:\n{stderr}", output.status);
    stdout
}
