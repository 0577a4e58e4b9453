//! What cases look up: activities by what is public of them, rows that a provider sent and that were refused, and what
//! a provider reported of a person.
//!
//! Activities are found past or not displayed too, since people took part in those; of each only title, provider and
//! dates are given out, and drafts are not found.

use domain::access::{PhysicianScope, ProviderScope};
use domain::{ActivityId, Amount, CompletionId, PhysicianId, Problem, ProviderId, UploadId};
use jiff::civil::Date;
use uuid::Uuid;

use super::Case;
use crate::error::Result;
use crate::question::{Question, Value};
use crate::tx::ReadTx;
use crate::values::{at, date_text, from_json, parsed};

/// What everybody may know of an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    pub id: ActivityId,
    pub title: String,
    pub provider: ProviderId,
    pub provider_name: String,
    pub starts_on: Date,
    pub ends_on: Date,
}

#[derive(sqlx::FromRow)]
struct PublicRow {
    activity_id: String,
    title: String,
    provider_id: String,
    provider_name: String,
    starts_on: String,
    ends_on: String,
}

impl TryFrom<PublicRow> for Public {
    type Error = crate::Error;

    fn try_from(row: PublicRow) -> Result<Self> {
        let here = |column| at("activity", column, &row.activity_id);
        Ok(Self {
            id: parsed(&row.activity_id, here("activity_id"))?,
            provider: parsed(&row.provider_id, here("provider_id"))?,
            starts_on: parsed(&row.starts_on, here("starts_on"))?,
            ends_on: parsed(&row.ends_on, here("ends_on"))?,
            title: row.title,
            provider_name: row.provider_name,
        })
    }
}

const PUBLIC: &str = "select a.activity_id, a.title, a.provider_id, p.name as provider_name, a.starts_on, a.ends_on
                      from activity a join provider p on p.provider_id = a.provider_id where a.stage <> 'draft'";

/// One activity that is no draft.
pub async fn public(tx: &mut ReadTx, _scope: &PhysicianScope, id: ActivityId) -> Result<Option<Public>> {
    let mut question = Question::new(PUBLIC);
    question.push(" and a.activity_id = ?", [id.as_str().into()]);
    asked!(tx, PublicRow, question)?.pop().map(Public::try_from).transpose()
}

/// Activities that ran on a day, by words. `words` are letters and digits in lower case; each must stand in the title or
/// name the activity or one of its providers, whose ids come with it.
pub async fn find_public(
    tx: &mut ReadTx,
    _scope: &PhysicianScope,
    day: Date,
    provider: Option<ProviderId>,
    words: &[(String, Vec<ProviderId>)],
    most: i64,
) -> Result<Vec<Public>> {
    let mut question = Question::new(PUBLIC);
    question.push(" and a.ends_on >= ? and a.starts_on <= ?", [date_text(day).into(), date_text(day).into()]);
    if let Some(provider) = provider {
        question.push(" and a.provider_id = ?", [provider.as_str().into()]);
    }
    for (word, providers) in words {
        let mut values: Vec<Value> = vec![format!("%{word}%").into(), word.as_str().into()];
        values.extend(providers.iter().map(|provider| Value::from(provider.as_str())));
        let places = vec!["?"; providers.len()].join(", ");
        let or_provider = if providers.is_empty() { String::new() } else { format!(" or a.provider_id in ({places})") };
        question.push(&format!(" and (a.title_key like ? or a.activity_id = ?{or_provider})"), values);
    }
    question.push(" order by a.starts_on desc, a.activity_id limit ?", [most.into()]);
    asked!(tx, PublicRow, question)?.into_iter().map(Public::try_from).collect()
}

/// A row that was refused, with what is needed to read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    pub upload: UploadId,
    pub row: i64,
    pub received_at: i64,
    /// Of the upload (JSON).
    pub header: String,
    pub cells: Vec<String>,
    pub problems: Vec<Problem>,
}

#[derive(sqlx::FromRow)]
struct RefusedRecord {
    upload_id: Uuid,
    row_number: i64,
    received_at: i64,
    header: String,
    cells: String,
    problems: Option<String>,
}

/// Refused rows of a provider since a time in which one of these texts stands, in lower case; the newest first.
pub async fn refused_rows(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    since: i64,
    texts: &[String],
    most: i64,
) -> Result<Vec<RefusedRow>> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let mut question = Question::new(
        "select r.upload_id, r.row_number, u.received_at, u.header, r.cells, r.problems
         from upload u join upload_row r on r.upload_id = u.upload_id
         where r.result = 'refused' and r.cells is not null and u.header is not null",
    );
    question.push(" and u.provider_id = ? and u.received_at >= ?", [scope.provider().as_str().into(), since.into()]);
    let any = vec!["lower(r.cells) like ?"; texts.len()].join(" or ");
    question.push(&format!(" and ({any})"), texts.iter().map(|text| Value::from(format!("%{text}%"))));
    question.push(" order by u.received_at desc, r.row_number limit ?", [most.into()]);
    asked!(tx, RefusedRecord, question)?
        .into_iter()
        .map(|record| {
            let here = |column| at("upload_row", column, &record.row_number);
            Ok(RefusedRow {
                upload: UploadId::new(record.upload_id),
                row: record.row_number,
                received_at: record.received_at,
                cells: from_json(&record.cells, here("cells"))?,
                problems: from_json(record.problems.as_deref().unwrap_or("[]"), here("problems"))?,
                header: record.header,
            })
        })
        .collect()
}

/// A live completion that a provider reported of a case's physician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    pub completion: CompletionId,
    pub activity: ActivityId,
    pub title: String,
    pub completed_on: Date,
    /// AMA PRA Category 1 Credits.
    pub amount: Amount,
}

#[derive(sqlx::FromRow)]
struct ReportedRow {
    completion_id: Uuid,
    activity_id: String,
    title: String,
    completed_on: String,
    amount: i64,
}

impl TryFrom<ReportedRow> for Reported {
    type Error = crate::Error;

    fn try_from(row: ReportedRow) -> Result<Self> {
        let here = |column| at("completion", column, &row.completion_id);
        Ok(Self {
            completion: CompletionId::new(row.completion_id),
            activity: parsed(&row.activity_id, here("activity_id"))?,
            completed_on: parsed(&row.completed_on, here("completed_on"))?,
            title: row.title,
            amount: Amount::new(row.amount),
        })
    }
}

macro_rules! reported {
    ($rest:literal) => {
        concat!(
            "select c.completion_id, c.activity_id, a.title, c.completed_on, cast(coalesce((select sum(k.amount)
             from credit k where k.completion_id = c.completion_id and k.kind = 'CME' and k.withdrawn_at is null), 0)
             as bigint) as amount
             from completion c join activity a on a.activity_id = c.activity_id ",
            $rest
        )
    };
}

/// What the provider itself reported of the case's physician, completed between two days; newest first.
pub async fn reported_for(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    physician: PhysicianId,
    from: Date,
    until: Date,
) -> Result<Vec<Reported>> {
    let rows = all!(
        tx,
        ReportedRow,
        reported!(
            "where c.physician_id = $1 and c.provider_id || '' = $2 and c.completed_on between $3 and $4
             and c.withdrawn_at is null order by c.completed_on desc, c.completion_id limit 50"
        ),
        physician.as_uuid(),
        scope.provider().as_str(),
        date_text(from),
        date_text(until),
    )?;
    rows.into_iter().map(Reported::try_from).collect()
}

/// A completion of the provider, if it counts and is this physician's.
pub async fn live_completion(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    physician: PhysicianId,
    id: CompletionId,
) -> Result<Option<Reported>> {
    let row = maybe!(
        tx,
        ReportedRow,
        reported!(
            "where c.completion_id = $1 and c.physician_id = $2 and c.provider_id = $3 and c.withdrawn_at is null"
        ),
        id.as_uuid(),
        physician.as_uuid(),
        scope.provider().as_str(),
    )?;
    row.map(Reported::try_from).transpose()
}

/// Whether a completion counts and is this physician's.
pub async fn is_of(tx: &mut ReadTx, id: CompletionId, physician: PhysicianId) -> Result<bool> {
    let (found,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from completion where completion_id = $1 and physician_id = $2 and withdrawn_at is null",
        id.as_uuid(),
        physician.as_uuid(),
    )?;
    Ok(found == 1)
}

/// What counts today of the credit that answered a case: the report itself, or the one in its place. `None`: it was
/// deleted, and nothing took its place.
pub async fn standing_completion(tx: &mut ReadTx, case: &Case) -> Result<Option<Reported>> {
    let (Some(id), Some(physician)) = (case.completion, super::person(tx, case).await?) else { return Ok(None) };
    let row = maybe!(
        tx,
        ReportedRow,
        reported!(
            "join completion was on was.completion_id = $1
             where c.physician_id = $2 and c.activity_id = was.activity_id and c.withdrawn_at is null
             and (c.completion_id = was.completion_id or was.withdrawn_at is not null)
             order by c.reported_at desc limit 1"
        ),
        id.as_uuid(),
        physician.as_uuid(),
    )?;
    row.map(Reported::try_from).transpose()
}
