//! The PDFs of invoices on the disk: each is named by the hash of what it holds, written and synced before the row that
//! names it commits. None is ever written twice or changed; one that no row came to name is removed after a while.

use crate::access::lifetimes::is_turn_of;
use crate::access::state::AppState;
use crate::error::Result;
use crate::platform::db::internal;
use crate::types::Timestamp;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The folder in a data directory. `backup` takes it along.
pub const FOLDER: &str = "documents";
/// After this a document that no row names was left by a transaction that gave up.
const ORPHANED: Duration = Duration::from_secs(24 * 3_600);

/// A document that was written.
#[derive(Clone, Debug)]
pub struct KeptDocument {
    /// SHA-256 in hexadecimal digits: its name.
    pub hash: String,
    /// Bytes.
    pub size: i64,
}

/// What a document is.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// As people read it.
    Pdf,
    /// As their programs do.
    Xml,
}

impl Format {
    /// How the names of its files end, without a dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xml => "xml",
        }
    }
}

/// Where a document is, inside the data directory.
pub fn path(hash: &str, format: Format) -> PathBuf {
    let start: String = hash.chars().take(2).collect();
    Path::new(FOLDER).join(start).join(format!("{hash}.{}", format.ending()))
}

/// Writes a document.
pub async fn keep(app: &AppState, bytes: Vec<u8>, format: Format) -> Result<KeptDocument> {
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let (at, unfinished) = (app.config().data_dir.join(path(&hash, format)), format!(".{}", app.new_id()));
    let write = move || -> std::io::Result<()> {
        let folder = at.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let unfinished = folder.join(unfinished);
        let mut file = std::fs::File::create(&unfinished)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &at)?;
        std::fs::File::open(folder)?.sync_all()
    };
    let written = tokio::task::spawn_blocking(write).await.map_err(|error| internal(&error))?;
    written.map_err(|error| internal(&error))?;
    Ok(KeptDocument { hash, size })
}

/// Reads a document.
pub async fn read(app: &AppState, hash: &str, format: Format) -> Result<Vec<u8>> {
    tokio::fs::read(app.config().data_dir.join(path(hash, format))).await.map_err(|error| internal(&error))
}

/// Documents that are old enough to be named by a row by now. Each folder has one turn a day.
pub fn old(data_dir: &Path, now: Timestamp) -> Vec<(String, PathBuf)> {
    let entries = |dir: &Path| std::fs::read_dir(dir).into_iter().flatten().flatten().collect::<Vec<_>>();
    let name = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let is_old = |entry: &std::fs::DirEntry| {
        let age = entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age > ORPHANED)
    };
    entries(&data_dir.join(FOLDER))
        .into_iter()
        .filter(|folder| is_turn_of(&name(folder), now))
        .flat_map(|folder| entries(&folder.path()))
        .filter(is_old)
        .map(|entry| (name(&entry).split('.').next().unwrap_or_default().to_owned(), entry.path()))
        .collect()
}
