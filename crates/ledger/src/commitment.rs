//! Personal fields enter the log as commitments: HMAC-SHA256 under a key of that person. A leaf is public, and a
//! month and day of birth has 366 values: a plain hash could be tried out, this cannot.
//!
//! Deleting the person's key erases what the log says about the person, while every proof stays valid.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Canonical, Hash};

/// Commits to personal fields under a person's own 32 random bytes. Whoever holds the key and the fields can check
/// the commitment by computing it again; whoever holds only the commitment learns nothing.
pub fn commitment(key: &[u8; 32], fields: Canonical) -> Hash {
    // RFC 2104 fills a key up to the hash's block of 64 bytes with zeros; doing it here needs no fallible call.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(&fields.finish());
    Hash(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birthday(month_day: &str) -> Canonical {
        Canonical::new("credence/person/v1").text(month_day)
    }

    #[test]
    fn a_commitment_is_plain_hmac_sha256() {
        // Computed with another implementation (Python's hmac module).
        let key = std::array::from_fn(|i| i as u8);
        let fields = Canonical::new("credence/person/v1").text("Zoë").number(-5).optional_text(None);
        assert_eq!(
            commitment(&key, fields).to_hex(),
            "642c4451a80fef117b1d4cf296d22ecdc10dbebe504f3ab206c87c24b00243df"
        );
    }

    #[test]
    fn it_depends_on_the_key_and_on_the_fields() {
        let one = commitment(&[1; 32], birthday("02-29"));
        assert_eq!(one, commitment(&[1; 32], birthday("02-29")));
        assert_ne!(one, commitment(&[2; 32], birthday("02-29")));
        assert_ne!(one, commitment(&[1; 32], birthday("02-28")));
    }
}
