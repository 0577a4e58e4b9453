//! Completions as their provider reported them, with what became of each credit: for lists, for a completion's own
//! page and for those who correct it.

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::credit::{Credit, CreditStatus, Kind};
use domain::report::RemsReport;
use domain::{ActivityId, Amount, CompletionId, CreditId, State, UploadId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::ReadTx;
use crate::values::{at, from_json, parsed, word};

/// A completion with its credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    pub id: CompletionId,
    pub first_name: String,
    pub last_name: String,
    /// `MM/DD`, or nothing.
    pub birth: String,
    /// Of the license.
    pub state: Option<State>,
    /// License number, NPI, or the provider's own ID of a REMS learner.
    pub identifier: String,
    pub rems: Option<RemsReport>,
    /// Whether it is linked to a physician.
    pub is_physician: bool,
    pub activity: ActivityId,
    pub title: String,
    pub completed_on: Date,
    pub reported_at: i64,
    pub withdrawn_at: Option<i64>,
    pub submission_id: String,
    pub upload: UploadId,
    pub row_number: i64,
    /// By destination, withdrawn ones last.
    pub credits: Vec<Reported>,
}

/// What one destination was told, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    pub id: CreditId,
    pub kind: Kind,
    pub amount: Amount,
    /// Tags over the same points.
    pub types: Vec<(String, Amount)>,
    /// The learner's ID with the board, as it was reported.
    pub diplomate_id: String,
    pub status: CreditStatus,
    pub reason: String,
    pub is_derived: bool,
    pub reported_at: i64,
    /// When the board answered.
    pub decided_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
}

impl Reported {
    /// As transcripts show it.
    pub fn credit(&self) -> Credit {
        Credit {
            id: self.id,
            kind: self.kind,
            amount: self.amount,
            types: self.types.clone(),
            status: self.status,
            reason: self.reason.clone(),
            is_derived: self.is_derived,
        }
    }
}

impl Learner {
    pub fn live(&self) -> impl Iterator<Item = &Reported> {
        self.credits.iter().filter(|credit| credit.withdrawn_at.is_none())
    }

    /// What a list shows: live credits, or what went with a completion that was withdrawn.
    pub fn standing(&self) -> impl Iterator<Item = &Reported> {
        self.credits.iter().filter(|credit| credit.withdrawn_at == self.withdrawn_at)
    }
}

#[derive(sqlx::FromRow)]
struct LearnerRow {
    completion_id: Uuid,
    first_name: String,
    last_name: String,
    birth: String,
    state: String,
    learner_identifier: String,
    rems: Option<String>,
    is_physician: bool,
    activity_id: String,
    title: String,
    completed_on: String,
    reported_at: i64,
    withdrawn_at: Option<i64>,
    submission_id: String,
    upload_id: Uuid,
    row_number: i64,
}

impl TryFrom<LearnerRow> for Learner {
    type Error = Error;

    fn try_from(row: LearnerRow) -> Result<Self> {
        let id = CompletionId::new(row.completion_id);
        let here = |column| at("completion", column, &id);
        Ok(Self {
            id,
            first_name: row.first_name,
            last_name: row.last_name,
            birth: row.birth,
            state: State::read(&row.state),
            identifier: row.learner_identifier,
            rems: row.rems.as_deref().map(|rems| from_json(rems, here("rems"))).transpose()?,
            is_physician: row.is_physician,
            activity: parsed(&row.activity_id, here("activity_id"))?,
            title: row.title,
            completed_on: parsed(&row.completed_on, here("completed_on"))?,
            reported_at: row.reported_at,
            withdrawn_at: row.withdrawn_at,
            submission_id: row.submission_id,
            upload: UploadId::new(row.upload_id),
            row_number: row.row_number,
            credits: Vec::new(),
        })
    }
}

/// The scope's completions among these, in the order in which they are named.
pub async fn find_many(tx: &mut ReadTx, scope: &ProviderScope, ids: &[CompletionId]) -> Result<Vec<Learner>> {
    let provider = scope.provider();
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let rows = among!(
        tx,
        LearnerRow,
        "select k.completion_id, k.first_name, k.last_name, k.birth, k.state, k.learner_identifier, k.rems,
           k.physician_id is not null as is_physician, k.activity_id, a.title, k.completed_on, k.reported_at,
           k.withdrawn_at, k.submission_id, k.upload_id, k.row_number
         from completion k join activity a on a.activity_id = k.activity_id where k.provider_id || '' = ",
        provider.as_str(),
        in " and k.completion_id in (",
        uuids,
        ")"
    );
    let mut found: HashMap<CompletionId, Learner> = HashMap::with_capacity(rows.len());
    for row in rows {
        let learner = Learner::try_from(row)?;
        found.insert(learner.id, learner);
    }
    let uuids: Vec<Uuid> = found.keys().map(|id| id.as_uuid()).collect();
    for (completion, credit) in credits(tx, &uuids).await? {
        if let Some(learner) = found.get_mut(&completion) {
            learner.credits.push(credit);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// One completion of the scope.
pub async fn find(tx: &mut ReadTx, scope: &ProviderScope, id: CompletionId) -> Result<Option<Learner>> {
    Ok(find_many(tx, scope, &[id]).await?.into_iter().next())
}

#[derive(sqlx::FromRow)]
struct CreditRow {
    credit_id: Uuid,
    completion_id: Uuid,
    kind: String,
    amount: i64,
    types: String,
    diplomate_id: String,
    status: String,
    reason: String,
    derived_from: Option<Uuid>,
    reported_at: i64,
    decided_at: Option<i64>,
    withdrawn_at: Option<i64>,
}

async fn credits(tx: &mut ReadTx, completions: &[Uuid]) -> Result<Vec<(CompletionId, Reported)>> {
    let mut rows = among!(
        tx,
        CreditRow,
        in "select c.credit_id, c.completion_id, c.kind, c.amount, c.types, c.diplomate_id, c.status, c.reason,
              c.derived_from, c.reported_at, c.withdrawn_at,
              (select max(l.at) from ledger_leaf l where l.credit_id = c.credit_id and l.event = 'decide') as decided_at
            from credit c where c.completion_id in (",
        completions,
        ")"
    );
    rows.sort_by(|a, b| {
        let place = |row: &CreditRow| (row.withdrawn_at.is_some(), destination(&row.kind));
        place(a).cmp(&place(b)).then_with(|| (&a.kind, a.reported_at).cmp(&(&b.kind, b.reported_at)))
    });
    rows.into_iter()
        .map(|row| {
            let id = CreditId::new(row.credit_id);
            let credit = Reported {
                id,
                kind: word(Kind::read(&row.kind), at("credit", "kind", &id))?,
                amount: Amount::new(row.amount),
                types: from_json(&row.types, at("credit", "types", &id))?,
                diplomate_id: row.diplomate_id,
                status: word(CreditStatus::read(&row.status), at("credit", "status", &id))?,
                reason: row.reason,
                is_derived: row.derived_from.is_some(),
                reported_at: row.reported_at,
                decided_at: row.decided_at,
                withdrawn_at: row.withdrawn_at,
            };
            Ok((CompletionId::new(row.completion_id), credit))
        })
        .collect()
}

/// CME first, then the boards by their codes, REMS last.
fn destination(kind: &str) -> u8 {
    match kind {
        "CME" => 0,
        "REMS" => 2,
        _ => 1,
    }
}

/// What took a completion back, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    pub at: i64,
    pub by: String,
    pub upload: UploadId,
    /// What was done on a page, in the upload's word; empty for a file.
    pub act: String,
    /// Empty for what was done on a page.
    pub file_name: String,
    pub row_number: i64,
    /// What the same act on a page reported in its place, if it did: itself, where only credits changed.
    pub became: Option<CompletionId>,
}

#[derive(sqlx::FromRow)]
struct TakenRow {
    at: i64,
    submitted_by_name: String,
    upload_id: Uuid,
    act: String,
    file_name: String,
    row_number: i64,
    became: Option<Uuid>,
}

/// Every row that took something of a completion back, in order.
pub async fn taken_back(tx: &mut ReadTx, scope: &ProviderScope, id: CompletionId) -> Result<Vec<TakenBack>> {
    let rows = all!(
        tx,
        TakenRow,
        "select coalesce(r.corrected_at, u.finished_at, u.received_at) as at, u.submitted_by_name, u.upload_id,
           case when u.source = 'form' then u.file_format else '' end as act, u.file_name, r.row_number,
           case when u.source = 'form' then (select n.completion_id from upload_row n
             where n.upload_id = u.upload_id and n.row_number > r.row_number and n.result <> 'deleted'
             order by n.row_number limit 1) end as became
         from upload_row r join upload u on u.upload_id = r.upload_id
         where r.completion_id = $1 and r.result = 'deleted' and u.provider_id = $2
         order by 1, u.upload_id, r.row_number",
        id.as_uuid(),
        scope.provider().as_str(),
    )?;
    let one = |row: TakenRow| TakenBack {
        at: row.at,
        by: row.submitted_by_name,
        upload: UploadId::new(row.upload_id),
        act: row.act,
        file_name: row.file_name,
        row_number: row.row_number,
        became: row.became.map(CompletionId::new),
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The completion that this one took the place of, on a page.
pub async fn took_place_of(tx: &mut ReadTx, scope: &ProviderScope, id: CompletionId) -> Result<Option<CompletionId>> {
    let row = maybe!(
        tx,
        (Uuid,),
        "select r.completion_id from completion k
           join upload u on u.upload_id = k.upload_id and u.source = 'form'
           join upload_row r on r.upload_id = k.upload_id and r.result = 'deleted'
             and r.row_number < k.row_number and r.completion_id <> k.completion_id
         where k.completion_id = $1 and k.provider_id = $2 order by r.row_number desc limit 1",
        id.as_uuid(),
        scope.provider().as_str(),
    )?;
    Ok(row.map(|(id,)| CompletionId::new(id)))
}
