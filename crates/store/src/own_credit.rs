//! Credit that physicians enter themselves: theirs to change and delete, verified by nobody. Nothing but the
//! physician's own pages reads it; no board's scope and no transcript reaches this table.

use domain::access::PhysicianScope;
use domain::{Amount, EvidenceId, OwnCreditId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Result;
use crate::evidence::{Evidence, EvidenceRow, records_of};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, from_json, json, parsed};

/// What a physician writes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub title: String,
    /// In their own words.
    pub provider: String,
    pub completed_on: Date,
    pub amount: Amount,
    /// In their own words, such as `AMA PRA Category 2`.
    pub credit_type: String,
    /// Codes of state content topics.
    pub topics: Vec<String>,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCredit {
    pub id: OwnCreditId,
    pub entry: Entry,
    pub evidence: Option<Evidence>,
    pub created_at: i64,
    /// Counts as the version that a form was opened on.
    pub updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct OwnCreditRow {
    own_credit_id: Uuid,
    physician_id: Uuid,
    title: String,
    provider: String,
    completed_on: String,
    amount: i64,
    credit_type: String,
    topics: String,
    note: String,
    #[sqlx(flatten)]
    evidence: EvidenceRow,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<OwnCreditRow> for OwnCredit {
    type Error = crate::Error;

    fn try_from(row: OwnCreditRow) -> Result<Self> {
        let id = row.own_credit_id;
        let here = |column| at("own_credit", column, &id);
        let entry = Entry {
            completed_on: parsed(&row.completed_on, here("completed_on"))?,
            topics: from_json(&row.topics, here("topics"))?,
            title: row.title,
            provider: row.provider,
            amount: Amount::new(row.amount),
            credit_type: row.credit_type,
            note: row.note,
        };
        let (created_at, updated_at) = (row.created_at, row.updated_at);
        Ok(Self { id: OwnCreditId::new(id), entry, evidence: row.evidence.read()?, created_at, updated_at })
    }
}

macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "select o.own_credit_id, o.physician_id, o.title, o.provider, o.completed_on, o.amount, o.credit_type,
             o.topics, o.note, e.evidence_id, e.file_name as evidence_name, e.kind as evidence_kind,
             e.bytes as evidence_bytes, e.digest as evidence_digest, o.created_at, o.updated_at
             from own_credit o left join evidence e on e.evidence_id = o.evidence_id ",
            $rest
        )
    };
}

/// All entries of a physician, the newest completion first. Whoever shows them says that nobody verified them.
pub async fn list(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<OwnCredit>> {
    let mut all = Vec::new();
    for record in records_of(tx, scope).await? {
        let rows = all!(
            tx,
            OwnCreditRow,
            entries!("where o.physician_id = $1 order by o.completed_on desc, o.own_credit_id desc limit 2000"),
            record
        )?;
        all.extend(rows);
    }
    let mut all = all.into_iter().map(OwnCredit::try_from).collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|one| std::cmp::Reverse((one.entry.completed_on, one.id)));
    Ok(all)
}

/// `None`: no entry, or another physician's.
pub async fn find(tx: &mut ReadTx, scope: &PhysicianScope, id: OwnCreditId) -> Result<Option<OwnCredit>> {
    let row = maybe!(tx, OwnCreditRow, entries!("where o.own_credit_id = $1"), id.as_uuid())?;
    let records = records_of(tx, scope).await?;
    row.filter(|row| records.contains(&row.physician_id)).map(OwnCredit::try_from).transpose()
}

pub async fn insert(
    tx: &mut WriteTx,
    scope: &PhysicianScope,
    id: OwnCreditId,
    entry: &Entry,
    evidence: Option<EvidenceId>,
    now: i64,
) -> Result<()> {
    exec!(
        tx,
        "insert into own_credit (own_credit_id, physician_id, title, provider, completed_on, amount, credit_type,
         topics, note, evidence_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        id.as_uuid(),
        scope.physician().as_uuid(),
        entry.title.as_str(),
        entry.provider.as_str(),
        date_text(entry.completed_on),
        entry.amount.hundredths(),
        entry.credit_type.as_str(),
        json(&entry.topics)?,
        entry.note.as_str(),
        evidence.map(EvidenceId::as_uuid),
        now,
    )?;
    Ok(())
}

/// Changes an entry that was had from [`find`]. `false`: it was changed or deleted since.
pub async fn update(
    tx: &mut WriteTx,
    seen: &OwnCredit,
    entry: &Entry,
    evidence: Option<EvidenceId>,
    now: i64,
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update own_credit set title = $3, provider = $4, completed_on = $5, amount = $6, credit_type = $7, topics = $8,
         note = $9, evidence_id = $10, updated_at = $11
         where own_credit_id = $1 and updated_at = $2",
        seen.id.as_uuid(),
        seen.updated_at,
        entry.title.as_str(),
        entry.provider.as_str(),
        date_text(entry.completed_on),
        entry.amount.hundredths(),
        entry.credit_type.as_str(),
        json(&entry.topics)?,
        entry.note.as_str(),
        evidence.map(EvidenceId::as_uuid),
        now.max(seen.updated_at + 1),
    )?;
    Ok(changed == 1)
}

/// Deletes an entry that was had from [`find`].
pub async fn delete(tx: &mut WriteTx, seen: &OwnCredit) -> Result<()> {
    exec!(tx, "delete from own_credit where own_credit_id = $1", seen.id.as_uuid())?;
    Ok(())
}
