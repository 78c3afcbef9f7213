//! Passwords: argon2id hashes and a strength check (X1; OWASP ASVS 5.0 §6.2).

use crate::error::Result;
use crate::platform::db::internal;
use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use std::sync::{LazyLock, OnceLock};
use tokio::sync::Semaphore;

/// Shortest password accepted, in characters.
pub const MIN: usize = 10;
/// Longest password accepted, in characters.
pub const MAX: usize = 256;

/// At most two hashes are computed at once: each takes 19 MiB and a core.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Memory in KiB, passes and lanes (OWASP Password Storage Cheat Sheet).
const COST: [u32; 3] = [19 * 1024, 2, 1];

// Tests sign in some thousand times, and measure nothing of this: theirs cost next to nothing.
static ARGON2: LazyLock<Argon2<'static>> =
    LazyLock::new(|| argon2(if cfg!(test) { [8, 1, 1] } else { COST }));

fn argon2([memory, passes, lanes]: [u32; 3]) -> Argon2<'static> {
    let params = Params::new(memory, passes, lanes, None).expect("these parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = AT_ONCE.acquire().await.map_err(|error| internal(&error))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| internal(&error))
}

fn hash_now(with: &Argon2<'_>, password: &str) -> String {
    let salt = SaltString::encode_b64(&crate::platform::clock::random::<16>()).expect("16 bytes make a salt");
    with.hash_password(password.as_bytes(), &salt).expect("hashing in memory cannot fail").to_string()
}

/// The hash to store.
pub async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    compute(move || hash_now(&ARGON2, &password)).await
}

/// Does the password belong to this stored hash? Without a hash (no such user) it takes just as long and the
/// answer is no.
pub async fn verify(password: &str, stored: Option<String>) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let password = password.to_owned();
    compute(move || {
        let known = stored.is_some();
        let stored = stored
            .unwrap_or_else(|| NOBODY.get_or_init(|| hash_now(&ARGON2, "nobody has this password")).clone());
        let matches = if is_bcrypt(&stored) {
            bcrypt::verify(&password, &stored).unwrap_or(false)
        } else {
            PasswordHash::new(&stored)
                .is_ok_and(|hash| ARGON2.verify_password(password.as_bytes(), &hash).is_ok())
        };
        known && matches
    })
    .await
}

/// Was this hash brought along from another system? It becomes argon2id at the first sign-in (O3).
pub fn is_bcrypt(stored: &str) -> bool {
    stored.len() == 60 && ["$2a$", "$2b$", "$2y$"].iter().any(|start| stored.starts_with(start))
}

/// How strong a password is, from 0 (guessed at once) to 4, and what would make it stronger.
/// `words` are things an attacker knows: the person's name and address.
pub fn strength(password: &str, words: &[&str]) -> (u8, String) {
    // The estimate takes longer than linear time; what stands after 100 characters does not weaken a
    // password.
    let start: String = password.chars().take(100).collect();
    let estimate = zxcvbn::zxcvbn(&start, words);
    let advice = estimate.feedback().map(|feedback| {
        let warning = feedback.warning().map(|w| w.to_string());
        warning
            .or_else(|| feedback.suggestions().first().map(std::string::ToString::to_string))
            .unwrap_or_default()
    });
    (u8::from(estimate.score()), advice.unwrap_or_default())
}

/// Checks a new password.
///
/// # Errors
/// A sentence that says what would be better.
pub fn check_new(password: &str, words: &[&str]) -> std::result::Result<(), String> {
    // The part of an address before the @ is a word by itself; so is the product's name.
    let parts =
        words.iter().filter_map(|word| word.split_once('@')).flat_map(|(before, after)| [before, after]);
    let words: Vec<&str> = words.iter().copied().chain(parts).chain(["latchkey", "client portal"]).collect();
    let words = words.as_slice();
    let length = password.chars().count();
    if length < MIN {
        return Err(format!("Use at least {MIN} characters."));
    }
    if length > MAX {
        return Err(format!("Use at most {MAX} characters."));
    }
    let (score, advice) = strength(password, words);
    if score < 3 {
        return Err(format!(
            "This password is easy to guess. {}",
            if advice.is_empty() { "Use a few unrelated words." } else { &advice }
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let stored = hash_now(&argon2(COST), "correct horse battery");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse battery", Some(stored.clone())).await.unwrap());
        assert!(!verify("correct horse", Some(stored)).await.unwrap());
        assert!(!verify("nobody has this password", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_that_was_brought_along_fits() {
        let made = bcrypt::hash("correct horse battery", 4).unwrap();
        for start in ["$2a$", "$2b$", "$2y$"] {
            let stored = format!("{start}{}", &made[4..]);
            assert!(is_bcrypt(&stored), "{stored}");
            assert!(verify("correct horse battery", Some(stored.clone())).await.unwrap(), "{stored}");
            assert!(!verify("correct horse", Some(stored)).await.unwrap());
        }
        assert!(!is_bcrypt("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!verify("", Some(String::new())).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_refused_with_advice() {
        assert!(check_new("short", &[]).is_err());
        assert!(check_new("passwordpassword", &[]).is_err());
        assert!(
            check_new(
                "ada.lovelace1815",
                &["ada.lovelace1815@example.com", "Ada Lovelace", "ada.lovelace1815"]
            )
            .is_err()
        );
        assert!(check_new(&"x".repeat(10_000), &[]).is_err());
        assert!(check_new("plum-tractor-evening-92", &[]).is_ok());
    }
}
