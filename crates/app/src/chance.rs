//! Chance: ids, secrets and keys. From the operating system, or in tests and the demo from a seed, so
//! that they repeat.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

#[derive(Clone)]
pub struct Chance {
    seeded: Option<Arc<Mutex<Seeded>>>,
}

struct Seeded {
    seed: [u8; 32],
    drawn: u64,
}

impl Chance {
    pub fn system() -> Self {
        Self { seeded: None }
    }

    /// Repeats itself: only for tests and invented data, never for secrets of a real system.
    pub fn seeded(seed: u64) -> Self {
        let seed = Sha256::digest(seed.to_be_bytes()).into();
        Self { seeded: Some(Arc::new(Mutex::new(Seeded { seed, drawn: 0 }))) }
    }

    /// `N` random bytes.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
    #[expect(
        clippy::expect_used,
        reason = "without randomness no secret may be made: stopping is the only safe answer"
    )]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.seeded {
            None => getrandom::fill(&mut bytes).expect("the operating system gives randomness"),
            Some(seeded) => {
                let mut seeded = seeded.lock().unwrap_or_else(PoisonError::into_inner);
                for block in bytes.chunks_mut(32) {
                    seeded.drawn += 1;
                    let mut digest = Sha256::new();
                    digest.update(seeded.seed);
                    digest.update(seeded.drawn.to_be_bytes());
                    block.copy_from_slice(&digest.finalize()[..block.len()]);
                }
            }
        }
        bytes
    }

    /// A UUIDv7 for the given time (microseconds): ids made later sort later.
    pub fn id(&self, now: i64) -> Uuid {
        let millis = u64::try_from(now / 1000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// A 256-bit secret as text, with a prefix that says what it opens.
    pub fn secret(&self, prefix: &str) -> String {
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(self.bytes::<32>()))
    }
}

/// What is stored of a secret: its SHA-256. The secret has 256 bits of its own, so no salt is needed.
pub fn hash_of_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_draws_differ() {
        let (a, b) = (Chance::seeded(1), Chance::seeded(1));
        assert_eq!(a.bytes::<40>(), b.bytes::<40>());
        assert_ne!(a.id(0), a.id(0));
        assert_ne!(Chance::seeded(2).bytes::<8>(), Chance::seeded(1).bytes::<8>());
    }

    #[test]
    fn later_ids_sort_later() {
        let chance = Chance::system();
        assert!(chance.id(1_000_000) < chance.id(2_000_000));
    }
}
