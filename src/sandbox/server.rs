//! The two listeners and the thread they run on.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::door::{Delivery, Door, Side};
use super::message::{Answer, Request};
use super::socket::{Pieces, Socket};

/// A listener on loopback; port 0 takes any free one.
pub fn bind(port: u16) -> io::Result<(SocketAddr, TcpListener)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    Ok((listener.local_addr()?, listener))
}

/// The thread; dropping it ends every connection.
pub struct Running {
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Serves on a thread with a runtime of its own, once the door has gone through this history.
    pub fn start(
        door: Arc<Door>,
        history: Vec<(Side, Request)>,
        listeners: Vec<(Side, TcpListener)>,
    ) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel::<Infallible>();
        let thread = std::thread::Builder::new().name("sandbox".into()).spawn(move || {
            runtime.block_on(async {
                door.relive(history).await;
                for (side, listener) in listeners {
                    // Fails only for a listener that blocks, and `bind` has seen to that.
                    if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                        tokio::spawn(accept(Arc::clone(&door), side, listener));
                    }
                }
                // Ends when the sender is dropped; nothing can be sent.
                let _ = stopped.await;
            });
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed already, and a second one here would hide it.
            let _ = thread.join();
        }
    }
}

async fn accept(door: Arc<Door>, side: Side, listener: tokio::net::TcpListener) {
    loop {
        // A connection that ended before it was accepted is no reason to stop accepting.
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(Arc::clone(&door), side, stream));
        }
    }
}

async fn serve(door: Arc<Door>, side: Side, stream: TcpStream) {
    // Small answers must not wait for each other; without it everything works, only slower.
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(AtomicBool::new(false));
    let socket = Socket::new(stream, Arc::clone(&reset));
    let service = service_fn(move |request| exchange(Arc::clone(&door), side, Arc::clone(&reset), request));
    // An error here is a caller that went away, or a fault that was asked for.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service).await;
}

async fn exchange(
    door: Arc<Door>,
    side: Side,
    reset: Arc<AtomicBool>,
    request: hyper::Request<Incoming>,
) -> io::Result<http::Response<Pieces>> {
    let (head, body) = request.into_parts();
    let request = Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: body.collect().await.map_err(io::Error::other)?.to_bytes(),
    };
    match door.answer(side, request).await {
        Delivery::Whole(answer) => Ok(response(answer, false)),
        Delivery::Cut(answer) => Ok(response(answer, true)),
        Delivery::Closed => Err(io::Error::other("closed as asked")),
        Delivery::Reset => {
            reset.store(true, Ordering::Relaxed);
            Err(io::Error::other("reset as asked"))
        }
        Delivery::Never => std::future::pending().await,
    }
}

fn response(answer: Answer, cut: bool) -> http::Response<Pieces> {
    let Answer { status, headers, body } = answer;
    let length = body.len();
    let pieces = if cut { Pieces::broken(body.slice(..length / 2)) } else { Pieces::whole(body) };
    let mut response = http::Response::new(pieces);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    if status != 204 {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}
