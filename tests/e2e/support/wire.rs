//! A server of a test's own, as plain as can be: reads one request a connection, keeps it, and answers what it is told to.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The server; its thread ends with the test's process.
pub struct Wire {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// What goes back for a request, byte by byte; nothing is a connection that dies.
pub type Answer = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

impl Wire {
    /// In the clear.
    pub fn start(answer: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::serve(None, Arc::new(answer))
    }

    /// Behind TLS, as `localhost`; with the certificate of the authority that vouches for it, as PEM.
    pub fn start_tls(authority: &Authority, answer: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::serve(Some(authority.server()), Arc::new(answer))
    }

    fn serve(tls: Option<Arc<ServerConfig>>, answer: Arc<Answer>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let seen = Arc::<Mutex<Vec<Vec<u8>>>>::default();
        let kept = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tls, answer, kept) = (tls.clone(), Arc::clone(&answer), Arc::clone(&kept));
                std::thread::spawn(move || match tls {
                    None => converse(stream, &answer, &kept),
                    Some(tls) => {
                        let connection = ServerConnection::new(tls).expect("a server's side");
                        converse(StreamOwned::new(connection, stream), &answer, &kept);
                    }
                });
            }
        });
        Self { address, seen }
    }

    /// Where it is, by address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it is behind TLS, by the name in its certificate.
    pub fn tls_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// Every request so far, as text.
    pub fn seen(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().map(|request| String::from_utf8_lossy(request).into_owned()).collect()
    }
}

fn converse(mut stream: impl Read + Write, answer: &Arc<Answer>, kept: &Mutex<Vec<Vec<u8>>>) {
    // Whoever hangs up in the middle, or does not trust the certificate, has sent no request.
    let Some(request) = read(&mut stream) else { return };
    kept.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
    let _ = stream.write_all(&answer(&request)).and_then(|()| stream.flush());
}

/// A message's head, and as much body as it announces.
fn read(stream: &mut impl Read) -> Option<Vec<u8>> {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n")
            && bytes.len() >= end + 4 + header(&bytes, "content-length").and_then(|n| n.parse().ok()).unwrap_or(0)
        {
            return Some(bytes);
        }
        match stream.read(&mut piece) {
            Ok(n @ 1..) => bytes.extend_from_slice(&piece[..n]),
            _ => return None,
        }
    }
}

/// A header of a message.
pub fn header(message: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(message);
    let head = text.split("\r\n\r\n").next()?.to_owned();
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// A whole answer, after which the connection is closed.
pub fn whole(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The request carried to a server behind, and its whole answer: head and body.
pub fn carried(request: &[u8], server: &str) -> (Vec<u8>, Vec<u8>) {
    let server = server.trim_start_matches("http://");
    let end = request.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
    let mut sent = request[..end].to_vec();
    sent.extend_from_slice(b"\r\nconnection: close");
    sent.extend_from_slice(&request[end..]);
    let mut stream = TcpStream::connect(server).expect("the server behind");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a bound");
    stream.write_all(&sent).expect("it takes the request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(answer.len(), |end| end + 4);
    let body = answer.split_off(end);
    (answer, body)
}

/// A certificate authority that nobody knows but who is told.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate, as a bundle of authorities has it.
    pub pem: String,
}

impl Authority {
    /// A new one.
    pub fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("no names are fine");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("signed by itself").pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    fn server(&self) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        let certificate = params.signed_by(&key, &self.issuer).expect("signed by the authority");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("TLS 1.3").with_no_client_auth();
        Arc::new(config.with_single_cert(vec![certificate.der().clone()], key).expect("a usable certificate"))
    }
}
