//! The outbox read in order: what happened since an event that the reader knows, for a provider or for a
//! certifying board. Each credit is given as it stands now, so that who reads late reads the truth.

use domain::access::{CertifyingBoardScope, ProviderScope};
use domain::credit::{CreditStatus, Kind};
use domain::{ActivityId, Amount, Board, CreditId, MonthDay, ProviderId, UploadId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::counters::{self, Counter};
use crate::error::Result;
use crate::events::EventKind;
use crate::tx::ReadTx;
use crate::values::{at, from_json, parsed, parsed_or_none, word};

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub seq: i64,
    pub kind: EventKind,
    pub at: i64,
    pub provider: ProviderId,
    pub board: Option<Board>,
    pub upload: Option<UploadId>,
    pub credit: Option<Subject>,
}

/// The credit that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: CreditId,
    pub kind: Kind,
    pub points: Amount,
    /// Tags over the same points.
    pub types: Vec<(String, Amount)>,
    pub status: CreditStatus,
    pub reason: String,
    pub standing: Standing,
    pub activity: ActivityId,
    pub title: String,
    pub provider_name: String,
    pub completed_on: Date,
    /// As the provider wrote them.
    pub first: String,
    pub last: String,
    pub birth: Option<MonthDay>,
    /// The sender's own key; empty if it gave none.
    pub submission_id: String,
    /// The board's own ID of the diplomate, from its roster; empty if it has none.
    pub diplomate_id: String,
}

/// Whether a credit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Counts,
    Withdrawn,
    /// Another record of the same person has it too.
    SetAside,
}

impl Standing {
    pub fn code(self) -> &'static str {
        match self {
            Standing::Counts => "counts",
            Standing::Withdrawn => "withdrawn",
            Standing::SetAside => "set_aside",
        }
    }
}

#[derive(sqlx::FromRow)]
struct EventRow {
    event_seq: i64,
    kind: String,
    at: i64,
    provider_id: String,
    board: Option<String>,
    upload_id: Option<Uuid>,
    credit_id: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct SubjectRow {
    credit_id: Uuid,
    kind: String,
    amount: i64,
    types: String,
    status: String,
    reason: String,
    withdrawn_at: Option<i64>,
    is_set_aside: bool,
    activity_id: String,
    title: String,
    provider_name: String,
    completed_on: String,
    first_name: String,
    last_name: String,
    birth: String,
    submission_id: String,
    diplomate_id: String,
}

/// What the provider hears of behind event `seen` (-1: from the first on), oldest first, at most `most`.
/// Without kinds all of them.
pub async fn of_provider(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    kinds: &[EventKind],
    seen: i64,
    most: i64,
) -> Result<Vec<Event>> {
    let provider = scope.provider();
    let rows = all!(tx, EventRow, sqlx::AssertSqlSafe(events_of("provider_id", kinds)), provider.as_str(), seen, most)?;
    told(tx, rows).await
}

/// What the board hears of behind event `seen`, as for providers.
pub async fn of_board(
    tx: &mut ReadTx,
    scope: &CertifyingBoardScope,
    kinds: &[EventKind],
    seen: i64,
    most: i64,
) -> Result<Vec<Event>> {
    let board = scope.board();
    let rows = all!(tx, EventRow, sqlx::AssertSqlSafe(events_of("board", kinds)), board.code(), seen, most)?;
    told(tx, rows).await
}

/// The newest event of all; -1 before the first.
pub async fn newest(tx: &mut ReadTx) -> Result<i64> {
    Ok(counters::taken(tx, Counter::Event).await? - 1)
}

/// The statement for one reader's events. Its words are ours, none is a visitor's.
fn events_of(reader: &str, kinds: &[EventKind]) -> String {
    let words = kinds.iter().map(|kind| format!("'{}'", kind.code())).collect::<Vec<_>>().join(", ");
    let only = if words.is_empty() { String::new() } else { format!(" and kind in ({words})") };
    format!(
        "select event_seq, kind, at, provider_id, board, upload_id, credit_id from event
         where {reader} = $1 and event_seq > $2{only} order by event_seq limit $3"
    )
}

/// The events with their credits; a credit of several events is read once.
async fn told(tx: &mut ReadTx, rows: Vec<EventRow>) -> Result<Vec<Event>> {
    let mut credits: Vec<Uuid> = rows.iter().filter_map(|row| row.credit_id).collect();
    credits.sort_unstable();
    credits.dedup();
    let found = among!(
        tx,
        SubjectRow,
        in "select k.credit_id, k.kind, k.amount, k.types, k.status, k.reason, k.withdrawn_at,
                   m.merged_into is not null as is_set_aside,
                   c.activity_id, a.title, p.name as provider_name, c.completed_on, c.first_name, c.last_name, c.birth,
                   c.submission_id,
                   coalesce((select min(t.diplomate_id) from certification t
                             where t.physician_id = c.physician_id and t.board = k.kind), '') as diplomate_id
            from credit k
            join completion c on c.completion_id = k.completion_id
            join activity a on a.activity_id = c.activity_id
            join provider p on p.provider_id = c.provider_id
            left join physician m on m.physician_id = c.physician_id
            where k.credit_id in (", credits, ")"
    );
    let mut subjects = std::collections::HashMap::with_capacity(found.len());
    for row in found {
        subjects.insert(row.credit_id, Subject::try_from(row)?);
    }
    rows.into_iter()
        .map(|row| {
            Ok(Event {
                seq: row.event_seq,
                kind: word(EventKind::read(&row.kind), at("event", "kind", &row.event_seq))?,
                at: row.at,
                provider: parsed(&row.provider_id, at("event", "provider_id", &row.event_seq))?,
                board: match &row.board {
                    Some(board) => Some(word(Board::read(board), at("event", "board", &row.event_seq))?),
                    None => None,
                },
                upload: row.upload_id.map(UploadId::new),
                credit: row.credit_id.and_then(|credit| subjects.get(&credit).cloned()),
            })
        })
        .collect()
}

impl TryFrom<SubjectRow> for Subject {
    type Error = crate::Error;

    fn try_from(row: SubjectRow) -> Result<Self> {
        let id = CreditId::new(row.credit_id);
        let standing = match (row.withdrawn_at, row.is_set_aside) {
            (Some(_), _) => Standing::Withdrawn,
            (None, true) => Standing::SetAside,
            (None, false) => Standing::Counts,
        };
        Ok(Self {
            id,
            kind: word(Kind::read(&row.kind), at("credit", "kind", &id))?,
            points: Amount::new(row.amount),
            types: from_json(&row.types, at("credit", "types", &id))?,
            status: word(CreditStatus::read(&row.status), at("credit", "status", &id))?,
            reason: row.reason,
            standing,
            activity: parsed(&row.activity_id, at("completion", "activity_id", &id))?,
            title: row.title,
            provider_name: row.provider_name,
            completed_on: parsed(&row.completed_on, at("completion", "completed_on", &id))?,
            first: row.first_name,
            last: row.last_name,
            birth: parsed_or_none(&row.birth, at("completion", "birth", &id))?,
            submission_id: row.submission_id,
            diplomate_id: row.diplomate_id,
        })
    }
}
