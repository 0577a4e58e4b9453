//! A provider's completions found by name, learner ID, activity, days, destination and status, in order.
//!
//! A provider may have a million of them. The tally of credits says beforehand how many credits a condition leaves:
//! if few, those completions are looked up and sorted; if many, an index that has the list's order is read from its
//! beginning, where a page is soon full. `|| ''` and `+ 0` keep both databases to that choice.

use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind};
use domain::{ActivityId, CompletionId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Result;
use crate::physicians::keys;
use crate::question::{Question, Value};
use crate::tx::ReadTx;
use crate::values::date_text;

/// Counting stops here: nobody turns more pages.
pub const MOST_COUNTED: i64 = 10_000;

/// Credits that are sorted rather than read in order.
const FEW: i64 = 20_000;

/// Activities that words may stand for.
const MOST_ACTIVITIES: i64 = 200;

/// What to look for; everything empty means all that is not withdrawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The beginning of a last name, or last and first name.
    pub name: String,
    /// License number, NPI or the provider's own ID of a REMS learner, as it was reported.
    pub identifier: String,
    /// An activity's ID, or words that all stand in its title or internal ID.
    pub activity: String,
    pub completed_from: Option<Date>,
    pub completed_until: Option<Date>,
    /// Microseconds; the second is the first that is too late.
    pub reported_from: Option<i64>,
    pub reported_before: Option<i64>,
    /// With a credit for this destination.
    pub kind: Option<Kind>,
    /// With a credit in this state, for that destination if one is named.
    pub status: Option<CreditStatus>,
    /// Completions that were withdrawn as a whole, and only these.
    pub is_withdrawn: bool,
}

/// The order of a list; equal ones follow each other by ID in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    NewestReport,
    OldestReport,
    NewestCompletion,
    OldestCompletion,
    Name,
    NameBackwards,
}

impl Sort {
    /// The order, as the index has it or so that no index is used for it.
    fn sql(self, by_index: bool) -> &'static str {
        match (self, by_index) {
            (Sort::NewestReport, true) => "k.reported_at desc, k.completion_id desc",
            (Sort::NewestReport, false) => "k.reported_at + 0 desc, k.completion_id desc",
            (Sort::OldestReport, true) => "k.reported_at, k.completion_id",
            (Sort::OldestReport, false) => "k.reported_at + 0, k.completion_id",
            (Sort::NewestCompletion, true) => "k.completed_on desc, k.completion_id desc",
            (Sort::NewestCompletion, false) => "k.completed_on || '' desc, k.completion_id desc",
            (Sort::OldestCompletion, true) => "k.completed_on, k.completion_id",
            (Sort::OldestCompletion, false) => "k.completed_on || '', k.completion_id",
            (Sort::Name, _) => "k.name_key, k.completion_id",
            (Sort::NameBackwards, _) => "k.name_key desc, k.completion_id desc",
        }
    }
}

/// How the completions are come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// In the list's order.
    Order,
    /// By a key of their own: name, learner ID, withdrawn.
    Key,
    Activities,
    Days,
    /// By the activities and days that the tally names for a destination or status.
    Tally,
}

/// A search with what was found out for it.
struct Asked<'a> {
    search: &'a Search,
    activities: Option<Vec<String>>,
    way: Way,
}

/// The completions found, in order.
pub async fn search(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    search: &Search,
    sort: Sort,
    skip: i64,
    most: i64,
) -> Result<Vec<CompletionId>> {
    let asked = ask(tx, scope, search, sort).await?;
    if asked.activities.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let mut question = Question::new("select k.completion_id");
    push(&mut question, scope, &asked);
    question
        .push(&format!(" order by {} limit ? offset ?", sort.sql(asked.way == Way::Order)), [most.into(), skip.into()]);
    let rows = asked!(tx, (Uuid,), question)?;
    Ok(rows.into_iter().map(|(id,)| CompletionId::new(id)).collect())
}

/// How many are found; one more than [`MOST_COUNTED`] stands for more than that.
pub async fn count(tx: &mut ReadTx, scope: &ProviderScope, search: &Search) -> Result<i64> {
    let asked = ask(tx, scope, search, Sort::default()).await?;
    if asked.activities.as_ref().is_some_and(Vec::is_empty) {
        return Ok(0);
    }
    let mut question = Question::new("select count(*) from (select 1 as one");
    push(&mut question, scope, &asked);
    question.push(" limit ?) counted", [(MOST_COUNTED + 1).into()]);
    let rows = asked!(tx, (i64,), question)?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

async fn ask<'a>(tx: &mut ReadTx, scope: &ProviderScope, search: &'a Search, sort: Sort) -> Result<Asked<'a>> {
    let activities = activities(tx, scope, &search.activity).await?;
    if activities.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Asked { search, activities, way: Way::Activities }); // nothing fits, and nothing need be asked
    }
    let is_by_name = matches!(sort, Sort::Name | Sort::NameBackwards);
    let has_days = search.completed_from.is_some() || search.completed_until.is_some();
    let by_completion = matches!(sort, Sort::NewestCompletion | Sort::OldestCompletion);
    let way = if search.is_withdrawn || !search.identifier.is_empty() {
        Way::Key
    } else if !keys::name_range(&search.name).0.is_empty() {
        // its own index has the order of names
        if is_by_name { Way::Order } else { Way::Key }
    } else if let Some(ids) = &activities
        && is_few(tx, scope, search, Some(ids)).await?
    {
        Way::Activities
    } else if search.kind.is_some() || search.status.is_some() {
        if is_few(tx, scope, search, None).await? { Way::Tally } else { Way::Order }
    } else if has_days && !by_completion && is_few(tx, scope, search, None).await? {
        Way::Days
    } else {
        Way::Order
    };
    Ok(Asked { search, activities, way })
}

/// The activities that are meant; `None` for all.
async fn activities(tx: &mut ReadTx, scope: &ProviderScope, words: &str) -> Result<Option<Vec<String>>> {
    let words = words.trim();
    if words.is_empty() {
        return Ok(None);
    }
    if words.parse::<ActivityId>().is_ok() {
        return Ok(Some(vec![words.to_owned()]));
    }
    let mut question = Question::default();
    question.push("select activity_id from activity where provider_id = ?", [scope.provider().as_str().into()]);
    for word in words.split_whitespace().take(8) {
        let literal = word.to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        question.push(r" and search_key like ? escape '\'", [format!("%{literal}%").into()]);
    }
    question.push(" order by starts_on desc, activity_id desc limit ?", [MOST_ACTIVITIES.into()]);
    let rows = asked!(tx, (String,), question)?;
    Ok(Some(rows.into_iter().map(|(id,)| id).collect()))
}

/// Whether the tally knows of few credits with these days, destination, status and activities.
async fn is_few(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    search: &Search,
    activities: Option<&[String]>,
) -> Result<bool> {
    let mut question = Question::new("select cast(coalesce(sum(credits), 0) as bigint) from credit_tally");
    push_tally(&mut question, scope, search);
    if let Some(ids) = activities {
        push_among(&mut question, "activity_id", ids);
    }
    let rows = asked!(tx, (i64,), question)?;
    Ok(rows.first().is_none_or(|(credits,)| *credits <= FEW))
}

fn push_tally(question: &mut Question, scope: &ProviderScope, search: &Search) {
    question.push(" where provider_id = ? and credits > 0", [scope.provider().as_str().into()]);
    push_days(question, "completed_on", search);
    if let Some(kind) = search.kind {
        question.push(" and kind = ?", [kind.key().into()]);
    }
    if let Some(status) = search.status {
        question.push(" and status = ?", [status.code().into()]);
    }
}

fn push_days(question: &mut Question, column: &str, search: &Search) {
    if let Some(day) = search.completed_from {
        question.push(&format!(" and {column} >= ?"), [date_text(day).into()]);
    }
    if let Some(day) = search.completed_until {
        question.push(&format!(" and {column} <= ?"), [date_text(day).into()]);
    }
}

fn push_among(question: &mut Question, column: &str, values: &[String]) {
    let places = vec!["?"; values.len()].join(", ");
    question.push(&format!(" and {column} in ({places})"), values.iter().map(|value| Value::from(value.as_str())));
}

/// From where, and all conditions.
fn push(question: &mut Question, scope: &ProviderScope, asked: &Asked<'_>) {
    let search = asked.search;
    let provider: Value = scope.provider().as_str().into();
    if asked.way == Way::Tally {
        question.push(" from (select distinct activity_id, completed_on from credit_tally", []);
        push_tally(question, scope, search);
        question.push(
            ") t cross join completion k where k.activity_id = t.activity_id and k.completed_on = t.completed_on",
            [],
        );
    } else {
        question.push(" from completion k where true", []);
    }
    let by_provider = matches!(asked.way, Way::Order | Way::Key | Way::Days);
    question.push(if by_provider { " and k.provider_id = ?" } else { " and k.provider_id || '' = ?" }, [provider]);
    question
        .push(if search.is_withdrawn { " and k.withdrawn_at is not null" } else { " and k.withdrawn_at is null" }, []);
    let (from, before) = keys::name_range(&search.name);
    if !from.is_empty() {
        question.push(" and k.name_key >= ? and k.name_key < ?", [from.into(), before.into()]);
    }
    if !search.identifier.is_empty() {
        question.push(" and k.learner_identifier = ?", [search.identifier.as_str().into()]);
    }
    if let Some(ids) = &asked.activities {
        push_among(question, if asked.way == Way::Activities { "k.activity_id" } else { "k.activity_id || ''" }, ids);
    }
    push_days(question, "k.completed_on", search);
    for (compare, at) in [(">=", search.reported_from), ("<", search.reported_before)] {
        if let Some(at) = at {
            question.push(&format!(" and k.reported_at {compare} ?"), [at.into()]);
        }
    }
    if search.kind.is_some() || search.status.is_some() {
        let live = if search.is_withdrawn { "" } else { " and c.withdrawn_at is null" };
        question.push(
            &format!(
                " and exists (select 1 from credit c where c.completion_id = k.completion_id
            and c.derived_from is null{live}"
            ),
            [],
        );
        if let Some(kind) = search.kind {
            question.push(" and c.kind = ?", [kind.key().into()]);
        }
        if let Some(status) = search.status {
            question.push(" and c.status = ?", [status.code().into()]);
        }
        question.push(")", []);
    }
}
