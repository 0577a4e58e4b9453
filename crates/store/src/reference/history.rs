//! What was ever put, when and by whom: the entries that newer ones replaced are the history.

use super::{Change, Row};
use crate::error::Result;
use crate::tx::ReadTx;

/// What was ever put for a list's item, a board (`boards`) or a setting (`settings`), newest first.
pub async fn history(tx: &mut ReadTx, list: &str, group: &str, code: &str) -> Result<Vec<Change>> {
    let rows = all!(
        tx,
        Row,
        "select seq, list, item_group, code, valid_from, value, changed_at, changed_by, name as changed_by_name
         from reference_entry left join account on account_id = changed_by
         where list = $1 and item_group = $2 and code = $3 order by seq desc",
        list,
        group,
        code,
    )?;
    rows.into_iter().map(Row::change).collect()
}

/// The newest changes that people made, newest first; what came with a release is none of them.
pub async fn recent(tx: &mut ReadTx, most: i64) -> Result<Vec<Change>> {
    let rows = all!(
        tx,
        Row,
        "select seq, list, item_group, code, valid_from, value, changed_at, changed_by, name as changed_by_name
         from reference_entry join account on account_id = changed_by order by seq desc limit $1",
        most,
    )?;
    rows.into_iter().map(Row::change).collect()
}

/// The place of the newest entry of an item, board or setting; -1 if there is none. Whoever saw another one
/// has not seen the newest change.
pub async fn newest_of(tx: &mut ReadTx, list: &str, group: &str, code: &str) -> Result<i64> {
    let (seq,): (i64,) = one!(
        tx,
        (i64,),
        "select coalesce(max(seq), -1) from reference_entry where list = $1 and item_group = $2 and code = $3",
        list,
        group,
        code,
    )?;
    Ok(seq)
}

/// Who changed an item last, and when.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Touched {
    pub item_group: String,
    pub code: String,
    pub changed_at: i64,
    /// `None`: it came with a release.
    pub changed_by_name: Option<String>,
}

/// The newest change of each item of a list, or of each board (`boards`) or setting (`settings`).
pub async fn touched(tx: &mut ReadTx, list: &str) -> Result<Vec<Touched>> {
    all!(
        tx,
        Touched,
        "select item_group, code, changed_at, name as changed_by_name
         from reference_entry left join account on account_id = changed_by
         where seq in (select max(seq) from reference_entry where list = $1 group by item_group, code)",
        list,
    )
}
