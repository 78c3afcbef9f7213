//! A form is done once: by a double click, or a retry on a bad line, it is sent again and only answered
//! again.
//!
//! Each form carries a random mark, `_once`. What a form changes and the row that says it was done are one
//! transaction, so that it holds across a crash and between processes. The answer is stored behind it, sealed
//! with a key that needs the mark: the row tells nobody anything. Only whoever has a session is remembered,
//! only forms, only what was changed, and for [`MINUTES`].

use crate::error::{AppError, Result};
use crate::platform::db::{Conn, args};
use crate::platform::token::{self, Key};
use crate::types::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// How long a form is remembered.
pub const MINUTES: i64 = 60;
/// Lengths of a mark, in characters.
const MARK: std::ops::RangeInclusive<usize> = 16..=64;
/// The longest answer that is stored, in bytes; a form's is a sentence, a path, and perhaps a cookie.
const LONGEST: usize = 16 * 1024;

const BEGIN: &str =
    "INSERT INTO idempotency_keys (key_hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const SETTLE: &str = "UPDATE idempotency_keys SET answer = $2 WHERE key_hash = $1";
const UNDO: &str = "DELETE FROM idempotency_keys WHERE key_hash = $1";
const FIND: &str = "SELECT answer FROM idempotency_keys WHERE key_hash = $1 AND expires_at > $2";

/// What names one form that was sent, and seals its answer.
pub struct Once {
    hash: String,
    seal: [u8; 32],
    written: AtomicBool,
}

/// What a form was answered.
#[derive(Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The body.
    pub body: String,
    /// The cookies.
    pub cookies: Vec<String>,
}

/// What is known of a form.
pub enum FormStatus {
    /// It was not done.
    New,
    /// It was done, and its answer is lost.
    Done,
    /// It was done and answered.
    Answered(StoredAnswer),
}

impl Once {
    /// The form in a request of a session to this server function; `None` for a mark that none of ours is.
    pub fn of(key: &Key, session: &str, path: &str, mark: &str, body: &[u8]) -> Option<Self> {
        if !MARK.contains(&mark.len()) {
            return None;
        }
        let digest = token::hash_bytes(body);
        let words = |word| [word, session, path, mark, digest.as_str()];
        Some(Self {
            hash: key.derive(&words("form")),
            seal: key.derive_bytes(&words("answer")),
            written: AtomicBool::new(false),
        })
    }

    /// What names the form.
    pub fn name(&self) -> &str {
        &self.hash
    }

    /// Was it written that the form is done?
    pub fn is_written(&self) -> bool {
        self.written.load(Ordering::Relaxed)
    }

    fn key(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&CHACHA20_POLY1305, &self.seal).ok().map(LessSafeKey::new)
    }

    /// The key seals one answer only, so that its nonce can be the same each time.
    fn sealed(&self, answer: &StoredAnswer) -> Option<String> {
        let mut bytes = serde_json::to_vec(answer).ok().filter(|bytes| bytes.len() <= LONGEST)?;
        self.key()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key([0; 12]), Aad::empty(), &mut bytes)
            .ok()?;
        Some(STANDARD_NO_PAD.encode(bytes))
    }

    fn opened(&self, sealed: &str) -> Option<StoredAnswer> {
        let mut bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let plain = self
            .key()?
            .open_in_place(Nonce::assume_unique_for_key([0; 12]), Aad::empty(), &mut bytes)
            .ok()?;
        serde_json::from_slice(plain).ok()
    }

    /// Writes that the form is done, in the transaction of what it changes.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it was done meanwhile: nothing of this transaction may stay.
    pub(super) async fn write(&self, conn: &mut Conn, now: Timestamp) -> Result<()> {
        if self.is_written() {
            return Ok(());
        }
        let done = conn.execute(BEGIN, args![&self.hash, now.plus_minutes(MINUTES).0]).await?;
        if done == 0 {
            return Err(AppError::Conflict(
                "This form was already sent a moment ago. Nothing was done twice.".into(),
            ));
        }
        self.written.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// What is known of the form.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find(&self, conn: &mut Conn, now: Timestamp) -> Result<FormStatus> {
        let row: Option<Option<String>> = conn.optional_value(FIND, args![&self.hash, now.0]).await?;
        Ok(match row {
            None => FormStatus::New,
            Some(answer) => {
                answer.and_then(|sealed| self.opened(&sealed)).map_or(FormStatus::Done, FormStatus::Answered)
            }
        })
    }

    /// Stores the answer of a form that was done; forgets a form that came to nothing after all.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn settle(&self, conn: &mut Conn, answer: Option<&StoredAnswer>) -> Result<()> {
        match answer {
            Some(answer) => conn.execute(SETTLE, args![&self.hash, self.sealed(answer)]).await?,
            None => conn.execute(UNDO, args![&self.hash]).await?,
        };
        Ok(())
    }
}
