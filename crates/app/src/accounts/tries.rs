//! How often somebody may try a password or a code. Tries are counted in the database before they are looked at,
//! so that many at once gain nothing and a restart forgets none. The wait grows and ends: nobody locks another
//! person out for good.

use store::WriteTx;
use store::attempts::Tries;

use crate::clock::{HOUR, MINUTE};
use crate::{App, Error, Result};

/// A kind of try and what it may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    kind: &'static str,
    /// Tries older than this count no more (microseconds).
    window: i64,
    /// Tries that cost no wait.
    free: i64,
    longest_seconds: i64,
}

/// Passwords at sign-in, by address.
pub(super) const SIGN_IN: Limit = Limit { kind: "sign_in", window: HOUR, free: 5, longest_seconds: 60 };
/// Codes, by account, from whoever knows the password: at most some 110 of a million in a day.
pub(super) const SECOND_FACTOR: Limit =
    Limit { kind: "second_factor", window: 24 * HOUR, free: 5, longest_seconds: 15 * MINUTE / 1_000_000 };
/// Passwords and codes asked for again in a session, by account.
pub(super) const PROOF: Limit =
    Limit { kind: "proof", window: 24 * HOUR, free: 5, longest_seconds: 15 * MINUTE / 1_000_000 };

impl Limit {
    /// Seconds to wait after so many failures within the window.
    fn wait_seconds(self, failures: i64) -> i64 {
        match failures - self.free {
            ..0 => 0,
            over @ 0..20 => (1 << over).min(self.longest_seconds),
            _ => self.longest_seconds,
        }
    }

    /// Counts a try and gives how many came before, or `TooMany`. Commit before looking at what was typed.
    pub(super) async fn count(self, app: &App, tx: &mut WriteTx, subject: &str) -> Result<i64> {
        let now = app.clock.now();
        let Tries { count, latest } = store::attempts::count_since(tx, self.kind, subject, now - self.window).await?;
        let (waited, wait) = ((now - latest) / 1_000_000, self.wait_seconds(count));
        if waited < wait {
            return Err(Error::TooMany { retry_after_seconds: wait - waited });
        }
        store::attempts::insert(tx, app.chance.id(now), self.kind, subject, now).await?;
        Ok(count)
    }

    /// Forgets the tries: the person proved to be who they are.
    pub(super) async fn forget(self, tx: &mut WriteTx, subject: &str) -> Result<()> {
        Ok(store::attempts::delete(tx, self.kind, subject).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_to_a_minute_and_no_further() {
        let waits: Vec<i64> = (0..14).map(|tries| SIGN_IN.wait_seconds(tries)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(SIGN_IN.wait_seconds(i64::MAX), 60);
        assert_eq!(SECOND_FACTOR.wait_seconds(40), 900);
    }
}
