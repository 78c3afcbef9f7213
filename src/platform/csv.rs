//! Files for spreadsheets, as RFC 4180 has them.

use crate::error::AppError;
use axum::body::{Body, Bytes};
use axum::http::{Response, header};
use axum::response::IntoResponse as _;
use futures::StreamExt as _;
use std::borrow::Cow;

/// A file that is written piece by piece while the browser takes its time. `next` makes a piece from a state, and
/// says from which one it goes on, if it does.
pub fn download<S, F>(name: &str, start: S, next: impl Fn(S) -> F + Send + 'static) -> Response<Body>
where
    S: Send + 'static,
    F: Future<Output = Result<(Vec<u8>, Option<S>), AppError>> + Send + 'static,
{
    let pieces = futures::stream::unfold((Some(start), next), |(state, next)| async move {
        match next(state?).await {
            Ok((text, more)) => Some((Ok(Bytes::from(text)), (more, next))),
            Err(error) => Some((Err(std::io::Error::other(error.to_string())), (None, next))),
        }
    });
    let name = format!("attachment; filename=\"{name}\"");
    (
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        Body::from_stream(pieces.fuse()),
    )
        .into_response()
}

/// Rows as text; writing to memory cannot fail.
pub fn lines<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Vec<u8> {
    let mut file = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let _ = file.write_record(row.map(|cell| plain(&cell)));
    }
    file.into_inner().unwrap_or_default()
}

/// Text of a file, as UTF-8. What is no UTF-8 is taken for Windows-1252, in which Excel saves.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0,
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection).
fn plain(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_cells_and_text_stays_text() {
        let written = lines([
            ["=HYPERLINK(\"http://evil.example\")".to_owned(), "twice\nover, \"quoted\"".to_owned()],
            ["-1".to_owned(), String::new()],
        ]);
        let mut read = csv::ReaderBuilder::new().has_headers(false).from_reader(&written[..]);
        let rows: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
        assert_eq!(&rows[0][0], "'=HYPERLINK(\"http://evil.example\")");
        assert_eq!(&rows[0][1], "twice\nover, \"quoted\"");
        assert_eq!((&rows[1][0], &rows[1][1]), ("'-1", ""));
    }
}
