//! The rules that may change next year: certifying boards, deadlines and limits, lists of values.
//!
//! `reference_entry` is only ever added to. An entry with the key of an earlier one replaces it, so
//! the table is its own history; entries with a later date lie beside those of today and take effect
//! by themselves. Taking a number of [`Counter::Reference`] tells every process that there is more.

mod history;
mod kept;
mod seeds;
mod standing;

use domain::reference::{BoardRules, Item, ItemKey, List, Rules};
use domain::requirement::Requirement;
use domain::{AccountId, Board, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::counters::{self, Counter};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json, parsed, word};

pub use history::{Touched, history, newest_of, recent, touched};
pub use kept::Kept;
pub use seeds::seed;
pub use standing::{Credits, MOST_COUNTED, Stages, Years, credits_of, registrations_of, years_of};

/// What is put on record. An item, a board or a setting together with the first day is the key.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// An item from the day on; `None`: its first version, which begins on the item's own first day. `None`
    /// in place of the item takes a planned version back.
    Item(Option<Date>, ItemKey, Option<Item>),
    /// In force from the day on; `None` since ever.
    Board(Option<Date>, BoardVersion),
    /// A setting by its name in [`Settings`], its value as JSON; `None` takes back a planned one.
    Setting(Option<Date>, String, Option<serde_json::Value>),
    /// What a state's licensing board asks for from the day on; `None` in its place takes a planned version back.
    Requirement(Option<Date>, State, Option<Requirement>),
}

/// A board's rules from a day on, until another day or the next version. Without rules the version is
/// taken back, as if it had never been planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardVersion {
    pub code: Board,
    pub until: Option<Date>,
    pub rules: Option<BoardRules>,
}

/// One change of the past: what was put, when and by whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub seq: i64,
    pub entry: Entry,
    pub at: i64,
    /// `None`: it came with a release.
    pub by: Option<AccountId>,
    pub by_name: Option<String>,
}

const BOARDS: &str = "boards";
const SETTINGS: &str = "settings";
/// The list under which the history of requirements is kept, with the state as code.
pub const REQUIREMENTS: &str = "requirements";

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    list: String,
    item_group: String,
    code: String,
    valid_from: String,
    value: String,
    changed_at: i64,
    changed_by: Option<Uuid>,
    changed_by_name: Option<String>,
}

struct Columns {
    list: &'static str,
    item_group: String,
    code: String,
    valid_from: String,
    value: String,
}

fn day_text(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn columns(entry: &Entry) -> Result<Columns> {
    Ok(match entry {
        Entry::Item(from, key, item) => Columns {
            list: key.list.code(),
            item_group: key.group.clone(),
            code: key.code.clone(),
            valid_from: day_text(*from),
            value: json(item)?,
        },
        Entry::Board(from, version) => Columns {
            list: BOARDS,
            item_group: String::new(),
            code: version.code.to_string(),
            valid_from: day_text(*from),
            value: json(version)?,
        },
        Entry::Setting(from, name, value) => Columns {
            list: SETTINGS,
            item_group: String::new(),
            code: name.clone(),
            valid_from: day_text(*from),
            value: json(value)?,
        },
        Entry::Requirement(from, state, value) => Columns {
            list: REQUIREMENTS,
            item_group: String::new(),
            code: state.to_string(),
            valid_from: day_text(*from),
            value: json(value)?,
        },
    })
}

impl Row {
    fn entry(&self) -> Result<Entry> {
        let place = |column| at("reference_entry", column, &self.seq);
        let from = match self.valid_from.as_str() {
            "" => None,
            day => Some(parsed(day, place("valid_from"))?),
        };
        Ok(match self.list.as_str() {
            BOARDS => Entry::Board(from, from_json(&self.value, place("value"))?),
            SETTINGS => Entry::Setting(from, self.code.clone(), from_json(&self.value, place("value"))?),
            REQUIREMENTS => {
                let state = word(State::read(&self.code), place("code"))?;
                Entry::Requirement(from, state, from_json(&self.value, place("value"))?)
            }
            list => {
                let list = word(List::read(list), place("list"))?;
                let key = ItemKey { list, group: self.item_group.clone(), code: self.code.clone() };
                Entry::Item(from, key, from_json(&self.value, place("value"))?)
            }
        })
    }

    fn change(self) -> Result<Change> {
        let by = self.changed_by.map(AccountId::new);
        Ok(Change { seq: self.seq, entry: self.entry()?, at: self.changed_at, by, by_name: self.changed_by_name })
    }
}

/// Puts entries on record in their order. `today` decides which board names organizations go by.
pub async fn put(tx: &mut WriteTx, entries: &[Entry], today: Date, by: Option<AccountId>, at: i64) -> Result<()> {
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let first = counters::take(tx, Counter::Reference, count).await?;
    let rows = (first..).zip(entries).map(|(seq, entry)| Ok((seq, columns(entry)?))).collect::<Result<Vec<_>>>()?;
    bulk!(
        tx,
        "insert into reference_entry (seq, list, item_group, code, valid_from, value, changed_at, changed_by) ",
        rows,
        |row| row.0,
        row.1.list,
        row.1.item_group.clone(),
        row.1.code.clone(),
        row.1.valid_from.clone(),
        row.1.value.clone(),
        at,
        by.map(AccountId::as_uuid)
    );
    for entry in entries {
        if let Entry::Board(from, BoardVersion { rules: Some(rules), .. }) = entry {
            name_board(tx, rules, from.is_none_or(|from| from <= today)).await?;
        }
    }
    Ok(())
}

/// The name under which a board's seats, sessions and audit rows are shown.
async fn name_board(tx: &mut WriteTx, rules: &BoardRules, is_current: bool) -> Result<()> {
    exec!(
        tx,
        "insert into certifying_board (board, label, name) values ($1, $2, $3)
         on conflict (board) do update set
         label = case when $4 then excluded.label else certifying_board.label end,
         name = case when $4 then excluded.name else certifying_board.name end",
        rules.code.code(),
        rules.label.as_str(),
        rules.name.as_str(),
        is_current,
    )?;
    Ok(())
}

/// How many entries there are: a copy in memory that has seen as many is current.
pub async fn newest(tx: &mut ReadTx) -> Result<i64> {
    counters::taken(tx, Counter::Reference).await
}

/// The newest entry of each key, with the number of entries it was made of.
pub async fn kept(tx: &mut ReadTx) -> Result<(Kept, i64)> {
    let rows = all!(
        tx,
        Row,
        "select seq, list, item_group, code, valid_from, value, changed_at, changed_by,
             cast(null as text) as changed_by_name
         from reference_entry order by seq"
    )?;
    let mut kept = Kept::default();
    for row in &rows {
        kept.put(row.entry()?);
    }
    Ok((kept, rows.last().map_or(0, |row| row.seq + 1)))
}

/// Takes over what another database has put on record and this one has not, with the same numbers; tells whether
/// there was anything. For a database that never puts entries itself.
pub async fn follow(tx: &mut WriteTx, from: &mut ReadTx, today: Date) -> Result<bool> {
    let (seen, newest) = (newest(tx).await?, newest(from).await?);
    if newest <= seen {
        return Ok(false);
    }
    let rows = all!(
        from,
        Row,
        "select seq, list, item_group, code, valid_from, value, changed_at, changed_by,
             cast(null as text) as changed_by_name
         from reference_entry where seq >= $1 order by seq",
        seen,
    )?;
    counters::take(tx, Counter::Reference, newest - seen).await?;
    bulk!(
        tx,
        "insert into reference_entry (seq, list, item_group, code, valid_from, value, changed_at, changed_by) ",
        rows,
        |row| row.seq,
        row.list.clone(),
        row.item_group.clone(),
        row.code.clone(),
        row.valid_from.clone(),
        row.value.clone(),
        row.changed_at,
        row.changed_by
    );
    for row in &rows {
        if let Entry::Board(day, BoardVersion { rules: Some(rules), .. }) = row.entry()? {
            name_board(tx, &rules, day.is_none_or(|day| day <= today)).await?;
        }
    }
    Ok(true)
}

/// The rules that all entries on record make, with the number of entries.
pub async fn load(tx: &mut ReadTx) -> Result<(Rules, i64)> {
    let (kept, seen) = kept(tx).await?;
    Ok((kept.rules()?, seen))
}

/// The name of a certifying board, for seats and headings.
pub async fn board_name(tx: &mut ReadTx, board: Board) -> Result<Option<String>> {
    let row: Option<(String,)> =
        maybe!(tx, (String,), "select name from certifying_board where board = $1", board.code())?;
    Ok(row.map(|(name,)| name))
}
