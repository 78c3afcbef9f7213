//! What is done with the database file itself: looked into, backed up, restored.

use super::engine::{Conn, DbError, DbResult, args, look_into, newer_sentence, newest_migration, open_file};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The file of the database in a data directory.
pub fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("latchkey.db")
}

const SETTING: &str = "SELECT value FROM settings WHERE name = $1";

/// A setting that lives in the database rather than on the command line.
pub async fn setting(connection: &mut Conn, name: &str) -> DbResult<Option<String>> {
    connection.optional_value(SETTING, args![name]).await
}

/// The setting that is there in a demo's database.
pub const DEMO: &str = "demo";

/// What `doctor` finds in a database without changing it.
pub struct Inspection {
    /// It is marked as a demo.
    pub demo: bool,
    /// The next start will bring it to this version.
    pub older: bool,
}

/// Reads a database file from end to end without changing it: version, pages, indexes, foreign keys.
///
/// # Errors
/// A sentence for the operator.
pub async fn inspect(file: &Path) -> Result<Inspection, String> {
    let unreadable = |error: DbError| format!("The database {} cannot be read: {error}.", file.display());
    let mut connection = look_into(file).await?;
    let verdict: String = connection.value("PRAGMA integrity_check", args![]).await.map_err(unreadable)?;
    if verdict != "ok" {
        return Err(format!("The database {} is damaged: {verdict}. Restore a backup.", file.display()));
    }
    let orphans: Vec<String> =
        connection.values("PRAGMA foreign_key_check", args![]).await.map_err(unreadable)?;
    if !orphans.is_empty() {
        return Err(format!(
            "The database {} has {} rows that point to nothing. Restore a backup.",
            file.display(),
            orphans.len()
        ));
    }
    let applied: i64 = connection
        .value("SELECT coalesce(max(version), 0) FROM _sqlx_migrations", args![])
        .await
        .map_err(unreadable)?;
    let ours = newest_migration();
    if applied > ours {
        return Err(newer_sentence(file));
    }
    let demo = setting(&mut connection, DEMO).await.map_err(unreadable)?.is_some();
    Ok(Inspection { demo, older: applied < ours })
}

/// When the last entry of any audit trail was written in a database; 0 for none. UTC milliseconds.
///
/// # Errors
/// A sentence for the operator.
pub async fn newest(file: &Path) -> Result<i64, String> {
    let mut connection = look_into(file).await?;
    // Ids begin with the time at which they were made. A database that is damaged, or has no audit trail yet,
    // is newer than none.
    let last: DbResult<Option<i64>> =
        connection.optional_value("SELECT at FROM activity ORDER BY id DESC LIMIT 1", args![]).await;
    Ok(last.ok().flatten().unwrap_or_default())
}

/// What stands after the name of a database that a backup has replaced.
const REPLACED: &str = "replaced";

/// Copies a backup to where the database is; the old one is kept beside it, with `.replaced` behind its name,
/// and a number where there is one already. Returns how many messages waited in it.
///
/// # Errors
/// A sentence for the operator.
pub async fn put_in_place(backup: &Path, target: &Path) -> Result<i64, String> {
    let failed =
        |error: std::io::Error| format!("The backup could not be copied to {}: {error}.", target.display());
    let mut log = backup.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        let file = backup.display();
        return Err(format!(
            "{file} is a database with a log beside it, not a backup: its latest changes are in {}. Make a backup of it with `latchkey backup` first.",
            Path::new(&log).display()
        ));
    }
    let half = target.with_extension("restoring");
    std::fs::copy(backup, &half)
        .and_then(|_| File::open(&half))
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    // The old one is kept beside, with what it had not yet taken over from its log: it is not the new one's.
    // None that is kept is replaced.
    const PARTS: [&str; 3] = ["db", "db-wal", "db-shm"];
    let kept = |part: &str, n: u32| {
        target.with_extension(if n == 1 {
            format!("{part}.{REPLACED}")
        } else {
            format!("{part}.{REPLACED}-{n}")
        })
    };
    let free = (1..).find(|n| PARTS.iter().all(|part| !kept(part, *n).exists())).unwrap_or(1);
    for part in PARTS {
        let old = target.with_extension(part);
        if old.exists() {
            std::fs::rename(&old, kept(part, free)).map_err(failed)?;
        }
    }
    std::fs::rename(&half, target).map_err(failed)?;
    let unreadable = |error: DbError| format!("The database {} cannot be read: {error}.", target.display());
    let mut connection = look_into(target).await?;
    connection.value("SELECT count(*) FROM outbox WHERE state = 'queued'", args![]).await.map_err(unreadable)
}

/// Writes a consistent copy of a database to a new file while others use it.
///
/// # Errors
/// A sentence for the operator.
pub async fn backup(from: &Path, to: &Path) -> Result<(), String> {
    if !from.exists() {
        return Err(format!("There is no database at {}.", from.display()));
    }
    if to.exists() {
        return Err(format!("{} already exists. Name a new file for the backup.", to.display()));
    }
    let target = to.to_str().ok_or("The name of the backup file is not text.")?;
    let mut connection = open_file(from)
        .await
        .map_err(|error| format!("The database {} cannot be opened: {error}.", from.display()))?;
    connection
        .execute("VACUUM INTO $1", args![target])
        .await
        .map_err(|error| format!("The backup {} could not be written: {error}.", to.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Database;

    #[tokio::test]
    async fn a_database_from_a_newer_version_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = file(dir.path());
        Database::open(&file).await.unwrap();
        let mut connection = open_file(&file).await.unwrap();
        let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)";
        connection.execute(later, args![]).await.unwrap();
        let sentence = format!(
            "The database {} was written by a newer version of Latchkey. Install that version, or restore a backup made with this one.",
            file.display()
        );
        assert_eq!(Database::open(&file).await.err(), Some(sentence.clone()));
        assert_eq!(inspect(&file).await.err(), Some(sentence));
    }
}
