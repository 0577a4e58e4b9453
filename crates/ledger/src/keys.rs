//! Ed25519 keys of a log: the signer's half, kept as a PKCS#8 PEM file, and the verifier's half, handed out as one
//! line of text. A key belongs to one name, which is also the origin of the log's checkpoints.
//!
//! The text of a verifying key is the signed-note form `name+key id+key`; its key id depends on the name, so the same
//! key under another name is another key.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signer as _, SigningKey};

use crate::hash::sha256;

/// The signature type of plain Ed25519 in C2SP's signed-note.
const ED25519: u8 = 1;

/// A key or its name is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name would break a signature line.
    #[error("the name of a log key must not be empty nor hold spaces, control characters or \"+\"")]
    Name,
    /// The private key does not read as PKCS#8 PEM of an Ed25519 key. The text is never repeated here.
    #[error("the signing key is not an Ed25519 key in PKCS#8 PEM")]
    Pem,
    /// The public key does not read as `name+key id+key`.
    #[error("the verifying key is not an Ed25519 key written as name+key id+key")]
    Text,
}

/// Signs checkpoints. Its `Debug` text shows only the public half.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// Makes the key from 32 bytes, which the caller takes from the operating system's randomness.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Signer, KeyError> {
        Ok(Signer { name: checked_name(name)?, key: SigningKey::from_bytes(seed) })
    }

    /// Reads a private key as written by [`Signer::to_pem`] or by `openssl genpkey -algorithm ed25519`.
    pub fn from_pem(name: &str, pem: &str) -> Result<Signer, KeyError> {
        let key = SigningKey::from_pkcs8_pem(pem).map_err(|_| KeyError::Pem)?;
        Ok(Signer { name: checked_name(name)?, key })
    }

    /// The private key as PKCS#8 PEM, for a file that only the server may read.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let pem = self.key.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Pem)?;
        Ok(pem.to_string())
    }

    /// The name given to the key: the origin of every checkpoint it signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half, for whoever checks the log.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    pub(crate) fn sign_text(&self, text: &str) -> [u8; 64] {
        self.key.sign(text.as_bytes()).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifying_key())
    }
}

/// Checks checkpoints. Parses from and displays as one line of text, to be published and kept by boards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// The log's name, which its checkpoints carry as origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256(name || 0x0A || 0x01 || 32-byte key).
    pub(crate) fn id(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = sha256(&[self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]).0;
        [a, b, c, d]
    }

    pub(crate) fn accepts(&self, text: &str, signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        // Strict: refuses keys and signatures of small order, which would accept more than one text.
        self.key.verify_strict(text.as_bytes(), &signature).is_ok()
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        let key = STANDARD.encode([&[ED25519], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{id:08x}+{key}", self.name)
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<VerifyingKey, KeyError> {
        // The key itself may hold "+": only the first two divide.
        let (name, rest) = text.split_once('+').ok_or(KeyError::Text)?;
        let (_, key) = rest.split_once('+').ok_or(KeyError::Text)?;
        let key = STANDARD.decode(key).map_err(|_| KeyError::Text)?;
        let Some((&ED25519, key)) = key.split_first() else { return Err(KeyError::Text) };
        let key = key.try_into().map_err(|_| KeyError::Text)?;
        let parsed = VerifyingKey { name: checked_name(name)?, key };
        // Written again it must be the same text: this also compares the key id.
        if parsed.to_string() == text { Ok(parsed) } else { Err(KeyError::Text) }
    }
}

fn checked_name(name: &str) -> Result<String, KeyError> {
    let breaks_the_line = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(breaks_the_line) { Err(KeyError::Name) } else { Ok(name.to_owned()) }
}
