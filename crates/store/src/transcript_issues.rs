//! Issued transcripts: what each was made from, found again by the code printed on it.
//!
//! An issue cites its credits with their status at that time. Whether they still stand is asked of
//! the credits themselves, so a paper never vouches for what was withdrawn after it was printed.

use domain::credit::{CreditStatus, Kind};
use domain::transcript::{Filter, Total};
use domain::{Amount, CompletionId, CreditId, PhysicianId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Result;
use crate::transcripts::Record;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, from_json, json, parsed, word};

/// A credit as a transcript cites it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    pub credit: CreditId,
    pub status: CreditStatus,
}

/// One issued transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Twelve characters without dashes.
    pub code: String,
    pub physician: PhysicianId,
    pub issued_at: i64,
    /// Who had it issued: as `domain::access::Seat::kind`, or another word for a reader without a seat.
    pub issued_by_kind: String,
    pub filter: Filter,
    pub cited: Vec<Cited>,
    pub totals: Vec<Total>,
    /// How many leaves the ledger had.
    pub ledger_size: i64,
}

#[derive(Serialize, Deserialize)]
struct StoredTotal {
    label: String,
    amount: Amount,
}

#[derive(sqlx::FromRow)]
struct IssueRow {
    code: String,
    physician_id: Uuid,
    issued_at: i64,
    issued_by_kind: String,
    completed_from: Option<String>,
    completed_until: Option<String>,
    kind: Option<String>,
    provider_id: Option<String>,
    completion_id: Option<Uuid>,
    credits: String,
    totals: String,
    ledger_size: i64,
}

impl TryFrom<IssueRow> for Issue {
    type Error = crate::Error;

    fn try_from(row: IssueRow) -> Result<Self> {
        let here = |column| at("transcript_issue", column, &row.code);
        let date = |text: &Option<String>, column| text.as_deref().map(|text| parsed(text, here(column))).transpose();
        let kind = row.kind.as_deref().map(|kind| word(Kind::read(kind), here("kind"))).transpose()?;
        let totals: Vec<StoredTotal> = from_json(&row.totals, here("totals"))?;
        Ok(Self {
            physician: PhysicianId::new(row.physician_id),
            issued_at: row.issued_at,
            filter: Filter {
                from: date(&row.completed_from, "completed_from")?,
                until: date(&row.completed_until, "completed_until")?,
                kind,
                provider: row.provider_id.as_deref().map(|id| parsed(id, here("provider_id"))).transpose()?,
                completion: row.completion_id.map(CompletionId::new),
            },
            cited: from_json(&row.credits, here("credits"))?,
            totals: totals.into_iter().map(|total| Total { label: total.label, amount: total.amount }).collect(),
            ledger_size: row.ledger_size,
            issued_by_kind: row.issued_by_kind,
            code: row.code,
        })
    }
}

pub async fn insert(tx: &mut WriteTx, issue: &Issue) -> Result<()> {
    let totals: Vec<StoredTotal> =
        issue.totals.iter().map(|total| StoredTotal { label: total.label.clone(), amount: total.amount }).collect();
    exec!(
        tx,
        "insert into transcript_issue (code, physician_id, issued_at, issued_by_kind, completed_from, completed_until,
         kind, provider_id, completion_id, credits, totals, ledger_size)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &issue.code,
        issue.physician.as_uuid(),
        issue.issued_at,
        &issue.issued_by_kind,
        issue.filter.from.map(date_text),
        issue.filter.until.map(date_text),
        issue.filter.kind.map(|kind| kind.key().to_owned()),
        issue.filter.provider.map(|provider| provider.to_string()),
        issue.filter.completion.map(CompletionId::as_uuid),
        json(&issue.cited)?,
        json(&totals)?,
        issue.ledger_size,
    )?;
    Ok(())
}

/// The newest issue of a record for the same kind of reader (as [`Issue::issued_by_kind`]) and the same filter.
pub async fn newest(tx: &mut ReadTx, record: &Record, reader: &str, filter: &Filter) -> Result<Option<Issue>> {
    let row = maybe!(
        tx,
        IssueRow,
        "select * from transcript_issue
         where physician_id = $1 and issued_by_kind = $2 and coalesce(completed_from, '') = $3
           and coalesce(completed_until, '') = $4 and coalesce(kind, '') = $5 and coalesce(provider_id, '') = $6
           and coalesce(completion_id, $8) = coalesce($7, $8)
         order by issued_at desc, code limit 1",
        record.physician().as_uuid(),
        reader,
        filter.from.map(date_text).unwrap_or_default(),
        filter.until.map(date_text).unwrap_or_default(),
        filter.kind.map(|kind| kind.key().to_owned()).unwrap_or_default(),
        filter.provider.map(|provider| provider.to_string()).unwrap_or_default(),
        filter.completion.map(CompletionId::as_uuid),
        Uuid::nil(),
    )?;
    row.map(Issue::try_from).transpose()
}

/// The issue behind a code. Needs no scope: whoever holds the paper may ask whether it stands.
pub async fn find(tx: &mut ReadTx, code: &str) -> Result<Option<Issue>> {
    maybe!(tx, IssueRow, "select * from transcript_issue where code = $1", code)?.map(Issue::try_from).transpose()
}

/// What became of a cited credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub credit: CreditId,
    pub status: CreditStatus,
    pub is_withdrawn: bool,
    /// Whose it is today.
    pub physician: Option<PhysicianId>,
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    credit_id: Uuid,
    status: String,
    withdrawn_at: Option<i64>,
    physician_id: Option<Uuid>,
}

/// How the cited credits stand today, in no particular order.
pub async fn standings(tx: &mut ReadTx, cited: &[Cited]) -> Result<Vec<Standing>> {
    let ids: Vec<Uuid> = cited.iter().map(|cited| cited.credit.as_uuid()).collect();
    let rows = among!(
        tx,
        StandingRow,
        in "select c.credit_id, c.status, c.withdrawn_at, k.physician_id
            from credit c join completion k on k.completion_id = c.completion_id where c.credit_id in (",
        ids,
        ")"
    );
    rows.into_iter()
        .map(|row| {
            let credit = CreditId::new(row.credit_id);
            let status = word(CreditStatus::read(&row.status), at("credit", "status", &credit))?;
            let physician = row.physician_id.map(PhysicianId::new);
            Ok(Standing { credit, status, is_withdrawn: row.withdrawn_at.is_some(), physician })
        })
        .collect()
}

/// The names behind an issue, for the initials on the page that verifies it: first and last.
pub async fn names(tx: &mut ReadTx, issue: &Issue) -> Result<Option<(String, String)>> {
    maybe!(
        tx,
        (String, String),
        "select first_name, last_name from physician where physician_id = $1",
        issue.physician.as_uuid()
    )
}

/// Cited credits that were withdrawn while another of the same kind stands for the same completion: corrected by
/// deleting and adding.
pub async fn replaced(tx: &mut ReadTx, cited: &[Cited]) -> Result<Vec<CreditId>> {
    let ids: Vec<Uuid> = cited.iter().map(|cited| cited.credit.as_uuid()).collect();
    let rows = among!(
        tx,
        (Uuid,),
        in "select distinct o.credit_id
            from credit o
            join completion was on was.completion_id = o.completion_id
            join completion c on c.physician_id = was.physician_id and c.activity_id = was.activity_id
                             and c.completed_on = was.completed_on and c.withdrawn_at is null
            join credit n on n.completion_id = c.completion_id and n.kind = o.kind and n.withdrawn_at is null
            where o.withdrawn_at is not null and o.credit_id in (",
        ids,
        ")"
    );
    Ok(rows.into_iter().map(|(id,)| CreditId::new(id)).collect())
}

/// What a certificate is about: title, provider's name and completion date, also of a completion that was withdrawn.
pub async fn certified(tx: &mut ReadTx, issue: &Issue) -> Result<Option<(String, String, Date)>> {
    let Some(completion) = issue.filter.completion else { return Ok(None) };
    let row = maybe!(
        tx,
        (String, String, String),
        "select a.title, p.name, c.completed_on
         from completion c
         join activity a on a.activity_id = c.activity_id
         join provider p on p.provider_id = c.provider_id
         where c.completion_id = $1",
        completion.as_uuid(),
    )?;
    row.map(|(title, provider, day)| {
        Ok((title, provider, parsed(&day, at("completion", "completed_on", &completion))?))
    })
    .transpose()
}
