//! SHA-256 hashes of the Merkle tree, and their texts: hexadecimal for people and columns, base64 for checkpoints.
//! Leaves and inner nodes are hashed with different first bytes (RFC 9162, 2.1.1), so that an inner node can never
//! be passed off as a leaf.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// 32 bytes of SHA-256: of a leaf, of an inner node, or a commitment. Shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// The text is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 32 bytes, written as 64 hexadecimal digits or 44 characters of base64")]
pub struct InvalidHash;

impl Hash {
    /// 64 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        self.to_string()
    }

    /// Reads 64 hexadecimal digits of either case.
    pub fn from_hex(text: &str) -> Result<Hash, InvalidHash> {
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(InvalidHash);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| InvalidHash)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| InvalidHash)?;
        }
        Ok(Hash(hash))
    }

    /// 44 characters of padded base64 (RFC 4648, section 4), the form in a checkpoint.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_base64`] writes, and nothing looser.
    pub fn from_base64(text: &str) -> Result<Hash, InvalidHash> {
        let bytes = STANDARD.decode(text).map_err(|_| InvalidHash)?;
        bytes.try_into().map(Hash).map_err(|_| InvalidHash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// The hash of one leaf: SHA-256(0x00 || bytes). The bytes come from [`crate::Canonical`].
pub fn leaf_hash(canonical: &[u8]) -> Hash {
    sha256(&[&[0], canonical])
}

/// The hash of an inner node: SHA-256(0x01 || left || right).
pub(crate) fn node_hash(left: Hash, right: Hash) -> Hash {
    sha256(&[&[1], &left.0, &right.0])
}

/// The root of a tree without leaves: SHA-256 of nothing.
pub(crate) fn empty_root() -> Hash {
    sha256(&[])
}

pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    Hash(digest.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_comes_back_from_both_of_its_texts() {
        let hash = leaf_hash(b"one credit");
        assert_eq!(Hash::from_hex(&hash.to_hex()), Ok(hash));
        assert_eq!(Hash::from_hex(&hash.to_hex().to_uppercase()), Ok(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
    }

    #[test]
    fn texts_of_another_length_or_alphabet_are_refused() {
        let hex = "0".repeat(64);
        for text in ["", &hex[1..], &format!("{hex}0"), &format!("+{}", &hex[1..]), &"é".repeat(32)] {
            assert_eq!(Hash::from_hex(text), Err(InvalidHash), "{text}");
        }
        let base64 = Hash([0; 32]).to_base64();
        for text in ["", "AAAA", base64.trim_end_matches('='), &format!("{base64}\n"), &base64.replace('A', "-")] {
            assert_eq!(Hash::from_base64(text), Err(InvalidHash), "{text}");
        }
    }
}
