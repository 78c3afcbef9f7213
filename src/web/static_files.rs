//! The web files inside the binary: scripts, styles, fonts. Compressed once when the binary is built.

use crate::web::compress::accepts;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/target/site"]
#[allow_missing = true]
struct Site;

/// Paths of scripts, WASM files and the style sheet, with the hash of their content in the name.
pub struct Names {
    /// The script that loads the WASM file; `None` when the web files were not built, then pages work without
    /// it.
    pub script: Option<String>,
    /// The WASM file.
    pub wasm: Option<String>,
    /// The script that fetches the other parts of the app.
    pub loader: Option<String>,
    /// The WASM files of each of those parts.
    pub parts: BTreeMap<String, Vec<String>>,
    /// The style sheet.
    pub style: Option<String>,
}

/// The names in this binary.
pub static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let find =
        |start: &str, end: &str| Site::iter().find(|path| path.starts_with(start) && path.ends_with(end));
    let path = |start: &str, end: &str| find(start, end).map(|path| format!("/{path}"));
    let manifest = find("pkg/__wasm_split_manifest.", ".json").and_then(|path| Site::get(&path));
    let mut parts: BTreeMap<String, Vec<String>> =
        manifest.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
    for file in parts.values_mut().flatten() {
        *file = format!("/pkg/{file}.wasm");
    }
    Names {
        script: path("pkg/latchkey.", ".js"),
        wasm: path("pkg/latchkey.", ".wasm"),
        style: path("pkg/latchkey.", ".css"),
        loader: path("pkg/__wasm_split.", ".js"),
        parts,
    }
});

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "ico" => "image/x-icon",
        "png" => "image/png",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn bytes(file: EmbeddedFile) -> Body {
    match file.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

/// The web file at this path, in the best coding the browser accepts; `None` when there is none.
pub fn find(path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    let coded = |coding: &'static str, suffix: &str| {
        accepts(headers, coding)
            .then(|| Site::get(&format!("{path}{suffix}")))
            .flatten()
            .map(|file| (file, Some(coding)))
    };
    let (file, coding) =
        coded("br", ".br").or_else(|| coded("gzip", ".gz")).or_else(|| Some((Site::get(path)?, None)))?;
    let forever = path.starts_with("pkg/") || path.starts_with("fonts/");
    let cache = if forever { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let mut response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, content_type(path))
        .header(header::CACHE_CONTROL, cache)
        .header(header::VARY, "accept-encoding");
    if let Some(coding) = coding {
        response = response.header(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response.body(bytes(file)).ok()
}
