//! A certifying board's credit: what providers reported to it, by the board's own answer.

use domain::access::CertifyingBoardScope;
use domain::credit::CreditStatus;
use domain::{ActivityId, Amount, CreditId, PhysicianId, ProviderId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Result;
use crate::physicians::keys;
use crate::question::Question;
use crate::tx::ReadTx;
use crate::values::{at, from_json, parsed, word};

/// Counting stops here: a board of many years has millions of accepted credits.
pub const MOST_COUNTED: i64 = 10_000;

/// One MOC credit as its board sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MocCredit {
    pub id: CreditId,
    pub physician: Option<PhysicianId>,
    /// As the provider wrote them.
    pub first: String,
    pub last: String,
    /// The board's own ID of the diplomate, from its roster; empty if it has none.
    pub diplomate_id: String,
    pub activity: ActivityId,
    pub title: String,
    pub provider: ProviderId,
    pub provider_name: String,
    pub points: Amount,
    /// Tags over the same points.
    pub types: Vec<(String, Amount)>,
    pub completed_on: Date,
    pub reported_at: i64,
    pub status: CreditStatus,
    pub reason: String,
}

#[derive(sqlx::FromRow)]
struct MocRow {
    credit_id: Uuid,
    physician_id: Option<Uuid>,
    first_name: String,
    last_name: String,
    diplomate_id: String,
    activity_id: String,
    title: String,
    provider_id: String,
    provider_name: String,
    amount: i64,
    types: String,
    completed_on: String,
    reported_at: i64,
    status: String,
    reason: String,
}

impl TryFrom<MocRow> for MocCredit {
    type Error = crate::Error;

    fn try_from(row: MocRow) -> Result<Self> {
        let id = CreditId::new(row.credit_id);
        Ok(Self {
            id,
            physician: row.physician_id.map(PhysicianId::new),
            first: row.first_name,
            last: row.last_name,
            diplomate_id: row.diplomate_id,
            activity: parsed(&row.activity_id, at("completion", "activity_id", &id))?,
            title: row.title,
            provider: parsed(&row.provider_id, at("completion", "provider_id", &id))?,
            provider_name: row.provider_name,
            points: Amount::new(row.amount),
            types: from_json(&row.types, at("credit", "types", &id))?,
            completed_on: parsed(&row.completed_on, at("completion", "completed_on", &id))?,
            reported_at: row.reported_at,
            status: word(CreditStatus::read(&row.status), at("credit", "status", &id))?,
            reason: row.reason,
        })
    }
}

/// The columns of [`MocRow`], with the conditions and order that follow. `kind <> 'CME'` says
/// nothing new, but lets both databases use the partial index. Credit that was set aside, because another
/// record of the same person has it too, stays with a merged record and is left out.
macro_rules! credits_where {
    ($rest:literal) => {
        concat!(
            "select k.credit_id, c.physician_id, c.first_name, c.last_name,
                    coalesce((select min(t.diplomate_id) from certification t
                              where t.physician_id = c.physician_id and t.board = k.kind), '') as diplomate_id,
                    c.activity_id, a.title, c.provider_id, p.name as provider_name, k.amount, k.types,
                    c.completed_on, k.reported_at, k.status, k.reason
             from credit k
             join completion c on c.completion_id = k.completion_id
             join activity a on a.activity_id = c.activity_id
             join provider p on p.provider_id = c.provider_id
             where k.kind <> 'CME' and k.withdrawn_at is null
               and not exists (select 1 from physician m
                               where m.physician_id = c.physician_id and m.merged_into is not null)
               and ",
            $rest
        )
    };
}

const WAITING_LONGEST: &str =
    credits_where!("k.kind = $1 and k.status = $2 order by k.reported_at, k.credit_id limit $3 offset $4");
const NEWEST: &str =
    credits_where!("k.kind = $1 and k.status = $2 order by k.reported_at desc, k.credit_id desc limit $3 offset $4");
const ONE: &str = credits_where!("k.credit_id = $1 and k.kind = $2");

/// Live credits of the board in one status: what is pending oldest first, since it waits; what was
/// decided newest first.
pub async fn list(
    tx: &mut ReadTx,
    scope: &CertifyingBoardScope,
    status: CreditStatus,
    limit: i64,
    offset: i64,
) -> Result<Vec<MocCredit>> {
    let board = scope.board();
    let code = board.code();
    let sql = if status == CreditStatus::Pending { WAITING_LONGEST } else { NEWEST };
    let rows = all!(tx, MocRow, sql, code, status.code(), limit, offset)?;
    rows.into_iter().map(MocCredit::try_from).collect()
}

/// What of the board's credit to look for; without any of it, all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Of one of these providers.
    pub providers: Option<Vec<ProviderId>>,
    pub activity: Option<ActivityId>,
    /// The beginning of a diplomate's last name in the registry, or of `Last First`; or an ID of the board's roster.
    pub diplomate: String,
}

impl Search {
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// Diplomates whom a search by name can mean.
const MOST_DIPLOMATES: i64 = 300;

/// As [`list`], of what is looked for.
pub async fn search(
    tx: &mut ReadTx,
    scope: &CertifyingBoardScope,
    status: CreditStatus,
    search: &Search,
    limit: i64,
    offset: i64,
) -> Result<Vec<MocCredit>> {
    if search.is_all() {
        return list(tx, scope, status, limit, offset).await;
    }
    let mut question = Question::new(credits_where!("true"));
    if !push(tx, &mut question, scope, status, search).await? {
        return Ok(Vec::new());
    }
    let order = if status == CreditStatus::Pending { "" } else { "desc" };
    question.push(
        &format!(" order by k.reported_at {order}, k.credit_id {order} limit ? offset ?"),
        [limit.into(), offset.into()],
    );
    let rows = asked!(tx, MocRow, question)?;
    rows.into_iter().map(MocCredit::try_from).collect()
}

/// How many are found; at most [`MOST_COUNTED`].
pub async fn count_found(
    tx: &mut ReadTx,
    scope: &CertifyingBoardScope,
    status: CreditStatus,
    search: &Search,
) -> Result<i64> {
    if search.is_all() {
        return count(tx, scope, status).await;
    }
    let mut question = Question::new("select count(*) from (");
    question.push(credits_where!("true"), []);
    if !push(tx, &mut question, scope, status, search).await? {
        return Ok(0);
    }
    question.push(" limit ?) counted", [MOST_COUNTED.into()]);
    let rows = asked!(tx, (i64,), question)?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

/// Adds the conditions. `false`: nothing can be found.
async fn push(
    tx: &mut ReadTx,
    question: &mut Question,
    scope: &CertifyingBoardScope,
    status: CreditStatus,
    search: &Search,
) -> Result<bool> {
    let board = scope.board();
    question.push(" and k.kind = ? and k.status = ?", [board.code().into(), status.code().into()]);
    if let Some(activity) = &search.activity {
        question.push(" and c.activity_id = ?", [activity.as_str().into()]);
    }
    if let Some(providers) = &search.providers {
        if providers.is_empty() {
            return Ok(false);
        }
        let places = vec!["?"; providers.len()].join(", ");
        let values = providers.iter().map(|provider| provider.as_str().into());
        question.push(&format!(" and c.provider_id in ({places})"), values);
    }
    if !search.diplomate.trim().is_empty() {
        let people = diplomates(tx, scope, search.diplomate.trim()).await?;
        if people.is_empty() {
            return Ok(false);
        }
        let places = vec!["?"; people.len()].join(", ");
        question.push(&format!(" and c.physician_id in ({places})"), people.into_iter().map(Into::into));
    }
    Ok(true)
}

async fn diplomates(tx: &mut ReadTx, scope: &CertifyingBoardScope, words: &str) -> Result<Vec<Uuid>> {
    let board = scope.board();
    let mut question = Question::new("select distinct physician_id from certification where");
    question.push(" board = ? and diplomate_id = ?", [board.code().into(), words.into()]);
    let mut found = asked!(tx, (Uuid,), question)?;
    let (from, before) = keys::name_range(words);
    if !from.is_empty() {
        let mut question = Question::new("select physician_id from physician where merged_into is null");
        question.push(" and name_key >= ? and name_key < ?", [from.into(), before.into()]);
        question.push(
            " and exists (select 1 from certification t where t.physician_id = physician.physician_id
               and t.board = ?) order by name_key limit ?",
            [board.code().into(), MOST_DIPLOMATES.into()],
        );
        found.extend(asked!(tx, (Uuid,), question)?);
    }
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// One answer of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub at: i64,
    pub status: CreditStatus,
    pub reason: String,
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    at: i64,
    status: String,
    reason: String,
}

/// The board's newest answers, for its statistics: at most so many and none before `since`, newest first.
pub async fn answers(tx: &mut ReadTx, scope: &CertifyingBoardScope, since: i64, most: i64) -> Result<Vec<Answer>> {
    let board = scope.board();
    let rows = all!(
        tx,
        AnswerRow,
        "select e.at, k.status, k.reason from (
           select event_seq, at, credit_id from event
           where board = $1 and kind = 'credit.decided' order by event_seq desc limit $3) e
         join credit k on k.credit_id = e.credit_id
         where e.at >= $2 and k.status <> 'pending' order by e.event_seq desc",
        board.code(),
        since,
        most,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Answer {
                at: row.at,
                status: word(CreditStatus::read(&row.status), at("credit", "status", &row.at))?,
                reason: row.reason,
            })
        })
        .collect()
}

/// One live credit of the board.
pub async fn find(tx: &mut ReadTx, scope: &CertifyingBoardScope, credit: CreditId) -> Result<Option<MocCredit>> {
    let board = scope.board();
    let code = board.code();
    let row = maybe!(tx, MocRow, ONE, credit.as_uuid(), code)?;
    row.map(MocCredit::try_from).transpose()
}

/// How many live credits of the board are in a status; at most [`MOST_COUNTED`].
pub async fn count(tx: &mut ReadTx, scope: &CertifyingBoardScope, status: CreditStatus) -> Result<i64> {
    let board = scope.board();
    let code = board.code();
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from (select 1 as one from credit k
         where k.kind <> 'CME' and k.kind = $1 and k.status = $2 and k.withdrawn_at is null
           and not exists (select 1 from completion c join physician m on m.physician_id = c.physician_id
                           where c.completion_id = k.completion_id and m.merged_into is not null)
         limit $3) as counted",
        code,
        status.code(),
        MOST_COUNTED,
    )?;
    Ok(count)
}
