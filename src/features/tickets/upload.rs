//! Bringing files in pieces, in the browser: each piece that did not arrive is sent again.

use super::model::FileView;
use crate::error::AppError;
use crate::paths;
use crate::types::AccountId;
use crate::ui::answer;
use crate::ui::send::pause;
use gloo_net::http::Request;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Bytes of a piece.
const PIECE: f64 = 1_000_000.0;
/// How often a piece is tried.
const TRIES: u32 = 4;

/// Letters and figures that name an upload: nobody else's has the same.
fn new_name() -> String {
    let mut name = String::new();
    while name.len() < 26 {
        let digit = (js_sys::Math::random() * 36.0) as u32;
        name.push(char::from_digit(digit, 36).unwrap_or('0'));
    }
    name
}

/// Brings a file. `progress` hears how many percent are there.
///
/// # Errors
/// What the server says, or [`AppError::Offline`] when a piece did not arrive after several tries.
pub async fn bring(
    account: &AccountId,
    ticket: &str,
    file: &File,
    progress: impl Fn(u32),
) -> Result<FileView, AppError> {
    let (upload, size) = (new_name(), file.size());
    let (mut at, mut tries) = (0.0, 0);
    loop {
        let end = (at + PIECE).min(size);
        let last = end >= size;
        let piece = file.slice_with_f64_and_f64(at, end).map_err(|_| AppError::Offline)?;
        let bytes = JsFuture::from(piece.array_buffer()).await.map_err(|_| AppError::Offline)?;
        let bytes = Uint8Array::new(bytes.unchecked_ref());
        let path = format!(
            "{}?ticket={ticket}&upload={upload}&offset={at}&last={last}&name={}",
            paths::ticket_pieces(account),
            paths::encode(&file.name())
        );
        let sent = match Request::post(&path).body(bytes) {
            Ok(request) => request.send().await,
            Err(error) => Err(error),
        };
        let answer = match sent {
            Ok(answer) if answer.ok() => {
                let text = answer.text().await.map_err(|_| AppError::Offline)?;
                answer::read::<(f64, Option<FileView>)>(&text).map_err(|_| AppError::Offline)?
            }
            Ok(answer) if answer.status() < 500 => {
                let text = answer.text().await.map_err(|_| AppError::Offline)?;
                return Err(answer::read(&text).unwrap_or(AppError::Offline));
            }
            _ if tries < TRIES => {
                tries += 1;
                pause(500 * (1 << tries)).await;
                continue;
            }
            _ => return Err(AppError::Offline),
        };
        tries = 0;
        at = answer.0;
        progress(if size > 0.0 { (at / size * 100.0) as u32 } else { 100 });
        if let Some(view) = answer.1 {
            return Ok(view);
        }
    }
}
