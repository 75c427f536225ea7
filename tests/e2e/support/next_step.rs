//! No run ends with an error that leaves a person there: each says the next thing to type, on the screen and as JSON.

use serde_json::Value;

/// Of a command line that was not understood, in clap's own words.
const CLAPS: &str = "For more information, try '--help'.";

/// Holds every error that a run printed to its next step.
#[track_caller]
pub fn check(stdout: &str, stderr: &str) {
    for head in ["error: ", "ended: "] {
        let said = format!("\n{stderr}");
        for error in said.split(&format!("\n{head}")).skip(1) {
            let says = error.contains("\n next: ") || error.contains(CLAPS);
            assert!(says, "an error without a next step:\n{head}{error}");
        }
    }
    let whole: Vec<Value> = serde_json::from_str(stdout).map_or_else(
        |_| stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
        |document| vec![document],
    );
    whole.iter().for_each(check_document);
}

#[track_caller]
fn check_document(document: &Value) {
    let Some(members) = document.as_object() else {
        return document.as_array().into_iter().flatten().for_each(check_document);
    };
    if let Some(error) = members.get("error").filter(|error| error["message"].is_string()) {
        let remedy = error["remedy"].as_str().unwrap_or_default();
        assert!(!remedy.is_empty(), "an error without a remedy:\n{error:#}");
    }
    members.values().for_each(check_document);
}
