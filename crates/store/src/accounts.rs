//! People who sign in. An account is a person; where they may act is in `seats`.
//!
//! The address in lower case is what must be unique; the address as typed is what mail goes to.

use domain::AccountId;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// A person who signs in. `password_hash` is argon2id in PHC form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub created_at: i64,
    pub disabled_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    account_id: Uuid,
    email: String,
    name: String,
    password_hash: String,
    created_at: i64,
    disabled_at: Option<i64>,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            id: AccountId::new(row.account_id),
            email: row.email,
            name: row.name,
            password_hash: row.password_hash,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        }
    }
}

/// What two spellings of one address have in common.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// `false`: another account has this address.
pub async fn insert(tx: &mut WriteTx, account: &Account) -> Result<bool> {
    let inserted = exec!(
        tx,
        "insert into account (account_id, email, email_key, name, password_hash, created_at, disabled_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (email_key) do nothing",
        account.id.as_uuid(),
        account.email.trim(),
        email_key(&account.email),
        &account.name,
        &account.password_hash,
        account.created_at,
        account.disabled_at,
    )?;
    Ok(inserted == 1)
}

const SELECT: &str =
    "select account_id, email, name, password_hash, created_at, disabled_at from account where account_id = $1";
const SELECT_BY_EMAIL: &str =
    "select account_id, email, name, password_hash, created_at, disabled_at from account where email_key = $1";

pub async fn find(tx: &mut ReadTx, id: AccountId) -> Result<Option<Account>> {
    Ok(maybe!(tx, AccountRow, SELECT, id.as_uuid())?.map(Account::from))
}

/// In whatever case the address is typed.
pub async fn find_by_email(tx: &mut ReadTx, email: &str) -> Result<Option<Account>> {
    Ok(maybe!(tx, AccountRow, SELECT_BY_EMAIL, email_key(email))?.map(Account::from))
}

/// `is_long`: it may stand without a second factor. `false`: there is no such account.
pub async fn set_password(tx: &mut WriteTx, id: AccountId, password_hash: &str, is_long: bool) -> Result<bool> {
    let changed = exec!(
        tx,
        "update account set password_hash = $1, password_is_long = $2 where account_id = $3",
        password_hash,
        is_long,
        id.as_uuid(),
    )?;
    Ok(changed == 1)
}

/// Whether the account's password may stand without a second factor.
pub async fn has_long_password(tx: &mut ReadTx, id: AccountId) -> Result<bool> {
    let row = maybe!(tx, (bool,), "select password_is_long from account where account_id = $1", id.as_uuid())?;
    Ok(row.is_none_or(|(is_long,)| is_long))
}

/// Gives the account another address. `false`: another account has it.
pub async fn set_email(tx: &mut WriteTx, id: AccountId, email: &str) -> Result<bool> {
    let changed = exec!(
        tx,
        "update account set email = $1, email_key = $2 where account_id = $3
           and not exists (select 1 from account where email_key = $2 and account_id <> $3)",
        email.trim(),
        email_key(email),
        id.as_uuid(),
    )?;
    Ok(changed == 1)
}

/// Locks the account until the transaction ends: two changes of its factors stand in one line.
pub async fn lock(tx: &mut WriteTx, id: AccountId) -> Result<()> {
    // an update that changes nothing locks on both databases
    exec!(tx, "update account set name = name where account_id = $1", id.as_uuid())?;
    Ok(())
}

/// `false`: there is no such account, or it is disabled already.
pub async fn disable(tx: &mut WriteTx, id: AccountId, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update account set disabled_at = $1 where account_id = $2 and disabled_at is null",
        now,
        id.as_uuid()
    )?;
    Ok(changed == 1)
}

/// Lets the account be used again. `false`: there is no such account, or it is not disabled.
pub async fn enable(tx: &mut WriteTx, id: AccountId) -> Result<bool> {
    let changed = exec!(
        tx,
        "update account set disabled_at = null where account_id = $1 and disabled_at is not null",
        id.as_uuid()
    )?;
    Ok(changed == 1)
}
