//! Reads a CSV file whatever program saved it: UTF-8 with or without a mark, or the alphabet of Windows; commas,
//! semicolons or tabs; the line `sep=;` that some programs begin with.

use super::model::{ImportKind, RowError};
use super::words;
use crate::platform::csv::text;
use std::collections::HashMap;

/// A row as it stands in the file.
pub struct RawRow {
    /// Its line; the first of the file is 1.
    pub line: u64,
    cells: csv::StringRecord,
}

/// The longest cell, in bytes.
const MAX_CELL: usize = 10_000;

/// The rows of a file, and where each column stands.
pub struct FileTable {
    columns: HashMap<&'static str, usize>,
    /// The rows.
    pub rows: Vec<RawRow>,
}

impl FileTable {
    /// What stands in a column of a row; empty where the file has no such column.
    pub fn cell<'a>(&self, row: &'a RawRow, name: &str) -> &'a str {
        self.columns.get(name).and_then(|at| row.cells.get(*at)).unwrap_or_default().trim()
    }
}

/// Reads a file of a kind. Mistakes of rows are noted; the rows are left out.
///
/// # Errors
/// A sentence about the file as a whole.
pub fn read(kind: ImportKind, bytes: &[u8], errors: &mut Vec<RowError>) -> Result<FileTable, String> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(words::IS_A_ZIP.into());
    }
    // Lines are counted by their ends.
    let text = text(bytes).replace("\r\n", "\n");
    let (mut text, mut skipped) = (text.as_str(), 0);
    let mut delimiter = None;
    if let Some(rest) = text.strip_prefix("sep=") {
        delimiter = rest.bytes().next();
        text = rest.split_once('\n').map_or("", |(_, rest)| rest);
        skipped = 1;
    }
    let head = text.lines().next().unwrap_or_default();
    if head.trim().is_empty() {
        return Err(words::EMPTY.into());
    }
    let most = |c: &u8| head.bytes().filter(|byte| byte == c).count();
    let delimiter =
        delimiter.unwrap_or_else(|| *[b',', b';', b'\t'].iter().max_by_key(|c| most(c)).unwrap_or(&b','));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut columns, mut rows) = (HashMap::new(), Vec::new());
    let mut width = None;
    for record in reader.records() {
        let cells = record.map_err(|error| words::not_readable(&error))?;
        let line = cells.position().map_or(0, csv::Position::line) + skipped;
        let Some(width) = width else {
            columns = named(kind, &cells)?;
            width = Some(cells.len());
            continue;
        };
        // A line of nothing but separators is how a spreadsheet ends.
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let mut wrong = |column: &str, reason: &str| {
            errors.push(RowError { line, column: column.into(), reason: reason.into() });
        };
        if cells.len() != width {
            wrong("", words::E_CELLS);
        } else if let Some(at) = cells.iter().position(|cell| cell.len() > MAX_CELL) {
            let name = columns.iter().find(|(_, column)| **column == at).map_or("", |(name, _)| *name);
            wrong(name, words::E_LONG);
        } else {
            rows.push(RawRow { line, cells });
        }
    }
    Ok(FileTable { columns, rows })
}

/// Where each column stands.
fn named(kind: ImportKind, head: &csv::StringRecord) -> Result<HashMap<&'static str, usize>, String> {
    let mut columns = HashMap::new();
    for (at, cell) in head.iter().enumerate() {
        let name = cell.trim().to_lowercase().replace([' ', '-'], "_");
        if name.is_empty() {
            continue;
        }
        let known = kind.columns().iter().find(|(known, ..)| *known == name);
        let (known, ..) =
            known.ok_or_else(|| words::unknown_column(&cell.trim().chars().take(60).collect::<String>()))?;
        if columns.insert(*known, at).is_some() {
            return Err(words::twice_column(known));
        }
    }
    match kind.columns().iter().find(|(name, needed, _)| *needed && !columns.contains_key(name)) {
        Some((name, ..)) => Err(words::lacks_column(name)),
        None => Ok(columns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(bytes: &[u8]) -> Result<Vec<(u64, String, String)>, String> {
        let mut errors = Vec::new();
        let table = read(ImportKind::Customers, bytes, &mut errors)?;
        let row = |row: &RawRow| {
            (row.line, table.cell(row, "company").to_owned(), table.cell(row, "email").to_owned())
        };
        Ok(table.rows.iter().map(row).collect())
    }

    #[test]
    fn a_file_is_read_whatever_saved_it() {
        let expected = vec![(2, "Möbel, Nord".to_owned(), "a@b.example".to_owned())];
        let plain = "Number,E-Mail,company\n1,a@b.example,\"Möbel, Nord\"\n".replace("E-Mail", "email");
        assert_eq!(cells(plain.as_bytes()).unwrap(), expected);
        let marked = [&[0xef, 0xbb, 0xbf], plain.as_bytes()].concat();
        assert_eq!(cells(&marked).unwrap(), expected);
        let windows =
            [b"number;email;company\r\n1;a@b.example;M".as_slice(), &[0xf6], b"bel, Nord\r\n;;\r\n"].concat();
        assert_eq!(cells(&windows).unwrap(), expected);
        let excel = "sep=;\nnumber;email;company\n1;a@b.example;Möbel, Nord\n";
        assert_eq!(cells(excel.as_bytes()).unwrap()[0].0, 3);
    }

    #[test]
    fn what_is_no_csv_says_so() {
        let wrong = [
            (b"PK\x03\x04zip".as_slice(), "zip"),
            (b"", "empty"),
            (b"number,company\n", "email"),
            (b"number,email,shoe size\n", "shoe size"),
            (b"number,email,number\n", "twice"),
        ];
        for (bytes, says) in wrong {
            assert!(cells(bytes).unwrap_err().contains(says), "{says}");
        }
        let mut errors = Vec::new();
        let long = format!("number,email,company\n1,a@b.example,{}\n2,a\n", "x".repeat(10_000_000));
        let table = read(ImportKind::Customers, long.as_bytes(), &mut errors).unwrap();
        assert!(table.rows.is_empty());
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn every_example_can_be_read() {
        for kind in ImportKind::ALL {
            let mut errors = Vec::new();
            assert!(!read(kind, kind.example().as_bytes(), &mut errors).unwrap().rows.is_empty());
            assert!(errors.is_empty());
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_breaks_it(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let mut errors = Vec::new();
            let _ = read(ImportKind::Contacts, &bytes, &mut errors);
            let behind = [b"account,email\n".as_slice(), &bytes].concat();
            let _ = read(ImportKind::Contacts, &behind, &mut errors);
        }
    }
}
