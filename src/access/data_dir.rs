//! The data directory: its lock, and the installation's key.

use crate::access::settings;
use crate::platform::clock;
use crate::platform::db::Database;
use crate::platform::token::Key;
use std::fs::{File, TryLockError};
use std::path::Path;

/// A data directory that this process holds; no other may serve it meanwhile.
pub struct Held {
    // Kept for its lock, which ends with the process or this value.
    _lock: File,
}

/// Makes the directory if needed and takes its lock.
///
/// # Errors
/// A sentence for the operator.
pub fn hold(dir: &Path) -> Result<Held, String> {
    make_private(dir)
        .map_err(|error| format!("The data directory {} cannot be created: {error}.", dir.display()))?;
    let file = dir.join("latchkey.lock");
    let lock =
        File::options().create(true).truncate(false).write(true).open(&file).map_err(|error| {
            format!("The data directory {} cannot be written to: {error}.", dir.display())
        })?;
    match lock.try_lock() {
        Ok(()) => Ok(Held { _lock: lock }),
        Err(TryLockError::WouldBlock) => Err(format!(
            "Another Latchkey is using the data directory {}. Stop it first, or choose another directory.",
            dir.display()
        )),
        Err(TryLockError::Error(error)) => {
            Err(format!("The data directory {} cannot be locked: {error}.", dir.display()))
        }
    }
}

/// Makes a directory that only its owner can enter. One that exists keeps its mode.
fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// The installation's key, read from its file.
///
/// # Errors
/// A sentence for the operator, also when there is none: a new one would not fit what the old one sealed.
pub fn key(file: &Path) -> Result<Key, String> {
    match std::fs::read(file) {
        Ok(bytes) => {
            let bytes: [u8; 32] = bytes.try_into().map_err(|_| {
                format!(
                    "The key file {} is damaged: it is not 32 bytes long. Restore it from a backup.",
                    file.display()
                )
            })?;
            Ok(Key::new(bytes))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(format!(
            "The key file {} is missing. Put it back from a backup: with a different key, authenticator apps, recovery codes and the activity trail no longer match.",
            file.display()
        )),
        Err(error) => Err(format!("The key file {} cannot be read: {error}.", file.display())),
    }
}

/// The same; made on the first start, while the database is empty, readable by its owner only.
///
/// # Errors
/// A sentence for the operator.
pub async fn key_or_first(file: &Path, database: &Database) -> Result<Key, String> {
    use std::io::Write as _;
    if file.exists() || !settings::is_empty(database).await? {
        return key(file);
    }
    let bytes = clock::random::<32>();
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut new| new.write_all(&bytes).and_then(|()| new.sync_all()));
    written.map_err(|error| format!("The key file {} cannot be written: {error}.", file.display()))?;
    Ok(Key::new(bytes))
}
