//! Whole records: which one stands for which, whose a completion is, and who signs in for it.
//!
//! A record that was merged keeps its row, its past and whatever could not move; `merged_into` names
//! the record that holds the rest. One that was taken back without any other in its place names itself.

use domain::{AccountId, CompletionId, CreditId, PhysicianId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// Longer chains of merges than people make: what is longer goes round in a circle.
const LONGEST_CHAIN: usize = 100;

/// The record that this one's was merged into, directly; itself if it stands for nobody any more.
pub async fn merged_into(tx: &mut ReadTx, physician: PhysicianId) -> Result<Option<PhysicianId>> {
    let row =
        maybe!(tx, (Option<Uuid>,), "select merged_into from physician where physician_id = $1", physician.as_uuid(),)?;
    Ok(row.and_then(|(into,)| into).map(PhysicianId::new))
}

/// The record that stands for this one today: itself, or the last of the merges that follow. `None`:
/// there is no such record, or it was taken back.
pub async fn survivor(tx: &mut ReadTx, physician: PhysicianId) -> Result<Option<PhysicianId>> {
    let mut current = physician;
    for _ in 0..LONGEST_CHAIN {
        let row = maybe!(
            tx,
            (Option<Uuid>,),
            "select merged_into from physician where physician_id = $1",
            current.as_uuid(),
        )?;
        match row {
            None => return Ok(None),
            Some((None,)) => return Ok(Some(current)),
            Some((Some(into),)) if into == current.as_uuid() => return Ok(None),
            Some((Some(into),)) => current = PhysicianId::new(into),
        }
    }
    Ok(None)
}

/// Says which record stands for this one; `None` makes it stand for itself again. The change sequence
/// must be told with [`crate::physicians::touch`].
pub async fn set_merged(tx: &mut WriteTx, physician: PhysicianId, into: Option<PhysicianId>) -> Result<()> {
    exec!(
        tx,
        "update physician set merged_into = $2 where physician_id = $1",
        physician.as_uuid(),
        into.map(PhysicianId::as_uuid),
    )?;
    Ok(())
}

/// Takes the NPI off a record, so that another may have it. Two records that exchange theirs would
/// otherwise meet in the unique index.
pub async fn clear_npi(tx: &mut WriteTx, physician: PhysicianId) -> Result<()> {
    exec!(tx, "update physician set npi = null where physician_id = $1", physician.as_uuid())?;
    Ok(())
}

/// Whether a record has live completions or an account.
pub async fn is_in_use(tx: &mut ReadTx, physician: PhysicianId) -> Result<bool> {
    let (found,): (i64,) = one!(
        tx,
        (i64,),
        "select (select count(*) from completion
                 where physician_id = $1 and physician_id is not null and withdrawn_at is null)
              + (select count(*) from seat where kind = 'physician' and organization = $2)",
        physician.as_uuid(),
        physician.to_string(),
    )?;
    Ok(found > 0)
}

/// The live completions of a record, in the order of their ids.
pub async fn live_completions(tx: &mut ReadTx, physician: PhysicianId) -> Result<Vec<CompletionId>> {
    let rows = all!(
        tx,
        (Uuid,),
        "select completion_id from completion
         where physician_id = $1 and physician_id is not null and withdrawn_at is null order by completion_id",
        physician.as_uuid(),
    )?;
    Ok(rows.into_iter().map(|(id,)| CompletionId::new(id)).collect())
}

/// The live completions of one record whose activity and date the other has too.
pub async fn doubles(tx: &mut ReadTx, from: PhysicianId, into: PhysicianId) -> Result<Vec<CompletionId>> {
    let rows = all!(
        tx,
        (Uuid,),
        "select k.completion_id from completion k
         join completion o on o.physician_id = $2 and o.physician_id is not null and o.withdrawn_at is null
           and o.activity_id = k.activity_id and o.completed_on = k.completed_on
         where k.physician_id = $1 and k.physician_id is not null and k.withdrawn_at is null
         order by k.completion_id",
        from.as_uuid(),
        into.as_uuid(),
    )?;
    Ok(rows.into_iter().map(|(id,)| CompletionId::new(id)).collect())
}

/// Whether a completion can go from one record to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Free,
    /// The other record has this completion of the same activity and date.
    Blocked(CompletionId),
    /// The first record does not hold it.
    Gone,
}

/// How a completion stands between two records. A withdrawn one is in nobody's way.
pub async fn way(tx: &mut ReadTx, completion: CompletionId, from: PhysicianId, into: PhysicianId) -> Result<Way> {
    let row = maybe!(
        tx,
        (Option<Uuid>,),
        "select o.completion_id from completion k
         left join completion o on o.physician_id = $3 and o.physician_id is not null and o.withdrawn_at is null
           and o.activity_id = k.activity_id and o.completed_on = k.completed_on and k.withdrawn_at is null
         where k.completion_id = $1 and k.physician_id = $2",
        completion.as_uuid(),
        from.as_uuid(),
        into.as_uuid(),
    )?;
    Ok(match row {
        None => Way::Gone,
        Some((None,)) => Way::Free,
        Some((Some(by),)) => Way::Blocked(CompletionId::new(by)),
    })
}

/// Records that were merged into this one, directly or by others, in the order of their ids.
pub async fn merged_here(tx: &mut ReadTx, physician: PhysicianId) -> Result<Vec<PhysicianId>> {
    let mut found = vec![physician];
    let mut looked_at = 0;
    while let Some(next) = found.get(looked_at).copied() {
        looked_at += 1;
        let rows = all!(
            tx,
            (Uuid,),
            "select physician_id from physician where merged_into = $1 and merged_into is not null",
            next.as_uuid(),
        )?;
        let new = rows.into_iter().map(|(id,)| PhysicianId::new(id)).filter(|id| !found.contains(id));
        let new: Vec<PhysicianId> = new.collect();
        found.extend(new);
    }
    found.retain(|id| *id != physician);
    found.sort_unstable();
    Ok(found)
}

/// Gives a completion to another record. `false`: the first does not hold it. The caller writes the
/// ledger's leaves.
pub async fn move_completion(
    tx: &mut WriteTx,
    completion: CompletionId,
    from: PhysicianId,
    into: PhysicianId,
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update completion set physician_id = $3 where completion_id = $1 and physician_id = $2",
        completion.as_uuid(),
        from.as_uuid(),
        into.as_uuid(),
    )?;
    Ok(changed == 1)
}

/// A credit of a completion that moves. Withdrawn ones move too: they are of the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovingCredit {
    pub credit: CreditId,
    pub completion: CompletionId,
    /// The stored word.
    pub kind: String,
    pub provider: String,
    pub is_live: bool,
}

/// All credits of these completions, in the order of their ids.
pub async fn credits_of(tx: &mut ReadTx, completions: &[CompletionId]) -> Result<Vec<MovingCredit>> {
    let ids: Vec<Uuid> = completions.iter().map(|id| id.as_uuid()).collect();
    let rows: Vec<(Uuid, Uuid, String, String, Option<i64>)> = among!(
        tx,
        (Uuid, Uuid, String, String, Option<i64>),
        in "select c.credit_id, c.completion_id, c.kind, k.provider_id, c.withdrawn_at
            from credit c join completion k on k.completion_id = c.completion_id where c.completion_id in (",
        ids,
        ")"
    );
    let mut credits: Vec<MovingCredit> = rows
        .into_iter()
        .map(|(credit, completion, kind, provider, withdrawn_at)| MovingCredit {
            credit: CreditId::new(credit),
            completion: CompletionId::new(completion),
            kind,
            provider,
            is_live: withdrawn_at.is_none(),
        })
        .collect();
    credits.sort_by_key(|moving| moving.credit);
    Ok(credits)
}

/// A Passport seat as it stands in its table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct SeatRow {
    pub seat_id: Uuid,
    pub account_id: Uuid,
    /// The physician's id.
    pub organization: String,
    pub created_at: i64,
}

impl SeatRow {
    pub fn account(&self) -> AccountId {
        AccountId::new(self.account_id)
    }
}

/// The seat that a physician's account holds, if there is one.
pub async fn seat(tx: &mut ReadTx, physician: PhysicianId) -> Result<Option<SeatRow>> {
    maybe!(
        tx,
        SeatRow,
        "select seat_id, account_id, organization, created_at from seat where kind = 'physician' and organization = $1",
        physician.to_string(),
    )
}

/// Whether an account holds a physician's seat anywhere.
pub async fn has_seat(tx: &mut ReadTx, account: AccountId) -> Result<bool> {
    let (count,): (i64,) =
        one!(tx, (i64,), "select count(*) from seat where kind = 'physician' and account_id = $1", account.as_uuid(),)?;
    Ok(count > 0)
}

/// Moves a seat to another physician's record and ends the sessions in it.
pub async fn move_seat(tx: &mut WriteTx, seat_id: Uuid, into: PhysicianId) -> Result<()> {
    exec!(tx, "delete from session where seat_id = $1", seat_id)?;
    exec!(tx, "update seat set organization = $2 where seat_id = $1", seat_id, into.to_string())?;
    Ok(())
}

/// Closes a seat and ends the sessions in it; the caller keeps the row.
pub async fn close_seat(tx: &mut WriteTx, seat_id: Uuid) -> Result<()> {
    exec!(tx, "delete from session where seat_id = $1", seat_id)?;
    exec!(tx, "delete from seat where seat_id = $1", seat_id)?;
    Ok(())
}

/// Opens a seat again that was closed.
pub async fn restore_seat(tx: &mut WriteTx, row: &SeatRow) -> Result<()> {
    exec!(
        tx,
        "insert into seat (seat_id, account_id, kind, organization, role, created_at)
         values ($1, $2, 'physician', $3, '', $4)",
        row.seat_id,
        row.account_id,
        row.organization.as_str(),
        row.created_at,
    )?;
    Ok(())
}
