//! Recovery codes: ten, shown once, each good once in place of a code or passkey.
//!
//! A code has 80 bits of its own, so its SHA-256 with the account's id is all that is stored.

use domain::AccountId;
use domain::access::{Actor, Who};
use store::{WriteTx, second_factors};

use super::notices::{self, Notice};
use crate::chance::hash_of_secret;
use crate::{App, Error, Result, audit};

const CODES: usize = 10;
/// Without letters and digits that are read as one another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Puts new codes in the place of all earlier ones and returns them this once.
pub(super) async fn make(app: &App, tx: &mut WriteTx, account: AccountId) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..CODES).map(|_| written(app.chance.bytes())).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| hash(account, code)).collect();
    second_factors::replace_codes(tx, account, &hashes, app.clock.now()).await?;
    Ok(codes)
}

/// Makes new codes for the actor, whose earlier ones end.
///
/// Errors: `Invalid` on `codes` without a second factor.
pub async fn renew(app: &App, actor: &Actor) -> Result<Vec<String>> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let mut tx = app.store.write().await?;
    store::accounts::lock(&mut tx, account).await?;
    if !second_factors::factors(&mut tx, account).await?.any() {
        return Err(Error::invalid("codes", "Turn on an authenticator app or a passkey first."));
    }
    let codes = make(app, &mut tx, account).await?;
    audit::record(app, &mut tx, actor, "second_factor.new_codes", account, None, "").await?;
    notices::tell(app, &mut tx, account, Notice::NewRecoveryCodes).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Uses a code up, however it is spaced. `false`: it is none of the account's, or was used.
pub(super) async fn take(app: &App, tx: &mut WriteTx, account: AccountId, typed: &str) -> Result<bool> {
    Ok(second_factors::take_code(tx, account, &hash(account, typed), app.clock.now()).await?)
}

/// 16 letters in groups of four.
fn written(bytes: [u8; 10]) -> String {
    let number = bytes.iter().fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    let letter = |place: u32| char::from(LETTERS[usize::try_from((number >> (5 * place)) & 31).unwrap_or_default()]);
    let letters: Vec<char> = (0..16).map(letter).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn hash(account: AccountId, typed: &str) -> Vec<u8> {
    let letters = typed.chars().filter(|letter| letter.is_ascii_alphanumeric());
    let letters: String = letters
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            letter => letter,
        })
        .collect();
    hash_of_secret(&format!("{account} {letters}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_sixteen_letters_and_reads_the_same_however_it_is_typed() {
        let code = written([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(code, "1000-0000-0000-00wz");
        let account = AccountId::new(uuid::Uuid::nil());
        for typed in ["1000 0000 0000 00WZ", "IOOO-OOOO-0000-00wz", "l00000000000 00wz"] {
            assert_eq!(hash(account, typed), hash(account, &code), "{typed}");
        }
        assert_ne!(hash(AccountId::new(uuid::Uuid::max()), &code), hash(account, &code));
    }
}
