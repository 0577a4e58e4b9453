//! Browsers in which an account was signed in before, so that its owner hears of another one.

use domain::AccountId;

use crate::error::Result;
use crate::tx::WriteTx;

/// What a sign-in tells about the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The account was signed in there before.
    Before,
    /// Somewhere else, but not there.
    Elsewhere,
    /// The account was never signed in.
    Never,
}

/// Notes that the account is signed in there, and says what was known.
pub async fn note(tx: &mut WriteTx, account: AccountId, device: &[u8], now: i64) -> Result<Seen> {
    let (known,): (i64,) =
        one!(tx, (i64,), "select count(*) from known_device where account_id = $1", account.as_uuid())?;
    let again = exec!(
        tx,
        "update known_device set seen_at = $1 where account_id = $2 and device_hash = $3",
        now,
        account.as_uuid(),
        device.to_vec(),
    )?;
    if again == 1 {
        return Ok(Seen::Before);
    }
    exec!(
        tx,
        "insert into known_device (account_id, device_hash, seen_at) values ($1, $2, $3)
         on conflict (account_id, device_hash) do nothing",
        account.as_uuid(),
        device.to_vec(),
        now,
    )?;
    Ok(if known == 0 { Seen::Never } else { Seen::Elsewhere })
}

/// Forgets browsers that were not used since.
pub async fn delete_before(tx: &mut WriteTx, at: i64) -> Result<u64> {
    exec!(tx, "delete from known_device where seen_at < $1", at)
}
