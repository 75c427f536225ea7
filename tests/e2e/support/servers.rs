//! The independent AWS servers, each a process of its own for one test, on a free port of loopback.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::python;

/// Generous: a machine that builds beside this takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs; dropping it ends it.
pub struct Server {
    child: Child,
    address: SocketAddr,
    // Held until the server is gone: its home, with its output.
    home: TempDir,
}

impl Server {
    /// MiniStack, which checks signatures and evaluates identity, bucket and trust policies.
    pub fn ministack() -> Self {
        Self::start("/_ministack/health", |address| {
            let mut command = Command::new(python::program("ministack"));
            command.env("AUTH", "true").env("IOT_MTLS_ENABLED", "0");
            command.env("BIND_HOST", address.ip().to_string()).env("GATEWAY_PORT", address.port().to_string());
            command
        })
    }

    /// Moto, which lets everybody do everything but knows AWS's rules for names and documents.
    pub fn moto() -> Self {
        Self::start("/moto-api/data.json", |address| {
            let mut command = Command::new(python::program("moto_server"));
            command.args(["-H", &address.ip().to_string(), "-p", &address.port().to_string()]);
            command
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A port that is free now may be taken a moment later; another one is then tried.
    fn start(ready: &str, command: impl Fn(SocketAddr) -> Command) -> Self {
        let mut said = String::new();
        for _ in 0..5 {
            let address = free_address();
            let mut server = Self::spawn(command(address), address);
            if server.answers(ready) {
                return server;
            }
            said = fs::read_to_string(server.home.path().join("output")).unwrap_or_default();
        }
        panic!("the server did not start; it last said:\n{said}");
    }

    fn spawn(mut command: Command, address: SocketAddr) -> Self {
        let home = tempfile::tempdir().expect("a temporary home");
        let output = File::create(home.path().join("output")).expect("a file for its output");
        let errors = output.try_clone().expect("the same file");
        command.current_dir(home.path()).env("HOME", home.path()).env("TMPDIR", home.path());
        let child = command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn();
        Self { child: child.unwrap_or_else(|error| panic!("{command:?}: {error}")), address, home }
    }

    /// Whether it answers before it ends.
    fn answers(&mut self, path: &str) -> bool {
        let start = Instant::now();
        while self.child.try_wait().expect("a child of ours").is_none() {
            if get(self.address, path).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return true;
            }
            assert!(start.elapsed() < PATIENCE, "{} does not answer", self.address);
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address")
}

fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
