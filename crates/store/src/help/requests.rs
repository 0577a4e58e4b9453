//! Requests to the accreditor's staff, by anybody: where each stands, who has it, and what happened.

use domain::access::StaffScope;
use domain::help::{RequestState, RequestStep, Topic};
use domain::{AccountId, HelpRequestId};
use uuid::Uuid;

use crate::counters::{self, Counter};
use crate::error::Result;
use crate::question::Question;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// The first number that is given out, less one: a number that people can say.
const BEFORE_THE_FIRST: i64 = 1_000;

/// A request as it comes in.
#[derive(Debug, Clone)]
pub struct NewRequest {
    pub id: HelpRequestId,
    pub topic: Topic,
    pub words: String,
    pub name: String,
    pub email: String,
    /// Who was signed in.
    pub account: Option<AccountId>,
    pub opened_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub id: HelpRequestId,
    /// What people call it.
    pub number: i64,
    pub topic: Topic,
    pub words: String,
    pub name: String,
    pub email: String,
    pub account: Option<AccountId>,
    pub state: RequestState,
    pub assigned_to: Option<AccountId>,
    pub assigned_name: String,
    pub opened_at: i64,
    pub answered_at: Option<i64>,
    /// Whoever changes it names the one that they saw.
    pub version: i64,
}

/// A line of a request's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub at: i64,
    pub step: RequestStep,
    pub author: String,
    pub words: String,
}

#[derive(Debug, Clone)]
pub struct NewLine<'a> {
    pub id: Uuid,
    pub at: i64,
    pub step: RequestStep,
    pub author: &'a str,
    pub words: &'a str,
}

/// Whose requests a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Owner {
    #[default]
    Anybody,
    Nobody,
    Account(AccountId),
}

/// How the requests of a list stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Nobody has answered them yet.
    #[default]
    Waiting,
    State(RequestState),
    Any,
}

/// Which requests of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub standing: Standing,
    pub topic: Option<Topic>,
    pub owner: Owner,
    /// Each must be in the number, name, address or words.
    pub words: String,
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    help_request_id: Uuid,
    number: i64,
    topic: String,
    words: String,
    name: String,
    email: String,
    account_id: Option<Uuid>,
    state: String,
    assigned_to: Option<Uuid>,
    assigned_name: Option<String>,
    opened_at: i64,
    answered_at: Option<i64>,
    version: i64,
}

impl TryFrom<RequestRow> for Request {
    type Error = crate::Error;

    fn try_from(row: RequestRow) -> Result<Self> {
        let id = row.help_request_id;
        let here = |column| at("help_request", column, &id);
        Ok(Self {
            id: HelpRequestId::new(id),
            number: row.number,
            topic: word(Topic::read(&row.topic), here("topic"))?,
            words: row.words,
            name: row.name,
            email: row.email,
            account: row.account_id.map(AccountId::new),
            state: word(RequestState::read(&row.state), here("state"))?,
            assigned_to: row.assigned_to.map(AccountId::new),
            assigned_name: row.assigned_name.unwrap_or_default(),
            opened_at: row.opened_at,
            answered_at: row.answered_at,
            version: row.version,
        })
    }
}

macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "select r.help_request_id, r.number, r.topic, r.words, r.name, r.email, r.account_id, r.state,
             r.assigned_to, a.name as assigned_name, r.opened_at, r.answered_at, r.version
             from help_request r left join account a on a.account_id = r.assigned_to ",
            $rest
        )
    };
}

/// Gives the request its number.
pub async fn insert_request(tx: &mut WriteTx, request: &NewRequest) -> Result<i64> {
    let number = counters::take(tx, Counter::HelpRequest, 1).await? + BEFORE_THE_FIRST + 1;
    let search_key = format!("{number} {} {} {}", request.name, request.email, request.words).to_lowercase();
    exec!(
        tx,
        "insert into help_request (help_request_id, number, topic, words, name, email, account_id, state, opened_at,
         search_key, version) values ($1, $2, $3, $4, $5, $6, $7, 'new', $8, $9, 1)",
        request.id.as_uuid(),
        number,
        request.topic.code(),
        request.words.as_str(),
        request.name.as_str(),
        request.email.as_str(),
        request.account.map(AccountId::as_uuid),
        request.opened_at,
        search_key,
    )?;
    Ok(number)
}

fn narrow(question: &mut Question, filter: &Filter) {
    match filter.standing {
        Standing::Waiting => question.push(" and r.state in ('new', 'in_hand')", []),
        Standing::State(state) => question.push(" and r.state = ?", [state.code().into()]),
        Standing::Any => {}
    }
    if let Some(topic) = filter.topic {
        question.push(" and r.topic = ?", [topic.code().into()]);
    }
    match filter.owner {
        Owner::Anybody => {}
        Owner::Nobody => question.push(" and r.assigned_to is null", []),
        Owner::Account(id) => question.push(" and r.assigned_to = ?", [id.as_uuid().into()]),
    }
    for word in filter.words.to_lowercase().split_whitespace().take(8) {
        let escaped = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        question.push(" and r.search_key like ? escape '!'", [format!("%{escaped}%").into()]);
    }
}

/// Requests that fit, and how many there are: new ones first, then what is in hand, the longest waiting first; what is
/// answered last, the newest first.
pub async fn list_requests(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    filter: &Filter,
    skip: i64,
    most: i64,
) -> Result<(Vec<Request>, i64)> {
    let mut counting = Question::new("select count(*) from help_request r where true");
    narrow(&mut counting, filter);
    let all = asked!(tx, (i64,), counting)?.first().map_or(0, |(count,)| *count);
    let mut listing = Question::new(requests!("where true"));
    narrow(&mut listing, filter);
    listing.push(
        " order by case r.state when 'new' then 0 when 'in_hand' then 1 else 2 end,
                   case when r.state = 'answered' then - r.answered_at else r.opened_at end,
                   r.number limit ? offset ?",
        [most.into(), skip.into()],
    );
    let found = asked!(tx, RequestRow, listing)?.into_iter().map(Request::try_from).collect::<Result<_>>()?;
    Ok((found, all))
}

/// How many requests nobody has answered yet.
pub async fn count_requests(tx: &mut ReadTx, _scope: &StaffScope) -> Result<i64> {
    let (count,): (i64,) = one!(tx, (i64,), "select count(*) from help_request where state in ('new', 'in_hand')")?;
    Ok(count)
}

pub async fn find_request(tx: &mut ReadTx, _scope: &StaffScope, id: HelpRequestId) -> Result<Option<Request>> {
    let row = maybe!(tx, RequestRow, requests!("where r.help_request_id = $1"), id.as_uuid())?;
    row.map(Request::try_from).transpose()
}

/// What somebody asked while signed in, the newest first.
pub async fn list_own_requests(tx: &mut ReadTx, account: AccountId) -> Result<Vec<Request>> {
    let rows = all!(
        tx,
        RequestRow,
        requests!("where r.account_id = $1 order by r.opened_at desc limit 200"),
        account.as_uuid(),
    )?;
    rows.into_iter().map(Request::try_from).collect()
}

/// `None`: no request, or somebody else's.
pub async fn find_own_request(tx: &mut ReadTx, account: AccountId, id: HelpRequestId) -> Result<Option<Request>> {
    let row = maybe!(
        tx,
        RequestRow,
        requests!("where r.help_request_id = $1 and r.account_id = $2"),
        id.as_uuid(),
        account.as_uuid(),
    )?;
    row.map(Request::try_from).transpose()
}

/// Writes down how a request stands now. `false`: somebody changed it meanwhile.
pub async fn change_request(tx: &mut WriteTx, _scope: &StaffScope, request: &Request) -> Result<bool> {
    let changed = exec!(
        tx,
        "update help_request set state = $3, assigned_to = $4, answered_at = $5, version = version + 1
         where help_request_id = $1 and version = $2",
        request.id.as_uuid(),
        request.version,
        request.state.code(),
        request.assigned_to.map(AccountId::as_uuid),
        request.answered_at,
    )?;
    Ok(changed == 1)
}

pub async fn add_line(tx: &mut WriteTx, id: HelpRequestId, line: &NewLine<'_>) -> Result<()> {
    exec!(
        tx,
        "insert into help_request_step (help_request_step_id, help_request_id, at, step, author, words)
         values ($1, $2, $3, $4, $5, $6)",
        line.id,
        id.as_uuid(),
        line.at,
        line.step.code(),
        line.author,
        line.words,
    )?;
    Ok(())
}

/// What happened to a request, the oldest first. Notes are for staff alone: whoever shows them to others leaves
/// those out.
pub async fn lines(tx: &mut ReadTx, id: HelpRequestId) -> Result<Vec<Line>> {
    let rows = all!(
        tx,
        (i64, String, String, String),
        "select at, step, author, words from help_request_step where help_request_id = $1
         order by at, help_request_step_id",
        id.as_uuid(),
    )?;
    rows.into_iter()
        .map(|(when, step, author, words)| {
            let step = word(RequestStep::read(&step), at("help_request_step", "step", &id))?;
            Ok(Line { at: when, step, author, words })
        })
        .collect()
}

/// Somebody of the accreditor's staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    pub account: AccountId,
    pub name: String,
}

/// The accreditor's staff by name, without disabled accounts.
pub async fn staff(tx: &mut ReadTx, _scope: &StaffScope) -> Result<Vec<Staff>> {
    let rows = all!(
        tx,
        (Uuid, String),
        "select a.account_id, a.name from seat s join account a on a.account_id = s.account_id
         where s.kind = 'accreditor' and a.disabled_at is null order by a.name, a.account_id",
    )?;
    Ok(rows.into_iter().map(|(id, name)| Staff { account: AccountId::new(id), name }).collect())
}
