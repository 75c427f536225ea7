//! The sandbox's own paths, asked over a plain connection: a client with TLS would cost more than the run it serves.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// The door of the sandbox at this address, `http://127.0.0.1:PORT`.
pub struct Door(pub String);

impl Door {
    /// What stands under `path`.
    pub fn get(&self, path: &str) -> Value {
        let body = self.send("GET", path, "", None).expect("the sandbox answers");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
    }

    /// Sends `body` there.
    pub fn post(&self, path: &str, body: &Value) {
        self.send("POST", path, &body.to_string(), None).expect("the sandbox takes it");
    }

    /// Clears it.
    pub fn delete(&self, path: &str) {
        self.send("DELETE", path, "", None).expect("the sandbox clears it");
    }

    /// Whether an answer comes within this time.
    pub fn answers(&self, path: &str, within: Duration) -> bool {
        self.send("GET", path, "", Some(within)).is_ok()
    }

    fn send(&self, method: &str, path: &str, body: &str, within: Option<Duration>) -> io::Result<String> {
        let host = self.0.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(within)?;
        let length = body.len();
        write!(
            stream,
            "{method} /_sandbox/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
        if head.starts_with("HTTP/1.1 2") { Ok(body.to_owned()) } else { Err(io::Error::other(answer)) }
    }
}
