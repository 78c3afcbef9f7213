//! Accepting connections, and not being held up by slow or greedy ones (OWASP ASVS 5.0 §15.2.2).
//!
//! A request's head has to arrive within [`HEAD`], the rest within the time that [`crate::web::http`] gives;
//! an answer that nobody takes for [`UNREAD`] is given up. There are at most [`ALL`] connections, and
//! [`OF_ONE`] from one address, but for proxies that are trusted.

use crate::platform::limits::network;
use crate::platform::turns::Slots;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// Time for the head of a request, also for the next one on the same connection.
const HEAD: Duration = Duration::from_secs(20);
/// Time in which some of an answer has to be taken.
const UNREAD: Duration = Duration::from_secs(30);
/// Connections at once.
const ALL: usize = 4_096;
/// Connections at once from one address: a browser opens six, and people share an address.
const OF_ONE: usize = 256;
/// Bytes of a request's head.
const MAX_HEAD: usize = 32 * 1024;

/// Answers connections until told to stop, and then finishes those that are being answered.
pub async fn serve(listener: TcpListener, app: Router, trusted: &[IpAddr], mut stop: watch::Receiver<bool>) {
    let (open, all, graceful) = (Slots::default(), Arc::new(Semaphore::new(ALL)), GracefulShutdown::new());
    loop {
        let Ok(room) = all.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: some will be given back.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let from = peer.ip().to_canonical();
        let place = if trusted.contains(&from) { None } else { open.take(network(from), OF_ONE) };
        if place.is_none() && !trusted.contains(&from) {
            tracing::warn!(%from, "too many connections from one address");
            continue;
        }
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(UNREAD));
        let app = app.clone();
        let answer = service_fn(move |request: Request<hyper::body::Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            app.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_header_size(MAX_HEAD)
            .serve_connection(TokioIo::new(Box::pin(stream)), answer);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks off concerns nobody else.
            let _ = connection.await;
            drop((place, room));
        });
    }
    graceful.shutdown().await;
}
