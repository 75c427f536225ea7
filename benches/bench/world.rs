//! The sandbox as a process of its own, so that nothing it does counts for the program that is measured.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::chain::{self, Span};

/// A sandbox that runs; dropping it ends it.
pub struct World {
    child: Child,
    address: String,
    /// What a person would export to use it.
    pub variables: Vec<(String, String)>,
}

impl World {
    /// A new one whose every answer takes `latency` milliseconds, and in which Flexera sees a new role at once.
    pub fn start(binary: &Path, latency: u32) -> Self {
        let mut command = Command::new(binary);
        command.args(["sandbox", "--output", "json", "--propagation", "0", "--latency", &latency.to_string()]);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the sandbox starts");
        let mut text = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        // The document is laid out over lines, and nothing follows it.
        let addresses: Value = loop {
            text += &lines.next().expect("the sandbox says where it is").expect("text");
            if let Ok(document) = serde_json::from_str(&text) {
                break document;
            }
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let variables = addresses["environment"].as_object().expect("variables").iter();
        let variables = variables.map(|(name, value)| (name.clone(), text(value))).collect();
        let address = text(&addresses["aws_url"]).trim_start_matches("http://").to_owned();
        Self { child, address, variables }
    }

    /// Every request since the last look.
    pub fn requests(&self) -> Vec<Span> {
        let answer = self.ask("GET");
        self.ask("DELETE");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a body");
        chain::spans(&serde_json::from_str(body).expect("the book is JSON"))
    }

    fn ask(&self, method: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the sandbox listens");
        write!(stream, "{method} /_sandbox/requests HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)
            .expect("the sandbox reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the sandbox answers");
        answer
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // It ends with this program anyway.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
