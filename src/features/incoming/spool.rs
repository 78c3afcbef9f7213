//! Raw messages on the disk: one file for each, whole or not there, written and synced before its sender hears
//! that it was taken.
//!
//! The first line of a file is the envelope as JSON, the rest is the message as it came.

use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tokio::sync::Notify;

/// The folder in a data directory. `backup` takes it along.
pub const FOLDER: &str = "incoming";
/// The largest message, in bytes.
pub const LARGEST: usize = 40 * 1024 * 1024;

/// Told when a message came.
pub static CAME: LazyLock<Notify> = LazyLock::new(Notify::new);

/// What the mail server said beside the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Whom failures go to; empty for a bounce.
    pub from: String,
    /// Whom it is for.
    pub to: Vec<String>,
}

fn folder(data_dir: &Path, name: &str) -> std::io::Result<PathBuf> {
    let folder = data_dir.join(FOLDER).join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A message that is being written. Dropped before it was finished it leaves nothing behind.
#[derive(Debug)]
pub struct Unfinished {
    file: File,
    path: PathBuf,
}

impl Unfinished {
    /// Begins a message. `id` is its name and says when it came.
    ///
    /// # Errors
    /// When the disk does not take it: the mail server then keeps it and tries again.
    pub fn begin(data_dir: &Path, id: &str, envelope: &Envelope) -> std::io::Result<Self> {
        let path = folder(data_dir, "new")?.join(format!(".{id}"));
        let mut file = File::create(&path)?;
        let mut head = serde_json::to_vec(envelope)?;
        head.push(b'\n');
        file.write_all(&head)?;
        Ok(Self { file, path })
    }

    /// Writes a piece of it.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn write(&mut self, piece: &[u8]) -> std::io::Result<()> {
        self.file.write_all(piece)
    }

    /// It is whole: from now on it waits, whatever happens.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn finish(self) -> std::io::Result<()> {
        self.file.sync_all()?;
        let name = self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        std::fs::rename(&self.path, self.path.with_file_name(format!("{}.eml", &name[1..])))?;
        // The name, too, has to be there after a crash.
        File::open(self.path.parent().unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Finished it has another name.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Writes a message that is there as a whole.
///
/// # Errors
/// As [`Unfinished::begin`].
pub fn put(data_dir: &Path, id: &str, envelope: &Envelope, raw: &[u8]) -> std::io::Result<()> {
    let mut message = Unfinished::begin(data_dir, id, envelope)?;
    message.write(raw)?;
    message.finish()
}

/// Removes what was begun by a process that was killed: a message that is still being written is younger.
pub fn sweep(data_dir: &Path) -> std::io::Result<()> {
    const ABANDONED: std::time::Duration = std::time::Duration::from_secs(3_600);
    for entry in std::fs::read_dir(folder(data_dir, "new")?)?.flatten() {
        let old = entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age > ABANDONED);
        if old && entry.file_name().as_encoded_bytes().starts_with(b".") {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Ids of the messages that wait, oldest first.
pub fn waiting(data_dir: &Path) -> std::io::Result<Vec<String>> {
    let mut ids: Vec<String> = std::fs::read_dir(folder(data_dir, "new")?)?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".eml").map(str::to_owned))
        .filter(|id| !id.starts_with('.'))
        .collect();
    ids.sort();
    Ok(ids)
}

fn find(data_dir: &Path, id: &str) -> PathBuf {
    let folder = data_dir.join(FOLDER);
    let (new, kept) =
        (folder.join("new").join(format!("{id}.eml")), folder.join("kept").join(format!("{id}.eml")));
    if kept.exists() { kept } else { new }
}

/// A message with its envelope, whether it waits or was worked on.
///
/// # Errors
/// When there is none.
pub fn get(data_dir: &Path, id: &str) -> std::io::Result<(Envelope, Vec<u8>)> {
    let mut file = BufReader::new(File::open(find(data_dir, id))?);
    let mut first = String::new();
    file.read_line(&mut first)?;
    let mut raw = Vec::new();
    file.read_to_end(&mut raw)?;
    Ok((serde_json::from_str(&first).unwrap_or_default(), raw))
}

/// A message was worked on: it waits no more, and stays.
///
/// # Errors
/// When the disk does not take it.
pub fn done(data_dir: &Path, id: &str) -> std::io::Result<()> {
    let kept = folder(data_dir, "kept")?;
    std::fs::rename(folder(data_dir, "new")?.join(format!("{id}.eml")), kept.join(format!("{id}.eml")))
}

/// Ids of the messages that were worked on.
pub fn kept(data_dir: &Path) -> std::io::Result<Vec<String>> {
    let names = std::fs::read_dir(folder(data_dir, "kept")?)?.flatten();
    Ok(names
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".eml").map(str::to_owned))
        .collect())
}

/// Removes a message for good.
pub fn remove(data_dir: &Path, id: &str) {
    let _ = std::fs::remove_file(find(data_dir, id));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_kept_as_it_came() {
        let dir = std::env::temp_dir().join(format!("latchkey-spool-{}", std::process::id()));
        let envelope = Envelope { from: "a@x.example".into(), to: vec!["b@y.example".into()] };
        let raw = b"Subject: \xff\r\n\r\n\0binary\n";
        put(&dir, "02", &envelope, raw).unwrap();
        put(&dir, "01", &Envelope::default(), b"").unwrap();
        assert_eq!(waiting(&dir).unwrap(), ["01", "02"]);
        assert_eq!(get(&dir, "02").unwrap(), (envelope, raw.to_vec()));
        done(&dir, "02").unwrap();
        assert_eq!(waiting(&dir).unwrap(), ["01"]);
        assert_eq!(get(&dir, "02").unwrap().1, raw);
        // What a killed process had begun goes after a while.
        for (name, age) in [(".03", 7_200), (".04", 60), ("05.eml", 7_200)] {
            let file = File::create(dir.join(FOLDER).join("new").join(name)).unwrap();
            let now = file.metadata().unwrap().modified().unwrap();
            file.set_modified(now - std::time::Duration::from_secs(age)).unwrap();
        }
        sweep(&dir).unwrap();
        let left = |name: &str| dir.join(FOLDER).join("new").join(name).exists();
        assert_eq!([left(".03"), left(".04"), left("05.eml")], [false, true, true]);
        drop(Unfinished::begin(&dir, "06", &Envelope::default()).unwrap());
        assert!(!left(".06"), "a message that broke off leaves nothing");
        remove(&dir, "02");
        assert!(get(&dir, "02").is_err());
        std::fs::remove_dir_all(dir).unwrap();
    }
}
