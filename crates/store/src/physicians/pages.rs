//! Reading the registry for the in-memory index: all of it in pages by id, or what changed since a
//! number of the change sequence.
//!
//! A million physicians are read at every start, and what that costs is values handed over, one by
//! one, under a lock of SQLite's that all threads share: a second reader gains nothing. So a physician
//! is one row of four values, put together by the database and taken apart here.

use domain::{Board, MonthDay, PhysicianId, State};
use uuid::Uuid;

use super::rows;
use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, parsed_or_none, word};

/// All that says who somebody is. Empty text means unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub id: PhysicianId,
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    pub former_last: Vec<String>,
    pub birth: Option<MonthDay>,
    pub npi: Option<String>,
    /// Of any status, by state and number.
    pub licenses: Vec<(State, String)>,
    /// By board and diplomate ID.
    pub certifications: Vec<(Board, String)>,
}

/// Some physicians, and where to go on.
#[derive(Debug)]
pub struct Page {
    pub physicians: Vec<Identity>,
    /// What to ask for next; `None` after the last page.
    pub next: Option<PhysicianId>,
}

/// A physician as of the latest change. One who was merged into another is to be dropped.
#[derive(Debug)]
pub struct Change {
    pub seq: i64,
    pub physician: Identity,
    pub is_merged: bool,
}

/// Stands between what [`person!`] puts together (ASCII's unit separator), and is taken out of it.
const SEPARATOR: &str = "\u{1f}";

/// The columns of a [`PersonRow`]. `$1` is [`SEPARATOR`].
macro_rules! person {
    () => {
        "physician_id,
         replace(first_name, $1, ' ') || $1 || replace(middle_name, $1, ' ') || $1 || replace(last_name, $1, ' ')
         || $1 || replace(suffix, $1, ' ') || $1 || replace(former_last_names, $1, ' ') || $1 || birth || $1
         || coalesce(npi, ''),
         (select string_agg(state || ' ' || replace(number, $1, ''), $1) from license
          where license.physician_id = physician.physician_id),
         (select string_agg(board || ' ' || replace(diplomate_id, $1, ''), $1) from certification
          where certification.physician_id = physician.physician_id)"
    };
}

type PersonRow = (Uuid, String, Option<String>, Option<String>);
type ChangeRow = (Uuid, String, Option<String>, Option<String>, i64, Option<Uuid>);

/// The next physicians in the order of their ids, without those merged into others; `after` is a
/// [`Page::next`], or `None` to begin.
pub async fn page_after(tx: &mut ReadTx, after: Option<PhysicianId>, size: i64) -> Result<Page> {
    let rows = all!(
        tx,
        PersonRow,
        concat!(
            "select ",
            person!(),
            " from physician where physician_id > $2 and merged_into is null order by physician_id limit $3"
        ),
        SEPARATOR,
        after.map_or(Uuid::nil(), PhysicianId::as_uuid),
        size,
    )?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|found| found == size);
    let last = rows.last().map(|row| PhysicianId::new(row.0));
    let physicians = rows.iter().map(identity).collect::<Result<Vec<_>>>()?;
    Ok(Page { physicians, next: last.filter(|_| is_full) })
}

/// Physicians changed after `seq`, the oldest change first. A call may return more than `size`,
/// never part of the physicians that share a number; an empty answer is the end.
pub async fn changed_since(tx: &mut ReadTx, seq: i64, size: i64) -> Result<Vec<Change>> {
    let (until,): (Option<i64>,) = one!(
        tx,
        (Option<i64>,),
        "select max(changed_seq) from
         (select changed_seq from physician where changed_seq > $1 order by changed_seq limit $2) as following",
        seq,
        size,
    )?;
    let Some(until) = until else { return Ok(Vec::new()) };
    let rows = all!(
        tx,
        ChangeRow,
        concat!(
            "select ",
            person!(),
            ", changed_seq, merged_into from physician where changed_seq > $2 and changed_seq <= $3
             order by changed_seq, physician_id"
        ),
        SEPARATOR,
        seq,
        until,
    )?;
    rows.into_iter()
        .map(|(id, person, licenses, certifications, seq, merged_into)| {
            let physician = identity(&(id, person, licenses, certifications))?;
            Ok(Change { seq, physician, is_merged: merged_into.is_some() })
        })
        .collect()
}

fn identity((id, person, licenses, certifications): &PersonRow) -> Result<Identity> {
    let mut parts = person.split(SEPARATOR);
    let mut text = || parts.next().unwrap_or_default().to_owned();
    Ok(Identity {
        id: PhysicianId::new(*id),
        first: text(),
        middle: text(),
        last: text(),
        suffix: text(),
        former_last: rows::former_last(&text()),
        birth: parsed_or_none(&text(), at("physician", "birth", id))?,
        npi: Some(text()).filter(|npi| !npi.is_empty()),
        licenses: held(licenses, |state| word(State::read(state), at("license", "state", id)))?,
        certifications: held(certifications, |board| word(Board::read(board), at("certification", "board", id)))?,
    })
}

/// Licenses or certifications, each told as its code, a space and the number; in a fixed order, which
/// `string_agg` does not promise.
fn held<T: Ord>(told: &Option<String>, code: impl Fn(&str) -> Result<T>) -> Result<Vec<(T, String)>> {
    let each = told.iter().flat_map(|told| told.split(SEPARATOR));
    let mut held = each
        .map(|one| {
            let (of, number) = one.split_once(' ').unwrap_or((one, ""));
            Ok((code(of)?, number.to_owned()))
        })
        .collect::<Result<Vec<_>>>()?;
    held.sort_unstable();
    Ok(held)
}
