//! Reading the registry for the in-memory index: all of it in pages by id, or what changed since a
//! number of the change sequence.
//!
//! A million physicians are read at every start, so this reads only what identifies them, from
//! indexes that hold just that, by place and not by name of the column.

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
    /// Of any status.
    pub licenses: Vec<(State, String)>,
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

type PersonRow = (Uuid, String, String, String, String, String, String, Option<String>);
type ChangeRow = (Uuid, String, String, String, String, String, String, Option<String>, i64, Option<Uuid>);
type HeldRow = (Uuid, String, String);

/// The next physicians in the order of their ids, without those merged into others; `after` is a
/// [`Page::next`], or `None` to begin.
pub async fn page_after(tx: &mut ReadTx, after: Option<PhysicianId>, size: i64) -> Result<Page> {
    let after = after.map_or(Uuid::nil(), PhysicianId::as_uuid);
    let people = all!(
        tx,
        PersonRow,
        "select physician_id, first_name, middle_name, last_name, suffix, former_last_names, birth, npi from physician
         where physician_id > $1 and merged_into is null order by physician_id limit $2",
        after,
        size,
    )?;
    let Some(last) = people.last().map(|row| row.0) else {
        return Ok(Page { physicians: Vec::new(), next: None });
    };
    let licenses = all!(
        tx,
        HeldRow,
        "select physician_id, state, number from license
         where physician_id > $1 and physician_id <= $2 order by physician_id, state, number",
        after,
        last,
    )?;
    let certifications = all!(
        tx,
        HeldRow,
        "select physician_id, board, diplomate_id from certification
         where physician_id > $1 and physician_id <= $2 order by physician_id, board, diplomate_id",
        after,
        last,
    )?;
    let is_full = i64::try_from(people.len()).is_ok_and(|found| found == size);
    let mut physicians = people.into_iter().map(identity).collect::<Result<Vec<_>>>()?;
    give(&mut physicians, licenses, certifications)?;
    Ok(Page { physicians, next: is_full.then_some(PhysicianId::new(last)) })
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
        "select physician_id, first_name, middle_name, last_name, suffix, former_last_names, birth, npi, changed_seq,
         merged_into from physician where changed_seq > $1 and changed_seq <= $2 order by physician_id",
        seq,
        until,
    )?;
    let licenses = all!(
        tx,
        HeldRow,
        "select license.physician_id, state, number
         from physician join license on license.physician_id = physician.physician_id
         where changed_seq > $1 and changed_seq <= $2 order by license.physician_id, state, number",
        seq,
        until,
    )?;
    let certifications = all!(
        tx,
        HeldRow,
        "select certification.physician_id, board, diplomate_id
         from physician join certification on certification.physician_id = physician.physician_id
         where changed_seq > $1 and changed_seq <= $2 order by certification.physician_id, board, diplomate_id",
        seq,
        until,
    )?;
    let numbers: Vec<(i64, bool)> = rows.iter().map(|row| (row.8, row.9.is_some())).collect();
    let mut physicians = rows
        .into_iter()
        .map(|row| identity((row.0, row.1, row.2, row.3, row.4, row.5, row.6, row.7)))
        .collect::<Result<Vec<_>>>()?;
    give(&mut physicians, licenses, certifications)?;
    let mut changes: Vec<Change> = numbers
        .into_iter()
        .zip(physicians)
        .map(|((seq, is_merged), physician)| Change { seq, physician, is_merged })
        .collect();
    changes.sort_by_key(|change| change.seq);
    Ok(changes)
}

fn identity(row: PersonRow) -> Result<Identity> {
    let (id, first, middle, last, suffix, former_last, birth, npi) = row;
    Ok(Identity {
        id: PhysicianId::new(id),
        first,
        middle,
        last,
        suffix,
        former_last: rows::former_last(&former_last),
        birth: parsed_or_none(&birth, at("physician", "birth", &id))?,
        npi,
        licenses: Vec::new(),
        certifications: Vec::new(),
    })
}

/// Gives each physician what they hold. All three lists are in the order of the physicians' ids, so
/// one walk does it.
fn give(physicians: &mut [Identity], licenses: Vec<HeldRow>, certifications: Vec<HeldRow>) -> Result<()> {
    let mut licenses = licenses.into_iter().peekable();
    let mut certifications = certifications.into_iter().peekable();
    for physician in physicians {
        let id = physician.id.as_uuid();
        // what stands before belongs to somebody who was merged away
        while let Some((of, state, number)) = licenses.next_if(|row| row.0 <= id) {
            if of == id {
                let state = word(State::read(&state), at("license", "state", &number))?;
                physician.licenses.push((state, number));
            }
        }
        while let Some((of, board, number)) = certifications.next_if(|row| row.0 <= id) {
            if of == id {
                let board = word(Board::read(&board), at("certification", "board", &number))?;
                physician.certifications.push((board, number));
            }
        }
    }
    Ok(())
}
