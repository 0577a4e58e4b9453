//! Completions and their credits: inserted once, later only marked as withdrawn or decided.
//!
//! The natural key (physician, activity, completion date) is a unique index over live rows, so that
//! no race and no retry can credit anything twice.

mod live;

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind, Part};
use domain::report::RemsReport;
use domain::{ActivityId, Amount, CompletionId, CreditId, MonthDay, PhysicianId, ProviderId, State, UploadId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::credit_tally;
use crate::error::{Error, Result};
use crate::physicians::keys;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, from_json, json, parsed, parsed_or_none};

pub use live::{Live, LiveCredit, live, live_among};

/// A completion as a provider reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCompletion {
    pub id: CompletionId,
    pub activity: ActivityId,
    pub provider: ProviderId,
    /// Who holds it now; `None` for a REMS learner who is no physician.
    pub physician: Option<PhysicianId>,
    /// Whom it was linked to when it was reported: what its leaf commits to.
    pub reported_physician: Option<PhysicianId>,
    pub completed_on: Date,
    pub first_name: String,
    pub last_name: String,
    pub birth: Option<MonthDay>,
    /// Of the license, as given.
    pub state: Option<State>,
    /// License number or NPI as given, or the provider's own ID of a REMS learner.
    pub learner_identifier: String,
    pub rems: Option<RemsReport>,
    pub person_key: Option<[u8; 32]>,
    pub submission_id: String,
    pub upload: UploadId,
    pub row_number: i64,
    pub reported_at: i64,
    /// Set when the same batch withdraws it again.
    pub withdrawn_at: Option<i64>,
}

/// A credit of a completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredit {
    pub id: CreditId,
    pub completion: CompletionId,
    pub kind: Kind,
    pub part: Part,
    pub amount: Amount,
    /// Tags over the same points.
    pub types: Vec<(String, Amount)>,
    /// The learner's ID with the board, as given; empty if none was.
    pub diplomate_id: String,
    pub status: CreditStatus,
    /// The MOC credit from which the system made it, since no CME credit was reported.
    pub derived_from: Option<CreditId>,
    pub reported_at: i64,
    pub leaf_index: i64,
    /// The leaf that withdraws it, and when, if the same batch does so.
    pub withdrawn: Option<(i64, i64)>,
}

/// Completions and credits: those of these completions, and further ones of completions that are there. The
/// caller has checked that the activities belong to the provider of the scope.
pub async fn insert(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    completions: &[NewCompletion],
    credits: &[NewCredit],
) -> Result<()> {
    debug_assert!(completions.iter().all(|completion| completion.provider == scope.provider()));
    let mut rows = Vec::with_capacity(completions.len());
    for completion in completions {
        rows.push((completion, completion.rems.as_ref().map(json).transpose()?));
    }
    bulk!(
        tx,
        "insert into completion (completion_id, activity_id, provider_id, physician_id, reported_physician_id,
         completed_on, first_name, last_name, name_key, birth, state, learner_identifier, rems, person_key, submission_id,
         upload_id, row_number, reported_at, withdrawn_at) ",
        rows,
        |row| row.0.id.as_uuid(),
        row.0.activity.as_str(),
        row.0.provider.as_str(),
        row.0.physician.map(PhysicianId::as_uuid),
        row.0.reported_physician.map(PhysicianId::as_uuid),
        date_text(row.0.completed_on),
        row.0.first_name.as_str(),
        row.0.last_name.as_str(),
        keys::name_key(&row.0.last_name, &row.0.first_name),
        row.0.birth.map(|day| day.to_string()).unwrap_or_default(),
        row.0.state.map(|state| state.code().to_owned()).unwrap_or_default(),
        row.0.learner_identifier.as_str(),
        row.1.as_deref(),
        row.0.person_key.map(|key| key.to_vec()),
        row.0.submission_id.as_str(),
        row.0.upload.as_uuid(),
        row.0.row_number,
        row.0.reported_at,
        row.0.withdrawn_at,
    );
    insert_credits(tx, credits).await?;
    credit_tally::add_new(tx, completions, credits).await
}

async fn insert_credits(tx: &mut WriteTx, credits: &[NewCredit]) -> Result<()> {
    let mut rows = Vec::with_capacity(credits.len());
    for credit in credits {
        rows.push((credit, json(&credit.types)?));
    }
    bulk!(
        tx,
        "insert into credit (credit_id, completion_id, kind, part, amount, types, diplomate_id, status, reason,
         derived_from, reported_at, leaf_index, withdrawn_leaf, withdrawn_at) ",
        rows,
        |row| row.0.id.as_uuid(),
        row.0.completion.as_uuid(),
        row.0.kind.key(),
        row.0.part.code(),
        row.0.amount.hundredths(),
        row.1.as_str(),
        row.0.diplomate_id.as_str(),
        row.0.status.code(),
        "",
        row.0.derived_from.map(CreditId::as_uuid),
        row.0.reported_at,
        row.0.leaf_index,
        row.0.withdrawn.map(|(leaf, _)| leaf),
        row.0.withdrawn.map(|(_, at)| at),
    );
    Ok(())
}

/// Marks credits as withdrawn, each by the leaf that says so. Withdrawing twice is an error.
pub async fn withdraw_credits(tx: &mut WriteTx, withdrawn: &[(CreditId, i64)], now: i64) -> Result<()> {
    let credits: Vec<CreditId> = withdrawn.iter().map(|(credit, _)| *credit).collect();
    credit_tally::take(tx, &credits).await?;
    for (credit, leaf_index) in withdrawn {
        let changed = exec!(
            tx,
            "update credit set withdrawn_leaf = $2, withdrawn_at = $3 where credit_id = $1 and withdrawn_at is null",
            credit.as_uuid(),
            leaf_index,
            now,
        )?;
        if changed != 1 {
            return Err(Error::corrupt("credit", "withdrawn_at", credit));
        }
    }
    Ok(())
}

/// Marks a completion without live credit as withdrawn.
pub async fn withdraw(tx: &mut WriteTx, completion: CompletionId, now: i64) -> Result<()> {
    exec!(tx, "update completion set withdrawn_at = $2 where completion_id = $1", completion.as_uuid(), now)?;
    Ok(())
}

/// A certifying board's answer. Only a pending credit can be decided.
pub async fn decide_credit(tx: &mut WriteTx, credit: CreditId, status: CreditStatus, reason: &str) -> Result<bool> {
    credit_tally::take(tx, &[credit]).await?;
    let changed = exec!(
        tx,
        "update credit set status = $2, reason = $3
         where credit_id = $1 and status = 'pending' and withdrawn_at is null",
        credit.as_uuid(),
        status.code(),
        reason,
    )?;
    credit_tally::add(tx, &[credit]).await?;
    Ok(changed == 1)
}

/// Who a completion is of: a physician, or a REMS learner by the provider's own ID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Person {
    Physician(PhysicianId),
    Rems(String),
}

/// The completions that these credits are of, each with its provider.
pub async fn of_credits(tx: &mut ReadTx, credits: &[CreditId]) -> Result<Vec<(CompletionId, ProviderId)>> {
    let ids: Vec<Uuid> = credits.iter().map(|id| id.as_uuid()).collect();
    let rows = among!(
        tx,
        (Uuid, String),
        in "select distinct k.completion_id, k.provider_id from credit c
            join completion k on k.completion_id = c.completion_id where c.credit_id in (",
        ids,
        ")"
    );
    let read = |(id, provider): (Uuid, String)| {
        Ok((CompletionId::new(id), parsed(&provider, at("completion", "provider_id", &id))?))
    };
    let mut found = rows.into_iter().map(read).collect::<Result<Vec<(CompletionId, ProviderId)>>>()?;
    // credits of one completion may have been asked for in two queries
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    physician_id: Uuid,
    ledger_key: Vec<u8>,
}

/// The commitment keys of physicians.
pub async fn person_keys(tx: &mut ReadTx, physicians: &[PhysicianId]) -> Result<HashMap<PhysicianId, [u8; 32]>> {
    let ids: Vec<Uuid> = physicians.iter().map(|id| id.as_uuid()).collect();
    let rows =
        among!(tx, KeyRow, in "select physician_id, ledger_key from physician where physician_id in (", ids, ")");
    rows.into_iter()
        .map(|row| {
            let id = PhysicianId::new(row.physician_id);
            let key = row.ledger_key.as_slice().try_into();
            Ok((id, key.map_err(|_| Error::corrupt("physician", "ledger_key", id))?))
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct CompletionRow {
    completion_id: Uuid,
    activity_id: String,
    provider_id: String,
    physician_id: Option<Uuid>,
    reported_physician_id: Option<Uuid>,
    completed_on: String,
    first_name: String,
    last_name: String,
    birth: String,
    state: String,
    learner_identifier: String,
    rems: Option<String>,
    person_key: Option<Vec<u8>>,
    submission_id: String,
    upload_id: Uuid,
    row_number: i64,
    reported_at: i64,
    withdrawn_at: Option<i64>,
}

impl TryFrom<CompletionRow> for NewCompletion {
    type Error = Error;

    fn try_from(row: CompletionRow) -> Result<Self> {
        let id = CompletionId::new(row.completion_id);
        let here = |column| at("completion", column, &id);
        let key = |bytes: Vec<u8>| bytes.as_slice().try_into().map_err(|_| here("person_key").error());
        Ok(Self {
            id,
            activity: parsed(&row.activity_id, here("activity_id"))?,
            provider: parsed(&row.provider_id, here("provider_id"))?,
            physician: row.physician_id.map(PhysicianId::new),
            reported_physician: row.reported_physician_id.map(PhysicianId::new),
            completed_on: parsed(&row.completed_on, here("completed_on"))?,
            first_name: row.first_name,
            last_name: row.last_name,
            birth: parsed_or_none(&row.birth, here("birth"))?,
            state: State::read(&row.state),
            learner_identifier: row.learner_identifier,
            rems: row.rems.as_deref().map(|rems| from_json(rems, here("rems"))).transpose()?,
            person_key: row.person_key.map(key).transpose()?,
            submission_id: row.submission_id,
            upload: UploadId::new(row.upload_id),
            row_number: row.row_number,
            reported_at: row.reported_at,
            withdrawn_at: row.withdrawn_at,
        })
    }
}

/// The scope's completions among these.
pub async fn find_many(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    completions: &[CompletionId],
) -> Result<Vec<NewCompletion>> {
    let ids: Vec<Uuid> = completions.iter().map(|id| id.as_uuid()).collect();
    let provider = scope.provider();
    let rows = among!(
        tx,
        CompletionRow,
        "select completion_id, activity_id, provider_id, physician_id, reported_physician_id, completed_on, first_name,
         last_name, birth, state, learner_identifier, rems, person_key, submission_id, upload_id, row_number, reported_at, withdrawn_at
         from completion where provider_id || '' = ",
        provider.as_str(),
        in " and completion_id in (",
        ids,
        ")"
    );
    rows.into_iter().map(NewCompletion::try_from).collect()
}
