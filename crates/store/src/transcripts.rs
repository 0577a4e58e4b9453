//! What a transcript is made of: the holder, and completions with their live credits.
//!
//! Whose record may be read is settled first: a [`Record`] can be had only by way of a scope, and
//! everything else asks for one.

use std::collections::HashMap;

use domain::access::{LicensingBoardScope, PhysicianScope, StaffScope};
use domain::credit::{Completion, Credit, CreditStatus, Kind};
use domain::{Amount, CompletionId, CreditId, PhysicianId};
use uuid::Uuid;

use crate::error::Result;
use crate::identity_changes::records::merged_into;
use crate::physicians::{self, Physician};
use crate::tx::ReadTx;
use crate::values::{at, from_json, parsed, word};

/// One physician's record, which the scope that it was had from may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    physician: PhysicianId,
}

impl Record {
    /// The physician's own.
    pub fn own(scope: &PhysicianScope) -> Self {
        Self { physician: scope.physician() }
    }

    /// Anybody's, for the accreditor's staff.
    pub fn of(_scope: &StaffScope, physician: PhysicianId) -> Self {
        Self { physician }
    }

    /// What its physician lets somebody see: [`crate::shares::record`] alone asks for it.
    pub(crate) fn shared(physician: PhysicianId) -> Self {
        Self { physician }
    }

    pub fn physician(&self) -> PhysicianId {
        self.physician
    }
}

/// The record of somebody who holds or has held a license in the board's state.
pub async fn of_licensee(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    physician: PhysicianId,
) -> Result<Option<Record>> {
    let found = maybe!(
        tx,
        (Uuid,),
        "select physician_id from physician where physician_id = $1 and merged_into is null
         and exists (select 1 from license where license.physician_id = physician.physician_id and state = $2)",
        physician.as_uuid(),
        scope.state().code().to_owned(),
    )?;
    Ok(found.map(|(id,)| Record { physician: PhysicianId::new(id) }))
}

/// Who the record is of, with licenses and certifications. `None`: it was merged into another, which
/// says everything.
pub async fn holder(tx: &mut ReadTx, record: &Record) -> Result<Option<Physician>> {
    match merged_into(tx, record.physician).await? {
        Some(_) => Ok(None),
        None => physicians::find(tx, record.physician).await,
    }
}

#[derive(sqlx::FromRow)]
struct CompletionRow {
    completion_id: Uuid,
    activity_id: String,
    title: String,
    provider_id: String,
    provider_name: String,
    completed_on: String,
    reported_at: i64,
}

#[derive(sqlx::FromRow)]
struct CreditRow {
    credit_id: Uuid,
    completion_id: Uuid,
    kind: String,
    amount: i64,
    types: String,
    status: String,
    reason: String,
    derived_from: Option<Uuid>,
}

/// Every live completion of the record with its live credits, the newest completion date first.
pub async fn completions(tx: &mut ReadTx, record: &Record) -> Result<Vec<Completion>> {
    let physician = record.physician.as_uuid();
    let rows = all!(
        tx,
        CompletionRow,
        "select c.completion_id, c.activity_id, a.title, c.provider_id, p.name as provider_name, c.completed_on,
                c.reported_at
         from completion c
         join activity a on a.activity_id = c.activity_id
         join provider p on p.provider_id = c.provider_id
         where c.physician_id = $1 and c.withdrawn_at is null
         order by c.completed_on desc, c.completion_id",
        physician,
    )?;
    let credits = all!(
        tx,
        CreditRow,
        "select k.credit_id, k.completion_id, k.kind, k.amount, k.types, k.status, k.reason, k.derived_from
         from completion c join credit k on k.completion_id = c.completion_id
         where c.physician_id = $1 and c.withdrawn_at is null and k.withdrawn_at is null
         order by k.credit_id",
        physician,
    )?;
    let mut by_completion: HashMap<Uuid, Vec<Credit>> = HashMap::new();
    for row in credits {
        by_completion.entry(row.completion_id).or_default().push(credit(row)?);
    }
    rows.into_iter()
        .map(|row| {
            let credits = by_completion.remove(&row.completion_id).unwrap_or_default();
            completion(row, credits)
        })
        .collect()
}

fn credit(row: CreditRow) -> Result<Credit> {
    let id = CreditId::new(row.credit_id);
    Ok(Credit {
        id,
        kind: word(Kind::read(&row.kind), at("credit", "kind", &id))?,
        amount: Amount::new(row.amount),
        types: from_json(&row.types, at("credit", "types", &id))?,
        status: word(CreditStatus::read(&row.status), at("credit", "status", &id))?,
        reason: row.reason,
        is_derived: row.derived_from.is_some(),
    })
}

fn completion(row: CompletionRow, credits: Vec<Credit>) -> Result<Completion> {
    let id = CompletionId::new(row.completion_id);
    Ok(Completion {
        id,
        activity: parsed(&row.activity_id, at("completion", "activity_id", &id))?,
        title: row.title,
        provider: parsed(&row.provider_id, at("completion", "provider_id", &id))?,
        provider_name: row.provider_name,
        completed_on: parsed(&row.completed_on, at("completion", "completed_on", &id))?,
        reported_at: row.reported_at,
        credits,
    })
}
