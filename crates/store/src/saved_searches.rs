//! Searches that somebody keeps, with letters about what is new in them. They belong to the account.
//!
//! The place up to which a search was told moves by [`tell`], in the transaction that queues its letter: two
//! workers cannot both move it, and a crash moves neither place nor letter.

use domain::AccountId;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// How often somebody wants to hear of new activities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    Off,
    Daily,
    Weekly,
}

impl Alert {
    pub const ALL: [Self; 3] = [Self::Off, Self::Daily, Self::Weekly];

    /// The stored word, and the one in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Off => "No letters",
            Self::Daily => "At most one letter a day",
            Self::Weekly => "At most one letter a week",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alert| alert.code() == code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSearch {
    pub id: Uuid,
    pub account: AccountId,
    pub name: String,
    /// What is asked for, as it stands in the address after the question mark.
    pub query: String,
    pub alert: Alert,
    /// Activities that could be seen up to this change were told, or there when letters began.
    pub told_seq: i64,
    pub told_at: i64,
    pub created_at: i64,
    /// Opens the page that ends the letters, and nothing else.
    pub stop_key: String,
}

#[derive(sqlx::FromRow)]
struct SavedSearchRow {
    saved_search_id: Uuid,
    account_id: Uuid,
    name: String,
    query: String,
    alert: String,
    told_seq: i64,
    told_at: i64,
    created_at: i64,
    stop_key: String,
}

impl TryFrom<SavedSearchRow> for SavedSearch {
    type Error = crate::Error;

    fn try_from(row: SavedSearchRow) -> Result<Self> {
        Ok(Self {
            id: row.saved_search_id,
            account: AccountId::new(row.account_id),
            alert: word(Alert::read(&row.alert), at("saved_search", "alert", &row.saved_search_id))?,
            name: row.name,
            query: row.query,
            told_seq: row.told_seq,
            told_at: row.told_at,
            created_at: row.created_at,
            stop_key: row.stop_key,
        })
    }
}

pub async fn insert(tx: &mut WriteTx, new: &SavedSearch) -> Result<()> {
    exec!(
        tx,
        "insert into saved_search (saved_search_id, account_id, name, query, alert, told_seq, told_at, created_at,
         stop_key) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id,
        new.account.as_uuid(),
        &new.name,
        &new.query,
        new.alert.code(),
        new.told_seq,
        new.told_at,
        new.created_at,
        &new.stop_key,
    )?;
    Ok(())
}

/// Gives it another name and other letters. Where letters begin anew, what is there by now is not told: `from` is
/// the newest change and the time. `false`: the account has no such search.
pub async fn update(
    tx: &mut WriteTx,
    account: AccountId,
    id: Uuid,
    name: &str,
    alert: Alert,
    from: (i64, i64),
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update saved_search set name = $3, alert = $4,
             told_seq = case when alert = 'off' and $4 <> 'off' then $5 else told_seq end,
             told_at = case when alert = 'off' and $4 <> 'off' then $6 else told_at end
         where account_id = $1 and saved_search_id = $2",
        account.as_uuid(),
        id,
        name,
        alert.code(),
        from.0,
        from.1,
    )?;
    Ok(changed == 1)
}

/// `false`: the account has no such search.
pub async fn delete(tx: &mut WriteTx, account: AccountId, id: Uuid) -> Result<bool> {
    let gone =
        exec!(tx, "delete from saved_search where account_id = $1 and saved_search_id = $2", account.as_uuid(), id)?;
    Ok(gone == 1)
}

/// All that the account keeps, by name.
pub async fn list(tx: &mut ReadTx, account: AccountId) -> Result<Vec<SavedSearch>> {
    let rows = all!(
        tx,
        SavedSearchRow,
        "select * from saved_search where account_id = $1 order by created_at, saved_search_id",
        account.as_uuid(),
    )?;
    rows.into_iter().map(SavedSearch::try_from).collect()
}

/// One that the account keeps.
pub async fn find(tx: &mut ReadTx, account: AccountId, id: Uuid) -> Result<Option<SavedSearch>> {
    let row = maybe!(
        tx,
        SavedSearchRow,
        "select * from saved_search where account_id = $1 and saved_search_id = $2",
        account.as_uuid(),
        id
    )?;
    row.map(SavedSearch::try_from).transpose()
}

/// The search whose letters this key ends.
pub async fn find_by_stop_key(tx: &mut ReadTx, key: &str) -> Result<Option<SavedSearch>> {
    let row = maybe!(tx, SavedSearchRow, "select * from saved_search where stop_key = $1", key)?;
    row.map(SavedSearch::try_from).transpose()
}

/// Ends the letters of a search. `false`: there is none with this key.
pub async fn stop(tx: &mut WriteTx, key: &str) -> Result<bool> {
    Ok(exec!(tx, "update saved_search set alert = 'off' where stop_key = $1", key)? == 1)
}

/// Searches whose last letter, or look for one, was before these times; longest ago first.
pub async fn due(tx: &mut ReadTx, daily: i64, weekly: i64, most: i64) -> Result<Vec<SavedSearch>> {
    let rows = all!(
        tx,
        SavedSearchRow,
        "select * from saved_search
         where (alert = 'daily' and told_at <= $1) or (alert = 'weekly' and told_at <= $2)
         order by told_at, saved_search_id limit $3",
        daily,
        weekly,
        most,
    )?;
    rows.into_iter().map(SavedSearch::try_from).collect()
}

/// Moves the place of a search on. `false`: another worker was quicker, or its owner changed it.
pub async fn tell(tx: &mut WriteTx, search: &SavedSearch, told_seq: i64, told_at: i64) -> Result<bool> {
    let moved = exec!(
        tx,
        "update saved_search set told_seq = $4, told_at = $5
         where saved_search_id = $1 and told_seq = $2 and told_at = $3 and alert = $6",
        search.id,
        search.told_seq,
        search.told_at,
        told_seq,
        told_at,
        search.alert.code(),
    )?;
    Ok(moved == 1)
}
