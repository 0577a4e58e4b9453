//! What an account's owner hears at the address on file whenever something about signing in changes.

use domain::AccountId;
use store::WriteTx;

use crate::mail::{self, AccountLetter, Letter};
use crate::{App, Result};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    AuthenticatorOn,
    AuthenticatorOff,
    /// By its owner's name for it.
    PasskeyAdded(String),
    PasskeyRemoved(String),
    /// Its counter went back, as when there is a copy of it.
    PasskeyCopied(String),
    NewRecoveryCodes,
    /// How many are left.
    RecoveryCodeUsed(i64),
    /// The password was right, and many codes were wrong.
    CodesWrong,
    /// In a browser that was not known; what it says it is.
    NewDevice(String),
    /// The factors were taken away because a person granted it.
    FactorsCleared,
}

/// Queues the letter.
pub(super) async fn tell(app: &App, tx: &mut WriteTx, account: AccountId, notice: Notice) -> Result<()> {
    let Some(account) = store::accounts::find(tx, account).await? else { return Ok(()) };
    let letter = Letter::Account(AccountLetter::Notice { name: &account.name, notice: &notice });
    mail::queue(app, tx, &account.email, &letter).await
}
