//! Secrets that travel: session tokens and the links in mails. Only their SHA-256 is ever stored.

use crate::platform::clock::random;
use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// A new secret of 256 bits, as 43 characters that are safe in URLs and cookies.
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// What is stored of a token: its SHA-256, in the same alphabet.
pub fn hash(token: &str) -> String {
    hash_bytes(token.as_bytes())
}

/// The same of bytes.
pub fn hash_bytes(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

/// The key of this installation, 256 bits, kept in the data directory beside the database.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A key from its 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A secret of 256 bits that only this key can make from these words, so that it need not be stored to be
    /// shown again.
    pub fn derive(&self, words: &[&str]) -> String {
        URL_SAFE_NO_PAD.encode(self.derive_bytes(words))
    }

    /// A text that only this key can read again, for what has to be stored and is not ours: AES-256-GCM with a
    /// nonce of 96 random bits before it. `purpose` is part of it: what was sealed for one cannot be opened for
    /// another.
    pub fn seal(&self, purpose: &str, text: &str) -> String {
        let nonce = random::<12>();
        let sealed = self.cipher(purpose).encrypt(&nonce.into(), text.as_bytes()).unwrap_or_default();
        URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())
    }

    /// Reads [`Self::seal`]; `None` for what another key sealed, for another purpose, or was changed since.
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<12>()?;
        let text = self.cipher(purpose).decrypt(&(*nonce).into(), sealed).ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self, purpose: &str) -> Aes256Gcm {
        Aes256Gcm::new(&self.derive_bytes(&["sealed", purpose]).into())
    }

    /// The same as bytes.
    pub fn derive_bytes(&self, words: &[&str]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for word in words {
            mac.update(&(word.len() as u64).to_be_bytes());
            mac.update(word.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_256_bits_and_never_repeat() {
        assert_eq!(URL_SAFE_NO_PAD.decode(new_token()).unwrap().len(), 32);
        assert_ne!(new_token(), new_token());
    }

    #[test]
    fn what_is_sealed_is_read_with_the_same_key_for_the_same_purpose_only() {
        let (key, other) = (Key::new([1; 32]), Key::new([2; 32]));
        let sealed = key.seal("mail", "smtp://user:pass@mail.example");
        assert!(!sealed.contains("pass") && sealed != key.seal("mail", "smtp://user:pass@mail.example"));
        assert_eq!(key.unseal("mail", &sealed).as_deref(), Some("smtp://user:pass@mail.example"));
        assert_eq!(key.unseal("other", &sealed), None);
        assert_eq!(other.unseal("mail", &sealed), None);
        assert_eq!(key.unseal("mail", &sealed[1..]), None);
        assert_eq!(key.unseal("mail", ""), None);
    }

    #[test]
    fn derived_secrets_depend_on_key_and_every_word() {
        let key = Key::new([7; 32]);
        let secret = key.derive(&["invitation", "a", "1"]);
        assert_eq!(secret, key.derive(&["invitation", "a", "1"]));
        assert_ne!(secret, key.derive(&["invitation", "a1", ""]));
        assert_ne!(secret, Key::new([8; 32]).derive(&["invitation", "a", "1"]));
    }
}
