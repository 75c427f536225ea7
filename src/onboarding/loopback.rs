//! A server for this folder's tests: gives the answers it was told to, one a connection, and keeps what it was sent.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use url::Url;

use super::http::Pace;

/// Repeats at once, as often as the real pace does.
pub fn fast() -> Pace {
    Pace { first: Duration::from_millis(1), longest: Duration::from_millis(1), repeats: 3 }
}

/// What goes back over the wire, byte by byte; nothing at all is a connection that dies.
pub type Raw = String;

/// A whole answer.
pub fn answer(status: u16, body: &str) -> Raw {
    answer_with(status, "", body)
}

/// A whole answer with header lines of its own, each ended by `\r\n`.
pub fn answer_with(status: u16, headers: &str, body: &str) -> Raw {
    let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("HTTP/1.1 {status} X\r\n{headers}{length}connection: close\r\n\r\n{body}")
}

/// A connection that dies after the request was read.
pub fn cut() -> Raw {
    String::new()
}

/// An answer that promises more than comes.
pub fn truncated(status: u16, body: &str) -> Raw {
    format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len() + 10)
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Sent {
    pub line: String,
    pub headers: Vec<String>,
    pub body: String,
}

impl Sent {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

pub struct Loopback {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Loopback {
    /// Gives these answers in this order; whoever asks beyond them finds the connection dead.
    pub fn start(answers: Vec<Raw>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let kept = sent.clone();
        thread::spawn(move || {
            let mut answers = answers.into_iter();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&mut stream) else { continue };
                kept.lock().unwrap().push(request);
                let _ = stream.write_all(answers.next().unwrap_or_default().as_bytes());
            }
        });
        Self { address, sent }
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

fn read(stream: &mut TcpStream) -> Option<Sent> {
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines().map(str::to_owned);
            let sent = Sent { line: lines.next()?, headers: lines.collect(), body: body.to_owned() };
            let length: usize = sent.header("content-length").map_or(0, |n| n.parse().unwrap());
            if body.len() >= length {
                return Some(sent);
            }
        }
        match stream.read(&mut piece) {
            Ok(n) if n > 0 => bytes.extend_from_slice(&piece[..n]),
            _ => return None,
        }
    }
}
