//! Who is who, put right by the accreditor's staff: two records merged into one, or one split in two.
//!
//! A row is a proposal until a second person confirms it, and keeps for good what moved and how both
//! records were before, so that the change can be undone. Moving itself is in [`held`] and [`records`].

mod contents;
pub mod held;
pub mod records;

use domain::access::StaffScope;
use domain::{AccountId, IdentityChangeId, PhysicianId};
use uuid::Uuid;

pub use contents::{Facts, Kind, Moved, Plan, Stage};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json, word};

/// Somebody did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub by: AccountId,
    /// The account's name.
    pub name: String,
    /// Microseconds since 1970, UTC.
    pub at: i64,
}

/// One change, from its proposal on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub id: IdentityChangeId,
    pub kind: Kind,
    /// The record from which things go.
    pub from: PhysicianId,
    /// `None`: a split that will make a record.
    pub into: Option<PhysicianId>,
    pub reason: String,
    /// Of a split.
    pub plan: Option<Plan>,
    /// Once it is confirmed.
    pub moved: Option<Moved>,
    pub stage: Stage,
    pub proposed: Act,
    pub confirmed: Option<Act>,
    /// Who took back the proposal or the change.
    pub undone: Option<Act>,
    pub undo_reason: String,
    /// What could not be put back, in words.
    pub stayed: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    change_id: Uuid,
    kind: String,
    from_physician: Uuid,
    into_physician: Option<Uuid>,
    reason: String,
    plan: String,
    moved: Option<String>,
    state: String,
    proposed_by: Uuid,
    proposed_name: String,
    proposed_at: i64,
    confirmed_by: Option<Uuid>,
    confirmed_name: Option<String>,
    confirmed_at: Option<i64>,
    undone_by: Option<Uuid>,
    undone_name: Option<String>,
    undone_at: Option<i64>,
    undo_reason: Option<String>,
    stayed: Option<String>,
}

fn act(by: Option<Uuid>, name: Option<String>, at: Option<i64>) -> Option<Act> {
    Some(Act { by: AccountId::new(by?), name: name.unwrap_or_default(), at: at? })
}

impl TryFrom<ChangeRow> for Change {
    type Error = crate::Error;

    fn try_from(row: ChangeRow) -> Result<Self> {
        let id = IdentityChangeId::new(row.change_id);
        let here = |column| at("identity_change", column, &id);
        Ok(Self {
            id,
            kind: word(Kind::read(&row.kind), here("kind"))?,
            from: PhysicianId::new(row.from_physician),
            into: row.into_physician.map(PhysicianId::new),
            reason: row.reason,
            plan: if row.plan.is_empty() { None } else { Some(from_json(&row.plan, here("plan"))?) },
            moved: row.moved.as_deref().map(|moved| from_json(moved, here("moved"))).transpose()?,
            stage: word(Stage::read(&row.state), here("state"))?,
            proposed: Act { by: AccountId::new(row.proposed_by), name: row.proposed_name, at: row.proposed_at },
            confirmed: act(row.confirmed_by, row.confirmed_name, row.confirmed_at),
            undone: act(row.undone_by, row.undone_name, row.undone_at),
            undo_reason: row.undo_reason.unwrap_or_default(),
            stayed: match row.stayed.as_deref() {
                Some(stayed) => from_json(stayed, here("stayed"))?,
                None => Vec::new(),
            },
        })
    }
}

macro_rules! changes {
    ($rest:literal) => {
        concat!(
            "select c.change_id, c.kind, c.from_physician, c.into_physician, c.reason, c.plan, c.moved, c.state,
                    c.proposed_by, p.name as proposed_name, c.proposed_at,
                    c.confirmed_by, q.name as confirmed_name, c.confirmed_at,
                    c.undone_by, r.name as undone_name, c.undone_at, c.undo_reason, c.stayed
             from identity_change c
             join account p on p.account_id = c.proposed_by
             left join account q on q.account_id = c.confirmed_by
             left join account r on r.account_id = c.undone_by ",
            $rest
        )
    };
}

/// Adds a proposal; what comes later is not read.
pub async fn insert(tx: &mut WriteTx, change: &Change) -> Result<()> {
    let plan = change.plan.as_ref().map(json).transpose()?.unwrap_or_default();
    exec!(
        tx,
        "insert into identity_change (change_id, kind, from_physician, into_physician, reason, plan, state,
         proposed_by, proposed_at) values ($1, $2, $3, $4, $5, $6, 'proposed', $7, $8)",
        change.id.as_uuid(),
        change.kind.code(),
        change.from.as_uuid(),
        change.into.map(PhysicianId::as_uuid),
        change.reason.as_str(),
        plan,
        change.proposed.by.as_uuid(),
        change.proposed.at,
    )?;
    Ok(())
}

pub async fn find(tx: &mut ReadTx, _scope: &StaffScope, id: IdentityChangeId) -> Result<Option<Change>> {
    maybe!(tx, ChangeRow, changes!("where c.change_id = $1"), id.as_uuid())?.map(Change::try_from).transpose()
}

/// Changes at one stage, the newest first; `None` means all.
pub async fn list(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    stage: Option<Stage>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Change>> {
    let rows = all!(
        tx,
        ChangeRow,
        changes!("where $1 = '' or c.state = $1 order by c.proposed_at desc, c.change_id desc limit $2 offset $3"),
        stage.map_or("", Stage::code),
        limit,
        offset,
    )?;
    rows.into_iter().map(Change::try_from).collect()
}

pub async fn count(tx: &mut ReadTx, _scope: &StaffScope, stage: Option<Stage>) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from identity_change where $1 = '' or state = $1",
        stage.map_or("", Stage::code),
    )?;
    Ok(count)
}

/// Whether a proposal that waits names one of these records.
pub async fn is_proposed(tx: &mut ReadTx, physicians: &[PhysicianId]) -> Result<bool> {
    let ids: Vec<Uuid> = physicians.iter().map(|id| id.as_uuid()).collect();
    let from: Vec<(Uuid,)> = among!(
        tx,
        (Uuid,),
        in "select change_id from identity_change where state = 'proposed' and from_physician in (",
        ids,
        ")"
    );
    let into: Vec<(Uuid,)> = among!(
        tx,
        (Uuid,),
        in "select change_id from identity_change where state = 'proposed' and into_physician in (",
        ids,
        ")"
    );
    Ok(!from.is_empty() || !into.is_empty())
}

/// Every change that names this record, the newest first.
pub async fn list_of(tx: &mut ReadTx, _scope: &StaffScope, physician: PhysicianId) -> Result<Vec<Change>> {
    let rows = all!(
        tx,
        ChangeRow,
        changes!("where c.from_physician = $1 or c.into_physician = $1 order by c.proposed_at desc, c.change_id desc"),
        physician.as_uuid(),
    )?;
    rows.into_iter().map(Change::try_from).collect()
}

/// Marks a proposal as confirmed. `false`: it is none any more.
pub async fn confirm(
    tx: &mut WriteTx,
    id: IdentityChangeId,
    by: AccountId,
    now: i64,
    into: PhysicianId,
    moved: &Moved,
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update identity_change set state = 'confirmed', confirmed_by = $2, confirmed_at = $3, into_physician = $4,
         moved = $5 where change_id = $1 and state = 'proposed'",
        id.as_uuid(),
        by.as_uuid(),
        now,
        into.as_uuid(),
        json(moved)?,
    )?;
    Ok(changed == 1)
}

/// Takes a proposal back. `false`: it is none any more.
pub async fn decline(tx: &mut WriteTx, id: IdentityChangeId, by: AccountId, now: i64, reason: &str) -> Result<bool> {
    let changed = exec!(
        tx,
        "update identity_change set state = 'declined', undone_by = $2, undone_at = $3, undo_reason = $4
         where change_id = $1 and state = 'proposed'",
        id.as_uuid(),
        by.as_uuid(),
        now,
        reason,
    )?;
    Ok(changed == 1)
}

/// Marks a confirmed change as undone. `false`: it is not confirmed (any more).
pub async fn undo(
    tx: &mut WriteTx,
    id: IdentityChangeId,
    by: AccountId,
    now: i64,
    reason: &str,
    stayed: &[String],
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update identity_change set state = 'undone', undone_by = $2, undone_at = $3, undo_reason = $4, stayed = $5
         where change_id = $1 and state = 'confirmed'",
        id.as_uuid(),
        by.as_uuid(),
        now,
        reason,
        json(stayed)?,
    )?;
    Ok(changed == 1)
}
