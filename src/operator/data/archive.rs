//! An archive of a customer: a ZIP with a file of JSON lines for each kind of thing.

use super::{store, words};
use crate::access::{OfStaff, Reader};
use crate::error::Result;
use crate::platform::db::internal;
use crate::types::AccountId;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Writes it in memory: of one customer, compressed.
pub(super) async fn write(
    reader: &mut Reader<OfStaff>,
    account: &AccountId,
    (name, number): (&str, i64),
) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file("README.txt", options).map_err(|error| internal(&error))?;
    let readme = words::readme(&name, &number, &reader.now().iso());
    zip.write_all(readme.as_bytes()).map_err(|error| internal(&error))?;
    for file in store::files() {
        zip.start_file(format!("{file}.jsonl"), options).map_err(|error| internal(&error))?;
        let mut after = Some(String::new());
        while let Some(from) = after {
            let (rows, next) = store::piece(reader.conn(), account, file, &from).await?;
            put(&mut zip, &rows)?;
            after = next;
        }
    }
    zip.start_file("permissions.jsonl", options).map_err(|error| internal(&error))?;
    put(&mut zip, &store::grants(reader.conn(), account).await?)?;
    let done = zip.finish().map_err(|error| internal(&error))?;
    Ok(done.into_inner())
}

fn put(zip: &mut ZipWriter<Cursor<Vec<u8>>>, rows: &[String]) -> Result<()> {
    for row in rows {
        writeln!(zip, "{row}").map_err(|error| internal(&error))?;
    }
    Ok(())
}
