//! Files of tickets on the disk: each is named by the hash of what it holds, written and synced before the row
//! that names it, and removed when no row does.

use super::model::{FILE, FILES};
use super::words;
use crate::access::System;
use crate::access::lifetimes::is_turn_of;
use crate::access::state::AppState;
use crate::error::{AppError, Result};
use crate::outbox::MailFile;
use crate::platform::db::{Conn, args, internal};
use crate::types::AccountId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt as _;

/// The folder of the files in a data directory. `backup` takes it along.
pub const FOLDER: &str = "attachments";
/// Files that are being brought, in that folder.
const UNFINISHED: &str = "unfinished";
/// Hours after which a file that no row names is removed: its row may be about to be written.
const ORPHAN_HOURS: u64 = 24;
/// Bytes that the people of one account may bring in a day.
const OF_ACCOUNT: i64 = 2 * 1024 * 1024 * 1024;
/// Bytes of files that one person may have put to what they are writing.
const OF_ONE: i64 = 10 * 25 * 1024 * 1024;

/// Bytes of files that an answer carries by mail; more stay in the ticket. A third is added on the way, and many mail
/// servers take 20 MB.
const CARRIED: i64 = 10 * 1024 * 1024;

fn path_of(hash: &str) -> PathBuf {
    let start: String = hash.chars().take(2).collect();
    Path::new(FOLDER).join(start).join(hash)
}

/// Where what a hash names is kept.
pub fn path(app: &AppState, hash: &str) -> PathBuf {
    app.config().data_dir.join(path_of(hash))
}

const OF_MESSAGE: &str =
    "SELECT name, content_type, size, hash FROM attachments WHERE message_id = $1 ORDER BY id LIMIT 100";

/// The files of a message, as a mail carries them, or, where they are too large for one, their names.
pub async fn carried(
    conn: &mut Conn,
    message: &str,
) -> Result<std::result::Result<Vec<MailFile>, Vec<String>>> {
    let rows: Vec<(String, String, i64, String)> = conn.all(OF_MESSAGE, args![message]).await?;
    if rows.iter().map(|(_, _, size, _)| size).sum::<i64>() > CARRIED {
        return Ok(Err(rows.into_iter().map(|(name, ..)| name).collect()));
    }
    let file = |(name, content_type, _, hash): (String, String, i64, String)| MailFile {
        path: path_of(&hash).to_string_lossy().into_owned(),
        name,
        content_type,
    };
    Ok(Ok(rows.into_iter().map(file).collect()))
}

/// A file that was written, before a row names it.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// Name of the file on the disk.
    pub hash: String,
    /// Bytes.
    pub size: i64,
    /// What it is, by its first bytes.
    pub content_type: &'static str,
}

/// A file that is being written.
pub struct WritingFile {
    file: tokio::fs::File,
    at: PathBuf,
    hash: Sha256,
    size: u64,
    head: Vec<u8>,
}

impl WritingFile {
    /// Begins a file.
    pub async fn new(app: &AppState) -> Result<Self> {
        let folder = app.config().data_dir.join(FOLDER).join(UNFINISHED);
        tokio::fs::create_dir_all(&folder).await.map_err(|error| internal(&error))?;
        let at = folder.join(app.new_id());
        let file = tokio::fs::File::create(&at).await.map_err(|error| internal(&error))?;
        Ok(Self { file, at, hash: Sha256::new(), size: 0, head: Vec::new() })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// [`AppError::Invalid`] beside `files` for too many.
    pub async fn add(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        if self.size > FILE {
            return Err(AppError::field("files", words::FILE_TOO_LARGE));
        }
        let missing = 512_usize.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..bytes.len().min(missing)]);
        self.hash.update(bytes);
        self.file.write_all(bytes).await.map_err(|error| internal(&error))
    }

    /// Puts the file where its hash says.
    pub async fn finish(mut self, app: &AppState) -> Result<KeptFile> {
        let hash = URL_SAFE_NO_PAD.encode(std::mem::take(&mut self.hash).finalize());
        let to = path(app, &hash);
        let put = async {
            self.file.sync_all().await?;
            if let Some(folder) = to.parent() {
                tokio::fs::create_dir_all(folder).await?;
            }
            tokio::fs::rename(&self.at, &to).await
        };
        put.await.map_err(|error| internal(&error))?;
        let content_type = infer::get(&self.head).map_or("application/octet-stream", |kind| kind.mime_type());
        Ok(KeptFile { hash, size: i64::try_from(self.size).unwrap_or(i64::MAX), content_type })
    }

    /// Removes what was written.
    pub async fn drop(self) {
        let _ = tokio::fs::remove_file(&self.at).await;
    }
}

/// Writes a whole file.
pub async fn keep(app: &AppState, bytes: &[u8]) -> Result<KeptFile> {
    let mut writing = WritingFile::new(app).await?;
    match writing.add(bytes).await {
        Ok(()) => writing.finish(app).await,
        Err(error) => {
            writing.drop().await;
            Err(error)
        }
    }
}

/// A file that comes in pieces: where the next has to begin. Pieces are appended, and each says where it begins,
/// so that one that is sent again is not there twice.
///
/// # Errors
/// [`AppError::Invalid`] beside `files` for too large a file, and for too many that `user` has begun.
pub async fn append(app: &AppState, user: &str, upload: &str, offset: u64, bytes: &[u8]) -> Result<u64> {
    let folder = app.config().data_dir.join(FOLDER).join(UNFINISHED);
    let at = folder.join(format!("{user}-{upload}"));
    let begun = || std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let own = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with(user);
    if offset == 0 && begun().filter(own).count() >= 2 * FILES {
        return Err(AppError::field("files", words::TOO_MANY_FILES));
    }
    let work = async {
        tokio::fs::create_dir_all(&folder).await?;
        let mut file = tokio::fs::OpenOptions::new().create(true).append(true).open(&at).await?;
        let length = file.metadata().await?.len();
        if length == offset && length + bytes.len() as u64 <= FILE {
            file.write_all(bytes).await?;
            file.flush().await?;
            return Ok(length + bytes.len() as u64);
        }
        std::io::Result::Ok(length)
    };
    let length = work.await.map_err(|error| internal(&error))?;
    if offset + bytes.len() as u64 > FILE {
        let _ = tokio::fs::remove_file(&at).await;
        return Err(AppError::field("files", words::FILE_TOO_LARGE));
    }
    Ok(length)
}

/// Ends a file that came in pieces.
pub async fn assemble(app: &AppState, user: &str, upload: &str) -> Result<KeptFile> {
    use tokio::io::AsyncReadExt as _;
    let at = app.config().data_dir.join(FOLDER).join(UNFINISHED).join(format!("{user}-{upload}"));
    let mut source = tokio::fs::File::open(&at).await.map_err(|_| AppError::NotFound)?;
    let mut writing = WritingFile::new(app).await?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = source.read(&mut piece).await.map_err(|error| internal(&error))?;
        if read == 0 {
            break;
        }
        writing.add(&piece[..read]).await?;
    }
    let kept = writing.finish(app).await?;
    let _ = tokio::fs::remove_file(&at).await;
    Ok(kept)
}

const INSERT: &str = r"INSERT INTO attachments (id, account_id, ticket_id, message_id, user_id, name, content_type, size,
        hash, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const OF_DRAFT: &str = "SELECT count(*) FROM attachments WHERE user_id = $1 AND account_id = $2 AND ticket_id = $3 AND message_id IS NULL";
const OF_DAY: &str = "SELECT coalesce(sum(size), 0) FROM attachments WHERE account_id = $1 AND created_at > $2 AND user_id IS NOT NULL";
const OF_PERSON: &str =
    "SELECT coalesce(sum(size), 0) FROM attachments WHERE user_id = $1 AND message_id IS NULL";

/// A name for a file, as people gave it, without what no file name holds.
pub fn name(typed: &str) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .take(150)
        .collect();
    if name.trim().is_empty() { words::FILE.to_owned() } else { name.trim().to_owned() }
}

/// Whose file it is.
pub struct FileOwner<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// The ticket; empty for a new one.
    pub ticket: &'a str,
    /// The message, or `None` for a draft.
    pub message: Option<&'a str>,
    /// The login whose draft it is.
    pub user: Option<&'a str>,
}

/// Names a kept file in a row. Returns its id.
///
/// # Errors
/// [`AppError::Invalid`] beside `files` for too many in a draft.
pub async fn insert<S>(
    tx: &mut crate::access::Tx<S>,
    of: &FileOwner<'_>,
    name: &str,
    kept: &KeptFile,
) -> Result<String> {
    if let (None, Some(user)) = (of.message, of.user) {
        let count: i64 = tx.conn().value(OF_DRAFT, args![user, of.account.as_str(), of.ticket]).await?;
        let bytes: i64 = tx.conn().value(OF_PERSON, args![user]).await?;
        if count >= i64::try_from(FILES).unwrap_or_default() || bytes + kept.size > OF_ONE {
            return Err(AppError::field("files", words::TOO_MANY_FILES));
        }
        let since = tx.now().plus_days(-1).0;
        let today: i64 = tx.conn().value(OF_DAY, args![of.account.as_str(), since]).await?;
        if today + kept.size > OF_ACCOUNT {
            return Err(AppError::field("files", words::TOO_MUCH_TODAY));
        }
    }
    let (id, now) = (tx.new_id(), tx.now().0);
    let args = args![
        &id,
        of.account.as_str(),
        of.ticket,
        of.message,
        of.user,
        name,
        kept.content_type,
        kept.size,
        &kept.hash,
        now
    ];
    tx.conn().execute(INSERT, args).await?;
    Ok(id)
}

const REMOVE: &str =
    "DELETE FROM attachments WHERE id = $1 AND user_id = $2 AND account_id = $3 AND message_id IS NULL";

/// Takes a file out of a draft. Says whether it was there.
pub async fn remove(conn: &mut Conn, id: &str, user: &str, account: &AccountId) -> Result<bool> {
    Ok(conn.execute(REMOVE, args![id, user, account.as_str()]).await? > 0)
}

const NAMED: &str = "SELECT EXISTS (SELECT 1 FROM attachments WHERE hash = $1)";

/// Removes files that no row names: of messages and accounts that are gone, and of what was never finished. Each
/// folder is looked through once a day.
pub async fn tidy(app: &AppState) -> Result<()> {
    let old = |path: &Path| {
        let modified = path.metadata().and_then(|data| data.modified()).ok();
        let age = modified.and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age.as_secs() > ORPHAN_HOURS * 3_600)
    };
    let inside = |at: &Path| {
        std::fs::read_dir(at).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let name =
        |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let now = app.now();
    let mut reader = System::of(app).read().await?;
    let folders = inside(&app.config().data_dir.join(FOLDER));
    let folders = folders.iter().filter(|folder| is_turn_of(&name(folder), now));
    for file in folders.flat_map(|folder| inside(folder)).filter(|file| old(file)) {
        if !reader.conn().value::<bool>(NAMED, args![name(&file)]).await? {
            let _ = std::fs::remove_file(&file);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_file_has_a_name_and_no_folder() {
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\Temp\\a.pdf"), "a.pdf");
        assert_eq!(name("gpj\u{202e}.exe"), "gpj.exe");
        assert_eq!(name(" \n "), "file");
        assert_eq!(name(&"é".repeat(300)).chars().count(), 150);
    }
}
