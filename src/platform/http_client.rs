//! Asks other servers over HTTP: few and small questions, each with an end.

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::sync::LazyLock;
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of an answer at most.
const LARGEST: usize = 1_000_000;

static CLIENT: LazyLock<Client<HttpsConnector<HttpConnector>, Full<Bytes>>> = LazyLock::new(|| {
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
        .map(|builder| builder.https_or_http().enable_http1().build());
    match connector {
        Ok(connector) => Client::builder(TokioExecutor::new()).build(connector),
        // The provider is linked in: its versions of TLS are there.
        Err(error) => unreachable!("{error}"),
    }
});

/// A question.
#[derive(Debug)]
pub struct Question<'a> {
    /// What is done.
    pub method: Method,
    /// Where.
    pub url: &'a str,
    /// Names and values of headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: Vec<u8>,
}

/// Status and body of the answer.
///
/// # Errors
/// Why there was none, for the log.
pub async fn ask(question: Question<'_>) -> Result<(u16, Vec<u8>), String> {
    ask_patiently(question, PATIENCE).await
}

/// The same where an answer may take longer.
///
/// # Errors
/// Why there was none, for the log.
pub async fn ask_patiently(question: Question<'_>, patience: Duration) -> Result<(u16, Vec<u8>), String> {
    let mut request = Request::builder().method(question.method).uri(question.url);
    for (name, value) in question.headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from(question.body))).map_err(|error| error.to_string())?;
    let answer = async {
        let answer = CLIENT.request(request).await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let body =
            Limited::new(answer.into_body(), LARGEST).collect().await.map_err(|error| error.to_string())?;
        Ok((status, body.to_bytes().to_vec()))
    };
    tokio::time::timeout(patience, answer).await.map_err(|_| "no answer in time".to_owned())?
}
