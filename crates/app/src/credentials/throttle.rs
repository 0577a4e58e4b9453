//! How many files this process looks at in a minute. Nobody signs in to verify, so the limit is one for all: it keeps
//! strangers from keeping the cores busy, and an honest visitor waits for seconds.

use std::sync::{Mutex, PoisonError};

const MOST: i64 = 120;
const SECOND: i64 = 1_000_000;
/// Time after which one more may be looked at.
const EACH: i64 = 60 * SECOND / MOST;

/// Full at first; each file takes one out.
#[derive(Debug, Default)]
pub struct Throttle {
    /// When the bucket will be full again, in microseconds.
    full_at: Mutex<i64>,
}

impl Throttle {
    /// Takes one; otherwise says in how many seconds there is one again.
    pub fn take(&self, now: i64) -> Result<(), i64> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let after = (*full_at).max(now) + EACH;
        let too_late = after - now - MOST * EACH;
        if too_late > 0 {
            return Err((too_late + SECOND - 1) / SECOND);
        }
        *full_at = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_brings_back_what_a_minute_may_take() {
        let throttle = Throttle::default();
        assert!((0..MOST).all(|_| throttle.take(0).is_ok()));
        assert_eq!(throttle.take(0), Err(1));
        assert!(throttle.take(EACH).is_ok());
        assert_eq!(throttle.take(EACH), Err(1));
        assert!((0..MOST).all(|_| throttle.take(61 * SECOND).is_ok()));
    }
}
