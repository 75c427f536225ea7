//! Stands between the binary and an AWS server that we did not write: writes down every request, refuses what that
//! server lets through and AWS does not, and answers for the report service where the server has none.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, Method, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;
use url::form_urlencoded;

use super::cost_reports::CostReports;
use super::strictness::{Refusal, Strictness};

/// The front of one server; dropping it ends it.
pub struct Front {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `s3`, `iam`, … from the signature's scope.
    pub service: String,
    /// The region that it was signed for.
    pub region: String,
    /// `CreateRole`; for S3 the method, the path and the first parameter: `PUT /bucket?policy`.
    pub action: String,
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer of the front's own, or of the server behind it.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

struct Behind {
    server: SocketAddr,
    client: reqwest::Client,
    strictness: Mutex<Strictness>,
    reports: Option<Mutex<CostReports>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Front {
    /// In front of `server`, whose buckets all belong to `account`; `reports` answers in its stead, where it is given.
    pub fn start(server: SocketAddr, account: &str, reports: Option<CostReports>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a listener that does not block");
        let address = listener.local_addr().expect("its address");
        let seen = Arc::default();
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let behind = Arc::new(Behind {
            server,
            // The servers close connections without a word; one for each request is always open.
            client: client.pool_max_idle_per_host(0).build().expect("a client"),
            strictness: Mutex::new(Strictness::new(account)),
            reports: reports.map(Mutex::new),
            seen: Arc::clone(&seen),
        });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                tokio::select! {
                    () = accept(listener, behind) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, seen, stop: Some(stop), thread: Some(thread) }
    }

    /// The address to use in the server's stead.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request since the last look.
    pub fn requests(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(Err(panic)) = self.thread.take().map(std::thread::JoinHandle::join)
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

impl Seen {
    /// Whether it changes anything.
    pub fn writes(&self) -> bool {
        if self.service == "s3" {
            return !matches!(self.method, Method::GET | Method::HEAD);
        }
        !["Get", "List", "Describe", "Simulate", "AssumeRole"].iter().any(|verb| self.action.starts_with(verb))
    }

    /// `iam CreateRole`.
    pub fn name(&self) -> String {
        format!("{} {}", self.service, self.action)
    }

    /// A parameter of a request in the query protocol.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(&self.body);
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    fn read(method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Self {
        let header =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        // AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/s3/aws4_request, …
        let authorization = header("authorization");
        let scope: Vec<&str> = authorization.split(',').next().unwrap_or_default().split('/').collect();
        let part = |place: usize| scope.get(place).copied().unwrap_or_default().to_owned();
        let mut seen = Self {
            service: part(3),
            region: part(2),
            action: header("x-amz-target").rsplit('.').next().unwrap_or_default().to_owned(),
            method,
            uri,
            headers,
            body,
        };
        if let (true, Some(action)) = (seen.action.is_empty(), seen.parameter("Action")) {
            seen.action = action;
        }
        if seen.service == "s3" {
            let first = seen.uri.query().and_then(|query| query.split(['&', '=']).next());
            let first = first.filter(|name| *name != "x-id").map(|name| format!("?{name}")).unwrap_or_default();
            seen.action = format!("{} {}{first}", seen.method, seen.uri.path().trim_end_matches('/'));
        }
        seen
    }
}

impl Answer {
    /// One of the front's own.
    pub fn of(status: u16, content_type: &'static str, body: String) -> Self {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, http::HeaderValue::from_static(content_type))]);
        Self { status, headers, body: body.into() }
    }
}

async fn accept(listener: tokio::net::TcpListener, behind: Arc<Behind>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let behind = Arc::clone(&behind);
        tokio::spawn(async move {
            let service = service_fn(move |request| exchange(Arc::clone(&behind), request));
            // An error here is a caller that went away.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn exchange(
    behind: Arc<Behind>,
    request: hyper::Request<Incoming>,
) -> hyper::Result<http::Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let request = Seen::read(head.method, head.uri, head.headers, body.collect().await?.to_bytes());
    lock(&behind.seen).push(request.clone());
    let Answer { status, headers, body } = behind.answer(&request).await;
    let mut response = http::Response::new(Full::new(body));
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    *response.headers_mut() = headers;
    for ours in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
        response.headers_mut().remove(ours);
    }
    Ok(response)
}

impl Behind {
    async fn answer(&self, request: &Seen) -> Answer {
        if let Err(refusal) = lock(&self.strictness).check(request) {
            return refusal.answer(request);
        }
        if let (Some(reports), "cur") = (&self.reports, request.service.as_str()) {
            return lock(reports).answer(request).unwrap_or_else(|refusal: Refusal| refusal.answer(request));
        }
        let answer = match self.forward(request).await {
            Ok(answer) => answer,
            Err(error) => return Answer::of(502, "text/plain", format!("{error:?}")),
        };
        // Moto answers so for an action that it does not have; AWS never does, and a 500 would be tried again.
        if answer.status == 500
            && answer.headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "text/html; charset=utf-8")
        {
            let message = format!("Could not find operation {}", request.action);
            return Refusal::new(400, "InvalidAction", message).answer(request);
        }
        if answer.status < 300 {
            lock(&self.strictness).happened(request);
        }
        answer
    }

    /// Unchanged, its `Host` too, which is signed.
    async fn forward(&self, request: &Seen) -> reqwest::Result<Answer> {
        let url = format!("http://{}{}", self.server, request.uri);
        let mut headers = request.headers.clone();
        headers.remove(CONNECTION);
        let sent = self.client.request(request.method.clone(), url).headers(headers).body(request.body.clone()).send();
        let mut response = sent.await?;
        let headers = std::mem::take(response.headers_mut());
        Ok(Answer { status: response.status().as_u16(), headers, body: response.bytes().await? })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
